//! What keys do in the form for the sizes.

use tui_input::InputRequest;

use super::InstanceLimitsForm;
use crate::app::action::{Action, Layer};
use crate::app::response::{Response, Step};
use crate::app::screens::confirm::Confirm;
use crate::app::screens::view::line_of_form;
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::change::{InstanceLimits, Operation, Work, unscalable};
use crate::model::{Environment, clean};

impl InstanceLimitsForm {
    /// Opens the form on the sizes that an environment's options set, or says why they cannot be changed.
    pub(in crate::app) fn open(state: &State, environment: &Environment) -> Response {
        let name = clean(&environment.name);
        let Some(settings) = state.snapshot().inventory.settings.get(&environment.key) else {
            let why = state.keyed("{log} shows why");
            return Response::notice(format!("the settings of {name} are not read; {why}"));
        };
        if let Some(refusal) = unscalable(settings) {
            return Response::notice(format!("{name}: {refusal}"));
        }
        Response::open(Self::new(environment, InstanceLimits::of(settings)))
    }

    /// On to the confirmation, if there may be such sizes.
    fn submit(&self, state: &State) -> Response {
        match (self.wanted(), state.snapshot().inventory.environments.get(&self.environment)) {
            (Ok(to), Some(environment)) => {
                let operation = Operation::of(environment, Work::Scale { from: self.from, to });
                state.confirm(environment, |inputs| Confirm::of_operation(inputs, operation))
            }
            (Err(why), _) => Response::notice(why),
            (Ok(_), None) => Response::close(Level::Dialog).and_notice("this environment is not listed any more"),
        }
    }
}

impl View for InstanceLimitsForm {
    fn layer(&self) -> Layer {
        Layer::Form
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => Some(self.submit(state)),
            Action::Back => Some(Response::close(Level::Dialog).then(Step::Plan)),
            Action::NextField | Action::PreviousField | Action::PickDown | Action::PickUp => {
                self.turn();
                Some(Response::none())
            }
            _ => None,
        }
    }

    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        self.handle(request);
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
