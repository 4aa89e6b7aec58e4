//! `events` without following: which events are printed, of which environment, since when, and from which severity.

use std::fmt::Write;

use serde_json::{Value, json};

use super::run::{Region, assert_fields};
use crate::support::scenarios::ONE;

const FIELDS: &[&str] = &["at", "severity", "environment", "version", "message", "request_id"];

fn messages(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|item| item["message"].as_str().unwrap()).collect()
}

#[test]
fn events_have_the_fields_of_the_contract_and_the_newest_is_last() {
    let region = Region::new("shop");
    let answer = region.json(&["events", "shop-web-prod", "--since", "10d"]);
    assert_fields(&answer, &["items", "errors"]);
    assert_eq!(answer["errors"], json!([]));
    let items = answer["items"].as_array().unwrap();
    assert!(items.len() > 20, "{}", items.len());
    for item in items {
        assert_fields(item, FIELDS);
        assert_eq!(item["environment"], "shop-web-prod");
    }
    let times: Vec<_> = items.iter().map(|item| item["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted() && times.iter().all(|time| time.ends_with('Z') && time.len() == 24), "{times:?}");
    assert!(messages(&answer).contains(&"Environment update completed successfully."));
    assert!(items.iter().any(|item| item["request_id"].is_string()));
}

#[test]
fn the_table_has_a_line_for_each_and_no_message_is_cut() {
    let region = Region::new("shop");
    let count = region.json(&["events", "shop-chat-prod"])["items"].as_array().unwrap().len();
    let ran = region.run(["events", "shop-chat-prod", "--utc"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let lines: Vec<_> = ran.out.lines().collect();
    assert_eq!(lines.len(), count + 1);
    assert!(lines[0].starts_with("TIME                   SEVERITY  MESSAGE"), "{}", ran.out);
    assert_eq!(lines[1].find(" Z  "), Some(19), "{}", ran.out);
    assert!(ran.out.contains("ELB processes are not healthy on 1 out of 6 instances.\n"), "{}", ran.out);
}

#[test]
fn severity_and_since_keep_out_what_is_not_wanted() {
    let region = Region::new("shop");
    for severity in ["WARN", "warn"] {
        let answer = region.json(&["events", "shop-chat-prod", "--severity", severity]);
        let items = answer["items"].as_array().unwrap();
        assert!(!items.is_empty() && items.iter().all(|item| item["severity"] == "WARN"), "{answer}");
    }
    let worse = region.json(&["events", "shop-chat-prod", "--severity", "FATAL"]);
    assert_eq!(worse["items"], json!([]));
    let times = |since| region.json(&["events", "shop-chat-prod", "--since", since])["items"].as_array().unwrap().len();
    assert!(times("2m") < times("1h") && times("1h") < times("9d"), "{} {} {}", times("2m"), times("1h"), times("9d"));
    let quiet = region.run(["events", "shop-chat-prod", "--severity", "FATAL"]);
    assert_eq!((quiet.status, quiet.out.as_str()), (Some(0), ""));
    assert!(quiet.err.contains("--since goes further back"), "{}", quiet.err);
}

#[test]
fn an_environment_is_named_by_its_id_too_and_it_takes_two_calls() {
    let region = Region::new("shop");
    let id = region.json(&["show", "shop-web-prod"])["environment_id"].as_str().unwrap().to_owned();
    region.world.as_ref().unwrap().clear_calls();
    let answer = region.json(&["events", &id, "--since", "10d"]);
    assert_eq!(answer["items"][0]["environment"], "shop-web-prod");
    assert_eq!(region.calls(), [("DescribeEnvironments".to_owned(), 1), ("DescribeEvents".to_owned(), 1)]);
}

#[test]
fn a_long_history_is_read_to_its_end() {
    let mut text = ONE.to_owned();
    for number in 1..=2_345 {
        let _ = writeln!(text, "[[environment.event]]\nat = \"-{number}s\"\nmessage = \"number {number}\"");
    }
    let region = Region::written(&text);
    let answer = region.json(&["events", "web"]);
    let wanted: Vec<String> = (1..=2_345).rev().map(|number| format!("number {number}")).collect();
    assert_eq!(messages(&answer), wanted);
    assert_eq!(region.calls()[1], ("DescribeEvents".to_owned(), 3));
}

#[test]
fn what_goes_wrong_has_its_status_and_its_shape() {
    let region = Region::new("shop");
    for arguments in [&["events", "shop-chat-prd"][..], &["events", "shop-chat-prd", "--follow"]] {
        let ran = region.run(arguments);
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(ran.err.contains("did you mean `shop-chat-prod`?"), "{}", ran.err);
    }
    for (arguments, words) in [(["--since", "1y"], "90s, 30m, 1h30m or 2d"), (["--severity", "BAD"], "possible values")]
    {
        let ran = region.run(["events", "shop-chat-prod"].into_iter().chain(arguments));
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    let denied = Region::written(scenario!(
        "denied",
        section!("faults", deny = ["elasticbeanstalk:DescribeEvents"]),
        environment!("web")
    ));
    let ran = denied.run(["events", "web", "-o", "json"]);
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    let answer = ran.json();
    assert_eq!((&answer["items"], &answer["errors"][0]["kind"]), (&Value::Null, &json!("denied")));
    let following = denied.run(["events", "web", "--follow"]);
    assert_eq!(following.status, Some(4), "no waiting changes it: {}", following.err);
    assert!(following.err.contains("ask for the IAM action elasticbeanstalk:DescribeEvents"), "{}", following.err);
}

#[test]
fn hostile_events_are_made_visible_and_exact_in_json() {
    let region = Region::new("hostile");
    let ran = region.run(["events", "escape-prod"]);
    assert!(
        ran.out.contains("␛[1;5;31mpwned") && !ran.out.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\t']),
        "{}",
        ran.out
    );
    let answer = region.json(&["events", "escape-prod"]);
    assert!(messages(&answer).contains(&"\u{1b}[1;5;31mpwned\u{1b}[0m \u{202e}txet\u{202c} \u{9b}2J"), "{answer}");
}

#[test]
fn the_events_of_all_environments_are_one_list_with_their_names() {
    let region = Region::new("shop");
    let answer = region.json(&["events", "--all", "--since", "10d"]);
    let items = answer["items"].as_array().unwrap();
    let mut names: Vec<_> = items.iter().filter_map(|item| item["environment"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() > 4, "{names:?}");
    let times: Vec<_> = items.iter().map(|item| item["at"].as_str().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    let of_one = region.json(&["events", "shop-web-prod", "--since", "10d"])["items"].as_array().unwrap().len();
    assert_eq!(items.iter().filter(|item| item["environment"] == "shop-web-prod").count(), of_one);
    let worse = region.json(&["events", "--all", "--severity", "WARN"]);
    assert!(worse["items"].as_array().unwrap().iter().all(|item| item["severity"] != "INFO"), "{worse}");
    let ran = region.run(["events", "--all", "--utc"]);
    let lines: Vec<_> = ran.out.lines().collect();
    assert!(lines[0].starts_with("TIME                   SEVERITY  ENVIRONMENT "), "{}", ran.out);
    let column = lines[0].find("MESSAGE").unwrap();
    assert!(
        lines.iter().all(|line| line.as_bytes()[column - 1] == b' ' && line.as_bytes()[column] != b' '),
        "{}",
        ran.out
    );
    for (arguments, words) in
        [(&["events"][..], "<ENVIRONMENT>"), (&["events", "shop-web-prod", "--all"], "cannot be used with")]
    {
        let ran = region.run(arguments);
        assert_eq!(ran.status, Some(2), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
}
