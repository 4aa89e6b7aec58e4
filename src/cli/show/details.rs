//! The answer of `show`: an environment with everything that belongs to it.

use std::sync::Arc;

use serde::Serialize;

use super::routing::{ListenerDetails, listeners};
use crate::app::screens::environment::worst_first;
use crate::change;
use crate::cli::facts::{AttentionFacts, EnvironmentFacts, GroupFacts, LoadBalancerFacts, group_name, groups};
use crate::cli::problem::{Problem, problems};
use crate::cli::reading::Reading;
use crate::model::Snapshot;
use crate::model::{
    Attributes, Environment, EnvironmentLink, EvidenceSet, HealthCheck, Key, Target, TargetGroup, TargetState,
};

/// The whole answer. Nothing but `errors` is there if the environments could not be listed.
#[derive(Debug, Default, Serialize)]
pub struct Details {
    #[serde(flatten)]
    environment: EnvironmentFacts,
    attention: Option<AttentionFacts>,
    causes: Option<Vec<Arc<str>>>,
    load_balancer: Option<LoadBalancerDetails>,
    target_groups: Option<Vec<GroupDetails>>,
    linked_by: Option<Vec<Linked>>,
    listeners: Option<Vec<ListenerDetails>>,
    drift: Option<Vec<DriftItem>>,
    /// What was not compared with an option, and why.
    not_compared: Option<Vec<NotComparedItem>>,
    errors: Vec<Problem>,
}

#[derive(Debug, Serialize)]
struct LoadBalancerDetails {
    #[serde(flatten)]
    facts: LoadBalancerFacts,
    attributes: Option<Attributes>,
}

#[derive(Debug, Serialize)]
struct GroupDetails {
    #[serde(flatten)]
    facts: GroupFacts,
    targets: Option<Vec<TargetDetails>>,
    attributes: Option<Attributes>,
    health_check: Option<HealthCheckDetails>,
}

#[derive(Debug, Serialize)]
struct TargetDetails {
    id: Arc<str>,
    port: Option<i32>,
    availability_zone: Option<Arc<str>>,
    state: Arc<str>,
    reason: Option<Arc<str>>,
    description: Option<Arc<str>>,
    /// As Beanstalk reports it, at the least.
    unhealthy_since: Option<String>,
}

#[derive(Debug, Serialize)]
struct HealthCheckDetails {
    path: Option<Arc<str>>,
    port: Option<Arc<str>>,
    protocol: Option<Arc<str>>,
    interval: Option<i32>,
    timeout: Option<i32>,
    healthy_threshold: Option<i32>,
    unhealthy_threshold: Option<i32>,
    matcher: Option<Arc<str>>,
}

/// A piece of evidence that ties an object to the environment.
#[derive(Debug, Serialize)]
struct Linked {
    object: Arc<str>,
    evidence: &'static str,
    strength: &'static str,
}

#[derive(Debug, Serialize)]
struct DriftItem {
    target_group: Option<Arc<str>>,
    key: Arc<str>,
    live: Arc<str>,
    desired: Arc<str>,
    namespace: Arc<str>,
    option: &'static str,
}

/// Something that was not compared.
#[derive(Debug, Serialize)]
struct NotComparedItem {
    target_group: Option<Arc<str>>,
    what: Arc<str>,
    live: Option<Arc<str>>,
    reason: &'static str,
    message: String,
}

impl Details {
    /// The answer where the environments could not be listed.
    pub fn nothing(errors: Vec<Problem>) -> Self {
        Self { errors, ..Self::default() }
    }

    /// Returns the details of an environment.
    pub fn new(reading: &Reading, environment: &Environment) -> Self {
        let known = reading.known();
        let none = EnvironmentLink::default();
        let link = known.topology.link(&environment.key).unwrap_or(&none);
        let load_balancer = link.load_balancer.as_ref().map(|(key, _)| key);
        let health = known.inventory.environment_health.get(&environment.key);
        let (drift, not_compared) = drift(known, environment).unzip();
        Self {
            environment: EnvironmentFacts::new(known, environment),
            attention: AttentionFacts::new(reading, &environment.key),
            causes: if environment.has_enhanced_health() {
                health.map(|health| health.causes.clone())
            } else {
                Some(Vec::new())
            },
            load_balancer: load_balancer.map(|key| LoadBalancerDetails {
                facts: LoadBalancerFacts::new(known, key),
                attributes: known.inventory.load_balancer_attributes.get(key).cloned(),
            }),
            target_groups: groups(known, environment)
                .map(|facts| facts.into_iter().map(|facts| group(known, environment, facts)).collect()),
            linked_by: Some(linked_by(link)),
            listeners: load_balancer.map_or_else(|| Some(Vec::new()), |key| listeners(known, link, key)),
            drift,
            not_compared,
            errors: problems(reading),
        }
    }
}

fn group(known: &Snapshot, environment: &Environment, facts: GroupFacts) -> GroupDetails {
    let key: Key<TargetGroup> = Key::new(environment.key.scope, Arc::clone(&facts.arn));
    let inventory = &known.inventory;
    GroupDetails {
        targets: inventory.targets.get(&key).map(|_| {
            let targets = worst_first(inventory, &environment.key, &key);
            targets.into_iter().map(|it| target(known, it)).collect()
        }),
        attributes: inventory.target_group_attributes.get(&key).cloned(),
        health_check: inventory.target_groups.get(&key).map(|it| health_check(&it.health_check)),
        facts,
    }
}

/// ELB returns the zone of address targets only; that of an instance comes from EC2.
fn target(known: &Snapshot, target: &Target) -> TargetDetails {
    let instance = known.inventory.instances.get(&Key::new(known.scope, Arc::clone(&target.id)));
    let reported = known.inventory.reported.since(&Key::new(known.scope, Arc::clone(&target.id)));
    let reported = reported.map(|at| at.0.to_string());
    TargetDetails {
        id: Arc::clone(&target.id),
        port: target.port,
        availability_zone: target.availability_zone.clone().or_else(|| instance?.availability_zone.clone()),
        state: target.state.as_str().into(),
        reason: target.reason.clone(),
        description: target.description.clone(),
        unhealthy_since: (target.state == TargetState::Unhealthy).then_some(reported).flatten(),
    }
}

fn health_check(check: &HealthCheck) -> HealthCheckDetails {
    let HealthCheck { protocol, port, path, interval, timeout, healthy_threshold, unhealthy_threshold, matcher } =
        check.clone();
    HealthCheckDetails { path, port, protocol, interval, timeout, healthy_threshold, unhealthy_threshold, matcher }
}

fn linked_by(link: &EnvironmentLink) -> Vec<Linked> {
    let pieces = |object: &Arc<str>, set: EvidenceSet| {
        let object = Arc::clone(object);
        set.iter().map(move |piece| Linked {
            object: Arc::clone(&object),
            evidence: piece.as_str(),
            strength: EvidenceSet::default().with(piece).strength().as_str(),
        })
    };
    let balancer = link.load_balancer.iter().flat_map(|(key, set)| pieces(&key.id, *set));
    let groups = link.groups.iter().flat_map(|group| pieces(&group.key.id, group.evidence));
    balancer.chain(groups).collect()
}

fn drift(known: &Snapshot, environment: &Environment) -> Option<(Vec<DriftItem>, Vec<NotComparedItem>)> {
    let report = change::drift_report(&change::PlanInputs { snapshot: known, environment })?;
    let drift = |it: change::Drift| DriftItem {
        target_group: it.target_group.map(|key| group_name(known, &key)),
        key: it.key,
        live: it.live,
        desired: it.desired,
        namespace: it.namespace,
        option: it.option,
    };
    let not_compared = |it: change::NotCompared| NotComparedItem {
        message: it.sentence(),
        target_group: it.target_group.map(|key| group_name(known, &key)),
        what: it.what,
        live: it.live,
        reason: it.reason.word(),
    };
    let drifts = report.drift.into_iter().map(drift).collect();
    Some((drifts, report.not_compared.into_iter().map(not_compared).collect()))
}
