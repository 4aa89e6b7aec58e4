//! `swap`: both side by side, the refusals with their statuses, and what is seen until the CNAMEs are exchanged.

use std::process::Stdio;

use beanpole::sim::{Faults, Scenario};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::run::{Region, assert_fields, until};
use super::stage::Stage;
use crate::support::somebody;

const SCENARIO: &str = scenario!(
    "environments to exchange",
    certificate!("cert", "*.shop.example"),
    application!("shop", "v1", "v2"),
    application!("cart", "v1"),
    load_balancer!("edge", listener = [{ port = 80, default = { fixed_response = 404 } }]),
    environment!("blue", version = "v1", instances = 2),
    environment!("green", version = "v2", instances = 3, certificate = "cert"),
    environment!("web-prod", version = "v1", instances = 2),
    environment!("cart-web", application = "cart", version = "v1"),
    environment!("jobs", version = "v1", kind = "worker"),
    environment!("busy", version = "v1", status = "Updating"),
    shared_environment!("left", "edge", version = "v1"),
    shared_environment!("right", "edge", version = "v2"),
);

/// In a region whose clock runs thirty times as fast.
fn stage() -> Stage {
    let region = Region::fast(Scenario::from_toml("test", SCENARIO).unwrap(), 30);
    region.world.as_ref().unwrap().set_faults(Faults::none());
    Stage { region, state: TempDir::new().unwrap() }
}

fn cname(stage: &Stage, name: &str) -> Value {
    stage.json(&["show", name], 0)["cname"].clone()
}

#[test]
fn what_is_not_possible_is_refused_in_a_sentence_with_its_status() {
    let stage = stage();
    let refused = |pair: [&str; 2], more: &[&str], status: i32, words: &str| {
        let ran = stage.run(&[&["swap", pair[0], pair[1], "--yes"], more].concat());
        assert_eq!(ran.status, Some(status), "{pair:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{pair:?}: {}", ran.err);
    };
    refused(["blue", "blue"], &[], 2, "blue is exchanged with itself");
    refused(["blue", "gren"], &[], 2, "there is no environment `gren`, did you mean `green`?");
    refused(["nobody", "green"], &[], 2, "there is no environment `nobody`");
    refused(["blue", "cart-web"], &[], 7, "clients of the one would reach the other application");
    refused(["blue", "jobs"], &[], 7, "jobs is a worker environment, which has no CNAME");
    refused(["jobs", "blue"], &[], 7, "jobs is a worker environment, which has no CNAME");
    refused(["blue", "busy"], &[], 7, "busy is Updating, and takes an exchange only while it is Ready");
    refused(["busy", "blue"], &[], 7, "only while it is Ready");
    refused(["blue", "green"], &["--read-only"], 7, "read-only");
    // The name of the production one is typed, whichever is named first.
    for pair in [["blue", "web-prod"], ["web-prod", "blue"]] {
        refused(pair, &[], 7, "--confirm web-prod");
        refused(pair, &["--confirm", "blue"], 7, "--confirm web-prod");
    }
    let config = stage.state.path().join("config.toml");
    std::fs::write(&config, "read_only = [\"gre*\"]\n").unwrap();
    refused(["blue", "green"], &["--config", config.to_str().unwrap()], 7, "green is read-only");
    assert_eq!(stage.run(&["freeze", "release", "weekend"]).status, Some(0));
    refused(["blue", "green"], &[], 7, "release weekend");
    assert_eq!(stage.run(&["swap", "blue", "green"]).status, Some(2), "without a terminal and --yes");
    assert_eq!(stage.writes(), 0);
}

#[test]
fn both_are_shown_before_and_what_cannot_be_read_is_said() {
    let stage = stage();
    let plan = stage.json(&["swap", "blue", "green", "--dry-run"], 0);
    assert_eq!(
        (&plan["kind"], &plan["outcome"], &plan["dangerous"]),
        (&json!("swap"), &json!("planned"), &json!(true))
    );
    assert_eq!(plan["calls"][0]["operation"], "SwapEnvironmentCNAMEs");
    let row = |plan: &Value, what: &str| {
        let rows = plan["sides"]["rows"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["what"] == what).unwrap_or_else(|| panic!("{plan}"));
        [row["a"].as_str().unwrap().to_owned(), row["b"].as_str().unwrap().to_owned()]
    };
    for (what, a, b) in [
        ("version", "v1", "v2"),
        ("status", "Ready", "Ready"),
        ("targets", "2 of 2 healthy", "3 of 3 healthy"),
        ("listeners", "80 HTTP", "80 HTTP, 443 HTTPS"),
        ("certificates", "none", "*.shop.example"),
        ("stickiness", "off", "off"),
        ("alarms in ALARM", "0", "0"),
        ("drift", "0 values", "0 values"),
    ] {
        assert_eq!(row(&plan, what), [a, b], "{what}");
    }
    let notes = plan["warnings"].to_string();
    for words in ["DNS caches keep clients", "deploy by environment name", "a second swap reverses it"] {
        assert!(notes.contains(words), "{notes}");
    }
    assert!(!notes.contains("shared"), "{notes}");
    let denied = vec!["elasticloadbalancing:DescribeTargetHealth".to_owned()];
    stage.world().set_faults(Faults { deny: denied, ..Faults::none() });
    let plan = stage.json(&["swap", "blue", "green", "--dry-run"], 0);
    assert_eq!(row(&plan, "targets"), ["not read (denied)", "not read (denied)"]);
    assert_eq!(stage.writes(), 0);
}

#[test]
fn the_exchange_is_watched_until_it_is_seen_and_undo_names_the_way_back() {
    let stage = stage();
    let before = [cname(&stage, "blue"), cname(&stage, "green")];
    let to = ["--connect-to", &stage.region.address];
    let ran = stage.run(&[&["swap", "blue", "green", "--yes"], &to[..]].concat());
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    for words in [
        format!("http://{}/ (now blue): answered with 200 by the application", before[1].as_str().unwrap()),
        format!("http://{}/ (now green): answered with 200 by the application", before[0].as_str().unwrap()),
    ] {
        assert!(ran.err.contains(&words), "{words}: {}", ran.err);
    }
    let now = [before[1].as_str().unwrap(), before[0].as_str().unwrap()];
    assert!(ran.out.starts_with(&format!("blue has {} and green has {}, after", now[0], now[1])), "{}", ran.out);
    for words in
        ["swapEnvironmentCNAMEs is starting.", "Completed swapping CNAMEs", "to reverse it: beanpole swap blue green"]
    {
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    assert_eq!([cname(&stage, "blue"), cname(&stage, "green")], now);
    let entry = stage.json(&["log"], 0)["items"][0].clone();
    assert_eq!((&entry["kind"], &entry["outcome"]), (&json!("swap"), &json!("applied")), "{entry}");
    let id = entry["id"].as_str().unwrap();
    let undo = stage.run(&["undo", id, "--yes"]);
    assert_eq!(undo.status, Some(7), "{}", undo.err);
    assert!(undo.err.contains("a swap is never undone"), "{}", undo.err);
    assert!(undo.err.contains("beanpole swap blue green"), "{}", undo.err);
    let back = stage.json(&[&["swap", "green", "blue", "--yes"], &to[..]].concat(), 0);
    assert_eq!((&back["outcome"], &back["exchanged"]), (&json!("applied"), &json!(true)), "{back}");
    let urls: Vec<_> = back["probes"].as_array().unwrap().iter().map(|it| it["url"].as_str().unwrap()).collect();
    assert_eq!(urls.len(), 2, "{back}");
    assert_fields(&back["probes"][0], &["environment", "url", "status", "answered_by", "failure"]);
    assert_eq!((&back["probes"][0]["environment"], &back["probes"][0]["status"]), (&json!("green"), &json!(200)));
    assert_eq!([cname(&stage, "blue"), cname(&stage, "green")], before);
}

#[test]
fn on_a_shared_load_balancer_the_rules_are_read_afterwards() {
    let stage = stage();
    let plan = stage.json(&["swap", "left", "right", "--dry-run"], 0);
    let words = "The load balancer of left and right is shared: its rules match the CNAME as host header";
    assert!(plan["warnings"].to_string().contains(words), "{plan}");
    let done = stage.json(&["swap", "left", "right", "--yes", "--no-probe"], 0);
    assert_eq!(done["probes"], json!([]));
    // The simulated Beanstalk leaves the rules as they are, so that clients reach whom they reached before.
    let routes: Vec<_> = done["routes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(routes.len(), 2, "{done}");
    assert!(
        routes[0].contains("WARNING: its rule leads to right, not to left: the rules were not exchanged"),
        "{done}"
    );
    assert!(routes[1].contains("WARNING: its rule leads to left, not to right"), "{done}");
}

#[test]
fn what_is_not_seen_in_time_is_not_known() {
    let stage = Stage::written(SCENARIO);
    let unwatched = stage.run(&["swap", "blue", "green", "--yes", "--timeout", "0"]);
    assert_eq!(unwatched.status, Some(0), "{}", unwatched.err);
    assert_eq!(unwatched.out, "blue and green: the exchange of their CNAMEs has begun\n");
    let body = "Action=DescribeEvents&Version=2010-12-01&EnvironmentName=green";
    let events = somebody::ask(stage.world(), "elasticbeanstalk", body);
    assert!(events.contains("swapEnvironmentCNAMEs is starting."), "both have the events: {events}");
    let late = stage.run(&["swap", "left", "right", "--yes", "--timeout", "1s"]);
    assert_eq!(late.status, Some(8), "{}{}", late.out, late.err);
    assert!(
        late.err.contains("whether it is exchanged is not known after 1 s: left is Updating with left."),
        "{}",
        late.err
    );
}

/// Of two processes that exchange the same at once, one does it; the other finds that out before it sends, or by AWS's
/// answer.
#[test]
fn of_two_processes_at_once_one_exchanges() {
    let stage = stage();
    let before = [cname(&stage, "blue"), cname(&stage, "green")];
    let arguments = ["swap", "blue", "green", "--yes", "--no-probe"];
    let children: Vec<_> = (0..2)
        .map(|_| {
            let mut command = stage.command(&arguments);
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let ended: Vec<_> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    let statuses: Vec<_> = ended.iter().map(|it| it.status.code()).collect();
    let words = ended.iter().map(|it| String::from_utf8_lossy(&it.stderr).into_owned()).collect::<String>();
    assert_eq!(statuses.iter().filter(|status| **status == Some(0)).count(), 1, "{statuses:?} {words}");
    assert_eq!([cname(&stage, "green"), cname(&stage, "blue")], before, "{words}");
    let items = stage.json(&["log"], 0)["items"].clone();
    let applied = items.as_array().unwrap().iter().filter(|it| it["outcome"] == "applied").count();
    assert_eq!(applied, 1, "{items}");
}

/// Killed once its call was sent, or before: the next process says what became of it, and nothing is sent twice.
#[test]
fn killed_in_the_middle_the_next_process_finds_out_what_became_of_it() {
    let stage = stage();
    let before = [cname(&stage, "blue"), cname(&stage, "green")];
    let mut command = stage.command(&["swap", "blue", "green", "--yes"]);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until(|| (stage.region.count("SwapEnvironmentCNAMEs") == 1).then_some(()));
    child.kill().unwrap();
    child.wait().unwrap();
    until(|| ([cname(&stage, "green"), cname(&stage, "blue")] == before).then_some(()));
    let entry = stage.json(&["log"], 0)["items"][0].clone();
    assert_eq!(entry["kind"], "swap", "{entry}");
    if entry["outcome"].is_null() {
        let resumed = stage.json(&["resume", entry["id"].as_str().unwrap(), "--yes"], 0);
        assert_eq!(resumed["outcome"], "applied", "{resumed}");
    }
    assert_eq!(stage.json(&["log"], 0)["items"][0]["outcome"], "applied");
    assert_eq!(stage.region.count("SwapEnvironmentCNAMEs"), 1);
}
