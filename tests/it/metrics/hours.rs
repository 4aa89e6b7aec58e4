//! Three days with the Metrics tab open: what is kept stays bounded.

use std::time::Duration;

use super::calls::only_metrics;
use crate::support::{Harness, Region};

/// What is kept: series, values, events, lines of the log, and all of the poller as text.
fn kept(harness: &Harness) -> [usize; 5] {
    let state = &harness.app.state;
    let metrics = &state.inventory.metrics;
    let poller = format!("{:?}", state.poller).len();
    [metrics.len(), metrics.values(), state.inventory.events.len(), state.log.len(), poller]
}

#[tokio::test(start_paused = true)]
async fn three_days_of_the_metrics_tab_keep_no_more_than_one() {
    let began = std::time::Instant::now();
    let mut harness = Harness::set_up(Region::new("healthy"), |setup| {
        only_metrics(setup);
        setup.cadences.environments.visible = Duration::from_hours(1);
        setup.cadences.events.visible = Duration::from_hours(1);
        setup.cadences.events.background = Duration::from_hours(1);
    })
    .size(80, 24);
    harness.pass(6).await;
    harness.press("<enter>m").await;
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
