//! Instances of different versions need attention, whatever health Beanstalk reports; during an update
//! they are usual.

use std::time::Duration;

use super::{on, title};

/// What a deploy left, in an environment that Beanstalk calls Ok; the deploy is the test's.
const AFTER_A_DEPLOY: &str = scenario!(
    "an environment whose health is Ok, after a deploy",
    "seed = 27\n",
    application!("shop", "1.18", "1.19", "1.20"),
    environment!(
        "ticket-web-prod", version = "1.19", deployed = "8d", instances = 6, zones = 3,
        options = {
            "aws:elasticbeanstalk:command/DeploymentPolicy" = "Rolling",
            "aws:elasticbeanstalk:command/BatchSizeType" = "Fixed",
            "aws:elasticbeanstalk:command/BatchSize" = "2",
        },
        process = [{ name = "default", health_check = { path = "/healthz", interval = "10s", matcher = "200" } }],
        health_change = [{ at = "-20m", health_status = "Ok" }],
    ),
    environment!("ticket-api-prod", version = "1.19", deployed = "8d", instances = 3, process = [{ name = "default" }]),
    table!("deploy", environment = "ticket-web-prod"),
);

fn left_over(deploy: &str) -> String {
    format!("{AFTER_A_DEPLOY}{deploy}\n")
}

#[tokio::test(start_paused = true)]
async fn what_a_failed_update_left_needs_attention_though_its_health_is_ok() {
    for (version, words) in
        [("1.20", "its instances run different versions"), ("1.19", "its instances run 1.19 by different deployments")]
    {
        let text = left_over(&format!("version = \"{version}\"\nat = \"-30m\"\naborted = \"-26m45s\""));
        let mut harness = on(&text).size(160, 28);
        harness.pass(60).await;
        harness.press("g").await;
        let title = title(&mut harness);
        let screen = harness.screen();
        assert!(super::line(&mut harness, "ticket-web-prod").contains("● Ok"), "{version}:\n{screen}");
        assert!(title.contains("1 needs attention"), "{version}: {title}\n{screen}");
        assert!(screen.contains(words), "{version}:\n{screen}");
        // Only that one is looked into, and not more often than the background's cadence.
        harness.pass_unseen(Duration::from_mins(10)).await;
        let asked = harness.calls("DescribeInstancesHealth");
        assert!((1..=7).contains(&asked), "{asked} calls in ten minutes");
        assert!(super::title(&mut harness).contains("1 needs attention"), "it stays: {}", harness.screen());
    }
}

#[tokio::test(start_paused = true)]
async fn a_good_update_leaves_nothing_to_look_into() {
    let mut harness = on(&left_over("version = \"1.20\"\nat = \"-30m\"")).size(160, 40);
    harness.pass_unseen(Duration::from_mins(5)).await;
    assert!(title(&mut harness).contains("none needs attention"), "{}", harness.screen());
    assert_eq!(harness.calls("DescribeInstancesHealth"), 0, "nothing is suspicious");
}

/// Returns every title during an update and after it, the environment's own page having been opened on the way.
async fn titles(text: &str, minutes: u64) -> Vec<String> {
    let mut harness = on(text).size(160, 40);
    let mut titles = Vec::new();
    harness.pass(20).await;
    harness.press("/web<enter><enter>").await;
    for _ in 0..minutes * 6 {
        harness.pass(10).await;
        let words = title(&mut harness);
        if titles.last() != Some(&words) {
            titles.push(words);
        }
        let is_mixed = harness.app.state.fleet.iter().any(|line| line.row.mixed_versions);
        assert!(!is_mixed, "mixed versions:\n{}", harness.screen());
    }
    titles
}

#[tokio::test(start_paused = true)]
async fn an_update_under_way_is_no_mixture() {
    let rolling = left_over("version = \"1.20\"\nat = \"30s\"");
    for policy in ["Rolling", "Immutable", "RollingWithAdditionalBatch", "TrafficSplitting"] {
        titles(&rolling.replace("\"Rolling\"", &format!("\"{policy}\"")), 25).await;
    }
}
