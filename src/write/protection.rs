//! What protects environments from writes, applied in the engine: the gate, the freeze as it is now, and a line in the
//! journal for each refusal.
//!
//! An operation that this process carries out completes its steps, because an abort without its deploy is worse than
//! either. One that begins, or that is resumed, is refused.

use super::engine::Done;
use super::gate::gate;
use super::line::{JournalLine, RefusedLine};
use super::writer::JournalWriter;
use crate::change::{Confirmation, Frozen, Operation, Outcome, Refusal, Step, Written};

impl JournalWriter<'_> {
    /// Returns why this operation must not begin with this confirmation, with the freeze read again.
    pub(super) async fn refusal(&self, operation: &Operation, confirmation: &Confirmation) -> Option<Refusal> {
        // One that was in force when the user was not asked for that reason counts, even if it is over by now.
        let frozen = self.log.freeze().frozen_now().await.or_else(|| confirmation.frozen.clone());
        gate(operation, &Confirmation { frozen, ..confirmation.clone() })
    }

    /// Takes over an operation that has begun, if it may be continued with this confirmation: one that another process
    /// began only while writes are not frozen.
    pub(super) async fn may_go_on(
        &self,
        operation: &mut Operation,
        confirmation: &Confirmation,
    ) -> Result<(), Refusal> {
        let running = Confirmation { frozen: None, ..confirmation.clone() };
        if let Some(refusal) = gate(operation, &running) {
            self.record_refusal_of(operation, &refusal).await;
            return Err(refusal);
        }
        if self.take_over(operation).await? {
            return Ok(());
        }
        let Some(refusal) = self.refusal(operation, confirmation).await else { return Ok(()) };
        self.record_refusal_of(operation, &refusal).await;
        if let Some(id) = &operation.id {
            self.log.release(id);
        }
        Err(refusal)
    }

    /// Returns the freeze that is in force just before a step is sent, if nothing of the operation was sent before it.
    pub(super) async fn frozen_before(&self, operation: &Operation, place: usize) -> Option<Frozen> {
        let others = operation.steps.iter().enumerate().filter(|(at, _)| *at != place);
        if others.map(|(_, step)| step).any(Step::is_ours) {
            return None;
        }
        self.log.freeze().frozen_now().await
    }

    /// Refuses an operation that has not begun. That protection refused it is recorded: a caller tried. A name that was
    /// not typed, or an environment that is not Ready, is not.
    pub(super) async fn record_refusal(&self, operation: &Operation, refusal: Refusal) -> Written {
        if !refusal.is_protection() {
            return self.refused(refusal);
        }
        let mut operation = operation.clone();
        match self.record_begin(&mut operation).await {
            Ok(id) => self.conclude(&id, Done::of(Outcome::Refused(refusal), None)).await,
            Err(unrecorded) => {
                let why = unrecorded.to_string().into();
                Written { unrecorded: Some(why), ..self.refused(refusal) }
            }
        }
    }

    /// Records that an operation that has begun was not continued. What it did before stays as it is.
    pub(super) async fn record_refusal_of(&self, operation: &Operation, refusal: &Refusal) {
        let Some(id) = operation.id.as_deref().filter(|_| refusal.is_protection()) else { return };
        let line = RefusedLine { id: id.to_owned(), at: (self.now)().0, message: refusal.to_string() };
        if let Err(why) = self.log.append(&JournalLine::OperationRefused(line)).await {
            tracing::error!(why = &*why, "a refusal is not in the log");
        }
    }
}
