//! Which listeners serve an environment: those that send requests to one of its target groups.
//!
//! A redirect and a fixed response serve no environment, and on a shared load balancer a listener serves those whose
//! rules it has. While the rules are unread that is unknown, not false.

use super::{EnvironmentLink, Inventory, Key, Listener, RuleAction, TargetGroup, forwarded_target_groups};

/// Returns whether a listener serves an environment, by its default action or by a rule.
///
/// `None` while that is unknown: the rules are not read and the default action does not serve it, or the environment's
/// target groups are not known.
#[must_use]
pub fn serves(inventory: &Inventory, link: &EnvironmentLink, listener: &Listener) -> Option<bool> {
    if link.groups.is_empty() {
        return None;
    }
    if serves_by_default(link, listener) {
        return Some(true);
    }
    let rules = inventory.rules.get(&listener.key)?;
    Some(rules.iter().any(|rule| leads_to(link, &rule.actions)))
}

/// Returns whether a listener's default action alone serves an environment, so that its rules need not be read.
#[must_use]
pub fn serves_by_default(link: &EnvironmentLink, listener: &Listener) -> bool {
    leads_to(link, &listener.default_actions)
}

/// Returns whether these actions send requests to a target group of the environment. A weight of 0 sends none.
#[must_use]
pub fn leads_to(link: &EnvironmentLink, actions: &[RuleAction]) -> bool {
    let is_own = |group: &Key<TargetGroup>| link.groups.iter().any(|own| own.key == *group);
    forwarded_target_groups(actions).any(|to| to.weight > 0 && is_own(&to.target_group))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Evidence, EvidenceSet, LinkedGroup, Priority, Rule, ScopeId, WeightedTargetGroup};

    fn group(name: &str) -> Key<TargetGroup> {
        Key::new(ScopeId(0), name)
    }

    /// The link of an environment with these target groups.
    fn link(groups: &[&str]) -> EnvironmentLink {
        let linked = |name: &&str| LinkedGroup {
            key: group(name),
            evidence: EvidenceSet::default().with(Evidence::TargetGroupTag),
        };
        EnvironmentLink { groups: groups.iter().map(linked).collect(), ..EnvironmentLink::default() }
    }

    fn forward(groups: &[(&str, i32)]) -> RuleAction {
        let weighted =
            |(name, weight): &(&str, i32)| WeightedTargetGroup { target_group: group(name), weight: *weight };
        RuleAction::Forward { groups: groups.iter().map(weighted).collect(), group_stickiness: None }
    }

    fn redirect() -> RuleAction {
        let text = |text: &str| text.into();
        RuleAction::Redirect {
            protocol: text("HTTPS"),
            port: text("443"),
            host: text("#{host}"),
            path: text("/#{path}"),
            status: text("HTTP_301"),
        }
    }

    fn fixed() -> RuleAction {
        RuleAction::FixedResponse { status: "404".into() }
    }

    fn listener(default: RuleAction) -> Listener {
        Listener {
            key: Key::new(ScopeId(0), "listener"),
            load_balancer: Key::new(ScopeId(0), "balancer"),
            protocol: Some("HTTPS".into()),
            port: Some(443),
            ssl_policy: None,
            certificates: Vec::new(),
            default_actions: vec![default],
        }
    }

    /// An inventory that has read these rules of the listener, its default rule last; `None`: they are not read.
    fn inventory(rules: Option<Vec<RuleAction>>, default: &RuleAction) -> Inventory {
        let mut inventory = Inventory::default();
        let Some(actions) = rules else { return inventory };
        let key: Key<Listener> = Key::new(ScopeId(0), "listener");
        let rule = |(at, action): (usize, RuleAction)| Rule {
            key: Key::new(ScopeId(0), format!("rule {at}").as_str()),
            listener: key.clone(),
            priority: Priority::Number(at as u32 + 1),
            conditions: Vec::new(),
            actions: vec![action],
        };
        let numbered = actions.into_iter().chain([default.clone()]).enumerate().map(rule).collect();
        inventory.rules.insert(key, numbered);
        inventory
    }

    /// A name, the default action, the actions of a rule if rules were read, and whether the listener serves.
    type Case = (&'static str, RuleAction, Option<Vec<RuleAction>>, Option<bool>);

    #[test]
    fn a_listener_serves_an_environment_if_it_leads_to_one_of_its_target_groups() {
        const OWN: &[&str] = &["own", "own-chat"];
        let authenticated = || RuleAction::Other("authenticate-oidc".into());
        // The default action, the rules that were read, whether it serves the environment.
        let table: Vec<Case> = vec![
            ("the default forwards, no rules", forward(&[("own", 1)]), Some(vec![]), Some(true)),
            ("the default forwards, rules unread", forward(&[("own", 1)]), None, Some(true)),
            ("the default forwards to another's", forward(&[("other", 1)]), Some(vec![]), Some(false)),
            ("the same, rules unread", forward(&[("other", 1)]), None, None),
            ("a rule forwards", fixed(), Some(vec![forward(&[("own", 1)])]), Some(true)),
            ("its second group", fixed(), Some(vec![forward(&[("own-chat", 1)])]), Some(true)),
            ("a rule forwards to another's", fixed(), Some(vec![forward(&[("other", 1)])]), Some(false)),
            ("weighted", fixed(), Some(vec![forward(&[("other", 90), ("own", 10)])]), Some(true)),
            ("weighted by default", forward(&[("other", 90), ("own", 10)]), Some(vec![]), Some(true)),
            ("a weight of 0", fixed(), Some(vec![forward(&[("other", 100), ("own", 0)])]), Some(false)),
            ("a redirect", redirect(), Some(vec![]), Some(false)),
            ("a rule redirects", fixed(), Some(vec![redirect()]), Some(false)),
            ("a redirect, rules unread", redirect(), None, None),
            ("a fixed response", fixed(), Some(vec![]), Some(false)),
            ("its rule is missing", fixed(), Some(vec![forward(&[("other", 1)]), redirect()]), Some(false)),
            ("rules unread", fixed(), None, None),
            ("an action that is not known", authenticated(), Some(vec![authenticated()]), Some(false)),
        ];
        for (what, default, rules, expected) in table {
            let inventory = inventory(rules, &default);
            assert_eq!(serves(&inventory, &link(OWN), &listener(default)), expected, "{what}");
        }
    }

    #[test]
    fn while_its_target_groups_are_unknown_so_is_what_serves_it() {
        let default = forward(&[("own", 1)]);
        let inventory = inventory(Some(vec![]), &default);
        assert_eq!(serves(&inventory, &link(&[]), &listener(default)), None);
    }
}
