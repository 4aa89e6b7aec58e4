//! What an environment's attention is judged by, gathered from what was read: the facts, and whether they can be relied on.

use std::time::Duration;

use super::attention::{Attention, Vitals, attention};
use crate::model::{
    Balancer, Doubt, DoubtCause, Environment, EnvironmentLink, EnvironmentStatus, Inventory, Key, LinkedGroup,
    Reliability, Service, Snapshot, Source, Strength, TargetCounts, Tier, runs_different,
};
use crate::polling::Freshness;

/// How long after an update what its instances run may still be what they ran before.
const SETTLED: Duration = Duration::from_secs(60);

/// Whether an environment needs attention, and what of it cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether it needs attention.
    pub attention: Attention,
    /// Why its health and its status cannot be relied on.
    pub health_doubt: Option<Doubt>,
    /// Why its targets cannot be relied on.
    pub targets_doubt: Option<Doubt>,
    /// Whether its instances run different versions.
    pub mixed_versions: bool,
}

impl Judgement {
    /// Judges an environment whose targets were counted like this, if they could be.
    #[must_use]
    pub fn new(
        known: &Snapshot,
        freshness: &Freshness<'_>,
        environment: &Environment,
        targets: Option<TargetCounts>,
    ) -> Self {
        let environments = Source::Environments(known.scope);
        let is_listed = known.inventory.is_listed(&environment.key);
        let health_doubt =
            if is_listed { freshness.doubt_of_entry(&environments) } else { freshness.doubt(&environments) };
        let none = EnvironmentLink::default();
        let link = known.topology.link(&environment.key).unwrap_or(&none);
        let has_targets = has_targets(environment, link.balancer);
        let targets_doubt = if has_targets { targets_doubt(known, freshness, environment, link) } else { None };
        let mixed_versions = has_mixed_versions(known, freshness, environment);
        let doubt = health_doubt.or(targets_doubt);
        let command_timeout = command_timeout(&known.inventory, &environment.key);
        let vitals = Vitals { environment, targets, mixed_versions, command_timeout, doubt };
        Self { attention: attention(&vitals, freshness.now), health_doubt, targets_doubt, mixed_versions }
    }
}

/// How long a command may take on an instance of an environment, by its option, if its settings were read.
#[must_use]
pub fn command_timeout(inventory: &Inventory, environment: &Key<Environment>) -> Option<Duration> {
    let value = inventory.settings.get(environment)?.get("aws:elasticbeanstalk:command", "Timeout")?;
    value.parse().ok().map(Duration::from_secs)
}

/// Whether there should be targets to judge it by: not without a load balancer of ELBv2, and not while it is being made
/// or unmade.
fn has_targets(environment: &Environment, balancer: Balancer) -> bool {
    let is_there = !matches!(
        environment.status,
        EnvironmentStatus::Launching | EnvironmentStatus::Terminating | EnvironmentStatus::Terminated
    );
    let is_balanced = match balancer {
        Balancer::Application | Balancer::ApplicationShared | Balancer::Network | Balancer::Unknown => true,
        Balancer::Classic | Balancer::Single | Balancer::Worker | Balancer::Cluster => false,
    };
    is_there && is_balanced && environment.tier != Some(Tier::Worker)
}

/// The weightiest doubt about the targets: about the lists, about whose the groups are, about their health.
fn targets_doubt(
    known: &Snapshot,
    freshness: &Freshness<'_>,
    environment: &Environment,
    link: &EnvironmentLink,
) -> Option<Doubt> {
    // A load balancer that was listed is known, whatever else there may be; another target group of it may not be.
    let (inventory, balancers) = (&known.inventory, Source::LoadBalancers(known.scope));
    let is_known = |key: &Key<_>| inventory.load_balancers.contains_key(key) && inventory.is_listed(key);
    let is_known = link.load_balancer.as_ref().is_some_and(|(key, _)| is_known(key));
    let of_balancers = if is_known { freshness.doubt_of_entry(&balancers) } else { freshness.doubt(&balancers) };
    let of_groups = freshness.doubt(&Source::TargetGroups(known.scope));
    let of_lists = weightiest(of_balancers.into_iter().chain(of_groups));
    let mut proven = link.groups.iter().filter(|group| is_proven(group)).peekable();
    if proven.peek().is_none() {
        let sources = proof_sources(known, &environment.key, link);
        let of_proof = weightiest(sources.iter().filter_map(|source| freshness.doubt(source)));
        let unproven = Doubt { service: Service::Elb, cause: DoubtCause::Unproven, read_at: None };
        return of_lists.or(of_proof).or(Some(unproven));
    }
    let health = proven.filter_map(|group| freshness.doubt(&Source::TargetHealth(group.key.clone())));
    weightiest(of_lists.into_iter().chain(health))
}

/// What a doubt about the targets is told by: the one that explains most, of equals the oldest value.
fn weightiest(doubts: impl Iterator<Item = Doubt>) -> Option<Doubt> {
    doubts.min_by_key(|doubt| (u8::MAX - doubt.weight(), doubt.read_at))
}

/// Whether a group is proven to be the environment's, so that its targets are counted.
#[must_use]
pub fn is_proven(group: &LinkedGroup) -> bool {
    group.evidence.strength() == Strength::Proven
}

/// What may prove which target groups are an environment's: tags, then Beanstalk's list of its resources, then its Auto
/// Scaling groups.
#[must_use]
pub fn proof_sources(snapshot: &Snapshot, environment: &Key<Environment>, link: &EnvironmentLink) -> Vec<Source> {
    let Snapshot { inventory, topology, .. } = snapshot;
    let on_balancer = link.load_balancer.as_ref().map_or(&[][..], |(key, _)| topology.groups_on(key));
    let linked = link.groups.iter().map(|group| &group.key);
    let candidates: Vec<_> = if link.groups.is_empty() { on_balancer.iter().collect() } else { linked.collect() };
    let mut sources: Vec<_> = candidates.into_iter().map(|group| Source::TargetGroupTags(group.clone())).collect();
    sources.push(Source::Resources(environment.clone()));
    let resources = inventory.resources.get(environment);
    let scaling = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
    sources.extend(scaling.map(|name| Source::AutoScalingGroup(Key::new(environment.scope, name.clone()))));
    sources
}

/// Whether the instances run different versions, or different deployments of one. It counts only if that was read long
/// enough after the last update ended: while one is under way it is usual, and what it replaced takes its time to go.
fn has_mixed_versions(known: &Snapshot, freshness: &Freshness<'_>, environment: &Environment) -> bool {
    let source = Source::InstancesHealth(environment.key.clone());
    let Some(at) = known.reads.read_at(&source).filter(|_| environment.is_calm()) else { return false };
    let is_reliable = || freshness.doubt(&source).is_none();
    // Without having seen the status change: the environment's last change is the end of its update, or comes later.
    let ended = known.inventory.status_since(&environment.key).into_iter().chain(environment.updated).max();
    let is_after = ended.is_none_or(|ended| at > ended.plus(SETTLED));
    let instances = known.inventory.instances_health.get(&environment.key);
    is_after && is_reliable() && instances.is_some_and(|it| runs_different(it))
}
