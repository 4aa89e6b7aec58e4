//! What is written down of an update: the report for people, the one for pipelines, and the lines of each kind.

use std::time::Duration;

use serde_json::{Value, json};

use super::stage::{CALM, INSTANCES, Row, Stage, at, environment, group};
use super::verdicts::deploy;
use crate::deploy::Leaning;
use crate::deploy::{
    Happened, Happening, LaneState, Phase, PhaseStep, RuleSignal, Split, TargetChange, Verdict, VerdictReason, Watch,
    markdown, record,
};
use crate::model::{EnvironmentEvent, EnvironmentStatus, HealthStatus, Severity, TargetState};

/// A good update in two batches, looked at until a minute after its end.
fn ended() -> Stage {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM).all_on("v1", 1).look(15);
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
    stage.event(30, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].").look(40);
    stage.targets(&[
        (INSTANCES[0], TargetState::Draining),
        (INSTANCES[1], TargetState::Healthy),
        (INSTANCES[2], TargetState::Healthy),
    ]);
    stage.look(50);
    stage.event(150, "Environment update completed successfully.").status(EnvironmentStatus::Ready, "v2");
    stage.all_on("v2", 2).look(160);
    stage
}

#[test]
fn the_report_for_pipelines_has_everything_that_was_seen() {
    let stage = ended();
    let report = record(&stage.watch, at(200));
    for (field, expected) in [
        ("environment", json!("shop-web-prod")),
        ("environment_id", json!("e-1")),
        ("kind", json!("deploy")),
        ("removes", Value::Null),
        ("from", json!("v1")),
        ("to", json!("v2")),
        ("policy", json!("Rolling")),
        ("started", json!("2026-11-23T14:00:20Z")),
        ("ended", json!("2026-11-23T14:02:30Z")),
    ] {
        assert_eq!(report[field], expected, "{field}");
    }
    assert_eq!(
        (&report["verdict"]["type"], &report["verdict"]["at"]),
        (&json!("verdict"), &json!("2026-11-23T14:03:20.000Z"))
    );
    let phases: Vec<_> = report["phases"].as_array().unwrap().iter().map(|it| (&it["phase"], &it["batch"])).collect();
    assert!(
        phases.contains(&(&json!("batch"), &json!(1))) && phases.contains(&(&json!("done"), &json!(1))),
        "{phases:?}"
    );
    assert_eq!(report["phases"][0]["at"], "2026-11-23T14:00:20Z");
    let targets = report["targets"].as_array().unwrap();
    assert_eq!(targets.len(), 4);
    assert_eq!(
        targets[0],
        json!({"target": INSTANCES[0], "port": 80, "target_group": "awseb-default", "states": [
            {"at": "2026-11-23T14:00:15Z", "state": "healthy"}, {"at": "2026-11-23T14:00:50Z", "state": "draining"},
        ]})
    );
    assert_eq!(targets[3]["states"][1]["state"], "gone");
    let events: Vec<_> =
        report["events"].as_array().unwrap().iter().map(|it| it["message"].as_str().unwrap()).collect();
    assert_eq!((events.len(), events[0]), (3, "Environment update is starting."));
    let minutes = report["minutes"].as_array().unwrap();
    assert_eq!((minutes.len(), &minutes[0]["minute"]), (13, &json!("2026-11-23T13:50:00.000Z")));
    assert_eq!(minutes[0]["requests"], 6000.0);
}

#[test]
fn the_report_for_people_says_what_happened_and_what_to_think_of_it() {
    let mut stage = ended();
    stage.looks(170..900);
    let text = markdown(&stage.watch, at(900));
    for line in [
        "# shop-web-prod: v1 → v2",
        "Verdict: **same**",
        "| began | 2026-11-23T14:00:20Z |",
        "| took | 2m10s |",
        "| policy | Rolling, 2 at a time |",
        "| phase | done |",
        "## Figures",
        "| requests/s | 100.0 | 100.0 |",
        "## Phases",
        "- 2026-11-23T14:00:30Z batch 1, deploying",
        "- 2026-11-23T14:02:30Z batch 1, done",
        "## Targets",
        "- i-00000001 v2: healthy → draining",
        "- i-00000004 v2: healthy → gone",
        "## Events",
        "- 2026-11-23T14:00:20Z INFO Environment update is starting.",
    ] {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
    let unread = Watch::begin(&environment(EnvironmentStatus::Ready, "v1"), None, None, at(20));
    let text = markdown(&unread, at(80));
    assert!(text.contains("| took | 1m00s |") && text.contains("| policy | not known |"), "{text}");
    assert!(text.contains("Verdict: **unclear so far**") && text.contains("| phase | not begun yet |"), "{text}");
}

/// Early reasons are marked as such, and text from AWS is cleaned.
#[test]
fn the_reasons_say_which_are_early() {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM).all_on("v1", 1).look(15);
    stage.event(20, "Environment update is \u{1b}[31mstarting.").status(EnvironmentStatus::Updating, "v1").look(30);
    stage.instances(&INSTANCES.map(|id| (id, "v2", 2, HealthStatus::Severe, 100, 90)));
    for second in (40..90).step_by(10) {
        stage.look(second);
    }
    let text = markdown(&stage.watch, at(90));
    assert!(text.contains("Verdict: **WORSE (early)**"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("- ") && line.contains(" (early)")), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

fn line(what: Happening) -> Value {
    serde_json::to_value(Happened { at: at(61), what }).unwrap()
}

#[test]
fn each_kind_of_line_has_its_fields() {
    let event = EnvironmentEvent {
        severity: Severity::Warn,
        environment: Some("web".into()),
        version: Some("v2".into()),
        request_id: Some("r-1".into()),
        ..EnvironmentEvent::new(at(60), "careful")
    };
    let common = |kind: &str, mut fields: Value| {
        fields["type"] = kind.into();
        fields["at"] = "2026-11-23T14:01:01.000Z".into();
        fields
    };
    assert_eq!(
        line(Happening::Event(event)),
        common(
            "event",
            json!({"severity": "WARN", "environment": "web", "version": "v2", "message": "careful", "request_id": "r-1"})
        )
    );
    let split = Split { new_percent: 10, weights: vec![(group().key, 90)], until: at(300) };
    let phase = Phase {
        batch: Some(2),
        batches: Some(3),
        split: Some(split),
        ..Phase::new(PhaseStep::TrafficSplitting, at(60))
    };
    assert_eq!(
        line(Happening::Phase(phase)),
        common(
            "phase",
            json!({"phase": "traffic_splitting", "batch": 2, "batches": 3, "split": {
                "new_percent": 10, "weights": [["awseb-default", 90]], "until": "2026-11-23T14:05:00.000Z",
            }})
        )
    );
    let change = TargetChange {
        group: group().key,
        target: "i-1".into(),
        from: Some(LaneState::Healthy),
        to: LaneState::Draining,
        reason: Some("why".to_owned()),
    };
    let fields = |from: Value| json!({"target": "i-1", "target_group": "awseb-default", "from": from, "to": "draining", "reason": "why"});
    assert_eq!(line(Happening::Target(change.clone())), common("target", fields("healthy".into())));
    let new = TargetChange { from: None, ..change };
    assert_eq!(line(Happening::Target(new)), common("target", fields(Value::Null)));
    let reason = VerdictReason {
        early: true,
        at: Some(at(30)),
        ..VerdictReason::new(RuleSignal::TargetErrors, Leaning::Worse, "more")
    };
    let verdict = Verdict { reasons: vec![reason], ..Verdict::nothing() };
    let reported = line(Happening::Verdict(verdict));
    assert_eq!(
        (&reported["verdict"], &reported["early"], &reported["final"]),
        (&json!("unclear"), &json!(false), &json!(false))
    );
    assert_eq!(
        reported["reasons"],
        json!([{"signal": "target_errors", "leaning": "worse", "early": true, "at": "2026-11-23T14:00:30.000Z",
                "text": "more"}])
    );
    assert_eq!((&reported["before"]["minutes"], &reported["after"]["from"]), (&json!(0), &Value::Null));
}

#[test]
fn a_minute_has_all_its_figures() {
    let row = Row {
        requests: 100.0,
        target_5xx: 1.0,
        target_4xx: 2.0,
        elb_5xx: 3.0,
        connection_errors: 5.0,
        rejected: 6.0,
        p99: 0.5,
        healthy: 3.0,
        unhealthy: 1.0,
    };
    let mut stage = Stage::new("Rolling");
    stage.minutes(-10..1, row).all_on("v1", 1);
    let happened = stage.look(30);
    let lines = happened.iter().filter(|it| matches!(it.what, Happening::Metrics(_)));
    let first = lines.map(|it| serde_json::to_value(it).unwrap()).next().unwrap();
    for (field, value) in [
        ("requests", 100.0),
        ("target_5xx", 1.0),
        ("target_4xx", 2.0),
        ("elb_5xx", 3.0),
        ("elb_503", 0.0),
        ("connection_errors", 5.0),
        ("rejected_connections", 6.0),
        ("p99_seconds", 0.5),
        ("healthy_minimum", 3.0),
        ("unhealthy_maximum", 1.0),
    ] {
        assert_eq!(first[field], json!(value), "{field}");
    }
    assert_eq!(first["provisional"], false);
}

/// The environment, when it began and ended, and how long it took so far.
#[test]
fn a_watch_knows_how_long_its_update_takes() {
    let mut stage = Stage::new("Rolling");
    let took = |stage: &Stage, seconds| stage.watch.elapsed(at(seconds));
    assert_eq!((stage.watch.started(), stage.watch.ended(), took(&stage, 80)), (at(20), None, Duration::from_secs(60)));
    deploy(&mut stage);
    let end = stage.watch.ended().unwrap();
    assert_eq!(took(&stage, 5_000), end.since(stage.watch.started()), "it ended");
    assert_eq!(&*stage.watch.environment().name, "shop-web-prod");
    assert_eq!(stage.watch.environment().status, EnvironmentStatus::Ready, "as it was listed last");
    assert!(stage.watch.minutes().iter().next().is_some() && !stage.watch.lanes().is_empty());
    assert!(!stage.watch.is_shared() && !stage.watch.is_over());
    stage.watch.stop();
    assert!(stage.watch.is_over() && stage.watch.verdict().is_final);
    assert!(stage.look(6_000).is_empty(), "nothing more is looked at");
}

#[test]
fn what_is_no_longer_waited_for_ends_as_a_timeout_unless_it_is_decided() {
    let begin = || {
        let mut stage = Stage::new("Rolling");
        stage.minutes(0..20, CALM).event(20, "Environment update is starting.");
        stage.status(EnvironmentStatus::Updating, "v1").all_on("v1", 1).look(30);
        stage
    };
    let time_out = |stage: &mut Stage, seconds| {
        let mut watch = stage.watch.clone();
        let happened = stage.with_snapshot(seconds, |snapshot| watch.time_out(snapshot));
        stage.watch = watch;
        happened.iter().filter(|it| matches!(it.what, Happening::Verdict(_))).count()
    };
    let mut stage = begin();
    assert_eq!(time_out(&mut stage, 600), 1);
    assert_eq!((stage.verdict().words().as_str(), stage.verdict().is_final), ("timeout", true));
    assert_eq!(stage.verdict().reasons[0].words, "it did not end in time");
    assert_eq!(time_out(&mut stage, 610), 0, "it is over");
    // A verdict that is final at that moment anyway is not called late.
    let mut stage = begin();
    deploy(&mut stage);
    stage.look(15 * 60 - 1);
    assert_eq!(time_out(&mut stage, 15 * 60), usize::from(!stage.verdict().is_final));
    assert_eq!((stage.verdict().words().as_str(), stage.verdict().is_final), ("same", true));
    // An update that ended, and whose figures are still to come.
    let mut stage = begin();
    deploy(&mut stage);
    time_out(&mut stage, 400);
    assert_eq!(stage.verdict().reasons[0].words, "its figures did not come in time");
}
