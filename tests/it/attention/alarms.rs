//! An alarm that goes to ALARM, and back: the row of the environment that it looks at, and no other, within one cadence.

use super::{line, on, title};
use crate::support::Harness;
use crate::support::alarm::set_alarm;

const SCENARIO: &str = scenario!(
    "two environments with alarms",
    environment!("web"),
    environment!("api"),
    alarm!("web-errors", "HTTPCode_Target_5XX_Count", target_group = "web", threshold = 5.0, state = "OK"),
    alarm!("api-errors", "HTTPCode_Target_5XX_Count", target_group = "api", threshold = 5.0, state = "OK"),
    alarm!("api-scales", "RequestCount", target_group = "api", threshold = 5.0, state = "OK", action = "scale"),
    table!("composite_alarm", name = "any", rule = "ALARM(web-errors)"),
);

/// How many alarms of an environment are in ALARM, as the answers count them.
fn count(harness: &Harness, name: &str) -> usize {
    let snapshot = harness.app.state.snapshot();
    let environment = snapshot.inventory.environments.values().find(|it| &*it.name == name).unwrap();
    snapshot.raised_alarms(environment).len()
}

#[tokio::test(start_paused = true)]
async fn a_row_follows_its_alarms_within_one_cadence() {
    let mut harness = on(SCENARIO);
    harness.pass(70).await;
    assert!(title(&mut harness).contains("none needs attention"), "{}", title(&mut harness));
    set_alarm(&harness, "web-errors", "ALARM");
    harness.pass(61).await;
    assert!(title(&mut harness).contains("1 needs attention"), "{}", harness.screen());
    assert_eq!((count(&harness, "web"), count(&harness, "api")), (2, 0), "with the composite one that follows it");
    harness.press("x").await;
    assert!(line(&mut harness, "web").contains("web"));
    assert!(!harness.screen().contains("api  "), "{}", harness.screen());
    harness.press("x").await;
    set_alarm(&harness, "web-errors", "OK");
    harness.pass(61).await;
    assert!(title(&mut harness).contains("none needs attention"), "{}", title(&mut harness));
    assert_eq!(count(&harness, "web"), 0);
    // The alarms of the region are one call, however many environments there are.
    harness.stage.world.clear_calls();
    harness.pass(120).await;
    assert_eq!(harness.calls("DescribeAlarms"), 2);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_that_scales_is_no_reason_to_look() {
    let mut harness = on(SCENARIO);
    harness.pass(20).await;
    set_alarm(&harness, "api-scales", "ALARM");
    harness.pass(61).await;
    assert!(title(&mut harness).contains("none needs attention"), "{}", title(&mut harness));
    assert_eq!(count(&harness, "api"), 0);
}
