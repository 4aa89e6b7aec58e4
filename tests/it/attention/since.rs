//! Since when something is wrong: from Beanstalk's causes and events, not since we looked.

use super::select;
use crate::support::Harness;

#[tokio::test(start_paused = true)]
async fn the_sentence_says_since_when_it_is_wrong() {
    let mut harness = Harness::new("shop");
    harness.pass(20).await;
    select(&mut harness.app, "shop-admin-prod");
    let screen = harness.screen();
    // Its targets fail since five and a half minutes before we looked; they were taken out, and its health fell, a minute
    // later.
    assert!(screen.contains("Severe for 4m"), "{screen}");
    // How long we have looked is no age of the fault.
    assert!(!screen.contains("for ≥1") && !screen.contains("for ≥2"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn the_targets_tab_says_since_when_a_target_fails() {
    let mut harness = Harness::new("shop");
    harness.pass(8).await;
    select(&mut harness.app, "shop-admin-prod");
    harness.press("<enter>").await;
    harness.pass(8).await;
    let screen = harness.screen();
    let failing: Vec<_> = screen.lines().filter(|line| line.contains("answers 502") && line.contains("i-")).collect();
    assert!(!failing.is_empty() && failing.iter().all(|line| line.contains("≥4m")), "{screen}");
}
