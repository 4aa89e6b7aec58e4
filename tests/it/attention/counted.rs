//! Which targets the Fleet counts: those of groups that are proven to be the environment's, and no others.

use std::time::Duration;

use beanpole::model::{Known, TargetState};

use super::{line, on};
use crate::support::Harness;

/// A canary on the environment's load balancer: two targets that are not the environment's.
const CANARY: &str = scenario!(
    "a target group that is not the environment's, on its load balancer",
    "seed = 15\n",
    load_balancer!(
        "chat", name = "awseb--AWSEB-08AE6A35595B",
        listener = [{
            port = 80, default = { forward = "chat-prod/default" },
            rule = [{ priority = 10, hosts = ["canary.example"], action = { forward = "chat-canary" } }],
        }],
    ),
    target_group!("chat-canary", targets = 2, health_check = { path = "/healthz" }),
    environment!(
        "chat-prod",
        application = "chat",
        load_balancer = "chat",
        instances = 3,
        process = [{ name = "default" }],
    ),
);

/// Everything that the TARGETS cell of this environment ever showed within this time.
async fn shown(harness: &mut Harness, name: &str, span: Duration) -> Vec<(u32, u32)> {
    let end = harness.stage.clock.now().plus(span);
    let mut shown = Vec::new();
    while harness.stage.clock.now() < end {
        let message = harness.next().await;
        harness.handle(message);
        harness.draw();
        let Some(line) = harness.app.state.fleet.iter().find(|line| &*line.row.name == name) else { continue };
        if let Known::Read(counts) = &line.row.targets
            && shown.last() != Some(&(counts.healthy, counts.expected))
        {
            shown.push((counts.healthy, counts.expected));
        }
    }
    shown
}

#[tokio::test(start_paused = true)]
async fn only_groups_that_are_proven_to_be_its_own_are_counted() {
    let mut harness = on(CANARY);
    assert_eq!(shown(&mut harness, "chat-prod", Duration::from_secs(20)).await, [(3, 3)]);
    // The demo: six of its own, one of which fails, one drains; and a canary.
    let mut harness = Harness::new("shop");
    let shown = shown(&mut harness, "shop-chat-prod", Duration::from_secs(20)).await;
    assert!(!shown.is_empty() && shown.iter().all(|(_, total)| *total == 6), "{shown:?}");
}

/// The targets of the canary fail. They are not the environment's, as its tags or only its Auto Scaling
/// group show: its own are three of three, and nothing is wrong with it.
#[tokio::test(start_paused = true)]
async fn a_target_that_fails_in_a_group_that_is_not_its_own_is_no_reason() {
    let failing = CANARY.replace(
        "health_check = { path = \"/healthz\" }\n",
        "health_check = { path = \"/healthz\", interval = \"5s\", timeout = \"2s\", unhealthy = 2 }\n\
         [[target_group.timeline]]\nat = \"1s\"\ntargets = [1, 2]\nbecomes = \"failing\"\ncode = 503\n",
    );
    for is_tagged in [true, false] {
        let mut harness = on(&failing.replace("instances = 3\n", &format!("instances = 3\ntagged = {is_tagged}\n")));
        harness.pass(60).await;
        // The tree reads the health of every group on the load balancer.
        harness.press("<enter>").await;
        harness.pass(20).await;
        let targets = harness.app.state.snapshot().inventory.targets.values().flatten();
        assert_eq!(
            targets.filter(|target| target.state == TargetState::Unhealthy).count(),
            2,
            "the canary's were read"
        );
        harness.press("<esc>").await;
        harness.pass(5).await;
        assert!(line(&mut harness, "chat-prod").contains("3/3"), "{}", harness.screen());
        let screen = harness.screen();
        assert!(!screen.contains("503") && screen.contains("3 of 3 targets healthy"), "tagged: {is_tagged}\n{screen}");
    }
}

/// Two processes on the same instances. The answer that one accepts as healthy is a failure of the other, whichever of
/// the two it is.
#[tokio::test(start_paused = true)]
async fn the_path_that_fails_is_that_of_the_process_that_fails() {
    let strict = "interval = \"5s\", timeout = \"2s\", unhealthy = 2";
    let lenient = "matcher = \"200-599\"";
    for (of_default, of_worker, path) in [(lenient, strict, "/worker"), (strict, lenient, "/default")] {
        let mut harness = on(&format!(
            r#"
description = "one of two processes fails"
seed = 16
[[environment]]
name = "chat-prod"
application = "chat"
instances = 2
[[environment.process]]
name = "default"
health_check = {{ path = "/default", {of_default} }}
[[environment.process]]
name = "worker"
paths = ["/worker/*"]
health_check = {{ path = "/worker", {of_worker} }}
[[environment.timeline]]
at = "1s"
targets = [1]
becomes = "failing"
code = 503
"#
        ));
        harness.pass(60).await;
        let screen = harness.screen();
        assert!(screen.contains(&format!("answers 503 on {path} ")), "{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_environment_without_tags_is_proven_by_its_auto_scaling_group() {
    let mut harness = Harness::new("shop");
    harness.pass(15).await;
    assert!(line(&mut harness, "shop-search-prod").contains("4/4"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_proven_is_not_counted() {
    // Tags, Auto Scaling groups and environment resources are denied.
    let mut harness = Harness::new("denied");
    harness.pass(20).await;
    let line = line(&mut harness, "orders-web-prod");
    assert!(!line.contains("2/2") && line.contains("denied"), "{line}");
}

/// A process of the environment that no rule leads to: AWS calls its targets unused.
const IN_NO_RULE: &str = scenario!(
    "a process that no rule leads to",
    "seed = 17\n",
    environment!(
        "chat-prod",
        application = "chat",
        instances = 2,
        process = [{ name = "default" }, { name = "worker", port = 8080 }],
    ),
);

#[tokio::test(start_paused = true)]
async fn targets_of_a_process_that_no_rule_leads_to_are_not_missing() {
    let mut harness = on(IN_NO_RULE);
    harness.pass(30).await;
    let unused = harness.app.state.snapshot().inventory.targets.values().flatten();
    assert_eq!(unused.filter(|target| target.state == TargetState::Unused).count(), 2, "the worker's");
    assert!(line(&mut harness, "chat-prod").contains("2/2"), "{}", harness.screen());
    let title = super::title(&mut harness);
    assert!(title.contains("none needs attention"), "{title}\n{}", harness.screen());
}
