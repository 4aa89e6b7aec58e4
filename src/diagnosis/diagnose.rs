//! Applies the checks to one environment.

use super::check::{Check, Topic};
use super::checks::TABLE;
use super::finding::{CheckRun, Diagnosis, Finding};
use super::inputs::Inputs;
use crate::model::{Environment, Key, Reliability, Snapshot};

/// Diagnoses an environment by all checks, with their evidence.
#[must_use]
pub fn diagnose(inputs: &Inputs<'_>) -> Diagnosis {
    diagnose_by(inputs, |_| true, true)
}

/// The checks whose findings bear on a deploy that is about to begin.
const BEFORE_DEPLOY: &[&str] = &[
    "no-healthy-target",
    "failing-target",
    "fail-open",
    "aborted-update",
    "stuck-update",
    "mixed-versions",
    "failed-deployment",
    "failed-target-is-kept",
    "scaling-at-maximum",
    "suspended-scaling-processes",
    "short-grace-period",
    "draining-longer-than-deploy",
    "deploy-without-spare",
];

/// Returns the findings that bear on a deploy of an environment, a sentence each without its full stop, the worst first.
#[must_use]
pub fn findings_before_deploy(
    snapshot: &Snapshot,
    reliability: &dyn Reliability,
    environment: &Key<Environment>,
) -> Vec<String> {
    let Some(inputs) = Inputs::new(snapshot, reliability, environment) else { return Vec::new() };
    let found = diagnose_by(&inputs, |check| BEFORE_DEPLOY.contains(&check.id), false).findings;
    found.into_iter().map(|finding| finding.summary).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checks_before_a_deploy_exist() {
        for id in BEFORE_DEPLOY {
            assert!(TABLE.iter().any(|(check, _)| check.id == *id), "there is no check {id}");
        }
    }
}
