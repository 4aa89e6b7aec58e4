//! What keys do in the picker of what an intent is about.

use super::IntentPicker;
use crate::app::action::{Action, Layer};
use crate::app::list::ListState;
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, PendingIntent, View};
use crate::app::state::State;

impl IntentPicker {
    fn choose(&self, state: &State) -> Response {
        let environment = state.snapshot().inventory.environments.get(&self.environment);
        let chosen = self.choices.get(self.rows.selected()).map(|(_, intent)| intent.clone());
        match (environment, chosen) {
            (Some(environment), Some(intent)) => PendingIntent::wait(environment, self.title.clone(), intent),
            _ => Response::close(Level::Dialog),
        }
    }
}

impl View for IntentPicker {
    fn layer(&self) -> Layer {
        Layer::Groups
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => Some(self.choose(state)),
            Action::Back => Some(Response::close(Level::Dialog).then(Step::Plan)),
            _ => None,
        }
    }

    fn rows_mut(&mut self) -> Option<&mut ListState> {
        Some(&mut self.rows)
    }
}
