//! A table of states for the rule: what is bad, what is not known, and what is fine.

use super::*;
use crate::model::{FaultKind, Key, ScopeId};

const NOW: Moment = Moment::EPOCH;

fn environment(status: &str, health: Option<&str>, colour: Option<&str>) -> Environment {
    Environment {
        health: colour.map(HealthColour::from_wire),
        health_status: health.map(HealthStatus::from_wire),
        ..Environment::new(Key::new(ScopeId(0), "e-1"), "web", "shop", EnvironmentStatus::from_wire(status))
    }
}

fn counts(healthy: u32, expected: u32) -> TargetCounts {
    TargetCounts { healthy, expected, ..TargetCounts::default() }
}

fn denied() -> Doubt {
    Doubt { service: Service::Elb, cause: DoubtCause::Failed(FaultKind::Denied), read_at: None }
}

fn judged(environment: &Environment, targets: Option<TargetCounts>, doubt: Option<Doubt>) -> Attention {
    attention(&Vitals { environment, targets, mixed_versions: false, command_timeout: None, doubt }, NOW)
}

#[test]
fn each_health_alone() {
    use Reason::{Degraded, Red, Severe, Suspended, Warning, Yellow};
    let bad = [
        (Some("Severe"), Some("Red"), Severe),
        (Some("Degraded"), Some("Red"), Degraded),
        (Some("Warning"), Some("Yellow"), Warning),
        (Some("Suspended"), Some("Grey"), Suspended),
        (None, Some("Red"), Red),
        (Some("NoData"), Some("Yellow"), Yellow),
    ];
    for (health, colour, reason) in bad {
        let environment = environment("Ready", health, colour);
        assert_eq!(judged(&environment, Some(counts(2, 2)), None), Attention::Needs(reason), "{health:?} {colour:?}");
        // What was bad when it was last read stays so.
        assert_eq!(judged(&environment, Some(counts(2, 2)), Some(denied())), Attention::Needs(reason));
    }
    for (health, colour) in [(Some("Ok"), Some("Green")), (Some("Info"), Some("Green")), (None, Some("Green"))] {
        assert_eq!(judged(&environment("Ready", health, colour), Some(counts(2, 2)), None), Attention::Fine);
    }
    for (health, colour) in
        [(Some("NoData"), Some("Grey")), (Some("Unknown"), Some("Grey")), (None, None), (Some("Marvellous"), None)]
    {
        let ready = judged(&environment("Ready", health, colour), Some(counts(2, 2)), None);
        assert!(matches!(ready, Attention::Unknown(Doubt { cause: DoubtCause::NoData, .. })), "{health:?} {ready:?}");
    }
    // While it is being made, no health is usual.
    assert_eq!(judged(&environment("Launching", None, Some("Grey")), None, None), Attention::Fine);
}

#[test]
fn targets_beside_a_good_health() {
    let good = environment("Ready", Some("Ok"), Some("Green"));
    let of = |counts| judged(&good, Some(counts), None);
    assert_eq!(of(counts(2, 2)), Attention::Fine);
    assert_eq!(of(TargetCounts { draining: 1, ..counts(2, 2) }), Attention::Fine);
    assert_eq!(of(TargetCounts { initial: 1, ..counts(2, 3) }), Attention::Fine);
    assert_eq!(of(TargetCounts { unhealthy: 1, ..counts(2, 3) }), Attention::Needs(Reason::UnhealthyTarget));
    assert_eq!(of(TargetCounts { unavailable: 1, ..counts(2, 3) }), Attention::Needs(Reason::UnhealthyTarget));
    assert_eq!(of(TargetCounts { unused: 1, ..counts(2, 3) }), Attention::Needs(Reason::UnusedTarget));
    assert_eq!(of(TargetCounts { unhealthy: 2, ..counts(0, 2) }), Attention::Needs(Reason::NoHealthyTarget));
    assert_eq!(of(counts(0, 0)), Attention::Needs(Reason::NoHealthyTarget));
    // Without any that are known there is nothing to judge but the health.
    assert_eq!(judged(&good, None, None), Attention::Fine);
    let launching = environment("Launching", Some("Pending"), Some("Grey"));
    assert_eq!(judged(&launching, Some(counts(0, 0)), None), Attention::Fine);
}

#[test]
fn a_doubt_is_never_fine() {
    let good = environment("Ready", Some("Ok"), Some("Green"));
    assert_eq!(judged(&good, Some(counts(2, 2)), Some(denied())), Attention::Unknown(denied()));
    let unread = Doubt { cause: DoubtCause::Unread, ..denied() };
    assert_eq!(judged(&good, None, Some(unread)), Attention::Unread);
}

#[test]
fn updates() {
    let aborting = environment("Aborting", Some("Ok"), Some("Green"));
    assert_eq!(judged(&aborting, None, None), Attention::Needs(Reason::Aborting));
    let updating = |minutes: u64| Environment {
        updated: Some(NOW.minus(Duration::from_secs(minutes * 60))),
        ..environment("Updating", Some("Info"), Some("Green"))
    };
    assert_eq!(judged(&updating(13), None, None), Attention::Fine);
    assert_eq!(judged(&updating(15), None, None), Attention::Needs(Reason::Stuck));
    // The environment's own command timeout counts, once it is known.
    for (timeout, minutes, expected) in [
        (1800, 15, Attention::Fine),
        (1800, 33, Attention::Fine),
        (1800, 35, Attention::Needs(Reason::Stuck)),
        (60, 6, Attention::Needs(Reason::Stuck)),
    ] {
        let environment = updating(minutes);
        let command_timeout = Some(Duration::from_secs(timeout));
        let vitals =
            Vitals { environment: &environment, targets: None, mixed_versions: false, command_timeout, doubt: None };
        assert_eq!(attention(&vitals, NOW), expected, "{timeout} s, {minutes} min");
    }
    for (status, expected) in [("Ready", Attention::Needs(Reason::MixedVersions)), ("Updating", Attention::Fine)] {
        let environment = environment(status, Some("Info"), Some("Green"));
        let vitals = Vitals {
            environment: &environment,
            targets: None,
            mixed_versions: true,
            command_timeout: None,
            doubt: None,
        };
        assert_eq!(attention(&vitals, NOW), expected, "{status}");
    }
}

#[test]
fn the_summary_names_the_most_frequent_reason_first() {
    let mut summary = Summary::default();
    let expired = Doubt { cause: DoubtCause::Failed(FaultKind::Expired), ..denied() };
    let unknown = [Attention::Unknown(expired), Attention::Unknown(denied()), Attention::Unknown(denied())];
    unknown.iter().for_each(|it| summary.add(it));
    summary.sort();
    assert_eq!(summary.need_words(), "");
    assert_eq!(summary.unknown_words(2), "3 unknown (ELB denied, credentials expired)");
    assert_eq!(summary.unknown_words(1), "3 unknown (ELB denied, …)");
    assert_eq!(summary.unknown_words(0), "3 unknown");
    summary.add(&Attention::Unread);
    summary.add(&Attention::Needs(Reason::Stuck));
    assert_eq!((summary.need_words().as_str(), summary.is_quiet()), ("1 needs attention", false));
    assert_eq!(summary.unknown_words(1), "3 unknown (ELB denied, …), 1 not read yet");
}
