//! `metrics`: the figures of the charts, as a table and for scripts.

use std::collections::BTreeSet;

use beanpole::sim::Faults;
use serde_json::{Value, json};

use super::run::{Region, assert_fields};

const SERIES: &[&str] = &["metric", "classic_name", "statistic", "unit", "dimensions", "shared", "points"];

fn series<'a>(answer: &'a Value, metric: &str, statistic: &str) -> Vec<&'a Value> {
    let all = answer["series"].as_array().unwrap().iter();
    all.filter(|it| it["metric"] == metric && it["statistic"] == statistic).collect()
}

#[test]
fn the_answer_has_the_fields_of_the_contract_and_every_metric() {
    let region = Region::new("healthy");
    let answer = region.json(&["metrics", "alpha-web-prod"]);
    let fields = ["environment", "load_balancer", "target_group", "shared", "period", "series", "errors"];
    assert_fields(&answer, &fields);
    assert_eq!((&answer["environment"], &answer["errors"]), (&json!("alpha-web-prod"), &json!([])));
    assert_eq!((&answer["period"], &answer["shared"]), (&json!(60), &json!(false)));
    assert_fields(&answer["load_balancer"], &["name", "arn", "dns_name", "scheme"]);
    assert_fields(&answer["target_group"], &["name", "arn"]);
    let mut metrics = BTreeSet::new();
    for one in answer["series"].as_array().unwrap() {
        assert_fields(one, SERIES);
        metrics.insert(one["metric"].as_str().unwrap());
        let times: Vec<_> = one["points"].as_array().unwrap().iter().map(|it| it[0].as_str().unwrap()).collect();
        assert!(times.is_sorted() && times.len() <= 60, "{one}");
        assert!(times.iter().all(|time| time.ends_with(":00.000Z")), "{one}");
    }
    assert_eq!(metrics.len(), beanpole::model::Metric::ALL.len());
    let requests = series(&answer, "RequestCount", "Sum");
    assert_eq!(requests.len(), 2, "of the load balancer, and of its target group");
    let tail = |arn: &Value, from: &str| arn.as_str().unwrap().split_once(from).unwrap().1.to_owned();
    let balancer = tail(&answer["load_balancer"]["arn"], ":loadbalancer/");
    assert_eq!(requests[0]["dimensions"], json!({"LoadBalancer": balancer}));
    let group = format!("targetgroup/{}", tail(&answer["target_group"]["arn"], ":targetgroup/"));
    assert_eq!(requests[1]["dimensions"], json!({"LoadBalancer": balancer, "TargetGroup": group}));
    assert!(requests.iter().all(|it| it["points"].as_array().unwrap().len() >= 55), "{requests:?}");
    let times = &series(&answer, "TargetResponseTime", "p99")[0];
    assert_eq!((&times["unit"], &times["classic_name"]), (&json!("Seconds"), &json!("Latency")));
}

#[test]
fn it_takes_one_call_beside_those_that_link() {
    let region = Region::new("healthy");
    region.run(["metrics", "alpha-web-prod", "--since", "12h"]);
    let expected = ["DescribeEnvironments", "DescribeLoadBalancers", "DescribeTargetGroups", "GetMetricData"];
    assert_eq!(region.calls(), expected.map(|name| (name.to_owned(), 1)));
}

#[test]
fn a_line_holds_a_series_and_the_last_what_is_of_all() {
    let region = Region::new("healthy");
    let ran = region.run(["metrics", "alpha-web-prod", "-o", "jsonl"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, rows) = lines.split_last().unwrap();
    assert!(rows.len() > 80, "{}", rows.len());
    rows.iter().for_each(|row| assert_fields(row, SERIES));
    assert_fields(last, &["environment", "load_balancer", "target_group", "shared", "period", "errors"]);
}

#[test]
fn the_table_is_in_the_order_of_the_charts_and_tells_what_is_missing_in_one_line() {
    let region = Region::new("healthy");
    let ran = region.run(["metrics", "alpha-web-prod", "--utc"]);
    assert_eq!((ran.status, ran.err.as_str()), (Some(0), ""));
    let place = |text: &str| ran.out.find(text).unwrap_or_else(|| panic!("no {text}: {}", ran.out));
    let order = ["\nRequests\n", "\nResponse time\n", "\nTargets\n", "\nConnections\n", "\nBytes\n", "\nNo value in"];
    assert!(order.map(place).is_sorted(), "{}", ran.out);
    let row = ran.out.lines().find(|line| line.starts_with("TargetResponseTime") && line.contains("p99")).unwrap();
    assert!(row.ends_with("Seconds") && row.contains("ms ") && row.contains("~~"), "{row}");
    assert_eq!(ran.out.matches("\nRequestCount  ").count(), 1, "its only target group would say the same: {}", ran.out);
    let last = ran.out.lines().last().unwrap();
    assert!(last.contains("ELBAuthError") && !ran.out.contains("\nELBAuthError"), "{last}");
}

#[test]
fn ascii_alone_is_enough() {
    let region = Region::new("healthy");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "ascii = true\n").unwrap();
    let ran = region.run(["metrics", "alpha-web-prod", "--utc", "--config", file.to_str().unwrap()]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    assert!(ran.out.is_ascii(), "{}", ran.out);
}

#[test]
fn on_a_shared_load_balancer_its_own_groups_are_told_apart_from_everybodys() {
    let region = Region::new("shared-alb");
    let answer = region.json(&["metrics", "ticket-web-prod"]);
    assert_eq!(answer["shared"], true);
    for one in answer["series"].as_array().unwrap() {
        let own = one["dimensions"].get("TargetGroup").is_some();
        assert_eq!(one["shared"], !own, "{one}");
    }
    let groups: BTreeSet<_> =
        answer["series"].as_array().unwrap().iter().filter_map(|it| it["dimensions"]["TargetGroup"].as_str()).collect();
    assert_eq!(groups.len(), 1);
    let table = region.run(["metrics", "ticket-web-prod"]).out;
    let errors: Vec<_> = table.lines().filter(|line| line.starts_with("HTTPCode_ELB_")).collect();
    assert!(!errors.is_empty() && errors.iter().all(|line| line.contains("load balancer (shared)")), "{table}");
}

#[test]
fn two_target_groups_are_reported_by_their_processes() {
    let region = Region::new("shop");
    let answer = region.json(&["metrics", "shop-ws-prod"]);
    assert_eq!(answer["target_group"], Value::Null);
    assert_eq!(series(&answer, "HealthyHostCount", "Minimum").len(), 2);
    let table = region.run(["metrics", "shop-ws-prod"]).out;
    let hosts: Vec<_> = table.lines().filter(|line| line.starts_with("HealthyHostCount")).collect();
    assert!(hosts.iter().any(|line| line.contains(" socket ")), "{table}");
    assert!(hosts.iter().any(|line| line.contains(" default ")), "{table}");
}

#[test]
fn periods_fit_what_is_kept() {
    let region = Region::new("healthy");
    let day = region.json(&["metrics", "alpha-web-prod", "--since", "1d"]);
    assert_eq!(day["period"], 300);
    let points = series(&day, "RequestCount", "Sum")[0]["points"].as_array().unwrap();
    assert!((285..=288).contains(&points.len()), "{}", points.len());
    assert!(points.iter().all(|it| it[0].as_str().unwrap().as_bytes()[15] % 5 == b'0' % 5), "{points:?}");
    for (arguments, words) in [
        (["--since", "1h", "--period", "90"], "a multiple of 60 seconds"),
        (["--since", "20d", "--period", "60"], "--period 3600 fits --since 20d"),
        (["--since", "70d", "--period", "300"], "older than 63 days"),
        (["--since", "1d", "--period", "60"], "--period 300 fits --since 1d"),
        (["--since", "500d", "--period", "3600"], "455d"),
    ] {
        let ran = region.run(["metrics", "alpha-web-prod"].into_iter().chain(arguments));
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{}", ran.err);
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    assert!(!region.calls().is_empty());
}

#[test]
fn who_has_no_application_load_balancer_is_reported_so() {
    let region = Region::new("shop");
    for (environment, words) in [
        ("billing-jobs-prod", "worker tier"),
        ("shop-staging", "single instance"),
        ("legacy-portal", "classic"),
        ("partner-gw", "Network Load Balancer"),
        ("shop-wbe-prod", "did you mean `shop-web-prod`?"),
    ] {
        let ran = region.run(["metrics", environment]);
        assert_eq!((ran.status, ran.out.as_str()), (Some(2), ""), "{environment} {}", ran.err);
        assert!(ran.err.contains(words), "{environment} {}", ran.err);
    }
    assert!(region.calls().iter().all(|(name, _)| name != "GetMetricData"));
}

#[test]
fn what_is_denied_is_named() {
    let region = Region::new("healthy");
    let world = region.world.as_ref().unwrap();
    world.set_faults(Faults { deny: vec!["cloudwatch:GetMetricData".to_owned()], ..Faults::none() });
    let ran = region.run(["metrics", "alpha-web-prod", "-o", "json"]);
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    assert!(ran.err.contains("cloudwatch:GetMetricData"), "{}", ran.err);
    let answer = ran.json();
    assert_eq!((&answer["series"], &answer["errors"][0]["kind"]), (&Value::Null, &json!("denied")));
    assert_eq!(answer["environment"], "alpha-web-prod");
    let table = region.run(["metrics", "alpha-web-prod"]);
    assert_eq!((table.status, table.out.as_str()), (Some(4), ""), "{}", table.err);
}
