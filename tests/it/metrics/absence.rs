//! What it means that there is no value, and whose errors are whose.

use beanpole::app::fleet::{Figures, Known};
use beanpole::sim::Scenario;

use crate::support::{Harness, Region};

/// An environment that nobody visits, and one whose targets all fail.
const EXTREMES: &str = "description = \"extremes\"\n\
    [[environment]]\nname = \"silent\"\napplication = \"a\"\ntraffic = { peak = 0.0 }\n\
    [[environment]]\nname = \"broken\"\napplication = \"a\"\ntraffic = { peak = 20.0, server_errors = 1.0 }\n\
    [[environment.timeline]]\nat = \"-30m\"\ntargets = [1, 2]\nbecomes = \"refusing\"\n";

fn figures(harness: &Harness, name: &str) -> Figures {
    let state = &harness.app.state;
    let key = &state.inventory.environment_named(name).unwrap().key;
    let found = beanpole::app::fleet::figures(&state.inventory, &state.topology, &state.poller.ledger, key);
    let Known::Read(figures) = found else { panic!("{name}: {found:?}") };
    figures
}

#[tokio::test(start_paused = true)]
async fn nothing_counted_is_zero_and_nothing_measured_is_a_gap() {
    let mut harness = Harness::on(Region::of(Scenario::from_toml("test", EXTREMES).unwrap()));
    harness.pass(120).await;
    let silent = figures(&harness, "silent");
    assert_eq!((silent.requests, silent.errors, silent.p99), (0.0, None, None));
    assert!(silent.trend.iter().all(|minute| *minute == Some(0.0)), "{silent:?}");
    harness.press("/silent<enter><enter>m").await;
    harness.pass(5).await;
    let screen = harness.screen();
    assert!(screen.contains("nothing was answered in this time"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn errors_are_at_most_all_of_it() {
    let mut harness = Harness::on(Region::of(Scenario::from_toml("test", EXTREMES).unwrap()));
    let mut worst: f64 = 0.0;
    for _ in 0..20 {
        harness.pass(30).await;
        worst = worst.max(figures(&harness, "broken").errors.unwrap_or_default());
        assert!(worst <= 100.0, "{worst}");
    }
    assert!(worst > 99.0, "{worst}");
}

#[tokio::test(start_paused = true)]
async fn on_a_shared_load_balancer_only_what_targets_made_counts_and_it_is_said() {
    let mut harness = Harness::new("shared-alb").size(200, 40);
    harness.pass(120).await;
    for name in ["survey-web-prod", "survey-api-prod", "ticket-web-prod", "ticket-admin-prod"] {
        assert!(figures(&harness, name).targets_only, "{name}");
    }
    harness.press("/ticket-web<enter><enter>m").await;
    harness.pass(5).await;
    let screen = harness.screen();
    assert!(screen.contains("Errors made by the load balancer (shared)"), "{screen}");
    assert!(!screen.contains("Errors made by targets (shared)"), "{screen}");
    let mut own = Harness::new("healthy").size(120, 40);
    own.pass(6).await;
    own.press("<enter>m").await;
    assert!(!own.screen().contains("(shared)"), "{}", own.screen());
}
