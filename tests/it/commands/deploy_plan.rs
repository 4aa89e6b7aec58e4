//! `deploy --dry-run`: the plan from what is live, in sentences and as an object; nothing is read for it once it is agreed to.

use super::stage::Stage;
use beanpole::sim::Faults;

const SCENARIO: &str = scenario!(
    "a rolling environment",
    application!("shop", "v1", "v2", "v3"),
    environment!(
        "web", version = "v2", instances = 6, max_instances = 8,
        options = {
            "aws:elasticbeanstalk:command/DeploymentPolicy" = "Rolling",
            "aws:elasticbeanstalk:command/BatchSizeType" = "Fixed",
            "aws:elasticbeanstalk:command/BatchSize" = "2",
        },
    ),
);

#[test]
fn a_dry_run_says_what_is_left_at_the_worst_moment_and_sends_nothing() {
    let stage = Stage::written(SCENARIO);
    let planned = stage.json(&["deploy", "web", "v3", "--dry-run"], 0);
    let plan = &planned["plan"];
    let numbers = ["batches", "instances", "healthy", "healthy_at_worst"].map(|key| plan[key].as_u64().unwrap());
    assert_eq!((plan["policy"].as_str(), numbers), (Some("Rolling"), [3, 6, 6, 4]), "{plan}");
    assert_eq!((plan["can_go_back"].as_bool(), plan["ignores_health"].as_bool()), (Some(true), Some(false)));
    let ran = stage.run(&["deploy", "web", "v1", "--dry-run"]);
    let words = [
        "plan     Rolling, 2 at a time, in 3 batches",
        "plan     6 of 6 instances healthy now, 4 at the worst moment",
        "plan     Targets are drained for up to 20s in each of 3 batches: 60s",
        "plan     A rollback would deploy v2 again",
    ];
    for words in words {
        assert!(ran.out.contains(words), "no `{words}` in\n{}", ran.out);
    }
    assert_eq!(stage.writes(), 0);
    // Who has agreed is not shown a plan, so that a script does not wait for it.
    let before = stage.region.count("DescribeTargetHealth");
    let sent = stage.json(&["deploy", "web", "v3", "--yes", "--timeout", "0"], 0);
    assert_eq!((sent["outcome"].as_str(), sent.get("plan")), (Some("applied"), None), "{sent}");
    assert_eq!(stage.region.count("DescribeTargetHealth"), before);
}

#[test]
fn what_cannot_be_read_is_null_and_said() {
    let stage = Stage::written(SCENARIO);
    let deny = vec!["elasticloadbalancing:DescribeTargetHealth".to_owned()];
    stage.world().set_faults(Faults { deny, ..Faults::none() });
    let plan = stage.json(&["deploy", "web", "v3", "--dry-run"], 0)["plan"].clone();
    assert!(plan["healthy"].is_null() && plan["healthy_at_worst"].is_null() && plan["batches"].is_null(), "{plan}");
    let lines = plan["lines"].to_string();
    assert!(lines.contains("How many instances serve is not known, now and at the worst moment"), "{lines}");
}
