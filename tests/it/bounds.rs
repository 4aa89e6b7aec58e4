//! Whatever comes, it is bounded: a read that fails in a way that nobody foresaw is a fault.

use beanpole::app::polling::{Cadences, Question, plans};
use beanpole::config;
use beanpole::model::{FaultKind, ScopeId, Source};
use beanpole::runtime::gather;
use beanpole::sim::Scenario;
use std::time::Duration;

use crate::support::broken::Broken;
use crate::support::{Harness, Region};

/// A region in which reading this panics.
fn panicking(operation: &'static str) -> Region {
    Region::through(Scenario::embedded("shop").unwrap(), move |world| {
        Broken::new(world, &[operation], |_| panic!("the connector of the test broke")).client()
    })
}

#[tokio::test(start_paused = true)]
async fn a_read_that_panics_is_a_fault_and_is_not_waited_for() {
    let region = panicking("DescribeTargetGroups");
    let (plans, cadences) = (plans(&config::defaults()), Cadences::new(&config::defaults()));
    let began = region.clock.now();
    let gathered =
        gather(&region.session, region.clock, &plans, &cadences, |_| vec![Question::Linked], |_| ()).await;
    let fault = gathered.poller.ledger.fault(&Source::TargetGroups(ScopeId(0))).expect("a fault");
    assert_eq!(fault.kind, FaultKind::Other);
    assert!(fault.message.contains("the connector of the test broke"), "{}", fault.message);
    assert_eq!(gathered.inventory.environments.len(), 12, "the rest was read");
    let took = region.clock.now().since(began);
    assert!(took < Duration::from_secs(10), "it took {took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_read_that_panics_is_told_on_the_screen() {
    let mut harness = Harness::on(panicking("DescribeEnvironments"));
    harness.pass(5).await;
    let screen = harness.screen();
    assert!(screen.contains("the connector of the test broke"), "{screen}");
}
