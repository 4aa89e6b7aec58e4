//! What keys and clicks do in the list of load balancers without an environment.

use super::UnownedBalancers;
use crate::app::action::{Action, Layer};
use crate::app::hit_map::Pane;
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::polling::Question;

impl View for UnownedBalancers {
    fn layer(&self) -> Layer {
        Layer::List
    }

    fn questions(&self) -> Vec<Question> {
        self.balancers.iter().cloned().map(Question::Balancer).collect()
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        let closes = matches!(action, Action::Open | Action::Back | Action::Leave);
        closes.then(|| Response::close(Level::List).then(Step::Plan))
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }

    /// It is a text: nothing in it is selected.
    fn move_by(&mut self, rows: isize, _state: &State) -> Response {
        self.rows.scroll_by(rows);
        Response::none()
    }

    /// A click beside it closes it.
    fn click(&mut self, (x, y): (u16, u16), state: &State) -> Response {
        match state.terminal.hit_map.line_at(Pane::List, x, y) {
            Some(_) => Response::none(),
            None => Response::close(Level::List).then(Step::Plan),
        }
    }
}
