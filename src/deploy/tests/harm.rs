//! What the harm of an update calls for: a rollback only of a deploy, only if it is confirmed, and only if nothing else acts.

use super::stage::{CALM, Row, Stage, at, environment};
use super::verdicts::{deploy, ended};
use crate::deploy::{HarmResponse, VerdictKind, Watch};
use crate::model::EnvironmentStatus;

const BAD: Row = Row { target_5xx: 600.0, ..CALM };

fn rolled_back() -> HarmResponse {
    HarmResponse::RollBack { from: "v2".into(), to: "v1".into() }
}

fn bad() -> Stage {
    let mut stage = Stage::new("Rolling");
    ended(&mut stage, BAD);
    stage
}

#[test]
fn figures_that_confirm_it_call_for_a_rollback_and_good_ones_for_nothing() {
    assert_eq!(bad().watch.harm_response(), rolled_back());
    let mut good = Stage::new("Rolling");
    ended(&mut good, CALM);
    assert_eq!(good.watch.harm_response(), HarmResponse::Nothing);
}

#[test]
fn early_signals_alone_never_do() {
    let mut stage = Stage::new("Rolling");
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
    stage.all_on("v1", 1).look(30);
    stage.event(30, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].");
    for look in 0..6 {
        stage.instances(&[
            ("i-00000001", "v2", 2, crate::model::HealthStatus::Severe, 100 + look, 90),
            ("i-00000002", "v2", 2, crate::model::HealthStatus::Severe, 100 + look, 90),
        ]);
        stage.look(60 + 10 * i64::from(look));
    }
    let verdict = stage.verdict();
    assert!(verdict.kind == VerdictKind::Worse && verdict.early, "{verdict:?}");
    assert_eq!(stage.watch.harm_response(), HarmResponse::Nothing);
}

#[test]
fn a_rollback_settings_and_a_platform_are_never_rolled_back() {
    let left = |change: &dyn Fn(Watch) -> Watch| {
        let watch = change(bad().watch);
        assert!(matches!(watch.harm_response(), HarmResponse::LeftToPerson(_)), "{:?}", watch.harm_response());
    };
    left(&|watch| watch.rolling_back("v3".into()));
    left(&|watch| watch.after(Some(("v2".into(), "v1".into()))));
    left(&Watch::of_settings);
}

#[test]
fn a_redeploy_has_nothing_to_go_back_to() {
    let mut stage = Stage::new("Rolling");
    let before = environment(EnvironmentStatus::Ready, "v2");
    stage.watch = Watch::begin(&before, Some("v2".into()), Some("r-1".into()), at(20));
    ended(&mut stage, BAD);
    assert_eq!(stage.verdict().kind, VerdictKind::Worse, "{:?}", stage.verdict());
    assert!(matches!(stage.watch.harm_response(), HarmResponse::LeftToPerson(_)));
}

#[test]
fn an_update_that_followed_is_somebody_elses_decision() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..5, CALM).minutes(5..20, BAD);
    deploy(&mut stage);
    stage.look(305);
    stage.event_of(310, "Environment update is starting.", Some("r-2")).status(EnvironmentStatus::Updating, "v2");
    stage.look(320);
    stage.look(12 * 60);
    assert!(stage.watch.next().is_some());
    assert!(!matches!(stage.watch.harm_response(), HarmResponse::RollBack { .. }), "{:?}", stage.verdict());
}

#[test]
fn a_failure_calls_for_it_too_but_not_while_beanstalk_itself_takes_it_back() {
    let mut stage = Stage::new("Immutable");
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
    stage.all_on("v1", 1).look(30);
    stage.error(60, "Failed to deploy application.", Some("r-1")).look(65);
    let is_waited_for = matches!(stage.watch.harm_response(), HarmResponse::Wait | HarmResponse::RollBack { .. });
    assert!(is_waited_for, "{:?} {:?}", stage.watch.harm_response(), stage.verdict());
    stage.event(90, "The environment was reverted to the previous configuration setting.").look(95);
    assert_eq!(stage.watch.harm_response(), HarmResponse::Wait, "{:?}", stage.watch.phase());
    stage.error(92, "Update environment operation is complete, but with errors.", Some("r-1"));
    stage.status(EnvironmentStatus::Ready, "v1").look(100);
    assert_eq!(stage.verdict().kind, VerdictKind::Failed, "{:?}", stage.verdict());
    assert_eq!(stage.watch.harm_response(), rolled_back());
}
