//! Each rule on both sides of its threshold.

use super::stage::{CALM, INSTANCES, Row, Stage, at};
use crate::deploy::{Leaning, RULES, RuleSignal, Test, Verdict, VerdictKind, rule};
use crate::model::{EnvironmentStatus, HealthStatus, TargetState};

/// Returns the verdict on an update in two batches that succeeded at 14:05, with minutes like these from then on.
pub fn ended(stage: &mut Stage, row: Row) -> Verdict {
    stage.minutes(0..5, CALM).minutes(5..20, row);
    deploy(stage);
    stage.look(12 * 60);
    stage.verdict().clone()
}

/// Adds the events and readings of an update that succeeds at 14:05.
pub fn deploy(stage: &mut Stage) {
    stage
        .event(20, "Environment update is starting.")
        .status(EnvironmentStatus::Updating, "v1")
        .all_on("v1", 1)
        .look(30);
    stage
        .event(30, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].")
        .event(80, "Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.")
        .event(150, "Batch 1: Completed application deployment.")
        .event(290, "Batch 2: Completed application deployment.");
    stage.event(298, "New application version was deployed to running EC2 instances.");
    stage.event(299, "Environment update completed successfully.").status(EnvironmentStatus::Ready, "v2");
    stage.all_on("v2", 2).look(300);
}

fn final_kind(row: Row) -> (VerdictKind, Vec<RuleSignal>) {
    let verdict = ended(&mut Stage::new("Rolling"), row);
    assert!(verdict.is_final, "{verdict:?}");
    let signals = verdict.reasons.iter().filter(|it| it.leaning == Leaning::Worse).map(|it| it.signal);
    (verdict.kind, signals.collect())
}

fn is_worse_by(row: Row, signal: RuleSignal) -> bool {
    let (kind, signals) = final_kind(row);
    assert_eq!(kind == VerdictKind::Worse, !signals.is_empty());
    assert!(signals.is_empty() || signals == [signal], "{signals:?}");
    kind == VerdictKind::Worse
}

#[test]
fn nothing_is_the_same() {
    assert_eq!(final_kind(CALM), (VerdictKind::Same, vec![]));
}

#[test]
fn errors_of_targets() {
    let with = |target_5xx| is_worse_by(Row { target_5xx, ..CALM }, RuleSignal::TargetErrors);
    assert!(!with(29.0), "0.48 %");
    assert!(with(30.0), "0.5 %");
}

#[test]
fn errors_that_were_there_before_have_to_double() {
    let with = |after| {
        let mut stage = Stage::new("Rolling");
        stage.minutes(-10..0, Row { target_5xx: 60.0, ..CALM });
        ended(&mut stage, Row { target_5xx: after, ..CALM }).kind
    };
    assert_eq!(with(119.0), VerdictKind::Same);
    assert_eq!(with(120.0), VerdictKind::Worse);
    assert_eq!(with(30.0), VerdictKind::Better);
    assert_eq!(with(31.0), VerdictKind::Same);
}

#[test]
fn errors_of_the_load_balancer() {
    let with = |elb_5xx| is_worse_by(Row { elb_5xx, ..CALM }, RuleSignal::ElbErrors);
    assert!(!with(29.0));
    assert!(with(30.0));
}

#[test]
fn response_time_needs_both_the_ratio_and_the_milliseconds() {
    let with = |p99| is_worse_by(Row { p99, ..CALM }, RuleSignal::ResponseTime);
    assert!(!with(0.374), "not 1.5 times");
    assert!(with(0.376));
    let quick = |p99| {
        let mut stage = Stage::new("Rolling");
        stage.minutes(-10..0, Row { p99: 0.05, ..CALM });
        ended(&mut stage, Row { p99, ..CALM }).kind
    };
    assert_eq!(quick(0.149), VerdictKind::Same, "not 100 ms");
    assert_eq!(quick(0.151), VerdictKind::Worse);
}

#[test]
fn faster_is_better_unless_something_is_worse() {
    assert_eq!(final_kind(Row { p99: 0.1, ..CALM }).0, VerdictKind::Better);
    assert_eq!(final_kind(Row { p99: 0.1, target_5xx: 60.0, ..CALM }).0, VerdictKind::Worse);
}

#[test]
fn errors_of_clients_count_when_there_are_many() {
    let with = |target_4xx| is_worse_by(Row { target_4xx, ..CALM }, RuleSignal::ClientErrors);
    assert!(!with(359.0), "5 points more would be 360");
    assert!(with(360.0));
    assert_eq!(final_kind(Row { target_4xx: 0.0, ..CALM }).0, VerdictKind::Same, "fewer errors prove nothing");
}

#[test]
fn connections_that_fail_or_are_refused() {
    assert!(!is_worse_by(Row { connection_errors: 29.0, ..CALM }, RuleSignal::ConnectionErrors));
    assert!(is_worse_by(Row { connection_errors: 30.0, ..CALM }, RuleSignal::ConnectionErrors));
    assert!(!is_worse_by(Row { rejected: 9.0, ..CALM }, RuleSignal::RejectedConnections));
    assert!(is_worse_by(Row { rejected: 10.0, ..CALM }, RuleSignal::RejectedConnections));
}

#[test]
fn fewer_healthy_targets_are_harm_only_if_others_are_unhealthy() {
    assert!(is_worse_by(Row { healthy: 3.0, unhealthy: 1.0, ..CALM }, RuleSignal::HealthyMinimum));
    assert!(!is_worse_by(Row { healthy: 3.0, unhealthy: 0.0, ..CALM }, RuleSignal::HealthyMinimum), "scaled in");
    assert!(!is_worse_by(Row { healthy: 4.0, unhealthy: 1.0, ..CALM }, RuleSignal::HealthyMinimum), "scaled out");
}

#[test]
fn the_batch_that_is_under_way_is_no_harm() {
    for (healthy, kind) in [(2.0, VerdictKind::Same), (1.0, VerdictKind::Worse)] {
        let mut stage = Stage::new("Rolling");
        stage.minutes(0..8, Row { healthy, unhealthy: 1.0, ..CALM });
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
        stage.event(25, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].");
        stage.event(60, "Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.");
        stage.looks(30..400);
        assert_eq!(stage.verdict().kind, kind, "{:?}", stage.verdict());
    }
}

#[test]
fn a_shared_load_balancers_own_errors_are_unowned() {
    let mut stage = Stage::new("Rolling");
    stage.is_shared = true;
    let name = crate::model::Environment {
        key: crate::model::Key::new(crate::model::ScopeId(0), "e-2"),
        name: "other".into(),
        ..super::stage::environment(EnvironmentStatus::Ready, "v1")
    };
    stage.put(crate::model::Answer::Environments(vec![
        super::stage::environment(EnvironmentStatus::Updating, "v1"),
        name,
    ]));
    let tag = ("elasticbeanstalk:environment-id".into(), "e-1".into());
    stage.put(crate::model::Answer::Tags(vec![(super::stage::group().key.tagged(), [tag].into())]));
    stage.look(25);
    assert!(stage.watch.front.as_ref().is_some_and(|front| front.shared));
    // The first load balancer is kept, whatever is linked later.
    stage.snapshot.topology = crate::model::Topology::default();
    let verdict = ended(&mut stage, Row { elb_5xx: 600.0, ..CALM });
    assert_eq!(verdict.kind, VerdictKind::Same, "{verdict:?}");
    assert!(verdict.reasons.iter().any(|it| it.words.contains("whose they are is unknown")), "{verdict:?}");
}

#[test]
fn fewer_than_a_hundred_requests_are_unclear_whatever_they_say() {
    let with = |requests| {
        let mut stage = Stage::new("Rolling");
        let bad = Row { requests, target_5xx: requests, p99: 3.0, healthy: 1.0, unhealthy: 3.0, ..CALM };
        stage.minutes(0..20, bad);
        deploy(&mut stage);
        stage.look(12 * 60);
        (stage.verdict().kind, stage.verdict().is_final, stage.verdict().after.requests)
    };
    assert_eq!(with(8.0), (VerdictKind::Unclear, true, 32.0));
    assert_eq!(with(40.0).0, VerdictKind::Worse);
    // Too few in the minutes that count, and enough since the first batch to prove that it is worse.
    assert_eq!((with(12.0).0, with(12.0).1), (VerdictKind::Worse, true));
}

#[test]
fn twice_the_traffic_is_no_harm() {
    let doubled = Row { requests: 12_000.0, target_4xx: 120.0, target_5xx: 20.0, ..CALM };
    let mut stage = Stage::new("Rolling");
    stage.minutes(-10..0, Row { target_5xx: 10.0, ..CALM });
    assert_eq!(ended(&mut stage, doubled).kind, VerdictKind::Same);
}

#[test]
fn a_burst_before_makes_a_burst_after_less_of_a_surprise() {
    let with = |burst| {
        let mut stage = Stage::new("Rolling");
        stage.minutes(-10..0, CALM).minutes(-4..-3, Row { target_5xx: burst, ..CALM });
        ended(&mut stage, Row { target_5xx: 32.0, ..CALM }).kind
    };
    assert_eq!(with(0.0), VerdictKind::Worse);
    assert_eq!(with(120.0), VerdictKind::Same);
}

#[test]
fn unhealthy_targets_are_early_when_they_last() {
    let Test::Lasts { least, starting } = rule(RuleSignal::UnhealthyTargets).test else { panic!() };
    let mut stage = Stage::new("Rolling");
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(21);
    stage.event(30, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].");
    stage.event(60, "Batch 1: Completed application deployment command execution.").look(60);
    let healthy = |state: TargetState| {
        let first = move |id| if id == INSTANCES[0] { state.clone() } else { TargetState::Healthy };
        INSTANCES.map(|id| (id, first(id)))
    };
    stage.targets(&healthy(TargetState::Healthy)).look(70);
    stage.targets(&healthy(TargetState::Unhealthy)).look(80);
    assert_ne!(stage.verdict().kind, VerdictKind::Worse, "one look is not enough");
    stage.look(80 + least.as_secs() as i64);
    assert!(stage.verdict().kind == VerdictKind::Worse && stage.verdict().early, "{:?}", stage.verdict());
    // One that never was healthy may still be starting.
    let mut stage = Stage::new("Immutable");
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(21);
    stage.look(60);
    let mut with_new = INSTANCES.map(|id| (id, TargetState::Healthy)).to_vec();
    with_new.push(("i-00000009", TargetState::Unhealthy));
    stage.targets(&with_new).look(70);
    stage.look(70 + starting.as_secs() as i64 - 10);
    assert_ne!(stage.verdict().kind, VerdictKind::Worse);
    stage.look(70 + starting.as_secs() as i64);
    assert_eq!(stage.verdict().kind, VerdictKind::Worse);
}

#[test]
fn errors_of_new_instances_are_early_when_there_are_enough() {
    let with = |requests: i32, errors: i32, old: i32| {
        let mut stage = Stage::new("Rolling");
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
        stage.all_on("v1", 1).look(30);
        stage.event(60, "Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.");
        for look in 0..3 {
            let said = INSTANCES.map(|id| {
                if id == INSTANCES[0] {
                    return (id, "v2", 2, HealthStatus::Ok, requests + look, errors);
                }
                (id, "v1", 1, HealthStatus::Ok, 200, old)
            });
            stage.instances(&said).look(70 + 10 * i64::from(look));
        }
        stage.verdict().early
    };
    assert!(with(100, 10, 0));
    assert!(!with(100, 1, 0), "1 % is below the two points");
    assert!(!with(5, 1, 0), "three of eighteen requests are too few");
    assert!(!with(100, 10, 20), "the old ones do the same");
}

#[test]
fn ill_instances_are_early_and_what_is_not_confirmed_is_only_noted_in_the_end() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    stage
        .event(20, "Environment update is starting.")
        .status(EnvironmentStatus::Updating, "v1")
        .all_on("v1", 1)
        .look(30);
    let ill = INSTANCES.map(|id| (id, "v2", 2, HealthStatus::Severe, 100, 0));
    stage.instances(&ill);
    stage.look(60);
    assert!(!stage.verdict().early);
    stage.look(90);
    assert!(stage.verdict().early && stage.verdict().kind == VerdictKind::Worse);
    deploy(&mut stage);
    let ill = INSTANCES.map(|id| (id, "v2", 2, HealthStatus::Severe, 90, 0));
    stage.instances(&ill);
    stage.looks(310..12 * 60);
    let verdict = stage.verdict();
    assert_eq!((verdict.kind, verdict.is_final, verdict.early), (VerdictKind::Same, true, false), "{verdict:?}");
    assert!(verdict.reasons.iter().any(|it| it.signal == RuleSignal::IllInstances && it.leaning == Leaning::Note));
}

#[test]
fn the_verdict_waits_for_three_whole_minutes() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM);
    deploy(&mut stage);
    assert_eq!(stage.watch.final_at(), Some(at(5 * 60 + 360)));
    stage.look(5 * 60 + 359);
    assert!(!stage.verdict().is_final);
    stage.look(5 * 60 + 360);
    assert!(stage.verdict().is_final && stage.verdict().after.minutes == 3, "{:?}", stage.verdict().after);
}

#[test]
fn the_table_of_rules_is_the_one_that_is_tested() {
    assert_eq!(RULES.len(), 11, "a rule more: add its two sides above");
}
