//! The inventory: partial answers keep, only complete ones remove, and what brings nothing new changes nothing.

use std::sync::Arc;
use std::time::Duration;

use crate::model::{
    Answer, Attributes, Batch, Certificate, Covers, Delta, Environment, EnvironmentStatus, Fault, FaultKind,
    HealthCheck, InstanceHealth, Inventory, Key, Listener, LoadBalancer, Moment, Priority, Relink, Rule, ScopeId,
    Service, TargetGroup,
};

const SCOPE: ScopeId = ScopeId(0);

pub fn at(seconds: u64) -> Moment {
    Moment::EPOCH.plus(Duration::from_secs(seconds))
}

pub fn partial() -> Covers {
    Covers::Partial(Arc::new(Fault {
        kind: FaultKind::Throttled,
        service: Service::Elb,
        operation: "DescribeTargetGroups",
        code: None,
        message: "Rate exceeded".into(),
        details: None,
        request_id: None,
    }))
}

pub fn environment(name: &str) -> Environment {
    Environment {
        version: Some("v1".into()),
        endpoint_url: Some(format!("{name}.elb.example").into()),
        cname: Some(format!("{name}.eb.example").into()),
        updated: Some(at(0)),
        ..Environment::new(Key::new(SCOPE, format!("e-{name}")), name, "shop", EnvironmentStatus::Ready)
    }
}

fn load_balancer(name: &str) -> LoadBalancer {
    LoadBalancer::new(Key::new(SCOPE, format!("arn:lb/{name}")), name)
}

pub fn group(name: &str) -> TargetGroup {
    TargetGroup {
        key: Key::new(SCOPE, format!("arn:tg/{name}")),
        name: name.into(),
        protocol: Some("HTTP".into()),
        port: Some(80),
        vpc: None,
        target_type: None,
        load_balancers: Vec::new(),
        protocol_version: None,
        target_control_port: None,
        health_check: HealthCheck::default(),
    }
}

fn certificate(name: &str) -> Certificate {
    Certificate {
        key: Key::new(SCOPE, format!("arn:cert/{name}")),
        domain: Some(name.into()),
        names: Vec::new(),
        has_more_names: false,
        key_algorithm: None,
        status: None,
        not_after: None,
    }
}

fn balancer_key() -> Key<LoadBalancer> {
    Key::new(SCOPE, "arn:lb/x")
}

fn listener(port: &str) -> Listener {
    Listener {
        key: Key::new(SCOPE, format!("arn:listener/{port}")),
        load_balancer: balancer_key(),
        protocol: Some("HTTP".into()),
        port: port.parse().ok(),
        ssl_policy: None,
        certificates: Vec::new(),
        default_actions: Vec::new(),
    }
}

fn listener_key() -> Key<Listener> {
    Key::new(SCOPE, "arn:listener/x")
}

fn rule(priority: &str) -> Rule {
    Rule {
        key: Key::new(SCOPE, format!("arn:rule/{priority}")),
        listener: listener_key(),
        priority: Priority::Number(priority.parse().unwrap()),
        conditions: Vec::new(),
        actions: Vec::new(),
    }
}

fn environment_key() -> Key<Environment> {
    Key::new(SCOPE, "e-x")
}

fn instance(id: &str) -> InstanceHealth {
    InstanceHealth::new(Key::new(SCOPE, id))
}

/// A list that is read for a region, or an object of it: how an answer with these entries is made, and which entries
/// are kept.
struct Listing {
    what: &'static str,
    answer: fn(&[&str]) -> Answer,
    kept: fn(&Inventory) -> Vec<String>,
    /// Whether an answer is ever the whole of it.
    has_whole: bool,
}

fn sorted<T: ToString>(ids: impl Iterator<Item = T>) -> Vec<String> {
    let mut ids: Vec<_> = ids.map(|id| id.to_string()).collect();
    ids.sort();
    ids
}

fn last(id: &str) -> String {
    id.rsplit(['/', '-']).next().unwrap().to_owned()
}

const LISTINGS: &[Listing] = &[
    Listing {
        what: "environments",
        answer: |names| Answer::Environments(names.iter().map(|name| environment(name)).collect()),
        kept: |it| sorted(it.environments.keys().map(|key| last(&key.id))),
        has_whole: true,
    },
    Listing {
        what: "load balancers",
        answer: |names| Answer::LoadBalancers(names.iter().map(|name| load_balancer(name)).collect()),
        kept: |it| sorted(it.load_balancers.keys().map(|key| last(&key.id))),
        has_whole: true,
    },
    Listing {
        what: "target groups",
        answer: |names| Answer::TargetGroups(names.iter().map(|name| group(name)).collect()),
        kept: |it| sorted(it.target_groups.keys().map(|key| last(&key.id))),
        has_whole: true,
    },
    Listing {
        what: "certificates",
        answer: |names| Answer::Certificates(names.iter().map(|name| certificate(name)).collect()),
        kept: |it| sorted(it.certificates.keys().map(|key| last(&key.id))),
        has_whole: true,
    },
    Listing {
        what: "listeners",
        answer: |ports| Answer::Listeners(balancer_key(), ports.iter().map(|port| listener(port)).collect()),
        kept: |it| sorted(it.listeners.values().flatten().map(|it| last(&it.key.id))),
        has_whole: true,
    },
    Listing {
        what: "rules",
        answer: |numbers| Answer::Rules(listener_key(), numbers.iter().map(|number| rule(number)).collect()),
        kept: |it| sorted(it.rules.values().flatten().map(|it| last(&it.key.id))),
        has_whole: true,
    },
    Listing {
        what: "instances' health",
        answer: |ids| Answer::InstancesHealth(environment_key(), ids.iter().map(|id| instance(id)).collect()),
        kept: |it| sorted(it.instances_health.values().flatten().map(|it| last(&it.instance.id))),
        has_whole: true,
    },
    Listing {
        what: "tags",
        answer: |arns| Answer::Tags(arns.iter().map(|arn| (Key::new(SCOPE, *arn), Attributes::new())).collect()),
        kept: |it| sorted(it.tags.keys().map(|key| last(&key.id))),
        has_whole: false,
    },
];

#[test]
fn only_a_complete_answer_removes_what_it_does_not_name() {
    for Listing { what, answer, kept, has_whole } in LISTINGS {
        for (covers, expected) in [
            (Covers::All, if *has_whole { &["2", "4"][..] } else { &["1", "2", "3", "4"] }),
            (Covers::Only, &["1", "2", "3", "4"]),
            (partial(), &["1", "2", "3", "4"]),
        ] {
            let mut inventory = Inventory::default();
            inventory.replace(Batch { covers: Covers::All, answer: answer(&["1", "2", "3"]) }, at(0));
            inventory.replace(Batch { covers: covers.clone(), answer: answer(&["4", "2"]) }, at(10));
            assert_eq!(kept(&inventory), expected, "{what} after {covers:?}");
        }
    }
}

#[test]
fn an_answer_that_names_nothing_empties_only_if_it_is_complete() {
    for Listing { what, answer, kept, .. } in LISTINGS.iter().filter(|it| it.has_whole) {
        for (covers, is_empty) in [(Covers::All, true), (partial(), false)] {
            let mut inventory = Inventory::default();
            inventory.replace(Batch { covers: Covers::All, answer: answer(&["1", "2"]) }, at(0));
            let delta = inventory.replace(Batch { covers, answer: answer(&[]) }, at(10));
            assert_eq!(kept(&inventory).is_empty(), is_empty, "{what}");
            assert_eq!(delta.is_empty(), !is_empty, "{what}: {delta:?}");
        }
    }
}

#[test]
fn an_answer_that_brings_nothing_new_changes_nothing_whatever_its_order() {
    for Listing { what, answer, .. } in LISTINGS {
        for covers in [Covers::All, Covers::Only, partial()] {
            let mut inventory = Inventory::default();
            let delta = inventory.replace(Batch { covers: covers.clone(), answer: answer(&["1", "2", "3"]) }, at(0));
            assert!(!delta.is_empty(), "{what}");
            let again = inventory.replace(Batch { covers, answer: answer(&["1", "2", "3"]) }, at(10));
            assert_eq!(again, Delta::default(), "{what}");
        }
    }
    let mut inventory = Inventory::default();
    let one = Answer::Listeners(balancer_key(), vec![listener("443"), listener("80")]);
    inventory.replace(Batch { covers: Covers::All, answer: one }, at(0));
    let other = Answer::Listeners(balancer_key(), vec![listener("80"), listener("443")]);
    assert!(inventory.replace(Batch { covers: Covers::All, answer: other }, at(10)).is_empty());
    let ports: Vec<_> = inventory.listeners[&balancer_key()].iter().map(|it| it.port).collect();
    assert_eq!(ports, [Some(80), Some(443)]);
}

#[test]
fn listeners_are_by_port_and_rules_by_priority() {
    let mut inventory = Inventory::default();
    let answer = Answer::Rules(listener_key(), vec![rule("20"), rule("3"), rule("100")]);
    inventory.replace(Batch { covers: Covers::All, answer }, at(0));
    let order: Vec<_> = inventory.rules[&listener_key()].iter().map(|rule| rule.priority).collect();
    assert_eq!(order, [3, 20, 100].map(Priority::Number));
}

#[test]
fn only_what_differs_is_reported_and_only_what_links_is_evidence() {
    let changed = |change: fn(&mut Environment)| {
        let mut inventory = Inventory::default();
        let both = vec![environment("a"), environment("b")];
        inventory.replace(Batch { covers: Covers::All, answer: Answer::Environments(both.clone()) }, at(0));
        let mut other = both;
        change(&mut other[1]);
        inventory.replace(Batch { covers: Covers::All, answer: Answer::Environments(other) }, at(10))
    };
    let b = || vec![environment("b").key];
    let health = changed(|it| it.version = Some("v2".into()));
    assert_eq!(health, Delta { environments: b(), ..Delta::default() });
    let moved = changed(|it| it.updated = Some(at(5)));
    assert_eq!(moved, Delta { environments: b(), reconfigured: b(), ..Delta::default() });
    for change in [
        (|it| it.endpoint_url = Some("other".into())) as fn(&mut Environment),
        |it| it.cname = None,
        |it| it.tier = Some(crate::model::Tier::Worker),
    ] {
        assert_eq!(
            changed(change),
            Delta {
                environments: b(),
                relinks: b().into_iter().map(Relink::Environment).collect(),
                ..Delta::default()
            }
        );
    }
    // One that came is not one whose settings were changed.
    let mut inventory = Inventory::default();
    let answer = Answer::Environments(vec![environment("a")]);
    let came = inventory.replace(Batch { covers: Covers::All, answer }, at(0));
    assert!(came.relinks.len() == 1 && came.reconfigured.is_empty() && came.environments.len() == 1, "{came:?}");
    let answer = Answer::Environments(Vec::new());
    let went = inventory.replace(Batch { covers: Covers::All, answer }, at(10));
    assert!(went.relinks == came.relinks && went.reconfigured.is_empty() && went.environments.len() == 1, "{went:?}");
}

#[test]
fn an_arn_that_has_no_tags_any_more_has_none() {
    let mut inventory = Inventory::default();
    let tag = Attributes::from([("elasticbeanstalk:environment-id".into(), "e-1".into())]);
    let key: Key<TargetGroup> = Key::new(SCOPE, "arn:aws:elasticloadbalancing:r:1:targetgroup/web/1");
    for (tags, is_known) in [(tag, true), (Attributes::new(), false)] {
        let answer = Answer::Tags(vec![(key.tagged(), tags)]);
        let delta = inventory.replace(Batch { covers: Covers::Only, answer }, at(0));
        assert_eq!(delta.relinks, [Relink::TargetGroup(key.clone())]);
        assert_eq!(inventory.tags_of(&key).unwrap().contains_key("elasticbeanstalk:environment-id"), is_known);
    }
}
