//! What the checks cost: `cargo bench --bench checks` runs all of them over the region `fleet-1000`, and those of one
//! environment, and prints p50, p99 and the worst of each beside what the house asks for.
//!
//! Rows and options of the whole region are read first, through the SDK and the simulated region: a minute or two.

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

use beanpole::app::CheckSettings;
use beanpole::config;
use beanpole::diagnosis::{Judgement, SilencedChecks, checks, diagnose};
use beanpole::model::Snapshot;
use beanpole::polling::{Cadences, Freshness, Question};
use beanpole::runtime::Gathered;
use hdrhistogram::Histogram;
use support::Stage;

fn main() {
    // `cargo test --benches` runs benches too, to see that they work; it must not take long.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let name = std::env::var("CHECKS_REGION").unwrap_or_else(|_| "fleet-1000".to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    let gathered = runtime.block_on(async {
        let stage = Stage::new(&name).without_faults();
        stage.gather(questions).await
    });
    measure(&name, &gathered);
}

/// The rows and the options of all environments.
fn questions(known: &Snapshot) -> Vec<Question> {
    let all: Vec<_> = known.inventory.environments.keys().cloned().collect();
    let rows = Question::Rows { environments: all.clone(), visible: true };
    let questions = [Question::Linked, Question::Proven, rows, Question::Options(all), Question::Surroundings];
    questions.into_iter().take(if known.is_base_tried() { 5 } else { 1 }).collect()
}

fn measure(name: &str, gathered: &Gathered) {
    let Gathered { snapshot, poller, .. } = gathered;
    let (settings, cadences) = (CheckSettings::new(&config::defaults()), Cadences::new(&config::defaults()));
    let (reads, now) = (&snapshot.reads, snapshot.moment);
    let freshness = Freshness { reads, poller, cadences: &cadences, lost: None, now, is_lasting: false };
    let keys: Vec<_> = snapshot.inventory.environments.keys().collect();
    let silenced = SilencedChecks::new();
    let (mut one, mut row, mut page) = (histogram(), histogram(), histogram());
    let (mut region, mut findings) = (histogram(), 0);
    for _ in 0..10 {
        let began = Instant::now();
        for key in &keys {
            let started = Instant::now();
            let inputs = settings.inputs(snapshot, &freshness, key).unwrap();
            let _ = std::hint::black_box(Judgement::with_findings(&inputs, &silenced));
            record(&mut row, started.elapsed());
        }
        record(&mut region, began.elapsed());
    }
    for key in &keys {
        let started = Instant::now();
        let inputs = settings.inputs(snapshot, &freshness, key).unwrap();
        let _ = std::hint::black_box(Judgement::new(&inputs, &silenced));
        record(&mut one, started.elapsed());
        let started = Instant::now();
        findings += diagnose(&settings.inputs(snapshot, &freshness, key).unwrap()).findings.len();
        record(&mut page, started.elapsed());
    }
    println!("{name}: {} environments, {} checks, {findings} findings", keys.len(), checks().count());
    report("all checks, the whole region (under 50 ms)", &region);
    report("all checks, one environment (under 1 ms)", &row);
    report("the same with evidence, as doctor and the tab", &page);
    report("only what needs attention, one environment", &one);
}

fn histogram() -> Histogram<u64> {
    Histogram::new(3).unwrap()
}

fn record(times: &mut Histogram<u64>, took: Duration) {
    times.record(took.as_nanos().max(1) as u64).unwrap();
}

fn report(what: &str, times: &Histogram<u64>) {
    let micros = |nanos: u64| nanos as f64 / 1000.0;
    let (median, high) = (micros(times.value_at_quantile(0.5)), micros(times.value_at_quantile(0.99)));
    println!("{what:<50} p50 {median:>9.1} µs   p99 {high:>9.1} µs   worst {:>9.1} µs", micros(times.max()));
}
