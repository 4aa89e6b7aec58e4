//! The session as the user sees it: opening, open, or waiting for credentials.

use std::sync::Arc;
use std::time::Duration;

use super::message::SessionFacts;
use crate::model::{Fault, Moment};

/// The first retry comes after this long; each further one after twice as long.
const FIRST_RETRY: Duration = Duration::from_secs(5);
/// No retry waits longer.
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// The state of opening a session. One attempt runs at a time, so that a `credential_process` is not run by every poll.
#[derive(Clone, Debug)]
pub struct SessionState {
    /// The number of the newest try; results of older ones are dropped.
    pub generation: u64,
    /// Its phase.
    pub phase: SessionPhase,
    /// What the last open session knew.
    pub facts: SessionFacts,
    failures: u32,
    lost: Option<Arc<Fault>>,
}

/// The phases of a session.
#[derive(Clone, Debug)]
pub enum SessionPhase {
    /// Credentials are being looked for, since then.
    Opening(Moment),
    /// Calls can be made.
    Open,
    /// There are no valid credentials: no call is made until the next try.
    Paused {
        /// Why.
        fault: Arc<Fault>,
        /// When the next try comes.
        retry_at: Moment,
    },
}

impl SessionState {
    /// The first try.
    #[must_use]
    pub fn opening(now: Moment) -> Self {
        Self {
            generation: 1,
            phase: SessionPhase::Opening(now),
            facts: SessionFacts::default(),
            failures: 0,
            lost: None,
        }
    }

    /// Whether calls can be made.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self.phase, SessionPhase::Open)
    }

    /// Begins another try; its generation.
    pub fn retry(&mut self, now: Moment) -> u64 {
        self.generation += 1;
        self.phase = SessionPhase::Opening(now);
        self.generation
    }

    /// Time went back to this moment: a try is not waited for any longer than from now on.
    pub fn set_back(&mut self, now: Moment) {
        if let SessionPhase::Paused { retry_at, .. } = &mut self.phase {
            *retry_at = (*retry_at).min(now.plus(LONGEST_RETRY));
        }
    }

    /// It is open.
    pub fn opened(&mut self, facts: SessionFacts) {
        self.phase = SessionPhase::Open;
        self.facts = facts;
        self.lost = None;
    }

    /// A call was answered: the credentials are good, and the next failure is a first one again.
    pub fn answered(&mut self) {
        self.failures = 0;
    }

    /// There are no good credentials: pause, and try again later.
    pub fn pause(&mut self, fault: Arc<Fault>, now: Moment) {
        let wait = FIRST_RETRY.saturating_mul(1 << self.failures.min(8)).min(LONGEST_RETRY);
        self.failures += 1;
        self.lost = Some(Arc::clone(&fault));
        self.phase = SessionPhase::Paused { fault, retry_at: now.plus(wait) };
    }

    /// Why nothing can be read: how the last session ended, until another is open.
    #[must_use]
    pub fn lost(&self) -> Option<&Arc<Fault>> {
        self.lost.as_ref()
    }

    /// Returns when the next try comes, if there is one.
    #[must_use]
    pub fn retry_at(&self) -> Option<Moment> {
        if let SessionPhase::Paused { retry_at, .. } = self.phase { Some(retry_at) } else { None }
    }
}
