//! Minutes that are published late and revised: what is on the screen in the end is what was true.

use std::time::Duration;

use beanpole::model::{Chart, Measure, Moment, Range, Source, Window};
use beanpole::polling::measures::{question, series_of};

use super::wire::read;
use crate::support::{Harness, Stage};

/// What the Fleet shows of an environment's requests, minute by minute.
fn trend(harness: &Harness, name: &str) -> Vec<Option<f32>> {
    let state = &harness.app.state;
    let key = &state.snapshot().inventory.environment_named(name).unwrap().key;
    let found = beanpole::diagnosis::figures(state.snapshot(), key);
    let beanpole::model::Known::Read(figures) = found else { panic!("{found:?}") };
    figures.trend.to_vec()
}

#[tokio::test(start_paused = true)]
async fn every_minute_ends_as_it_was() {
    let mut harness = Harness::new("healthy");
    harness.pass(20 * 60).await;
    let (name, last) = ("alpha-web-prod", harness.stage.clock.now());
    let shown = trend(&harness, name);
    let series = {
        let state = &harness.app.state;
        let key = &state.snapshot().inventory.environment_named(name).unwrap().key;
        series_of(state.snapshot(), key, Measure::Row)
    };
    // Long after, nothing changes any more.
    tokio::time::sleep(Duration::from_mins(15)).await;
    let (settled, _) = read(&harness.stage, name, &[Measure::All { seconds: 3600, period: 60 }]).await;
    let known = &harness.app.state.snapshot().inventory.metrics;
    let mut compared = 0;
    for back in 7..25 {
        let minute = Window::ending(last.minus(Duration::from_mins(back)), Duration::ZERO, 60).from;
        for key in &series {
            let (seen, is) = (known.get(key, 60).unwrap(), settled.snapshot.inventory.metrics.get(key, 60).unwrap());
            assert_eq!(seen.at(minute), is.at(minute), "{key:?} {back} minutes back");
            compared += 1;
        }
    }
    assert!(compared >= 18 * 4, "{compared}");
    assert_trend(&harness, &shown, last, &settled, &series[0]);
}

#[tokio::test(start_paused = true)]
async fn a_minute_that_may_still_come_is_not_called_zero() {
    let mut harness = Harness::new("healthy").size(120, 40);
    harness.pass(6).await;
    harness.press("<enter>m").await;
    // The minutes turn at every second of the clock; a reading is up to a minute old.
    for _ in 0..40 {
        harness.pass(17).await;
        let screen = harness.screen();
        let title = screen.lines().find(|line| line.contains(" Requests ")).unwrap();
        let figure = title.split("Errors").next().unwrap().split_whitespace().last().unwrap();
        assert!(figure.ends_with("/s") && figure != "0/s", "{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_comes_half_an_hour_late_is_read_again_for_longer() {
    let stage = Stage::new("healthy");
    let chart = |chart| Measure::Chart { chart, range: Range::Hours3, zones: false };
    let measures = [chart(Chart::Capacity), chart(Chart::Requests)];
    let (gathered, key) = read(&stage, "alpha-web-prod", &measures).await;
    let now = stage.clock.now();
    let again = |measure| {
        let source = Source::Metrics(key.clone(), measure);
        let question = question(&gathered.snapshot, &[source], now).unwrap();
        now.since(question.window.from).as_secs() / 60
    };
    // Consumed capacity comes about thirty minutes late, and may be revised then; other figures within ten minutes.
    let [capacity, requests] = measures.map(again);
    assert!((40..=60).contains(&capacity), "{capacity} minutes");
    assert!((9..=12).contains(&requests), "{requests} minutes");
}

/// The cells of a row but the newest, which may still be revised.
fn assert_trend(
    harness: &Harness,
    shown: &[Option<f32>],
    last: Moment,
    settled: &beanpole::runtime::Gathered,
    requests: &beanpole::model::SeriesKey,
) {
    let state = &harness.app.state;
    let key = &state.snapshot().inventory.environment_named("alpha-web-prod").unwrap().key;
    let read = state.snapshot().reads.read_at(&beanpole::model::Source::Metrics(key.clone(), Measure::Row)).unwrap();
    assert!(read <= last && last.since(read) < Duration::from_secs(70), "{read:?} {last:?}");
    // A minute is shown when it ended three minutes before it was read.
    let newest = Window::ending(read.minus(Duration::from_mins(4)), Duration::ZERO, 60).from;
    for (back, cell) in shown.iter().rev().enumerate().skip(3) {
        let minute = newest.minus(Duration::from_mins(back as u64));
        let truth = settled.snapshot.inventory.metrics.get(requests, 60).unwrap().at(minute).unwrap_or(0.0) / 60.0;
        assert!((f64::from(cell.unwrap()) - truth).abs() < 1e-3, "{back}: {cell:?} is {truth}");
    }
}
