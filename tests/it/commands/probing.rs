//! `probe` as a user runs it, against load balancers that `beanpole sim` plays: the answer's fields, the page, statuses.

use serde_json::{Value, json};

use super::run::{Region, assert_fields};

const FIELDS: [&str; 20] = [
    "environment",
    "url",
    "host",
    "address",
    "requests",
    "statuses",
    "answered_by",
    "server",
    "location",
    "cookies",
    "affinity",
    "affinity_reason",
    "targets_seen",
    "websocket",
    "fallback",
    "origin",
    "tls",
    "findings",
    "undecided",
    "errors",
];

/// A chat that is sticky, and one that is not.
const CHATS: &str = scenario!(
    "chats",
    environment!("sticky", websocket = "/socket.io/", process = [{ name = "default", stickiness = "1d" }]),
    environment!("plain", websocket = "/ws"),
    environment!("jobs", kind = "worker"),
);

/// Probes through the load balancers that the region plays where it answers for AWS.
fn probe(region: &Region, arguments: &[&str]) -> (Value, Option<i32>) {
    let to = ["--connect-to", &region.address, "-o", "json"];
    let ran = region.run([&["probe"], arguments, &to].concat());
    (ran.json(), ran.status)
}

#[test]
fn every_field_of_the_contract_is_there() {
    let region = Region::written(CHATS);
    let (answer, status) = probe(&region, &["sticky", "--requests", "3", "--marker", "header:x-instance"]);
    assert_eq!(status, Some(0), "{answer:#}");
    assert_fields(&answer, &FIELDS);
    let websocket = ["path", "status", "upgraded", "echoed", "idle_seconds", "cut_by", "failure"];
    assert_fields(&answer["websocket"], &websocket);
    let counts = ["continued", "broken", "continued_without_cookie", "broken_without_cookie"];
    assert_fields(&answer["fallback"], &[&["transport", "sessions", "failure"], &counts[..]].concat());
    assert_eq!((&answer["fallback"]["broken"], &answer["affinity"]), (&json!(0), &json!(true)), "{answer:#}");
    for finding in answer["findings"].as_array().unwrap() {
        assert_fields(finding, &["check", "severity", "environment", "subject", "message", "evidence", "fix"]);
    }
    // The region is read once, and what was sent to the load balancer is none of AWS's business.
    assert_eq!(region.count("DescribeEnvironments"), 1);
}

#[test]
fn a_socket_over_tcp_is_cut_as_one_over_a_pipe_is() {
    let short = scenario!(
        "a short idle timeout",
        environment!("web", websocket = "/ws", attributes = { "idle_timeout.timeout_seconds" = "3" }),
    );
    let region = Region::written(short);
    let (answer, status) = probe(&region, &["web", "--requests", "0", "--websocket", "/ws", "--idle", "20s"]);
    assert_eq!((status, &answer["websocket"]["cut_by"]), (Some(1), &json!("load_balancer")), "{answer:#}");
}

#[test]
fn the_page_says_what_was_found_and_the_status_is_its_own() {
    let region = Region::written(CHATS);
    let to = ["--connect-to", &region.address];
    let ran = region.run([&["probe", "plain", "--requests", "3", "--websocket", "/other"], &to[..]].concat());
    assert_eq!(ran.status, Some(1), "{}{}", ran.out, ran.err);
    for words in ["CRITICAL  the WebSocket handshake on /other was answered 404 by the application", "fix:"] {
        assert!(ran.out.contains(words), "{}", ran.out);
    }
    assert!(ran.out.lines().all(|line| line.chars().count() <= 80), "{}", ran.out);
    let statuses = ["jobs", "nothing"].map(|name| region.run(["probe", name]).status);
    assert_eq!(statuses, [Some(2); 2]);
    // Its host name is simulated, and so nowhere known.
    let ran = region.run(["probe", "plain", "--connect-to", "host.invalid"]);
    assert_eq!(ran.status, Some(5), "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("cannot be reached: host.invalid has no address here"), "{}", ran.err);
}

#[test]
fn what_is_given_wrongly_is_a_mistake_of_usage() {
    let region = Region::written(CHATS);
    for wrong in [
        ["--path", "x"],
        ["--marker", "x"],
        ["--requests", "241"],
        ["--fallback", "x"],
        ["--idle", "x"],
        ["--host", "a b"],
        ["--connect-to", "ftp://a"],
        ["--origin", "a"],
    ] {
        assert_eq!(region.run(["probe", "plain", wrong[0], wrong[1]]).status, Some(2), "{wrong:?}");
    }
}
