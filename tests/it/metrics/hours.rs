//! Three days with the Metrics tab open: what is kept stays bounded.

use std::time::Duration;

use super::calls::only_metrics;
use crate::support::{Harness, Stage};

/// What is kept: series, values, events, lines of the log, and all of the poller as text.
fn kept(harness: &Harness) -> [usize; 5] {
    let state = &harness.app.state;
    let metrics = &state.snapshot().inventory.metrics;
    let poller = format!("{:?}", state.poller()).len();
    [metrics.len(), metrics.values(), state.snapshot().inventory.events.len(), state.messages.log.len(), poller]
}

/// The Metrics tab of `healthy`, of which the rest is hardly read.
async fn metrics_tab() -> Harness {
    let mut harness = Harness::set_up(Stage::new("healthy"), |setup| {
        only_metrics(setup);
        setup.cadences.environments.visible = Duration::from_hours(1);
        setup.cadences.events.visible = Duration::from_hours(1);
        setup.cadences.events.background = Duration::from_hours(1);
    })
    .size(80, 24);
    harness.pass(6).await;
    harness.press("<enter>m").await;
    harness
}

#[tokio::test(start_paused = true)]
async fn three_days_of_the_metrics_tab_keep_no_more_than_one() {
    let began = std::time::Instant::now();
    let mut harness = metrics_tab().await;
    harness.pass_unseen(Duration::from_hours(24)).await;
    let day = kept(&harness);
    harness.pass_unseen(Duration::from_hours(48)).await;
    let days = kept(&harness);
    println!("series, values, events, log, poller: {day:?}, then {days:?}, in {:?}", began.elapsed());
    assert!(days[0] <= day[0] && days[0] < 60, "series");
    // An hour of minutes, and a little more.
    assert!(days[1] <= day[1] && days[1] <= days[0] * 80, "values");
    assert!(days[2] <= 1_000 && days[3] <= 500, "events and log");
    assert!(days[4] <= day[4] + day[4] / 10, "poller");
}

/// A user who looks at everything once, and then at one thing, keeps only what that thing needs.
#[tokio::test(start_paused = true)]
async fn what_is_no_longer_looked_at_is_forgotten() {
    let mut harness = metrics_tab().await;
    harness.pass_unseen(Duration::from_hours(4)).await;
    let one = kept(&harness);
    // Each range with and without zones, and each chart.
    let mut all = one;
    for keys in ["z", "+", "+z", "+", "z+", "jjjj", "jjjj", "kkkkkkkk", "z", "-", "-", "-", "-"] {
        harness.press(keys).await;
        harness.pass_unseen(Duration::from_mins(5)).await;
        let now = kept(&harness);
        all = std::array::from_fn(|place| all[place].max(now[place]));
    }
    assert!(all[0] >= one[0] * 3 && all[1] >= one[1] * 3, "little was looked at: {one:?}, then {all:?}");
    harness.pass_unseen(Duration::from_hours(4)).await;
    let end = kept(&harness);
    println!("series, values, events, log, poller: {one:?}, of all {all:?}, in the end {end:?}");
    assert!(end[0] <= one[0], "{end:?} is kept of what was {one:?} before");
    // A series that is still looked at keeps as many minutes as were once asked of it.
    assert!(end[1] * 4 <= all[1], "values: {one:?}, of all {all:?}, in the end {end:?}");
    // What was asked is remembered, as little as it is.
    assert!(end[4] <= one[4] * 2, "the poller has {} characters, {} before", end[4], one[4]);
}
