//! What is typed into the filter.

use tui_input::InputRequest;

use super::FilterField;
use crate::app::action::{Action, Layer};
use crate::app::response::{Response, Step};
use crate::app::screens::fleet::FleetChange;
use crate::app::screens::{Level, View};
use crate::app::state::State;

impl View for FilterField {
    fn layer(&self) -> Layer {
        Layer::Text
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        let close = Response::close(Level::Field);
        match action {
            Action::Open => Some(close),
            Action::Back => Some(close.then(Step::Arrange(FleetChange::Filter(String::new())))),
            _ => None,
        }
    }

    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        self.input.handle(request);
        Response::step(Step::Arrange(FleetChange::Filter(self.input.value().to_owned())))
    }
}
