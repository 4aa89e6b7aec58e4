//! `resume`: an interrupted operation continues where it was, once, on request; a call that was only begun is looked up.

use std::fs;

use beanpole::sim::{Faults, Scenario};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::run::{Ran, Region};
use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "an environment at rest, and one that is being updated",
    application!("shop", "v1", "v2"),
    environment!("web", version = "v1"),
    environment!(
        "busy", version = "v1", instances = 6,
        options = {
            "aws:elasticbeanstalk:command/DeploymentPolicy" = "Rolling",
            "aws:elasticbeanstalk:command/BatchSizeType" = "Fixed",
            "aws:elasticbeanstalk:command/BatchSize" = "1",
        },
    ),
    deploy!("busy", "v2", at = "0s"),
);

/// No process has this number.
const GONE: u32 = 2_147_483_646;

/// What a beanpole left behind that is gone.
struct Left(Stage);

impl Left {
    /// In a region whose clock runs thirty times as fast.
    fn new() -> Self {
        let region = Region::fast(Scenario::from_toml("test", SCENARIO).unwrap(), 30);
        region.world.as_ref().unwrap().set_faults(Faults::none());
        Self(Stage { region, state: TempDir::new().unwrap() })
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.0.run(arguments)
    }

    fn id_of(&self, name: &str) -> String {
        self.0.json(&["show", name], 0)["environment_id"].as_str().unwrap().to_owned()
    }

    /// Its journal.
    fn journal(&self, lines: &[Value]) {
        let folder = self.0.state.path().join("beanpole");
        fs::create_dir_all(&folder).unwrap();
        let text = lines.iter().fold(String::new(), |text, line| text + &line.to_string() + "\n");
        fs::write(folder.join("changes.jsonl"), text).unwrap();
    }

    fn begun(&self, operation: &Value) -> Value {
        json!({
            "line": "operation", "version": 1, "id": "op-1", "at": jiff::Timestamp::now(), "process": {"id": GONE},
            "caller": null, "account": "471108151234", "region": "eu-west-1", "endpoint": self.0.region.address,
            "operation": operation,
        })
    }

    fn rollback(&self) -> Value {
        json!({
            "kind": "back",
            "subject": {"key": self.id_of("busy"), "name": "busy", "application": "shop"},
            "seen": {"status": "Updating", "version": "v1", "abortable": true},
            "route": "beanstalk",
            "steps": [
                {"work": "abort", "starts": "while_abortable"},
                {"work": "deploy", "version": "v1", "replaces": "v2", "starts": "once_ready"},
            ],
            "is_dangerous": true,
        })
    }

    fn deploy(&self) -> Value {
        json!({
            "kind": "deploy",
            "subject": {"key": self.id_of("web"), "name": "web", "application": "shop"},
            "seen": {"status": "Ready", "version": "v1", "abortable": false},
            "route": "beanstalk",
            "steps": [{"work": "deploy", "version": "v2", "replaces": "v1", "starts": "at_once"}],
            "is_dangerous": true,
        })
    }

    fn newest(&self) -> Value {
        self.0.json(&["log"], 0)["items"][0].clone()
    }

    fn writes(&self) -> Vec<(String, usize)> {
        let names = ["AbortEnvironmentUpdate", "UpdateEnvironment"];
        self.0.region.calls().into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect()
    }
}

fn step(place: usize, name: &str, outcome: Option<&str>) -> Value {
    json!({
        "line": "operation_step", "id": "op-1", "at": jiff::Timestamp::now(), "process": {"id": GONE}, "place": place,
        "step": name, "outcome": outcome,
    })
}

#[test]
fn a_rollback_goes_on_where_it_was_and_one_of_two_does_it() {
    let stage = Left::new();
    stage.journal(&[stage.begun(&stage.rollback()), step(0, "abort", None)]);
    // What it would do is shown, and done only when it is confirmed.
    // A dry run ends as the resumption itself would.
    assert_eq!(stage.run(&["freeze", "release", "weekend"]).status, Some(0));
    let frozen = stage.run(&["resume", "op-1", "--dry-run"]);
    assert_eq!(frozen.status, Some(7), "{}{}", frozen.out, frozen.err);
    assert!(frozen.err.contains("release weekend"), "{}", frozen.err);
    assert_eq!(stage.run(&["thaw"]).status, Some(0));
    let planned = stage.run(&["resume", "op-1", "--dry-run"]);
    assert_eq!(planned.status, Some(0), "{}", planned.err);
    assert!(planned.out.contains("go on with the back of busy"), "{}", planned.out);
    assert!(
        planned.out.contains("note     abort: begun: its end is not known, and is looked up first"),
        "{}",
        planned.out
    );
    assert!(planned.out.contains("aws elasticbeanstalk update-environment"), "{}", planned.out);
    assert_eq!(stage.writes(), []);
    let unasked = stage.run(&["resume", "op-1"]);
    assert_eq!(unasked.status, Some(2), "without a terminal and --yes nothing is agreed to: {}", unasked.err);
    // Two at once: one continues it, and the other names the first.
    let both: Vec<_> = std::thread::scope(|scope| {
        let one = || scope.spawn(|| stage.run(&["resume", "op-1", "--yes"]));
        let both = [one(), one()];
        both.into_iter().map(|it| it.join().unwrap()).collect()
    });
    let (went, refused): (Vec<_>, Vec<_>) = both.iter().partition(|ran| ran.status == Some(0));
    let said: Vec<_> = both.iter().map(|ran| (ran.status, &ran.err)).collect();
    assert_eq!((went.len(), refused.len()), (1, 1), "{said:?}");
    assert!(went[0].out.contains("the back is done"), "{}{}", went[0].out, went[0].err);
    assert_eq!(refused[0].status, Some(7), "{}", refused[0].err);
    assert!(refused[0].err.contains("another beanpole") || refused[0].err.contains("has ended"), "{}", refused[0].err);
    assert_eq!(stage.writes(), [("AbortEnvironmentUpdate".to_owned(), 1), ("UpdateEnvironment".to_owned(), 1)]);
    let entry = stage.newest();
    assert_eq!((&entry["kind"], &entry["outcome"]), (&json!("back"), &json!("applied")));
    assert_eq!(entry["steps"][1]["outcome"], json!("applied"));
    let again = stage.run(&["resume", "op-1", "--yes"]);
    assert_eq!(again.status, Some(7));
    assert!(again.err.contains("op-1 has ended: applied; there is nothing to resume"), "{}", again.err);
}

#[test]
fn what_was_begun_is_looked_up_and_never_sent_again() {
    let stage = Left::new();
    stage.journal(&[stage.begun(&stage.deploy())]);
    let ran = stage.run(&["resume", "op-1", "--yes", "-o", "json"]);
    assert_eq!(ran.status, Some(5), "{}{}", ran.out, ran.err);
    assert_eq!(ran.json()["outcome"], json!("failed"));
    assert!(ran.err.contains("nothing of it was to be seen"), "{}", ran.err);
    assert_eq!((stage.writes(), &stage.newest()["outcome"]), (Vec::new(), &json!("failed")));
}

#[test]
fn what_cannot_be_gone_on_with_says_why() {
    let stage = Left::new();
    let begun = stage.begun(&stage.rollback());
    let changed = |field: &str, value: Value| {
        let mut begun = begun.clone();
        begun[field] = value;
        begun
    };
    let ended = json!({"line": "operation_ended", "id": "op-1", "at": jiff::Timestamp::now(), "outcome": "failed"});
    let ours = json!({"id": std::process::id()});
    for (lines, id, status, words) in [
        (vec![begun.clone()], "op-2", 2, "there is no change `op-2` in the log"),
        (vec![begun.clone(), ended], "op-1", 7, "op-1 has ended: failed"),
        (vec![changed("account", json!("1"))], "op-1", 7, "op-1 was made elsewhere"),
        (vec![changed("process", ours)], "op-1", 7, "op-1 is under way in another beanpole"),
        (
            vec![changed("process", json!({"id": GONE, "host": "elsewhere"}))],
            "op-1",
            7,
            "under way in another beanpole",
        ),
    ] {
        stage.journal(&lines);
        let ran = stage.run(&["resume", id, "--yes"]);
        assert_eq!(ran.status, Some(status), "{words}: {}", ran.err);
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
    }
    stage.journal(&[begun]);
    let read_only = stage.run(&["resume", "op-1", "--yes", "--read-only"]);
    assert_eq!(read_only.status, Some(7), "{}", read_only.err);
    assert_eq!(stage.writes(), []);
}
