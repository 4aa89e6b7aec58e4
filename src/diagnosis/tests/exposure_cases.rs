//! Instances with and without public addresses, behind security groups that admit the internet or do not.

use super::cases::{Case, DENIED, case};
use super::objects::{SCOPE, group};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::Warning;
use crate::model::{Answer, Instance, Key, SecurityGroup, Source, TrafficSource};

fn group_key() -> Key<SecurityGroup> {
    Key::new(SCOPE, "sg-instances")
}

fn instance_key(place: usize) -> Key<Instance> {
    Key::new(SCOPE, format!("i-{place}"))
}

/// Both instances, with or without public addresses, behind a group that admits a source on this port.
fn instances(stage: &mut Stage, is_public: bool, port: i32, source: &TrafficSource) {
    for place in 0..2 {
        let address = format!("203.0.113.{place}");
        stage.instance(place, is_public.then_some(&*address), &[&group_key().id]);
    }
    let mut admitting = stage.snapshot.inventory.security_groups.values().next().unwrap().clone();
    admitting.key = group_key();
    admitting.ingress.truncate(1);
    admitting.ingress[0].ports = Some((port, port));
    admitting.ingress[0].source = source.clone();
    stage.put(Source::SecurityGroup(group_key()), Answer::SecurityGroups(vec![admitting]));
}

fn everybody() -> TrafficSource {
    TrafficSource::Ipv4("0.0.0.0/0".into())
}

fn without_instance(stage: &mut Stage) {
    instances(stage, true, 8080, &everybody());
    stage.snapshot.inventory.instances.remove(&instance_key(1));
    stage.doubt(Source::Instance(instance_key(1)), DENIED);
}

fn without_group(stage: &mut Stage) {
    instances(stage, true, 80, &everybody());
    stage.snapshot.inventory.security_groups.remove(&group_key());
    stage.doubt(Source::SecurityGroup(group_key()), DENIED);
}

fn without_targets(stage: &mut Stage) {
    instances(stage, false, 80, &everybody());
    stage.snapshot.inventory.targets.clear();
    stage.doubt(Source::TargetHealth(group()), DENIED);
}

/// Each case, by its check.
#[rustfmt::skip]
pub const EXPOSURE_CASES: &[Case] = &[
    case("instances-reachable-past-load-balancer", "public, and open to IPv4", Found(Warning), |it| instances(it, true, 80, &everybody())),
    case("instances-reachable-past-load-balancer", "public, and open to IPv6", Found(Warning), |it| instances(it, true, 80, &TrafficSource::Ipv6("::/0".into()))),
    case("instances-reachable-past-load-balancer", "public, and open on another port", Clear, |it| instances(it, true, 8080, &everybody())),
    case("instances-reachable-past-load-balancer", "public, and open to the load balancer", Clear, |it| instances(it, true, 80, &TrafficSource::Group("sg-1".into(), None))),
    case("instances-reachable-past-load-balancer", "public, and open to an office", Clear, |it| instances(it, true, 80, &TrafficSource::Ipv4("198.51.100.0/24".into()))),
    case("instances-reachable-past-load-balancer", "not public, and open", Clear, |it| instances(it, false, 80, &everybody())),
    case("instances-reachable-past-load-balancer", "an instance denied", Undecided, without_instance),
    case("instances-reachable-past-load-balancer", "a security group denied", Undecided, without_group),
    case("instances-reachable-past-load-balancer", "targets denied", Undecided, without_targets),
];
