//! `watch` and `deploy` to the verdict, as a pipeline runs them: lines, statuses, what is done when it gets worse.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use beanpole::sim::{Faults, Scenario};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::run::{Ran, Region, run, wait};

/// A scenario whose deploy began this long ago.
fn region(scenario: &str, began: &str) -> Region {
    let text = match scenario {
        "rolling" => include_str!("../../../assets/scenarios/rolling.toml"),
        _ => include_str!("../../../assets/scenarios/bad-deploy.toml"),
    };
    // With health checks the second batch is waited for, so that there is time to stop it.
    let text = text.replace("\"aws:elasticbeanstalk:command/IgnoreHealthCheck\" = \"true\"\n", "");
    let region =
        Region::of(Scenario::from_toml(scenario, &text.replace("at = \"20s\"", &format!("at = \"{began}\""))).unwrap());
    region.world.as_ref().unwrap().set_faults(Faults::none());
    region
}

fn lines(ran: &Ran) -> Vec<Value> {
    let lines = ran.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")));
    lines.collect()
}

#[test]
fn a_good_update_ends_with_0_and_its_last_line_is_final() {
    let region = region("rolling", "-9m15s");
    let ran = region.run(["watch", "orders-web-prod", "--settle", "0", "-o", "jsonl"]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    let lines = lines(&ran);
    let (last, others) = lines.split_last().unwrap();
    assert_eq!(
        (&last["type"], &last["verdict"], &last["final"]),
        (&"verdict".into(), &"same".into(), &true.into()),
        "{last}"
    );
    assert!(last["errors"].as_array().unwrap().is_empty() && last["before"]["requests"].as_f64().unwrap() > 1000.0);
    assert!(others.iter().all(|line| line["final"] != true));
    for kind in ["event", "phase", "metrics", "verdict"] {
        assert!(lines.iter().any(|line| line["type"] == kind && line["at"].is_string()), "no {kind} in {}", ran.out);
    }
    let phase = others.iter().find(|line| line["type"] == "phase").unwrap();
    assert_eq!((&phase["batch"], &phase["batches"]), (&3.into(), &3.into()), "{phase}");
}

#[test]
fn a_program_that_cannot_be_named_is_a_usage_error_before_anything_is_followed() {
    let region = region("rolling", "-9m15s");
    let ran = region.run(["watch", "orders-web-prod", "--notify", "sh -c 'open"]);
    assert_eq!(ran.status, Some(2), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("--notify cannot be run: a quote is not closed"), "{}", ran.err);
    let ran = region.run(["watch", "orders-web-prod", "--settle", "0", "--notify", "/nowhere/program"]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("--notify: /nowhere/program cannot be run"), "{}", ran.err);
}

#[test]
fn a_pipeline_stops_on_a_bad_update_that_goes_on() {
    let (region, folder) = (region("bad-deploy", "-9m"), TempDir::new().unwrap());
    let report = folder.path().join("report.md");
    let path = report.to_str().unwrap();
    let received = folder.path().join("received");
    let notify = format!("sh -c 'cat >> {}'", received.display());
    let ran = region.run(["watch", "checkout-web-prod", "--on-worse", "stop", "--report", path, "--notify", &notify]);
    assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("verdict  WORSE\n") && ran.out.contains("targets answer 5xx to"), "{}", ran.out);
    let received = std::fs::read_to_string(&received).unwrap();
    let received: Vec<Value> = received.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let worse = received.iter().find(|line| line["verdict"] == "worse").unwrap();
    for field in [
        "type",
        "at",
        "verdict",
        "early",
        "final",
        "reasons",
        "environment",
        "environment_id",
        "application",
        "from",
        "to",
        "account",
        "region",
    ] {
        assert!(!worse[field].is_null(), "{field}: {worse}");
    }
    assert_eq!((&worse["type"], &worse["environment"]), (&json!("verdict"), &json!("checkout-web-prod")), "{worse}");
    let report = std::fs::read_to_string(&report).unwrap();
    assert!(report.starts_with("# checkout-web-prod: v18") && report.contains("Verdict: **WORSE**"), "{report}");
    let again = region.run(["watch", "checkout-web-prod", "--report", path]);
    assert_eq!(again.status, Some(7), "{}", again.err);
    assert!(!region.calls().iter().any(|(name, _)| name == "AbortEnvironmentUpdate"));
}

#[test]
fn a_bad_update_is_aborted_where_that_was_agreed_to() {
    let (region, state) = (region("bad-deploy", "-9m"), TempDir::new().unwrap());
    let command = |more: &[&str]| {
        let arguments = ["watch", "checkout-web-prod", "--on-worse", "abort", "-o", "jsonl"];
        let mut command = region.command([&arguments, more].concat());
        command.env("XDG_STATE_HOME", state.path());
        command
    };
    assert_eq!(run(command(&[])).status, Some(2), "there is no terminal to ask on");
    let unconfirmed = run(command(&["--yes"]));
    assert_eq!(unconfirmed.status, Some(7), "it is production: {}", unconfirmed.err);
    let ran = run(command(&["--yes", "--confirm", "checkout-web-prod"]));
    assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
    let lines = lines(&ran);
    assert_eq!(lines.last().unwrap()["verdict"], "aborted", "{}", ran.out);
    assert!(lines.iter().any(|line| line["verdict"] == "worse" && line["early"] == false));
    assert!(region.calls().iter().any(|(name, times)| name == "AbortEnvironmentUpdate" && *times == 1));
}

#[test]
fn a_bad_update_is_rolled_back_where_that_was_agreed_to_once() {
    let (region, state) = (region("bad-deploy", "-9m"), TempDir::new().unwrap());
    let command = |more: &[&str]| {
        let arguments = ["watch", "checkout-web-prod", "--on-worse", "rollback", "--timeout", "25s", "-o", "jsonl"];
        let mut command = region.command([&arguments, more].concat());
        command.env("XDG_STATE_HOME", state.path());
        command
    };
    assert_eq!(run(command(&[])).status, Some(2), "there is no terminal to ask on");
    let unconfirmed = run(command(&["--yes"]));
    assert_eq!(unconfirmed.status, Some(7), "it is production: {}", unconfirmed.err);
    assert!(unconfirmed.err.contains("could not be rolled back"), "{}", unconfirmed.err);
    let ran = run(command(&["--yes", "--confirm", "checkout-web-prod"]));
    assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("checkout-web-prod is rolled back from v19 to v18"), "{}", ran.err);
    let lines = lines(&ran);
    let last = lines.last().unwrap();
    // The wait for the environment is not cut by the time limit; following its update is.
    assert_eq!((&last["verdict"], &last["final"]), (&"timeout".into(), &true.into()), "{}", ran.out);
    assert_eq!(
        (&last["rolled_back"]["verdict"], &last["rolled_back"]["early"]),
        (&"worse".into(), &false.into()),
        "{last}"
    );
    assert_eq!(lines.iter().filter(|line| line["final"] == true).count(), 1, "{}", ran.out);
    let count = |name: &str| region.calls().iter().find(|(it, _)| it == name).map_or(0, |(_, times)| *times);
    assert_eq!((count("AbortEnvironmentUpdate"), count("UpdateEnvironment")), (1, 1));
    let log = run({
        let mut command = region.command(["log", "-o", "json"]);
        command.env("XDG_STATE_HOME", state.path());
        command
    });
    let entry = &log.json()["items"][0];
    assert_eq!((&entry["kind"], &entry["outcome"]), (&"back".into(), &"applied".into()), "{entry}");
    assert_eq!((&entry["changes"][0]["before"], &entry["changes"][0]["after"]), (&"v19".into(), &"v18".into()));
}

/// What a beanpole that is gone has left in the log: a rollback to a version, begun ten minutes ago, and its end.
fn left_behind(region: &Region, state: &TempDir, (from, to): (&str, &str), outcome: Option<&str>) {
    let id = region.json(&["show", "checkout-web-prod"])["environment_id"].clone();
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(10);
    let operation = json!({
        "kind": "back",
        "subject": {"key": id, "name": "checkout-web-prod", "application": "checkout"},
        "seen": {"status": "Updating", "version": to, "abortable": true},
        "route": "beanstalk",
        "steps": [
            {"work": "abort", "starts": "while_abortable"},
            {"work": "deploy", "version": to, "replaces": from, "starts": "once_ready"},
        ],
        "is_dangerous": true,
    });
    let begun = json!({
        "line": "operation", "version": 1, "id": "op-1", "at": at, "process": {"id": 2_147_483_646},
        "caller": null, "account": "471108151234", "region": "eu-west-1", "endpoint": region.address,
        "operation": operation,
    });
    let ended = outcome.map(|it| json!({"line": "operation_ended", "id": "op-1", "at": at, "outcome": it}));
    let lines: Vec<_> = [begun].into_iter().chain(ended).map(|line| line.to_string() + "\n").collect();
    let folder = state.path().join("beanpole");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("changes.jsonl"), lines.concat()).unwrap();
}

#[test]
fn neither_a_rollback_nor_what_one_has_begun_is_rolled_back_by_itself() {
    for (versions, outcome, words) in [
        (("v19", "v18"), None, "a rollback of it is not done yet; it goes on with: beanpole resume op-1"),
        (("v20", "v19"), Some("applied"), "it is not rolled back by itself: it is a rollback itself"),
    ] {
        let (region, state) = (region("bad-deploy", "-9m"), TempDir::new().unwrap());
        left_behind(&region, &state, versions, outcome);
        let arguments = ["watch", "checkout-web-prod", "--on-worse", "rollback", "--timeout", "20s", "--yes"];
        let mut command = region.command([&arguments[..], &["--confirm", "checkout-web-prod"]].concat());
        command.env("XDG_STATE_HOME", state.path());
        let ran = run(command);
        assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
        assert!(ran.out.contains("verdict  WORSE"), "{}", ran.out);
        let writes = ["AbortEnvironmentUpdate", "UpdateEnvironment"];
        assert!(!region.calls().iter().any(|(name, _)| writes.contains(&name.as_str())), "{words}");
    }
}

#[test]
fn nothing_that_begins_in_time_is_reported_and_counts_as_bad() {
    let region = Region::new("healthy");
    let ran = region.run(["watch", "alpha-web-prod", "--timeout", "2s", "-o", "jsonl"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(ran.err.contains("waiting for the next one"), "{}", ran.err);
    let lines = lines(&ran);
    assert_eq!((&lines[0]["verdict"], &lines[0]["final"]), (&"timeout".into(), &true.into()));
    assert_eq!(region.run(["watch", "alpha-wep-prod"]).status, Some(2));
}

#[test]
fn an_update_that_takes_too_long_is_a_timeout() {
    let region = region("rolling", "-3m");
    let ran = region.run(["watch", "orders-web-prod", "--timeout", "3s", "-o", "json"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert_eq!(ran.json()["verdict"]["verdict"], "timeout", "{}", ran.out);
}

#[test]
fn ctrl_c_leaves_the_update_running_and_says_so() {
    let region = region("rolling", "-1m");
    let mut child =
        region.command(["watch", "orders-web-prod"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = out.next().unwrap().unwrap();
    assert!(first.contains("orders-web-prod"), "{first}");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let status = wait(&mut child);
    let err = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
    assert_eq!(status.code(), Some(130), "{err}");
    assert!(err.contains("goes on") && err.contains("beanpole watch orders-web-prod"), "{err}");
    assert!(!region.calls().iter().any(|(name, _)| name == "AbortEnvironmentUpdate"));
}
