//! Screens: keys typed, text and styles compared.

use crate::support::Harness;

#[tokio::test(start_paused = true)]
async fn the_fleet_of_the_demo() {
    let mut harness = Harness::new("shop");
    harness.pass(5).await;
    insta::assert_snapshot!(harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn an_environment_with_its_tree_and_targets() {
    let mut harness = Harness::new("shop");
    harness.pass(5).await;
    harness.press("j<enter>").await;
    harness.pass(5).await;
    insta::assert_snapshot!(harness.snapshot());
}
