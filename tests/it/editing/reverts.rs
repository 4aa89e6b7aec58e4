//! After an update that Beanstalk reverted, what was written directly is read again, and reported if it is gone.

use beanpole::app::screens::GuideStage;
use beanpole::app::screens::Screen;
use beanpole::sim::Faults;

use super::Desk;
use crate::support::somebody::{ask, between};

/// Two minutes after the beginning an update of `web` is reverted; the test decides what another client did before.
const SCENARIO: &str = scenario!(
    "an update that is reverted",
    application!("shop"),
    environment!(
        "web",
        event = [
            {
                at = "-10m", severity = "INFO",
                message = "The environment was reverted to the previous configuration setting.",
            },
            {
                at = "110s", severity = "ERROR",
                message = "Service:AmazonCloudFormation, Message:Stack named 'awseb-e-abc1234567-stack' aborted operation. Current state: 'UPDATE_ROLLBACK_IN_PROGRESS'  Reason: The following resource(s) failed to update: [AWSEBV2LoadBalancer].",
            },
            {
                at = "120s", severity = "INFO",
                message = "The environment was reverted to the previous configuration setting.",
            },
        ],
    ),
    environment!("other"),
);

const KEY: &str = "idle_timeout.timeout_seconds";

/// Sets the idle timeout directly, as the log then has it.
async fn desk_with_a_direct_change() -> Desk {
    desk_on(SCENARIO).await
}

async fn desk_on(scenario: &str) -> Desk {
    let mut desk = Desk::written(scenario, "web").await;
    desk.select(KEY).await;
    desk.harness.press("<enter><ctrl-u>300<enter><down>").await;
    assert!(!desk.plan().rows().unwrap().updates(), "{}", desk.screen());
    desk.apply().await;
    desk.harness.pass(10).await;
    assert_eq!(desk.live(KEY).as_deref(), Some("300"));
    desk
}

/// Sets the load balancer's timeout to the value of Beanstalk's option.
fn puts_back(desk: &Desk, seconds: &str) {
    let world = &desk.harness.stage.world;
    let listed = ask(world, "elasticloadbalancing", "Action=DescribeLoadBalancers&Version=2015-12-01");
    for part in listed.split("<LoadBalancerArn>").skip(1) {
        let arn = part.split('<').next().unwrap();
        let attribute = format!("Attributes.member.1.Key={KEY}&Attributes.member.1.Value={seconds}");
        let body = format!("Action=ModifyLoadBalancerAttributes&Version=2015-12-01&LoadBalancerArn={arn}&{attribute}");
        assert!(!between(&ask(world, "elasticloadbalancing", &body), "Key").is_empty());
    }
}

/// Returns every message about it.
fn reported(desk: &Desk) -> Vec<String> {
    let log = desk.harness.app.state.messages.log.iter();
    log.map(|entry| entry.text.clone()).filter(|text| text.contains("reverted")).collect()
}

#[tokio::test(start_paused = true)]
async fn a_direct_change_that_is_gone_with_the_update_is_reported_once() {
    let mut desk = desk_with_a_direct_change().await;
    desk.harness.pass(60).await;
    assert_eq!(reported(&desk), [""; 0], "the revert of ten minutes ago is past");
    puts_back(&desk, "60");
    desk.harness.pass(240).await;
    let reported = reported(&desk);
    let [words] = reported.as_slice() else { panic!("{reported:?}") };
    assert!(words.contains("web: idle_timeout.timeout_seconds is 60 again, not 300"), "{words}");
}

#[tokio::test(start_paused = true)]
async fn a_direct_change_that_is_still_live_is_not() {
    let mut desk = desk_with_a_direct_change().await;
    desk.harness.pass(300).await;
    assert_eq!(reported(&desk), [""; 0]);
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
    assert_eq!(reported(&desk), [""; 0]);
}

/// An environment for which HTTPS can be set up.
const HTTPS: &str = scenario!(
    "HTTPS by an update that may be reverted",
    certificate!("shop", "*.shop.example"),
    application!("shop"),
    environment!("web"),
);

/// What becomes of the direct change during the update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    Kept,
    Gone,
    Unreadable,
}

/// Sets up HTTPS by an update of the environment; returns the messages about a revert.
async fn https(is_reverted: bool, becomes: Becomes) -> Vec<String> {
    let fails = "Creating Load Balancer listener failed Reason: Certificate not found";
    let fails = if is_reverted { format!("updates_fail = \"{fails}\"") } else { String::new() };
    let mut desk = desk_on(&format!("{HTTPS}{fails}\n")).await;
    desk.harness.press("H").await;
    let is_asking = |dialog: Option<&Screen>| matches!(dialog, Some(Screen::HttpsGuide(it)) if !matches!(it.stage, GuideStage::Reading));
    desk.harness.until(|app| is_asking(app.state.screens.dialog())).await;
    // The certificate, the policy, the route (by Beanstalk), the redirect, and what is done; then the confirmation.
    desk.harness.press("<enter><enter><enter><enter><enter><tab><enter>").await;
    desk.harness.pass(20).await;
    let updates = desk.harness.stage.world.calls().iter().filter(|call| call.operation == "UpdateEnvironment").count();
    assert_eq!(updates, 1, "{}", desk.screen());
    match becomes {
        Becomes::Kept => {}
        Becomes::Gone => puts_back(&desk, "60"),
        Becomes::Unreadable => {
            let deny = vec!["elasticloadbalancing:DescribeLoadBalancerAttributes".to_owned()];
            desk.harness.stage.world.set_faults(Faults { deny, ..Faults::none() });
        }
    }
    desk.harness.pass(180).await;
    reported(&desk)
}

#[tokio::test(start_paused = true)]
async fn https_by_beanstalk_reports_what_went_with_a_reverted_update() {
    for is_reverted in [true, false] {
        for becomes in [Becomes::Kept, Becomes::Gone, Becomes::Unreadable] {
            let reported = Box::pin(https(is_reverted, becomes)).await;
            let of_direct: Vec<_> = reported.iter().filter(|words| words.contains(KEY)).collect();
            let expected = match (is_reverted, becomes) {
                (true, Becomes::Gone) => {
                    Some("web: idle_timeout.timeout_seconds is 60 again, not 300: Beanstalk reverted")
                }
                (true, Becomes::Unreadable) => Some("is still live after the reverted update is unknown"),
                _ => None,
            };
            let what = format!("reverted {is_reverted}, {becomes:?}: {reported:?}");
            assert_eq!(of_direct.len(), usize::from(expected.is_some()), "{what}");
            assert!(expected.is_none_or(|words| of_direct[0].contains(words)), "{what}");
        }
    }
}
