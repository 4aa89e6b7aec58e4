//! Whether clients stay with their target.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::stickiness::Stickiness;
use crate::model::Service;

const MIXED: Grade = Grade::new(FindingSeverity::Warning, "the target groups of one environment differ");

pub static MIXED_STICKINESS: Check = Check {
    id: "mixed-stickiness",
    topic: Topic::Stickiness,
    inputs: &["TargetGroups", "TargetGroupTags", "TargetGroupAttributes"],
    grades: &[MIXED],
    needs: "the attributes of all its target groups",
    sentence: "The target groups of one environment differ in their stickiness.",
    explanation: "A client stays with its target for some paths and not for others, or for different times. That is right \
                  only where the processes need it differently.",
    advice: "Set the stickiness of each process to what it needs.",
};

pub fn mixed_stickiness(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(stickiness) = run.known(Service::Elb, inputs.stickiness()) else { return };
    if severity_of_stickiness(stickiness).is_some() {
        let words = "its target groups differ in their stickiness";
        run.found(MIXED, FindingSubject::Environment(inputs.key().clone()), words.into(), Vec::new());
    }
}

/// Returns how bad the stickiness of an environment is by itself; `None` if it is not.
#[must_use]
pub fn severity_of_stickiness(stickiness: Stickiness) -> Option<FindingSeverity> {
    (stickiness == Stickiness::Mixed).then_some(MIXED.severity)
}
