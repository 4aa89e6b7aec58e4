//! Drift: unset options have their defaults, listeners and rules count too, and what is not compared is listed.

use serde_json::{Value, json};

use super::run::Region;

const PROCESS: &str = "aws:elasticbeanstalk:environment:process:default";

/// Rules of the shared load balancer, then environments: each has one value that differs from its option, or none.
const STATES: &str = scenario!(
    "environments on a shared load balancer",
    shared_edge!(
        {
            priority = 2, hosts = ["wiki.edge.example", "wiki-prod.eu-west-1.elasticbeanstalk.com"],
            action = { forward = "wiki-prod" },
        },
        { priority = 5, hosts = ["late.edge.example"], action = { forward = "order-prod" } },
        { priority = 6, hosts = ["early.edge.example"], action = { forward = "order-prod" } },
        { priority = 7, hosts = ["lost.edge.example"], action = { forward = "wiki-prod" } },
        { priority = 8, hosts = ["paths.edge.example"], paths = ["/new/*"], action = { forward = "paths-prod" } },
    ),
    load_balancer!(
        "two-edge",
        listener = [{
            port = 80, default = { forward = "two/api" },
            rule = [{ priority = 10, paths = ["/default/*"], action = { forward = "two/default" } }],
        }],
    ),
    environment!("plain"),
    environment!(
        "unset", attributes = { "idle_timeout.timeout_seconds" = "300" },
        process = [{ name = "default", live = { "health_check.matcher" = "200-299" } }],
    ),
    environment!("slow", process = [{ name = "default", live = { "slow_start.duration_seconds" = "30" } }]),
    environment!("off", options = { "aws:elbv2:listener:default/ListenerEnabled" = "false" }),
    environment!("missing", options = { "aws:elbv2:listener:8443/Protocol" = "HTTPS" }),
    environment!("protocol", options = { "aws:elbv2:listener:default/Protocol" = "HTTPS" }),
    environment!("redirected", certificate = "edge", redirect = true),
    environment!(
        "two", load_balancer = "two-edge", process = [{ name = "default", port = 80 }, { name = "api", port = 8080 }],
    ),
    shared_environment!(
        "docs-prod", "shared-edge",
        options = {
            "aws:elbv2:listener:443/Rules" = "default,site",
            "aws:elbv2:listenerrule:site/HostHeaders" = "docs.edge.example",
            "aws:elbv2:listenerrule:site/PathPatterns" = "/*",
            "aws:elbv2:listenerrule:site/Priority" = "60",
            "aws:elbv2:listenerrule:site/Process" = "default",
        },
    ),
    shared_environment!(
        "wiki-prod", "shared-edge", cname = "wiki-prod.eu-west-1.elasticbeanstalk.com",
        options = {
            "aws:elbv2:listener:443/Rules" = "site",
            "aws:elbv2:listenerrule:site/HostHeaders" = "Wiki.edge.example",
            "aws:elbv2:listenerrule:site/PathPatterns" = "/*",
            "aws:elbv2:listenerrule:site/Priority" = "70",
            "aws:elbv2:listenerrule:site/Process" = "default",
        },
    ),
    shared_environment!(
        "order-prod", "shared-edge",
        options = {
            "aws:elbv2:listener:443/Rules" = "early,late",
            "aws:elbv2:listenerrule:early/HostHeaders" = "early.edge.example",
            "aws:elbv2:listenerrule:early/Priority" = "10",
            "aws:elbv2:listenerrule:late/HostHeaders" = "late.edge.example",
            "aws:elbv2:listenerrule:late/Priority" = "20",
        },
    ),
    shared_environment!(
        "lost-prod", "shared-edge",
        options = {
            "aws:elbv2:listener:443/Rules" = "site",
            "aws:elbv2:listenerrule:site/HostHeaders" = "lost.edge.example",
        },
    ),
    shared_environment!(
        "paths-prod", "shared-edge",
        options = {
            "aws:elbv2:listener:443/Rules" = "site",
            "aws:elbv2:listenerrule:site/HostHeaders" = "paths.edge.example",
            "aws:elbv2:listenerrule:site/PathPatterns" = "/old/*",
        },
    ),
);

fn states(faults: &str) -> String {
    format!("{STATES}{faults}")
}

fn reported(shown: &Value) -> Vec<[String; 5]> {
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let row = |it: &Value| ["key", "live", "desired", "namespace", "option"].map(|name| text(&it[name]));
    shown["drift"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn every_kind_of_drift_is_found_and_nothing_else() {
    let region = Region::written(&states(""));
    let listener = |port: &str| format!("aws:elbv2:listener:{port}");
    let (default, secure, rule) =
        (listener("default"), listener("443"), |name: &str| format!("aws:elbv2:listenerrule:{name}"));
    let balancer = "aws:elbv2:loadbalancer";
    let row = |key: &str, live: &str, desired: &str, namespace: &str, option: &str| {
        [key, live, desired, namespace, option].map(str::to_owned)
    };
    let table: Vec<(&str, Vec<[String; 5]>)> = vec![
        ("plain", vec![]),
        (
            "unset",
            vec![
                row("health_check.matcher", "200-299", "200", PROCESS, "MatcherHTTPCode"),
                row("idle_timeout.timeout_seconds", "300", "60", balancer, "IdleTimeout"),
            ],
        ),
        ("slow", vec![]),
        ("off", vec![row("listener:80:enabled", "true", "false", &default, "ListenerEnabled")]),
        ("missing", vec![row("listener:8443:enabled", "false", "true", &listener("8443"), "ListenerEnabled")]),
        ("protocol", vec![row("listener:80:protocol", "HTTP", "HTTPS", &default, "Protocol")]),
        ("redirected", vec![]),
        ("two", vec![row("listener:80:default_process", "api", "default", &default, "DefaultProcess")]),
        (
            "docs-prod",
            vec![
                row("listener:443:rule:default", "none", "default", &secure, "Rules"),
                row("listener:443:rule:site", "none", "site", &secure, "Rules"),
            ],
        ),
        ("wiki-prod", vec![]),
        (
            "order-prod",
            vec![row("listener:443:rule:early:priority", "6, after rule late", "10", &rule("early"), "Priority")],
        ),
        ("paths-prod", vec![row("listener:443:rule:site:paths", "/new/*", "/old/*", &rule("site"), "PathPatterns")]),
    ];
    for (name, expected) in table {
        let shown = region.json(&["show", name]);
        assert_eq!(shown["errors"], json!([]), "{name}");
        assert_eq!(reported(&shown), expected, "{name}");
    }
    // Its rule leads to a target group of another environment.
    let lost = reported(&region.json(&["show", "lost-prod"]));
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!(lost[0][0], "listener:443:rule:site:process");
    assert!(lost[0][1].starts_with("target group "), "{lost:?}");
}

#[test]
fn what_was_not_compared_is_listed_with_its_reason() {
    let region = Region::written(&states(""));
    let reasons = |name: &str| {
        let shown = region.json(&["show", name]);
        let text = |it: &Value| (it["what"].as_str().unwrap().to_owned(), it["reason"].as_str().unwrap().to_owned());
        shown["not_compared"].as_array().unwrap().iter().map(text).collect::<Vec<_>>()
    };
    let pair = |what: &str, reason: &str| (what.to_owned(), reason.to_owned());
    assert_eq!(reasons("plain"), []);
    assert_eq!(reasons("slow"), [pair("slow_start.duration_seconds", "no_option")]);
    assert_eq!(reasons("redirected"), [pair("listener:80 default action", "no_option_for_action")]);
    assert_eq!(reasons("two"), [pair("listener:80 rule 10 path-pattern /default/*", "outside_beanstalk")]);
    assert!(reasons("wiki-prod").contains(&pair("load balancer shared-edge", "shared")));
}

#[test]
fn the_page_never_says_that_there_is_none_where_something_was_not_compared() {
    let region = Region::written(&states(""));
    let page = |name: &str| {
        let page = region.run(["show", name]).out;
        page[page.find("DRIFT").unwrap()..].to_owned()
    };
    let plain = page("plain");
    assert!(plain.contains("none: ") && plain.contains("as its option or its default says"), "{plain}");
    assert!(!plain.contains("not compared"), "{plain}");
    let slow = page("slow");
    assert!(slow.contains("slow_start.duration_seconds (live 30): Beanstalk has no option for it"), "{slow}");
    let unset = page("unset");
    assert!(!unset.contains("none: "), "{unset}");
    assert!(unset.contains("live 300, but aws:elbv2:loadbalancer IdleTimeout is unset, which means 60"), "{unset}");
}

#[test]
fn unread_values_are_no_proof_that_nothing_drifts() {
    let denied =
        ["DescribeTargetGroupAttributes", "DescribeLoadBalancerAttributes", "DescribeListeners", "DescribeRules"];
    for operation in denied {
        let region = Region::written(&states(&format!("[faults]\ndeny = [\"elasticloadbalancing:{operation}\"]\n")));
        let shown = region.json(&["show", "plain"]);
        let open = shown["not_compared"].as_array().unwrap();
        assert!(open.iter().any(|it| it["reason"] == "unread"), "{operation}: {open:?}");
        let ran = region.run(["ls", "--full", "--columns", "name,drift", "--filter", "plain"]);
        assert_eq!(ran.cells("plain"), ["?", "denied"], "{operation}");
    }
    let region = Region::written(&states(""));
    let ran = region.run(["ls", "--full", "--columns", "name,drift"]);
    for (name, expected) in [("plain", "0"), ("unset", "≠2"), ("docs-prod", "≠2"), ("wiki-prod", "0"), ("two", "≠1")]
    {
        assert_eq!(ran.cells(name)[0], expected, "{name}");
    }
}
