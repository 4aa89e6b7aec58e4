//! What keys and clicks do in the log.

use super::MessageLog;
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::response::Response;
use crate::app::screens::view::select_or_close;
use crate::app::screens::{Level, View};
use crate::app::state::State;

impl View for MessageLog {
    fn layer(&self) -> Layer {
        Layer::List
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        matches!(action, Action::Open | Action::Back | Action::Leave).then(|| Response::close(Level::List))
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }

    fn click(&mut self, place: (u16, u16), state: &State) -> Response {
        select_or_close(&mut self.rows, place, state)
    }
}
