//! The verdict of a guard on what was read just before a step.

use std::sync::Arc;

use super::super::outcome::{Difference, Outcome, Refusal};

/// The verdict of a guard.
#[derive(Clone, Debug, PartialEq)]
pub enum LookUpVerdict {
    /// The step may be sent.
    Pass,
    /// It is done already; with the id of what exists.
    Done(Option<Arc<str>>),
    /// It waits, and is tried again: this is in the way for now.
    Wait(Refusal),
    /// It ends here.
    Stop(Outcome),
}

impl LookUpVerdict {
    pub(super) fn conflict(differences: Vec<Difference>) -> Self {
        if differences.is_empty() { Self::Pass } else { Self::Stop(Outcome::Conflict(differences)) }
    }

    pub(super) fn refuse(refusal: Option<Refusal>) -> Self {
        refusal.map_or(Self::Pass, |refusal| Self::Stop(Outcome::Refused(refusal)))
    }
}
