//! The order of severities, states of targets and doubts; and their words.

use std::time::Duration;

use super::inventory::at;
use crate::model::{
    ApplicationMetrics, Chart, Doubt, DoubtCause, Fault, FaultKind, Measure, Moment, Range, Service, Severity, Target,
    TargetCounts, TargetState,
};

#[test]
fn severities_and_states_of_targets_have_an_order() {
    use Severity as S;
    use TargetState as T;
    let severities = [S::Trace, S::Debug, S::Info, S::Warn, S::Error, S::Fatal];
    assert_eq!(severities.map(|it| it.rank()), [0, 1, 2, 3, 4, 5]);
    assert_eq!(S::Other("NOTICE".into()).rank(), S::Info.rank(), "a word that is not known");
    let states = [T::Unhealthy, T::Unavailable, T::Unused, T::UnhealthyDraining, T::Draining, T::Initial, T::Healthy];
    assert_eq!(states.each_ref().map(TargetState::rank), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(T::Other("tired".into()).rank(), T::Unavailable.rank());
}

#[test]
fn a_doubt_says_why_and_a_failure_weighs_most() {
    use DoubtCause as C;
    let doubt = |cause| Doubt { service: Service::Elb, cause, read_at: None };
    for (cause, weight, reason) in [
        (C::Failed(FaultKind::Denied), 4, "ELB denied"),
        (C::Failed(FaultKind::Expired), 4, "credentials expired"),
        (C::Stale, 3, "ELB stale"),
        (C::Unproven, 2, "target groups not proven"),
        (C::NoData, 1, "no health data"),
        (C::Unread, 0, "not read yet"),
    ] {
        assert_eq!((doubt(cause).weight(), doubt(cause).reason().as_str()), (weight, reason));
    }
    for (kind, reason) in [
        (FaultKind::Throttled, "ELB throttled"),
        (FaultKind::Network, "ELB unreachable"),
        (FaultKind::NotFound, "ELB failing"),
        (FaultKind::Other, "ELB failing"),
    ] {
        assert_eq!(doubt(C::Failed(kind)).reason(), reason);
    }
}

#[test]
fn targets_are_counted_by_their_state() {
    let target =
        |state| Target { id: "i".into(), port: None, availability_zone: None, state, reason: None, description: None };
    let targets =
        [TargetState::Healthy, TargetState::Healthy, TargetState::Draining, TargetState::Unhealthy].map(target);
    let counts: TargetCounts = targets.iter().collect();
    assert_eq!((counts.healthy, counts.draining, counts.unhealthy, counts.expected), (2, 1, 1, 3));
}

#[test]
fn a_measure_has_its_length_and_its_period() {
    let chart = |range| Measure::Chart { chart: Chart::ALL[0], range, zones: false };
    for (measure, minutes, period) in [
        (Measure::Coarse, 10, 300),
        (chart(Range::Minutes15), 15, 60),
        (chart(Range::Hour), 60, 60),
        (Measure::All { seconds: 7_200, period: 300 }, 120, 300),
    ] {
        assert_eq!((measure.length(), measure.period()), (Duration::from_mins(minutes), period), "{measure:?}");
    }
    assert_eq!((Measure::Row.period(), Measure::Deploy.period()), (60, 60));
    assert!(Measure::Deploy.length() > Measure::Row.length() && Measure::Row.length() >= Duration::from_mins(10));
    let titles: std::collections::BTreeSet<_> = Chart::ALL.iter().map(|it| it.title()).collect();
    assert_eq!(titles.len(), Chart::ALL.len());
    assert!(Chart::ALL.iter().all(|it| !it.lines().is_empty()));
}

#[test]
fn requests_a_second_are_those_of_the_slice() {
    let metrics = |seconds, requests| ApplicationMetrics {
        duration: Duration::from_secs(seconds),
        request_count: requests,
        status_codes: None,
        latency: crate::model::Latency::default(),
    };
    // Beanstalk's slices are ten seconds long; where it gives no length, that is assumed.
    for (seconds, requests, expected) in [(10, 25, 2.5), (5, 25, 5.0), (0, 25, 2.5), (10, 0, 0.0)] {
        let found = metrics(seconds, requests).requests_per_second();
        assert!((found - expected).abs() < 1e-9, "{seconds} {requests}: {found}");
    }
}

/// Time is never negative, and does not run out.
#[test]
fn a_moment_moves_both_ways_and_stops_at_its_ends() {
    let second = Duration::from_secs(1);
    assert_eq!(at(5).plus(second), at(6));
    assert_eq!(at(5).minus(second), at(4));
    assert_eq!((at(6).since(at(5)), at(5).since(at(6))), (second, Duration::ZERO));
    let far = Duration::from_secs(u64::MAX);
    assert!(at(5).plus(far) > at(1_000_000) && at(5).minus(far) < Moment::EPOCH);
    assert_eq!(at(0).to_string(), at(0).0.to_string());
}

#[test]
fn a_fault_is_a_sentence_with_what_failed() {
    let fault = Fault {
        kind: FaultKind::Denied,
        service: Service::Elb,
        operation: "DescribeTags",
        code: Some("AccessDenied".into()),
        message: "not allowed.".into(),
        details: None,
        request_id: None,
    };
    assert!(
        fault.sentence().contains("DescribeTags") && fault.sentence().contains("not allowed"),
        "{}",
        fault.sentence()
    );
}
