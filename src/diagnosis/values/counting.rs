//! Which targets are an environment's, by state: those of the target groups that are proven to be its own.
//!
//! AWS calls the targets of a group that no rule leads to unused. They are missing only if no rule leads to any of the
//! environment's groups: a process may have no rule on purpose.

use super::missing::missing;
use crate::model::{
    Environment, EnvironmentLink, Key, Known, LinkedGroup, Snapshot, Source, Strength, Target, TargetCounts,
    TargetGroup,
};

/// Returns whether a group is proven to be the environment's, so that its targets are counted.
#[must_use]
pub fn is_proven(group: &LinkedGroup) -> bool {
    group.evidence.strength() == Strength::Proven
}

/// Returns the groups that are proven to be the environment's: others are not counted.
pub fn proven(link: &EnvironmentLink) -> impl Iterator<Item = &LinkedGroup> {
    link.groups.iter().filter(|group| is_proven(group))
}

/// Returns what may prove which target groups are an environment's: tags, then Beanstalk's list of its resources, then its
/// Auto Scaling groups.
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

/// Returns why no group is proven: what would prove one is still being read, or failed; nothing once all of it was read.
pub(super) fn proof<T>(snapshot: &Snapshot, environment: &Key<Environment>, link: &EnvironmentLink) -> Known<T> {
    let mut failed = Known::Absent;
    for source in proof_sources(snapshot, environment, link) {
        match snapshot.reads.get(&source) {
            Some(reading) if reading.at.is_some() => {}
            Some(reading) if reading.fault.is_some() => failed = missing(snapshot, &source),
            _ => return Known::Pending,
        }
    }
    failed
}

/// Returns whether no listener and no rule leads to a group, as far as is known: AWS names no load balancer of it, or gives
/// that as the reason of each of its targets.
#[must_use]
pub fn is_in_no_rule(snapshot: &Snapshot, group: &Key<TargetGroup>) -> bool {
    let inventory = &snapshot.inventory;
    if inventory.target_groups.get(group).is_some_and(|group| group.load_balancers.is_empty()) {
        return true;
    }
    let targets = inventory.targets.get(group).filter(|targets| !targets.is_empty());
    targets.is_some_and(|targets| targets.iter().all(Target::is_in_no_rule))
}

/// Returns the groups whose targets count: those that rules lead to, or all if no rule leads to any.
pub fn counted<'a>(snapshot: &Snapshot, link: &'a EnvironmentLink) -> Vec<&'a Key<TargetGroup>> {
    let (led_to, others): (Vec<_>, Vec<_>) =
        proven(link).map(|group| &group.key).partition(|group| !is_in_no_rule(snapshot, group));
    if led_to.is_empty() { others } else { led_to }
}

/// Returns the targets of an environment by state.
pub fn targets(snapshot: &Snapshot, environment: &Key<Environment>, link: &EnvironmentLink) -> Known<TargetCounts> {
    if link.groups.is_empty() {
        return Known::Absent;
    }
    if link.groups.iter().any(|group| awaits_tags(snapshot, group)) {
        return Known::Pending;
    }
    let mut counts = None;
    for group in counted(snapshot, link) {
        let Some(targets) = snapshot.inventory.targets.get(group) else {
            return missing(snapshot, &Source::TargetHealth(group.clone()));
        };
        *counts.get_or_insert_with(TargetCounts::default) += targets.iter().collect();
    }
    counts.map_or_else(|| proof(snapshot, environment, link), Known::Read)
}

/// Returns whether the tags of a group that nothing proves yet are still to be read.
fn awaits_tags(snapshot: &Snapshot, group: &LinkedGroup) -> bool {
    let reading = snapshot.reads.get(&Source::TargetGroupTags(group.key.clone()));
    !is_proven(group) && reading.is_none_or(|reading| !reading.is_tried())
}
