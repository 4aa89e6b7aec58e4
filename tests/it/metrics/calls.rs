//! What figures cost: calls by what is looked at, and never more than the cap.

use std::time::Duration;

use beanpole::app::{DashboardSetup, Message};
use beanpole::model::DOLLARS_PER_SERIES;
use beanpole::polling::{Cadence, Cadences};

use crate::support::spy::Spy;
use crate::support::{Harness, Stage};

/// Everything but figures is read once a day.
pub fn only_metrics(setup: &mut DashboardSetup) {
    let day = Cadence { visible: Duration::from_hours(24), background: Duration::from_hours(24) };
    let Cadences { metrics, .. } = setup.cadences;
    setup.cadences = Cadences {
        environments: day,
        events: day,
        inventory: day,
        target_health: day,
        attributes: day,
        listeners: day,
        health: day,
        resources: day,
        instances: day,
        tags: day,
        settings: day,
        certificates: day,
        alarms: day,
        metrics,
    };
}

/// Returns how often figures were requested since the last time.
fn calls(harness: &Harness) -> usize {
    let calls = harness.stage.world.calls();
    harness.stage.world.clear_calls();
    calls.iter().filter(|call| call.operation == "GetMetricData").count()
}

async fn environment(scenario: &str, name: &str) -> Harness {
    let mut harness = Harness::new(scenario).size(120, 40);
    harness.pass(6).await;
    harness.press(&format!("/{name}<enter><enter>")).await;
    harness
}

#[tokio::test(start_paused = true)]
async fn opening_the_metrics_tab_is_one_call_and_one_for_what_takes_the_room_of_zeros_and_so_is_looking_elsewhere() {
    let mut harness = environment("shop", "shop-web-prod").await;
    calls(&harness);
    harness.press("m").await;
    assert_eq!(calls(&harness), 2);
    for (keys, what) in [("+", "longer"), ("z", "zones"), ("jjjjjjj", "scrolled"), ("<enter>", "enlarged")] {
        harness.press(keys).await;
        let made = calls(&harness);
        // What turns out to be zero is folded, and the charts in its room are one more call; a key typed while the call
        // before it is under way asks for what that one does not bring.
        assert!(made <= 2 || keys.len() > 1 && made <= 3, "{what}: {made}");
    }
    harness.press("<esc>-").await;
    assert!(calls(&harness) <= 2);
    harness.press("c<left><left><right>").await;
    assert_eq!(calls(&harness), 0, "names and the crosshair cost nothing");
}

#[tokio::test(start_paused = true)]
async fn who_does_not_look_pays_nothing() {
    let mut harness = environment("shop", "shop-web-prod").await;
    harness.press("m").await;
    harness.handle(Message::Focused(false));
    calls(&harness);
    harness.pass(600).await;
    assert_eq!(calls(&harness), 0);
    harness.handle(Message::Focused(true));
    harness.pass(2).await;
    let made = calls(&harness);
    // The charts at once; the rows that are not on screen, which are as old, in a call of their own period.
    assert!((1..=2).contains(&made), "{made}");
}

#[tokio::test(start_paused = true)]
async fn a_minute_of_the_metrics_tab_is_one_call() {
    let mut harness = Harness::set_up(Stage::new("healthy"), |setup| {
        only_metrics(setup);
        setup.cadences.metrics.background = Duration::from_hours(24);
        // The charts that it reads keep their own minute.
        setup.preview = false;
    });
    harness.pass(6).await;
    harness.press("<enter>m").await;
    harness.pass(5).await;
    calls(&harness);
    harness.pass(600).await;
    assert_eq!(calls(&harness), 10);
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_a_large_fleet_costs_no_more_than_the_cap() {
    let (stage, spy) = Spy::on(Stage::new("fleet-200"));
    let mut harness = Harness::set_up(stage, only_metrics).size(120, 40);
    harness.pass_unseen(Duration::from_hours(1)).await;
    let series: usize = spy.take().iter().map(|call| call.queries.len()).sum();
    let dollars = series as f64 * DOLLARS_PER_SERIES;
    let (reported, cap) = harness.app.state.poller().cost_budget.dollars(harness.stage.clock.now());
    println!("{series} series in an hour: ${dollars:.4}; told ${reported:.4} of ${cap}");
    assert!((cap - 0.10).abs() < 1e-9);
    assert!(dollars <= cap, "${dollars}");
    assert!(dollars > cap * 0.8, "the cap is used: ${dollars}");
    // Spending is counted by the minute: the first one has just dropped out.
    assert!((reported - dollars).abs() < cap * 0.1, "the header tells ${reported}, it was ${dollars}");
}
