//! Deploys followed to their verdict, as a pipeline would: through the SDK, on the paused clock. A thousand seeds of each
//! are `cargo bench --bench verdicts`.

mod policies;
mod rollbacks;

use std::time::Duration;

use beanpole::deploy::VerdictKind;
use beanpole::sim::Scenario;

use crate::support::Stage;
use crate::support::deploy::{Trace, followed, with_peak};

/// Seeds of each scenario; as many as a test run can bear.
const SEEDS: std::ops::Range<u64> = 0..10;

async fn followed_to_the_end(scenario: Scenario, environment: &str) -> Trace {
    followed(&Stage::of(scenario), environment, |_| false).await
}

#[tokio::test(start_paused = true)]
async fn a_good_version_is_not_called_worse() {
    for seed in SEEDS {
        let trace = followed_to_the_end(with_peak("rolling", 120.0).with_seed(seed), "orders-web-prod").await;
        assert_eq!(trace.watch.verdict().kind, VerdictKind::Same, "seed {seed}: {:?}", trace.watch.verdict());
        assert_eq!(trace.worse(true), None, "seed {seed}: a false alarm");
        assert!(trace.busiest <= 60, "{} calls within a minute", trace.busiest);
    }
}

#[tokio::test(start_paused = true)]
async fn a_bad_version_is_called_worse_early_and_confirmed_and_in_the_end() {
    for seed in SEEDS {
        let trace = followed_to_the_end(with_peak("bad-deploy", 24.0).with_seed(seed), "checkout-web-prod").await;
        let serving = trace.event("Batch 2: Registering").unwrap();
        let (early, confirmed) = (trace.worse(true).unwrap(), trace.worse(false).unwrap());
        assert!(early.since(serving) <= Duration::from_secs(60), "seed {seed}: early after {:?}", early.since(serving));
        let took = confirmed.since(serving);
        assert!(took <= Duration::from_mins(5), "seed {seed}: confirmed after {took:?}");
        assert_eq!(trace.watch.verdict().kind, VerdictKind::Worse, "seed {seed}");
        assert!(trace.watch.verdict().after.target_5xx_percent > 5.0);
    }
}

#[tokio::test(start_paused = true)]
async fn too_little_traffic_is_always_unclear() {
    for seed in 0..4 {
        let trace = followed_to_the_end(with_peak("rolling", 0.3).with_seed(seed), "orders-web-prod").await;
        let verdict = trace.watch.verdict();
        assert_eq!(verdict.kind, VerdictKind::Unclear, "seed {seed}: {verdict:?}");
        assert!(verdict.reasons[0].words.contains("fewer than 100"), "{verdict:?}");
    }
}
