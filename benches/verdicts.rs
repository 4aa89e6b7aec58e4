//! How often a verdict is right, and how soon: `cargo bench --bench verdicts` follows a thousand simulated deploys of each
//! kind through the SDK, on the paused clock. `VERDICT_SEEDS=50` takes fewer;
//! `VERDICT_CASE=24` runs only those whose name or traffic contains that. A deployment is some 500 SDK calls: 1.6 s of
//! a core without optimizations (`--profile dev`), so that a thousand of them take a quarter of an hour on two idle cores.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement that cannot be made ends the program, and the others are printed"
)]

#[path = "../tests/it/support/mod.rs"]
#[allow(dead_code, unused_imports, unused_macros, reason = "the tests use all of it")]
mod support;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use beanpole::deploy::VerdictKind;
use support::Stage;
use support::deploy::{Trace, followed, with_peak};
use support::rollback::{harmful, rolled_back, serves};

/// What is measured: a scenario at a traffic, and the environment in it.
const CASES: &[(&str, f64, &str)] = &[
    ("rolling", 120.0, "orders-web-prod"),
    ("rolling", 24.0, "orders-web-prod"),
    ("rolling", 2.0, "orders-web-prod"),
    ("rolling", 0.3, "orders-web-prod"),
    ("bad-deploy", 70.0, "checkout-web-prod"),
    ("bad-deploy", 24.0, "checkout-web-prod"),
    ("bad-deploy", 0.3, "checkout-web-prod"),
];

fn main() {
    // `cargo test --benches` runs benches too, to see that they work; it must not take long.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let seeds = std::env::var("VERDICT_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1000);
    let wanted = std::env::var("VERDICT_CASE").unwrap_or_default();
    for (scenario, peak, environment) in CASES {
        if !format!("{scenario} {peak}").contains(&wanted) {
            continue;
        }
        println!("{scenario}, at most {peak} requests/s, {seeds} seeds");
        report(&outcomes(scenario, *peak, environment, seeds));
    }
    if "rollback 24".contains(&wanted) {
        println!("bad-deploy, at most 24 requests/s, rolled back when it is confirmed to be worse, {seeds} seeds");
        report_rollbacks(&each(seeds, rollback));
    }
}

/// How a rollback ended.
struct RollbackOutcome {
    seed: u64,
    kind: Option<VerdictKind>,
    serves_before: bool,
    was_worse: bool,
}

async fn rollback(seed: u64) -> RollbackOutcome {
    let stage = Stage::of(with_peak("bad-deploy", 24.0).with_seed(seed));
    let bad = harmful(&stage, "checkout-web-prod", Duration::from_mins(45)).await;
    let Ok(bad) = bad else { return RollbackOutcome { seed, kind: None, serves_before: false, was_worse: false } };
    let key = bad.watch.environment().key.clone();
    let ended = rolled_back(&stage, bad).await;
    let (status, versions) = serves(&stage, &key).await;
    RollbackOutcome {
        seed,
        kind: ended.watch.as_ref().map(|watch| watch.verdict().kind),
        serves_before: status == "Ready v18" && versions.iter().all(|it| it.as_deref() == Some("v18")),
        was_worse: !ended.worse.is_empty(),
    }
}

fn report_rollbacks(outcomes: &[RollbackOutcome]) {
    let count = |is_it: &dyn Fn(&RollbackOutcome) -> bool| outcomes.iter().filter(|it| is_it(it)).count();
    let serves = count(&|it| it.serves_before);
    let (good, worse) = (count(&|it| it.kind.is_some_and(VerdictKind::is_good)), count(&|it| it.was_worse));
    println!(
        "  of {}: the version before serves again {serves}, good in the end {good}, ever worse {worse}",
        outcomes.len()
    );
    let is_odd =
        |it: &&RollbackOutcome| !it.serves_before || it.was_worse || !it.kind.is_some_and(VerdictKind::is_good);
    let odd: Vec<_> = outcomes.iter().filter(is_odd).map(|it| (it.seed, it.kind)).collect();
    if !odd.is_empty() {
        println!("  otherwise: {odd:?}");
    }
}

/// The result of one seed.
struct Outcome {
    kind: VerdictKind,
    has_been_worse: bool,
    early: Option<Duration>,
    confirmed: Option<Duration>,
    is_false_alarm: bool,
    requests_per_second: f64,
    requests: f64,
}

impl Outcome {
    fn of(trace: &Trace) -> Self {
        // From when on the second batch takes requests.
        let serving = trace.event("Batch 2: Registering");
        let since = |at: Option<_>| {
            Some(at).flatten().zip(serving).map(|(at, from): (beanpole::model::Moment, _)| at.since(from))
        };
        let verdict = trace.watch.verdict();
        Self {
            kind: verdict.kind,
            has_been_worse: trace.worse(false).is_some(),
            early: since(trace.worse(true)),
            confirmed: since(trace.worse(false)),
            is_false_alarm: trace.worse(true).is_some(),
            requests_per_second: verdict.before.requests_per_second,
            requests: verdict.after.requests,
        }
    }
}

fn outcomes(scenario: &str, peak: f64, environment: &str, seeds: u64) -> Vec<Outcome> {
    each(seeds, |seed| async move {
        let stage = Stage::of(with_peak(scenario, peak).with_seed(seed));
        Outcome::of(&followed(&stage, environment, |_| false).await)
    })
}

/// Runs each seed on the paused clock, on two threads.
fn each<T: Send, F: Future<Output = T>>(seeds: u64, run: impl Fn(u64) -> F + Sync) -> Vec<T> {
    let next = AtomicU64::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                return done;
            }
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
            done.push(runtime.block_on(run(seed)));
        }
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(work), scope.spawn(work)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

fn report(outcomes: &[Outcome]) {
    let share = |is_it: &dyn Fn(&Outcome) -> bool| {
        let count = outcomes.iter().filter(|outcome| is_it(outcome)).count();
        format!("{:.1} %", count as f64 * 100.0 / outcomes.len() as f64)
    };
    let kinds = [
        VerdictKind::Better,
        VerdictKind::Same,
        VerdictKind::Worse,
        VerdictKind::Unclear,
        VerdictKind::Failed,
        VerdictKind::Aborted,
        VerdictKind::Timeout,
    ];
    let ends: Vec<_> =
        kinds.iter().map(|kind| format!("{} {}", kind.as_str(), share(&|it| it.kind == *kind))).collect();
    println!("  ends     {}", ends.join(", "));
    println!(
        "  on the way: confirmed worse {}, early worse {}",
        share(&|it| it.has_been_worse),
        share(&|it| it.is_false_alarm)
    );
    let least = |pick: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(pick).fold(f64::INFINITY, f64::min);
    let most = |pick: &dyn Fn(&Outcome) -> f64| outcomes.iter().map(pick).fold(0.0, f64::max);
    let rate: (f64, f64) = (least(&|it| it.requests_per_second), most(&|it| it.requests_per_second));
    println!(
        "  traffic before {:.1}..{:.1}/s, requests after {:.0}..{:.0}",
        rate.0,
        rate.1,
        least(&|it| it.requests),
        most(&|it| it.requests)
    );
    delays("early", outcomes.iter().filter_map(|it| it.early).collect());
    delays("confirmed", outcomes.iter().filter_map(|it| it.confirmed).collect());
}

fn delays(name: &str, mut delays: Vec<Duration>) {
    delays.sort();
    let Some(most) = delays.last() else { return };
    let at = |percent: usize| delays[(delays.len() - 1) * percent / 100].as_secs();
    println!(
        "  {name:9} after batch 2 serves: p50 {} s, p90 {} s, p99 {} s, most {} s",
        at(50),
        at(90),
        at(99),
        most.as_secs()
    );
}
