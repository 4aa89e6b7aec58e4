//! `alarms`: which look at an environment, muted for a time by a rule that AWS ends, and not any more.

use beanpole::sim::Faults;
use serde_json::{Value, json};

use super::run::assert_fields;
use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "two environments with alarms, and one without",
    environment!("web", instances = 2),
    environment!("api"),
    environment!("quiet"),
    alarm!(
        "web-hosts",
        "UnHealthyHostCount",
        target_group = "web",
        threshold = 0.0,
        state = "ALARM",
        action = "notify",
    ),
    alarm!("web-scaling", "RequestCountPerTarget", target_group = "web", threshold = 1000.0, action = "scale"),
    alarm!("api-hosts", "UnHealthyHostCount", target_group = "api", threshold = 0.0),
);

/// The alarm of this name, as it is listed.
fn item(stage: &Stage, name: &str) -> Value {
    let answer = stage.json(&["alarms", "web"], 0);
    let items = answer["items"].as_array().unwrap();
    items.iter().find(|item| item["name"] == name).unwrap_or_else(|| panic!("no {name}: {answer}")).clone()
}

#[test]
fn the_alarms_of_an_environment_are_listed() {
    let stage = Stage::written(SCENARIO);
    let answer = stage.run(&["alarms", "web", "-o", "json"]).json();
    assert_fields(&answer, &["items", "missing", "errors"]);
    let names: Vec<_> = answer["items"].as_array().unwrap().iter().map(|item| item["name"].clone()).collect();
    assert_eq!(names, [json!("web-hosts"), json!("web-scaling")]);
    let fields = [
        "name",
        "arn",
        "state",
        "since",
        "namespace",
        "metric",
        "dimensions",
        "environment",
        "actions_enabled",
        "muted_until",
    ];
    assert_fields(&answer["items"][0], &fields);
    assert_eq!((&answer["items"][0]["state"], &answer["items"][0]["muted_until"]), (&json!("ALARM"), &json!(null)));
    let table = stage.run(&["alarms", "web"]);
    assert!(
        table.out.contains("web-hosts") && table.out.contains("notify") && table.out.contains("scale"),
        "{}",
        table.out
    );
    let quiet = stage.run(&["alarms", "quiet"]).out;
    assert!(quiet.starts_with("no alarm looks at it\n\nrecommended and missing (beanpole alarms quiet"), "{quiet}");
    assert_eq!(stage.run(&["alarms", "wbe"]).status, Some(2));
}

#[test]
fn they_are_muted_for_a_time_and_unmuted_or_undone() {
    let stage = Stage::written(SCENARIO);
    let planned = stage.run(&["alarms", "web", "--mute", "1h", "--dry-run"]);
    assert_eq!((planned.status, stage.writes()), (Some(0), 0), "{}", planned.err);
    assert!(planned.out.contains("aws cloudwatch put-alarm-mute-rule"), "{}", planned.out);
    assert!(planned.out.contains("note     not muted, for it scales: web-scaling"), "{}", planned.out);
    let muted = stage.run(&["alarms", "web", "--mute", "1h", "--yes"]);
    assert_eq!(muted.status, Some(0), "{}", muted.err);
    assert!(muted.out.contains("web: 1 alarm muted until "), "{}", muted.out);
    assert!(item(&stage, "web-hosts")["muted_until"].is_string());
    assert_eq!(item(&stage, "web-scaling")["muted_until"], json!(null), "what scales goes on scaling");
    let newest = stage.run(&["log", "-o", "json"]).json()["items"][0].clone();
    assert_eq!((&newest["kind"], &newest["outcome"]), (&json!("mute"), &json!("applied")));
    let undone = stage.run(&["undo", "--yes"]);
    assert_eq!(undone.status, Some(0), "{}", undone.err);
    assert_eq!(item(&stage, "web-hosts")["muted_until"], json!(null));
    let again = stage.run(&["undo", newest["id"].as_str().unwrap(), "--yes"]);
    assert!(again.err.contains("was undone already"), "{}", again.err);
    assert_eq!(
        stage.run(&["alarms", "web", "--mute", "90m", "--yes", "-o", "json"]).json()["outcome"],
        json!("applied")
    );
    assert_eq!(stage.run(&["alarms", "web", "--unmute", "--yes"]).status, Some(0));
    assert_eq!((item(&stage, "web-hosts")["muted_until"].clone(), stage.writes()), (json!(null), 4));
    let nothing = stage.run(&["alarms", "web", "--unmute", "--yes"]);
    assert_eq!((nothing.status, stage.writes()), (Some(0), 4), "{}", nothing.err);
    assert_eq!(nothing.out, "web: beanpole mutes no alarm of it\n");
}

/// What can be read is listed, and what could not be is reported; nothing is muted on incomplete data.
#[test]
fn what_cannot_be_read_is_said_and_the_rest_is_listed() {
    let health =
        "[[alarm]]\nname = \"web-health\"\nmetric = \"EnvironmentHealth\"\nenvironment = \"web\"\nthreshold = 15.0\n";
    for (denied, listed) in [
        ("elasticbeanstalk:DescribeEnvironmentResources", &["web-health", "web-hosts", "web-scaling"][..]),
        ("autoscaling:DescribeAutoScalingGroups", &["web-health", "web-hosts", "web-scaling"]),
        ("cloudwatch:GetAlarmMuteRule", &["web-health", "web-hosts", "web-scaling"]),
    ] {
        let stage = Stage::written(&format!("{SCENARIO}{health}"));
        let world = stage.world();
        world.set_faults(Faults { deny: vec![denied.to_owned()], ..Faults::none() });
        let ran = stage.run(&["alarms", "web", "-o", "json"]);
        let answer = ran.json();
        let names: Vec<_> = answer["items"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert_eq!((ran.status, names.as_slice()), (Some(0), listed), "{denied}: {}", ran.err);
        assert_eq!(answer["errors"][0]["kind"], json!("denied"), "{denied}: {answer}");
        assert_eq!(stage.run(&["alarms", "web", "--strict"]).status, Some(4), "{denied}");
        for write in [&["alarms", "web", "--mute", "1h", "--yes"][..], &["alarms", "web", "--unmute", "--yes"]] {
            let ran = stage.run(write);
            assert_eq!(ran.status, Some(4), "{denied} {write:?}: {}", ran.err);
        }
        assert_eq!(stage.writes(), 0);
    }
}

#[test]
fn what_cannot_be_muted_says_why() {
    let stage = Stage::written(SCENARIO);
    for (arguments, status, words) in [
        (&["alarms", "quiet", "--mute", "1h", "--yes"][..], 7, "no alarm that could be muted looks at quiet"),
        (&["alarms", "web", "--mute", "16d", "--yes"], 2, "alarms are muted for 1 minute to 15 days"),
        (&["alarms", "web", "--mute", "0", "--yes"], 2, "no span of time"),
        (&["alarms", "web", "--mute", "1h", "--unmute"], 2, "cannot be used with"),
        (&["alarms", "web", "--mute", "1h", "--yes", "--read-only"], 7, "read-only"),
        (&["alarms", "web", "--mute", "1h"], 2, "there is no terminal to ask on"),
    ] {
        let ran = stage.run(arguments);
        assert_eq!(ran.status, Some(status), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    stage
        .region
        .world
        .as_ref()
        .unwrap()
        .set_faults(Faults { deny: vec!["cloudwatch:DescribeAlarms".into()], ..Faults::none() });
    let denied = stage.run(&["alarms", "web", "--mute", "1h", "--yes"]);
    assert_eq!(denied.status, Some(4), "{}", denied.err);
    assert_eq!(stage.writes(), 0);
}
