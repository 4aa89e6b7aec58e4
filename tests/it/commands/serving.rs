//! Which listeners count for an environment: only those that lead to one of its target groups.

use serde_json::{Value, json};

use super::run::{Region, item};
use crate::support::somebody::ask;

/// Rules of the shared load balancer, none of which forwards to `docs-prod`, and a dedicated one whose listener on 443 has
/// an answer of its own.
const EDGE: &str = scenario!(
    "environments on a shared load balancer and on two of their own",
    shared_edge!(
        { priority = 3, hosts = ["wiki.edge.example"], action = { forward = "wiki-prod" } },
        {
            priority = 4, hosts = ["split.edge.example"],
            action = { split = [{ to = "split-prod", weight = 90 }, { to = "wiki-prod", weight = 10 }] },
        },
        { priority = 5, hosts = ["docs.edge.example"], action = { redirect = "https" } },
    ),
    load_balancer!(
        "own-edge",
        listener = [
            { port = 80, default = { forward = "own-prod" } },
            { port = 443, certificate = "edge", default = { fixed_response = 404 } },
        ],
    ),
    load_balancer!(
        "plain-edge", listener = [{ port = 443, certificate = "edge", default = { forward = "plain-prod" } }],
    ),
    shared_environment!("docs-prod", "shared-edge"),
    shared_environment!("wiki-prod", "shared-edge"),
    shared_environment!("split-prod", "shared-edge"),
    environment!("own-prod", load_balancer = "own-edge"),
    environment!("plain-prod", load_balancer = "plain-edge"),
);

/// The environments and whether their listener on port 443 leads to them.
const SERVED: [(&str, bool); 5] =
    [("docs-prod", false), ("wiki-prod", true), ("split-prod", true), ("own-prod", false), ("plain-prod", true)];

fn edge(faults: &str) -> String {
    format!("{EDGE}{faults}")
}

/// The listener on port 443.
fn secure(shown: &Value) -> &Value {
    shown["listeners"].as_array().unwrap().iter().find(|it| it["port"] == 443).unwrap()
}

fn ports(listeners: &Value) -> Vec<i64> {
    listeners.as_array().unwrap().iter().map(|it| it["port"].as_i64().unwrap()).collect()
}

#[test]
fn the_https_column_counts_a_listener_only_if_it_leads_to_the_environment() {
    let region = Region::written(&edge(""));
    let ran = region.run(["ls", "--full", "--columns", "name,tls"]);
    for (name, served) in SERVED {
        let cells = ran.cells(name);
        assert_eq!(cells[0] == "443", served, "{name}: {cells:?}");
        assert_eq!(cells == ["off"], !served, "{name}: {cells:?}");
    }
}

#[test]
fn find_names_the_listeners_that_lead_to_the_environment() {
    let region = Region::written(&edge(""));
    for (name, served) in SERVED {
        let answer = region.json(&["find", name]);
        let listeners = &item(&answer, name)["listeners"];
        assert_eq!(ports(listeners).contains(&443), served, "{name}: {listeners}");
        assert_eq!(answer["errors"], json!([]), "{name}");
    }
    // Asked for the load balancer, each of its environments has its own.
    let answer = region.json(&["find", "shared-edge"]);
    assert_eq!(ports(&item(&answer, "docs-prod")["listeners"]), [80]);
    assert_eq!(ports(&item(&answer, "wiki-prod")["listeners"]), [80, 443]);
}

#[test]
fn a_listener_or_a_rule_is_found_as_that_of_the_environments_to_which_it_leads() {
    let region = Region::written(&edge(""));
    let shown = region.json(&["show", "docs-prod"]);
    let listener = secure(&shown);
    let found = |arn: &Value| {
        let answer = region.json(&["find", arn.as_str().unwrap()]);
        let items = answer["items"].as_array().unwrap();
        items.iter().map(|it| it["environment"].as_str().unwrap_or("none").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found(&listener["arn"]), ["split-prod", "wiki-prod"]);
    let rule = |host: &str| {
        let rules = listener["rules"].as_array().unwrap();
        let rule = rules.iter().find(|rule| rule["conditions"][0]["values"][0] == host);
        rule.unwrap()["arn"].clone()
    };
    assert_eq!(found(&rule("wiki.edge.example")), ["wiki-prod"]);
    assert_eq!(found(&rule("split.edge.example")), ["split-prod", "wiki-prod"]);
}

#[test]
fn show_says_of_each_listener_whether_it_leads_to_the_environment() {
    let region = Region::written(&edge(""));
    for (name, served) in SERVED {
        let shown = region.json(&["show", name]);
        let listener = secure(&shown);
        assert_eq!(listener["serves"], served, "{name}");
        let page = region.run(["show", name]).out;
        let line = page.lines().find(|line| line.contains(":443 HTTPS")).unwrap();
        assert_eq!(line.contains("does not lead here"), !served, "{line}");
    }
}

#[test]
fn rules_that_could_not_be_read_leave_it_open() {
    let region = Region::written(&edge("[faults]\ndeny = [\"elasticloadbalancing:DescribeRules\"]\n"));
    let ran = region.run(["ls", "--full", "--columns", "name,tls"]);
    for name in ["docs-prod", "own-prod"] {
        assert_eq!(ran.cells(name), ["?", "denied"], "{name}");
    }
    assert_eq!(ran.cells("plain-prod")[0], "443", "its default action says it: {}", ran.out);
    let answer = region.json(&["find", "own-prod"]);
    assert_eq!(item(&answer, "own-prod")["listeners"], Value::Null);
    assert_eq!(answer["errors"][0]["kind"], "denied");
}

/// What was matched, and the environments, in their order.
fn found(region: &Region, query: &str) -> Vec<(String, String)> {
    let answer = region.json(&["find", query]);
    let items = answer["items"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    items.iter().map(|it| (text(&it["matched"]), text(&it["environment"]))).collect()
}

#[test]
fn a_host_name_leads_by_its_rule_and_by_its_certificate() {
    let region = Region::written(&edge(""));
    let by_rule =
        |names: &[&str]| names.iter().map(|it| ("rule_host".to_owned(), (*it).to_owned())).collect::<Vec<_>>();
    for (query, expected) in [
        ("wiki.edge.example", &["wiki-prod"][..]),
        ("WIKI.edge.example.", &["wiki-prod"]),
        ("https://wiki.edge.example/login", &["wiki-prod"]),
        ("split.edge.example", &["split-prod", "wiki-prod"]),
        // A rule that redirects is no environment's on a load balancer of several.
        ("docs.edge.example", &["none"]),
    ] {
        assert_eq!(found(&region, query), by_rule(expected), "{query}");
    }
    let answer = region.json(&["find", "docs.edge.example"]);
    assert_eq!(answer["items"][0]["load_balancer"]["name"], "shared-edge");
    let by_name = found(&region, "*.edge.example");
    assert!(by_name.iter().all(|(matched, _)| matched == "certificate_name"), "{by_name:?}");
    let names: Vec<_> = by_name.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["own-prod", "plain-prod", "split-prod", "wiki-prod"]);
    // No rule names it; the certificate's wildcard is good for it, which is not exact.
    let answer = region.json(&["find", "other.edge.example"]);
    let items = answer["items"].as_array().unwrap();
    assert!(!items.is_empty() && items.iter().all(|it| it["score"].as_f64().unwrap() < 1.0), "{answer}");
    let ran = region.run(["find", "other.nowhere.example"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
}

#[test]
fn a_certificate_leads_to_the_environments_that_present_it() {
    let region = Region::written(&edge(""));
    let shown = region.json(&["show", "plain-prod"]);
    let arn = shown["listeners"][0]["certificates"][0].as_str().unwrap();
    let found = found(&region, arn);
    assert!(found.iter().all(|(matched, _)| matched == "certificate_arn"), "{found:?}");
    let names: Vec<_> = found.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["own-prod", "plain-prod", "split-prod", "wiki-prod"]);
    let ran = region.run(["find", &format!("{arn}x")]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
}

#[test]
fn an_environment_is_named_by_its_cname_and_its_id_too() {
    let region = Region::written(&edge(""));
    let shown = region.json(&["show", "wiki-prod"]);
    let (id, cname) = (shown["environment_id"].as_str().unwrap(), shown["cname"].as_str().unwrap());
    let upper = format!("{}.", cname.to_uppercase());
    for name in ["wiki-prod", id, cname, &upper] {
        let commands: [&[&str]; 6] = [
            &["show", name],
            &["metrics", name],
            &["events", name],
            &["set", name, "deregistration_delay.timeout_seconds=60", "--dry-run"],
            &["scale", name, "2", "4", "--dry-run"],
            &["restart", name, "--dry-run"],
        ];
        for command in commands {
            let ran = region.run(command.iter().copied().chain(["-o", "json"]));
            assert_eq!(ran.status, Some(0), "{command:?}: {}", ran.err);
            assert!(ran.out.contains("\"wiki-prod\"") || command[0] == "events", "{command:?}: {}", ran.out);
        }
    }
    assert_eq!(region.run(["show", "wiki-prod.eu-west-1"]).status, Some(2));
}

/// Returns a region in a state of AWS from a public report.
fn reported(name: &str) -> Region {
    let path = format!("{}/tests/scenarios/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    Region::written(&std::fs::read_to_string(path).unwrap())
}

#[test]
fn an_instance_is_found_in_a_target_group_of_no_environment_too() {
    let region = reported("by-hand");
    let world = region.world.as_ref().unwrap();
    let instances = |group: &str| {
        let answer = ask(world, "autoscaling", "Action=DescribeAutoScalingGroups&Version=2011-01-01");
        let own = answer.split("<AutoScalingGroupName>").find(|part| part.contains(group)).unwrap().to_owned();
        own.split("<InstanceId>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let portal = instances("<Value>portal-prod</Value>");
    let answer = region.json(&["find", &portal[0]]);
    let found: Vec<_> = answer["items"].as_array().unwrap().iter().collect();
    let [own, by_hand] = found.as_slice() else { panic!("{answer}") };
    assert_eq!((&by_hand["environment"], &own["environment"]), (&Value::Null, &json!("portal-prod")), "{answer}");
    assert_eq!(by_hand["load_balancer"]["name"], "portal-alb-migrated");
    assert_eq!(by_hand["target_groups"][0]["name"], "portal-migrated");
    assert_eq!(by_hand["matched"], "instance_id");
    // The third is not in it, and those of another environment are in none but their own.
    for id in [&portal[2], &instances("<Value>portal-stage</Value>")[0]] {
        let answer = region.json(&["find", id]);
        assert_eq!(answer["items"].as_array().unwrap().len(), 1, "{answer}");
    }
}

#[test]
fn the_reported_rules_of_a_shared_load_balancer_are_reported_as_they_are() {
    let region = reported("shared-rules");
    let ran = region.run(["ls", "--full", "--columns", "name,tls,drift"]);
    assert_eq!(ran.cells("docs-prod"), ["off", "≠2"]);
    assert!(matches!(ran.cells("wiki-prod")[..], ["443", .., "0"]), "{}", ran.out);
    assert_eq!(region.json(&["show", "wiki-prod"])["drift"], json!([]));
    let answer = region.json(&["find", "docs-prod"]);
    assert_eq!(ports(&item(&answer, "docs-prod")["listeners"]), [80]);
}
