//! What keys do in a confirmation, and how it is planned again.

use tui_input::InputRequest;

use super::{Button, Confirm};
use crate::app::action::{Action, Layer};
use crate::app::hit_map::Click;
use crate::app::list::ListState;
use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, View};
use crate::app::state::State;
use crate::change::OperationKind;
use crate::model::{Environment, Key, clean};
use crate::polling::Question;

impl Confirm {
    /// The environment that it is about, if it can be planned again.
    fn environment(&self) -> Option<&Key<Environment>> {
        self.draft.as_ref().map(|it| &it.environment).or(self.made_of.as_ref().map(|it| &it.subject.key))
    }

    /// Plans again what is confirmed: it may have become invalid, or valid again. Returns the new confirmation and whether
    /// something that was not shown before has to be confirmed; `None` if it cannot be planned again.
    pub(in crate::app) fn planned_again(&self, state: &State) -> Option<(Self, bool)> {
        let environment = state.snapshot().inventory.environments.get(self.environment()?)?;
        let mut again = match (&self.draft, &self.made_of) {
            (Some(draft), _) => state.planned(environment, draft.clone())?,
            (None, Some(operation)) => {
                let operation = operation.planned_again(environment);
                state.confirmation(environment, |inputs| Self::of_operation(inputs, operation))
            }
            (None, None) => return None,
        };
        let is_other = again.replace(self);
        Some((again, is_other))
    }

    /// What is done with the focused button.
    fn choose(&mut self) -> Response {
        match self.button {
            Button::Cancel => Response::close(Level::Dialog).and_notice("nothing was written"),
            Button::Name if self.intent.is_some() && !self.is_named() => self.demand_name(),
            // The name is the confirmation: what is left is the deed's button.
            Button::Name => {
                self.button = if self.intent.is_some() { Button::Apply } else { Button::Cancel };
                Response::none()
            }
            Button::Apply if self.intent.is_none() => {
                let why = self.obstacle.as_deref().unwrap_or("the text says why");
                Response::notice(format!("cannot be applied: {why}"))
            }
            Button::Apply if self.is_named() => {
                Response::close(Level::Dialog).then(Step::Apply(Box::new(self.clone())))
            }
            Button::Apply => self.demand_name(),
        }
    }

    /// Says what has to be typed, and goes to its field.
    fn demand_name(&mut self) -> Response {
        let wanted = self.wanted.clone().unwrap_or_default();
        self.button = Button::Name;
        let why = if self.is_production { "this is production: " } else { "" };
        Response::notice(format!("{why}type {} first", clean(&wanted)))
    }

    /// Switches to the other route, planned again.
    fn turn_route(&self, forward: bool, state: &State) -> Response {
        let Some(mut draft) = self.draft.clone().filter(|draft| draft.routes.len() > 1) else {
            return Response::none();
        };
        draft.turn(forward);
        let Some(environment) = state.snapshot().inventory.environments.get(&draft.environment) else {
            return Response::none();
        };
        let Some(mut other) = state.planned(environment, draft.clone()) else { return state.confirm_draft(draft) };
        other.typed = self.typed.clone();
        if other.button == Button::Name && other.is_named() {
            // The other route writes something else: that has to be confirmed again.
            other.button = Button::Cancel;
        }
        Response::open(other)
    }

    /// Closes it; one that was filled in on a form goes back there.
    fn leave(&self) -> Response {
        let form = self.draft.as_ref().and_then(|draft| draft.form.as_ref());
        let left = form.map_or_else(|| Response::close(Level::Dialog), |form| Response::open((**form).clone()));
        left.then(Step::Plan)
    }
}

impl View for Confirm {
    fn layer(&self) -> Layer {
        if self.button == Button::Name { Layer::Name } else { Layer::Confirm }
    }

    /// What a plan is made on is read again for as long as the plan is on screen.
    fn questions(&self) -> Vec<Question> {
        if let Some(operation) = self.made_of.as_ref().filter(|it| it.kind == OperationKind::Deploy) {
            let key = &operation.subject.key;
            return vec![Question::Tree(key.clone()), Question::History(key.clone())];
        }
        let Some(draft) = &self.draft else { return Vec::new() };
        let egress = draft.changes_port().then(|| Question::Egress(draft.environment.clone()));
        [Question::Settings(draft.environment.clone())].into_iter().chain(egress).collect()
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => return Some(self.choose()),
            Action::Back => return Some(self.leave()),
            Action::NextButton | Action::OtherButton => self.turn(),
            Action::CopyCommand => {
                let copied = Response::notice("copied the aws commands");
                return Some(copied.then(Step::Effect(Effect::Copy(self.commands.join("\n")))));
            }
            Action::ScrollDown => self.text.scroll_by(5),
            Action::ScrollUp => self.text.scroll_by(-5),
            Action::PickDown | Action::PickUp => return Some(self.turn_route(action == Action::PickDown, state)),
            _ => return None,
        }
        Some(Response::none())
    }

    fn edit(&mut self, request: InputRequest, _state: &State) -> Response {
        if self.button == Button::Name {
            self.typed.handle(request);
        }
        Response::none()
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.text)
    }

    /// A click on the harmless button is its key. The other one is only gone to: a second click carries it out.
    fn click(&mut self, place: (u16, u16), state: &State) -> Response {
        match state.terminal.hit_map.click_at(place) {
            Some(Click::Button(button))
                if button == Button::Cancel || button == self.button && button != Button::Name =>
            {
                self.button = button;
                self.choose()
            }
            Some(Click::Button(button)) => {
                self.button = button;
                Response::none()
            }
            _ => Response::none(),
        }
    }

    fn move_by(&mut self, rows: isize, _state: &State) -> Response {
        self.text.scroll_by(rows);
        Response::none()
    }
}
