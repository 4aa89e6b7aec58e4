//! A name belongs to the living environment; several of one name differ only by their ids.

use beanpole::sim::Faults;

use super::run::Region;

const ONE: &str = "e-aaaaaaaaaa";
const OTHER: &str = "e-bbbbbbbbbb";

const TWO: &str = scenario!(
    "two environments of one name",
    application!("shop", "v1", "v2"),
    environment!("web", id = "e-aaaaaaaaaa"),
    environment!("web-too", called = "web", id = "e-bbbbbbbbbb"),
);

/// Two environments of one name, the second with this status.
fn region(status: &str) -> Region {
    let region = Region::written(&format!("{TWO}status = \"{status}\"\n"));
    region.world.as_ref().unwrap().set_faults(Faults::none());
    region
}

const COMMANDS: &[&[&str]] = &[
    &["show", "NAME"],
    &["set", "NAME", "idle_timeout.timeout_seconds=90", "--dry-run"],
    &["scale", "NAME", "1", "3", "--dry-run"],
    &["deploy", "NAME", "v2", "--dry-run"],
    &["restart", "NAME", "--dry-run"],
];

fn arguments(command: &[&str], name: &str) -> Vec<String> {
    command.iter().map(|word| if *word == "NAME" { name.to_owned() } else { (*word).to_owned() }).collect()
}

#[test]
fn two_living_environments_of_one_name_are_a_usage_error_with_both_ids() {
    let region = region("Ready");
    for command in COMMANDS {
        let ran = region.run(arguments(command, "web"));
        assert_eq!(ran.status, Some(2), "{command:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains("2 environments are called `web`"), "{command:?}: {}", ran.err);
        assert!(ran.err.contains(ONE) && ran.err.contains(OTHER), "{command:?}: {}", ran.err);
        for id in [ONE, OTHER] {
            let ran = region.run(arguments(command, id));
            assert_eq!(ran.status, Some(0), "{command:?} {id}: {}", ran.err);
        }
    }
    assert_eq!(region.count("UpdateEnvironment") + region.count("RestartAppServer"), 0);
}

#[test]
fn one_that_is_terminated_or_being_terminated_gives_way_to_the_living_one() {
    for status in ["Terminated", "Terminating"] {
        let region = region(status);
        for command in &COMMANDS[1..] {
            let mut words = arguments(command, "web");
            words.extend(["-o".to_owned(), "json".to_owned()]);
            let ran = region.run(words);
            assert_eq!(ran.status, Some(0), "{status} {command:?}: {}", ran.err);
            assert_eq!(ran.json()["environment_id"], ONE, "{status} {command:?}: {}", ran.out);
        }
    }
}
