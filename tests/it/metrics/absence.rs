//! What it means that there is no value, and whose errors are whose.

use std::time::Duration;

use beanpole::diagnosis::RowFigures;
use beanpole::model::{
    Chart, Key, Known, Measure, Measured, Metric, MetricAnswer, Metrics, Moment, Range, ScopeId, SeriesKey, Statistic,
    Window, with_front,
};

use super::wire::read;
use crate::support::{Harness, Stage};

/// An environment without requests, and one whose targets all fail.
const EXTREMES: &str = scenario!(
    "extremes",
    environment!("silent", traffic = { peak = 0.0 }),
    environment!(
        "broken", traffic = { peak = 20.0, server_errors = 1.0 },
        timeline = [{ at = "-30m", targets = [1, 2], becomes = "refusing" }],
    ),
);

fn figures(harness: &Harness, name: &str) -> RowFigures {
    let state = &harness.app.state;
    let key = &state.snapshot().inventory.environment_named(name).unwrap().key;
    let found = beanpole::diagnosis::figures(state.snapshot(), key);
    let Known::Read(figures) = found else { panic!("{name}: {found:?}") };
    figures
}

#[tokio::test(start_paused = true)]
async fn nothing_counted_is_zero_and_nothing_measured_is_a_gap() {
    let mut harness = Harness::written(EXTREMES);
    harness.pass(120).await;
    let silent = figures(&harness, "silent");
    assert_eq!((silent.requests, silent.errors, silent.p99), (0.0, None, None));
    assert!(silent.trend.iter().all(|minute| *minute == Some(0.0)), "{silent:?}");
    harness.press("/silent<enter><enter>m").await;
    harness.pass(5).await;
    let screen = harness.screen();
    assert!(screen.contains("nothing was answered in this time"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn errors_are_at_most_all_of_it() {
    let mut harness = Harness::written(EXTREMES);
    let mut worst: f64 = 0.0;
    for _ in 0..20 {
        harness.pass(30).await;
        worst = worst.max(figures(&harness, "broken").errors.unwrap_or_default());
        assert!(worst <= 100.0, "{worst}");
    }
    assert!(worst > 99.0, "{worst}");
}

#[tokio::test(start_paused = true)]
async fn on_a_shared_load_balancer_only_what_targets_made_counts_and_it_is_said() {
    let mut harness = Harness::new("shared-alb").size(200, 40);
    harness.pass(120).await;
    for name in ["survey-web-prod", "survey-api-prod", "ticket-web-prod", "ticket-admin-prod"] {
        assert!(figures(&harness, name).targets_only, "{name}");
    }
    harness.press("/ticket-web<enter><enter>m").await;
    harness.pass(5).await;
    let screen = harness.screen();
    assert!(screen.contains("Errors made by the load balancer (shared)"), "{screen}");
    assert!(!screen.contains("Errors made by targets (shared)"), "{screen}");
    let mut own = Harness::new("healthy").size(120, 40);
    own.pass(6).await;
    own.press("<enter>m").await;
    assert!(!own.screen().contains("(shared)"), "{}", own.screen());
}

/// The values of a metric's line over the last hour, added up where it has several series, and how many series it has.
async fn line(stage: Stage, name: &str, chart: Chart, metric: Metric) -> (Vec<f64>, usize) {
    let measure = Measure::Chart { chart, range: Range::Hour, zones: false };
    let (gathered, key) = read(&stage, name, &[measure]).await;
    let window = Window::ending(stage.clock.now(), measure.length(), measure.period());
    with_front(&gathered.snapshot, &key, |front| {
        let series = front.series(metric, Statistic::Sum);
        assert!(series.iter().all(SeriesKey::exists), "{series:?}");
        let mut values = Vec::new();
        gathered.snapshot.inventory.metrics.copy_sum(&series, window, &mut values);
        (values, series.len())
    })
    .unwrap()
}

#[tokio::test(start_paused = true)]
async fn fail_open_is_seen_on_a_load_balancer_of_its_own() {
    let (values, series) = line(Stage::written(EXTREMES), "broken", Chart::Stickiness, Metric::UnhealthyRouting).await;
    assert_eq!(series, 1);
    assert!(values.iter().filter(|value| **value > 0.0).count() > 20, "{values:?}");
}

#[tokio::test(start_paused = true)]
async fn what_exists_only_by_zone_is_read_zone_by_zone_and_added_up() {
    let busy = scenario!("busy", environment!("busy", traffic = { peak = 900.0 }));
    let metric = Metric::ForwardedInvalidHeaders;
    let (values, zones) = line(Stage::written(busy), "busy", Chart::Invalid, metric).await;
    assert!(zones > 1 && values.iter().any(|value| *value > 0.0), "{zones} zones, {values:?}");
    // On the screen it is one line, without a zone's letter, until the zones are what is looked at.
    let mut harness = Harness::written(busy).size(120, 40);
    harness.pass(6).await;
    harness.press("<enter>m").await;
    let place = Chart::ALL.iter().position(|chart| *chart == Chart::Invalid).unwrap();
    harness.press(&("j".repeat(place) + "<enter>")).await;
    harness.pass(5).await;
    let screen = harness.screen();
    let title =
        screen.lines().find(|line| line.contains("Requests out of order")).unwrap_or_else(|| panic!("{screen}"));
    assert!(title.contains(" forwarded ") && !title.contains("1a forwarded"), "{screen}");
}

#[test]
fn a_sum_has_a_value_where_any_of_its_series_has_one() {
    let minute = |number: u64| Moment::EPOCH.plus(Duration::from_mins(number));
    let load_balancer = Key::new(ScopeId(0), "lb");
    let (metric, statistic) = (Metric::ForwardedInvalidHeaders, Statistic::Sum);
    let in_zone = |zone: &str| {
        let of = Measured { load_balancer: load_balancer.clone(), target_group: None, zone: Some(zone.into()) };
        SeriesKey { metric, statistic, of }
    };
    let window = Window { period: 60, from: minute(100), until: minute(104) };
    let points = |given: &[(u64, f64)]| given.iter().map(|(at, value)| (minute(*at), *value)).collect();
    let series =
        vec![(in_zone("a"), points(&[(100, 1.0), (101, 2.0)])), (in_zone("b"), points(&[(101, 5.0), (102, 0.0)]))];
    let mut metrics = Metrics::default();
    metrics.replace(MetricAnswer { window, series }, minute(104));
    let mut sum = vec![9.0];
    metrics.copy_sum(&[in_zone("a"), in_zone("b"), in_zone("never read")], window, &mut sum);
    assert_eq!(sum[..3], [1.0, 7.0, 0.0]);
    assert!(sum.len() == 4 && sum[3].is_nan(), "{sum:?}");
}
