//! Which targets the Fleet counts: those of groups that are proven to be the environment's, and no others.

use std::time::Duration;

use beanpole::app::fleet::Known;

use super::{line, on};
use crate::support::Harness;

/// A canary on the environment's load balancer: two targets that are not the environment's.
const CANARY: &str = r#"
description = "a target group that is not the environment's, on its load balancer"
seed = 15
[[load_balancer]]
key = "chat"
name = "awseb--AWSEB-08AE6A35595B"
[[load_balancer.listener]]
port = 80
default = { forward = "chat-prod/default" }
[[load_balancer.listener.rule]]
priority = 10
hosts = ["canary.example"]
action = { forward = "chat-canary" }
[[target_group]]
key = "chat-canary"
targets = 2
health_check = { path = "/healthz" }
[[environment]]
name = "chat-prod"
application = "chat"
load_balancer = "chat"
instances = 3
[[environment.process]]
name = "default"
"#;

/// Everything that the TARGETS cell of this environment ever showed within this time.
async fn shown(harness: &mut Harness, name: &str, span: Duration) -> Vec<(u32, u32)> {
    let end = harness.region.clock.now().plus(span);
    let mut shown = Vec::new();
    while harness.region.clock.now() < end {
        let message = harness.next().await;
        harness.handle(message);
        harness.draw();
        let Some(line) = harness.app.state.fleet.iter().find(|line| &*line.row.name == name) else { continue };
        if let Known::Read(counts) = &line.row.targets
            && shown.last() != Some(&(counts.healthy, counts.total))
        {
            shown.push((counts.healthy, counts.total));
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
