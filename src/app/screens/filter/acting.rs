//! What is typed into the filter.

use tui_input::InputRequest;

use super::{FilterField, FilterSubject};
use crate::app::action::{Action, Layer};
use crate::app::response::{Response, Step};
use crate::app::screens::fleet::FleetChange;
use crate::app::screens::{Level, View};
use crate::app::state::State;

impl FilterField {
    /// Shows what contains these words.
    fn show(&self, words: &str) -> Step {
        match self.subject {
            FilterSubject::Fleet => Step::Arrange(FleetChange::Filter(words.to_owned())),
            FilterSubject::FleetEvents => Step::FilterEvents(words.to_owned()),
            FilterSubject::Settings => Step::FilterSettings(words.to_owned()),
        }
    }
}

impl View for FilterField {
    fn layer(&self) -> Layer {
        Layer::Text
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        let close = Response::close(Level::Field);
        match action {
            Action::Open => Some(close),
            Action::Back => Some(close.then(self.show(""))),
            _ => None,
        }
    }

    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        self.input.handle(request);
        Response::step(self.show(self.input.value()))
    }
}
