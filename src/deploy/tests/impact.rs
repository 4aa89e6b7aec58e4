//! What a change of settings does: from its beginning to its end, on readings that a test writes down.

use std::sync::Arc;
use std::time::Duration;

use super::stage::{CALM, INSTANCES, Stage, at, group};
use crate::change::tests::stage::Stage as Settings;
use crate::change::{Operation, Outcome, Plan, Route, Written};
use crate::deploy::{ImpactWatch, VerdictKind};
use crate::model::{Answer, EnvironmentStatus, HealthCheck, TargetGroup, TargetState};

fn plan(route: Route) -> Plan {
    Settings::new().plan(&[("deregistration_delay.timeout_seconds", "90")], Some(route)).unwrap()
}

/// A change that AWS took at 14:05.
fn written(outcome: Outcome) -> Written {
    Written {
        id: Some("c-1".into()),
        at: at(300),
        outcome,
        request_ids: Vec::new(),
        observed: None,
        values: Vec::new(),
        unseen: None,
        unrecorded: None,
    }
}

/// Calm minutes, and a change in them.
fn begun(route: Route) -> (Stage, ImpactWatch) {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..60, CALM);
    let (plan, written) = (plan(route), written(Outcome::Applied));
    let impact =
        stage.with_snapshot(301, |snapshot| ImpactWatch::begin(&Operation::from(&plan), &written, snapshot)).unwrap();
    (stage, impact)
}

fn look(stage: &mut Stage, impact: &mut ImpactWatch, seconds: i64) -> bool {
    stage.with_snapshot(seconds, |snapshot| impact.observe(snapshot))
}

fn targets(stage: &mut Stage, all: &TargetState) {
    stage.targets(&INSTANCES.map(|id| (id, all.clone())));
}

/// The targets, before the change and when they were seen last.
fn counted(impact: &ImpactWatch) -> [String; 2] {
    let (before, now) = impact.targets().unwrap();
    [before.to_string(), now.to_string()]
}

#[test]
fn only_what_was_written_is_watched() {
    let mut stage = Stage::new("Rolling");
    for (outcome, is_watched) in
        [(Outcome::Applied, true), (Outcome::Unchanged, false), (Outcome::Conflict(Vec::new()), false)]
    {
        let (plan, written) = (plan(Route::Elb), written(outcome.clone()));
        let found =
            stage.with_snapshot(301, |snapshot| ImpactWatch::begin(&Operation::from(&plan), &written, snapshot));
        assert_eq!(found.is_some(), is_watched, "{outcome:?}");
    }
    let nothing = Settings::new().plan(&[("deregistration_delay.timeout_seconds", "20")], Some(Route::Elb)).unwrap();
    assert!(
        stage
            .with_snapshot(301, |snapshot| ImpactWatch::begin(
                &Operation::from(&nothing),
                &written(Outcome::Applied),
                snapshot
            ))
            .is_none()
    );
}

#[test]
fn it_is_watched_for_five_minutes_and_no_longer() {
    let (mut stage, mut impact) = begun(Route::Elb);
    assert_eq!(impact.until(), at(600));
    for seconds in (310..600).step_by(10) {
        look(&mut stage, &mut impact, seconds);
        assert!(!impact.is_over() && !impact.is_worse(), "{seconds}: {:?}", impact.verdict());
    }
    assert!(look(&mut stage, &mut impact, 600), "that it is final is news");
    assert!(impact.is_over() && impact.verdict().is_final);
    assert_eq!(impact.verdict().kind, VerdictKind::Same, "{:?}", impact.verdict());
    assert!(impact.words(at(600)).contains("nothing got worse within 5m00s"), "{}", impact.words(at(600)));
    // What comes later is no longer watched.
    targets(&mut stage, &TargetState::Unhealthy);
    assert!(!look(&mut stage, &mut impact, 610));
    assert!(!impact.is_worse());
}

/// The Fleet, the tree and the JSON count so too.
#[test]
fn a_target_that_drains_is_none_of_those_that_should_be_healthy() {
    let (mut stage, mut impact) = begun(Route::Elb);
    look(&mut stage, &mut impact, 310);
    let states = [TargetState::Healthy, TargetState::Healthy, TargetState::Draining, TargetState::Draining];
    let targets: Vec<_> = INSTANCES.into_iter().zip(states).collect();
    stage.targets(&targets);
    look(&mut stage, &mut impact, 320);
    assert_eq!(counted(&impact), ["4/4", "2/2 ↓2"], "{}", impact.words(at(320)));
}

#[test]
fn as_long_as_its_health_checks_need_or_someone_wants() {
    let mut stage = Stage::new("Rolling");
    let health_check = HealthCheck { interval: Some(30), unhealthy_threshold: Some(10), ..HealthCheck::default() };
    stage.put(Answer::TargetGroups(vec![TargetGroup { health_check, ..group() }]));
    let (plan, written) = (plan(Route::Elb), written(Outcome::Applied));
    let impact =
        stage.with_snapshot(301, |snapshot| ImpactWatch::begin(&Operation::from(&plan), &written, snapshot)).unwrap();
    assert_eq!(impact.until(), at(300 + 2 * 30 * 10));
    assert_eq!(impact.lasting(Duration::from_mins(1)).until(), at(360));
}

#[test]
fn targets_that_fail_are_reported_early_and_watched_for_longer() {
    let (mut stage, mut impact) = begun(Route::Elb);
    look(&mut stage, &mut impact, 310);
    targets(&mut stage, &TargetState::Unhealthy);
    assert!(look(&mut stage, &mut impact, 320), "that is news");
    look(&mut stage, &mut impact, 330);
    assert!(impact.is_worse(), "{:?}", impact.verdict());
    let since = impact.worse_since().unwrap();
    assert!(since == at(320) || since == at(330), "{since:?}");
    assert_eq!(counted(&impact), ["4/4", "0/4"]);
    assert!(impact.words(at(330)).contains("WORSE") && !impact.harm().is_empty());
    look(&mut stage, &mut impact, 1199);
    assert!(!impact.is_over(), "ten minutes more, whether it is put back");
    assert_eq!(impact.worse_since(), Some(since), "since when, and not since the last look");
    look(&mut stage, &mut impact, 1200);
    assert!(impact.is_over() && impact.is_worse());
}

#[test]
fn what_was_worse_and_is_well_again_is_said() {
    let (mut stage, mut impact) = begun(Route::Elb);
    targets(&mut stage, &TargetState::Unhealthy);
    for seconds in [320, 330, 340] {
        look(&mut stage, &mut impact, seconds);
    }
    assert!(impact.is_worse());
    targets(&mut stage, &TargetState::Healthy);
    for seconds in (350..=600).step_by(10) {
        look(&mut stage, &mut impact, seconds);
    }
    assert!(!impact.is_worse() && impact.worse_since().is_none() && impact.is_over());
    assert!(impact.words(at(600)).contains("well again"), "{}", impact.words(at(600)));
}

#[test]
fn an_update_counts_from_when_it_is_live() {
    let (mut stage, mut impact) = begun(Route::Beanstalk);
    assert_eq!(impact.until(), at(300 + 15 * 60), "until the update is over, or is given up");
    stage.status(EnvironmentStatus::Updating, "v1");
    look(&mut stage, &mut impact, 310);
    assert!(impact.words(at(310)).contains("Beanstalk brings the change"), "{}", impact.words(at(310)));
    stage.status(EnvironmentStatus::Ready, "v1");
    look(&mut stage, &mut impact, 400);
    assert_eq!(impact.until(), at(400 + 300));
    // An update whose beginning was not seen is over after a minute.
    let (mut stage, mut unseen) = begun(Route::Beanstalk);
    look(&mut stage, &mut unseen, 359);
    assert_eq!(unseen.until(), at(300 + 15 * 60));
    look(&mut stage, &mut unseen, 360);
    assert_eq!(unseen.until(), at(360 + 300));
}

#[test]
fn it_is_reported_to_scripts_in_the_fields_of_the_contract() {
    let (mut stage, mut impact) = begun(Route::Elb);
    look(&mut stage, &mut impact, 310);
    let line = serde_json::to_value(&impact).unwrap();
    assert_eq!((&line["verdict"], &line["final"]), (&"same".into(), &false.into()), "{line}");
    assert_eq!((&line["healthy_before"], &line["healthy_after"]), (&4.into(), &4.into()));
    assert_eq!((&line["until"], &line["worse_since"]), (&"2026-11-23T14:10:00.000Z".into(), &serde_json::Value::Null));
    let id: Option<Arc<str>> = impact.id.clone();
    assert_eq!(id.as_deref(), Some("c-1"));
}
