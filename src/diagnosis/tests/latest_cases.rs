//! For each check of websockets, names, membership and sharing one state on each side of each of its thresholds, and one in
//! which it is undecided.

use std::sync::Arc;
use std::time::Duration;

use super::cases::{Case, DENIED, case};
use super::objects::{SCOPE, ago, balancer, environment, forward, group, listener, second};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::{Info, Warning};
use crate::model::TargetState::{Draining, Healthy};
use crate::model::{
    Answer, ApplicationMetrics, Condition, DoubtCause, EnvironmentEvent, EnvironmentResources, EnvironmentStatus, Key,
    LoadBalancer, Priority, RuleAction, Source,
};

const DELAY: &str = "deregistration_delay.timeout_seconds";
const IDLE: &str = "idle_timeout.timeout_seconds";

/// A rule of port 443 that leads to the first target group.
fn rule(stage: &mut Stage, field: &str, value: &str) {
    let of = stage.snapshot.inventory.listeners[&balancer()][1].clone();
    stage.rules(&of, &[forward(&[(group(), 1)], None)]);
    let mut rules = stage.snapshot.inventory.rules[&of.key].clone();
    for rule in rules.iter_mut().filter(|it| it.priority != Priority::Default) {
        rule.conditions = vec![Condition { field: field.into(), name: None, values: vec![Arc::from(value)] }];
    }
    stage.put(Source::Rules(of.key.clone()), Answer::Rules(of.key, rules));
}

fn without_rules(stage: &mut Stage) {
    stage.snapshot.inventory.rules.clear();
    stage.doubt(Source::Rules(listener(443)), DENIED);
}

fn without_attributes(stage: &mut Stage) {
    stage.snapshot.inventory.target_group_attributes.clear();
    stage.doubt(Source::TargetGroupAttributes(group()), DENIED);
}

fn without_resources(stage: &mut Stage) {
    stage.snapshot.inventory.resources.clear();
    stage.doubt(Source::Resources(environment()), DENIED);
}

fn unsticky(stage: &mut Stage) {
    stage.attribute("stickiness.enabled", "false");
}

fn ping(stage: &mut Stage, seconds: u64) {
    stage.declared.ping = Some(Duration::from_secs(seconds));
}

fn names(stage: &mut Stage, name: &str) {
    stage.declared.hostnames = vec![name.to_owned()].leak();
}

/// The requests of each instance in its last report.
fn requests(stage: &mut Stage, counts: &[i32]) {
    stage.targets(&vec![Healthy; counts.len()]);
    stage.versions(&vec![("v1", 7); counts.len()]);
    let mut all = stage.snapshot.inventory.instances_health[&environment()].clone();
    for (instance, count) in all.iter_mut().zip(counts) {
        instance.metrics = Some(ApplicationMetrics { request_count: *count, ..ApplicationMetrics::default() });
    }
    stage.put(Source::InstancesHealth(environment()), Answer::InstancesHealth(environment(), all));
}

/// The events name a version.
fn event(stage: &mut Stage, label: &str) {
    let message = "New application version was deployed to running EC2 instances.";
    let (environment, version) = (Some("web".into()), Some(label.into()));
    let event = EnvironmentEvent { environment, version, ..EnvironmentEvent::new(ago(9000), message) };
    stage.put(Source::Events(SCOPE), Answer::Events(vec![event]));
}

fn neighbour(stage: &mut Stage, security_group: &str) {
    let own = stage.snapshot.inventory.load_balancers[&balancer()].clone();
    let key = Key::new(SCOPE, own.key.id.replace("awseb--AWSEB-1", "other"));
    let other = LoadBalancer { security_groups: vec![security_group.into()], ..LoadBalancer::new(key, "other") };
    stage.put(Source::LoadBalancers(SCOPE), Answer::LoadBalancers(vec![own, other]));
}

/// A shared load balancer, on which port 443 leads to the environment, and port 80 does this.
fn shared(stage: &mut Stage, action: RuleAction) {
    stage.options(&[("aws:elasticbeanstalk:environment", "LoadBalancerIsShared", "true")]);
    stage.listeners(|all| all[0].default_actions = vec![action]);
}

fn single(stage: &mut Stage) {
    stage.options(&[("aws:elasticbeanstalk:environment", "EnvironmentType", "SingleInstance")]);
    stage.environment(|it| it.endpoint_url = Some("192.0.2.7".into()));
    let resources = EnvironmentResources {
        environment: environment(),
        load_balancers: Vec::new(),
        auto_scaling_groups: vec!["asg-1".into()],
        instances: vec!["i-0".into()],
        queues: Vec::new(),
        cluster: None,
    };
    stage.put(Source::Resources(environment()), Answer::Resources(resources));
    stage.put(Source::LoadBalancers(SCOPE), Answer::LoadBalancers(Vec::new()));
    stage.groups(&[]);
}

fn elsewhere() -> RuleAction {
    RuleAction::FixedResponse { status: "404".into() }
}

#[rustfmt::skip]
pub const LATEST_CASES: &[Case] = &[
    case("websockets-without-stickiness", "a path of socket.io", Found(Warning), |it| { unsticky(it); rule(it, "path-pattern", "/Socket.IO/*"); }),
    case("websockets-without-stickiness", "configured", Found(Warning), |it| { unsticky(it); ping(it, 25); }),
    case("websockets-without-stickiness", "by its name", Found(Info), |it| { unsticky(it); it.declared.sounds_like_sockets = true; }),
    case("websockets-without-stickiness", "one target", Clear, |it| { unsticky(it); ping(it, 25); it.targets(&[Healthy]); }),
    case("websockets-without-stickiness", "sticky", Clear, |it| ping(it, 25)),
    case("websockets-without-stickiness", "another path", Clear, |it| { unsticky(it); rule(it, "path-pattern", "/api/*"); }),
    case("websockets-without-stickiness", "attributes denied", Undecided, |it| { ping(it, 25); without_attributes(it); }),
    case("websockets-without-stickiness", "rules denied", Undecided, |it| { unsticky(it); without_rules(it); }),

    case("draining-cuts-websockets", "29 s", Found(Info), |it| { ping(it, 25); it.attribute(DELAY, "29"); }),
    case("draining-cuts-websockets", "30 s", Clear, |it| { ping(it, 25); it.attribute(DELAY, "30"); }),
    case("draining-cuts-websockets", "a guess is not enough", Clear, |it| it.declared.sounds_like_sockets = true),
    case("draining-cuts-websockets", "no websockets", Clear, |it| it.attribute(DELAY, "0")),
    case("draining-cuts-websockets", "attributes denied", Undecided, |it| { ping(it, 25); without_attributes(it); }),

    case("idle-timeout-cuts-websockets", "the interval", Found(Warning), |it| { ping(it, 25); it.balancer_attribute(IDLE, "25"); }),
    case("idle-timeout-cuts-websockets", "a second more", Clear, |it| { ping(it, 25); it.balancer_attribute(IDLE, "26"); }),
    case("idle-timeout-cuts-websockets", "as long as nginx waits", Found(Info), |it| { ping(it, 60); it.balancer_attribute(IDLE, "300"); }),
    case("idle-timeout-cuts-websockets", "shorter than nginx waits", Clear, |it| { ping(it, 59); it.balancer_attribute(IDLE, "300"); }),
    case("idle-timeout-cuts-websockets", "no websockets", Clear, |it| it.balancer_attribute(IDLE, "1")),
    case("idle-timeout-cuts-websockets", "the interval is not configured", Undecided, |it| rule(it, "path-pattern", "/sockjs/*")),

    case("sticky-skew", "twice the median", Found(Warning), |it| requests(it, &[300, 150, 150])),
    case("sticky-skew", "just below", Clear, |it| requests(it, &[301, 151, 151])),
    case("sticky-skew", "two instances", Clear, |it| requests(it, &[900, 10])),
    case("sticky-skew", "not sticky", Clear, |it| { requests(it, &[900, 10, 10]); unsticky(it); }),
    case("sticky-skew", "too few requests", Undecided, |it| requests(it, &[299, 150, 150])),

    case("target-in-no-group", "one of two", Found(Warning), |it| it.scaling(|it| it.instances = vec!["i-0".into()])),
    case("target-in-no-group", "both are", Clear, |_| ()),
    case("target-in-no-group", "it drains", Clear, |it| { it.targets(&[Healthy, Draining]); it.scaling(|it| it.instances = vec!["i-0".into()]); }),
    case("target-in-no-group", "an update is in progress", Clear, |it| {
        it.scaling(|it| it.instances = Vec::new());
        it.environment(|it| it.status = EnvironmentStatus::Updating);
    }),
    case("target-in-no-group", "resources denied", Undecided, without_resources),

    case("one-instance-in-production", "behind a load balancer", Found(Warning), |it| { it.declared.is_production = true; it.scaling(|it| it.size = (1, 4, 1)); }),
    case("one-instance-in-production", "without one", Found(Warning), |it| { single(it); it.declared.is_production = true; }),
    case("one-instance-in-production", "two", Clear, |it| it.declared.is_production = true),
    case("one-instance-in-production", "not production", Clear, |it| it.scaling(|it| it.size = (1, 4, 1))),
    case("one-instance-in-production", "resources denied", Undecided, |it| { it.declared.is_production = true; without_resources(it); }),

    case("certificate-does-not-cover-name", "a configured name", Found(Warning), |it| names(it, "www.shop.example")),
    case("certificate-does-not-cover-name", "a name of a rule", Found(Warning), |it| { it.declared.hostnames = &[]; rule(it, "host-header", "www.shop.example"); }),
    case("certificate-does-not-cover-name", "its own name", Clear, |it| names(it, "SHOP.example.")),
    case("certificate-does-not-cover-name", "no HTTPS", Clear, |it| { names(it, "www.shop.example"); it.listeners(|all| all.truncate(1)); }),
    case("certificate-does-not-cover-name", "no name is known", Undecided, |it| it.declared.hostnames = &[]),
    case("certificate-does-not-cover-name", "not in ACM's list", Undecided, |it| it.snapshot.inventory.certificates.clear()),

    case("previous-version-deleted", "it was deleted", Found(Warning), |it| event(it, "v-1")),
    case("previous-version-deleted", "it is there", Clear, |it| event(it, "v0")),
    case("previous-version-deleted", "no event names it", Clear, |_| ()),
    case("previous-version-deleted", "versions denied", Undecided, |it| {
        let versions = Source::Versions(Key::new(SCOPE, "shop"));
        event(it, "v-1");
        it.snapshot.inventory.versions.clear();
        it.doubt(versions, DENIED);
    }),

    case("shared-security-group", "another has it", Found(Info), |it| neighbour(it, "sg-1")),
    case("shared-security-group", "another has its own", Clear, |it| neighbour(it, "sg-2")),
    case("shared-security-group", "the list is stale", Undecided, |it| it.doubt(Source::LoadBalancers(SCOPE), DoubtCause::Stale)),

    case("port-without-rule", "the default action is another's", Found(Info), |it| shared(it, elsewhere())),
    case("port-without-rule", "a redirect", Clear, |it| shared(it, super::objects::to_https())),
    case("port-without-rule", "not shared", Clear, |it| it.listeners(|all| all[0].default_actions = vec![elsewhere()])),
    case("port-without-rule", "rules denied", Undecided, |it| {
        shared(it, elsewhere());
        it.snapshot.inventory.rules.remove(&listener(80));
        it.doubt(Source::Rules(listener(80)), DENIED);
    }),

    case("no-alarm", "none at all, and it is not known which are its objects", Undecided, |it| {
        it.alarms(&[]);
        it.groups(&[]);
        it.doubt(Source::TargetGroups(SCOPE), DENIED);
    }),
    case("no-alarm", "on a group beside another", Clear, |it| it.groups(&[group(), second()])),
];
