//! Whether the load balancer may reach a port of its targets: what the egress of its security groups lets out.
//!
//! Beanstalk's own group lets out the port of the default process alone, so that a health check on another port fails on
//! the way (evidence of real environments, terraformer dumps).

use std::sync::Arc;

use super::field::{Object, PlanInputs};
use super::rows::ChangeRow;
use crate::model::{Key, SecurityGroup, Source, TrafficSource};

/// The setting with the port on which targets are checked.
const PORT: &str = "health_check.port";

/// Returns whether a change of this setting needs to know what the load balancer's security groups let out.
#[must_use]
pub fn needs_egress(key: &str) -> bool {
    key == PORT
}

/// What the load balancer's security groups allow for one port.
#[derive(Debug, PartialEq, Eq)]
enum Reach<'a> {
    /// Wherever requests go, TCP on that port may go.
    Covered,
    /// This group does not let it out to these.
    Closed(&'a SecurityGroup, Vec<TrafficSource>),
    /// Not every group could be read, and those that could do not cover it.
    Unread(Vec<&'a str>),
}

impl PlanInputs<'_> {
    /// The security groups of the environment's load balancer, as sources to read.
    #[must_use]
    pub fn security_groups(&self) -> Vec<Source> {
        let balancer = self.load_balancer().and_then(|key| self.snapshot.inventory.load_balancers.get(key));
        let groups = balancer.into_iter().flat_map(|it| it.security_groups.iter().map(|id| (it.key.scope, id)));
        groups.map(|(scope, id)| Source::SecurityGroup(Key::new(scope, Arc::clone(id)))).collect()
    }
}

/// Describes a health check that moves to another port, a sentence without its full stop; `None` where the load
/// balancer reaches it.
pub(super) fn note(basis: &PlanInputs<'_>, row: &ChangeRow) -> Option<String> {
    let port: i32 = row.wanted.as_deref().filter(|_| row.elb && needs_egress(&row.key))?.parse().ok()?;
    let Object::TargetGroup(key) = &row.object else { return None };
    let group = basis.snapshot.inventory.target_groups.get(key)?;
    if group.port == Some(port) {
        return None;
    }
    let balancers = group.load_balancers.iter().filter_map(|key| basis.snapshot.inventory.load_balancers.get(key));
    let ids: Vec<_> =
        balancers.flat_map(|it| it.security_groups.iter().map(|id| Key::new(it.key.scope, Arc::clone(id)))).collect();
    let known: Vec<_> = ids.iter().map(|id| (&*id.id, basis.snapshot.inventory.security_groups.get(id))).collect();
    match reach(&known, group.port, port) {
        Reach::Covered => None,
        Reach::Closed(group, missing) => Some(closed(group, &missing, port)),
        Reach::Unread(ids) => {
            let ids = if ids.is_empty() { String::new() } else { format!(" ({})", ids.join(", ")) };
            Some(format!(
                "the load balancer's security groups{ids} could not be read: whether they let TCP {port} out (egress) is \
                 unknown, and the health check fails if they do not"
            ))
        }
    }
}

/// Compares the port with that of the traffic, whose destinations the targets are among.
fn reach<'a>(groups: &[(&'a str, Option<&'a SecurityGroup>)], traffic: Option<i32>, port: i32) -> Reach<'a> {
    let read: Vec<_> = groups.iter().filter_map(|(_, group)| *group).collect();
    let destinations = |port: i32| {
        let rules = read.iter().flat_map(|group| &group.egress).filter(move |rule| rule.admits(port));
        rules.map(|rule| &rule.destination).collect::<Vec<_>>()
    };
    let (open, used) = (destinations(port), traffic.map(destinations).unwrap_or_default());
    let is_open = |used: &&&TrafficSource| open.iter().any(|open| open.contains(used));
    let mut missing: Vec<_> = used.iter().filter(|used| !is_open(used)).map(|used| (*used).clone()).collect();
    missing.sort();
    missing.dedup();
    if missing.is_empty() && !open.is_empty() {
        return Reach::Covered;
    }
    let unread: Vec<_> = groups.iter().filter(|(_, group)| group.is_none()).map(|(id, _)| *id).collect();
    let lets_out =
        |group: &&&SecurityGroup| group.egress.iter().any(|rule| traffic.is_some_and(|port| rule.admits(port)));
    let first = read.iter().find(lets_out).or(read.first());
    let Some(group) = first.filter(|_| unread.is_empty()) else { return Reach::Unread(unread) };
    Reach::Closed(group, if missing.is_empty() { vec![TrafficSource::Ipv4("0.0.0.0/0".into())] } else { missing })
}

fn closed(group: &SecurityGroup, missing: &[TrafficSource], port: i32) -> String {
    let (id, name) = (&group.key.id, &group.name);
    let to: Vec<_> = missing.iter().map(|it| peer(it).1).collect();
    let permissions: Vec<_> = missing.iter().map(|it| peer(it).0).collect();
    format!(
        "the health check fails until the load balancer's security group {id} ({name}) lets TCP {port} out (egress) to {}. To \
         add it: aws ec2 authorize-security-group-egress --group-id {id} --ip-permissions \
         IpProtocol=tcp,FromPort={port},ToPort={port},{}. The instances' security group has to let it in too, which is not \
         checked",
        to.join(", "),
        permissions.join(",")
    )
}

/// Returns a destination as the AWS CLI expects it in a permission, and a description.
fn peer(it: &TrafficSource) -> (String, &str) {
    match it {
        TrafficSource::Ipv4(range) => (format!("IpRanges=[{{CidrIp={range}}}]"), range),
        TrafficSource::Ipv6(range) => (format!("Ipv6Ranges=[{{CidrIpv6={range}}}]"), range),
        TrafficSource::PrefixList(id) => (format!("PrefixListIds=[{{PrefixListId={id}}}]"), id),
        TrafficSource::Group(id, _) => (format!("UserIdGroupPairs=[{{GroupId={id}}}]"), id),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Attributes, Egress, ScopeId};

    fn rule(protocol: &str, ports: Option<(i32, i32)>, destination: &str) -> Egress {
        let destination = match destination.split_once('-') {
            Some(("sg", _)) => TrafficSource::Group(destination.into(), None),
            Some(("pl", _)) => TrafficSource::PrefixList(destination.into()),
            _ => TrafficSource::Ipv4(destination.into()),
        };
        Egress { protocol: protocol.into(), ports, destination }
    }

    fn tcp(port: i32, destination: &str) -> Egress {
        rule("tcp", Some((port, port)), destination)
    }

    fn group(id: &str, egress: Vec<Egress>) -> SecurityGroup {
        let key = Key::new(ScopeId::default(), id);
        SecurityGroup { key, name: id.into(), vpc: None, tags: Attributes::new(), ingress: Vec::new(), egress }
    }

    const ALL: &str = "0.0.0.0/0";

    #[test]
    fn a_port_is_covered_where_the_traffic_goes() {
        for (what, egress) in [
            ("everything", vec![rule("-1", None, ALL)]),
            ("a rule of its own", vec![tcp(80, ALL), tcp(8080, ALL)]),
            ("a range", vec![rule("tcp", Some((80, 9000)), ALL)]),
            ("a wider range of addresses", vec![tcp(80, "10.1.0.0/16"), tcp(8080, "10.0.0.0/8")]),
            ("the same group", vec![tcp(80, "sg-2"), tcp(8080, "sg-2")]),
            ("no traffic that is known, and a rule", vec![tcp(8080, "sg-2")]),
        ] {
            let group = group("sg-1", egress);
            assert_eq!(reach(&[("sg-1", Some(&group))], Some(80), 8080), Reach::Covered, "{what}");
        }
    }

    #[test]
    fn what_lacks_is_named_with_its_group() {
        for (what, egress, missing) in [
            ("Beanstalk's own", vec![tcp(80, ALL)], ALL),
            ("another port", vec![tcp(80, ALL), tcp(8081, ALL)], ALL),
            ("UDP", vec![tcp(80, ALL), rule("udp", Some((8080, 8080)), ALL)], ALL),
            ("narrower", vec![tcp(80, "10.0.0.0/8"), tcp(8080, "10.1.0.0/16")], "10.0.0.0/8"),
            ("another group", vec![tcp(80, "sg-2"), tcp(8080, "sg-3")], "sg-2"),
            ("nothing at all", vec![], ALL),
        ] {
            let group = group("sg-1", egress);
            let Reach::Closed(found, destinations) = reach(&[("sg-1", Some(&group))], Some(80), 8080) else {
                panic!("{what}")
            };
            assert_eq!((&*found.key.id, peer(&destinations[0]).1), ("sg-1", missing), "{what}");
        }
    }

    #[test]
    fn groups_count_together_and_one_that_is_unread_leaves_it_open() {
        let (plain, own, wide) =
            (group("sg-0", vec![]), group("sg-1", vec![tcp(80, ALL)]), group("sg-2", vec![rule("-1", None, ALL)]));
        assert_eq!(reach(&[("sg-1", Some(&own)), ("sg-2", Some(&wide))], Some(80), 8080), Reach::Covered);
        assert_eq!(reach(&[("sg-1", None), ("sg-2", Some(&wide))], Some(80), 8080), Reach::Covered);
        assert_eq!(reach(&[("sg-1", Some(&own)), ("sg-2", None)], Some(80), 8080), Reach::Unread(vec!["sg-2"]));
        assert_eq!(reach(&[], Some(80), 8080), Reach::Unread(vec![]));
        let found = reach(&[("sg-0", Some(&plain)), ("sg-1", Some(&own))], Some(80), 8080);
        assert!(
            matches!(found, Reach::Closed(group, _) if *group.key.id == *"sg-1"),
            "the one that lets the traffic out"
        );
    }
}
