//! The probe of the dashboard, at the user's height: keys are typed, the simulated region's load balancers answer over
//! pipes, and what was found is on the screen, in the findings and on the why page.

use beanpole::app::Action;
use beanpole::config::ReadOnly;
use beanpole::diagnosis::checks;

use crate::support::{Harness, Stage};

/// A chat that is sticky, one that is not, and what cannot be probed.
const SCENARIO: &str = scenario!(
    "what is probed",
    application!("shop", "v1", "v2"),
    environment!("kept", version = "v1", instances = 3, websocket = "/socket.io/"),
    table!("environment.process", name = "default", stickiness = "1d"),
    environment!("lost", version = "v1", instances = 3, websocket = "/socket.io/"),
    load_balancer!(
        "inside",
        scheme = "internal",
        listener = [{ port = 80, default = { forward = "inside/default" } }],
    ),
    environment!("inside", version = "v1", load_balancer = "inside"),
    table!("environment.process", name = "default"),
    environment!("worker", version = "v1", kind = "worker"),
);

async fn fleet() -> Harness {
    // The time between two requests is drawn by lot.
    fastrand::seed(0);
    let mut harness = Harness::on(Stage::written(SCENARIO).without_faults());
    harness.pass(8).await;
    harness
}

/// Probes an environment with what is typed into the form, to the end.
async fn probed(name: &str, typed: &str) -> Harness {
    let mut harness = fleet().await;
    harness.press(&format!("/{name}<enter>p")).await;
    harness.pass(4).await;
    harness.press(&format!("{typed}<enter>")).await;
    harness.pass(40).await;
    harness
}

fn notice(harness: &Harness) -> String {
    harness.app.state.messages.notice.as_ref().map(|(words, _)| words.clone()).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn the_form_says_what_is_sent_and_nothing_is_sent_before() {
    let mut harness = fleet().await.size(80, 24);
    harness.press("/lost<enter>p").await;
    harness.pass(4).await;
    insta::assert_snapshot!("probe-form", harness.snapshot());
    assert!(harness.app.state.probes.of(harness.app.state.fleet.selected.as_ref().unwrap()).is_none());
    // A field that is wrong is named, and nothing begins.
    harness.press("<tab><tab>9999<enter>").await;
    assert!(notice(&harness).starts_with("requests: give a whole number"), "{}", notice(&harness));
    assert!(harness.screen().contains("requests: give a whole number, 240 at most"), "{}", harness.screen());
    harness.press("<esc>").await;
    assert!(harness.app.state.screens.dialog().is_none() && harness.app.state.screens.probe().is_none());
}

#[tokio::test(start_paused = true)]
async fn each_part_appears_as_it_is_seen_and_the_diagnosis_at_the_end() {
    let mut harness = fleet().await.size(80, 24);
    harness.press("/lost<enter>p").await;
    harness.pass(4).await;
    harness.press("<enter>").await;
    harness.pass(1).await;
    let screen = harness.screen();
    assert!(screen.contains("probing affinity") && screen.contains("WebSocket      to come"), "{screen}");
    harness.pass(40).await;
    insta::assert_snapshot!("probe-broken", harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn a_working_environment_is_probed_with_a_marker_and_a_quiet_socket() {
    let mut harness = probed("kept", "<tab><tab><tab>header:x-instance<tab>75").await;
    let screen = harness.screen();
    assert!(screen.contains("quiet, for 1m15s"), "{screen}");
    harness.pass(80).await;
    insta::assert_snapshot!("probe-working", harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn what_was_found_is_judged_with_its_age_until_it_is_too_old() {
    let mut harness = probed("lost", "").await;
    harness.press("<esc><enter>5").await;
    let screen = harness.screen();
    assert!(screen.contains("Socket.IO polling breaks") && screen.contains("stickiness.enabled=true"), "{screen}");
    harness.pass(120).await;
    harness.press("w").await;
    let screen = harness.screen();
    assert!(screen.contains("Socket.IO polling breaks") && screen.contains("(probed 2 min ago)"), "{screen}");
    harness.pass_unseen(std::time::Duration::from_secs(3700)).await;
    harness.pass(10).await;
    let screen = harness.screen();
    assert!(!screen.contains("Socket.IO polling breaks"), "{screen}");
    // The probe itself is shown still, with its age, and the form to probe again over it.
    harness.press("p").await;
    harness.pass(4).await;
    harness.press("<esc>").await;
    let screen = harness.screen();
    assert!(screen.contains("too old for the checks to count it") && screen.contains("✖ critical"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_probe_is_cancelled_and_goes_on_while_something_else_is_looked_at() {
    let mut harness = fleet().await;
    harness.press("/lost<enter>p").await;
    harness.pass(4).await;
    harness.press("<enter>").await;
    harness.pass(1).await;
    harness.press("x").await;
    harness.pass(30).await;
    let screen = harness.screen();
    assert!(screen.contains("cancelled") && screen.contains("Nothing follows from a probe"), "{screen}");
    assert!(harness.app.state.snapshot().inventory.probes.is_empty());
    assert!(Action::CancelProbe.availability(&harness.app.state).is_err());
    // Again, and away from it.
    harness.press("p").await;
    harness.pass(4).await;
    harness.press("<enter><esc>").await;
    assert!(harness.app.state.screens.probe().is_none());
    harness.pass(40).await;
    assert_eq!(harness.app.state.snapshot().inventory.probes.len(), 1);
    harness.press("p").await;
    assert!(harness.app.state.screens.dialog().is_none(), "what counts still is shown, not asked for again");
    let screen = harness.screen();
    assert!(screen.contains("Socket.IO polling breaks"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_reached_is_undecided_and_a_worker_is_not_probed() {
    let mut harness = probed("inside", "").await;
    let screen = harness.screen();
    assert!(screen.contains("Undecided: the load balancer is internal"), "{screen}");
    harness.press("<esc><enter>5").await;
    let probes = &harness.app.state.snapshot().inventory.probes;
    assert!(probes.values().all(|probe| probe.unreachable.is_some()) && probes.len() == 1);
    let mut harness = fleet().await;
    harness.press("/worker<enter>p").await;
    assert_eq!(notice(&harness), "worker has no address: it serves no requests");
}

#[tokio::test(start_paused = true)]
async fn where_nothing_may_be_written_a_probe_may_be_sent_and_it_writes_nothing() {
    let stage = Stage::written(SCENARIO).without_faults();
    let mut harness = Harness::set_up(stage, |setup| setup.read_only = ReadOnly::Everything);
    harness.pass(8).await;
    harness.press("/lost<enter>p").await;
    harness.pass(4).await;
    harness.press("<enter>").await;
    harness.pass(40).await;
    assert_eq!((harness.app.state.snapshot().inventory.probes.len(), harness.stage.writes()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn the_form_promises_no_fewer_requests_than_are_sent() {
    for (name, typed) in [("kept", ""), ("lost", "<tab><tab><tab><tab><tab><tab>https://other.example")] {
        let harness = probed(name, typed).await;
        let run = harness.app.state.probe_on_screen().unwrap();
        let (sent, most) = (run.seen.counts.requests, run.target.plan.most_requests());
        assert!(run.end.is_some() && sent <= most && most <= sent + 12, "{name}: {sent} of {most}");
    }
    assert!(checks().any(|check| check.id == "probed-sockets"));
}
