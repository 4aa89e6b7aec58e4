//! From a confirmation to a write and back: what is under way, and its result.

use super::application::App;
use super::dialog::{Confirm, Intent};
use super::message::{Effect, Operated, Order};
use super::state::State;
use super::writing::Writing;
use crate::change::{Confirmation, Operation, OperationKind, Written};
use crate::model::{Environment, Key, Source};

impl App {
    /// Does what was confirmed.
    pub(in crate::app) fn apply(&mut self, confirm: Confirm) -> Vec<Effect> {
        let typed = confirm.typed_name();
        let (operation, order) = match confirm.intent {
            None => return Vec::new(),
            Some(Intent::HandOver(external_command)) => return vec![Effect::HandOver(external_command)],
            Some(Intent::Pass(operation)) => (operation, Order::Pass),
            Some(Intent::Operate(operation)) => (operation, Order::Begin),
        };
        let key = operation.subject.key.clone();
        // Something else is done now: what stopped before is answered.
        self.state.deploys.stopped.remove(&key);
        let name =
            self.state.snapshot().inventory.environments.get(&key).map(|it| it.name.to_string()).unwrap_or_default();
        let confirmation = Confirmation {
            read_only: self.state.setup.read_only,
            production: self.state.setup.is_production(&name),
            typed,
        };
        self.state.writing = Some(Writing { draft: confirm.draft, ..Writing::new(confirm.title, self.state.now) });
        self.state.confirmation = Some(confirmation.clone());
        self.order(operation, order, confirmation)
    }

    /// Starts an operation. An interrupted one continues as soon as the environment's status allows it.
    fn order(&mut self, operation: Box<Operation>, order: Order, confirmation: Confirmation) -> Vec<Effect> {
        let is_begun = operation.id.is_some() && order == Order::Begin;
        match operation.kind {
            OperationKind::Set | OperationKind::Undo => self.await_values(&operation),
            OperationKind::Https | OperationKind::HttpsBack => self.show_https(&operation),
            OperationKind::Rollback if is_begun => {
                self.state.deploys.offered.retain(|it| it.id != operation.id);
                self.state.deploys.rollback = Some((*operation).clone());
            }
            _ => {}
        }
        if is_begun {
            self.state.writing = None;
            self.plan();
            return Vec::new();
        }
        let standing = operation.seen.clone();
        vec![Effect::Operate { operation, order, standing, confirmation }]
    }

    /// Handles the result of an operation.
    pub(in crate::app) fn operated(&mut self, operation: Operation, result: Operated) -> Vec<Effect> {
        let writing = self.state.writing.take();
        let what = writing.as_ref().map(|it| it.what.clone()).unwrap_or_default();
        match (result, operation.kind) {
            (Operated::Refused(refusal), OperationKind::Https | OperationKind::HttpsBack) => {
                self.https_refused(&what, &refusal);
            }
            (Operated::Refused(refusal), _) => {
                self.state.deploys.rollback = None;
                let words = format!("{what} did not begin, and nothing was aborted: {refusal}.");
                self.stop_rollback(&operation.subject.key, words);
                self.plan();
            }
            (Operated::Left(left), _) => self.https_left(left),
            (Operated::Went(written), OperationKind::Https | OperationKind::HttpsBack) => {
                self.https_went_on(operation, written.as_ref());
            }
            (Operated::Went(written), kind) => {
                if let Some(written) = &written {
                    self.report(&what, written);
                }
                match (kind, &written) {
                    (OperationKind::Rollback, _) => self.rolled_back(operation, written.as_ref()),
                    (OperationKind::Set | OperationKind::Undo, Some(written)) => {
                        self.changed_settings(&operation, written, writing.and_then(|it| it.draft));
                    }
                    (_, Some(written)) => self.wrote(&operation, written),
                    (_, None) => {}
                }
            }
        }
        Vec::new()
    }

    /// Goes on with what waits for an environment.
    pub(in crate::app) fn advance_operations(&mut self) -> Vec<Effect> {
        let mut effects = self.advance_rollback();
        effects.extend(self.advance_https());
        effects
    }

    /// The environment is looked at again at once.
    pub(in crate::app) fn look_at(&mut self, key: &Key<Environment>) {
        let scope = self.state.setup.scope;
        self.state.poller_mut().expire(&Source::Environments(scope));
        self.state.poller_mut().expire(&Source::Events(scope));
        self.state.poller_mut().expire(&Source::Settings(key.clone()));
    }

    pub(in crate::app) fn report(&mut self, what: &str, written: &Written) {
        let words = match written.outcome.reason() {
            None => format!("{what}: {}", written.outcome.word()),
            Some(reason) => format!("{what}: {} — {reason}", written.outcome.word()),
        };
        self.say(words);
        if let Some(why) = &written.unrecorded {
            self.say(format!("the end of this change is not in the log: {why}"));
        }
    }
}

impl State {
    /// Returns whether a write is under way.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.writing.is_some()
    }
}
