//! `alarms --recommended` and `--translate`: a plan, what is created, its action, and undo.

use beanpole::sim::Faults;
use serde_json::{Value, json};

use super::stage::Stage;

const TOPIC: &str = "arn:aws:sns:eu-west-1:471108151234:mine";
const SIBLING: &str = "arn:aws:sns:eu-west-1:471108151234:alerts";

const SCENARIO: &str = scenario!(
    "an environment with an alarm that notifies, one without any, and alarms from before the move to an ALB",
    environment!("web", instances = 2),
    environment!("quiet"),
    alarm!("web-hosts", "UnHealthyHostCount", target_group = "web", threshold = 0.0, state = "OK", action = "notify"),
    alarm!("web-latency", "Latency", namespace = "AWS/ELB", statistic = "Average", threshold = 2.0, state = "OK"),
    alarm!("web-queue", "SurgeQueueLength", namespace = "AWS/ELB", threshold = 100.0, state = "OK"),
);

fn names(answer: &Value, list: &str) -> Vec<String> {
    answer[list].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_recommended_and_missing_is_listed_created_and_deleted_by_undo() {
    let stage = Stage::written(SCENARIO);
    let answer = stage.json(&["alarms", "web"], 0);
    let missing = names(&answer, "missing");
    assert_eq!(missing.len(), 8, "{answer}");
    assert!(!missing.contains(&"beanpole-web-unhealthy-hosts".to_owned()), "web-hosts covers it");
    let item = &answer["missing"][0];
    super::run::assert_fields(item, &["name", "namespace", "metric", "dimensions", "condition", "why"]);
    assert!(item["dimensions"]["TargetGroup"].is_string(), "{item}");
    let table = stage.run(&["alarms", "web"]);
    assert!(table.out.contains("beanpole alarms web --recommended creates them"), "{}", table.out);

    let planned = stage.run(&["alarms", "web", "--recommended", "--dry-run"]);
    assert_eq!((planned.status, stage.writes()), (Some(0), 0), "{}", planned.err);
    assert!(
        planned.out.contains("aws cloudwatch put-metric-alarm --alarm-name beanpole-web-no-healthy-host"),
        "{}",
        planned.out
    );
    assert!(planned.out.contains(&format!("each notifies {SIBLING}")), "{}", planned.out);
    let created = stage.json(&["alarms", "web", "--recommended", "--action", TOPIC, "--yes"], 0);
    assert_eq!((&created["outcome"], stage.writes()), (&json!("applied"), 8));
    assert_eq!(created["changes"].as_array().unwrap().len(), 8);
    assert_eq!(created["calls"][0]["parameters"]["AlarmActions"], json!([TOPIC]));
    let after = stage.json(&["alarms", "web"], 0);
    assert_eq!((names(&after, "missing").len(), names(&after, "items").len()), (0, 9));
    let again = stage.run(&["alarms", "web", "--recommended", "--yes"]);
    assert_eq!((again.status, again.out.as_str()), (Some(0), "web: every recommended alarm is there\n"));
    let undone = stage.run(&["undo", "--yes"]);
    assert_eq!((undone.status, stage.writes()), (Some(0), 16), "{}", undone.err);
    assert!(undone.out.contains("web: 8 alarms deleted"), "{}", undone.out);
    assert_eq!(names(&stage.json(&["alarms", "web"], 0), "items"), ["web-hosts"]);
    // Undo of the undo creates them again, by its own id only.
    let newest = stage.json(&["log"], 0)["items"][0].clone();
    assert_eq!(newest["kind"], "delete_alarms");
    assert_eq!(stage.run(&["undo", newest["id"].as_str().unwrap(), "--yes"]).status, Some(0));
    assert_eq!(names(&stage.json(&["alarms", "web"], 0), "items").len(), 9);
}

#[test]
fn without_an_action_it_is_said_that_the_alarms_notify_no_one() {
    let stage = Stage::written(SCENARIO);
    let planned = stage.run(&["alarms", "quiet", "--recommended", "--dry-run"]);
    assert!(planned.out.contains("they notify no one"), "{}{}", planned.out, planned.err);
}

#[test]
fn alarms_on_a_classic_load_balancer_are_translated_and_the_old_ones_stay() {
    let stage = Stage::written(SCENARIO);
    let planned = stage.run(&["alarms", "web", "--translate", "--dry-run"]);
    assert_eq!(planned.status, Some(0), "{}", planned.err);
    for words in [
        "web-latency is taken for an alarm of it by its name alone",
        "web-queue has no equivalent: an Application Load Balancer has no queue",
        "--metric-name TargetResponseTime",
        "the alarms that are translated stay",
    ] {
        assert!(planned.out.contains(words), "{words}: {}", planned.out);
    }
    let created = stage.json(&["alarms", "web", "--translate", "--yes"], 0);
    assert_eq!((&created["outcome"], stage.writes()), (&json!("applied"), 1));
    assert_eq!(created["calls"][0]["parameters"]["AlarmActions"], json!([SIBLING]), "it has none of its own");
    let items = names(&stage.json(&["alarms", "web"], 0), "items");
    assert_eq!(items, ["web-hosts", "web-latency-alb"]);
    let again = stage.run(&["alarms", "web", "--translate", "--yes"]);
    assert_eq!((again.status, stage.writes()), (Some(0), 1), "{}", again.err);
    assert!(again.err.contains("web-queue has no equivalent"), "{}", again.err);
    assert_eq!(stage.run(&["undo", "--yes"]).status, Some(0));
    assert_eq!(names(&stage.json(&["alarms", "web"], 0), "items"), ["web-hosts"]);
}

#[test]
fn what_cannot_be_created_says_why() {
    let stage = Stage::written(SCENARIO);
    for (arguments, status, words) in [
        (&["alarms", "web", "--recommended", "--yes", "--read-only"][..], 7, "read-only"),
        (&["alarms", "web", "--recommended"], 2, "there is no terminal to ask on"),
        (&["alarms", "web", "--recommended", "--translate"], 2, "cannot be used with"),
        (&["alarms", "web", "--recommended", "--mute", "1h"], 2, "cannot be used with"),
        (&["alarms", "web", "--action", TOPIC], 2, "--action goes with"),
        (&["alarms", "web", "--recommended", "--action", "alerts"], 2, "it is no ARN"),
    ] {
        let ran = stage.run(arguments);
        assert_eq!(ran.status, Some(status), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(words), "{arguments:?}: {}", ran.err);
    }
    let deny = |actions: &[&str]| {
        let deny = actions.iter().map(|action| (*action).to_owned()).collect();
        stage.world().set_faults(Faults { deny, ..Faults::none() });
    };
    let (resources, tags) = ("elasticbeanstalk:DescribeEnvironmentResources", "elasticloadbalancing:DescribeTags");
    for denied in [&["cloudwatch:DescribeAlarms"][..], &[resources, tags], &["cloudwatch:PutMetricAlarm"]] {
        deny(denied);
        let ran = stage.run(&["alarms", "web", "--recommended", "--yes"]);
        assert_eq!(ran.status, Some(4), "{denied:?}: {}{}", ran.out, ran.err);
    }
    deny(&[resources, tags]);
    let listed = stage.json(&["alarms", "web"], 0);
    assert_eq!(listed["missing"], Value::Null, "what is missing is not known: {listed}");
    // The tags prove as much as Beanstalk's own list.
    deny(&[resources]);
    assert_eq!(names(&stage.json(&["alarms", "web"], 0), "missing").len(), 8);
}
