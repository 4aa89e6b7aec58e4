//! Deploys followed to their verdict, as a pipeline would: through the SDK, on the paused clock.

use beanpole::deploy::{Happening, VerdictKind};
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
            let words = match &it.what {
                Happening::Metrics(it) => format!(
                    "METRICS {:?} {:?} 5xx {} elb {} p99 {:?} {:?}/{:?}",
                    it.at, it.requests, it.target_5xx, it.elb_5xx, it.p99, it.healthy, it.unhealthy
                ),
                Happening::Event(it) => format!("EVENT {:?} {}", it.at, it.message),
                Happening::Phase(it) => format!("PHASE {}", it.words()),
                Happening::Target(it) => format!("TARGET {} {:?} -> {:?} {:?}", it.target, it.from, it.to, it.reason),
                Happening::Verdict(it) => {
                    format!("VERDICT {} {:?}", it.words(), it.reasons.iter().map(|it| &it.words).collect::<Vec<_>>())
                }
            };
            println!("{:?} {words}", at);
        }
        println!("{scenario} {:?} busiest {} real {:?}", trace.watch.verdict(), trace.busiest, began.elapsed());
    }
    let _ = VerdictKind::Same;
}
