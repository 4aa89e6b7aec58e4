//! Exit statuses, which scripts rely on, and the last lines on standard error.

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
fn the_shells_own_region_is_reported_too() {
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
    let region =
        Region::written(scenario!("expired", section!("faults", expired = [{ from = "0s" }]), environment!("a")));
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
fn what_is_denied_in_part_is_reported_and_only_strict_makes_it_a_failure() {
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

#[test]
fn values_that_cannot_be_are_usage_errors_that_say_what_can() {
    let region = Region::new("shop");
    let cases: &[(&[&str], &str)] = &[
        (&["events", "shop-web-prod", "--since", "99999999999d"], "at most 3650d"),
        (&["events", "shop-web-prod", "--since", "-1h"], "-1"),
        (&["metrics", "shop-web-prod", "--since", "99999999999d"], "at most 3650d"),
        (&["metrics", "shop-web-prod", "--since", "500d"], "455 days"),
        (&["metrics", "shop-web-prod", "--period", "99999999999"], "at most 3650d"),
        (&["watch", "shop-web-prod", "--timeout", "99999999999999999999d"], "at most 3650d"),
        (&["watch", "shop-web-prod", "--settle", "4000d"], "at most 3650d"),
        (&["scale", "shop-web-prod", "-1", "3"], "MIN is -1: Beanstalk takes 1 to 10000 instances"),
        (&["scale", "shop-web-prod", "1", "-3"], "MAX is -3"),
        (&["scale", "shop-web-prod", "1", "99999999999"], "MAX is 99999999999"),
        (&["scale", "shop-web-prod", "0", "3"], "MIN is 0"),
        (&["scale", "shop-web-prod", "3", "2"], "MIN (3) is more than MAX (2)"),
        (&["scale", "shop-web-prod", "few", "many"], "few"),
    ];
    for (arguments, words) in cases {
        let ran = run(region.command(*arguments));
        assert_eq!(ran.status, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    assert!(region.calls().iter().all(|(operation, _)| operation != "DescribeEvents"), "{:?}", region.calls());
}

#[test]
fn what_was_typed_is_never_what_was_meant() {
    let region = Region::new("shop");
    let cases: &[&[&str]] = &[
        &["set", "shop-web-prod", "listener:99999:ssl_policy=x", "--dry-run"],
        &["set", "shop-web-prod", "listener:80:ssl_policy=x", "--dry-run"],
        &["set", "shop-web-prod", "stickiness.enabledd=true", "--dry-run"],
        &["deploy", "shop-web-prod", "v9999", "--dry-run"],
        &["replace", "shop-web-prod", "i-00000000000000000", "--dry-run"],
        &["ls", "--sort", "nam"],
    ];
    for arguments in cases {
        let ran = run(region.command(*arguments));
        assert_eq!(ran.status, Some(2), "{arguments:?}: {}", ran.err);
        let meant = ran.err.split("did you mean `").nth(1).and_then(|rest| rest.split('`').next());
        let typed = arguments.iter().flat_map(|argument| [*argument, argument.split('=').next().unwrap()]);
        assert!(typed.into_iter().all(|typed| meant != Some(typed)), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_dry_run_in_production_shows_the_plan_and_needs_no_name() {
    let region = Region::new("shop");
    let plans: &[&[&str]] = &[
        &["set", "shop-web-prod", "deregistration_delay.timeout_seconds=10"],
        &["deploy", "shop-web-prod", "v99"],
        &["scale", "shop-web-prod", "2", "8"],
    ];
    for arguments in plans {
        let with = |more: &[&str]| run(region.command(arguments.iter().chain(more).copied()));
        let plan = with(&["--dry-run"]);
        assert_eq!(plan.status, Some(0), "{arguments:?}: {}", plan.err);
        assert!(plan.out.contains("to write this, give --confirm shop-web-prod"), "{arguments:?}: {}", plan.out);
        let answer = with(&["--dry-run", "-o", "json"]).json();
        assert_eq!((&answer["outcome"], &answer["refused"]), (&json!("planned"), &Value::Null), "{answer}");
        // A name that was given has to be the right one, and what is refused for another reason stays so.
        assert_eq!(with(&["--dry-run", "--confirm", "shop-web"]).status, Some(7), "{arguments:?}");
        assert_eq!(with(&["--dry-run", "--read-only"]).status, Some(7), "{arguments:?}");
        // And without --dry-run the name is wanted.
        let ran = with(&["--yes"]);
        assert_eq!(ran.status, Some(7), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn an_environment_that_is_not_listed_is_not_said_not_to_be() {
    let region = Region::new("empty");
    for command in [&["show", "web"][..], &["events", "web"], &["deploy", "web", "v1", "--dry-run"]] {
        let ran = run(region.command(command));
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(ran.err.contains("DescribeEnvironments lists none in eu-west-1"), "{}", ran.err);
        assert!(!ran.err.contains("this region has none"), "{}", ran.err);
    }
}

#[test]
fn the_configuration_tells_where_it_is_what_holds_and_what_is_wrong() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("beanpole/config.toml");
    let config = |arguments: &[&str]| {
        let mut command = beanpole();
        command.env("XDG_CONFIG_HOME", folder.path()).arg("config").args(arguments);
        run(command)
    };
    let ran = config(&["path"]);
    assert_eq!((ran.status, ran.out.trim()), (Some(0), file.to_str().unwrap()), "{}", ran.err);
    assert!(ran.err.contains("no such file yet"), "{}", ran.err);
    assert_eq!(config(&["check"]).status, Some(0));
    fs::create_dir(file.parent().unwrap()).unwrap();
    fs::write(&file, "utc = true\nendpoint_url = \"http://me:CANARY@localhost:1\"\n").unwrap();
    let ran = config(&["check"]);
    assert_eq!((ran.status, ran.out.contains("no mistakes")), (Some(0), true), "{}{}", ran.out, ran.err);
    let ran = config(&["show"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let line = |key: &str| ran.out.lines().find(|line| line.starts_with(key)).unwrap_or_else(|| panic!("{}", ran.out));
    assert!(line("utc = true").contains("config.toml") && line("mouse = ").contains("# default"), "{}", ran.out);
    assert!(line("endpoint_url = ").contains("***@localhost:1") && !ran.out.contains("CANARY"), "{}", ran.out);
    let answer = config(&["show", "-o", "json"]).json();
    assert_fields(&answer, &["items", "errors"]);
    assert_fields(&answer["items"][0], &["key", "value", "origin"]);
    fs::write(&file, "utc = 3\ncolr = \"auto\"\n").unwrap();
    for arguments in [["check"], ["show"]] {
        let ran = config(&arguments);
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(ran.err.contains(":1:") && ran.err.contains(":2:1"), "{}", ran.err);
    }
    // Its path is printed all the same.
    assert_eq!(config(&["path"]).status, Some(0));
}
