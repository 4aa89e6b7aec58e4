//! For each check one state on each side of each of its thresholds, and one in which it is undecided.

use std::cell::OnceCell;

use super::objects::{SCOPE, ago, balancer, environment, group, second};
use super::stage::Answered::{self, Clear, Found, Undecided};
use super::stage::Stage;
use crate::diagnosis::FindingSeverity::{Critical, Info, Warning};
use crate::diagnosis::{RowFigures, TREND};
use crate::model::TargetState::{Draining, Healthy, Initial, Other, Unavailable, Unhealthy, Unused};
use crate::model::{Attributes, DoubtCause, EnvironmentStatus, FaultKind, HealthColour, HealthStatus, Known, Source};

/// A state, and the expected result of a check.
pub struct Case {
    pub check: &'static str,
    pub what: &'static str,
    pub change: fn(&mut Stage),
    pub expected: Answered,
}

pub const fn case(check: &'static str, what: &'static str, expected: Answered, change: fn(&mut Stage)) -> Case {
    Case { check, what, change, expected }
}

fn health(stage: &mut Stage, status: Option<&str>, colour: &str) {
    stage.environment(|it| {
        (it.health_status, it.health) = (status.map(HealthStatus::from_wire), Some(HealthColour::from_wire(colour)));
    });
}

fn status(stage: &mut Stage, status: EnvironmentStatus, seconds: u64) {
    stage.environment(|it| (it.status, it.updated) = (status, Some(ago(seconds))));
}

fn errors(stage: &mut Stage, share: f64, requests_a_minute: f64) {
    let figures = RowFigures {
        requests: requests_a_minute / 60.0,
        errors: (requests_a_minute > 0.0).then_some(share),
        p99: None,
        targets_only: false,
        coarse: false,
        trend: [None; TREND],
    };
    stage.values.figures = OnceCell::from(Known::Read(figures));
}

pub const DENIED: DoubtCause = DoubtCause::Failed(FaultKind::Denied);

#[rustfmt::skip]
pub const CASES: &[Case] = &[
    case("environment-health", "Severe", Found(Critical), |it| health(it, Some("Severe"), "Red")),
    case("environment-health", "Suspended", Found(Critical), |it| health(it, Some("Suspended"), "Grey")),
    case("environment-health", "Degraded", Found(Critical), |it| health(it, Some("Degraded"), "Red")),
    case("environment-health", "Red", Found(Critical), |it| health(it, None, "Red")),
    case("environment-health", "Warning", Found(Warning), |it| health(it, Some("Warning"), "Yellow")),
    case("environment-health", "Yellow", Found(Warning), |it| health(it, Some("NoData"), "Yellow")),
    case("environment-health", "Info", Clear, |it| health(it, Some("Info"), "Green")),
    case("environment-health", "Green", Clear, |it| health(it, None, "Green")),
    case("environment-health", "Grey while it is launched", Clear, |it| {
        health(it, None, "Grey");
        it.environment(|it| it.status = EnvironmentStatus::Launching);
    }),
    case("environment-health", "no data", Undecided, |it| health(it, Some("NoData"), "Grey")),
    case("environment-health", "the list is denied", Undecided, |it| it.doubt(Source::Environments(SCOPE), DENIED)),

    case("no-healthy-target", "none registered", Found(Critical), |it| it.targets(&[])),
    case("no-healthy-target", "one, which fails", Found(Critical), |it| it.targets(&[Unhealthy])),
    case("no-healthy-target", "one, which is new", Found(Critical), |it| it.targets(&[Initial])),
    case("no-healthy-target", "none registered while it is launched", Clear, |it| {
        it.targets(&[]);
        it.environment(|it| it.status = EnvironmentStatus::Launching);
    }),
    case("no-healthy-target", "the last one drains", Clear, |it| it.targets(&[Draining])),
    case("no-healthy-target", "one of two", Clear, |it| it.targets(&[Healthy, Unhealthy])),
    case("no-healthy-target", "denied, and healthy before", Undecided, |it| it.doubt(Source::TargetHealth(group()), DENIED)),
    case("no-healthy-target", "denied, and failing before", Found(Critical), |it| {
        it.targets(&[Unhealthy]);
        it.doubt(Source::TargetHealth(group()), DENIED);
    }),

    case("failing-target", "one of two", Found(Warning), |it| it.targets(&[Healthy, Unhealthy])),
    case("failing-target", "both healthy", Clear, |_| ()),
    case("failing-target", "both fail, which is another check's", Clear, |it| it.targets(&[Unhealthy, Unhealthy])),
    case("failing-target", "one is new", Clear, |it| it.targets(&[Healthy, Initial])),
    case("failing-target", "stale", Undecided, |it| it.doubt(Source::TargetHealth(group()), DoubtCause::Stale)),

    case("unavailable-target", "one of two", Found(Warning), |it| it.targets(&[Healthy, Unavailable])),
    case("unavailable-target", "a state that is not known", Found(Warning), |it| it.targets(&[Healthy, Other("tired".into())])),
    case("unavailable-target", "one fails", Clear, |it| it.targets(&[Healthy, Unhealthy])),
    case("unavailable-target", "both, which is another check's", Clear, |it| it.targets(&[Unavailable, Unavailable])),
    case("unavailable-target", "stale", Undecided, |it| it.doubt(Source::TargetHealth(group()), DoubtCause::Stale)),

    case("unused-target", "one of two", Found(Warning), |it| it.targets(&[Healthy, Unused])),
    case("unused-target", "one drains", Clear, |it| it.targets(&[Healthy, Draining])),
    case("unused-target", "not proven to be its own", Undecided, |it| {
        it.put(Source::TargetGroupTags(group()), crate::model::Answer::Tags(vec![(group().tagged(), Attributes::default())]));
        it.scaling(|it| it.target_groups.clear());
    }),

    case("aborted-update", "Aborting", Found(Warning), |it| status(it, EnvironmentStatus::Aborting, 60)),
    case("aborted-update", "Updating", Clear, |it| status(it, EnvironmentStatus::Updating, 60)),
    case("aborted-update", "the list is denied", Undecided, |it| it.doubt(Source::Environments(SCOPE), DENIED)),

    case("stuck-update", "840 s", Clear, |it| status(it, EnvironmentStatus::Updating, 840)),
    case("stuck-update", "841 s", Found(Warning), |it| status(it, EnvironmentStatus::Updating, 841)),
    case("stuck-update", "1000 s, with a longer Timeout", Clear, |it| {
        it.options(&[("aws:elasticbeanstalk:command", "Timeout", "1800")]);
        status(it, EnvironmentStatus::Updating, 1000);
    }),
    case("stuck-update", "301 s, with a shorter Timeout", Found(Warning), |it| {
        it.options(&[("aws:elasticbeanstalk:command", "Timeout", "60")]);
        status(it, EnvironmentStatus::Updating, 301);
    }),
    case("stuck-update", "when it began is not known", Undecided, |it| {
        it.environment(|it| (it.status, it.updated) = (EnvironmentStatus::Updating, None));
    }),

    case("mixed-versions", "one is behind", Found(Warning), |it| it.versions(&[("v1", 7), ("v2", 8)])),
    case("mixed-versions", "one version by two deployments", Found(Warning), |it| it.versions(&[("v1", 7), ("v1", 8)])),
    case("mixed-versions", "read 61 s after the update", Found(Warning), |it| {
        it.versions(&[("v1", 7), ("v2", 8)]);
        it.environment(|it| it.updated = Some(ago(66)));
    }),
    case("mixed-versions", "read 60 s after the update", Undecided, |it| {
        it.versions(&[("v1", 7), ("v2", 8)]);
        it.environment(|it| it.updated = Some(ago(65)));
    }),
    case("mixed-versions", "one version", Clear, |_| ()),
    case("mixed-versions", "an update is in progress", Clear, |it| {
        it.versions(&[("v1", 7), ("v2", 8)]);
        status(it, EnvironmentStatus::Updating, 10);
    }),
    case("mixed-versions", "basic health", Undecided, |it| health(it, None, "Green")),
    case("mixed-versions", "denied", Undecided, |it| it.doubt(Source::InstancesHealth(environment()), DENIED)),

    case("server-errors", "5 %", Found(Critical), |it| errors(it, 5.0, 600.0)),
    case("server-errors", "just under 5 %", Found(Warning), |it| errors(it, 4.99, 600.0)),
    case("server-errors", "1 %", Found(Warning), |it| errors(it, 1.0, 600.0)),
    case("server-errors", "just under 1 %", Clear, |it| errors(it, 0.99, 600.0)),
    case("server-errors", "20 requests", Found(Critical), |it| errors(it, 10.0, 20.0)),
    case("server-errors", "19 requests", Undecided, |it| errors(it, 10.0, 19.0)),
    case("server-errors", "no requests", Undecided, |it| errors(it, 0.0, 0.0)),
    case("server-errors", "not read", Undecided, |_| ()),

    case("certificate-expiry", "expired", Found(Critical), |it| it.expires_in(-1)),
    case("certificate-expiry", "6 days", Found(Critical), |it| it.expires_in(6)),
    case("certificate-expiry", "7 days", Found(Warning), |it| it.expires_in(7)),
    case("certificate-expiry", "29 days", Found(Warning), |it| it.expires_in(29)),
    case("certificate-expiry", "30 days", Clear, |it| it.expires_in(30)),
    case("certificate-expiry", "no HTTPS listener", Clear, |it| it.listeners(|all| all.truncate(1))),
    case("certificate-expiry", "not in ACM's list", Undecided, |it| it.snapshot.inventory.certificates.clear()),
    case("certificate-expiry", "listeners unread", Undecided, |it| {
        it.snapshot.inventory.listeners.clear();
        it.doubt(Source::Listeners(balancer()), DENIED);
    }),

    case("process-in-no-rule", "AWS says so of its targets", Found(Info), |it| {
        it.groups(&[group(), second()]);
        it.targets_of(&second(), &[Unused, Unused]);
        it.reasons_of(&second(), "Target.NotInUse", "Target group is not configured to receive traffic from the load balancer");
    }),
    case("process-in-no-rule", "AWS names no load balancer", Found(Info), |it| {
        it.groups(&[second(), group()]);
        it.group(|it| it.load_balancers.clear());
    }),
    case("process-in-no-rule", "its zone is off", Clear, |it| {
        it.groups(&[group(), second()]);
        it.targets_of(&second(), &[Unused, Unused]);
        it.reasons_of(&second(), "Target.NotInUse", "Target is in an Availability Zone that is not enabled for the load balancer");
    }),
    case("process-in-no-rule", "the only one, which is another check's", Clear, |it| it.group(|it| it.load_balancers.clear())),
    case("process-in-no-rule", "the list is denied", Undecided, |it| it.doubt(Source::TargetGroups(SCOPE), DENIED)),

    case("mixed-stickiness", "one of two is sticky", Found(Warning), |it| {
        it.groups(&[group(), second()]);
        it.attribute_of(&second(), "stickiness.enabled", "false");
    }),
    case("mixed-stickiness", "both are", Clear, |it| it.groups(&[group(), second()])),
    case("mixed-stickiness", "one is unread", Undecided, |it| {
        it.groups(&[group(), second()]);
        it.snapshot.inventory.target_group_attributes.remove(&second());
    }),

    case("drift", "the path", Found(Warning), |it| it.group(|it| it.health_check.path = Some("/healthz".into()))),
    case("drift", "as its options say", Clear, |_| ()),
    case("drift", "options unread", Undecided, |it| it.snapshot.inventory.settings.clear()),

    case("link-disagreement", "the Auto Scaling group's is tagged for another", Found(Warning), |it| {
        let tag = Attributes::from([("elasticbeanstalk:environment-id".into(), "e-2".into())]);
        it.put(Source::TargetGroupTags(group()), crate::model::Answer::Tags(vec![(group().tagged(), tag)]));
    }),
    case("link-disagreement", "all agree", Clear, |_| ()),
    case("link-disagreement", "the list is stale", Undecided, |it| it.doubt(Source::LoadBalancers(SCOPE), DoubtCause::Stale)),
];
