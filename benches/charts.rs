//! How quick a chart is: `cargo bench --bench charts` prints p50, p99 and the worst, beside what the house asks for.
//!
//! Twelve lines of 720 values at 200 by 60: noise, which fills the whole height, and waves, which look like metrics; and
//! the whole screen of the Metrics tab over twelve hours, whose charts have more lines than that together.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that cannot be made ends the program"
)]

#[path = "../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "the tests use all of it")]
mod support;

use std::time::{Duration, Instant};

use beanpole::config::{Glyphs, Role, Theme};
use beanpole::model::{FigureUnit as Unit, Moment};
use beanpole::ui::Look;
use beanpole::ui::chart::{self, Absence, Chart, DrawnLine};
use beanpole::ui::draw;
use hdrhistogram::Histogram;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use support::Harness;

const AREA: Rect = Rect { x: 0, y: 0, width: 200, height: 60 };
const LINES: usize = 12;
const VALUES: usize = 720;

fn main() {
    // `cargo test --benches` runs benches too, to see that they work; it must not take long.
    let frames = if std::env::args().any(|argument| argument == "--test") { 2 } else { 2000 };
    let mut random = fastrand::Rng::with_seed(1);
    let mut noise = |_: usize, _: usize| random.f64() * 100.0;
    measure("noise", frames, &series(&mut noise));
    measure("waves", frames, &series(&mut |line, at| 50.0 + 40.0 * (at as f64 / (20.0 + line as f64)).sin()));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(metrics_tab(frames));
}

/// The real screen, with figures that were read from the simulated region.
async fn metrics_tab(frames: usize) {
    let mut harness = Harness::new("shop").size(AREA.width, AREA.height);
    harness.pass(6).await;
    harness.press("/shop-web-prod<enter><enter>m++").await;
    harness.pass(6).await;
    let metrics = &harness.app.state.snapshot().inventory.metrics;
    let charts = harness.app.state.screens.environment().unwrap().charts.places().len();
    println!("the Metrics tab shows {charts} charts; {} values are kept", metrics.values());
    let mut times = Histogram::<u64>::new(3).unwrap();
    for _ in 0..frames {
        let mut buffer = Buffer::empty(AREA);
        let began = Instant::now();
        draw(&harness.app.state, &harness.look, &mut buffer);
        times.record(began.elapsed().as_nanos() as u64).unwrap();
        std::hint::black_box(buffer);
    }
    report("the Metrics tab over 12 hours", &times, "p99 2 ms");
}

fn series(value: &mut dyn FnMut(usize, usize) -> f64) -> Vec<Vec<f64>> {
    (0..LINES).map(|line| (0..VALUES).map(|at| value(line, at)).collect()).collect()
}

fn measure(what: &str, frames: usize, series: &[Vec<f64>]) {
    let look = Look::new(&Theme::named("dark").unwrap(), Glyphs::new(false));
    let lines: Vec<_> = series
        .iter()
        .map(|values| DrawnLine { name: "zone", role: Role::FirstSeries, values, absence: Absence::Zero, late: 0 })
        .collect();
    let period = Duration::from_secs(60);
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let chart = Chart {
        title: "Requests",
        note: "shared by 2 environments",
        unit: Unit::PerSecond,
        from: Moment::EPOCH,
        until: Moment::EPOCH.plus(period * VALUES as u32),
        period,
        lines: &lines,
        cursor: Some(Moment::EPOCH.plus(period * 300)),
        marks: &[],
        partial_from: None,
        empty: "",
        focused: true,
        time_zone: &zone,
    };
    let mut times = Histogram::<u64>::new(3).unwrap();
    for _ in 0..frames {
        let mut buffer = Buffer::empty(AREA);
        let began = Instant::now();
        chart::render(&chart, AREA, &look, &mut buffer);
        times.record(began.elapsed().as_nanos() as u64).unwrap();
        std::hint::black_box(buffer);
    }
    report(&format!("a chart of {what}"), &times, "p99 2 ms");
}

fn report(what: &str, times: &Histogram<u64>, wanted: &str) {
    let micros = |quantile| times.value_at_quantile(quantile) as f64 / 1000.0;
    let [p50, p99, worst] = [0.5, 0.99, 1.0].map(micros);
    println!("{what:<34} p50 {p50:>8.1} µs   p99 {p99:>8.1} µs   max {worst:>8.1} µs   wanted: {wanted}");
}
