//! Which requests reach which process.

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::counting::is_in_no_rule;
use crate::model::{Key, Source, TargetGroup, clean, resource_name};

const IN_NO_RULE: Grade = Grade::new(FindingSeverity::Info, "no rule leads to it, beside a process that gets requests");

pub static PROCESS_IN_NO_RULE: Check = Check {
    id: "process-in-no-rule",
    topic: Topic::Routing,
    inputs: &["TargetGroups", "TargetGroupTags", "TargetHealth"],
    grades: &[IN_NO_RULE],
    needs: "the list of target groups, and which of them are proven to be the environment's",
    sentence: "No rule leads to a process of the environment.",
    explanation: "Its instances are registered and get no requests; AWS calls the targets unused. They are not counted as \
                  missing. It is left over, or its rule was not written yet.",
    advice: "Add a rule for the process to a listener, or remove the process.",
};

pub fn process_in_no_rule(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let is_led_to = |group: &&Key<TargetGroup>| !is_in_no_rule(inputs.snapshot, group);
    let (led_to, others): (Vec<_>, Vec<_>) = inputs.proven().map(|group| &group.key).partition(is_led_to);
    if led_to.is_empty() || others.is_empty() {
        let list = Source::TargetGroups(inputs.snapshot.scope);
        return run.doubted(inputs.reliability.doubt(&list).or(inputs.targets_doubt()));
    }
    for group in others {
        let words = format!("no rule leads to target group {}", clean(resource_name(&group.id)));
        run.found(IN_NO_RULE, FindingSubject::TargetGroup(group.clone()), words, Vec::new());
    }
}
