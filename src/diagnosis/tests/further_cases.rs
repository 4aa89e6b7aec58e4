//! For each check of counts, ways, redirects, options and the Auto Scaling group one state on each side of each of its
//! thresholds, and one in which it is undecided.

use std::cell::OnceCell;

use super::cases::{Case, DENIED, case};
use super::objects::{SCOPE, balancer, environment, forward, group, to_https};
use super::stage::Answered::{Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::CheckFigures;
use crate::diagnosis::FindingSeverity::{Critical, Info, Warning};
use crate::model::TargetState::{Healthy, Unhealthy};
use crate::model::{
    Answer, AutoScalingGroup, Condition, Egress, EnvironmentStatus, Key, Known, Listener, Priority, Source,
    TrafficSource,
};

fn counts(stage: &mut Stage, change: impl FnOnce(&mut CheckFigures)) {
    let mut figures = CheckFigures { requests: 1000.0, ..CheckFigures::default() };
    change(&mut figures);
    stage.values.check_figures = OnceCell::from(Known::Read(figures));
}

/// The only port that the load balancer may reach.
fn egress(stage: &mut Stage, port: i32) {
    let destination = TrafficSource::Ipv4("0.0.0.0/0".into());
    let rule = Egress { protocol: "tcp".into(), ports: Some((port, port)), destination };
    stage.security_group(|it| it.egress = vec![rule]);
}

fn without_group(stage: &mut Stage) {
    stage.snapshot.inventory.security_groups.clear();
    stage.doubt(Source::SecurityGroup(Key::new(SCOPE, "sg-1")), DENIED);
}

fn unproven(stage: &mut Stage) {
    stage.groups(&[]);
    stage.doubt(Source::TargetGroups(SCOPE), DENIED);
}

fn without_settings(stage: &mut Stage) {
    stage.snapshot.inventory.settings.clear();
    stage.doubt(Source::Settings(environment()), DENIED);
}

fn without_resources(stage: &mut Stage) {
    stage.snapshot.inventory.resources.clear();
    stage.doubt(Source::Resources(environment()), DENIED);
}

fn failing(stage: &mut Stage, code: &str) {
    stage.targets(&[Healthy, Unhealthy]);
    let description = format!("Health checks failed with these codes: [{code}]");
    stage.reasons_of(&group(), "Target.ResponseCodeMismatch", &description);
}

fn grace(stage: &mut Stage, kind: &str, seconds: i32) {
    stage.scaling(|it| (it.health_check_type, it.grace_seconds) = (Some(kind.into()), Some(seconds)));
}

fn suspended(stage: &mut Stage, process: &str) {
    stage.scaling(|it: &mut AutoScalingGroup| it.suspended = vec![process.into()]);
}

fn rules(stage: &mut Stage, listed: &str, defined: &str) {
    let namespace = format!("aws:elbv2:listenerrule:{defined}");
    stage.options(&[("aws:elbv2:listener:443", "Rules", listed), (&namespace, "PathPatterns", "/a")]);
}

/// Port 80 forwards, behind a numbered rule that redirects what its path matches.
fn behind_redirect(stage: &mut Stage, path: &str) {
    stage.listeners(|all| all[0].default_actions = vec![forward(&[(group(), 1)], None)]);
    let of: Listener = stage.snapshot.inventory.listeners[&balancer()][0].clone();
    stage.rules(&of, &[to_https()]);
    let mut rules = stage.snapshot.inventory.rules[&of.key].clone();
    for rule in rules.iter_mut().filter(|it| it.priority != Priority::Default) {
        rule.conditions = vec![Condition { field: "path-pattern".into(), name: None, values: vec![path.into()] }];
    }
    stage.put(Source::Rules(of.key.clone()), Answer::Rules(of.key, rules));
}

#[rustfmt::skip]
pub const FURTHER_CASES: &[Case] = &[
    case("bad-gateway", "10", Found(Warning), |it| counts(it, |it| it.bad_gateway = 10.0)),
    case("bad-gateway", "9", Clear, |it| counts(it, |it| it.bad_gateway = 9.0)),
    case("bad-gateway", "not read", Undecided, |_| ()),
    case("gateway-timeout", "10", Found(Warning), |it| counts(it, |it| it.timeouts = 10.0)),
    case("gateway-timeout", "9", Clear, |it| counts(it, |it| it.timeouts = 9.0)),
    case("gateway-timeout", "not read", Undecided, |_| ()),
    case("rejected-connections", "1", Found(Warning), |it| counts(it, |it| it.rejected = 1.0)),
    case("rejected-connections", "0", Clear, |it| counts(it, |_| ())),
    case("rejected-connections", "not read", Undecided, |_| ()),
    case("target-connection-errors", "10", Found(Warning), |it| counts(it, |it| it.connection_errors = 10.0)),
    case("target-connection-errors", "9", Clear, |it| counts(it, |it| it.connection_errors = 9.0)),
    case("target-connection-errors", "not read", Undecided, |_| ()),
    case("fail-open", "1", Found(Warning), |it| counts(it, |it| it.fail_open = 1.0)),
    case("fail-open", "0", Clear, |it| counts(it, |_| ())),
    case("fail-open", "not read", Undecided, |_| ()),
    case("cookie-not-kept", "20 %", Found(Warning), |it| counts(it, |it| it.not_sticky = 200.0)),
    case("cookie-not-kept", "19.9 %", Clear, |it| counts(it, |it| it.not_sticky = 199.0)),
    case("cookie-not-kept", "20 %, and not sticky", Clear, |it| {
        counts(it, |it| it.not_sticky = 200.0);
        it.attribute("stickiness.enabled", "false");
    }),
    case("cookie-not-kept", "99 requests", Undecided, |it| counts(it, |it| (it.requests, it.not_sticky) = (99.0, 90.0))),

    case("no-way-to-targets", "another port", Found(Critical), |it| egress(it, 443)),
    case("no-way-to-targets", "the port", Clear, |it| egress(it, 80)),
    case("no-way-to-targets", "the health check's is another one", Found(Critical), |it| {
        egress(it, 80);
        it.group(|it| it.health_check.port = Some("8080".into()));
    }),
    case("no-way-to-targets", "no rule at all", Found(Critical), |it| it.security_group(|it| it.egress.clear())),
    case("no-way-to-targets", "the group is denied", Undecided, without_group),

    case("default-security-group", "default", Found(Warning), |it| it.security_group(|it| it.name = "default".into())),
    case("default-security-group", "its own", Clear, |_| ()),
    case("default-security-group", "the group is denied", Undecided, without_group),

    case("health-check-redirected", "302", Found(Warning), |it| failing(it, "302")),
    case("health-check-redirected", "502", Clear, |it| failing(it, "502")),
    case("health-check-redirected", "the matcher takes 302", Found(Info), |it| it.group(|it| it.health_check.matcher = Some("200,302".into()))),
    case("health-check-redirected", "the matcher takes 200 to 399", Found(Info), |it| it.group(|it| it.health_check.matcher = Some("200-399".into()))),
    case("health-check-redirected", "the matcher takes 200 to 299", Clear, |it| it.group(|it| it.health_check.matcher = Some("200-299".into()))),
    case("health-check-redirected", "groups denied", Undecided, unproven),

    case("http-not-redirected", "forwards", Found(Warning), |it| it.listeners(|all| all[0].default_actions = vec![forward(&[(group(), 1)], None)])),
    case("http-not-redirected", "redirects", Clear, |_| ()),
    case("http-not-redirected", "a rule for every request redirects", Clear, |it| behind_redirect(it, "/*")),
    case("http-not-redirected", "a rule for some requests redirects", Found(Warning), |it| behind_redirect(it, "/login")),
    case("http-not-redirected", "there is no HTTPS", Clear, |it| it.listeners(|all| {
        all.truncate(1);
        all[0].default_actions = vec![forward(&[(group(), 1)], None)];
    })),
    case("http-not-redirected", "listeners denied", Undecided, |it| {
        it.snapshot.inventory.listeners.clear();
        it.doubt(Source::Listeners(balancer()), DENIED);
    }),

    case("managed-updates-off", "false", Found(Info), |it| it.options(&[("aws:elasticbeanstalk:managedactions", "ManagedActionsEnabled", "false")])),
    case("managed-updates-off", "true", Clear, |_| ()),
    case("managed-updates-off", "options denied", Undecided, without_settings),

    case("undefined-listener-rule", "one is not defined", Found(Warning), |it| rules(it, "chat,admin", "chat")),
    case("undefined-listener-rule", "all are, and the default one", Clear, |it| rules(it, "chat,default", "chat")),
    case("undefined-listener-rule", "options denied", Undecided, without_settings),

    case("running-version-deleted", "another one is there", Found(Warning), |it| it.labels(&["v2"])),
    case("running-version-deleted", "it is there", Clear, |_| ()),
    case("running-version-deleted", "none is there", Undecided, |it| it.labels(&[])),

    case("protocol-version-without-websockets", "HTTP2", Found(Info), |it| it.group(|it| it.protocol_version = Some("HTTP2".into()))),
    case("protocol-version-without-websockets", "GRPC", Found(Info), |it| it.group(|it| it.protocol_version = Some("GRPC".into()))),
    case("protocol-version-without-websockets", "HTTP1", Clear, |it| it.group(|it| it.protocol_version = Some("HTTP1".into()))),
    case("protocol-version-without-websockets", "groups denied", Undecided, unproven),

    case("suspended-scaling-processes", "ReplaceUnhealthy", Found(Warning), |it| suspended(it, "ReplaceUnhealthy")),
    case("suspended-scaling-processes", "AZRebalance", Clear, |it| suspended(it, "AZRebalance")),
    case("suspended-scaling-processes", "Launch, while an update is in progress", Clear, |it| {
        suspended(it, "Launch");
        it.environment(|it| it.status = EnvironmentStatus::Updating);
    }),
    case("suspended-scaling-processes", "resources denied", Undecided, without_resources),

    // Three passes of 15 seconds.
    case("short-grace-period", "44 s, ELB", Found(Warning), |it| grace(it, "ELB", 44)),
    case("short-grace-period", "45 s, ELB", Clear, |it| grace(it, "ELB", 45)),
    case("short-grace-period", "0 s, EC2", Clear, |it| grace(it, "EC2", 0)),
    case("short-grace-period", "resources denied", Undecided, without_resources),

    case("one-instance-only", "MaxSize 1", Found(Info), |it| it.scaling(|it| it.size = (1, 1, 1))),
    case("one-instance-only", "MaxSize 2", Clear, |it| it.scaling(|it| it.size = (1, 2, 1))),
    case("one-instance-only", "resources denied", Undecided, without_resources),
];
