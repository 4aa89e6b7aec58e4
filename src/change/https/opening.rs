//! Which sources may reach port 443: exactly those that may reach port 80 and may not reach 443 yet.
//!
//! A security group is edited only if only the load balancer uses it. Any other, above all the VPC's default one, gets a
//! new group beside it.

use std::sync::Arc;

use crate::model::{SecurityGroup, TrafficSource};

/// The port of HTTPS, and the one whose sources it gets.
pub(super) const HTTPS: i32 = 443;
const HTTP: i32 = 80;

/// What has to be done so that 443 is as open as 80.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Nothing.
    Open,
    /// Nothing may reach port 80, so nothing is admitted on 443.
    Closed,
    /// These are admitted by a rule in a group that only the load balancer uses.
    Rule {
        /// The group's id.
        group: Arc<str>,
        /// The sources that are admitted.
        sources: Vec<TrafficSource>,
    },
    /// These are admitted by a new group in addition to the present ones.
    NewGroup {
        /// The sources that are admitted.
        sources: Vec<TrafficSource>,
        /// Why no group that is there is edited.
        why: String,
    },
}

/// Returns what has to be done, with these groups on the load balancer. `unowned` returns why a group must not be edited.
#[must_use]
pub fn opening(groups: &[SecurityGroup], unowned: impl Fn(&SecurityGroup) -> Option<String>) -> Opening {
    if !groups.iter().any(|group| group.ingress.iter().any(|rule| rule.admits(HTTP))) {
        return Opening::Closed;
    }
    let sources = missing(groups);
    if sources.is_empty() {
        return Opening::Open;
    }
    let opens = |group: &SecurityGroup| group.ingress.iter().any(|rule| rule.admits(HTTP));
    let mut on_80 = groups.iter().filter(|group| opens(group)).collect::<Vec<_>>();
    on_80.extend(groups.iter().filter(|group| !opens(group)));
    let mut why = Vec::new();
    for group in on_80 {
        match unowned(group) {
            None => return Opening::Rule { group: Arc::clone(&group.key.id), sources },
            Some(words) => why.push(format!("{} {words}", group.name)),
        }
    }
    Opening::NewGroup { sources, why: why.join("; ") }
}

/// The sources that may reach port 80 and not 443, each once.
#[must_use]
pub fn missing(groups: &[SecurityGroup]) -> Vec<TrafficSource> {
    let admitted = |port: i32| {
        let rules = groups.iter().flat_map(|group| &group.ingress);
        rules.filter(move |rule| rule.admits(port)).map(|rule| &rule.source)
    };
    let is_missing = |source: &&TrafficSource| !admitted(HTTPS).any(|open| open.contains(source));
    let mut sources: Vec<_> = admitted(HTTP).filter(is_missing).cloned().collect();
    sources.sort();
    sources.dedup();
    sources
}

/// Returns which of these sources may reach 443 through this group, by a rule of their own or a wider one.
#[must_use]
pub(super) fn admitted<'a>(group: &SecurityGroup, sources: &'a [TrafficSource]) -> Vec<&'a TrafficSource> {
    let rules = || group.ingress.iter().filter(|rule| rule.admits(HTTPS));
    sources.iter().filter(|source| rules().any(|rule| rule.source.contains(source))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Attributes, Ingress, Key, ScopeId};

    fn v4(range: &str) -> TrafficSource {
        TrafficSource::Ipv4(range.into())
    }

    fn rule(protocol: &str, ports: Option<(i32, i32)>, source: TrafficSource) -> Ingress {
        Ingress { protocol: protocol.into(), ports, source }
    }

    fn tcp(port: i32, source: TrafficSource) -> Ingress {
        rule("tcp", Some((port, port)), source)
    }

    fn group(id: &str, ingress: Vec<Ingress>) -> SecurityGroup {
        let key = Key::new(ScopeId::default(), id);
        SecurityGroup {
            key,
            name: id.into(),
            vpc: Some("vpc-1".into()),
            tags: Attributes::new(),
            ingress,
            egress: Vec::new(),
        }
    }

    fn own(group: &SecurityGroup) -> Option<String> {
        (&*group.name == "default").then(|| "is the default one".to_owned())
    }

    #[test]
    fn every_source_of_port_80_and_no_other_is_let_in() {
        let list = TrafficSource::PrefixList("pl-1".into());
        let other = TrafficSource::Group("sg-9".into(), None);
        let v6 = TrafficSource::Ipv6("2001:db8::/32".into());
        let rules = [v4("10.0.0.0/8"), v6.clone(), list.clone(), other.clone()].map(|source| tcp(80, source));
        let ssh = tcp(22, v4("0.0.0.0/0"));
        let groups = [group("sg-1", rules.into_iter().chain([ssh]).collect())];
        let sources = vec![v4("10.0.0.0/8"), v6, list, other];
        assert_eq!(opening(&groups, own), Opening::Rule { group: "sg-1".into(), sources });
    }

    #[test]
    fn what_is_open_through_a_wider_rule_is_open() {
        for wide in [
            rule("-1", None, v4("0.0.0.0/0")),
            rule("tcp", Some((400, 500)), v4("10.0.0.0/8")),
            tcp(443, v4("10.0.0.0/8")),
            tcp(443, v4("10.1.0.0/16")),
        ] {
            let groups = [group("sg-1", vec![tcp(80, v4("10.1.0.0/16")), wide.clone()])];
            assert_eq!(opening(&groups, own), Opening::Open, "{wide:?}");
        }
        for other in
            [tcp(443, v4("10.2.0.0/16")), tcp(443, v4("10.1.1.0/24")), rule("udp", Some((443, 443)), v4("0.0.0.0/0"))]
        {
            let groups = [group("sg-1", vec![tcp(80, v4("10.1.0.0/16")), other.clone()])];
            let sources = vec![v4("10.1.0.0/16")];
            assert_eq!(opening(&groups, own), Opening::Rule { group: "sg-1".into(), sources }, "{other:?}");
        }
    }

    #[test]
    fn a_rule_of_another_group_counts_for_what_is_open() {
        let groups = [group("sg-1", vec![tcp(80, v4("0.0.0.0/0"))]), group("sg-2", vec![tcp(443, v4("0.0.0.0/0"))])];
        assert_eq!(opening(&groups, own), Opening::Open);
    }

    #[test]
    fn a_group_that_is_not_its_own_is_left_alone() {
        let groups = [group("default", vec![tcp(80, v4("0.0.0.0/0"))])];
        let Opening::NewGroup { sources, why } = opening(&groups, own) else { panic!() };
        assert_eq!((sources, why.as_str()), (vec![v4("0.0.0.0/0")], "default is the default one"));
        let both = [groups[0].clone(), group("sg-2", Vec::new())];
        let rule = Opening::Rule { group: "sg-2".into(), sources: vec![v4("0.0.0.0/0")] };
        assert_eq!(opening(&both, own), rule, "its own second group will do");
    }

    #[test]
    fn nobody_is_let_in_where_nobody_was() {
        assert_eq!(opening(&[group("sg-1", vec![tcp(22, v4("0.0.0.0/0"))])], own), Opening::Closed);
        assert_eq!(opening(&[], own), Opening::Closed);
    }

    #[test]
    fn everything_contains_everything_of_its_kind_only() {
        let everybody = TrafficSource::Ipv6("::/0".into());
        assert!(everybody.contains(&TrafficSource::Ipv6("2001:db8::1/128".into())));
        assert!(!everybody.contains(&v4("10.0.0.0/8")));
        assert!(!v4("nonsense").contains(&v4("10.0.0.0/8")));
    }
}
