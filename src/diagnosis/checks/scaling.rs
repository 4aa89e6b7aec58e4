//! What the Auto Scaling group does about targets that fail, and in how many zones they are.

use std::sync::Arc;
use std::time::Duration;

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject, Why};
use crate::diagnosis::inputs::Inputs;
use crate::model::{AutoScalingGroup, Key, Set, Source, Target, TargetState, clean, counted, span_words};

/// For so long a target may fail before something should have replaced it.
const LONG: u64 = 600;
/// In so many zones targets should be healthy.
const ZONES: u64 = 2;

const KEPT: Grade = Grade::new(FindingSeverity::Warning, "failing for {} or longer, and the health check type is EC2")
    .at(Threshold::Seconds(LONG));
const FULL: Grade = Grade::new(FindingSeverity::Warning, "a target fails, and the group is as large as it may become");
const ONE_ZONE: Grade =
    Grade::new(FindingSeverity::Warning, "healthy targets in fewer than {} zones, of two targets or more")
        .at(Threshold::Count(ZONES));

const INPUTS: &[&str] = &["TargetHealth", "Resources", "AutoScalingGroup"];
const NEEDS: &str = "the health of the targets, and while one fails the Auto Scaling group";

pub static KEPT_FAILING: Check = Check {
    id: "failed-target-is-kept",
    topic: Topic::AutoScaling,
    inputs: INPUTS,
    grades: &[KEPT],
    needs: NEEDS,
    sentence: "A target has failed for long, and nothing replaces its instance.",
    explanation: "With the health check type EC2 the Auto Scaling group looks only at the instance itself. An instance whose \
                  application is broken stays until it is ended by hand.",
    advice: "Replace the instance; let the group use the health check type ELB if a broken application should be replaced.",
};

pub static FULL_GROUP: Check = Check {
    id: "scaling-at-maximum",
    topic: Topic::AutoScaling,
    inputs: INPUTS,
    grades: &[FULL],
    needs: NEEDS,
    sentence: "Targets fail while the Auto Scaling group is as large as it may become.",
    explanation: "The healthy targets carry the load of the others, and no instance can be added to help them.",
    advice: "Raise MaxSize for a while, or replace the instances that fail.",
};

pub static SINGLE_ZONE: Check = Check {
    id: "healthy-in-one-zone",
    topic: Topic::AutoScaling,
    inputs: &["LoadBalancers", "TargetHealth", "InstancesHealth", "Instance"],
    grades: &[ONE_ZONE],
    needs: "the zone of each healthy target",
    sentence: "All healthy targets are in one zone.",
    explanation: "If the zone fails there is nothing left, though the load balancer has nodes in others.",
    advice: "Let the Auto Scaling group use subnets of two zones or more.",
};

/// The targets that fail, each with how long at least.
fn failing(inputs: &Inputs<'_>) -> Vec<(Arc<str>, Duration)> {
    let inventory = inputs.inventory();
    let mut all = Vec::new();
    for group in inputs.counted() {
        let targets = inventory.targets.get(group).into_iter().flatten();
        let is_failing = |target: &&Target| target.state == TargetState::Unhealthy;
        all.extend(targets.filter(is_failing).map(|target| {
            let since = inventory.seen(group, target).map_or(Duration::ZERO, |seen| inputs.now().since(seen.at));
            (Arc::clone(&target.id), since)
        }));
    }
    all
}

/// The Auto Scaling groups of the environment; `None` with a doubt added if they are not all known.
pub(super) fn groups<'a>(inputs: &Inputs<'a>, run: &mut CheckRun<'_>) -> Option<Vec<&'a AutoScalingGroup>> {
    let Some(resources) = inputs.inventory().resources.get(inputs.key()) else {
        run.doubted(inputs.reliability.doubt(&Source::Resources(inputs.key().clone())));
        return None;
    };
    let mut groups = Vec::new();
    for name in &resources.auto_scaling_groups {
        let key = Key::new(inputs.key().scope, Arc::clone(name));
        let Some(group) = inputs.inventory().auto_scaling_groups.get(&key) else {
            run.doubted(inputs.reliability.doubt(&Source::AutoScalingGroup(key)));
            return None;
        };
        groups.push(group);
    }
    Some(groups)
}

pub fn kept_failing(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let failing = failing(inputs);
    let Some((id, lasting)) = failing.iter().max_by_key(|(_, lasting)| *lasting) else {
        return run.doubted(inputs.targets_doubt());
    };
    if *lasting < Duration::from_secs(LONG) {
        return;
    }
    let Some(groups) = groups(inputs, run) else { return };
    let replaces = |group: &&AutoScalingGroup| group.health_check_type.as_deref().is_some_and(|it| it.contains("ELB"));
    if !groups.iter().any(replaces) {
        let words = format!("{} fails for {}, and nothing replaces it", clean(id), span_words(*lasting));
        run.found(KEPT, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}

pub fn full_group(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if failing(inputs).is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    let Some(groups) = groups(inputs, run) else { return };
    if let Some(group) = groups.iter().find(|group| group.size.2 >= group.size.1) {
        let words =
            format!("targets fail, and the Auto Scaling group has all of its {}", counted(group.size.1, "instance"));
        run.found(FULL, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}

pub fn single_zone(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(counts) = inputs.targets().value().filter(|counts| counts.healthy >= 2) else {
        return run.doubted(inputs.targets_doubt());
    };
    let balancer = inputs.load_balancer().and_then(|key| inputs.inventory().load_balancers.get(key));
    if balancer.is_none_or(|balancer| (balancer.zones.len() as u64) < ZONES) {
        return;
    }
    let targets = inputs.counted().into_iter().filter_map(|group| inputs.inventory().targets.get(group)).flatten();
    let healthy = targets.filter(|target| target.state == TargetState::Healthy);
    let Some(zones) = healthy.map(|target| zone_of(inputs, target)).collect::<Option<Set<_>>>() else {
        return run.undecided(Why::TooLittle("the zone of a target is not known"));
    };
    if let Some(zone) = zones.iter().next().filter(|_| (zones.len() as u64) < ZONES) {
        let words = format!("all {} are in {}", counted(counts.healthy, "healthy target"), clean(zone));
        run.found(ONE_ZONE, FindingSubject::Environment(inputs.key().clone()), words, Vec::new());
    }
}

/// Returns the zone of a target: as it is registered, from EC2, or from Beanstalk's agent.
fn zone_of(inputs: &Inputs<'_>, target: &Target) -> Option<Arc<str>> {
    let key = Key::new(inputs.key().scope, Arc::clone(&target.id));
    let of_instance = || inputs.inventory().instances.get(&key)?.availability_zone.clone();
    let healths = inputs.inventory().instances_health.get(inputs.key());
    let of_health = || healths?.iter().find(|it| it.instance == key)?.availability_zone.clone();
    target.availability_zone.clone().or_else(of_instance).or_else(of_health)
}
