//! What keys do in the form of a probe.

use tui_input::InputRequest;

use super::ProbeForm;
use crate::app::action::{Action, Layer};
use crate::app::response::{Response, Step};
use crate::app::screens::probe::{ProbeRun, ProbeView};
use crate::app::screens::view::line_of_form;
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::polling::Question;

impl ProbeForm {
    /// Begins the probe, if the fields make one.
    fn submit(&mut self, state: &State) -> Response {
        self.check(state);
        let Some(environment) = state.snapshot().environment(&self.environment) else {
            return Response::close(Level::Dialog).and_notice("this environment is not listed any more");
        };
        match (self.options(), &self.planned) {
            (Ok(options), Ok(target)) => {
                let run = ProbeRun::new(options, (**target).clone(), state.now);
                ProbeView::begin(state, environment, run)
            }
            (_, Err((field, why))) => {
                let field = field.map(|field| format!("{}: ", field.name())).unwrap_or_default();
                Response::notice(format!("{field}{why}"))
            }
            (Err((field, why)), _) => Response::notice(format!("{}: {why}", field.name())),
        }
    }
}

impl View for ProbeForm {
    fn layer(&self) -> Layer {
        Layer::Form
    }

    fn questions(&self) -> Vec<Question> {
        vec![Question::Settings(self.environment.clone())]
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => return Some(self.submit(state)),
            Action::Back => return Some(Response::close(Level::Dialog).then(Step::Plan)),
            Action::PickDown | Action::NextField => self.move_to(1),
            Action::PickUp | Action::PreviousField => self.move_to(-1),
            _ => return None,
        }
        Some(Response::none())
    }

    fn edit(&mut self, request: InputRequest, state: &State) -> Response {
        self.handle(request);
        self.check(state);
        Response::none()
    }

    /// A click goes to a field.
    fn click(&mut self, place: (u16, u16), state: &State) -> Response {
        if let Some(at) = line_of_form(place, state) {
            self.at = at.min(self.inputs.len() - 1);
        }
        Response::none()
    }
}
