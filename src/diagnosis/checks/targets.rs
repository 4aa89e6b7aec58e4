//! The health of an environment's targets.

use std::time::Duration;

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{
    EnvironmentStatus, Key, Target, TargetCounts, TargetGroup, TargetState, clean, counted, span_words,
};

/// What we did not see begin, and have seen for no longer than this, may have lasted for any time.
const SHORT: Duration = Duration::from_secs(60);

const INPUTS: &[&str] =
    &["LoadBalancers", "TargetGroups", "TargetGroupTags", "Resources", "AutoScalingGroup", "TargetHealth"];
const NEEDS: &str = "target groups that are proven to be the environment's, and the health of their targets";

const NONE: Grade = Grade::new(FindingSeverity::Critical, "{} healthy targets").at(Threshold::Count(0)).attention(0);
const FAILING: Grade = Grade::new(FindingSeverity::Warning, "one target or more, beside a healthy one").attention(2);
const UNAVAILABLE: Grade =
    Grade::new(FindingSeverity::Warning, "one target or more, beside a healthy one").attention(2);
const UNUSED: Grade = Grade::new(FindingSeverity::Warning, "one target or more, beside a healthy one").attention(3);

pub static NO_HEALTHY_TARGET: Check = Check {
    id: "no-healthy-target",
    topic: Topic::Targets,
    inputs: INPUTS,
    grades: &[NONE],
    needs: NEEDS,
    sentence: "No target is healthy.",
    explanation: "Without a registered target the load balancer answers with 503. With targets of which none is healthy \
                  it fails open: it sends requests to all of them, so that some may still be answered.",
    advice: "Compare the health check's path, port and matcher with what the application answers on the instance, then \
             the security group of the instances.",
};

pub static FAILING_TARGET: Check = Check {
    id: "failing-target",
    topic: Topic::Targets,
    inputs: INPUTS,
    grades: &[FAILING],
    needs: NEEDS,
    sentence: "A target fails its health check.",
    explanation: "The load balancer sends it no requests; the other targets carry its share.",
    advice: "Read the reason code of the target, and the log of its instance.",
};

pub static UNAVAILABLE_TARGET: Check = Check {
    id: "unavailable-target",
    topic: Topic::Targets,
    inputs: INPUTS,
    grades: &[UNAVAILABLE],
    needs: NEEDS,
    sentence: "The load balancer does not know the health of a target.",
    explanation: "Elastic Load Balancing failed to check it, or health checks are off for its group. It is not known whether \
                  it could answer.",
    advice: "Wait some minutes; if it stays so, look at AWS's own health page for the region.",
};

pub static UNUSED_TARGET: Check = Check {
    id: "unused-target",
    topic: Topic::Targets,
    inputs: INPUTS,
    grades: &[UNUSED],
    needs: NEEDS,
    sentence: "A registered target gets no traffic.",
    explanation: "Its instance is stopped, or its zone is not enabled for the load balancer. AWS's description of the \
                  target says which.",
    advice: "Start or replace the instance, or add a subnet of its zone to the load balancer (ELBSubnets).",
};

/// Returns the targets by state, which may be of the past; a doubt about them is added where nothing is found.
fn counts(inputs: &Inputs<'_>) -> Option<TargetCounts> {
    inputs.targets().value().copied()
}

pub fn no_healthy_target(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(counts) = counts(inputs).filter(|counts| is_without(counts, &inputs.environment.status)) else {
        return run.doubted(inputs.targets_doubt());
    };
    let words = match failing(inputs) {
        Some(failing) if failing.count == 1 => {
            format!("no healthy target: {} {}", clean(&failing.first.id), failing.how)
        }
        Some(failing) => format!("no healthy target: {} fail, the first {}", failing.count, failing.how),
        None if counts.expected == 0 => "no target is registered".into(),
        None if counts.initial > 0 => format!("no healthy target: {} in first health check", counts.initial),
        None if counts.unavailable > 0 => format!("no healthy target: {}", unavailable(inputs, &counts)),
        None => format!("no healthy target: {}", unused(inputs, &counts)),
    };
    run.found(NONE, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}

/// An environment that is being made or unmade has none for a while.
fn is_without(counts: &TargetCounts, status: &EnvironmentStatus) -> bool {
    let has_none = counts.expected + counts.draining == 0 && *status == EnvironmentStatus::Ready;
    has_none || counts.is_without_healthy()
}

pub fn failing_target(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let has_healthy = counts(inputs).is_some_and(|counts| counts.healthy > 0);
    let Some(failing) = failing(inputs).filter(|_| has_healthy) else { return run.doubted(inputs.targets_doubt()) };
    let words = match failing.count {
        1 => format!("{} {}", clean(&failing.first.id), failing.how),
        count => format!("{count} targets fail, the first {}", failing.how),
    };
    run.found(FAILING, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}

pub fn unavailable_target(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let is_found = |counts: &TargetCounts| counts.unavailable > 0 && counts.healthy > 0;
    let Some(counts) = counts(inputs).filter(is_found) else { return run.doubted(inputs.targets_doubt()) };
    let words = unavailable(inputs, &counts);
    run.found(UNAVAILABLE, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}

fn unavailable(inputs: &Inputs<'_>, counts: &TargetCounts) -> String {
    let of = format!("health of {} of {} unavailable", counts.unavailable, counted(counts.expected, "target"));
    with_reason(of, inputs, |state| matches!(state, TargetState::Unavailable | TargetState::Other(_)))
}

fn unused(inputs: &Inputs<'_>, counts: &TargetCounts) -> String {
    let of = format!("{} of {} without traffic", counts.unused, counted(counts.expected, "target"));
    with_reason(of, inputs, |state| *state == TargetState::Unused)
}

/// Returns the text, and the reason of the first target in such a state.
fn with_reason(words: String, inputs: &Inputs<'_>, is_meant: fn(&TargetState) -> bool) -> String {
    let first = targets(inputs).find(|(_, target)| is_meant(&target.state));
    match first.and_then(|(_, target)| target.reason_words()) {
        Some(reason) => format!("{words}: {}", clean(&reason)),
        None => words,
    }
}

/// The targets that are counted, each with its group.
fn targets<'a>(inputs: &Inputs<'a>) -> impl Iterator<Item = (&'a Key<TargetGroup>, &'a Target)> {
    let inventory = inputs.inventory();
    let of_group =
        |key: &'a Key<TargetGroup>| inventory.targets.get(key).into_iter().flatten().map(move |it| (key, it));
    inputs.counted().into_iter().flat_map(of_group)
}

pub fn unused_target(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let is_found = |counts: &TargetCounts| counts.unused > 0 && counts.healthy > 0;
    let Some(counts) = counts(inputs).filter(is_found) else { return run.doubted(inputs.targets_doubt()) };
    let words = format!("{} of {}: no traffic", counts.unused, counted(counts.expected, "target"));
    run.found(UNUSED, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}

/// The targets that fail their health check, of the groups whose targets are counted.
struct Failing<'a> {
    count: usize,
    first: &'a Target,
    /// The reason of the first, the path of its health check, and since when.
    how: String,
}

fn failing<'a>(inputs: &Inputs<'a>) -> Option<Failing<'a>> {
    let inventory = inputs.inventory();
    let mut failing = targets(inputs).filter(|(_, target)| target.state == TargetState::Unhealthy).peekable();
    let (group, first) = *failing.peek()?;
    let reason = first.reason_words().unwrap_or_else(|| "unhealthy".into());
    // The time since we began to look is not the age of the fault.
    let seen = inventory.seen(group, first).filter(|seen| seen.exact || inputs.now().since(seen.at) >= SHORT);
    let since = seen.map_or(String::new(), |seen| {
        format!(" for {}{}", if seen.exact { "" } else { "≥" }, span_words(inputs.now().since(seen.at)))
    });
    let checked = inventory.target_groups.get(group).and_then(|group| group.health_check.path.as_deref());
    let path = checked.map_or(String::new(), |path| format!(" on {}", clean(path)));
    Some(Failing { count: failing.count(), first, how: format!("{}{path}{since}", clean(&reason)) })
}
