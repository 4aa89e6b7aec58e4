//! What reaches a terminal or a pipe: no control characters, nothing that breaks it, and an end when one is requested.

use std::process::Stdio;

use super::run::{Region, until, wait};

/// Returns whether a character controls the terminal, or hides or reorders its neighbours.
fn is_unsafe(character: char) -> bool {
    character != '\n' && (character.is_control() || beanpole::model::is_hostile(character))
}

#[test]
fn hostile_names_are_made_visible_in_tables_and_escaped_in_json() {
    let region = Region::new("hostile");
    let commands: &[&[&str]] =
        &[&["ls"], &["ls", "--full"], &["show", "escape-prod"], &["find", "prod"], &["find", "nosuch\u{1b}[31m"]];
    for arguments in commands {
        for format in ["table", "json", "jsonl"] {
            let ran = region.run(arguments.iter().copied().chain(["-o", format]));
            for text in [&ran.out, &ran.err] {
                let bad = text.chars().find(|character| is_unsafe(*character));
                assert_eq!(bad, None, "{arguments:?} {format}: {text}");
            }
        }
    }
    let page = region.run(["show", "escape-prod"]).out;
    assert!(page.contains("v1␛[31mred"), "{page}");
}

#[test]
fn json_is_exact_whatever_the_names_hold() {
    let region = Region::new("hostile");
    let answer = region.json(&["show", "escape-prod"]);
    assert_eq!(answer["version"], "v1\u{1b}[31mred\u{1b}[0m");
    assert_eq!(answer["application"], "host\u{1b}[31mile");
    assert_eq!(answer["load_balancer"]["name"], "odd\u{1b}[2Jname");
    let causes = answer["causes"].as_array().unwrap();
    assert!(causes.iter().any(|cause| cause.as_str().unwrap().contains("\u{9b}32mgreen, a bell \u{7}")), "{causes:?}");
    assert!(causes.iter().any(|cause| cause == "two\nlines"), "{causes:?}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let region = Region::new("shop");
    let mut child = region.command(["ls", "-o", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    drop(child.stderr.take());
    assert_eq!(wait(&mut child).code(), Some(0));
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_is_a_failure() {
    let region = Region::new("shop");
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut child = region.command(["ls"]).stdout(full).stderr(Stdio::null()).spawn().unwrap();
    assert_eq!(wait(&mut child).code(), Some(5));
}

#[cfg(unix)]
#[test]
fn signals_end_a_command_at_once_with_their_status() {
    use rustix::process::{Pid, Signal, kill_process};
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143)] {
        let region = Region::written(scenario!("silent", section!("faults", latency = "50s"), environment!("a")));
        let mut child = region.command(["ls"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until(|| (!region.calls().is_empty()).then_some(()));
        kill_process(Pid::from_child(&child), signal).unwrap();
        assert_eq!(wait(&mut child).code(), Some(status));
    }
}

#[cfg(unix)]
#[test]
fn a_table_fits_its_terminal_and_no_environment_loses_its_name() {
    use crate::support::terminal::{SOON, Start};
    let region = Region::new("shop");
    let listed = region.json(&["ls"]);
    let names: Vec<_> =
        listed["items"].as_array().unwrap().iter().map(|it| it["environment"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 12);
    for width in [80, 100, 200] {
        for arguments in [&["ls"][..], &["ls", "--full"]] {
            let mut start = Start::of(arguments).size(width, 40).variable("AWS_ENDPOINT_URL", &region.address);
            for (name, value) in
                [("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b"), ("AWS_REGION", "eu-west-1")]
            {
                start = start.variable(name, value);
            }
            let mut terminal = start.start();
            let ended = terminal.ended(SOON);
            assert_eq!(ended.status, 0, "{}", terminal.picture());
            let text = terminal.text();
            let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
            assert_eq!(lines.len(), 13, "a line is wrapped, or the bar is left: {}", terminal.picture());
            for name in &names {
                let lines = lines.iter().filter(|line| line.split_whitespace().any(|word| word == *name)).count();
                assert_eq!(lines, 1, "{name} at {width}: {}", terminal.picture());
            }
            let is_full = arguments.len() > 1;
            assert!(is_full || !terminal.written().contains('\u{1b}'), "{}", terminal.written());
        }
    }
}
