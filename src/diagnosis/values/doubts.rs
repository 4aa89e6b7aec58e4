//! Whether the health and the targets of an environment can be relied on.

use super::counting::{proof_sources, proven};
use crate::model::{
    Balancer, Doubt, DoubtCause, Environment, EnvironmentLink, EnvironmentStatus, Key, Reliability, Service, Snapshot,
    Source, Tier,
};

/// Returns why the health and the status cannot be relied on.
pub fn health_doubt(snapshot: &Snapshot, reliability: &dyn Reliability, environment: &Environment) -> Option<Doubt> {
    let environments = Source::Environments(snapshot.scope);
    let is_listed = snapshot.inventory.is_listed(&environment.key);
    if is_listed { reliability.doubt_of_entry(&environments) } else { reliability.doubt(&environments) }
}

/// Returns the weightiest doubt about the targets: about the lists, about whose the groups are, about their health.
pub fn targets_doubt(
    snapshot: &Snapshot,
    reliability: &dyn Reliability,
    environment: &Environment,
    link: &EnvironmentLink,
) -> Option<Doubt> {
    if !has_targets(environment, link.balancer) {
        return None;
    }
    // A load balancer that was listed is known, whatever else there may be; another target group of it may not be.
    let (inventory, balancers) = (&snapshot.inventory, Source::LoadBalancers(snapshot.scope));
    let is_known = |key: &Key<_>| inventory.load_balancers.contains_key(key) && inventory.is_listed(key);
    let is_known = link.load_balancer.as_ref().is_some_and(|(key, _)| is_known(key));
    let of_balancers = if is_known { reliability.doubt_of_entry(&balancers) } else { reliability.doubt(&balancers) };
    let of_groups = reliability.doubt(&Source::TargetGroups(snapshot.scope));
    let of_lists = weightiest(of_balancers.into_iter().chain(of_groups));
    let mut proven = proven(link).peekable();
    if proven.peek().is_none() {
        let sources = proof_sources(snapshot, &environment.key, link);
        let of_proof = weightiest(sources.iter().filter_map(|source| reliability.doubt(source)));
        let unproven = Doubt { service: Service::Elb, cause: DoubtCause::Unproven, read_at: None };
        return of_lists.or(of_proof).or(Some(unproven));
    }
    let health = proven.filter_map(|group| reliability.doubt(&Source::TargetHealth(group.key.clone())));
    weightiest(of_lists.into_iter().chain(health))
}

/// Returns whether there should be targets to judge it by: not without a load balancer of ELBv2, and not while it is being
/// made or unmade.
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

/// Returns the doubt that explains most, of equals the one about the oldest value.
fn weightiest(doubts: impl Iterator<Item = Doubt>) -> Option<Doubt> {
    doubts.min_by_key(|doubt| (u8::MAX - doubt.weight(), doubt.read_at))
}
