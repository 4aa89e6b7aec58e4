//! `set NAMESPACE:OPTION=VALUE`: any option of an environment, and environment properties, whose values are never shown.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use beanpole::sim::{Faults, Scenario};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::run::{Region, run};
use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "environments whose options are changed",
    application!("shop", "v1", "v2"),
    environment!("web", instances = 2, max_instances = 4),
    environment!("web-prod", instances = 2, max_instances = 4),
);

const COMMAND: &str = "aws:elasticbeanstalk:command";
const PROPERTIES: &str = "aws:elasticbeanstalk:application:environment";

fn wait_until_ready(stage: &Stage) {
    stage.region.pass(600);
}

#[test]
fn an_option_is_planned_set_logged_and_put_back() {
    let stage = Stage::written(SCENARIO);
    let option = format!("{COMMAND}:BatchSize=50");
    let plan = stage.json(&["set", "web", &option, "--dry-run"], 0);
    assert_eq!((&plan["outcome"], &plan["dangerous"], stage.writes()), (&json!("planned"), &json!(false), 0));
    assert!(plan["warnings"].to_string().contains("NoInterruption"), "{plan}");
    let done = stage.json(&["set", "web", &option, "--yes"], 0);
    assert_eq!((&done["outcome"], &done["kind"]), (&json!("applied"), &json!("set")), "{done}");
    let change = json!([{ "key": format!("{COMMAND}:BatchSize"), "before": "34", "after": "50" }]);
    assert_eq!(done["changes"], change);
    // What is so now: the update has only begun.
    assert_eq!(done["observed"], json!({ format!("{COMMAND}:BatchSize"): "34" }), "{done}");
    // Every field that `set` of a setting has.
    let sticky = stage.json(&["set", "web", "stickiness.enabled=true", "--route", "elb", "--dry-run"], 0);
    for field in ["target_group", "serves", "findings_added", "findings_removed", "route", "calls", "request_ids"] {
        assert!(sticky.get(field).is_some() && done.get(field).is_some(), "{field}: {done}");
    }
    assert_eq!(done["serves"]["environments"], json!(["web"]));
    wait_until_ready(&stage);
    let again = stage.run(&["set", "web", &option, "--yes"]);
    assert_eq!((again.status, stage.writes()), (Some(0), 1), "{}", again.err);
    let undone = stage.json(&["undo", "--yes"], 0);
    assert_eq!((&undone["kind"], &undone["outcome"]), (&json!("undo"), &json!("applied")), "{undone}");
    let log = stage.json(&["log"], 0);
    assert_eq!(log["items"][1]["undone_by"], log["items"][0]["id"], "{log}");
    wait_until_ready(&stage);
    let unset = stage.json(&["set", "web", "--unset", &format!("{COMMAND}:BatchSize"), "--yes"], 0);
    let call = &unset["calls"][0]["parameters"];
    assert_eq!(call["OptionsToRemove"][0]["OptionName"], "BatchSize", "{unset}");
    wait_until_ready(&stage);
    let twice = stage.run(&["set", "web", "--unset", &format!("{COMMAND}:BatchSize"), "--yes"]);
    assert_eq!(twice.status, Some(2), "{}", twice.err);
    assert!(twice.err.contains("is not set, so that there is nothing to remove"), "{}", twice.err);
}

/// Watched, it is one object: the change with its id, and what was seen of its update.
#[test]
fn a_watched_change_has_its_id_and_its_verdict() {
    let region = Region::fast(Scenario::from_toml("test", SCENARIO).unwrap(), 60);
    region.world.as_ref().unwrap().set_faults(Faults::none());
    let stage = Stage { region, state: TempDir::new().unwrap() };
    let done = stage.json(&["set", "web", &format!("{COMMAND}:BatchSize=50"), "--yes", "--watch"], 0);
    assert_eq!((&done["outcome"], &done["watch"]["verdict"]["final"]), (&json!("applied"), &json!(true)), "{done}");
    assert_eq!(done["id"], stage.json(&["log"], 0)["items"][0]["id"]);
    assert!(done["watch"].get("errors").is_none() && done["errors"].is_array(), "{done}");
}

/// Each mistake, its status, and words of it. Nothing is written.
#[test]
fn a_mistake_is_reported_before_anything_is_written() {
    let stage = Stage::written(SCENARIO);
    let property = format!("{PROPERTIES}:API_KEY=CANARY");
    for (arguments, status, words) in [
        (&[&format!("{COMMAND}:BatchSize=0") as &str][..], 2, "cannot be `0`: it takes 1 to 10000"),
        (&[&format!("{COMMAND}:BatchSise=9")], 2, "did you mean `aws:elasticbeanstalk:command:BatchSize`?"),
        (&[&format!("{COMMAND}:DeploymentPolicy=Some")], 2, "AllAtOnce, Rolling"),
        (&[&format!("{COMMAND}:BatchSize=")], 2, "takes no empty value"),
        (&[&format!("{COMMAND}:BatchSize")], 2, "is not NAMESPACE:OPTION=VALUE"),
        (&[&format!("{COMMAND}:BatchSize=9"), &format!("{COMMAND}:BatchSize=8")], 2, "is given twice"),
        (&[&format!("{COMMAND}:BatchSize=9"), "stickiness.enabled=true"], 2, "changed by separate commands"),
        (&[&format!("{COMMAND}:BatchSize=9"), "aws:autoscaling:asg:MaxSize=9"], 2, "one update at a time"),
        (&["aws:autoscaling:asg:MaxSize=1"], 2, "MIN (2) is more than MAX (1)"),
        (&["aws:elasticbeanstalk:environment:LoadBalancerType=network"], 7, "only for a new environment"),
        (&["aws:elasticbeanstalk:environment:process:default:Port=81"], 7, "another port replaces the target group"),
        (&["aws:elasticbeanstalk:environment:process:default:HealthCheckTimeout=61"], 2, "takes 1 to 60"),
        (&[&property], 2, "is not taken from the command line"),
        (&[&format!("{PROPERTIES}:A B=")], 2, "cannot be the name of an environment property"),
        (&[&format!("{PROPERTIES}:API_KEY=")], 2, "there is no terminal to type the value on"),
        (&[&format!("{COMMAND}:BatchSize=9"), "--value-file", "x"], 2, "none is to be set"),
    ] {
        let ran = stage.run(&[&["set", "web"], arguments, &["--yes"]].concat());
        assert_eq!(ran.status, Some(status), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
        assert!(!ran.err.contains("CANARY") && !ran.out.contains("CANARY"), "{}", ran.err);
    }
    assert_eq!(stage.writes(), 0);
}

/// The option of a setting in the table is changed as that setting, with its checks; sizes as sizes.
#[test]
fn the_option_of_a_setting_goes_the_settings_way() {
    let stage = Stage::written(SCENARIO);
    let sticky = "aws:elasticbeanstalk:environment:process:default:StickinessEnabled=true";
    let plan = stage.json(&["set", "web", sticky, "--dry-run"], 0);
    assert_eq!((&plan["route"], &plan["changes"][0]["key"]), (&json!("beanstalk"), &json!("stickiness.enabled")));
    let plan = stage.json(&["set", "web", "aws:autoscaling:asg:MaxSize=6", "--dry-run"], 0);
    assert_eq!((&plan["kind"], &plan["calls"][0]["operation"]), (&json!("scale"), &json!("UpdateEnvironment")));
}

#[test]
fn what_replaces_instances_says_so_and_wants_the_name_in_production() {
    let stage = Stage::written(SCENARIO);
    let option = "aws:autoscaling:launchconfiguration:InstanceType=t3.small";
    let plan = stage.json(&["set", "web-prod", option, "--dry-run"], 0);
    assert_eq!(plan["dangerous"], true);
    let warnings = plan["warnings"].to_string();
    assert!(warnings.contains("Beanstalk replaces instances (RestartEnvironment)"), "{warnings}");
    assert!(warnings.contains("all may be replaced at once"), "{warnings}");
    let refused = stage.run(&["set", "web-prod", option, "--yes"]);
    assert_eq!((refused.status, stage.writes()), (Some(7), 0), "{}", refused.err);
    let done = stage.run(&["set", "web-prod", option, "--yes", "--confirm", "web-prod"]);
    assert_eq!((done.status, stage.writes()), (Some(0), 1), "{}", done.err);
}

/// A value comes from a file or from standard input, and is in no output, no journal and no log.
#[test]
fn the_value_of_a_property_is_read_from_a_file_and_never_shown() {
    let stage = Stage::written(SCENARIO);
    let file = stage.state.path().join("value");
    fs::write(&file, "CANARY-one\n").unwrap();
    let property = format!("{PROPERTIES}:API_KEY=");
    let log = stage.state.path().join("log");
    let set = |value_file: &str, input: Option<&str>| {
        let mut command = stage.command(&["set", "web", &property, "--value-file", value_file, "--yes", "-o", "json"]);
        command.env("BEANPOLE_LOG", "trace").arg("--log-file").arg(&log);
        if let Some(input) = input {
            let mut child =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
            let output = child.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0));
            return String::from_utf8(output.stdout).unwrap();
        }
        let ran = run(command);
        assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
        ran.out + &ran.err
    };
    let first = set(file.to_str().unwrap(), None);
    wait_until_ready(&stage);
    let second = set("-", Some("CANARY-two"));
    wait_until_ready(&stage);
    // The same once more is no change.
    let third: Value = serde_json::from_str(&set("-", Some("CANARY-two\n"))).unwrap();
    assert_eq!(third["outcome"], "unchanged", "{third}");
    let journal = fs::read_to_string(stage.state.path().join("beanpole/changes.jsonl")).unwrap();
    let logged = fs::read_to_string(&log).unwrap();
    for text in [&first, &second, &journal, &logged] {
        assert!(!text.contains("CANARY"), "{text}");
    }
    let hashes: Vec<_> = journal.match_indices("\"hash\":\"").map(|(at, _)| &journal[at + 8..at + 40]).collect();
    assert_eq!((hashes.len(), hashes[0] == hashes[1], hashes[1] == hashes[2]), (3, true, false), "{journal}");
    let undo = stage.run(&["undo", stage.json(&["log"], 0)["items"][0]["id"].as_str().unwrap(), "--yes"]);
    assert_eq!(undo.status, Some(7), "{}", undo.err);
    assert!(undo.err.contains("whose values are not kept: it is never undone"), "{}", undo.err);
}

/// Typed on a terminal, twice, whatever is typed ahead: it is on no screen and in no journal, and it is what is sent.
#[cfg(unix)]
#[test]
fn a_value_that_is_typed_is_not_echoed_and_not_kept() {
    use crate::support::terminal::{SOON, Start};
    let stage = Stage::written(SCENARIO);
    let property = format!("{PROPERTIES}:API_KEY=");
    let start = || {
        let mut start = Start::of(&["set", "web", &property]).size(100, 24);
        for (name, value) in [
            ("AWS_ENDPOINT_URL", &*stage.region.address),
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "b"),
            ("AWS_REGION", "eu-west-1"),
            ("XDG_STATE_HOME", stage.state.path().to_str().unwrap()),
        ] {
            start = start.variable(name, value);
        }
        start.start()
    };
    // Two that differ: nothing is written.
    let mut terminal = start();
    terminal.until_says("the value of API_KEY (not shown):");
    terminal.press("CANARY-one\r").until_says("once more:");
    terminal.press("CANARY-two\r").until_says("the two values differ");
    assert_eq!((terminal.ended(SOON).status, stage.writes()), (2, 0), "{}", terminal.picture());
    // Both typed ahead of the second prompt, and one mistake taken back.
    let mut again = start();
    again.until_says("the value of API_KEY (not shown):");
    again.press("CANARY-thre\x7fee\rCANARY-three\r").until_says("go on? [y/N]");
    again.press("y\r");
    assert_eq!((again.ended(SOON).status, stage.writes()), (0, 1), "{}", again.picture());
    for written in [terminal.written(), again.written()] {
        assert!(!written.contains("CANARY") && !written.contains("three"), "{written}");
    }
    again.assert_given_back();
    let journal = fs::read_to_string(stage.state.path().join("beanpole/changes.jsonl")).unwrap();
    assert!(journal.contains("API_KEY") && !journal.contains("CANARY"), "{journal}");
    let body = "Action=DescribeConfigurationSettings&Version=2010-12-01&ApplicationName=shop&EnvironmentName=web";
    let live = crate::support::somebody::ask(stage.world(), "elasticbeanstalk", body);
    assert!(live.contains("<Value>CANARY-three</Value>"), "{live}");
}
