//! The session with AWS, its pauses, and the answers that came in it.

use std::sync::Arc;

use super::App;
use crate::app::message::{Effect, SessionOpened};
use crate::app::session::SessionPhase;
use crate::model::{Answer, Batch, Covers, Fault, ReadOutcome};

impl App {
    pub(super) fn session_opened(&mut self, SessionOpened { generation, result }: SessionOpened) -> Vec<Effect> {
        if generation != self.state.session().generation {
            return Vec::new();
        }
        match result {
            Ok(facts) => {
                if let Some(identity) = facts.identity.clone() {
                    let batch = Batch { covers: Covers::All, answer: Answer::Identity(identity) };
                    let now = self.state.now;
                    self.state.scopes.shown_mut().snapshot.apply_batch(batch, now);
                }
                if let Some(fault) = facts.identity_fault.clone() {
                    self.note_fault(&fault);
                }
                self.state.session_mut().opened(facts);
                self.judge_at = self.judge_at.map(|_| self.state.now);
                self.state.poller_mut().request_log.retry_failed();
            }
            Err(fault) => self.pause(&fault),
        }
        Vec::new()
    }

    fn pause(&mut self, fault: &Arc<Fault>) {
        self.changed = true;
        self.note_fault(fault);
        let now = self.state.now;
        self.state.session_mut().pause(Arc::clone(fault), now);
        self.state.poller_mut().request_log.forget_in_flight();
        self.judge_at = self.judge_at.map(|_| self.state.now);
    }

    fn open_again(&mut self) -> Effect {
        let now = self.state.now;
        Effect::OpenSession { generation: self.state.session_mut().retry(now), canary: true }
    }

    pub(super) fn retry_session(&mut self, at_once: bool) -> Vec<Effect> {
        let due = self.state.session().retry_at().is_some_and(|at| at_once || at <= self.state.now);
        if due { vec![self.open_again()] } else { Vec::new() }
    }

    pub(super) fn note_fault(&mut self, fault: &Arc<Fault>) {
        let text = fault.sentence();
        if self.state.messages.log.iter().rev().take(20).any(|entry| entry.text == text) {
            return;
        }
        self.note(Some(Arc::clone(fault)), text);
    }

    pub(super) fn polled(&mut self, outcome: ReadOutcome, generation: u64, entropy: u64) -> Vec<Effect> {
        let first = !outcome.sources.iter().all(|source| self.state.snapshot().reads.is_tried(source));
        if generation != self.state.session().generation || !self.state.poller_mut().finish(&outcome, entropy) {
            return Vec::new();
        }
        if let Err(fault) = &outcome.result
            && fault.lacks_credentials()
            && matches!(self.state.session().phase, SessionPhase::Open)
        {
            let fault = Arc::clone(fault);
            self.pause(&fault);
        }
        if outcome.result.is_ok() {
            self.state.session_mut().answered();
        }
        match &mut self.state.paused {
            Some((_, held)) => held.push(outcome),
            None => self.apply_answer(outcome, first),
        }
        Vec::new()
    }

    /// Ends a pause: applies the answers that came meanwhile.
    pub(super) fn resume_screen(&mut self) {
        let Some((_, held)) = self.state.paused.take() else { return };
        held.into_iter().for_each(|outcome| self.apply_answer(outcome, true));
    }

    /// A laptop woke: everything is stale, and so are the connections.
    pub(super) fn woke(&mut self) -> Vec<Effect> {
        self.state.poller_mut().request_log.forget_in_flight();
        self.state.poller_mut().refresh();
        vec![self.open_again()]
    }
}
