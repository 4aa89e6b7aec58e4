//! What to read for a query: what links the region, then only what its hits need.
//!
//! An instance costs one call, and one for each target group of its VPC that no environment owns. Where EC2 denies it or
//! it has no tag of Beanstalk's, the groups' targets are read, and if those do not help each environment's resources.

use super::hits::hits;
use super::query::Query;
use crate::model::{Balancer, BalancerKind, EnvironmentLink, Listener, Snapshot, Source, TargetGroup};
use crate::polling::{Question, rules_wanted};

/// The questions, as far as they are known by now.
pub fn questions(known: &Snapshot, query: &Query) -> Vec<Question> {
    let mut sources: Vec<_> = query.instance(known.scope).into_iter().collect();
    if known.is_base_tried() {
        sources.extend(detours(known, query));
        sources.extend(by_host(known, query));
        sources.extend(routing(known, query));
    }
    vec![Question::Linked, Question::These(sources)]
}

/// Returns whether enough was read to conclude that nothing matches.
pub fn is_decided(known: &Snapshot, query: &Query) -> bool {
    let is_read = |source: &Source| known.reads.is_whole(source);
    let base = known.base().iter().all(is_read) && by_host(known, query).iter().all(is_read);
    let Some(instance) = query.instance(known.scope) else { return base };
    if is_read(&instance) {
        return base;
    }
    let rest = detours(known, query);
    base && matches!(query, Query::Instance(_)) && rest.iter().all(is_read)
}

/// The certificates, and every listener and rule, where nothing else has the host name or the certificate that is looked
/// for.
fn by_host(known: &Snapshot, query: &Query) -> Vec<Source> {
    let is_certificate = matches!(query, Query::Certificate(_));
    let is_named = || {
        hits(known, query)
            .iter()
            .any(|hit| !matches!(hit.matched, "rule_host" | "certificate_name") && hit.score >= 1.0)
    };
    if !is_certificate && (query.host().is_none() || is_named()) {
        return Vec::new();
    }
    let inventory = &known.inventory;
    let balancers = inventory.load_balancers.values().filter(|it| it.kind() == BalancerKind::Application);
    let mut listeners: Vec<_> = balancers.map(|it| Source::Listeners(it.key.clone())).collect();
    let mut rules: Vec<_> = inventory.listeners.values().flatten().map(|it| Source::Rules(it.key.clone())).collect();
    listeners.sort();
    rules.sort();
    [Source::Certificates(known.scope)].into_iter().chain(listeners).chain(rules).collect()
}

/// The other ways to an instance, where the straight one does not lead anywhere; and the groups of no environment, which
/// may have it as a target all the same.
fn detours(known: &Snapshot, query: &Query) -> Vec<Source> {
    let Some(instance) = query.instance(known.scope).filter(|source| known.reads.is_tried(source)) else {
        return Vec::new();
    };
    let refused = known.reads.fault(&instance).is_some();
    let mut sources = target_health(known, query, refused);
    let asked = sources.iter().all(|source| known.reads.is_tried(source));
    let found = || !hits(known, query).is_empty();
    if refused && matches!(query, Query::Instance(_)) && asked && !found() {
        sources.extend(known.inventory.environments.keys().cloned().map(Source::Resources));
    }
    sources
}

/// The health of the groups that may have it as a target: those of instances, or those of addresses.
fn target_health(known: &Snapshot, query: &Query, refused: bool) -> Vec<Source> {
    let inventory = &known.inventory;
    let is_untagged = inventory.instances.values().any(|instance| {
        instance.environment_name.as_deref().and_then(|name| inventory.environment_named(name)).is_none()
    });
    let is_of_addresses = |group: &&TargetGroup| group.target_type.as_deref() == Some("ip");
    let may_be_there = |group: &&TargetGroup| {
        let vpcs = inventory.instances.values().filter_map(|instance| instance.vpc.as_ref());
        let is_elsewhere = vpcs.zip(group.vpc.as_ref()).any(|(one, other)| one != other);
        known.topology.owner_of(&group.key).is_none() && !is_elsewhere
    };
    let may_have_it = |group: &&TargetGroup| match query {
        Query::Instance(_) => (refused || is_untagged || may_be_there(group)) && !is_of_addresses(group),
        _ => is_of_addresses(group) || is_untagged,
    };
    let mut groups: Vec<_> = inventory.target_groups.values().filter(may_have_it).collect();
    groups.sort_by(|one, other| one.key.cmp(&other.key));
    groups.into_iter().map(|group| Source::TargetHealth(group.key.clone())).collect()
}

/// Returns the listeners of the load balancers that were hit, and the rules that show what they serve; there are few.
fn routing(known: &Snapshot, query: &Query) -> Vec<Source> {
    let found = hits(known, query);
    // Where the load balancers could not be listed, an ARN may still be of one that exists.
    let blind = !known.reads.is_whole(&Source::LoadBalancers(known.scope));
    let named = query.load_balancer(known.scope).filter(|_| blind);
    let balancers = found.iter().filter_map(|hit| hit.place.load_balancer.clone()).chain(named);
    let rules = found.iter().flat_map(|hit| {
        let link = hit.place.environment.as_ref().and_then(|key| known.topology.link(key));
        let both = link.zip(hit.place.load_balancer.as_ref());
        let is_shown = |link: &EnvironmentLink, listener: &Listener| {
            link.balancer == Balancer::Application && listener.redirects()
        };
        both.into_iter().flat_map(move |(link, balancer)| {
            rules_wanted(&known.inventory, link, balancer).filter(move |listener| !is_shown(link, listener))
        })
    });
    let rules = rules.map(|listener| Source::Rules(listener.key.clone()));
    let named_rules = query.load_balancer(known.scope).into_iter().flat_map(|balancer| {
        let listeners = known.inventory.listeners.get(&balancer).into_iter().flatten();
        listeners.map(|listener| Source::Rules(listener.key.clone())).collect::<Vec<_>>()
    });
    balancers.map(Source::Listeners).chain(rules).chain(named_rules).collect()
}
