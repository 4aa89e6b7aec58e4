//! What needs attention, what is not known, and what is fine.

use super::objects::{SCOPE, ago, group};
use super::stage::Stage;
use crate::diagnosis::{Attention, AttentionSummary, checks};
use crate::model::{
    Doubt, DoubtCause, EnvironmentStatus, FaultKind, HealthColour, HealthStatus, Service, Source, TargetState,
};

fn with_health(status: Option<&str>, colour: Option<&str>) -> Stage {
    let mut stage = Stage::new();
    stage.environment(|it| {
        (it.health_status, it.health) = (status.map(HealthStatus::from_wire), colour.map(HealthColour::from_wire));
    });
    stage
}

fn with_targets(states: &[TargetState]) -> Stage {
    let mut stage = Stage::new();
    stage.targets(states);
    stage
}

/// Lets reading the health of targets fail.
fn denied(mut stage: Stage) -> Stage {
    stage.doubt(Source::TargetHealth(group()), DoubtCause::Failed(FaultKind::Denied));
    stage
}

/// The check and the rank of the reason.
fn needs(stage: &Stage) -> Option<(&'static str, u8)> {
    if let Attention::Needs(check, rank) = stage.attention() { Some((check.id, rank)) } else { None }
}

#[test]
fn each_health_alone() {
    let bad = [
        (Some("Severe"), "Red", 0),
        (Some("Suspended"), "Grey", 1),
        (None, "Red", 1),
        (Some("Degraded"), "Red", 2),
        (Some("Warning"), "Yellow", 3),
        (Some("NoData"), "Yellow", 3),
    ];
    for (health, colour, rank) in bad {
        let stage = with_health(health, Some(colour));
        assert_eq!(needs(&stage), Some(("environment-health", rank)), "{health:?} {colour:?}");
        // What was bad when it was last read stays so.
        assert_eq!(needs(&denied(stage)), Some(("environment-health", rank)));
    }
    for (health, colour) in [(Some("Ok"), Some("Green")), (Some("Info"), Some("Green")), (None, Some("Green"))] {
        assert_eq!(with_health(health, colour).attention(), Attention::Fine);
    }
    for (health, colour) in
        [(Some("NoData"), Some("Grey")), (Some("Unknown"), Some("Grey")), (None, None), (Some("Marvellous"), None)]
    {
        let attention = with_health(health, colour).attention();
        let is_unknown = matches!(attention, Attention::Unknown(Doubt { cause: DoubtCause::NoData, .. }));
        assert!(is_unknown, "{health:?} {attention:?}");
    }
    // While it is being made, no health is usual.
    let mut launching = with_health(None, Some("Grey"));
    launching.environment(|it| it.status = EnvironmentStatus::Launching);
    assert_eq!(launching.attention(), Attention::Fine);
}

#[test]
fn targets_beside_a_good_health() {
    use TargetState::{Draining, Healthy, Initial, Unavailable, Unhealthy, Unused};
    for states in [&[Healthy, Healthy][..], &[Healthy, Healthy, Draining], &[Healthy, Healthy, Initial]] {
        assert_eq!(with_targets(states).attention(), Attention::Fine, "{states:?}");
    }
    let table: [(&[TargetState], &str, u8); 5] = [
        (&[Healthy, Healthy, Unhealthy], "failing-target", 2),
        (&[Healthy, Healthy, Unavailable], "unavailable-target", 2),
        (&[Healthy, Healthy, Unused], "unused-target", 3),
        (&[Unhealthy, Unhealthy], "no-healthy-target", 0),
        (&[], "no-healthy-target", 0),
    ];
    for (states, check, rank) in table {
        assert_eq!(needs(&with_targets(states)), Some((check, rank)), "{states:?}");
    }
    let mut launching = with_targets(&[]);
    launching.environment(|it| it.status = EnvironmentStatus::Launching);
    assert_eq!(launching.attention(), Attention::Fine);
}

#[test]
fn a_doubt_is_never_fine() {
    let doubt = Doubt { service: Service::Elb, cause: DoubtCause::Failed(FaultKind::Denied), read_at: None };
    assert_eq!(denied(Stage::new()).attention(), Attention::Unknown(doubt));
    let mut unread = Stage::new();
    unread.doubt(Source::TargetHealth(group()), DoubtCause::Unread);
    assert_eq!(unread.attention(), Attention::Unread);
    // A doubt about the health is more important than one about the targets.
    let mut both = denied(Stage::new());
    both.doubt(Source::Environments(SCOPE), DoubtCause::Stale);
    let stale = Doubt { service: Service::Beanstalk, cause: DoubtCause::Stale, read_at: None };
    assert_eq!(both.attention(), Attention::Unknown(stale));
}

#[test]
fn updates() {
    let mut aborting = Stage::new();
    aborting.environment(|it| it.status = EnvironmentStatus::Aborting);
    assert_eq!(needs(&aborting), Some(("aborted-update", 3)));
    let updating = |minutes: u64, timeout: Option<&str>| {
        let mut stage = Stage::new();
        if let Some(timeout) = timeout {
            stage.options(&[("aws:elasticbeanstalk:command", "Timeout", timeout)]);
        }
        stage.environment(|it| (it.status, it.updated) = (EnvironmentStatus::Updating, Some(ago(minutes * 60))));
        stage
    };
    assert_eq!(updating(13, None).attention(), Attention::Fine);
    assert_eq!(needs(&updating(15, None)), Some(("stuck-update", 3)));
    // The environment's own command timeout counts, once it is known.
    for (timeout, minutes, is_stuck) in [("1800", 15, false), ("1800", 33, false), ("1800", 35, true), ("60", 6, true)]
    {
        let needs = needs(&updating(minutes, Some(timeout)));
        assert_eq!(needs, is_stuck.then_some(("stuck-update", 3)), "{timeout} s, {minutes} min");
    }
}

#[test]
fn versions() {
    for (status, expected) in
        [(EnvironmentStatus::Ready, Some(("mixed-versions", 3))), (EnvironmentStatus::Updating, None)]
    {
        let mut stage = Stage::new();
        stage.versions(&[("v1", 7), ("v2", 8)]);
        stage.environment(|it| (it.status, it.updated) = (status, Some(ago(300))));
        assert_eq!(needs(&stage), expected);
    }
}

#[test]
fn the_summary_names_the_most_frequent_reason_first() {
    let mut summary = AttentionSummary::default();
    let denied = Doubt { service: Service::Elb, cause: DoubtCause::Failed(FaultKind::Denied), read_at: None };
    let expired = Doubt { cause: DoubtCause::Failed(FaultKind::Expired), ..denied };
    let unknown = [Attention::Unknown(expired), Attention::Unknown(denied), Attention::Unknown(denied)];
    unknown.iter().for_each(|it| summary.add(it));
    summary.sort();
    assert_eq!(summary.need_words(), "");
    assert_eq!(summary.unknown_words(2), "3 unknown (ELB denied, credentials expired)");
    assert_eq!(summary.unknown_words(1), "3 unknown (ELB denied, …)");
    assert_eq!(summary.unknown_words(0), "3 unknown");
    summary.add(&Attention::Unread);
    summary.add(&Attention::Needs(checks().next().unwrap(), 0));
    assert_eq!((summary.need_words().as_str(), summary.is_quiet()), ("1 needs attention", false));
    assert_eq!(summary.unknown_words(1), "3 unknown (ELB denied, …), 1 not read yet");
}
