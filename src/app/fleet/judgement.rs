//! What an environment's attention is judged by, gathered from what was read: the facts, and whether they can be relied on.

use super::attention::{Attention, Vitals, attention};
use crate::app::polling::{Freshness, Known};
use crate::model::{
    Balancer, Doubt, DoubtCause, Environment, EnvironmentLink, EnvironmentStatus, Inventory, Key, LinkedGroup, Moment,
    Service, Source, Strength, TargetCounts, Tier, Topology,
};

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
        known: &Known<'_>,
        freshness: &Freshness<'_>,
        environment: &Environment,
        targets: Option<TargetCounts>,
    ) -> Self {
        let health_doubt = freshness.doubt(&Source::Environments(known.scope));
        let none = EnvironmentLink::default();
        let link = known.topology.link(&environment.key).unwrap_or(&none);
        let has_targets = has_targets(environment, link.balancer);
        let targets_doubt = if has_targets { targets_doubt(known, freshness, environment, link) } else { None };
        let mixed_versions = has_mixed_versions(known, freshness, environment);
        let doubt = health_doubt.or(targets_doubt);
        let vitals = Vitals { environment, targets, mixed_versions, doubt };
        Self { attention: attention(&vitals, freshness.now), health_doubt, targets_doubt, mixed_versions }
    }
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
    known: &Known<'_>,
    freshness: &Freshness<'_>,
    environment: &Environment,
    link: &EnvironmentLink,
) -> Option<Doubt> {
    let lists = [Source::LoadBalancers(known.scope), Source::TargetGroups(known.scope)];
    let of_lists = weightiest(lists.iter().filter_map(|source| freshness.doubt(source)));
    let mut proven = link.groups.iter().filter(|group| is_proven(group)).peekable();
    if proven.peek().is_none() {
        let sources = proof_sources(known.inventory, known.topology, &environment.key, link);
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
pub fn proof_sources(
    inventory: &Inventory,
    topology: &Topology,
    environment: &Key<Environment>,
    link: &EnvironmentLink,
) -> Vec<Source> {
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

/// Whether the instances run different versions. It counts only where the Fleet itself reads the instances' health, so
/// that it does not depend on which screens were open; and only if that was read since the last update ended.
fn has_mixed_versions(known: &Known<'_>, freshness: &Freshness<'_>, environment: &Environment) -> bool {
    let source = Source::InstancesHealth(environment.key.clone());
    let is_usable = environment.is_suspect() && freshness.doubt(&source).is_none();
    let update_ended = known.inventory.status_since(&environment.key);
    let is_newer = |at: Moment| update_ended.is_none_or(|ended| at > ended);
    if !is_usable || !known.ledger.read_at(&source).is_some_and(is_newer) {
        return false;
    }
    let versions = known.inventory.instances_health.get(&environment.key).into_iter().flatten();
    let mut labels = versions.filter_map(|instance| instance.deployment.as_ref()?.version.as_ref());
    labels.next().is_some_and(|first| labels.any(|label| label != first))
}
