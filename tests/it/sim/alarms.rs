//! Alarms of the simulated region: they follow their metrics, keep a history, run actions unless muted, and are refused
//! as AWS refuses them.

use super::{Turned, query, text};
use serde_json::{Value, json};

const SCENARIO: &str = scenario!(
    "two targets, of which one fails after ten minutes, for twenty",
    environment!(
        "web",
        instances = 2,
        timeline = [{ targets = [1], at = "10m", for = "20m", becomes = "failing", code = 503 }],
    ),
    alarm!(
        "hosts",
        "UnHealthyHostCount",
        statistic = "Minimum",
        target_group = "web",
        threshold = 0.0,
        action = "notify",
    ),
    alarm!("dictated", "UnHealthyHostCount", target_group = "web", threshold = 0.0, state = "ALARM"),
    table!("composite_alarm", name = "both", rule = "ALARM(hosts) AND ALARM(dictated)"),
);

fn ask(turned: &Turned, operation: &str, input: &Value) -> Value {
    let mut request = query("monitoring", &input.to_string());
    request.headers.push(("X-Amz-Target".into(), format!("GraniteServiceVersion20100801.{operation}")));
    let answer = turned.world.answer(&request);
    serde_json::from_str(&text(&answer)).unwrap()
}

/// The state of an alarm at a minute, by its name.
fn state(turned: &Turned, minute: i64, name: &str) -> String {
    turned.at(minute * 60);
    let types = ["MetricAlarm", "CompositeAlarm"];
    let answer = ask(turned, "DescribeAlarms", &json!({"AlarmNames": [name], "AlarmTypes": types}));
    let of = |kind: &str| answer[kind][0]["StateValue"].as_str().map(str::to_owned);
    of("MetricAlarms").or_else(|| of("CompositeAlarms")).unwrap_or_else(|| panic!("{answer}"))
}

/// The summaries of an alarm's history, the oldest first.
fn history(turned: &Turned, name: &str, kind: &str) -> Vec<String> {
    let types = ["MetricAlarm", "CompositeAlarm"];
    let input = json!({
        "AlarmName": name, "HistoryItemType": kind, "AlarmTypes": types, "ScanBy": "TimestampAscending",
    });
    let answer = ask(turned, "DescribeAlarmHistory", &input);
    let items = answer["AlarmHistoryItems"].as_array().unwrap_or_else(|| panic!("{answer}"));
    items.iter().map(|item| item["HistorySummary"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_alarm_follows_its_metric_and_a_composite_one_follows_it() {
    let turned = Turned::written(SCENARIO);
    for (minute, hosts, both) in [(9, "OK", "OK"), (20, "ALARM", "ALARM"), (29, "ALARM", "ALARM"), (45, "OK", "OK")] {
        assert_eq!(state(&turned, minute, "hosts"), hosts, "minute {minute}");
        assert_eq!(state(&turned, minute, "both"), both, "minute {minute}");
        assert_eq!(state(&turned, minute, "dictated"), "ALARM");
    }
    // A day later nothing else has happened, and the same is remembered.
    assert_eq!(state(&turned, 1440, "hosts"), "OK");
    let changes = ["Alarm updated from OK to ALARM", "Alarm updated from ALARM to OK"];
    assert_eq!(history(&turned, "hosts", "StateUpdate"), changes);
    assert_eq!(history(&turned, "both", "StateUpdate"), changes);
    assert_eq!(history(&turned, "dictated", "StateUpdate"), [""; 0]);
    let ran = history(&turned, "hosts", "Action");
    assert_eq!(ran, ["Successfully executed action arn:aws:sns:eu-west-1:471108151234:alerts"]);
    // The same world, asked late only, has had the same history.
    let late = Turned::written(SCENARIO);
    late.at(1430 * 60);
    assert_eq!(history(&late, "hosts", "StateUpdate"), changes);
    assert_eq!(state(&late, 20, "hosts"), "ALARM", "also when it is asked about the past");
}

#[test]
fn composite_alarms_are_left_out_unless_they_are_asked_for() {
    let turned = Turned::written(SCENARIO);
    let names = |input: &Value, kind: &str| {
        let answer = ask(&turned, "DescribeAlarms", input);
        answer[kind].as_array().unwrap().iter().map(|one| one["AlarmName"].to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names(&json!({}), "CompositeAlarms"), "");
    assert_eq!(names(&json!({}), "MetricAlarms"), r#""hosts" "dictated""#);
    let both = json!({"AlarmTypes": ["CompositeAlarm", "MetricAlarm"], "StateValue": "ALARM"});
    assert_eq!(
        (names(&both, "CompositeAlarms"), names(&both, "MetricAlarms")),
        (String::new(), r#""dictated""#.into())
    );
    turned.at(1200);
    assert_eq!(names(&both, "CompositeAlarms"), r#""both""#);
    let first =
        ask(&turned, "DescribeAlarms", &json!({"AlarmTypes": ["CompositeAlarm", "MetricAlarm"], "MaxRecords": 2}));
    assert_eq!(
        (first["CompositeAlarms"].as_array().unwrap().len(), first["MetricAlarms"].as_array().unwrap().len()),
        (1, 1)
    );
    assert!(first["NextToken"].is_string());
}

#[test]
fn an_alarm_that_is_put_is_unchecked_then_evaluated_and_deleted() {
    let turned = Turned::written(SCENARIO);
    turned.at(720);
    let hosts = ask(&turned, "DescribeAlarms", &json!({"AlarmNames": ["hosts"]}))["MetricAlarms"][0].clone();
    let math = |id: &str, expression: &str| json!({"Id": id, "Expression": expression, "ReturnData": true});
    let stat = |id: &str, name: &str| {
        let metric = json!({"Namespace": "AWS/ApplicationELB", "MetricName": name, "Dimensions": hosts["Dimensions"]});
        json!({"Id": id, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Minimum"}, "ReturnData": false})
    };
    let share = json!({
        "AlarmName": "share", "EvaluationPeriods": 3, "DatapointsToAlarm": 2, "Threshold": 25.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "Metrics": [
            math("share", "100 * failing / (failing + healthy)"),
            stat("failing", "UnHealthyHostCount"),
            stat("healthy", "HealthyHostCount"),
        ],
    });
    assert_eq!(ask(&turned, "PutMetricAlarm", &share), json!({}));
    assert_eq!(state(&turned, 12, "share"), "INSUFFICIENT_DATA");
    assert_eq!(state(&turned, 20, "share"), "ALARM");
    let described = ask(&turned, "DescribeAlarms", &json!({"AlarmNames": ["share"]}))["MetricAlarms"][0].clone();
    assert_eq!((&described["Metrics"], &described["DatapointsToAlarm"]), (&share["Metrics"], &json!(2)));
    let reason = described["StateReason"].as_str().unwrap();
    assert!(reason.contains("datapoints [50.0 (") && reason.contains("greater than the threshold (25.0)"), "{reason}");
    // It is replaced and keeps its state.
    let higher = json!({"Threshold": 75.0});
    let mut other = share.clone();
    other["Threshold"] = higher["Threshold"].clone();
    ask(&turned, "PutMetricAlarm", &other);
    assert_eq!(state(&turned, 20, "share"), "ALARM");
    assert_eq!(state(&turned, 21, "share"), "OK");
    assert_eq!(
        history(&turned, "share", "ConfigurationUpdate"),
        [r#"Alarm "share" created"#, r#"Alarm "share" updated"#]
    );
    ask(&turned, "SetAlarmState", &json!({"AlarmName": "share", "StateValue": "ALARM", "StateReason": "a test"}));
    assert_eq!(state(&turned, 21, "share"), "ALARM");
    assert_eq!(state(&turned, 22, "share"), "OK", "until it is evaluated again");
    let gone = ask(&turned, "DeleteAlarms", &json!({"AlarmNames": ["share", "none"]}));
    assert!(gone["__type"].as_str().unwrap().contains("ResourceNotFound"), "{gone}");
    assert_eq!(state(&turned, 22, "share"), "OK", "none or all");
    assert_eq!(ask(&turned, "DeleteAlarms", &json!({"AlarmNames": ["share"]})), json!({}));
    assert_eq!(history(&turned, "share", "StateUpdate"), [""; 0]);
}

#[test]
fn muted_actions_are_not_run_and_the_state_still_changes() {
    let turned = Turned::written(SCENARIO);
    turned.at(300);
    let schedule = json!({"Expression": "at(2026-11-23T14:05)", "Duration": "PT1H"});
    let rule = json!({"Name": "quiet", "Rule": {"Schedule": schedule}, "MuteTargets": {"AlarmNames": ["hosts"]}});
    assert_eq!(ask(&turned, "PutAlarmMuteRule", &rule), json!({}));
    assert_eq!(state(&turned, 20, "hosts"), "ALARM");
    assert_eq!(history(&turned, "hosts", "Action"), [""; 0]);
}

#[test]
fn what_aws_would_refuse_is_refused_and_puts_nothing() {
    let turned = Turned::written(SCENARIO);
    let good = json!({
        "AlarmName": "new", "Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount", "Statistic": "Sum",
        "Period": 60, "EvaluationPeriods": 2, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold",
    });
    let query = json!([{"Id": "a", "Expression": "b + 1"}]);
    for (name, value, words) in [
        ("AlarmName", json!(""), "AlarmName"),
        ("AlarmName", json!("n".repeat(256)), "255"),
        ("Colour", json!("red"), "Colour is not known"),
        ("Statistic", json!("Median"), "Median"),
        ("ExtendedStatistic", json!("p99"), "must not both be set"),
        ("Period", json!(61), "multiple of 60"),
        ("EvaluationPeriods", json!(0), "EvaluationPeriods"),
        ("DatapointsToAlarm", json!(3), "DatapointsToAlarm"),
        ("Threshold", json!("high"), "Threshold"),
        ("ComparisonOperator", json!("GreaterThanUpperThreshold"), "ComparisonOperator"),
        ("TreatMissingData", json!("never"), "TreatMissingData"),
        ("AlarmActions", json!(["sns"]), "Invalid arn"),
        ("AlarmActions", json!(vec!["arn:aws:sns:eu-west-1:1:a"; 6]), "5"),
        ("Metrics", query, "must not be used with Metrics"),
        ("AlarmName", json!("both"), "another type"),
        ("Dimensions", json!([{"Name": "LoadBalancer"}]), "Value"),
    ] {
        let mut asked = good.clone();
        asked[name] = value;
        let answer = ask(&turned, "PutMetricAlarm", &asked);
        assert!(answer["message"].as_str().is_some_and(|it| it.contains(words)), "{name}: {answer}");
    }
    for required in ["AlarmName", "EvaluationPeriods", "ComparisonOperator", "Threshold", "Period", "Statistic"] {
        let mut asked = good.clone();
        asked.as_object_mut().unwrap().remove(required);
        let answer = ask(&turned, "PutMetricAlarm", &asked);
        assert!(answer["message"].as_str().is_some_and(|it| it.contains(required)), "{required}: {answer}");
    }
    let composite = |rule: &str| {
        let answer = ask(&turned, "PutCompositeAlarm", &json!({"AlarmName": "hosts2", "AlarmRule": rule}));
        answer["message"].as_str().unwrap_or_default().to_owned()
    };
    assert!(composite("ALARM(none)").contains("does not exist"));
    assert!(composite("hosts").contains("not a valid rule"));
    assert_eq!(composite("ALARM(both) OR ALARM(hosts)"), "");
    assert!(composite("ALARM(hosts2)").contains("cycle"));
    let all = ask(&turned, "DescribeAlarms", &json!({}));
    assert_eq!(all["MetricAlarms"].as_array().unwrap().len(), 2, "{all}");
    let refused = ask(&turned, "DescribeAlarmHistory", &json!({"AlarmName": "hosts", "Nonsense": 1}));
    assert!(refused["message"].as_str().unwrap().contains("Nonsense"), "{refused}");
}

#[test]
fn a_scenario_with_an_expression_or_a_rule_that_is_none_is_refused() {
    for (from, to) in
        [("ALARM(hosts) AND ALARM(dictated)", "hosts and dictated"), ("action = \"notify\"", "expression = \"(\"")]
    {
        let text = SCENARIO.replacen(from, to, 1);
        assert!(beanpole::sim::Scenario::from_toml("x.toml", &text).is_err(), "{to}");
    }
}
