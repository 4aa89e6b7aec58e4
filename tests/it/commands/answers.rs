//! The JSON answers: their fields are a contract, and what only costs more is null until it is paid for.

use serde_json::{Value, json};

use super::run::{Region, assert_fields, item};

const ENVIRONMENT: &[&str] = &[
    "environment",
    "environment_id",
    "application",
    "version",
    "status",
    "health",
    "health_status",
    "tier",
    "platform",
    "cname",
    "balancer",
    "alarms_in_alarm",
];
const LOAD_BALANCER: &[&str] = &["name", "arn", "dns_name", "scheme"];
const GROUP: &[&str] =
    &["name", "arn", "protocol", "port", "process", "strength", "stickiness_enabled", "healthy", "total", "draining"];

fn with(fields: &[&'static str], more: &[&'static str]) -> Vec<&'static str> {
    fields.iter().chain(more).copied().collect()
}

#[test]
fn a_listing_has_the_fields_of_the_contract() {
    let region = Region::simulated("shop");
    let answer = region.json(&["ls"]);
    assert_fields(&answer, &["items", "errors"]);
    assert_eq!(answer["errors"], json!([]));
    assert_eq!(answer["items"].as_array().unwrap().len(), 12);
    for item in answer["items"].as_array().unwrap() {
        assert_fields(item, &with(ENVIRONMENT, &["attention", "load_balancer", "target_groups"]));
        if !item["load_balancer"].is_null() {
            assert_fields(&item["load_balancer"], LOAD_BALANCER);
        }
        for group in item["target_groups"].as_array().unwrap() {
            assert_fields(group, GROUP);
            for costly in ["process", "stickiness_enabled", "healthy", "total", "draining"] {
                assert_eq!(group[costly], Value::Null, "{costly} is read by --full only");
            }
        }
    }
    let kinds = ["application", "application_shared", "worker", "classic", "network", "single"];
    for kind in kinds {
        assert!(answer["items"].as_array().unwrap().iter().any(|item| item["balancer"] == kind), "no {kind}");
    }
    assert_eq!(item(&answer, "legacy-portal")["load_balancer"], Value::Null);
    assert_eq!(item(&answer, "legacy-portal")["health_status"], Value::Null);
}

#[test]
fn a_full_listing_tells_targets_stickiness_and_processes() {
    let region = Region::new("shop");
    let answer = region.json(&["ls", "--full"]);
    assert_eq!(answer["errors"], json!([]));
    let chat = &item(&answer, "shop-chat-prod")["target_groups"];
    assert_eq!(chat.as_array().unwrap().len(), 1, "the canary is nobody's: {chat}");
    assert_eq!(chat[0]["process"], "chat");
    assert_eq!(chat[0]["strength"], "proven");
    assert_eq!(chat[0]["stickiness_enabled"], true);
    assert!(chat[0]["total"].as_u64().unwrap() >= 6);
    assert!(chat[0]["healthy"].as_u64().unwrap() < chat[0]["total"].as_u64().unwrap());
    // Why a row is where it is on the Fleet.
    for item in answer["items"].as_array().unwrap() {
        assert_fields(&item["attention"], &["needed", "check", "severity", "message", "silenced"]);
    }
    let attention = &item(&answer, "shop-chat-prod")["attention"];
    assert_eq!(
        (&attention["needed"], &attention["check"]),
        (&json!(true), &json!("environment-health")),
        "{attention}"
    );
    assert_eq!((&attention["severity"], &attention["message"]), (&json!("critical"), &json!("Degraded")));
    let calm = json!({"needed": false, "check": null, "severity": null, "message": null, "silenced": 0});
    assert_eq!(item(&answer, "partner-gw")["attention"], calm);
    let partner = &item(&answer, "partner-gw")["target_groups"][0];
    assert_eq!(partner["stickiness_enabled"], false);
}

#[test]
fn lines_are_items_and_the_last_is_errors() {
    let region = Region::new("shop");
    let ran = region.run(["ls", "-o", "jsonl", "--filter", "billing"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (errors, items) = lines.split_last().unwrap();
    assert_eq!(*errors, json!({ "errors": [] }));
    let names: Vec<_> = items.iter().map(|item| item["environment"].as_str().unwrap()).collect();
    assert_eq!(names, ["billing-api-prod", "billing-jobs-prod", "billing-web-prod"]);
}

#[test]
fn a_listing_is_filtered_sorted_and_has_the_columns_that_were_asked_for() {
    let region = Region::new("shop");
    let ran = region.run(["ls", "--columns", "name,version", "--sort", "version", "--filter", "shop !staging"]);
    let lines: Vec<_> = ran.out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    assert_eq!(lines[0], ["ENVIRONMENT", "VERSION"]);
    assert_eq!(lines[1], ["shop-search-prod", "v100"]);
    assert_eq!(lines.last().unwrap(), &["shop-admin-prod", "v98"]);
    assert!(ran.err.is_empty(), "{}", ran.err);
    let costly = region.run(["ls", "--columns", "name,targets"]);
    assert_eq!(costly.err, "beanpole: only --full reads targets\n");
}

#[test]
fn one_environment_has_the_fields_of_the_contract() {
    let region = Region::new("shop");
    let answer = region.json(&["show", "shop-chat-prod"]);
    let parts = [
        "attention",
        "load_balancer",
        "target_groups",
        "linked_by",
        "listeners",
        "drift",
        "not_compared",
        "causes",
        "errors",
    ];
    assert_fields(&answer, &with(ENVIRONMENT, &parts));
    assert_eq!(answer["errors"], json!([]));
    assert_fields(&answer["load_balancer"], &with(LOAD_BALANCER, &["attributes"]));
    assert_eq!(answer["load_balancer"]["attributes"]["idle_timeout.timeout_seconds"], "300");
    assert_eq!(answer["drift"], json!([]));
    let group = &answer["target_groups"][0];
    assert_fields(group, &with(GROUP, &["targets", "attributes", "health_check"]));
    let target = ["id", "port", "availability_zone", "state", "reason", "description", "unhealthy_since"];
    assert_fields(&group["targets"][0], &target);
    assert!(group["targets"][0]["availability_zone"].as_str().unwrap().starts_with("eu-west-1"));
    let check =
        ["path", "port", "protocol", "interval", "timeout", "healthy_threshold", "unhealthy_threshold", "matcher"];
    assert_fields(&group["health_check"], &check);
    assert_eq!(group["attributes"]["stickiness.enabled"], "true");
    for link in answer["linked_by"].as_array().unwrap() {
        assert_fields(link, &["object", "evidence", "strength"]);
    }
    let secure = answer["listeners"].as_array().unwrap().iter().find(|it| it["port"] == 443).unwrap();
    assert_fields(secure, &["arn", "protocol", "port", "ssl_policy", "certificates", "serves", "rules"]);
    assert_fields(&secure["rules"][0], &["arn", "priority", "conditions", "actions"]);
    assert_eq!(secure["rules"][0]["priority"], "10");
    let weights: Vec<_> = secure["rules"][0]["actions"][0]["target_groups"].as_array().unwrap().iter().collect();
    assert_eq!(weights.iter().map(|it| it["weight"].as_i64().unwrap()).collect::<Vec<_>>(), [90, 10]);
}

#[test]
fn drift_names_what_is_live_and_what_was_wanted() {
    let region = Region::new("shop");
    let answer = region.json(&["show", "shop-api-prod"]);
    let group = answer["target_groups"][0]["name"].clone();
    let row = |key: &str, live: &str, desired: &str, option: &str| {
        json!({
            "target_group": group, "key": key, "live": live, "desired": desired,
            "namespace": "aws:elasticbeanstalk:environment:process:default", "option": option,
        })
    };
    let expected = json!([
        row("deregistration_delay.timeout_seconds", "300", "20", "DeregistrationDelay"),
        row("stickiness.enabled", "true", "false", "StickinessEnabled"),
        row("stickiness.lb_cookie.duration_seconds", "3600", "86400", "StickinessLBCookieDuration"),
    ]);
    assert_eq!(answer["drift"], expected);
}

#[test]
fn an_environment_is_shown_by_its_id_too_and_whatever_its_kind() {
    let region = Region::new("shop");
    let listing = region.json(&["ls"]);
    for listed in listing["items"].as_array().unwrap() {
        let id = listed["environment_id"].as_str().unwrap();
        let shown = region.json(&["show", id]);
        assert_eq!(shown["environment"], listed["environment"]);
        assert_eq!(shown["errors"], json!([]), "{listed}");
        assert_eq!(shown["balancer"], listed["balancer"]);
    }
}

#[test]
fn the_page_about_an_environment_has_its_sections() {
    let region = Region::new("shop");
    let page = region.run(["show", "shop-api-prod"]);
    assert_eq!(page.status, Some(0), "{}", page.err);
    for words in ["TREE", "TARGETS", "TARGET GROUP", "LOAD BALANCER", "LINKED BY", "DRIFT", "cause"] {
        assert!(page.out.contains(words), "no {words} in {}", page.out);
    }
    assert!(page.out.contains("stickiness.enabled: live true, but"), "{}", page.out);
    // Every target is in the tree, once, and in the table.
    for target in region.json(&["show", "shop-api-prod"])["target_groups"][0]["targets"].as_array().unwrap() {
        assert_eq!(page.out.matches(target["id"].as_str().unwrap()).count(), 2, "{}", page.out);
    }
}
