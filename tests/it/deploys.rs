//! Deploys on the screen: started, followed, aborted, gone back on, reported; with the calls that this takes.

use beanpole::sim::Scenario;

use crate::support::{Harness, Region};

fn harness(scenario: &str) -> Harness {
    Harness::on(Region::of(Scenario::embedded(scenario).unwrap()))
}

/// Opens the Deploy screen of the environment of this name.
async fn open(harness: &mut Harness, name: &str) {
    harness.pass(3).await;
    harness.type_keys("/");
    for letter in name.chars() {
        harness.type_keys(&letter.to_string());
    }
    harness.press("<enter>d").await;
}

#[tokio::test(start_paused = true)]
async fn a_bad_deploy_is_called_worse_early_and_then_for_sure() {
    let mut harness = harness("bad-deploy").size(120, 40);
    open(&mut harness, "web").await;
    for at in [60, 180, 60, 60, 120, 120, 300, 400] {
        harness.pass(at).await;
        println!("{}", harness.screen());
    }
}
