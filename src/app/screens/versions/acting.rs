//! What keys do in the picker of versions.

use std::sync::Arc;

use tui_input::InputRequest;

use super::VersionPicker;
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::confirm::Confirm;
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::change::{EnvironmentState, Operation, Subject};
use crate::model::{ApplicationVersion, clean};
use crate::polling::Question;

impl VersionPicker {
    /// Asks whether to deploy what is selected, or to roll back to it.
    fn choose(&self, state: &State) -> Response {
        let inventory = &state.snapshot().inventory;
        let shown = self.shown(inventory).unwrap_or_default();
        let (Some(version), Some(environment)) =
            (shown.get(self.rows.selected()), inventory.environments.get(&self.environment))
        else {
            return Response::none();
        };
        if let Some(why) = ApplicationVersion::obstacle(version.status.as_ref()) {
            return Response::notice(format!("{} cannot be deployed: {why}", clean(&version.label)));
        }
        let label = Arc::clone(&version.label);
        if let Some(rollback) = &self.rollback {
            let (subject, seen) = (Subject::from(environment), EnvironmentState::from(environment));
            let operation = Operation::rollback(subject, seen, rollback.from.clone(), label);
            return state.confirm(environment, |inputs| Confirm::of_rollback(inputs, operation));
        }
        let operation = Operation::deploy(environment, label);
        state.confirm(environment, |inputs| Confirm::of_operation(inputs, operation))
    }
}

impl View for VersionPicker {
    fn layer(&self) -> Layer {
        Layer::Picker
    }

    fn awaited(&self) -> Vec<Question> {
        vec![Question::These(vec![self.source()])]
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => return Some(self.choose(state)),
            Action::Back => return Some(Response::close(Level::Dialog).then(Step::Plan)),
            Action::PickDown => self.rows.move_by(1),
            Action::PickUp => self.rows.move_by(-1),
            _ => return None,
        }
        Some(Response::none())
    }

    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        self.input.handle(request);
        self.rows.select(0);
        Response::none()
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }
}
