//! The weights of a traffic split, as the listeners' rules have them.
//!
//! Only a second target group in one forward action can split an ALB's traffic; how Beanstalk names it is UNVERIFIED, so
//! the new group is the one that was not there when the update began.

use super::watch::Front;
use crate::model::{Inventory, Key, RuleAction, TargetGroup, WeightedTargetGroup, forwarded_target_groups};

/// The target groups that share the environment's requests, with their weights; one or none: nothing is split.
pub(super) fn weights(inventory: &Inventory, front: &Front) -> Vec<(Key<TargetGroup>, i32)> {
    let listeners = inventory.listeners.get(&front.load_balancer).map_or(&[][..], Vec::as_slice);
    let rules = listeners.iter().filter_map(|listener| inventory.rules.get(&listener.key)).flatten();
    let defaults = listeners.iter().map(|listener| &listener.default_actions);
    let mut splits = rules.map(|rule| &rule.actions).chain(defaults).map(|actions| shares(actions));
    let is_own = |split: &Vec<WeightedTargetGroup>| {
        split.len() > 1 && split.iter().any(|share| front.groups.contains(&share.target_group))
    };
    let split = splits.find(is_own).unwrap_or_default();
    split.into_iter().map(|share| (share.target_group, share.weight)).collect()
}

fn shares(actions: &[RuleAction]) -> Vec<WeightedTargetGroup> {
    forwarded_target_groups(actions).filter(|share| share.weight > 0).cloned().collect()
}

/// The share of the groups that came with the update, in percent.
pub(super) fn new_percent(weights: &[(Key<TargetGroup>, i32)], before: &[Key<TargetGroup>]) -> Option<u32> {
    let sum: i32 = weights.iter().map(|(_, weight)| weight).sum();
    let new: i32 = weights.iter().filter(|(group, _)| !before.contains(group)).map(|(_, weight)| weight).sum();
    (sum > 0 && new > 0).then(|| (f64::from(new) * 100.0 / f64::from(sum)).round() as u32)
}
