//! For each check of how an environment is set up one state on each side of each of its thresholds, and one in which it is
//! undecided.

use std::sync::Arc;

use super::cases::{Case, DENIED, case};
use super::objects::{SCOPE, balancer, environment, forward, group, listener, second};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::{Critical, Info, Warning};
use crate::model::TargetState::{Healthy, Unhealthy};
use crate::model::{Answer, Condition, EnvironmentStatus, Key, Listener, Priority, RuleAction, Scheme, Source};

const COMMAND: &str = "aws:elasticbeanstalk:command";
const CROSS_ZONE: &str = "load_balancing.cross_zone.enabled";
const DELAY: &str = "deregistration_delay.timeout_seconds";

fn option(stage: &mut Stage, namespace: &str, name: &str, value: &str) {
    stage.options(&[(namespace, name, value)]);
}

fn rolling(stage: &mut Stage, targets: usize, batch: &str) {
    stage.targets(&vec![Healthy; targets]);
    option(stage, COMMAND, "BatchSize", batch);
}

fn without_settings(stage: &mut Stage) {
    stage.snapshot.inventory.settings.clear();
    stage.doubt(Source::Settings(environment()), DENIED);
}

fn without_listeners(stage: &mut Stage) {
    stage.snapshot.inventory.listeners.clear();
    stage.doubt(Source::Listeners(balancer()), DENIED);
}

fn without_attributes(stage: &mut Stage) {
    stage.snapshot.inventory.target_group_attributes.clear();
    stage.doubt(Source::TargetGroupAttributes(group()), DENIED);
}

fn unproven(stage: &mut Stage) {
    stage.groups(&[]);
    stage.doubt(Source::TargetGroups(SCOPE), DENIED);
}

/// The listener of port 443 forwards to both groups.
fn weighted(stage: &mut Stage, weights: (i32, i32), group_stickiness: Option<i32>) {
    stage.groups(&[group(), second()]);
    let action = forward(&[(group(), weights.0), (second(), weights.1)], group_stickiness);
    stage.listeners(|all| all[1].default_actions = vec![action]);
}

fn scaling(stage: &mut Stage, kind: &str, size: (i32, i32, i32)) {
    stage.scaling(|it| (it.health_check_type, it.size) = (Some(kind.into()), size));
}

/// One of two targets fails since `seconds`.
fn failing(stage: &mut Stage, seconds: u64) {
    stage.targets_at(&group(), &[Healthy, Unhealthy], super::objects::ago(seconds));
}

/// Rules of port 443 with these conditions, and an action each.
fn conditions(stage: &mut Stage, conditions: &[(&str, &str)]) {
    let of: Listener = stage.snapshot.inventory.listeners[&balancer()][1].clone();
    let actions: Vec<RuleAction> = conditions.iter().map(|_| forward(&[(group(), 1)], None)).collect();
    stage.rules(&of, &actions);
    let mut rules = stage.snapshot.inventory.rules[&of.key].clone();
    for (rule, (field, value)) in rules.iter_mut().filter(|it| it.priority != Priority::Default).zip(conditions) {
        rule.conditions = vec![Condition { field: (*field).into(), name: None, values: vec![Arc::from(*value)] }];
    }
    stage.put(Source::Rules(of.key.clone()), Answer::Rules(of.key, rules));
}

fn policy(stage: &mut Stage, name: &str) {
    stage.listeners(|all| all[1].ssl_policy = Some(name.into()));
}

fn scheme(stage: &mut Stage, scheme: Option<Scheme>) {
    stage.listeners(|all| all.truncate(1));
    let mut it = stage.snapshot.inventory.load_balancers[&balancer()].clone();
    it.scheme = scheme;
    stage.put(Source::LoadBalancers(SCOPE), Answer::LoadBalancers(vec![it]));
}

/// The zones of the instances behind the two targets.
fn zones(stage: &mut Stage, zones: [Option<&str>; 2]) {
    let mut all = stage.snapshot.inventory.instances_health[&environment()].clone();
    for (instance, zone) in all.iter_mut().zip(zones) {
        instance.availability_zone = zone.map(Into::into);
    }
    stage.put(Source::InstancesHealth(environment()), Answer::InstancesHealth(environment(), all));
}

#[rustfmt::skip]
pub const MORE_CASES: &[Case] = &[
    case("sticky-without-cross-zone", "off", Found(Warning), |it| it.attribute(CROSS_ZONE, "false")),
    case("sticky-without-cross-zone", "on", Clear, |it| it.attribute(CROSS_ZONE, "true")),
    case("sticky-without-cross-zone", "as the load balancer", Clear, |it| it.attribute(CROSS_ZONE, "use_load_balancer_configuration")),
    case("sticky-without-cross-zone", "off, and not sticky", Clear, |it| {
        it.attribute(CROSS_ZONE, "false");
        it.attribute("stickiness.enabled", "false");
    }),
    case("sticky-without-cross-zone", "attributes denied", Undecided, without_attributes),

    case("weighted-without-group-stickiness", "two groups", Found(Warning), |it| weighted(it, (90, 10), None)),
    case("weighted-without-group-stickiness", "one of them with weight 0", Clear, |it| weighted(it, (100, 0), None)),
    case("weighted-without-group-stickiness", "clients stay", Clear, |it| weighted(it, (90, 10), Some(3600))),
    case("weighted-without-group-stickiness", "not sticky anyway", Clear, |it| {
        weighted(it, (90, 10), None);
        it.attribute("stickiness.enabled", "false");
        it.attribute_of(&second(), "stickiness.enabled", "false");
    }),
    case("weighted-without-group-stickiness", "an update splits traffic", Clear, |it| {
        weighted(it, (90, 10), None);
        it.environment(|it| it.status = EnvironmentStatus::Updating);
    }),
    case("weighted-without-group-stickiness", "rules denied", Undecided, |it| {
        it.snapshot.inventory.rules.clear();
        it.doubt(Source::Rules(listener(443)), DENIED);
    }),

    case("health-check-timeout", "the interval", Found(Warning), |it| it.group(|it| it.health_check.timeout = Some(15))),
    case("health-check-timeout", "just below it", Clear, |it| it.group(|it| it.health_check.timeout = Some(14))),
    case("health-check-timeout", "groups denied", Undecided, unproven),

    case("health-check-protocol", "HTTP on 443", Found(Warning), |it| it.group(|it| it.port = Some(443))),
    case("health-check-protocol", "HTTPS on 80", Found(Warning), |it| it.group(|it| it.protocol = Some("HTTPS".into()))),
    case("health-check-protocol", "checked by HTTPS on an HTTP port", Found(Warning), |it| it.group(|it| it.health_check.protocol = Some("HTTPS".into()))),
    case("health-check-protocol", "checked by HTTPS on another port", Clear, |it| it.group(|it| {
        (it.health_check.protocol, it.health_check.port) = (Some("HTTPS".into()), Some("8443".into()));
    })),
    case("health-check-protocol", "HTTP on 80", Clear, |_| ()),
    case("health-check-protocol", "groups denied", Undecided, unproven),

    case("ignored-health-check-url", "another path", Found(Info), |it| option(it, "aws:elasticbeanstalk:application", "Application Healthcheck URL", "HTTP:80/health")),
    case("ignored-health-check-url", "the same path", Clear, |it| option(it, "aws:elasticbeanstalk:application", "Application Healthcheck URL", "/")),
    case("ignored-health-check-url", "a TCP check", Clear, |it| option(it, "aws:elasticbeanstalk:application", "Application Healthcheck URL", "TCP:80")),
    case("ignored-health-check-url", "unset", Clear, |_| ()),
    case("ignored-health-check-url", "options denied", Undecided, without_settings),

    case("failed-target-is-kept", "600 s", Found(Warning), |it| failing(it, 600)),
    case("failed-target-is-kept", "599 s", Clear, |it| failing(it, 599)),
    case("failed-target-is-kept", "600 s, and ELB replaces it", Clear, |it| { failing(it, 600); scaling(it, "ELB", (1, 4, 2)); }),
    case("failed-target-is-kept", "no target fails", Clear, |_| ()),
    case("failed-target-is-kept", "resources denied", Undecided, |it| {
        failing(it, 600);
        it.snapshot.inventory.resources.clear();
        it.doubt(Source::Resources(environment()), DENIED);
    }),

    case("scaling-at-maximum", "4 of 4", Found(Warning), |it| { failing(it, 60); scaling(it, "EC2", (1, 4, 4)); }),
    case("scaling-at-maximum", "3 of 4", Clear, |it| { failing(it, 60); scaling(it, "EC2", (1, 4, 3)); }),
    case("scaling-at-maximum", "4 of 4, and no target fails", Clear, |it| scaling(it, "EC2", (1, 4, 4))),
    case("scaling-at-maximum", "resources denied", Undecided, |it| {
        failing(it, 60);
        it.snapshot.inventory.resources.clear();
        it.doubt(Source::Resources(environment()), DENIED);
    }),

    case("healthy-in-one-zone", "one zone", Found(Warning), |it| zones(it, [Some("eu-west-1a"), Some("eu-west-1a")])),
    case("healthy-in-one-zone", "two zones", Clear, |it| zones(it, [Some("eu-west-1a"), Some("eu-west-1b")])),
    case("healthy-in-one-zone", "a single target", Clear, |it| it.targets(&[Healthy])),
    case("healthy-in-one-zone", "a zone is not known", Undecided, |it| zones(it, [Some("eu-west-1a"), None])),

    case("no-https-listener", "faces the internet", Found(Warning), |it| scheme(it, Some(Scheme::InternetFacing))),
    case("no-https-listener", "internal", Found(Info), |it| scheme(it, Some(Scheme::Internal))),
    case("no-https-listener", "there is one", Clear, |_| ()),
    case("no-https-listener", "a scheme that is not known", Undecided, |it| scheme(it, None)),
    case("no-https-listener", "listeners denied", Undecided, without_listeners),

    case("old-tls-policy", "of 2016", Found(Warning), |it| policy(it, "ELBSecurityPolicy-2016-08")),
    case("old-tls-policy", "TLS 1.1", Found(Warning), |it| policy(it, "ELBSecurityPolicy-TLS-1-1-2017-01")),
    case("old-tls-policy", "TLS 1.3 beside 1.0", Found(Warning), |it| policy(it, "ELBSecurityPolicy-TLS13-1-0-2021-06")),
    case("old-tls-policy", "from TLS 1.2 on", Clear, |it| policy(it, "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09")),
    case("old-tls-policy", "a name that is not known", Undecided, |it| policy(it, "ELBSecurityPolicy-Marvellous")),

    case("rules-behind-catch-all", "every path first", Found(Warning), |it| conditions(it, &[("path-pattern", "/*"), ("path-pattern", "/chat/*")])),
    case("rules-behind-catch-all", "every host first", Found(Warning), |it| conditions(it, &[("host-header", "*"), ("path-pattern", "/chat/*")])),
    case("rules-behind-catch-all", "every path last", Clear, |it| conditions(it, &[("path-pattern", "/chat/*"), ("path-pattern", "/*")])),
    case("rules-behind-catch-all", "no rule for everything", Clear, |it| conditions(it, &[("path-pattern", "/a/*"), ("path-pattern", "/b/*")])),
    case("rules-behind-catch-all", "listeners denied", Undecided, without_listeners),

    case("draining-longer-than-deploy", "601 s", Found(Warning), |it| it.attribute(DELAY, "601")),
    case("draining-longer-than-deploy", "600 s", Clear, |it| it.attribute(DELAY, "600")),
    case("draining-longer-than-deploy", "601 s, with a longer Timeout", Clear, |it| { it.attribute(DELAY, "601"); option(it, COMMAND, "Timeout", "900"); }),
    case("draining-longer-than-deploy", "options denied", Undecided, without_settings),

    case("target-optimizer", "a control port", Found(Info), |it| it.group(|it| it.target_control_port = Some(3000))),
    case("target-optimizer", "none", Clear, |_| ()),
    case("target-optimizer", "groups denied", Undecided, unproven),

    case("deploy-without-spare", "2 of 2", Found(Warning), |it| rolling(it, 2, "2")),
    case("deploy-without-spare", "2 of 3", Found(Info), |it| rolling(it, 3, "2")),
    case("deploy-without-spare", "2 of 4", Clear, |it| rolling(it, 4, "2")),
    case("deploy-without-spare", "1 of 1", Clear, |it| rolling(it, 1, "1")),
    case("deploy-without-spare", "all at once", Found(Warning), |it| option(it, COMMAND, "DeploymentPolicy", "AllAtOnce")),
    case("deploy-without-spare", "immutable", Clear, |it| option(it, COMMAND, "DeploymentPolicy", "Immutable")),
    case("deploy-without-spare", "a batch more", Clear, |it| { rolling(it, 2, "2"); option(it, COMMAND, "DeploymentPolicy", "RollingWithAdditionalBatch"); }),
    case("deploy-without-spare", "options denied", Undecided, without_settings),

    case("deploy-ignores-health", "true", Found(Warning), |it| option(it, COMMAND, "IgnoreHealthCheck", "true")),
    case("deploy-ignores-health", "false", Clear, |it| option(it, COMMAND, "IgnoreHealthCheck", "false")),
    case("deploy-ignores-health", "options denied", Undecided, without_settings),

    case("immutable-configuration-alone", "Immutable beside Rolling", Found(Warning), |it| option(it, "aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateType", "Immutable")),
    case("immutable-configuration-alone", "both Immutable", Clear, |it| {
        option(it, "aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateType", "Immutable");
        option(it, COMMAND, "DeploymentPolicy", "Immutable");
    }),
    case("immutable-configuration-alone", "by time", Clear, |it| option(it, "aws:autoscaling:updatepolicy:rollingupdate", "RollingUpdateType", "Time")),
    case("immutable-configuration-alone", "options denied", Undecided, without_settings),

    case("failed-deployment", "Failed", Found(Warning), |it| it.deployment("Failed")),
    case("failed-deployment", "Deployed", Clear, |_| ()),
    case("failed-deployment", "Failed, and another one is in progress", Clear, |it| {
        it.deployment("Failed");
        it.environment(|it| it.status = EnvironmentStatus::Updating);
    }),
    case("failed-deployment", "denied", Undecided, |it| it.doubt(Source::InstancesHealth(environment()), DENIED)),

    case("listener-behind-closed-port", "443", Found(Critical), |it| it.admits(&[80])),
    case("listener-behind-closed-port", "443, which leads elsewhere", Clear, |it| {
        it.admits(&[80]);
        it.listeners(|all| all[1].default_actions = vec![RuleAction::FixedResponse { status: "404".into() }]);
    }),
    case("listener-behind-closed-port", "both are open", Clear, |_| ()),
    case("listener-behind-closed-port", "the group is denied", Undecided, |it| {
        it.snapshot.inventory.security_groups.clear();
        it.doubt(Source::SecurityGroup(Key::new(SCOPE, "sg-1")), DENIED);
    }),

    case("spare-group-without-healthy-target", "none is healthy", Found(Info), |it| {
        weighted(it, (100, 0), None);
        it.targets_of(&second(), &[Unhealthy]);
    }),
    case("spare-group-without-healthy-target", "one is healthy", Clear, |it| weighted(it, (100, 0), None)),
    case("spare-group-without-healthy-target", "it gets requests", Clear, |it| {
        weighted(it, (99, 1), None);
        it.targets_of(&second(), &[Unhealthy]);
    }),
    case("spare-group-without-healthy-target", "listeners denied", Undecided, without_listeners),

    case("basic-health", "basic", Found(Info), |it| option(it, "aws:elasticbeanstalk:healthreporting:system", "SystemType", "basic")),
    case("basic-health", "enhanced", Clear, |_| ()),
    case("basic-health", "options denied", Undecided, without_settings),
];
