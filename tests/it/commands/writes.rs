//! The commands that write: their input, their output, and the exit statuses that scripts rely on.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use beanpole::sim::Faults;
use serde_json::{Value, json};

use super::run::{Ran, assert_fields, until, wait};
use super::stage::Stage;

const REPORT: &[&str] = &[
    "environment",
    "environment_id",
    "application",
    "kind",
    "route",
    "changes",
    "calls",
    "commands",
    "dangerous",
    "warnings",
    "refused",
    "id",
    "outcome",
    "message",
    "observed",
    "request_ids",
    "errors",
];
const ENTRY: &[&str] = &[
    "id",
    "at",
    "kind",
    "caller",
    "account",
    "region",
    "endpoint",
    "environment",
    "environment_id",
    "application",
    "route",
    "target_group",
    "load_balancer",
    "changes",
    "outcome",
    "message",
    "request_ids",
    "undoes",
    "undone_by",
    "steps",
];

/// A region with a version to deploy, an environment that is being updated, and one whose name is production's.
const SCENARIO: &str = scenario!(
    "three environments",
    application!("shop", "v1", "v2", "v3"),
    environment!("web", version = "v1"),
    environment!("busy", version = "v1"),
    environment!("web-prod", version = "v1"),
    deploy!("busy", "v2", at = "0s"),
);

/// What is sent is looked at here; how it is followed, in `watches`.
fn unfollowed<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    let more: &[&str] = if arguments[0] == "deploy" { &["--timeout", "0"] } else { &[] };
    [arguments, more].concat()
}

fn stage() -> Stage {
    Stage::written(SCENARIO)
}

impl Stage {
    /// Runs a command that does not wait for what it wrote.
    fn sent(&self, arguments: &[&str]) -> Ran {
        self.run(&unfollowed(arguments))
    }

    fn log(&self) -> Value {
        self.run(&["log", "-o", "json"]).json()
    }
}

#[test]
fn a_deployment_is_planned_sent_and_in_the_log() {
    let stage = stage();
    let plan = stage.sent(&["deploy", "web", "v2", "--dry-run", "-o", "json"]);
    assert_eq!(plan.status, Some(0), "{}", plan.err);
    let mut plan = plan.json();
    assert!(plan.as_object_mut().unwrap().remove("plan").is_some());
    assert_fields(&plan, REPORT);
    assert_eq!((&plan["outcome"], &plan["refused"], &plan["id"]), (&json!("planned"), &Value::Null, &Value::Null));
    assert_eq!(plan["changes"], json!([{ "key": "version_label", "before": "v1", "after": "v2" }]));
    let id = plan["environment_id"].as_str().unwrap();
    let parameters = json!({ "EnvironmentId": id, "VersionLabel": "v2" });
    let call = json!({ "service": "elasticbeanstalk", "operation": "UpdateEnvironment", "parameters": parameters });
    assert_eq!(plan["calls"], json!([call]));
    let command =
        format!("aws elasticbeanstalk update-environment --environment-id {id} --version-label v2 --region eu-west-1");
    assert_eq!(plan["commands"][0], command);
    assert_eq!((stage.writes(), stage.log()["items"].as_array().unwrap().len()), (0, 0));

    let done = stage.sent(&["deploy", "web", "v2", "--yes", "-o", "json"]);
    assert_eq!(done.status, Some(0), "{}", done.err);
    let done = done.json();
    assert_fields(&done, REPORT);
    assert_eq!((&done["outcome"], &done["observed"]["status"]), (&json!("applied"), &json!("Updating")));
    assert_eq!((stage.writes(), done["request_ids"].as_array().unwrap().len()), (1, 1));

    let log = stage.log();
    let [entry] = log["items"].as_array().unwrap().as_slice() else { panic!("{log}") };
    assert_fields(entry, ENTRY);
    assert_eq!((&entry["id"], &entry["kind"], &entry["outcome"]), (&done["id"], &json!("deploy"), &json!("applied")));
    assert_eq!(entry["request_ids"], done["request_ids"]);
    assert!(entry["account"].is_string() && entry["caller"].is_string());
    assert!(entry["at"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn an_abort_says_what_it_leaves_and_the_log_is_newest_first() {
    let stage = stage();
    assert_eq!(stage.sent(&["deploy", "web", "v3", "--yes"]).status, Some(0));
    let aborted = stage.run(&["abort", "web", "--yes"]);
    assert_eq!(aborted.status, Some(0), "{}", aborted.err);
    assert_eq!(aborted.out, "web: the update is being aborted\n");
    assert!(aborted.err.contains("some instances may keep the new version"), "{}", aborted.err);
    let table = stage.run(&["log", "--utc"]).out;
    let lines: Vec<_> = table.lines().collect();
    assert!(lines[1].contains("abort") && lines[2].contains("version_label: v1 -> v3"), "{table}");
    let jsonl = stage.run(&["log", "-o", "jsonl"]).out;
    let kinds: Vec<Value> = jsonl.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&kinds[0]["kind"], &kinds[1]["kind"], &kinds[2]),
        (&json!("abort"), &json!("deploy"), &json!({ "errors": [] }))
    );
}

#[test]
fn nobody_to_ask_and_nobody_who_agreed_is_a_mistake_in_usage() {
    let stage = stage();
    for command in
        [&["abort", "web"][..], &["deploy", "web", "v2"], &["deploy", "web-prod", "v2", "--confirm", "web-prod"]]
    {
        let ran = stage.sent(command);
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(ran.err.contains("--yes"), "{}", ran.err);
    }
    assert_eq!(stage.region.calls(), [], "nothing is asked of AWS either");
}

#[test]
fn names_that_do_not_exist_are_reported_with_what_was_meant() {
    let stage = stage();
    for (command, words) in [
        (&["abort", "bussy", "--yes"][..], "did you mean `busy`?"),
        (&["deploy", "wep", "v2", "--yes"], "did you mean `web`?"),
        (&["deploy", "web", "v22", "--yes"], "has no version `v22`, did you mean `v2`?"),
        (&["deploy", "web", "nonsense", "--dry-run"], "the newest: v3, v2, v1"),
    ] {
        let ran = stage.sent(command);
        assert_eq!(ran.status, Some(2), "{command:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{command:?}: {}", ran.err);
    }
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_beanpole_refuses_is_seven_and_nothing_is_written() {
    let stage = stage();
    let cases: &[(&[&str], &str)] = &[
        (&["abort", "busy", "--yes", "--read-only"], "read-only"),
        (&["deploy", "web", "v2", "--dry-run", "--read-only"], "read-only"),
        (&["abort", "web", "--yes"], "there is nothing to abort"),
        (&["deploy", "busy", "v3", "--yes"], "only while it is Ready"),
        (&["deploy", "web-prod", "v2", "--yes"], "--confirm web-prod"),
        (&["deploy", "web-prod", "v2", "--yes", "--confirm", "web"], "--confirm web-prod"),
        (&["deploy", "web", "v2", "--yes", "--confirm", "wep"], "--confirm web"),
    ];
    for (command, words) in cases {
        let ran = stage.sent(command);
        assert_eq!(ran.status, Some(7), "{command:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{command:?}: {}", ran.err);
        let json = stage.sent(&[command, &["-o", "json"][..]].concat()).json();
        assert_eq!(json["outcome"], "refused", "{json}");
        assert!(json["refused"].is_string());
    }
    let log = stage.log();
    let refused: Vec<_> = log["items"].as_array().unwrap().iter().map(|it| (&it["kind"], &it["outcome"])).collect();
    assert_eq!(stage.writes(), 0);
    assert_eq!(refused, vec![(&"abort".into(), &"refused".into()); 2], "what protection refused is recorded");
    assert_eq!(stage.sent(&["deploy", "web-prod", "v2", "--yes", "--confirm", "web-prod"]).status, Some(0));
}

#[test]
fn without_a_log_there_is_no_write() {
    let stage = stage();
    std::fs::write(stage.state.path().join("beanpole"), "").unwrap();
    let ran = stage.sent(&["deploy", "web", "v2", "--yes"]);
    assert_eq!((ran.status, stage.writes()), (Some(7), 0), "{}", ran.err);
    assert!(ran.err.contains("cannot be recorded"), "{}", ran.err);
    let log = stage.run(&["log", "-o", "json"]);
    assert_eq!((log.status, &log.json()["items"]), (Some(5), &Value::Null));
}

#[test]
fn lines_that_cannot_be_read_are_reported_and_kept() {
    let stage = stage();
    assert_eq!(stage.sent(&["deploy", "web", "v2", "--yes"]).status, Some(0));
    let path = stage.state.path().join("beanpole/changes.jsonl");
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str("{\"line\":\"from the future\"}\n{\"cut");
    std::fs::write(&path, &text).unwrap();
    let ran = stage.run(&["log", "-o", "json"]);
    let answer = ran.json();
    assert_eq!((ran.status, answer["items"].as_array().unwrap().len()), (Some(0), 1));
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 2, "{answer}");
    assert_fields(&errors[0], &["source", "kind", "message", "request_id"]);
    assert!(errors[0]["source"].as_str().unwrap().ends_with("changes.jsonl line 3"));
    assert_eq!(stage.run(&["log", "--strict"]).status, Some(5));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn what_aws_refuses_has_its_status_and_names_the_action() {
    let stage = stage();
    let world = stage.world();
    world.set_faults(Faults { deny: vec!["elasticbeanstalk:UpdateEnvironment".into()], ..Faults::none() });
    let ran = stage.sent(&["deploy", "web", "v2", "--yes", "-o", "json"]);
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    assert!(ran.err.contains("ask for the IAM action elasticbeanstalk:UpdateEnvironment"), "{}", ran.err);
    let answer = ran.json();
    assert_eq!((&answer["outcome"], &answer["errors"][0]["kind"]), (&json!("failed"), &json!("denied")));
    world.set_faults(Faults { deny: vec!["elasticbeanstalk:Describe*".into()], ..Faults::none() });
    let ran = stage.run(&["abort", "busy", "--yes", "-o", "json"]);
    assert_eq!((ran.status, &ran.json()["environment"]), (Some(4), &Value::Null), "{}", ran.err);
}

#[cfg(unix)]
#[test]
fn a_signal_waits_for_the_answer_of_a_write_and_a_second_does_not() {
    use rustix::process::{Pid, Signal, kill_process};
    for (signals, status, outcome) in [(1, 0, json!("applied")), (2, 130, Value::Null)] {
        let stage = stage();
        let world = stage.world();
        world.set_faults(Faults { latency: Duration::from_secs(1), ..Faults::none() });
        let mut command = stage.command(&unfollowed(&["deploy", "web", "v2", "--yes"]));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        until(|| (stage.writes() == 1).then_some(()));
        let mut reported = BufReader::new(child.stderr.take().unwrap()).lines();
        for signal in 0..signals {
            kill_process(Pid::from_child(&child), Signal::INT).unwrap();
            if signal == 0 {
                let line = reported.next().unwrap().unwrap();
                assert!(line.contains("its answer is waited for"), "{line}");
            }
        }
        assert_eq!(wait(&mut child).code(), Some(status));
        let log = stage.log();
        assert_eq!((log["items"].as_array().unwrap().len(), &log["items"][0]["outcome"]), (1, &outcome));
    }
}

#[cfg(target_os = "linux")]
mod asked {
    //! On a terminal: the question, and what is typed.

    use super::{Stage, stage, unfollowed};
    use crate::support::terminal::{SOON, Start, Terminal};

    /// A command that has asked.
    fn asked(stage: &Stage, arguments: &[&str], wants: &str) -> Terminal {
        let folder = stage.state.path().display().to_string();
        let mut start = Start::of(&unfollowed(arguments)).size(100, 30);
        for (name, value) in [
            ("AWS_ENDPOINT_URL", stage.region.address.as_str()),
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "b"),
            ("AWS_REGION", "eu-west-1"),
            ("XDG_STATE_HOME", &folder),
        ] {
            start = start.variable(name, value);
        }
        let mut terminal = start.start();
        terminal.until_says(wants);
        terminal
    }

    fn ended(stage: &Stage, arguments: &[&str], wants: &str, typed: &str) -> (u32, String) {
        let mut terminal = asked(stage, arguments, wants);
        terminal.press(&format!("{typed}\n"));
        (terminal.ended(SOON).status, terminal.text())
    }

    #[test]
    fn what_changes_while_someone_thinks_is_a_conflict() {
        let stage = stage();
        let mut terminal = asked(&stage, &["deploy", "web", "v2"], "[y/N]");
        assert_eq!(stage.sent(&["deploy", "web", "v3", "--yes"]).status, Some(0));
        terminal.press("y\n");
        let ended = terminal.ended(SOON);
        assert_eq!((ended.status, stage.writes()), (6, 1), "{}", terminal.text());
        assert!(terminal.text().contains("status was Ready and is Updating"), "{}", terminal.text());
    }

    #[test]
    fn a_question_can_be_left() {
        let stage = stage();
        let mut terminal = asked(&stage, &["deploy", "web", "v2"], "[y/N]");
        terminal.press("\u{3}");
        assert_eq!((terminal.ended(SOON).status, stage.writes()), (130, 0));
    }

    #[test]
    fn no_is_the_default_and_yes_writes() {
        let stage = stage();
        for answer in ["", "n", "web"] {
            let (status, text) = ended(&stage, &["deploy", "web", "v2"], "[y/N]", answer);
            assert_eq!(status, 7, "{text}");
            assert!(text.contains("deploy v2 to web, which runs v1 (in eu-west-1, account"), "{text}");
        }
        assert_eq!(stage.writes(), 0);
        let (status, text) = ended(&stage, &["deploy", "web", "v2"], "[y/N]", "y");
        assert_eq!((status, stage.writes()), (0, 1), "{text}");
    }

    #[test]
    fn production_wants_its_name() {
        let stage = stage();
        let (status, text) = ended(&stage, &["deploy", "web-prod", "v2"], "type web-prod", "y");
        assert_eq!((status, stage.writes()), (7, 0), "{text}");
        let (status, text) = ended(&stage, &["deploy", "web-prod", "v2"], "type web-prod", "web-prod");
        assert_eq!((status, stage.writes()), (0, 1), "{text}");
    }
}
