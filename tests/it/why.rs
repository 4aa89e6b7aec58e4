//! The why page, the Findings tab and the Alarms tab: typed keys, and what they show.

use crate::support::{Harness, Stage};

/// An environment whose targets drain for longer than a command may take.
const DRAINS_LONG: &str = scenario!(
    "drains for longer than a command may take",
    application!("shop", "v1", "v2"),
    environment!("web", version = "v1", instances = 4, options = { "aws:elasticbeanstalk:command/Timeout" = "10" }),
);

async fn shop(width: u16, height: u16, keys: &str) -> Harness {
    let mut harness = Harness::new("shop").size(width, height);
    harness.pass(6).await;
    harness.press(keys).await;
    harness.pass(4).await;
    harness
}

macro_rules! screens {
    ($($name:ident: $width:literal x $height:literal, $keys:literal;)+) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            insta::assert_snapshot!(shop($width, $height, $keys).await.snapshot());
        }
    )+};
}

screens! {
    the_page_of_an_environment_without_a_healthy_target: 80 x 24, "w";
    the_page_in_a_large_terminal: 160 x 45, "w";
    the_page_in_the_smallest_terminal: 60 x 16, "w";
    the_page_of_a_worker: 80 x 24, "/jobs<enter>w";
    the_findings: 100 x 30, "<enter>5";
    the_findings_in_a_small_terminal: 80 x 24, "w<enter>";
    what_a_finding_means: 120 x 40, "<enter>5jjj";
    the_alarms: 120 x 40, "<enter>6";
    the_alarms_in_a_small_terminal: 80 x 24, "<enter>6j";
}

/// Scenarios with a fault, the environment that has it, and what the first line of its page must say.
const FAULTS: &[(&str, &str, &str)] =
    &[("shop", "shop-admin-prod", "no healthy target"), ("mixed-versions", "", "different versions")];

#[tokio::test(start_paused = true)]
async fn the_first_line_names_the_fault_within_one_poll() {
    for (scenario, environment, cause) in FAULTS {
        let mut harness = Harness::new(scenario).size(80, 24);
        harness.pass(20).await;
        let keys = if environment.is_empty() { "w".to_owned() } else { format!("/{environment}<enter>w") };
        harness.press(&keys).await;
        harness.pass(10).await;
        let screen = harness.screen();
        let page: String = screen.lines().skip(3).take(2).collect::<Vec<_>>().join(" ");
        assert!(page.contains(cause), "{scenario}: {screen}");
    }
}

async fn drains_long() -> Harness {
    let mut harness = Harness::set_up(Stage::written(DRAINS_LONG), |_| ());
    harness.pass(8).await;
    harness
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_from_here_is_on_the_page_with_its_caller() {
    let mut harness = drains_long().await;
    harness.press("t").await;
    harness.pass(4).await;
    harness.press("<tab><enter>").await;
    harness.pass(60).await;
    harness.press("w").await;
    harness.pass(4).await;
    let screen = harness.screen();
    let line = screen.lines().find(|line| line.contains("stickiness.enabled")).unwrap_or_else(|| panic!("{screen}"));
    assert!(line.contains("false -> true") && line.contains("(by "), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn enter_on_a_finding_asks_for_the_change_that_ends_it() {
    let mut harness = drains_long().await;
    harness.press("<enter>5").await;
    harness.pass(8).await;
    assert!(harness.screen().contains("drains for 20 s, and a command may take 10 s"), "{}", harness.screen());
    let at = harness.app.state.screens.environment().unwrap().findings.rows.len();
    for _ in 0..at {
        if harness.screen().contains("sets deregistration_delay.timeout_seconds=10") {
            break;
        }
        harness.press("j").await;
    }
    harness.press("<enter>").await;
    harness.pass(4).await;
    let screen = harness.screen();
    assert!(screen.contains("Change deregistration_delay.timeout_seconds of web") && screen.contains("20"), "{screen}");
    harness.press("<tab><enter>").await;
    harness.pass(120).await;
    let findings = &harness.app.state.screens.environment().unwrap().findings;
    let ids: Vec<_> =
        findings.rows.iter().map(|row| format!("{row:?}")).filter(|row| row.contains("drains for")).collect();
    assert!(ids.is_empty(), "{ids:?}");
}
