//! What keys do in the logs.

use tui_input::InputRequest;

use super::LogView;
use crate::app::action::{Action, Layer};
use crate::app::hit_map::Hit;
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::polling::Question;

impl View for LogView {
    fn layer(&self) -> Layer {
        if self.search.typing.is_some() { Layer::Search } else { Layer::Logs }
    }

    fn questions(&self) -> Vec<Question> {
        vec![Question::These(vec![self.source()])]
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        let is_typing = self.search.typing.is_some();
        match action {
            Action::Open | Action::Back if is_typing => self.end_search(action == Action::Open),
            Action::Back | Action::Leave => return Some(Response::close(Level::Logs).then(Step::Plan)),
            Action::Search => self.begin_search(),
            Action::NextMatch | Action::PreviousMatch => self.next_match(action == Action::NextMatch),
            Action::NextInstance | Action::PreviousInstance => {
                if let Some(sample) = state.logs.of(&self.key) {
                    self.turn(sample, action == Action::NextInstance);
                }
            }
            Action::SaveLogs => return Some(self.save(state)),
            Action::Refresh => self.wants = Some(state.now),
            _ => return None,
        }
        Some(Response::none())
    }

    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        self.type_search(request);
        Response::none()
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }

    fn move_by(&mut self, rows: isize, _state: &State) -> Response {
        self.rows.scroll_by(rows);
        Response::none()
    }

    fn fit(&mut self, hit: &Hit) {
        self.fit_area(hit.area);
    }
}
