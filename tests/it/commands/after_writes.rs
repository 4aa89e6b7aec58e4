//! Nothing that happens after a write makes it look unwritten: an answer that cannot be printed, or has no reader,
//! another client's write right after it; and evidence that cannot be read is not evidence against.

use std::fs::File;
use std::process::Stdio;

use beanpole::sim::{Broken, Faults, World};
use serde_json::{Value, json};

use super::run::until;
use super::stage::Stage;
use crate::support::somebody;

const SCENARIO: &str = scenario!(
    "an environment of which everything is changed, and one that is being updated",
    application!("shop", "v1", "v2"),
    environment!("web", version = "v1", instances = 3, max_instances = 4),
    environment!("busy", version = "v1"),
    deploy!("busy", "v2", at = "0s"),
);

/// To where the answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Out {
    Full,
    Closed,
}

fn stage() -> Stage {
    Stage::written(SCENARIO)
}

impl Stage {
    /// Runs it with an answer that goes nowhere; returns the exit status and standard error.
    fn to(&self, out: Out, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = self.command(arguments);
        match out {
            Out::Full => command.stdout(File::options().write(true).open("/dev/full").unwrap()),
            Out::Closed => {
                let (reader, writer) = std::io::pipe().unwrap();
                drop(reader);
                command.stdout(writer)
            }
        };
        let ran = command.stdin(Stdio::null()).stderr(Stdio::piped()).output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    }

    fn newest(&self) -> Value {
        self.run(&["log", "-o", "json"]).json()["items"][0].clone()
    }

    /// Every command that writes, with what has to be written before it.
    fn commands(&self) -> Vec<Vec<String>> {
        let shown = self.run(&["show", "web", "-o", "json"]).json();
        let instance = shown["target_groups"][0]["targets"][0]["id"].as_str().unwrap().to_owned();
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        vec![
            words("set web deregistration_delay.timeout_seconds=60 --route elb --yes"),
            words("set web deregistration_delay.timeout_seconds=60 --yes"),
            words("undo --yes"),
            words("deploy web v2 --yes --timeout 0"),
            words("abort busy --yes"),
            words("restart web --yes"),
            words("scale web 1 5 --yes"),
            words(&format!("replace web {instance} --yes")),
        ]
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_write_is_said_to_be_written_though_its_answer_cannot_be_printed() {
    let count = stage().commands().len();
    assert_eq!(count, 8);
    for place in 0..count {
        for out in [Out::Full, Out::Closed] {
            for format in ["table", "json", "jsonl"] {
                let stage = stage();
                let command = stage.commands().swap_remove(place);
                if command[0] == "undo" {
                    let set = "set web deregistration_delay.timeout_seconds=60 --route elb --yes";
                    assert_eq!(stage.run(&set.split(' ').collect::<Vec<_>>()).status, Some(0));
                }
                let arguments: Vec<_> = command.iter().map(String::as_str).chain(["-o", format]).collect();
                let (status, said) = stage.to(out, &arguments);
                let newest = stage.newest();
                assert_eq!((&newest["kind"], &newest["outcome"]), (&json!(command[0]), &json!("applied")), "{said}");
                assert_eq!(status, Some(if out == Out::Full { 8 } else { 0 }), "{arguments:?} {out:?}: {said}");
                let id = newest["id"].as_str().unwrap();
                assert!(said.contains("it was written") && said.contains(id), "{arguments:?} {out:?}: {said}");
            }
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_not_written_is_not_said_to_be() {
    let stage = stage();
    for arguments in [
        &["set", "web", "deregistration_delay.timeout_seconds=60", "--route", "elb", "--dry-run"][..],
        &["show", "web"],
    ] {
        let (status, said) = stage.to(Out::Full, arguments);
        assert_eq!(status, Some(5), "{arguments:?}: {said}");
        assert!(!said.contains("written ("), "{said}");
    }
    // AWS refuses: nothing was written, and the answer cannot be printed either.
    stage.world().set_faults(Faults { deny: vec!["elasticloadbalancing:Modify*".into()], ..Faults::none() });
    let set = ["set", "web", "deregistration_delay.timeout_seconds=60", "--route", "elb", "--yes", "-o", "json"];
    let (status, said) = stage.to(Out::Full, &set);
    assert!(status != Some(8) && !said.contains("it was written"), "{status:?}: {said}");
}

/// Whether this was called.
fn has_called(world: &World, operation: &str) -> Option<()> {
    world.calls().iter().any(|call| call.operation == operation).then_some(())
}

#[test]
fn the_table_says_what_is_live_now_if_another_client_wrote_it_right_after() {
    let stage = stage();
    let listed = somebody::ask(stage.world(), "elasticloadbalancing", "Action=DescribeTargetGroups&Version=2015-12-01");
    assert!(listed.contains("TargetGroupArn"));
    let shown = stage.run(&["show", "web", "-o", "json"]).json();
    let group = shown["target_groups"][0]["arn"].as_str().unwrap().to_owned();
    // Each answer takes a while, in which the other client writes.
    stage.world().set_faults(Faults { latency: std::time::Duration::from_millis(400), ..Faults::none() });
    let world = stage.world().clone();
    let other = std::thread::spawn(move || {
        until(|| has_called(&world, "ModifyTargetGroupAttributes"));
        let body = format!(
            "Action=ModifyTargetGroupAttributes&Version=2015-12-01&TargetGroupArn={group}\
             &Attributes.member.1.Key=deregistration_delay.timeout_seconds&Attributes.member.1.Value=98"
        );
        assert_eq!(somebody::answer(&world, "elasticloadbalancing", &body).status, 200);
    });
    let ran = stage.run(&["set", "web", "deregistration_delay.timeout_seconds=62", "--route", "elb", "--yes"]);
    other.join().unwrap();
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.out.contains("deregistration_delay.timeout_seconds is 98 now, not 62"), "{}", ran.out);
    stage.world().set_faults(Faults::none());
    let quiet = stage.run(&["set", "web", "deregistration_delay.timeout_seconds=63", "--route", "elb", "--yes"]);
    assert!(!quiet.out.contains(" now, not "), "{}", quiet.out);
}

#[test]
fn evidence_that_cannot_be_read_at_the_first_look_ends_with_the_faults_own_status() {
    let deny = |action: &str| Faults { deny: vec![action.to_owned()], ..Faults::none() };
    let break_it =
        |how| Faults { broken: [("elasticloadbalancing:DescribeTags".to_owned(), how)].into(), ..Faults::none() };
    let fail = Faults { internal: [("elasticloadbalancing:DescribeTags".to_owned(), 1)].into(), ..Faults::none() };
    let cases = [
        (deny("elasticloadbalancing:DescribeTags"), 4),
        (break_it(Broken::Html), 5),
        (break_it(Broken::Truncated), 5),
        (break_it(Broken::Empty), 5),
        (fail, 5),
    ];
    for (faults, status) in cases {
        let stage = stage();
        let words = format!("{faults:?}");
        // The Auto Scaling group would prove it.
        let deny = faults.deny.iter().cloned().chain(["autoscaling:*".to_owned()]).collect();
        stage.world().set_faults(Faults { deny, ..faults });
        for more in [&["--yes"][..], &["--dry-run"], &["--yes", "-o", "json"]] {
            let set = ["set", "web", "deregistration_delay.timeout_seconds=60", "--route", "elb"];
            let ran = stage.run(&[&set[..], more].concat());
            assert_eq!(ran.status, Some(status), "{words}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains("tags could not be read"), "{words}: {}", ran.err);
        }
        assert!(stage.world().calls().iter().all(|call| !call.operation.starts_with("Modify")), "{words}");
    }
    // What was read and proves nothing is a refusal, even if other evidence cannot be read.
    let stage = stage();
    stage.world().set_faults(deny("autoscaling:*"));
    let ran = stage.run(&["set", "web", "deregistration_delay.timeout_seconds=60", "--route", "elb", "--yes"]);
    assert_eq!(ran.status, Some(0), "its tag proves it: {}", ran.err);
}

#[test]
fn a_log_that_is_lost_after_the_write_is_said_with_the_id() {
    for (arguments, operation) in [
        (&["restart", "web", "--yes"][..], "RestartAppServer"),
        (&["scale", "web", "1", "5", "--yes", "-o", "json"], "UpdateEnvironment"),
        (
            &["set", "web", "deregistration_delay.timeout_seconds=62", "--route", "elb", "--yes"],
            "ModifyTargetGroupAttributes",
        ),
    ] {
        let stage = stage();
        // The answer takes a while, in which the log is taken away.
        stage.world().set_faults(Faults { latency: std::time::Duration::from_millis(400), ..Faults::none() });
        let (world, folder) = (stage.world().clone(), stage.state.path().join("beanpole"));
        let thief = std::thread::spawn(move || {
            until(|| has_called(&world, operation));
            std::fs::remove_dir_all(&folder).unwrap();
            std::fs::write(&folder, "").unwrap();
        });
        let ran = stage.run(arguments);
        thief.join().unwrap();
        assert_eq!(ran.status, Some(0), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("it was written (id 20") && ran.err.contains("is not in the log"), "{}", ran.err);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_deploy_that_is_followed_is_said_to_be_written_too() {
    for format in ["table", "jsonl"] {
        let stage = stage();
        let (status, said) = stage.to(Out::Full, &["deploy", "web", "v2", "--yes", "--timeout", "20s", "-o", format]);
        assert_eq!(status, Some(8), "{format}: {said}");
        assert!(said.contains("deploy web: it was written (id 20"), "{format}: {said}");
    }
}
