//! `find`: by every identifier that an alarm, a log or a colleague may hand over.

use serde_json::{Value, json};

use super::run::{Region, assert_fields};

const FIELDS: &[&str] =
    &["matched", "value", "score", "environment", "environment_id", "load_balancer", "listeners", "target_groups"];

fn items(answer: &Value) -> &[Value] {
    answer["items"].as_array().unwrap()
}

#[test]
fn every_identifier_leads_to_its_environment() {
    let region = Region::new("shop");
    let shown = region.json(&["show", "shop-chat-prod"]);
    let (balancer, group) = (&shown["load_balancer"], &shown["target_groups"][0]);
    let listener = &shown["listeners"][0];
    let dns_name = balancer["dns_name"].as_str().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let queries = [
        ("environment", text(&shown["environment"])),
        ("environment_id", text(&shown["environment_id"])),
        ("cname", text(&shown["cname"]).to_uppercase()),
        ("load_balancer_name", text(&balancer["name"])),
        ("dns_name", dns_name.to_lowercase()),
        ("dns_name", format!("https://dualstack.{dns_name}/path")),
        ("load_balancer_arn", text(&balancer["arn"])),
        ("listener_arn", text(&listener["arn"])),
        ("rule_arn", text(&listener["rules"][0]["arn"])),
        ("target_group_name", text(&group["name"])),
        ("target_group_arn", text(&group["arn"])),
        ("instance_id", text(&group["targets"][0]["id"])),
    ];
    for (matched, query) in queries {
        let answer = region.json(&["find", &query]);
        let [found] = items(&answer) else { panic!("{query}: {answer}") };
        assert_fields(found, FIELDS);
        assert_eq!(found["matched"], matched, "{query}");
        assert_eq!(found["score"], 1.0, "{query}");
        assert_eq!(found["environment"], "shop-chat-prod", "{query}");
        assert_eq!(found["environment_id"], shown["environment_id"]);
        assert_fields(&found["load_balancer"], &["name", "arn", "dns_name", "scheme"]);
        assert_eq!(found["load_balancer"]["arn"], balancer["arn"]);
        assert_eq!(found["listeners"].as_array().unwrap().len(), 2);
        assert_fields(&found["listeners"][0], &["arn", "protocol", "port"]);
        assert_fields(&found["target_groups"][0], &["name", "arn"]);
        assert_eq!(answer["errors"], json!([]));
    }
}

#[test]
fn addresses_lead_to_their_environment_in_one_call_more() {
    let region = Region::new("shop");
    let page = region.run(["show", "shop-web-prod"]).out;
    let address = page.split_whitespace().find(|word| word.starts_with("10.0.")).unwrap();
    region.world.as_ref().unwrap().clear_calls();
    let answer = region.json(&["find", address]);
    let [found] = items(&answer) else { panic!("{answer}") };
    assert_eq!((&found["matched"], &found["environment"]), (&json!("private_ip"), &json!("shop-web-prod")));
    assert_eq!(found["value"], address);
    let calls = region.calls();
    assert!(calls.contains(&("DescribeInstances".to_owned(), 1)), "{calls:?}");
    assert!(calls.contains(&("DescribeListeners".to_owned(), 1)), "{calls:?}");
    assert!(calls.iter().all(|(name, _)| name != "DescribeTargetHealth"), "{calls:?}");
}

#[test]
fn the_address_of_a_single_instance_and_a_classic_name_are_endpoints() {
    let region = Region::new("shop");
    for name in ["shop-staging", "legacy-portal"] {
        let page = region.run(["show", name]).out;
        let endpoint = page.lines().find_map(|line| line.trim().strip_prefix("endpoint")).unwrap().trim().to_owned();
        let answer = region.json(&["find", &endpoint]);
        let [found] = items(&answer) else { panic!("{endpoint}: {answer}") };
        assert_eq!((&found["matched"], &found["environment"]), (&json!("endpoint_url"), &json!(name)));
        assert_eq!((&found["load_balancer"], &found["listeners"]), (&Value::Null, &json!([])));
    }
}

#[test]
fn a_shared_load_balancer_is_one_item_for_each_environment_and_an_unowned_one_has_none() {
    let region = Region::new("shop");
    let answer = region.json(&["find", "shared-edge"]);
    let environments: Vec<_> = items(&answer).iter().map(|it| it["environment"].as_str().unwrap()).collect();
    assert_eq!(environments, ["billing-api-prod", "billing-web-prod"]);
    for found in items(&answer) {
        assert_eq!(found["target_groups"].as_array().unwrap().len(), 1, "{found}");
    }
    let answer = region.json(&["find", "marketing-site"]);
    let [found] = items(&answer) else { panic!("{answer}") };
    assert_eq!((&found["environment"], &found["environment_id"]), (&Value::Null, &Value::Null));
    assert_eq!(found["load_balancer"]["name"], "marketing-site");
    assert_eq!(found["target_groups"][0]["name"], "marketing-site-web");
}

#[test]
fn what_no_one_owns_but_hangs_on_an_environments_load_balancer_is_found_there() {
    let region = Region::new("shop");
    let answer = region.json(&["find", "chat-canary"]);
    let [found] = items(&answer) else { panic!("{answer}") };
    assert_eq!(found["environment"], "shop-chat-prod");
    let answer = region.json(&["find", "shop-web-blue"]);
    let [found] = items(&answer) else { panic!("{answer}") };
    assert_eq!((&found["environment"], &found["load_balancer"]), (&Value::Null, &Value::Null));
}

#[test]
fn near_names_come_best_first_and_only_without_an_exact_one() {
    let region = Region::new("shop");
    let answer = region.json(&["find", "billing"]);
    let scores: Vec<_> = items(&answer).iter().map(|it| it["score"].as_f64().unwrap()).collect();
    assert!(scores.len() >= 3 && scores.is_sorted_by(|one, other| one >= other), "{scores:?}");
    assert!(scores.iter().all(|score| (0.0..1.0).contains(score)));
    let exact = region.json(&["find", "shop-web-prod"]);
    assert_eq!(items(&exact).len(), 1);
}

#[test]
fn nothing_found_is_status_one_with_what_is_near() {
    let region = Region::new("shop");
    for query in ["i-00000000000000000", "10.255.255.1", "nosuchthing", "shop-caht-prod"] {
        let ran = region.run(["find", query]);
        assert_eq!(ran.status, Some(1), "{query}: {}", ran.out);
        assert!(ran.out.is_empty() && ran.err.contains(query), "{}", ran.err);
    }
    assert!(region.run(["find", "shop-caht-prod"]).err.contains("did you mean `shop-chat-prod`?"));
    let elsewhere = "arn:aws:elasticloadbalancing:eu-central-1:1:loadbalancer/app/lb/50dc";
    assert!(region.run(["find", elsewhere]).err.contains("--region eu-central-1"));
    let empty = region.run(["find", "nosuchthing", "-o", "json"]);
    assert_eq!((empty.status, empty.json()), (Some(1), json!({ "items": [], "errors": [] })));
}

const WITHOUT_EC2: &str = scenario!(
    "EC2 is denied",
    section!("faults", deny = ["ec2:*"]),
    environment!("web-prod", application = "web"),
    environment!("jobs-prod", application = "web", kind = "worker"),
);

#[test]
fn where_ec2_refuses_the_target_groups_and_then_beanstalk_tell() {
    let region = Region::written(WITHOUT_EC2);
    let shown = region.json(&["show", "web-prod"]);
    let target = shown["target_groups"][0]["targets"][0]["id"].as_str().unwrap();
    let answer = region.json(&["find", target]);
    assert_eq!(items(&answer)[0]["environment"], "web-prod");
    assert_eq!(answer["errors"][0]["kind"], "denied");
    assert_eq!(answer["errors"][0]["source"], format!("DescribeInstances {target}"));
    // Nowhere: all lookups were tried, so that the answer is certain.
    let ran = region.run(["find", "i-00000000000000000"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(region.calls().iter().any(|(name, _)| name == "DescribeEnvironmentResources"));
    // Only EC2 knows addresses.
    let ran = region.run(["find", "10.255.255.1"]);
    assert_eq!(ran.status, Some(4), "{}", ran.err);
}
