//! The scopes that are read, each with its session, what is known of it, and how it is read. One of them is shown.
//!
//! There is one until several can be chosen; nothing outside depends on that.

use super::session::SessionState;
use crate::model::{Moment, Snapshot};
use crate::polling::{Cadences, Freshness, Poller};

/// One scope.
#[derive(Clone, Debug)]
pub struct ScopeState {
    /// Whether calls can be made.
    pub session: SessionState,
    /// What is known.
    pub snapshot: Snapshot,
    /// What is read when.
    pub poller: Poller,
}

/// All scopes, of which there is at least one.
#[derive(Clone, Debug)]
pub struct ScopeStates {
    shown: ScopeState,
    others: Vec<ScopeState>,
}

impl ScopeState {
    /// Which values can be relied on at a moment.
    #[must_use]
    pub fn freshness<'a>(&'a self, cadences: &'a Cadences, now: Moment) -> Freshness<'a> {
        let Self { session, snapshot, poller } = self;
        let lost = session.lost().map(|fault| &**fault);
        Freshness { reads: &snapshot.reads, poller, cadences, lost, now, is_lasting: true }
    }
}

impl ScopeStates {
    /// This one alone, which is shown.
    #[must_use]
    pub fn of(shown: ScopeState) -> Self {
        Self { shown, others: Vec::new() }
    }

    /// The scope that is shown.
    #[must_use]
    pub fn shown(&self) -> &ScopeState {
        &self.shown
    }

    /// The same, to change it.
    pub fn shown_mut(&mut self) -> &mut ScopeState {
        &mut self.shown
    }

    /// The moment that ages are counted to, in all of them.
    pub(super) fn set_moment(&mut self, now: Moment) {
        std::iter::once(&mut self.shown).chain(&mut self.others).for_each(|it| it.snapshot.moment = now);
    }
}
