//! `freeze`, `thaw` and the patterns of `read_only`: what every command that writes is refused by, in whatever process.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use beanpole::sim::Faults;
use serde_json::Value;

use super::run::run;
use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "a production environment, and another",
    application!("shop", "v1", "v2"),
    environment!("web-prod", version = "v1", instances = 2, max_instances = 4),
    environment!("staging", version = "v1"),
    environment!("other", version = "v1"),
);

/// Every command that writes, to this environment.
fn writes(name: &str) -> Vec<Vec<&str>> {
    let all: &[&[&str]] = &[
        &["deploy", "ENV", "v2"],
        &["rollback", "ENV", "--to", "v2"],
        &["abort", "ENV"],
        &["restart", "ENV"],
        &["scale", "ENV", "1", "3"],
        &["set", "ENV", "deregistration_delay.timeout_seconds=60", "--route", "elb"],
        &["set", "ENV", "deregistration_delay.timeout_seconds=60"],
        &["set", "ENV", "aws:elasticbeanstalk:command:Timeout=700"],
        &["set", "ENV", "--unset", "aws:elasticbeanstalk:command:Timeout"],
        &["swap", "ENV", "other"],
        &["alarms", "ENV", "--recommended"],
    ];
    all.iter().map(|command| command.iter().map(|it| if *it == "ENV" { name } else { *it }).collect()).collect()
}

fn newest(stage: &Stage) -> Value {
    stage.json(&["log"], 0)["items"][0].clone()
}

#[test]
fn a_freeze_refuses_every_command_that_writes_and_thaw_lets_them_go() {
    let stage = Stage::written(SCENARIO);
    let frozen = stage.run(&["freeze", "--until", "2h", "release", "weekend"]);
    assert_eq!(frozen.status, Some(0), "{}", frozen.err);
    assert!(frozen.out.starts_with("writes are frozen until 20") && frozen.out.ends_with(": release weekend\n"));
    for command in writes("staging") {
        let ran = stage.run(&[&command[..], &["--yes"]].concat());
        assert_eq!(ran.status, Some(7), "{command:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("writes are frozen until") && ran.err.contains("release weekend"), "{}", ran.err);
        assert!(ran.err.contains("beanpole thaw"), "{}", ran.err);
        let entry = newest(&stage);
        assert_eq!(entry["outcome"], "refused", "{command:?}: {entry}");
        assert!(entry["message"].as_str().unwrap().contains("release weekend"), "{entry}");
        // What it would do can still be shown.
        let planned = stage.run(&[&command[..], &["--dry-run"]].concat());
        assert!(matches!(planned.status, Some(0 | 7)), "{command:?}: {}", planned.err);
    }
    assert_eq!(stage.writes(), 0);
    let thawed = stage.run(&["thaw"]);
    assert_eq!((thawed.status, thawed.out.as_str()), (Some(0), "writes are not frozen any more: release weekend\n"));
    let ran = stage.run(&["restart", "staging", "--yes"]);
    assert_eq!((ran.status, stage.writes()), (Some(0), 1), "{}", ran.err);
    let again = stage.run(&["thaw"]);
    assert_eq!((again.status, again.out.as_str()), (Some(0), "nothing was frozen\n"));
}

#[test]
fn its_answer_is_an_object_and_one_that_ends_later_is_not_shortened() {
    let stage = Stage::written(SCENARIO);
    let frozen = stage.json(&["freeze", "audit"], 0);
    assert_eq!((&frozen["frozen"]["reason"], &frozen["frozen"]["until"]), (&"audit".into(), &Value::Null));
    assert_eq!((&frozen["replaced"], frozen["errors"].as_array().map(Vec::len)), (&Value::Null, Some(0)));
    let shorter = stage.run(&["freeze", "--until", "1h", "lunch"]);
    assert_eq!(shorter.status, Some(7), "{}", shorter.err);
    assert!(shorter.err.contains("until it is lifted: audit") && shorter.err.contains("beanpole thaw"));
    let longer = stage.json(&["freeze", "another audit"], 0);
    assert_eq!(longer["replaced"]["reason"], "audit");
    assert_eq!(stage.json(&["thaw"], 0)["replaced"]["reason"], "another audit");
    for (wrong, words) in [
        (&["freeze"][..], "<REASON>"),
        (&["freeze", "  "], "needs a reason"),
        (&["freeze", "--until", "soon", "x"], "is no span of time"),
    ] {
        let ran = stage.run(wrong);
        assert_eq!(ran.status, Some(2), "{wrong:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{wrong:?}: {}", ran.err);
    }
}

#[test]
fn one_whose_time_is_over_refuses_nothing_and_one_that_cannot_be_read_everything() {
    let stage = Stage::written(SCENARIO);
    let file = stage.state.path().join("beanpole/freeze.json");
    stage.run(&["freeze", "x"]);
    fs::write(&file, r#"{"since":"2026-01-01T00:00:00Z","until":"2026-01-01T02:00:00Z","reason":"long ago"}"#).unwrap();
    assert_eq!(stage.run(&["restart", "staging", "--yes"]).status, Some(0));
    fs::write(&file, r#"{"since":"2026-01-01T00:00:00Z","until""#).unwrap();
    let ran = stage.run(&["scale", "staging", "1", "3", "--yes"]);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    let words = ["is not known, so nothing is written", "freeze.json cannot be read", "beanpole thaw removes it"];
    assert!(words.iter().all(|words| ran.err.contains(words)), "{}", ran.err);
    // It is not written over either: nobody knows what was meant.
    assert_eq!(stage.run(&["freeze", "y"]).status, Some(7));
    assert_eq!((stage.run(&["thaw"]).status, file.exists()), (Some(0), false));
}

/// Two at once: the second freezes while the first waits for its answer, or reads the environment again.
#[test]
fn a_write_that_is_being_confirmed_is_refused_when_another_process_freezes() {
    let stage = Stage::written(SCENARIO);
    // It takes a while to read what it is decided on.
    let latency = Duration::from_millis(700);
    stage.world().set_faults(Faults { latency, ..Faults::none() });
    let mut command = stage.command(&["restart", "staging", "--yes"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(stage.run(&["freeze", "now"]).status, Some(0));
    let ended = child.wait_with_output().unwrap();
    let err = String::from_utf8(ended.stderr).unwrap();
    assert_eq!((ended.status.code(), stage.writes()), (Some(7), 0), "{err}");
    assert!(err.contains("writes are frozen until it is lifted: now"), "{err}");
}

/// Whenever a process dies that freezes, another one finds no freeze or the whole of it.
#[test]
fn killed_while_it_freezes_it_leaves_a_whole_freeze_or_none() {
    let stage = Stage::written(SCENARIO);
    let file = stage.state.path().join("beanpole/freeze.json");
    let (mut none, mut whole) = (0, 0);
    for step in 0..40u64 {
        let _ = fs::remove_file(&file);
        let mut child =
            stage.command(&["freeze", "a reason"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(step));
        child.kill().unwrap();
        child.wait().unwrap();
        match fs::read(&file) {
            Err(_) => none += 1,
            Ok(bytes) => {
                let freeze: Value = serde_json::from_slice(&bytes).unwrap();
                assert_eq!(freeze["reason"], "a reason");
                whole += 1;
            }
        }
    }
    assert!(none > 0, "none was killed early");
    // Nothing that they left is in the way of the next.
    assert_eq!(stage.run(&["freeze", "at last"]).status, Some(0), "{none} {whole}");
    assert_eq!(stage.run(&["restart", "staging", "--yes"]).status, Some(7));
}

#[test]
fn a_pattern_refuses_every_command_that_writes_to_what_it_matches_and_no_other() {
    let stage = Stage::written(SCENARIO);
    let config = stage.state.path().join("config.toml");
    fs::write(&config, "read_only = [\"*prod*\"]\n").unwrap();
    let config = config.to_str().unwrap();
    for command in writes("web-prod") {
        let ran = stage.run(&[&command[..], &["--yes", "--confirm", "web-prod", "--config", config]].concat());
        assert_eq!(ran.status, Some(7), "{command:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("web-prod is read-only: its name matches *prod* of read_only"), "{}", ran.err);
        assert_eq!(newest(&stage)["outcome"], "refused");
    }
    assert_eq!(stage.writes(), 0);
    assert_eq!(stage.run(&["restart", "staging", "--yes", "--config", config]).status, Some(0));
    let shown = stage.run(&["config", "show", "--config", config]);
    assert!(shown.out.contains("[\"*prod*\"]"), "{}", shown.out);
}

/// A configuration that cannot be read might protect anything.
#[test]
fn a_configuration_that_cannot_be_read_refuses_writes() {
    let stage = Stage::written(SCENARIO);
    let folder = stage.state.path().join("folder");
    fs::create_dir(&folder).unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = stage.state.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let broken = [
        folder,
        stage.state.path().join("missing.toml"),
        file("latin1.toml", b"read_only = [\"\xe9prod\"]\n"),
        file("toml.toml", b"read_only = [\"*prod*\"\n"),
        file("mistaken.toml", b"read_only = \"ture\"\n"),
    ];
    for path in broken {
        let mut command = stage.command(&["restart", "staging", "--yes", "--config"]);
        command.arg(&path);
        let ran = run(command);
        assert_eq!((ran.status, stage.writes()), (Some(2), 0), "{}: {}", path.display(), ran.err);
    }
}
