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
    environment!("spare", certificate = "next"),
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

/// How the second environment comes to differ.
#[derive(Clone, Copy, Debug)]
enum Difference {
    /// By a line of the scenario.
    Written(&'static str),
    /// By an operation of the load balancer's service: its name and parameters. `NEXT` is the ARN of another certificate.
    Live(&'static str, &'static str),
}

/// A table, the key that differs in it, and what makes it differ.
const DIFFERENCES: [(&str, &str, Difference); 8] = [
    (
        "option",
        "aws:elasticbeanstalk:command/Timeout",
        Difference::Written("options = { \"aws:elasticbeanstalk:command/Timeout\" = \"900\" }\n"),
    ),
    ("platform", "platform", Difference::Written("platform = \"Python 3.11\"\n")),
    ("scaling", "SuspendedProcesses", Difference::Written("suspended_processes = [\"AZRebalance\"]\n")),
    (
        "target_group",
        "default health_check.interval",
        Difference::Live("ModifyTargetGroup", "&HealthCheckIntervalSeconds=30"),
    ),
    (
        "attribute",
        "default deregistration_delay.timeout_seconds",
        Difference::Live(
            "ModifyTargetGroupAttributes",
            "&Attributes.member.1.Key=deregistration_delay.timeout_seconds&Attributes.member.1.Value=99",
        ),
    ),
    (
        "listener",
        "443 ssl_policy",
        Difference::Live("ModifyListener", "&SslPolicy=ELBSecurityPolicy-TLS13-1-2-2021-06"),
    ),
    (
        "certificate",
        "443 certificate",
        Difference::Live("ModifyListener", "&Certificates.member.1.CertificateArn=NEXT"),
    ),
    (
        "rule",
        "443 rule 7",
        Difference::Live(
            "CreateRule",
            "&Priority=7&Conditions.member.1.Field=host-header&Conditions.member.1.Values.member.1=a.shop.example\
             &Actions.member.1.Type=redirect&Actions.member.1.RedirectConfig.Protocol=HTTPS\
             &Actions.member.1.RedirectConfig.Port=443&Actions.member.1.RedirectConfig.StatusCode=HTTP_301",
        ),
    ),
];

/// Two environments made equal but for one setting, in each table: that one is shown, and no other.
#[test]
fn one_setting_of_each_table_is_the_only_difference() {
    for (table, key, made) in DIFFERENCES {
        let stage = match made {
            Difference::Written(line) => with(line),
            Difference::Live(operation, parameters) => {
                let stage = with("");
                change(&stage, operation, parameters);
                stage
            }
        };
        let found = differences(&stage);
        let [(of, what, a, b)] = found.as_slice() else { panic!("{made:?}: {found:?}") };
        assert_eq!((of.as_str(), what.as_str()), (table, key));
        assert_ne!(a, b, "{table}");
    }
}

/// Changes something of the second environment that is live.
fn change(stage: &Stage, operation: &str, parameters: &str) {
    let (group, listener) = arns(stage);
    let object = if operation.contains("TargetGroup") {
        format!("TargetGroupArn={group}")
    } else {
        format!("ListenerArn={listener}")
    };
    let spare = stage.json(&["show", "spare"], 0)["listeners"].clone();
    let secure = spare.as_array().unwrap().iter().find(|it| it["port"] == 443).unwrap();
    let parameters = parameters.replace("NEXT", secure["certificates"][0].as_str().unwrap());
    let body = format!("Action={operation}&Version=2015-12-01&{object}{parameters}");
    let answer = somebody::answer(stage.world(), "elasticloadbalancing", &body);
    assert_eq!(answer.status, 200, "{operation}: {}", String::from_utf8_lossy(&answer.body));
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
