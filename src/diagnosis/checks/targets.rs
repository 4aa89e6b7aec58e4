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

pub static UNUSED_TARGET: Check = Check {
    id: "unused-target",
    topic: Topic::Targets,
    inputs: INPUTS,
    grades: &[UNUSED],
    needs: NEEDS,
    sentence: "A registered target gets no traffic.",
    explanation: "Its instance is stopped, its zone is not enabled for the load balancer, or no rule leads to its group. \
                  AWS's description of the target says which.",
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
        None => "no healthy target".into(),
    };
    run.found(NONE, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
}

/// An environment that is being made or unmade has none for a while.
fn is_without(counts: &TargetCounts, status: &EnvironmentStatus) -> bool {
    let has_none = counts.expected + counts.draining == 0 && *status == EnvironmentStatus::Ready;
    has_none || counts.is_without_healthy()
}

pub fn failing_target(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let is_found = |counts: &TargetCounts| counts.has_unhealthy() && counts.healthy > 0;
    if counts(inputs).filter(is_found).is_none() {
        return run.doubted(inputs.targets_doubt());
    }
    let words = match failing(inputs) {
        Some(failing) if failing.count == 1 => format!("{} {}", clean(&failing.first.id), failing.how),
        Some(failing) => format!("{} targets fail, the first {}", failing.count, failing.how),
        None => String::new(),
    };
    run.found(FAILING, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
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
    /// The reason of the first, the path that is asked, and since when.
    how: String,
}

fn failing<'a>(inputs: &Inputs<'a>) -> Option<Failing<'a>> {
    let inventory = inputs.inventory();
    let of_group =
        |key: &'a Key<TargetGroup>| inventory.targets.get(key).into_iter().flatten().map(move |it| (key, it));
    let targets = inputs.proven().flat_map(|group| of_group(&group.key));
    let mut failing = targets.filter(|(_, target)| target.state == TargetState::Unhealthy).peekable();
    let (group, first) = *failing.peek()?;
    let reason = first.reason_words().unwrap_or_else(|| "unhealthy".into());
    // How long we have looked says nothing about the fault.
    let seen = inventory.seen(group, first).filter(|seen| seen.exact || inputs.now().since(seen.at) >= SHORT);
    let since = seen.map_or(String::new(), |seen| {
        format!(" for {}{}", if seen.exact { "" } else { "≥" }, span_words(inputs.now().since(seen.at)))
    });
    let checked = inventory.target_groups.get(group).and_then(|group| group.health_check.path.as_deref());
    let path = checked.map_or(String::new(), |path| format!(" on {}", clean(path)));
    Some(Failing { count: failing.count(), first, how: format!("{}{path}{since}", clean(&reason)) })
}
