//! How quick a chart is: `cargo bench --bench charts` prints p50, p99 and the worst, beside what the house asks for.
//!
//! Twelve lines of 720 values at 200 by 60: noise, which fills the whole height, and waves, which look like metrics.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that cannot be made ends the program")]

use std::time::{Duration, Instant};

use beanpole::config::{Glyphs, Role, Theme};
use beanpole::model::{FigureUnit as Unit, Moment};
use beanpole::ui::Look;
use beanpole::ui::chart::{Absence, Chart, Line};
use hdrhistogram::Histogram;
use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

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
}

fn series(value: &mut dyn FnMut(usize, usize) -> f64) -> Vec<Vec<f64>> {
    (0..LINES).map(|line| (0..VALUES).map(|at| value(line, at)).collect()).collect()
}

fn measure(what: &str, frames: usize, series: &[Vec<f64>]) {
    let look = Look::new(&Theme::named("dark").unwrap(), Glyphs::new(false));
    let lines: Vec<_> = series
        .iter()
        .map(|values| Line { name: "zone", role: Role::FirstSeries, values, absence: Absence::Zero })
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
        chart.render(AREA, &look, &mut buffer);
        times.record(began.elapsed().as_nanos() as u64).unwrap();
        std::hint::black_box(buffer);
    }
    let micros = |quantile| times.value_at_quantile(quantile) as f64 / 1000.0;
    let [p50, p99, worst] = [0.5, 0.99, 1.0].map(micros);
    println!("a chart of {what:<23} p50 {p50:>8.1} µs   p99 {p99:>8.1} µs   max {worst:>8.1} µs   wanted: p99 2 ms");
}
