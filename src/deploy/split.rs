//! The weights of a traffic split, as the listeners' rules have them.
//!
//! Only a second target group in one forward action can split an ALB's traffic; how Beanstalk names it is UNVERIFIED, so
//! the new group is the one that was not there when the update began.

use super::watch::WatchedFront;
use crate::model::{Inventory, Key, RuleAction, TargetGroup, WeightedTargetGroup, forwarded_target_groups};

/// The target groups that share the environment's requests, with their weights; one or none: nothing is split.
pub(super) fn weights(inventory: &Inventory, front: &WatchedFront) -> Vec<(Key<TargetGroup>, i32)> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Answer, Batch, Covers, Listener, LoadBalancer, Moment, Priority, Rule, ScopeId};

    const SCOPE: ScopeId = ScopeId(0);

    fn group(name: &str) -> Key<TargetGroup> {
        Key::new(SCOPE, name)
    }

    /// An action that forwards to these groups with these weights.
    fn forward(groups: &[(&str, i32)]) -> Vec<RuleAction> {
        let weighted =
            |(name, weight): &(&str, i32)| WeightedTargetGroup { target_group: group(name), weight: *weight };
        vec![RuleAction::Forward { groups: groups.iter().map(weighted).collect(), group_stickiness: None }]
    }

    /// The weights that are found where a listener does the one by default and the other by a rule, if it has one. The
    /// environment's group is `own`.
    fn found(default: Vec<RuleAction>, by_rule: Option<Vec<RuleAction>>) -> Vec<(String, i32)> {
        let load_balancer: Key<LoadBalancer> = Key::new(SCOPE, "lb");
        let listener = Listener {
            key: Key::new(SCOPE, "listener"),
            load_balancer: load_balancer.clone(),
            protocol: None,
            port: Some(80),
            ssl_policy: None,
            certificates: Vec::new(),
            default_actions: default,
        };
        let mut inventory = Inventory::default();
        let mut put = |answer| drop(inventory.replace(Batch { covers: Covers::All, answer }, Moment::EPOCH));
        if let Some(actions) = by_rule {
            let key = Key::new(SCOPE, "rule");
            let priority = Priority::Number(1);
            let rule = Rule { key, listener: listener.key.clone(), priority, conditions: Vec::new(), actions };
            put(Answer::Rules(listener.key.clone(), vec![rule]));
        }
        put(Answer::Listeners(load_balancer.clone(), vec![listener]));
        let front = WatchedFront { load_balancer, groups: vec![group("own")], shared: false };
        weights(&inventory, &front).into_iter().map(|(key, weight)| (key.id.to_string(), weight)).collect()
    }

    #[test]
    fn requests_are_split_by_a_forward_to_two_groups_of_which_one_is_the_environments() {
        let both = [("own".to_owned(), 90), ("new".to_owned(), 10)];
        let split = || forward(&[("own", 90), ("new", 10)]);
        assert_eq!(found(split(), None), both);
        assert_eq!(found(forward(&[("own", 1)]), Some(split())), both, "by a rule");
        assert_eq!(found(forward(&[("own", 1)]), None), [], "to one group");
        assert_eq!(found(forward(&[("own", 1), ("new", 0)]), None), [], "a weight of 0 gets nothing");
        assert_eq!(found(forward(&[("a", 1), ("b", 1)]), None), [], "others' groups");
        assert_eq!(found(forward(&[("a", 1), ("b", 1)]), Some(split())), both);
        assert_eq!(found(vec![RuleAction::FixedResponse { status: "404".into() }], None), []);
    }

    #[test]
    fn the_new_share_is_that_of_the_groups_that_were_not_there_before() {
        let percent = |weights: &[(&str, i32)], before: &[&str]| {
            let weights: Vec<_> = weights.iter().map(|(name, weight)| (group(name), *weight)).collect();
            new_percent(&weights, &before.iter().map(|name| group(name)).collect::<Vec<_>>())
        };
        for (weights, before, expected) in [
            (&[("own", 90), ("new", 10)][..], &["own"][..], Some(10)),
            (&[("own", 2), ("new", 1)], &["own"], Some(33)),
            (&[("own", 1), ("new", 2)], &["own"], Some(67)),
            (&[("own", 50), ("a", 25), ("b", 25)], &["own"], Some(50)),
            (&[("own", 0), ("new", 5)], &["own"], Some(100)),
            (&[("own", 1), ("other", 1)], &["own", "other"], None),
            (&[], &[], None),
        ] {
            assert_eq!(percent(weights, before), expected, "{weights:?}");
        }
    }
}
