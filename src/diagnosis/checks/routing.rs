//! Which requests reach which process.

use std::sync::Arc;

use super::listening::with_rules;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::diagnosis::values::counting::is_in_no_rule;
use crate::model::{
    Condition, Key, Priority, Source, TargetGroup, TargetState, clean, counted, forwarded_target_groups, resource_name,
};

const IN_NO_RULE: Grade = Grade::new(FindingSeverity::Info, "no rule leads to it, beside a process that gets requests");

const SPARE: Grade = Grade::new(FindingSeverity::Info, "weight 0 in a rule, and no healthy target");
const BEFORE_OTHERS: Grade =
    Grade::new(FindingSeverity::Warning, "a numbered rule for every request, and others behind it");

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

pub static DEAD_SPARE: Check = Check {
    id: "spare-group-without-healthy-target",
    topic: Topic::Routing,
    inputs: &["Listeners", "Rules", "TargetHealth"],
    grades: &[SPARE],
    needs: "the rules of the load balancer's listeners, and the health of the targets of a group with weight 0",
    sentence: "A target group with weight 0 has no healthy target.",
    explanation: "It gets no requests now. As soon as its weight is raised they go to targets that do not answer.",
    advice: "Repair the targets before the weight is raised, or take the group out of the rule.",
};

pub fn dead_spare(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let mut spare: Vec<_> = Vec::new();
    for (_, rules) in with_rules(inputs, run) {
        let forwards = rules.iter().flat_map(|rule| forwarded_target_groups(&rule.actions));
        spare.extend(forwards.filter(|it| it.weight == 0).map(|it| &it.target_group));
    }
    spare.sort();
    spare.dedup();
    for group in spare.into_iter().filter(|group| inputs.link.groups.iter().any(|own| own.key == **group)) {
        let Some(targets) = inputs.inventory().targets.get(group) else {
            run.doubted(inputs.reliability.doubt(&Source::TargetHealth(group.clone())));
            continue;
        };
        if !targets.iter().any(|target| target.state == TargetState::Healthy) {
            let words = format!("{} has weight 0 and no healthy target", clean(resource_name(&group.id)));
            run.found(SPARE, FindingSubject::TargetGroup(group.clone()), words, Vec::new());
        }
    }
}

pub static SHADOWED_RULES: Check = Check {
    id: "rules-behind-catch-all",
    topic: Topic::Routing,
    inputs: &["Listeners", "Rules"],
    grades: &[BEFORE_OTHERS],
    needs: "the rules of the load balancer's listeners",
    sentence: "A rule that matches every request comes before others.",
    explanation: "Rules are tried by priority, and the first that matches decides. Those behind a rule that matches every \
                  request are never reached.",
    advice: "Give the rule a greater priority number than the others, or make it the default action.",
};

pub fn shadowed_rules(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    for (listener, rules) in with_rules(inputs, run) {
        // By priority, the default one last.
        let numbered: Vec<_> = rules.iter().filter(|rule| rule.priority != Priority::Default).collect();
        let Some(place) = numbered.iter().position(|rule| rule.conditions.iter().all(matches_everything)) else {
            continue;
        };
        let behind = numbered.len() - place - 1;
        if behind > 0 {
            let port = listener.port.map_or(String::new(), |port| format!(" on port {port}"));
            let words = format!("a rule{port} matches every request, and {} behind it", counted(behind, "rule"));
            run.found(BEFORE_OTHERS, FindingSubject::Rule(numbered[place].key.clone()), words, Vec::new());
        }
    }
}

pub(super) fn matches_everything(condition: &Condition) -> bool {
    let is_all = |value: &Arc<str>| match &*condition.field {
        "path-pattern" => matches!(&**value, "*" | "/*"),
        "host-header" => &**value == "*",
        _ => false,
    };
    condition.values.iter().any(is_all)
}
