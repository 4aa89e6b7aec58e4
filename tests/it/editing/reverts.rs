//! After an update that Beanstalk reverted, what was written directly is read again, and reported if it is gone.

use beanpole::sim::Scenario;

use super::Desk;
use crate::support::somebody::{ask, between};

/// Two minutes after the beginning an update of `web` is reverted; what somebody else did to it before is the test's.
const SCENARIO: &str = r#"
description = "an update that is reverted"
[[application]]
name = "shop"
[[environment]]
name = "web"
application = "shop"
[[environment.event]]
at = "-10m"
severity = "INFO"
message = "The environment was reverted to the previous configuration setting."
[[environment.event]]
at = "110s"
severity = "ERROR"
message = "Service:AmazonCloudFormation, Message:Stack named 'awseb-e-abc1234567-stack' aborted operation. Current state: 'UPDATE_ROLLBACK_IN_PROGRESS'  Reason: The following resource(s) failed to update: [AWSEBV2LoadBalancer]."
[[environment.event]]
at = "120s"
severity = "INFO"
message = "The environment was reverted to the previous configuration setting."
[[environment]]
name = "other"
application = "shop"
"#;

const KEY: &str = "idle_timeout.timeout_seconds";

/// Sets the idle timeout directly, as the log then has it.
async fn desk_with_a_direct_change() -> Desk {
    let mut desk = Desk::on(Scenario::from_toml("test", SCENARIO).unwrap(), "web").await;
    desk.select(KEY).await;
    desk.harness.press("<enter><ctrl-u>300<enter><down>").await;
    assert!(!desk.plan().updates(), "{}", desk.screen());
    desk.apply().await;
    desk.harness.pass(10).await;
    assert_eq!(desk.live(KEY).as_deref(), Some("300"));
    desk
}

/// Gives the load balancer the timeout that Beanstalk's options say.
fn puts_back(desk: &Desk, seconds: &str) {
    let world = &desk.harness.region.world;
    let listed = ask(world, "elasticloadbalancing", "Action=DescribeLoadBalancers&Version=2015-12-01");
    for part in listed.split("<LoadBalancerArn>").skip(1) {
        let arn = part.split('<').next().unwrap();
        let attribute = format!("Attributes.member.1.Key={KEY}&Attributes.member.1.Value={seconds}");
        let body = format!("Action=ModifyLoadBalancerAttributes&Version=2015-12-01&LoadBalancerArn={arn}&{attribute}");
        assert!(!between(&ask(world, "elasticloadbalancing", &body), "Key").is_empty());
    }
}

/// Everything that was said about it.
fn told(desk: &Desk) -> Vec<String> {
    let log = desk.harness.app.state.log.iter();
    log.map(|entry| entry.text.clone()).filter(|text| text.contains("reverted its update")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_direct_change_that_is_gone_with_the_update_is_reported_once() {
    let mut desk = desk_with_a_direct_change().await;
    desk.harness.pass(60).await;
    assert_eq!(told(&desk), [""; 0], "the revert of ten minutes ago is past");
    puts_back(&desk, "60");
    desk.harness.pass(240).await;
    let told = told(&desk);
    let [words] = told.as_slice() else { panic!("{told:?}") };
    assert!(words.contains("web: idle_timeout.timeout_seconds is 60 again, not 300"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_direct_change_that_is_still_live_is_not() {
    let mut desk = desk_with_a_direct_change().await;
    desk.harness.pass(300).await;
    assert_eq!(told(&desk), [""; 0]);
    assert_eq!(desk.live(KEY).as_deref(), Some("300"));
}

#[tokio::test(start_paused = true)]
async fn what_was_undone_before_is_not_missed() {
    let mut desk = desk_with_a_direct_change().await;
    desk.harness.press("u").await;
    desk.apply().await;
    desk.harness.pass(10).await;
    assert_eq!(desk.live(KEY).as_deref(), Some("60"));
    desk.harness.pass(300).await;
    assert_eq!(told(&desk), [""; 0]);
}
