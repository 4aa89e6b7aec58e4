//! How the Auto Scaling group is set up: what is suspended in it, when it ends an instance, how large it may become.

use std::time::Duration;

use super::scaling::groups;
use crate::diagnosis::check::{Check, FindingSeverity, Grade, Threshold, Topic};
use crate::diagnosis::finding::{CheckRun, FindingSubject};
use crate::diagnosis::fix::Fix;
use crate::diagnosis::inputs::Inputs;
use crate::model::{AutoScalingGroup, TargetGroup, clean};

/// The processes without which failing targets stay, or new ones get no requests.
const NEEDED: [&str; 5] = ["Launch", "Terminate", "HealthCheck", "ReplaceUnhealthy", "AddToLoadBalancer"];
/// A group that may have no more instances has none to spare.
const ALONE: u64 = 1;

const SUSPENDED: Grade = Grade::new(
    FindingSeverity::Warning,
    "one of Launch, Terminate, HealthCheck, ReplaceUnhealthy, AddToLoadBalancer is suspended, and no update is in progress",
);
const HASTY: Grade = Grade::new(
    FindingSeverity::Warning,
    "the health check type is ELB, and the grace period is shorter than the health check takes to pass",
);
const SINGLE: Grade =
    Grade::new(FindingSeverity::Info, "MaxSize is {}, behind a load balancer").at(Threshold::Count(ALONE));

const INPUTS: &[&str] = &["Environments", "Resources", "AutoScalingGroup"];
const NEEDS: &str = "the Auto Scaling groups of the environment";

pub static SUSPENDED_PROCESSES: Check = Check {
    id: "suspended-scaling-processes",
    topic: Topic::AutoScaling,
    inputs: INPUTS,
    grades: &[SUSPENDED],
    needs: NEEDS,
    sentence: "Processes of the Auto Scaling group are suspended.",
    explanation: "Without ReplaceUnhealthy, HealthCheck or Terminate nothing replaces a failing instance, without Launch none \
                  is added, and without AddToLoadBalancer a new one gets no requests. Beanstalk suspends some of them \
                  during an update, and an update that was cut short may leave them so.",
    advice: "Resume the processes (aws autoscaling resume-processes).",
};

pub static SHORT_GRACE: Check = Check {
    id: "short-grace-period",
    topic: Topic::AutoScaling,
    inputs: &["Resources", "AutoScalingGroup", "TargetGroups", "TargetGroupTags"],
    grades: &[HASTY],
    needs: "the Auto Scaling groups of the environment, and its target groups",
    sentence: "New instances are judged before they can be healthy.",
    explanation: "With the health check type ELB the Auto Scaling group ends an instance that fails the load balancer's check \
                  once its grace period is over. If that is shorter than the start, instances are replaced for ever.",
    advice: "Raise HealthCheckGracePeriod of the Auto Scaling group above the time that an instance takes to start.",
};

pub static SINGLE_INSTANCE: Check = Check {
    id: "one-instance-only",
    topic: Topic::AutoScaling,
    inputs: INPUTS,
    grades: &[SINGLE],
    needs: NEEDS,
    sentence: "A load-balanced environment may have one instance only.",
    explanation: "There is no second zone, and a deployment in place or a replacement interrupts the service.",
    advice: "Raise MaxSize and MinSize of aws:autoscaling:asg to 2.",
};

fn subject(inputs: &Inputs<'_>) -> FindingSubject {
    FindingSubject::Environment(inputs.key().clone())
}

pub fn suspended_processes(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if inputs.environment.status != crate::model::EnvironmentStatus::Ready {
        return;
    }
    let Some(groups) = groups(inputs, run) else { return };
    let suspended = groups.iter().flat_map(|group| &group.suspended).filter(|name| NEEDED.contains(&&***name));
    let mut names: Vec<_> = suspended.map(|name| clean(name)).collect();
    names.sort();
    names.dedup();
    if !names.is_empty() {
        let words = format!("the Auto Scaling group has {} suspended", names.join(", "));
        run.found(SUSPENDED, subject(inputs), words, Vec::new());
    }
}

pub fn short_grace(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    let Some(groups) = groups(inputs, run) else { return };
    let judges = |group: &&&AutoScalingGroup| group.health_check_type.as_deref().is_some_and(|it| it.contains("ELB"));
    let Some((group, grace)) = groups.iter().find(judges).and_then(|it| Some((it, it.grace_seconds?))) else { return };
    let own = inputs.groups();
    if own.is_empty() {
        return run.doubted(inputs.targets_doubt());
    }
    let needed = own.iter().filter_map(|group| first_pass(group)).max().unwrap_or_default();
    if Duration::from_secs(grace.max(0) as u64) < needed {
        let (name, needed) = (clean(&group.key.id), needed.as_secs());
        let words = format!("{name} judges instances after {grace} s, and a health check takes {needed} s to pass");
        run.found(HASTY, subject(inputs), words, Vec::new());
    }
}

/// How long a target takes at least to be called healthy.
fn first_pass(group: &TargetGroup) -> Option<Duration> {
    let (interval, passes) = (group.health_check.interval?, group.health_check.healthy_threshold?);
    Some(Duration::from_secs(interval.max(0).saturating_mul(passes.max(0)) as u64))
}

pub fn single_instance(inputs: &Inputs<'_>, run: &mut CheckRun<'_>) {
    if !inputs.link.balancer.is_application() {
        return;
    }
    let Some(groups) = groups(inputs, run) else { return };
    if !groups.is_empty() && groups.iter().map(|group| i64::from(group.size.1)).sum::<i64>() <= ALONE as i64 {
        let fix = Fix::Option { namespace: "aws:autoscaling:asg", name: "MaxSize", value: "2" };
        run.found_with_fix(SINGLE, subject(inputs), "it may have one instance only".into(), fix);
    }
}
