//! Applies the checks to one environment.

use super::check::{Check, Topic};
use super::checks::TABLE;
use super::finding::{CheckRun, Diagnosis, Finding};
use super::inputs::Inputs;
use crate::model::{Environment, Key, Reliability, Snapshot};

/// Diagnoses an environment by all checks, with their evidence; `None` if it is not in the snapshot.
#[must_use]
pub fn diagnose(
    snapshot: &Snapshot,
    reliability: &dyn Reliability,
    environment: &Key<Environment>,
) -> Option<Diagnosis> {
    Some(diagnose_by(&Inputs::new(snapshot, reliability, environment)?, |_| true, true))
}

/// Returns what the checks about one topic find, without their evidence.
#[must_use]
pub fn findings_about(inputs: &Inputs<'_>, topic: Topic) -> Vec<Finding> {
    diagnose_by(inputs, |check| check.topic == topic, false).findings
}

/// Diagnoses an environment by some of the checks.
pub(super) fn diagnose_by(inputs: &Inputs<'_>, is_wanted: impl Fn(&Check) -> bool, is_detailed: bool) -> Diagnosis {
    let mut diagnosis = Diagnosis::default();
    for (check, judge) in TABLE.iter().filter(|(check, _)| is_wanted(check)) {
        judge(inputs, &mut CheckRun::new(check, &mut diagnosis, is_detailed));
    }
    diagnosis.sort();
    diagnosis
}
