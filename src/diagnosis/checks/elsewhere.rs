//! Target groups that no environment owns, and that an environment's instances are in.

use std::sync::Arc;

use crate::diagnosis::check::{Check, FindingSeverity, Grade, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::inputs::Inputs;
use crate::model::{Set, Source, Target, TargetGroup, TargetState, clean, counted};

const ELSEWHERE: Grade = Grade::new(
    FindingSeverity::Warning,
    "a load balancer sends to a target group that no environment owns, and an instance is in it",
);

pub static FOREIGN_TARGET_GROUP: Check = Check {
    id: "instance-in-foreign-target-group",
    topic: Topic::AutoScaling,
    inputs: &["LoadBalancers", "TargetGroups", "Resources", "TargetHealth"],
    grades: &[ELSEWHERE],
    needs: "the instances of the environment, and the targets of the target groups that no environment owns",
    sentence: "An instance also gets requests from a target group that is not the environment's.",
    explanation: "It was registered there by hand. Deployments do not drain it in that group, and an instance that replaces it does \
                  not come into it: its requests then fail or stay away. Its settings are none of Beanstalk's.",
    advice: "If it is meant to stay, attach the target group to the Auto Scaling group, so that it follows it; else deregister \
             the instances.",
};

pub fn foreign_target_group(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let link = inputs.link;
    let may_be_own = link.balancer.is_application() && link.groups.is_empty();
    if may_be_own || inputs.reliability.doubt(&Source::TargetGroups(inputs.snapshot.scope)).is_some() {
        return run.doubted(inputs.targets_doubt());
    }
    let mut instances = None;
    for group in inputs.snapshot.unowned_groups_near(link) {
        // What is in it is asked for first, so that an environment costs nothing where there is no such group.
        let instances = match &instances {
            Some(known) => known,
            None => match own_instances(inputs) {
                Some(known) => instances.insert(known),
                None => return run.doubted(inputs.reliability.doubt(&Source::Resources(inputs.key().clone()))),
            },
        };
        let Some(targets) = inputs.inventory().targets.get(&group.key) else {
            run.doubted(inputs.reliability.doubt(&Source::TargetHealth(group.key.clone())));
            continue;
        };
        report(inputs, run, group, targets, instances);
    }
}

/// The ids of the environment's instances, if they were read.
fn own_instances<'a>(inputs: &Inputs<'a>) -> Option<Set<&'a Arc<str>>> {
    let resources = inputs.inventory().resources.get(inputs.key())?;
    Some(resources.instances.iter().collect())
}

fn report(
    inputs: &Inputs<'_>,
    run: &mut CheckRun<'_>,
    group: &TargetGroup,
    targets: &[Target],
    instances: &Set<&Arc<str>>,
) {
    let is_ours = |target: &&Target| instances.contains(&target.id) && target.state != TargetState::Draining;
    let ours: Vec<_> = targets.iter().filter(is_ours).map(|target| &target.id).collect();
    let Some(first) = ours.first() else { return };
    let which = match ours.len() {
        1 => format!("instance {} is", clean(first)),
        several => format!("{} are", counted(several, "instance")),
    };
    let balancers = &inputs.inventory().load_balancers;
    let balancer = group.load_balancers.iter().find_map(|key| balancers.get(key));
    let on = balancer.map(|balancer| format!(" on {}", clean(&balancer.name)));
    let words = format!("{which} also in {}{}, which no environment owns", clean(&group.name), on.unwrap_or_default());
    run.found(ELSEWHERE, FindingSubject::TargetGroup(group.key.clone()), words, Vec::new());
}
