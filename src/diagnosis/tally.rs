//! How many findings an environment has, as its row of the Fleet counts them, and whether all that decides them was read.

use super::check::FindingSeverity;
use super::finding::{Diagnosis, Undecided, Why};
use crate::model::{Doubt, DoubtCause};

/// What is missing to decide all checks; what is worse counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum OpenChecks {
    /// Nothing. A check whose data were read and say too little counts as decided: its tab says so.
    None,
    /// Something was not read yet.
    #[default]
    Unread,
    /// Something could not be read, or is too old.
    Unknown,
}

/// How many findings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FindingTally {
    counts: [usize; FindingSeverity::ALL.len()],
    /// What is missing to decide all checks.
    pub open: OpenChecks,
}

impl FindingTally {
    /// Counts the findings of a diagnosis that are not silenced.
    #[must_use]
    pub fn new(diagnosis: &Diagnosis) -> Self {
        let mut counts = [0; FindingSeverity::ALL.len()];
        for finding in &diagnosis.findings {
            counts[finding.severity() as usize] += 1;
        }
        let open = diagnosis.undecided.iter().map(open_of).max().unwrap_or(OpenChecks::None);
        Self { counts, open }
    }

    /// How many there are, of whatever severity.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// The worst severity that there is, and how many findings have it; `None` if nothing was found.
    #[must_use]
    pub fn worst(&self) -> Option<(FindingSeverity, usize)> {
        FindingSeverity::ALL.into_iter().zip(self.counts).find(|(_, count)| *count > 0)
    }
}

fn open_of(undecided: &Undecided) -> OpenChecks {
    match &undecided.why {
        Why::TooLittle(_) => OpenChecks::None,
        Why::Doubt(Doubt { cause: DoubtCause::Unread, .. }) => OpenChecks::Unread,
        Why::Doubt(_) => OpenChecks::Unknown,
    }
}
