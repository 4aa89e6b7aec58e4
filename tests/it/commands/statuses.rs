//! Exit statuses, which other people's scripts rely on, and what is said on the way out.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::run::{Ran, Region, assert_fields, beanpole, run};

fn ran(command: &mut Command) -> Ran {
    run(std::mem::replace(command, Command::new("true")))
}

#[test]
fn names_that_do_not_exist_are_usage_errors_with_what_was_meant() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config");
    fs::write(&config, "[profile prod-admin]\nregion = eu-west-1\n").unwrap();
    let region = Region::new("shop");
    let cases: &[(&[&str], &str)] = &[
        (&["ls", "--profile", "prod-admni"], "did you mean `prod-admin`?"),
        (&["ls", "--region", "eu-wst"], "did you mean `eu-west-1`?"),
        (&["ls", "--columns", "name,vesion"], "did you mean `version`?"),
        (&["ls", "--sort", "helth"], "did you mean `health`?"),
        (&["show", "shop-chat-prd"], "did you mean `shop-chat-prod`?"),
        (&["sim", "--scenario", "shpo"], "did you mean `shop`?"),
        (&["ls", "--endpoint-url", "nonsense"], "expected a URL"),
        (&["find", ""], "nothing to look for"),
        (&["ls", "--output", "xml"], "possible values"),
        (&["lss"], "ls"),
    ];
    for (arguments, words) in cases {
        let mut command = region.command(*arguments);
        let ran = ran(command.env("AWS_CONFIG_FILE", &config));
        assert_eq!(ran.status, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
        assert!(ran.out.is_empty(), "{arguments:?}: {}", ran.out);
    }
}

#[test]
fn the_shells_own_region_is_told_too() {
    let region = Region::new("shop");
    let ran = ran(region.command(["ls"]).env("AWS_REGION", "eu-wst"));
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains("did you mean `eu-west-1`?"), "{}", ran.err);
}

#[test]
fn a_broken_configuration_tells_line_and_column() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("config.toml");
    fs::write(&config, "utc = false\ncolr = \"auto\"\n").unwrap();
    let ran = ran(beanpole().args(["ls", "--config"]).arg(&config));
    assert_eq!(ran.status, Some(2), "{}", ran.err);
    assert!(ran.err.contains(":2:1"), "{}", ran.err);
    assert!(ran.err.contains("did you mean `color`?"), "{}", ran.err);
}

/// A failed answer is an answer: null where things would be, and why.
fn assert_unanswered(answer: &Value, kind: &str) {
    assert_eq!(answer["items"], Value::Null);
    let errors = answer["errors"].as_array().unwrap();
    assert!(!errors.is_empty());
    for error in errors {
        assert_fields(error, &["source", "kind", "message", "request_id"]);
        assert_eq!(error["kind"], kind, "{error}");
    }
}

#[test]
fn a_region_that_refuses_everything_is_four() {
    let region = Region::new("denied-all");
    for command in [&["ls"][..], &["ls", "--full"], &["find", "shop"]] {
        let ran = region.run(command.iter().copied().chain(["-o", "json"]));
        assert_eq!(ran.status, Some(4), "{}", ran.err);
        assert_unanswered(&ran.json(), "denied");
        assert!(ran.err.contains("elasticbeanstalk:DescribeEnvironments"), "{}", ran.err);
    }
    let ran = region.run(["show", "shop", "-o", "json"]);
    assert_eq!((ran.status, &ran.json()["environment"]), (Some(4), &Value::Null));
    assert_eq!(region.run(["ls"]).out, "");
}

#[test]
fn credentials_that_are_missing_or_expired_are_three() {
    let region = Region::written(
        "description = \"expired\"\n[faults]\nexpired = [{ from = \"0s\" }]\n[[environment]]\nname = \"a\"\napplication = \"a\"\n",
    );
    let expired = region.run(["ls", "-o", "json"]);
    assert_eq!(expired.status, Some(3), "{}", expired.err);
    assert_unanswered(&expired.json(), "expired");
    assert!(expired.err.contains("log in again"), "{}", expired.err);
    let missing = ran(region.command(["find", "a", "-o", "json"]).env_remove("AWS_ACCESS_KEY_ID"));
    assert_eq!(missing.status, Some(3), "{}", missing.err);
    assert_unanswered(&missing.json(), "expired");
}

#[test]
fn an_endpoint_where_nobody_answers_is_five() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let ran = run({
        let mut command = beanpole();
        command.args(["ls", "-o", "json", "--endpoint-url", &address]);
        command
    });
    assert_eq!(ran.status, Some(5), "{}", ran.err);
    assert_unanswered(&ran.json(), "network");
    // One network, one remark.
    assert_eq!(ran.err.matches("beanpole:").count(), 1, "{}", ran.err);
}

#[test]
fn what_is_denied_in_part_is_told_and_only_strict_makes_it_a_failure() {
    let region = Region::new("denied");
    let lenient = region.run(["ls"]);
    assert_eq!(lenient.status, Some(0));
    for action in ["elasticloadbalancing:DescribeTags", "elasticbeanstalk:DescribeEnvironmentResources"] {
        assert_eq!(lenient.err.matches(&format!("ask for the IAM action {action}")).count(), 1, "{}", lenient.err);
    }
    assert_eq!(lenient.out.lines().count(), 4);
    let answer = region.json(&["ls"]);
    let errors = answer["errors"].as_array().unwrap();
    let tags: Vec<_> = errors.iter().filter(|it| it["source"].as_str().unwrap().starts_with("DescribeTags ")).collect();
    assert_eq!(tags.len(), 1, "a call that failed is one error: {answer}");
    assert!(tags[0]["source"].as_str().unwrap().contains("loadbalancer/app/shared-edge/"), "{}", tags[0]);
    assert!(tags[0]["request_id"].is_string());
    assert_eq!(region.run(["ls", "--strict"]).status, Some(4));
    assert_eq!(region.run(["ls", "--strict", "-o", "json"]).json()["items"], answer["items"]);
    assert_eq!(Region::new("healthy").run(["ls", "--strict"]).status, Some(0));
}

#[test]
fn an_account_without_environments_has_none_and_that_is_no_fault() {
    let region = Region::new("empty");
    let ran = region.run(["ls", "-o", "json", "--strict"]);
    assert_eq!((ran.status, ran.json()), (Some(0), json!({ "items": [], "errors": [] })));
    assert_eq!(region.run(["show", "shop"]).status, Some(2));
    assert_eq!(region.run(["find", "shop"]).status, Some(1));
}

#[test]
fn completions_need_nothing_and_name_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = ran(beanpole().args(["completions", shell, "--config", "/nonexistent"]));
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        assert!(ran.out.contains("completions") && ran.out.contains("scenario"), "{shell}");
    }
}
