//! The results of deployments, rollbacks and other operations on an environment: what is watched next, and the message for
//! a rollback that stopped.

use std::sync::Arc;

use super::super::action::Action;
use super::super::application::App;
use super::super::message::{Effect, Order};
use super::super::writing::Writing;
use super::RequestedUpdate;
use crate::change::{EnvironmentState, Next, Operation, Outcome, StepProgress, Work, Written};
use crate::model::clean;

impl App {
    /// An operation of one step has ended.
    pub(in crate::app) fn wrote(&mut self, operation: &Operation, written: &Written) {
        if written.outcome.is_done() || matches!(written.outcome, Outcome::Unknown(_)) {
            self.expect(operation, written, None);
        }
        self.look_at(&operation.subject.key);
    }

    /// A step of a rollback has ended, or it began.
    pub(in crate::app) fn rolled_back(&mut self, operation: Operation, written: Option<&Written>) {
        if let Some(written) = written {
            if operation.has_finished() {
                let from = operation.versions().and_then(|(from, _)| from.cloned());
                self.expect(&operation, written, Some(from.unwrap_or_else(|| "?".into())));
            }
            self.state.deploys.reason = written.outcome.reason();
        }
        self.look_at(&operation.subject.key);
        self.state.deploys.rollback = Some(operation);
        self.plan();
    }

    /// Goes on with the rollback as soon as the environment's status lets it.
    pub(in crate::app) fn advance_rollback(&mut self) -> Vec<Effect> {
        if self.state.writing.is_some() || self.state.paused.is_some() || !self.state.session().is_open() {
            return Vec::new();
        }
        let Some(operation) = self.state.deploys.rollback.clone() else { return Vec::new() };
        let Some(environment) = self.state.snapshot().inventory.environments.get(&operation.subject.key) else {
            return Vec::new();
        };
        let standing = EnvironmentState::from(environment);
        match operation.next(&standing) {
            Next::Wait => Vec::new(),
            Next::Finished => {
                self.state.deploys.rollback = None;
                Vec::new()
            }
            Next::Stopped(place, word) => {
                let why = self.state.deploys.reason.take().unwrap_or_else(|| word.to_string());
                self.state.deploys.rollback = None;
                self.stop_rollback(&operation.subject.key, self.stopped_words(&operation, place, &why));
                Vec::new()
            }
            Next::Do(_) | Next::LookUp(_) => {
                let confirmation = self.state.confirmation.clone().unwrap_or_default();
                self.state.writing = Some(Writing::new(rollback_words(&operation), self.state.now));
                let (operation, order) = (Box::new(operation), Order::Advance);
                vec![Effect::Operate { operation, order, standing, confirmation }]
            }
        }
    }

    /// Returns the message for a rollback that cannot continue: where it stopped, the present state, and what can be done.
    fn stopped_words(&self, operation: &Operation, place: usize, why: &str) -> String {
        let is_aborted = operation.steps.first().is_some_and(|step| step.progress == StepProgress::Done);
        let what = match operation.steps[place].work {
            Work::Abort => "the abort failed, and the update goes on",
            _ if is_aborted => {
                "the update before was aborted, and the deploy failed: instances may run different versions"
            }
            _ => "the deploy failed",
        };
        let what = format!("{} stopped: {what}", rollback_words(operation));
        let (deploys, again) = (self.state.key_name(Action::DeployVersion), self.state.key_name(Action::Rollback));
        format!("{what} ({why}). {again} tries again, {deploys} chooses a version.")
    }

    /// Follows the update of our own write by its request id; `removes`: as the end of a rollback.
    fn expect(&mut self, operation: &Operation, written: &Written, removes: Option<Arc<str>>) {
        let version = match operation.steps.last().map(|step| &step.work) {
            Some(Work::Deploy { version, .. }) => Some(Arc::clone(version)),
            Some(Work::Scale { .. }) => None,
            // No updates, or none of ours.
            _ => return,
        };
        let key = operation.subject.key.clone();
        let (request_id, previous) = (written.request_ids.first().cloned(), self.state.deploys.previous(&key));
        let asked = RequestedUpdate { version, request_id, at: written.at, removes, previous };
        // What was followed before is over: this is another update.
        self.state.deploys.watches.remove(&key);
        self.state.deploys.asked.insert(key, asked);
    }
}

/// A rollback in a few words.
fn rollback_words(operation: &Operation) -> String {
    let to = operation.versions().map(|(_, to)| clean(to)).unwrap_or_default();
    format!("Rollback of {} to {to}", clean(&operation.subject.name))
}
