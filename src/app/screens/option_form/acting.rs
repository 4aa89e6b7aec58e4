//! What keys do in the form for an option, and the confirmation that follows from it.

use tui_input::InputRequest;

use super::OptionForm;
use super::matches::OptionMatch;
use crate::app::action::{Action, Layer};
use crate::app::draft::{Draft, DraftContent};
use crate::app::response::{Response, Step};
use crate::app::screens::confirm::Confirm;
use crate::app::screens::view::line_of_form;
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::change::{Operation, OptionRequest, Route, Work, request_options, unscalable};
use crate::model::{Environment, clean};

impl OptionForm {
    /// Opens the form, or says what is not read that it needs.
    pub(in crate::app) fn open(state: &State, environment: &Environment) -> Response {
        let inventory = &state.snapshot().inventory;
        let is_read = inventory.settings.contains_key(&environment.key);
        if is_read && inventory.option_descriptions.contains_key(&environment.key) {
            return Response::open(Self::new(environment));
        }
        let (name, why) = (clean(&environment.name), state.keyed("{log} shows why"));
        Response::notice(format!("the options of {name} could not be read; {why}"))
    }

    /// On to the value, or to the confirmation.
    fn submit(&mut self, state: &State) -> Response {
        if !self.is_at_value {
            if let Some(option) = self.matches(state).get(self.chosen).map(OptionMatch::path) {
                self.take(&option);
            } else if self.path().is_some() {
                self.turn();
            }
            return Response::none();
        }
        let Some(environment) = state.snapshot().inventory.environments.get(&self.environment) else {
            return Response::close(Level::Dialog).and_notice("this environment is not listed any more");
        };
        self.requested(state, environment).unwrap_or_else(|why| Response::notice(clean(&why).into_owned()))
    }

    /// The confirmation of what is wanted.
    fn requested(&self, state: &State, environment: &Environment) -> Result<Response, String> {
        let wish = self.wish().ok_or("an option is a namespace, a colon and a name")?;
        let (basis, inventory) = (state.plan_inputs(environment), &state.snapshot().inventory);
        let options = inventory.settings.get(&environment.key).ok_or("the settings are not read any more")?;
        let known = inventory.option_descriptions.get(&environment.key).ok_or("the options are not read any more")?;
        let name = wish.path.name.clone();
        let request = request_options(&basis, options, known, &[wish]).map_err(|mistake| mistake.to_string())?;
        let operate = |work| {
            let operation = Operation::of(environment, work);
            state.confirm(environment, |inputs| Confirm::of_operation(inputs, operation))
        };
        Ok(match request {
            OptionRequest::Settings(edits) => {
                let title = format!("Change {} of {}", clean(&name), clean(&environment.name));
                let content = DraftContent::Edits(edits);
                state.confirm_draft(Draft::by(environment, title, content, Route::Beanstalk))
            }
            OptionRequest::Scale { from, to } => match unscalable(options) {
                Some(refusal) => return Err(refusal.to_string()),
                None if from == to => return Err("it is so already".to_owned()),
                None => operate(Work::Scale { from, to }),
            },
            OptionRequest::Options(edits) if edits.is_idle() => return Err("it has this value already".to_owned()),
            OptionRequest::Options(edits) => operate(Work::Options(edits)),
        })
    }
}

impl View for OptionForm {
    fn layer(&self) -> Layer {
        Layer::Form
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => Some(self.submit(state)),
            Action::Back => Some(Response::close(Level::Dialog).then(Step::Plan)),
            Action::NextField | Action::PreviousField => {
                self.turn();
                Some(Response::none())
            }
            Action::PickDown | Action::PickUp if self.is_at_value => {
                self.turn();
                Some(Response::none())
            }
            Action::PickDown => {
                self.chosen = (self.chosen + 1).min(self.matches(state).len().saturating_sub(1));
                Some(Response::none())
            }
            Action::PickUp => {
                self.chosen = self.chosen.saturating_sub(1);
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
        if line_of_form(place, state).is_some_and(|at| (at > 0) != self.is_at_value) {
            self.turn();
        }
        Response::none()
    }
}
