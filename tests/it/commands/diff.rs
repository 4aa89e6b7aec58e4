//! `diff`: two environments that are equal but for one setting show exactly that one, in whichever table it is.

use beanpole::sim::Faults;
use serde_json::Value;

use super::stage::Stage;
use crate::support::somebody;

/// Two environments that differ in nothing but what is their own.
const SAME: &str = scenario!(
    "two of a kind",
    certificate!("cert", "*.shop.example"),
    certificate!("next", "*.shop.example"),
    application!("shop", "v1", "v2"),
    environment!("left", version = "v1", instances = 2, certificate = "cert"),
    environment!("right", version = "v2", instances = 2, certificate = "cert"),
);

const PROPERTY: &str = "aws:elasticbeanstalk:application:environment/API_KEY";

/// The scenario with these lines for the second environment, which is the last in it.
fn with(right: &str) -> Stage {
    Stage::written(&format!("{SAME}{right}"))
}

fn differences(stage: &Stage) -> Vec<(String, String, Value, Value)> {
    let ran = stage.run(&["diff", "left", "right", "-o", "json"]);
    let answer = ran.json();
    assert_eq!((&answer["errors"], &answer["undecided"]), (&Value::Array(Vec::new()), &Value::Array(Vec::new())));
    let listed = answer["differences"].as_array().unwrap();
    assert_eq!(ran.status, Some(i32::from(!listed.is_empty())), "{}", ran.err);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    listed.iter().map(|it| (text(&it["table"]), text(&it["key"]), it["a"].clone(), it["b"].clone())).collect()
}

/// The ARNs of the second environment's target group, and of its load balancer's listener on 443.
fn arns(stage: &Stage) -> (String, String) {
    let shown = stage.json(&["show", "right"], 0);
    let secure = shown["listeners"].as_array().unwrap().iter().find(|it| it["port"] == 443).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&shown["target_groups"][0]["arn"]), text(&secure["arn"]))
}

#[test]
fn equal_environments_do_not_differ_whatever_version_they_run() {
    let stage = with("");
    assert_eq!(differences(&stage), []);
    let ran = stage.run(&["diff", "left", "right"]);
    assert_eq!((ran.status, ran.out.as_str()), (Some(0), "left and right do not differ\n"));
}

#[test]
fn a_setting_of_the_scenario_is_the_only_difference() {
    for (line, table, key, a, b) in [
        (
            "options = { \"aws:elasticbeanstalk:command/Timeout\" = \"900\" }\n",
            "option",
            "aws:elasticbeanstalk:command/Timeout",
            Some("600"),
            Some("900"),
        ),
        ("platform = \"Python 3.11\"\n", "platform", "platform", None, None),
        ("suspended_processes = [\"AZRebalance\"]\n", "scaling", "SuspendedProcesses", None, Some("AZRebalance")),
    ] {
        let stage = with(line);
        let found = differences(&stage);
        let [(of, what, left, right)] = found.as_slice() else { panic!("{line}: {found:?}") };
        assert_eq!((of.as_str(), what.as_str()), (table, key));
        if table != "platform" {
            assert_eq!((left.as_str(), right.as_str()), (a, b), "{line}");
        }
    }
}

#[test]
fn what_is_live_is_the_only_difference() {
    let changes = [
        ("target_group", "default health_check.interval", "ModifyTargetGroup", "&HealthCheckIntervalSeconds=30"),
        (
            "attribute",
            "default deregistration_delay.timeout_seconds",
            "ModifyTargetGroupAttributes",
            "&Attributes.member.1.Key=deregistration_delay.timeout_seconds&Attributes.member.1.Value=99",
        ),
        ("listener", "443 ssl_policy", "ModifyListener", "&SslPolicy=ELBSecurityPolicy-TLS13-1-2-2021-06"),
        (
            "rule",
            "443 rule 7",
            "CreateRule",
            "&Priority=7&Conditions.member.1.Field=host-header&Conditions.member.1.Values.member.1=a.shop.example\
             &Actions.member.1.Type=redirect&Actions.member.1.RedirectConfig.Protocol=HTTPS\
             &Actions.member.1.RedirectConfig.Port=443&Actions.member.1.RedirectConfig.StatusCode=HTTP_301",
        ),
    ];
    for (table, key, operation, parameters) in changes {
        let stage = with("");
        let (group, listener) = arns(&stage);
        let object = if operation.contains("TargetGroup") {
            format!("TargetGroupArn={group}")
        } else {
            format!("ListenerArn={listener}")
        };
        let body = format!("Action={operation}&Version=2015-12-01&{object}{parameters}");
        let answer = somebody::answer(stage.world(), "elasticloadbalancing", &body);
        assert_eq!(answer.status, 200, "{operation}: {}", String::from_utf8_lossy(&answer.body));
        let found = differences(&stage);
        let [(of, what, ..)] = found.as_slice() else { panic!("{operation}: {found:?}") };
        assert_eq!((of.as_str(), what.as_str()), (table, key), "{found:?}");
    }
}

#[test]
fn the_value_of_an_environment_property_is_never_shown() {
    let right = format!("options = {{ \"{PROPERTY}\" = \"secret-of-the-right\" }}\n");
    let stage = with(&right);
    let found = differences(&stage);
    let [(table, key, a, b)] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((table.as_str(), key.as_str(), a, b.as_str()), ("option", PROPERTY, &Value::Null, Some("(not shown)")));
    let ran = stage.run(&["diff", "left", "right"]);
    assert!(!ran.out.contains("secret-of") && ran.out.contains("(not shown)"), "{}", ran.out);
}

#[test]
fn what_cannot_be_read_is_undecided_and_no_agreement() {
    let stage = with("");
    let deny = vec!["elasticloadbalancing:DescribeRules".to_owned()];
    stage.world().set_faults(Faults { deny, ..Faults::none() });
    let ran = stage.run(&["diff", "left", "right", "-o", "json"]);
    assert_eq!(ran.status, Some(4), "{}", ran.err);
    let answer = ran.json();
    assert_eq!(
        (answer["differences"].as_array().unwrap().len(), answer["undecided"][0]["table"].as_str()),
        (0, Some("rule"))
    );
    for (other, status) in [("left", 2), ("nobody", 2)] {
        assert_eq!(stage.run(&["diff", "left", other]).status, Some(status), "{other}");
    }
}
