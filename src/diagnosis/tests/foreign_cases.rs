//! Target groups that no environment owns, with and without the environment's instances; and how many connections are open.

use std::cell::OnceCell;

use super::cases::{Case, DENIED, case};
use super::objects::{SCOPE, environment, group, group_of};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::Warning;
use crate::diagnosis::{CheckFigures, Declared};
use crate::model::TargetState::{Draining, Healthy, Unhealthy};
use crate::model::{Answer, EnvironmentResources, Key, Known, LoadBalancer, Source, Target, TargetGroup, TargetState};

fn foreign() -> Key<TargetGroup> {
    Key::new(SCOPE, "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/by-hand/95a4f8de46faC289")
}

fn foreign_balancer() -> LoadBalancer {
    let arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/by-hand/61ed7d36d6ad1299";
    LoadBalancer::new(Key::new(SCOPE, arn), "by-hand")
}

/// A load balancer made by hand, whose target group has this target.
fn by_hand(stage: &mut Stage, instance: &str, health: TargetState) {
    listed_by_hand(stage, |_| ());
    let target = Target {
        id: instance.into(),
        port: Some(80),
        availability_zone: None,
        state: health,
        reason: None,
        description: None,
    };
    stage.put(Source::TargetHealth(foreign()), Answer::TargetHealth(foreign(), vec![target]));
}

/// The same, of whose targets nothing is known.
fn listed_by_hand(stage: &mut Stage, change: impl FnOnce(&mut TargetGroup)) {
    let mut groups: Vec<_> = stage.snapshot.inventory.target_groups.values().cloned().collect();
    let mut other = TargetGroup {
        load_balancers: vec![foreign_balancer().key],
        vpc: Some("vpc-1".into()),
        ..group_of(&foreign(), 80)
    };
    change(&mut other);
    groups.push(other);
    let mut balancers: Vec<_> = stage.snapshot.inventory.load_balancers.values().cloned().collect();
    balancers[0].vpc = Some("vpc-1".into());
    balancers.push(foreign_balancer());
    stage.put(Source::LoadBalancers(SCOPE), Answer::LoadBalancers(balancers));
    stage.put(Source::TargetGroups(SCOPE), Answer::TargetGroups(groups));
    let resources = EnvironmentResources {
        instances: vec!["i-0".into(), "i-1".into()],
        ..stage.snapshot.inventory.resources[&environment()].clone()
    };
    stage.put(Source::Resources(environment()), Answer::Resources(resources));
}

fn without_targets(stage: &mut Stage) {
    listed_by_hand(stage, |_| ());
    stage.doubt(Source::TargetHealth(foreign()), DENIED);
}

fn without_resources(stage: &mut Stage) {
    by_hand(stage, "i-0", Healthy);
    stage.snapshot.inventory.resources.clear();
    stage.doubt(Source::Resources(environment()), DENIED);
}

/// So many connections, at two healthy targets.
fn connections(stage: &mut Stage, connections: f64, worker_connections: Option<u32>) {
    let figures = CheckFigures { requests: 1000.0, connections, ..CheckFigures::default() };
    stage.values.check_figures = OnceCell::from(Known::Read(figures));
    stage.declared = Declared { worker_connections, ..stage.declared };
}

fn without_healthy_targets(stage: &mut Stage) {
    connections(stage, 9000.0, Some(1024));
    stage.targets(&[Unhealthy, Unhealthy]);
}

fn without_health(stage: &mut Stage) {
    connections(stage, 9000.0, Some(1024));
    stage.snapshot.inventory.targets.clear();
    stage.doubt(Source::TargetHealth(group()), DENIED);
}

/// Each case, by its check.
#[rustfmt::skip]
pub const FOREIGN_CASES: &[Case] = &[
    case("instance-in-foreign-target-group", "an instance of it", Found(Warning), |it| by_hand(it, "i-1", Healthy)),
    case("instance-in-foreign-target-group", "an instance of it that fails there", Found(Warning), |it| by_hand(it, "i-1", Unhealthy)),
    case("instance-in-foreign-target-group", "an instance of it that is leaving", Clear, |it| by_hand(it, "i-1", Draining)),
    case("instance-in-foreign-target-group", "an instance of another one", Clear, |it| by_hand(it, "i-77", Healthy)),
    case("instance-in-foreign-target-group", "a group in another VPC, not read", Clear, |it| listed_by_hand(it, |it| it.vpc = Some("vpc-2".into()))),
    case("instance-in-foreign-target-group", "a group of addresses, not read", Clear, |it| listed_by_hand(it, |it| it.target_type = Some("ip".into()))),
    case("instance-in-foreign-target-group", "a group without a load balancer, not read", Clear, |it| listed_by_hand(it, |it| it.load_balancers.clear())),
    case("instance-in-foreign-target-group", "targets denied", Undecided, without_targets),
    case("instance-in-foreign-target-group", "resources denied", Undecided, without_resources),
    case("connections-near-limit", "half of what is configured", Found(Warning), |it| connections(it, 16_384.0, Some(16_384))),
    case("connections-near-limit", "less than half of what is configured", Clear, |it| connections(it, 16_383.0, Some(16_384))),
    case("connections-near-limit", "nothing is configured", Clear, |it| connections(it, 90_000.0, None)),
    case("connections-near-limit", "no healthy target to divide by", Clear, without_healthy_targets),
    case("connections-near-limit", "not read", Undecided, |it| it.declared.worker_connections = Some(1024)),
    case("connections-near-limit", "targets denied", Undecided, without_health),
];
