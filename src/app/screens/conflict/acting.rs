//! What keys do in a conflict.

use super::Conflict;
use crate::app::action::{Action, Layer};
use crate::app::draft::{DraftContent, EditIntent};
use crate::app::response::{Response, Step};
use crate::app::screens::{Level, PendingIntent, View};
use crate::app::state::State;

impl Conflict {
    /// Plans it again on what is live now.
    fn plan_again(&self, state: &State) -> Response {
        let closed = Response::close(Level::Dialog);
        // A change that was overtaken is not put back by looking again.
        if matches!(self.draft.what, DraftContent::Undo(_)) {
            return closed;
        }
        let environment = &self.draft.environment;
        if !state.snapshot().inventory.environments.contains_key(environment) {
            return closed;
        }
        let (draft, title) = (Box::new(self.draft.clone()), self.draft.title.clone());
        let intent = PendingIntent { environment: environment.clone(), title, wish: EditIntent::Again(draft) };
        Response::step(Step::RereadSettings(environment.clone())).and(Response::wait_for(intent))
    }
}

impl View for Conflict {
    fn layer(&self) -> Layer {
        Layer::Notice
    }

    fn act(&mut self, action: Action, state: &State) -> Option<Response> {
        match action {
            Action::Open => Some(self.plan_again(state)),
            Action::Back => Some(Response::close(Level::Dialog).then(Step::Plan)),
            _ => None,
        }
    }
}
