//! What to read for a query: what links the region, then only what its hits need.
//!
//! An instance costs one call. Where EC2 refuses it, or the instance carries no tag of Beanstalk's, the target groups are
//! asked who is registered; and where that does not tell either, Beanstalk is asked environment by environment.

use super::hits::hits;
use super::query::Query;
use crate::app::polling::{Known, Question};
use crate::model::{Source, TargetGroup};

/// The questions, as far as they are known by now.
pub fn questions(known: &Known<'_>, query: &Query) -> Vec<Question> {
    let mut sources: Vec<_> = query.instance(known.scope).into_iter().collect();
    if known.is_base_tried() {
        sources.extend(detours(known, query));
        sources.extend(listeners(known, query));
    }
    vec![Question::Linked, Question::These(sources)]
}

/// Whether what was read suffices to say that nothing matches.
pub fn is_decided(known: &Known<'_>, query: &Query) -> bool {
    let base = known.base().iter().all(|source| known.ledger.read_at(source).is_some());
    let Some(instance) = query.instance(known.scope) else { return base };
    if known.ledger.read_at(&instance).is_some() {
        return base;
    }
    let rest = detours(known, query);
    base && matches!(query, Query::Instance(_)) && rest.iter().all(|source| known.ledger.read_at(source).is_some())
}

/// The other ways to an instance, where the straight one does not lead anywhere.
fn detours(known: &Known<'_>, query: &Query) -> Vec<Source> {
    let Some(instance) = query.instance(known.scope).filter(|source| known.is_tried(source)) else {
        return Vec::new();
    };
    let refused = known.ledger.fault(&instance).is_some();
    let mut sources = target_health(known, query, refused);
    let asked = sources.iter().all(|source| known.is_tried(source));
    let found = || !hits(known, query).is_empty();
    if refused && matches!(query, Query::Instance(_)) && asked && !found() {
        sources.extend(known.inventory.environments.keys().cloned().map(Source::Resources));
    }
    sources
}

/// The health of the groups that may have it as a target: those of instances, or those of addresses.
fn target_health(known: &Known<'_>, query: &Query, refused: bool) -> Vec<Source> {
    let inventory = known.inventory;
    let is_untagged = inventory.instances.values().any(|instance| {
        instance.environment_name.as_deref().and_then(|name| inventory.environment_named(name)).is_none()
    });
    let is_of_addresses = |group: &&TargetGroup| group.target_type.as_deref() == Some("ip");
    let may_have_it = |group: &&TargetGroup| match query {
        Query::Instance(_) => (refused || is_untagged) && !is_of_addresses(group),
        _ => is_of_addresses(group) || is_untagged,
    };
    let mut groups: Vec<_> = inventory.target_groups.values().filter(may_have_it).collect();
    groups.sort_by(|one, other| one.key.cmp(&other.key));
    groups.into_iter().map(|group| Source::TargetHealth(group.key.clone())).collect()
}

/// The listeners of the load balancers that were hit; there are few.
fn listeners(known: &Known<'_>, query: &Query) -> Vec<Source> {
    let found = hits(known, query).into_iter().filter_map(|hit| hit.place.load_balancer);
    // Where the load balancers could not be listed, an ARN may still be of one that exists.
    let blind = known.ledger.fault(&Source::LoadBalancers(known.scope)).is_some();
    let named = query.load_balancer(known.scope).filter(|_| blind);
    found.chain(named).map(Source::Listeners).collect()
}
