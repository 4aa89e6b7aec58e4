//! When an intent has all that it is planned on, and how it goes on.

use super::PendingIntent;
use crate::app::action::{Action, Layer};
use crate::app::draft::{Draft, DraftContent, EditIntent};
use crate::app::response::{Response, Step};
use crate::app::screens::{InstanceLimitsForm, Level, OptionForm, ProbeView, View};
use crate::app::state::State;
use crate::model::{Environment, Key, Source};
use crate::polling::Question;

impl PendingIntent {
    /// Starts an edit; the user is asked nothing before everything is read that it depends on.
    pub(in crate::app) fn wait(environment: &Environment, title: String, wish: EditIntent) -> Response {
        Response::wait_for(Self { environment: environment.key.clone(), title, wish })
    }

    /// Whether everything was read that a plan needs, or cannot be.
    #[must_use]
    pub fn is_settled(&self, state: &State) -> bool {
        let (known, request_log) = (state.snapshot(), &state.poller().request_log);
        let mut wanted = state.sources_of_settings(&self.environment);
        if self.wish.changes_port() {
            wanted.extend(state.security_groups(&self.environment));
        }
        match &self.wish {
            EditIntent::Swap(other) => wanted.extend(state.sources_of(&swap_questions(&self.environment, other))),
            EditIntent::Option => wanted.push(Source::OptionDescriptions(self.environment.clone())),
            _ => {}
        }
        // A toggle touches no listener.
        let is_toggle = matches!(self.wish, EditIntent::Stickiness(_));
        wanted.retain(|source| !(is_toggle && matches!(source, Source::ListenerAttributes(_))));
        // What a write of ours has just overtaken is no ground to plan on.
        let is_read = |source| known.reads.is_tried(source) && !request_log.is_expired(source);
        known.is_base_tried() && wanted.iter().all(is_read)
    }

    /// Goes on, once everything is read.
    pub(in crate::app) fn go_on(&self, state: &State) -> Response {
        let closed = Response::close(Level::Dialog).then(Step::Redraw);
        let Some(environment) = state.snapshot().inventory.environments.get(&self.environment) else {
            return closed.and_notice("this environment is not listed any more");
        };
        let next = match &self.wish {
            EditIntent::Stickiness(group) => state.draft_stickiness(environment, group.as_ref()),
            EditIntent::Restart => state.ask_restart(environment),
            EditIntent::Swap(other) => state.ask_swap(environment, other),
            EditIntent::Scale => InstanceLimitsForm::open(state, environment),
            EditIntent::Option => OptionForm::open(state, environment),
            EditIntent::Probe => ProbeView::ask(state, environment),
            EditIntent::Again(draft) => state.confirm_draft((**draft).clone()),
            EditIntent::Undo(past) => {
                let (title, content) = (self.title.clone(), DraftContent::Undo(past.clone()));
                state.confirm_draft(Draft::by(environment, title, content, past.route))
            }
        };
        closed.and(next).then(Step::Plan)
    }
}

/// What both environments are compared by before their CNAMEs are exchanged.
fn swap_questions(own: &Key<Environment>, other: &Key<Environment>) -> Vec<Question> {
    let both = || [own, other].into_iter().cloned();
    both().flat_map(|key| [Question::Tree(key.clone()), Question::Settings(key)]).collect()
}

impl View for PendingIntent {
    fn layer(&self) -> Layer {
        Layer::Notice
    }

    fn questions(&self) -> Vec<Question> {
        self.wish.changes_port().then(|| Question::Egress(self.environment.clone())).into_iter().collect()
    }

    fn awaited(&self) -> Vec<Question> {
        let own = Question::Settings(self.environment.clone());
        let both = match &self.wish {
            EditIntent::Swap(other) => swap_questions(&self.environment, other),
            EditIntent::Option => vec![Question::These(vec![Source::OptionDescriptions(self.environment.clone())])],
            _ => Vec::new(),
        };
        std::iter::once(own).chain(both).collect()
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        match action {
            Action::Back => Some(Response::close(Level::Dialog).then(Step::Plan)),
            // Enter chooses nothing that is not there yet.
            Action::Open => Some(Response::none()),
            _ => None,
        }
    }
}
