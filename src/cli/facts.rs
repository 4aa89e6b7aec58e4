//! The facts of environments, load balancers and target groups in the JSON answers. The names of the fields are a
//! contract: fields may be added, never renamed.

use crate::model::Map;
use std::sync::Arc;

use serde::Serialize;

use super::reading::Reading;
use crate::diagnosis::{Attention, Judgement};
use crate::model::Snapshot;
use crate::model::{
    Attributes, Balancer, Environment, EnvironmentLink, Key, LinkedGroup, LoadBalancer, Source, TargetCounts,
    TargetGroup, load_balancer_name, processes_of, resource_name,
};

/// An environment alone.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EnvironmentFacts {
    /// Its name.
    pub environment: Option<Arc<str>>,
    /// Its id.
    pub environment_id: Option<Arc<str>>,
    application: Option<Arc<str>>,
    version: Option<Arc<str>>,
    status: Option<Arc<str>>,
    health: Option<Arc<str>>,
    health_status: Option<Arc<str>>,
    tier: Option<Arc<str>>,
    platform: Option<Arc<str>>,
    cname: Option<Arc<str>>,
    balancer: Option<&'static str>,
    /// How many of its alarms are in ALARM, those that scale left out; `None`: they were not read.
    alarms_in_alarm: Option<usize>,
}

impl EnvironmentFacts {
    /// Returns the facts of an environment.
    pub fn new(known: &Snapshot, environment: &Environment) -> Self {
        let balancer = known.topology.link(&environment.key).map_or(Balancer::Unknown, |link| link.balancer);
        Self {
            environment: Some(Arc::clone(&environment.name)),
            environment_id: Some(Arc::clone(&environment.key.id)),
            application: Some(Arc::clone(&environment.application)),
            version: environment.version.clone(),
            status: Some(environment.status.as_str().into()),
            health: environment.health.as_ref().map(|colour| colour.as_str().into()),
            health_status: environment.health_status.as_ref().map(|status| status.as_str().into()),
            tier: environment.tier.as_ref().map(|tier| tier.as_str().into()),
            platform: environment.platform.clone(),
            cname: environment.cname.clone(),
            balancer: Some(balancer.as_str()),
            alarms_in_alarm: is_read(known).then(|| known.raised_alarms(environment).len()),
        }
    }
}

/// Whether all alarms in ALARM were read.
fn is_read(known: &Snapshot) -> bool {
    known.reads.is_whole(&Source::RaisedAlarms(known.scope))
}

/// Whether an environment needs attention, and why.
#[derive(Clone, Debug, Serialize)]
pub struct AttentionFacts {
    /// `None`: it is not known.
    needed: Option<bool>,
    /// The check that found the most urgent reason.
    check: Option<&'static str>,
    severity: Option<&'static str>,
    /// What was found; why it is not known.
    message: Option<String>,
    /// How many findings that might need it are silenced.
    silenced: usize,
}

impl AttentionFacts {
    /// By what was read; `None` if the environment is not known.
    pub fn new(reading: &Reading, environment: &Key<Environment>) -> Option<Self> {
        let freshness = reading.freshness();
        let inputs = reading.checks().inputs(reading.known(), &freshness, environment)?;
        let (judgement, diagnosis) = Judgement::with_reason(&inputs, &reading.silenced(&inputs.environment.name));
        let finding = diagnosis.most_urgent();
        let (needed, message) = match judgement.attention {
            Attention::Needs(..) => (Some(true), finding.map(|finding| finding.summary.clone())),
            Attention::Fine => (Some(false), None),
            Attention::Unknown(doubt) => (None, Some(doubt.reason())),
            Attention::Unread => (None, judgement.health_doubt.or(judgement.targets_doubt).map(|it| it.reason())),
        };
        let severity = finding.map(|finding| finding.severity().as_str());
        Some(Self {
            needed,
            check: finding.map(|finding| finding.check.id),
            severity,
            message,
            silenced: diagnosis.silenced.len(),
        })
    }
}

/// A load balancer alone.
#[derive(Clone, Debug, Serialize)]
pub struct LoadBalancerFacts {
    name: Arc<str>,
    arn: Arc<str>,
    dns_name: Option<Arc<str>>,
    scheme: Option<Arc<str>>,
}

impl LoadBalancerFacts {
    /// Returns its facts; the ARN contains its name even where it could not be read.
    pub fn new(known: &Snapshot, key: &Key<LoadBalancer>) -> Self {
        let read = known.inventory.load_balancers.get(key);
        Self {
            name: read.map_or_else(|| load_balancer_name(&key.id).into(), |it| Arc::clone(&it.name)),
            arn: Arc::clone(&key.id),
            dns_name: read.and_then(|it| it.dns_name.clone()),
            scheme: read.and_then(|it| it.scheme.as_ref()).map(|scheme| scheme.as_str().into()),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// A target group of an environment.
#[derive(Clone, Debug, Serialize)]
pub struct GroupFacts {
    name: Arc<str>,
    /// Its ARN.
    pub arn: Arc<str>,
    protocol: Option<Arc<str>>,
    port: Option<i32>,
    process: Option<Arc<str>>,
    strength: &'static str,
    stickiness_enabled: Option<bool>,
    healthy: Option<u32>,
    total: Option<u32>,
    draining: Option<u32>,
}

impl GroupFacts {
    fn new(known: &Snapshot, linked: &LinkedGroup, process: Option<Arc<str>>) -> Self {
        let read = known.inventory.target_groups.get(&linked.key);
        let counts = targets(known, &linked.key);
        Self {
            name: group_name(known, &linked.key),
            arn: Arc::clone(&linked.key.id),
            protocol: read.and_then(|it| it.protocol.clone()),
            port: read.and_then(|it| it.port),
            process,
            strength: linked.evidence.strength().as_str(),
            stickiness_enabled: known.inventory.target_group_attributes.get(&linked.key).and_then(is_sticky),
            healthy: counts.map(|it| it.healthy),
            total: counts.map(|it| it.expected),
            draining: counts.map(|it| it.draining),
        }
    }
}

/// Returns a target group's name; the ARN contains it where the group could not be read.
pub fn group_name(known: &Snapshot, key: &Key<TargetGroup>) -> Arc<str> {
    let read = known.inventory.target_groups.get(key);
    read.map_or_else(|| resource_name(&key.id).into(), |group| Arc::clone(&group.name))
}

/// The targets of a group by state.
fn targets(known: &Snapshot, group: &Key<TargetGroup>) -> Option<TargetCounts> {
    Some(known.inventory.targets.get(group)?.iter().collect())
}

fn is_sticky(attributes: &Attributes) -> Option<bool> {
    attributes.get("stickiness.enabled").map(|value| &**value == "true")
}

/// Returns the target groups of an environment; `None` if their sources could not be read.
pub fn groups(known: &Snapshot, environment: &Environment) -> Option<Vec<GroupFacts>> {
    let none = EnvironmentLink::default();
    let link = known.topology.link(&environment.key).unwrap_or(&none);
    if link.groups.is_empty() && is_blind(known, environment, link) {
        return None;
    }
    let mut processes = processes(known, environment, link);
    let facts = |linked: &LinkedGroup| GroupFacts::new(known, linked, processes.remove(&linked.key));
    Some(link.groups.iter().map(facts).collect())
}

/// Returns the process of each target group, where it is known.
pub fn processes(
    known: &Snapshot,
    environment: &Environment,
    link: &EnvironmentLink,
) -> Map<Key<TargetGroup>, Arc<str>> {
    let Some(settings) = known.inventory.settings.get(&environment.key) else { return Map::default() };
    let groups: Vec<_> =
        link.groups.iter().filter_map(|linked| known.inventory.target_groups.get(&linked.key)).collect();
    let processes = processes_of(settings, &groups).into_iter();
    groups.iter().zip(processes).filter_map(|(group, process)| Some((group.key.clone(), process?))).collect()
}

/// Whether there may be target groups that a fault keeps from us.
fn is_blind(known: &Snapshot, environment: &Environment, link: &EnvironmentLink) -> bool {
    let failed = |source: Source| known.reads.fault(&source).is_some();
    match link.balancer {
        Balancer::Worker | Balancer::Single | Balancer::Classic | Balancer::Cluster => false,
        _ => {
            failed(Source::TargetGroups(known.scope))
                || failed(Source::LoadBalancers(known.scope))
                || failed(Source::Resources(environment.key.clone()))
        }
    }
}

/// The load balancer of an environment, if it has one that is known.
pub fn load_balancer(known: &Snapshot, environment: &Environment) -> Option<LoadBalancerFacts> {
    let (key, _) = known.topology.link(&environment.key)?.load_balancer.as_ref()?;
    Some(LoadBalancerFacts::new(known, key))
}
