//! Whether what gets an environment's requests is in its Auto Scaling groups, and whether there is enough of it.

use std::sync::Arc;

use super::scaling::groups;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::model::{AutoScalingGroup, Balancer, EnvironmentStatus, Key, Source, TargetState, clean, counted};

/// The fewest instances that production should have.
const LEAST: u64 = 2;

const STRAY: Grade = Grade::new(
    FindingSeverity::Warning,
    "an instance is registered and in none of the groups, and no update is in progress",
);
const ALONE: Grade = Grade::new(FindingSeverity::Warning, "fewer than {}, and the name is one of production's")
    .at(Threshold::Count(LEAST));

pub static STRAY_INSTANCE: Check = Check {
    id: "target-in-no-group",
    topic: Topic::AutoScaling,
    inputs: &["TargetHealth", "Resources", "AutoScalingGroup"],
    grades: &[STRAY],
    needs: "the targets, and the Auto Scaling groups of the environment read after them",
    sentence: "An instance gets requests and is in no Auto Scaling group of the environment.",
    explanation: "It was registered by hand, or detached from its group. Deployments do not reach it, nothing replaces it \
                  when it fails, and its requests are answered by what it was left with.",
    advice: "Deregister the instance from the target group, or attach it to the Auto Scaling group.",
};

pub static ALONE_IN_PRODUCTION: Check = Check {
    id: "one-instance-in-production",
    topic: Topic::AutoScaling,
    inputs: &["Environments", "Resources", "AutoScalingGroup"],
    grades: &[ALONE],
    needs: "the names of production in the configuration, and the Auto Scaling groups of the environment",
    sentence: "An environment of production runs on one instance.",
    explanation: "When the instance fails, is replaced or is updated in place, nothing serves requests until it is back.",
    advice: "Set MinSize of aws:autoscaling:asg to 2, behind a load balancer; or exclude the name from `production`.",
};

pub fn stray_instance(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if inputs.environment.status != EnvironmentStatus::Ready || !inputs.link.balancer.is_application() {
        return;
    }
    let Some(groups) = groups(inputs, run) else { return };
    let inventory = inputs.inventory();
    let mut is_read = false;
    for group in inputs.counted() {
        let source = Source::TargetHealth(group.clone());
        let Some(targets) = inventory.targets.get(group) else {
            run.doubted(inputs.reliability.doubt(&source));
            continue;
        };
        is_read = true;
        let is_member = |id: &Arc<str>| groups.iter().any(|it| it.instances.contains(id));
        let mut registered = targets.iter().filter(|it| it.id.starts_with("i-") && it.state != TargetState::Draining);
        if let Some(target) = registered.find(|target| !is_member(&target.id)) {
            if !groups_are_newer(inputs, &groups, &source) {
                return run.undecided(Why::TooLittle("the Auto Scaling group was read before a target appeared"));
            }
            let words = format!("instance {} is registered, and in no Auto Scaling group of it", clean(&target.id));
            let subject = FindingSubject::TargetGroup(group.clone());
            return run.found(STRAY, subject, words, Vec::new());
        }
    }
    if !is_read {
        run.doubted(inputs.targets_doubt());
    }
}

/// Whether all groups were read no earlier than the targets: an instance that was launched in between is no stray.
fn groups_are_newer(inputs: &Inputs<'_>, groups: &[&AutoScalingGroup], targets: &Source) -> bool {
    let reads = &inputs.snapshot.reads;
    let read = |group: &&&AutoScalingGroup| {
        let key: Key<AutoScalingGroup> = group.key.clone();
        reads.read_at(&Source::AutoScalingGroup(key)) < reads.read_at(targets)
    };
    !groups.iter().any(|group| read(&group))
}

pub fn alone_in_production(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let subject = FindingSubject::Environment(inputs.key().clone());
    match inputs.link.balancer {
        _ if !inputs.declared().is_production => {}
        Balancer::Single => {
            let words = "it is production, and runs on one instance without a load balancer";
            run.found(ALONE, subject, words.into(), Vec::new());
        }
        Balancer::Worker | Balancer::Cluster => {}
        _ => {
            let Some(groups) = groups(inputs, run) else { return };
            let wanted: i64 = groups.iter().map(|group| i64::from(group.size.2)).sum();
            if !groups.is_empty() && wanted < LEAST as i64 {
                let fix = Fix::Option { namespace: "aws:autoscaling:asg", name: "MinSize", value: "2" };
                let instances = counted(wanted, "instance");
                let words = format!("it is production, and its Auto Scaling group wants {instances}");
                run.found_with_fix(ALONE, subject, words, fix);
            }
        }
    }
}
