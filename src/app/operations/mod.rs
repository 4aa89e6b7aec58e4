//! The operations of the user, and what is followed after them, whatever is on screen: updates and rollbacks, HTTPS, edits.
//!
//! News comes in, a [`Response`] goes out; only the application changes anything else.

mod changed_settings;
pub mod deploys;
pub mod edits;
mod https;
mod https_steps;
mod inputs;
mod swaps;
mod writing;

pub use deploys::{Deploys, RequestedUpdate};
pub use edits::Edits;
pub use https::{Https, HttpsUnderWay};
pub use inputs::OperationInputs;
pub use swaps::Swaps;
pub use writing::Writing;

use super::action::Keymap;
use super::message::{Effect, Operated, Order, UnfinishedOperation};
use super::response::{Response, Step};
use super::screens::{Confirm, HttpsProgress, Intent};
use crate::change::{Confirmation, Frozen, Operation, OperationKind, Written};

/// All of them.
#[derive(Clone, Debug, Default)]
pub struct Operations {
    /// Updates and rollbacks.
    pub deploys: Deploys,
    /// HTTPS that is being set up or undone.
    pub https: Https,
    /// Changes of settings.
    pub edits: Edits,
    /// Exchanges of CNAMEs that are followed.
    pub swaps: Swaps,
    /// Why every write is refused just now, as far as is known: the write engine reads it again.
    pub frozen: Option<Frozen>,
    /// The write that is under way.
    pub writing: Option<Writing>,
    /// The user's last confirmation, for the further steps of an operation.
    pub confirmation: Option<Confirmation>,
}

impl Operations {
    /// Takes in whether writes are frozen; says so if that has changed.
    pub(super) fn freeze_read(&mut self, frozen: Option<Frozen>) -> Response {
        if self.frozen == frozen {
            return Response::none();
        }
        let words = frozen.as_ref().map_or_else(|| "writes are not frozen any more".to_owned(), Frozen::to_string);
        self.frozen = frozen;
        Response::report(words)
    }

    /// Does what was confirmed.
    pub(super) fn begin(&mut self, confirm: Confirm, known: OperationInputs<'_>) -> Response {
        let typed = confirm.typed_name();
        let (operation, order) = match confirm.intent {
            None => return Response::none(),
            Some(Intent::HandOver(command)) => return Response::effect(Effect::HandOver(command)),
            Some(Intent::Pass(operation)) => (operation, Order::Pass),
            Some(Intent::Operate(operation)) => (operation, Order::Begin),
        };
        let key = &operation.subject.key;
        // Something else is done now: what stopped before is answered.
        self.deploys.stopped.remove(key);
        let setup = known.setup;
        let confirmation = Confirmation {
            read_only: setup.read_only.is_everything(),
            protected: setup.protected(&operation),
            frozen: self.frozen.clone(),
            production: setup.is_production(&operation.subject.name),
            typed,
        };
        let writing = Writing::new(confirm.title, known.snapshot.moment);
        self.writing = Some(Writing { draft: confirm.draft, ..writing });
        self.confirmation = Some(confirmation.clone());
        self.order(operation, order, confirmation, known)
    }

    /// Starts an operation. An interrupted one continues as soon as the environment's status allows it.
    fn order(
        &mut self,
        operation: Box<Operation>,
        order: Order,
        confirmation: Confirmation,
        known: OperationInputs<'_>,
    ) -> Response {
        let is_begun = operation.id.is_some() && order == Order::Begin;
        let mut response = Response::none();
        match operation.kind {
            OperationKind::Set | OperationKind::Undo if operation.rows().is_some() => {
                self.edits.await_values(&operation, known.snapshot.moment);
            }
            OperationKind::Https | OperationKind::HttpsBack => {
                self.https.under_way = Some(HttpsUnderWay::begun(&operation));
                response = Response::open(HttpsProgress);
            }
            OperationKind::Rollback if is_begun => {
                self.deploys.offered.retain(|it| it.id != operation.id);
                self.deploys.rollback = Some((*operation).clone());
            }
            _ => {}
        }
        if is_begun {
            self.writing = None;
            return response.then(Step::Plan);
        }
        let state = operation.seen.clone();
        response.then(Step::Effect(Effect::Operate { operation, order, state, confirmation }))
    }

    /// Handles the result of an operation.
    pub(super) fn operated(&mut self, operation: Operation, result: Operated, known: OperationInputs<'_>) -> Response {
        let writing = self.writing.take();
        let what = writing.as_ref().map(|it| it.what.clone()).unwrap_or_default();
        match (result, operation.kind) {
            (Operated::Refused(refusal), OperationKind::Https | OperationKind::HttpsBack) => {
                self.https.refused(&what, &refusal)
            }
            (Operated::Refused(refusal), _) => {
                self.deploys.rollback = None;
                let words = format!("{what} did not begin, and nothing was aborted: {refusal}.");
                Response::step(Step::StopRollback(operation.subject.key, words)).then(Step::Plan)
            }
            (Operated::Left(left), _) => https::left(left),
            (Operated::Went(written), OperationKind::Https | OperationKind::HttpsBack) => {
                self.https_went_on(operation, written.as_ref())
            }
            (Operated::Went(written), kind) => {
                let reported = written.as_ref().map_or_else(Response::none, |written| report(&what, written));
                reported.and(match (kind, &written) {
                    (OperationKind::Rollback, _) => self.deploys.rolled_back(operation, written.as_ref()),
                    (OperationKind::Set | OperationKind::Undo, Some(written)) if operation.rows().is_some() => {
                        let draft = writing.and_then(|it| it.draft);
                        self.changed_settings(&operation, written, draft, known.snapshot)
                    }
                    (OperationKind::Swap, Some(written)) => self.swaps.follow(&operation, written),
                    (_, Some(written)) => self.deploys.wrote(&operation, written),
                    (_, None) => Response::none(),
                })
            }
        }
    }

    /// Goes on with the operations that wait for an environment.
    pub(super) fn advance(&mut self, known: OperationInputs<'_>) -> Response {
        let decided = std::mem::take(&mut self.deploys.decided);
        let kept = decided.into_iter().map(|record| Step::Effect(Effect::KeepVerdict(Box::new(record))));
        let news =
            std::mem::take(&mut self.deploys.news).into_iter().map(|object| Step::Effect(Effect::Notify(object)));
        let kept = kept.chain(news).fold(Response::none(), Response::then);
        if self.writing.is_some() {
            return kept;
        }
        let rollback = kept.and(self.swaps.advance(known)).and(self.advance_rollback(known));
        if self.writing.is_some() { rollback } else { rollback.and(self.advance_https(known)) }
    }

    /// Takes in the operations of an earlier run whose outcome is unknown; those of several steps can be resumed.
    pub(super) fn offer(&mut self, unfinished: Vec<UnfinishedOperation>, keymap: &Keymap) -> Response {
        let mut response = Response::none();
        for it in unfinished {
            if let Some(operation) = it.operation {
                let is_rollback = operation.kind == OperationKind::Rollback;
                let offered = if is_rollback { &mut self.deploys.offered } else { &mut self.https.offered };
                offered.push(*operation);
            }
            response.push(Step::Report(keymap.resolve(&it.words)));
        }
        response
    }
}

/// Says how a write ended.
fn report(what: &str, written: &Written) -> Response {
    let words = match written.outcome.reason() {
        None => format!("{what}: {}", written.outcome.word()),
        Some(reason) => format!("{what}: {} — {reason}", written.outcome.word()),
    };
    let mut response = Response::report(words);
    if let Some(why) = &written.unrecorded {
        response.push(Step::Report(format!("the end of this change is not in the log: {why}")));
    }
    response
}
