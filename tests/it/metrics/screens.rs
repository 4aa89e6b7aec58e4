//! The Metrics and the Events tab as they look.

use crate::support::Harness;

async fn shown(scenario: &str, width: u16, height: u16, keys: &str) -> Harness {
    let mut harness = Harness::new(scenario).size(width, height);
    harness.pass(6).await;
    harness.press(keys).await;
    harness.pass(4).await;
    harness
}

macro_rules! screens {
    ($($name:ident: $scenario:literal, $width:literal x $height:literal, $keys:literal;)+) => {$(
        #[tokio::test(start_paused = true)]
        async fn $name() {
            let mut harness = shown($scenario, $width, $height, $keys).await;
            insta::assert_snapshot!(harness.snapshot());
        }
    )+};
}

screens! {
    charts: "shop", 120 x 40, "j<enter>m";
    charts_in_a_small_terminal: "shop", 80 x 24, "j<enter>m";
    charts_in_a_large_terminal: "shop", 160 x 45, "j<enter>m";
    charts_with_the_crosshair: "shop", 120 x 40, "j<enter>m<left><left><left>";
    a_chart_enlarged: "shop", 120 x 40, "j<enter>mjj<enter>";
    charts_by_zone: "shop", 120 x 40, "j<enter>mz";
    charts_with_classic_names: "shop", 120 x 40, "j<enter>mc";
    charts_of_a_day: "shop", 120 x 40, "j<enter>m+++";
    charts_on_a_shared_load_balancer: "shared-alb", 120 x 40, "/ticket-web<enter><enter>m";
    no_charts_of_a_worker: "shop", 100 x 30, "/jobs<enter><enter>m";
    events: "shop", 120 x 40, "j<enter>v";
    events_that_warn: "shop", 100 x 30, "j<enter>vss";
    events_in_a_small_terminal: "shop", 80 x 24, "j<enter>v";
}

#[tokio::test(start_paused = true)]
async fn charts_in_ascii_alone() {
    let mut harness = shown("shop", 120, 40, "j<enter>m").await.ascii();
    let screen = harness.screen();
    assert!(screen.is_ascii(), "{screen}");
    insta::assert_snapshot!(harness.snapshot());
    harness.press("v").await;
    let screen = harness.screen();
    assert!(screen.is_ascii(), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn charts_are_drawn_at_every_size() {
    let mut harness = shown("shop", 120, 40, "j<enter>m<left>").await;
    for keys in ["", "z", "<enter>", "v"] {
        harness.press(keys).await;
        for (width, height) in [(1, 1), (20, 5), (60, 16), (61, 17), (80, 24), (109, 25), (110, 25), (240, 70)] {
            harness = harness.size(width, height);
            harness.draw();
        }
    }
}

/// An environment without requests, and one whose targets refuse connections from two minutes after the start on.
const QUIET: &str = scenario!(
    "quiet",
    environment!("silent", traffic = { peak = 0.0 }),
    environment!(
        "breaking", traffic = { peak = 20.0, server_errors = 0.0 },
        timeline = [{ at = "2m", targets = [1, 2], becomes = "refusing" }],
    ),
);

#[tokio::test(start_paused = true)]
async fn a_chart_of_zeros_is_a_line_until_it_has_a_value_and_what_is_unknown_is_not_folded() {
    const FOLDED: &str = "Errors made by the load balancer     0   no value above 0 in 1h";
    let mut harness = Harness::written(QUIET).size(120, 60);
    harness.pass(20).await;
    harness.press("/breaking<enter><enter>").await;
    harness.press("m").await;
    harness.pass(4).await;
    let screen = harness.screen();
    assert!(screen.contains(FOLDED), "{screen}");
    harness.pass(480).await;
    let screen = harness.screen();
    assert!(screen.contains("Errors made by the load balancer") && !screen.contains(FOLDED), "{screen}");
    // Another range was not read yet: nothing of it is known to be zero.
    harness.type_keys("+");
    let screen = harness.screen();
    assert!(!screen.contains("no value above"), "{screen}");
    harness.press("<esc><esc>/silent<enter><enter>m").await;
    harness.pass(6).await;
    let screen = harness.screen();
    assert!(screen.contains("Requests                             0   no value above 0 in 1h"), "{screen}");
    assert!(screen.contains("nothing was answered in this time"), "{screen}");
}
