//! Deploys followed to their verdict, as a pipeline would: through the SDK, on the paused clock.

use beanpole::deploy::VerdictKind;
use beanpole::sim::Scenario;

use crate::support::Region;
use crate::support::deploy::{Trace, followed};

async fn trace(scenario: &str, environment: &str, seed: u64) -> Trace {
    let region = Region::of(Scenario::embedded(scenario).unwrap().with_seed(seed));
    followed(&region, environment, |_| false).await
}

#[tokio::test(start_paused = true)]
async fn a_look() {
    for (scenario, environment) in [("rolling", "orders-web-prod"), ("bad-deploy", "checkout-web-prod")] {
        let began = std::time::Instant::now();
        let trace = trace(scenario, environment, 1).await;
        for (at, it) in &trace.happened {
            match &it.what {
                beanpole::deploy::Happening::Metrics(minute) => println!("{:?} {:?}", at, minute),
                what => println!("{:?} {:?}", at, what),
            }
        }
        println!("{scenario} {:?} busiest {} real {:?}", trace.watch.verdict(), trace.busiest, began.elapsed());
    }
    let _ = VerdictKind::Same;
}
