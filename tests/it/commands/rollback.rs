//! `rollback`: aborts, waits and deploys the version before; a refusal where that is not known, before anything is aborted.

use beanpole::sim::{Faults, Scenario};
use serde_json::json;
use tempfile::TempDir;

use super::run::Region;
use super::stage::Stage;

const SCENARIO: &str = scenario!(
    "an environment at rest, and one that is being updated",
    application!("shop", "v1", "v2", "v3"),
    environment!("web", version = "v2"),
    environment!("busy", version = "v1", instances = 6, options = {
        "aws:elasticbeanstalk:command/DeploymentPolicy" = "Rolling",
        "aws:elasticbeanstalk:command/BatchSizeType" = "Fixed",
        "aws:elasticbeanstalk:command/BatchSize" = "1",
    }),
    deploy!("busy", "v2", at = "0s"),
);

/// In a region whose clock runs thirty times as fast.
fn stage() -> Stage {
    let region = Region::fast(Scenario::from_toml("test", SCENARIO).unwrap(), 30);
    region.world.as_ref().unwrap().set_faults(Faults::none());
    Stage { region, state: TempDir::new().unwrap() }
}

#[test]
fn without_a_version_that_ran_before_it_names_those_that_can_be_chosen() {
    let stage = stage();
    let ran = stage.run(&["rollback", "web", "--yes"]);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    assert!(ran.err.contains("which version ran before is not known"), "{}", ran.err);
    assert!(ran.err.contains("--to LABEL; the newest: v3, v1"), "{}", ran.err);
    let unknown = stage.run(&["rollback", "web", "--to", "v9", "--yes"]);
    assert_eq!(unknown.status, Some(2), "{}", unknown.err);
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_it_would_do_is_shown_and_nothing_is_done() {
    let stage = stage();
    let planned = stage.json(&["rollback", "busy", "--dry-run"], 0);
    let operations: Vec<_> = planned["calls"].as_array().unwrap().iter().map(|call| &call["operation"]).collect();
    assert_eq!(operations, ["AbortEnvironmentUpdate", "UpdateEnvironment"], "{planned}");
    assert_eq!((&planned["kind"], &planned["outcome"]), (&json!("back"), &json!("planned")));
    assert_eq!(planned["changes"][0]["after"], json!("v1"), "{planned}");
    let read_only = stage.run(&["rollback", "busy", "--yes", "--read-only"]);
    assert_eq!(read_only.status, Some(7), "{}", read_only.err);
    assert_eq!(stage.run(&["rollback", "busy"]).status, Some(2), "without a terminal and --yes");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn it_aborts_waits_and_deploys() {
    let stage = stage();
    // An instance has v2 by then: else v1 would run everywhere once it is aborted.
    stage.region.pass(240);
    let ran = stage.run(&["rollback", "busy", "--yes", "--timeout", "0"]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(stage.writes(), 2, "{}{}", ran.out, ran.err);
    let entry = stage.json(&["log"], 0)["items"][0].clone();
    assert_eq!((&entry["kind"], &entry["outcome"]), (&json!("back"), &json!("applied")), "{entry}");
    assert_eq!(entry["changes"][0]["after"], json!("v1"), "{entry}");
    // The log has what ran before, so that it can be taken back in turn once it is through.
    let named = stage.run(&["rollback", "web", "--to", "v2", "--yes"]);
    assert_eq!(named.status, Some(0), "{}{}", named.out, named.err);
    assert!(named.out.contains("v2 runs on every instance already"), "{}", named.out);
    assert_eq!(stage.writes(), 2);
}

#[test]
fn a_deploy_that_could_not_be_rolled_back_is_refused_before_it_is_sent() {
    let stage = stage();
    let deploy = |version: &'static str| ["deploy", "web", version, "--on-worse", "rollback"];
    let planned = stage.json(&[&deploy("v3")[..], &["--dry-run"]].concat(), 0);
    let notes = planned["warnings"].to_string();
    assert!(notes.contains("it is rolled back to v2 without another question"), "{notes}");
    for (version, more, words) in [
        ("v2", &["--yes"][..], "it runs v2 already"),
        ("v3", &["--yes", "--timeout", "0"][..], "the update is not followed"),
    ] {
        let refused = stage.run(&[&deploy(version)[..], more].concat());
        assert_eq!(refused.status, Some(7), "{words}: {}", refused.err);
        assert!(refused.err.contains("could not be rolled back") && refused.err.contains(words), "{}", refused.err);
    }
    assert_eq!(stage.writes(), 0);
}

#[test]
fn a_version_before_that_was_deleted_is_no_way_back() {
    let text = SCENARIO.replace("versions = [\"v1\", \"v2\", \"v3\", ]\n", "");
    let versions =
        "[[application.version]]\nlabel = \"v1\"\ndeleted = \"-1h\"\n\n[[application.version]]\nlabel = \"v2\"\n\n";
    let (head, tail) = text.split_once("[[environment]]").unwrap();
    let stage = Stage::written(&format!("{head}{versions}[[environment]]{tail}"));
    let ran = stage.run(&["rollback", "busy", "--yes"]);
    assert_eq!(ran.status, Some(7), "{}", ran.err);
    assert!(ran.err.contains("has no version `v1`") && ran.err.contains("nothing was aborted"), "{}", ran.err);
    let deploy = stage.run(&["deploy", "busy", "v2", "--on-worse", "rollback", "--yes"]);
    assert_eq!(deploy.status, Some(7), "{}", deploy.err);
    assert_eq!(stage.writes(), 0);
}
