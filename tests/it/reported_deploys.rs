//! Deployments from public reports: followed to their verdict through the SDK, and as the Deploy screen shows them.

use std::path::PathBuf;

use beanpole::deploy::{Leaning, PhaseStep, UpdateKind, VerdictKind, Watch};
use beanpole::sim::Scenario;

use crate::support::deploy::{Trace, followed};
use crate::support::{Harness, Stage};

fn scenario(name: &str) -> Scenario {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios").join(format!("{name}.toml"));
    Scenario::from_toml(name, &std::fs::read_to_string(path).unwrap()).unwrap()
}

async fn to_the_end(name: &str, environment: &str) -> Trace {
    followed(&Stage::of(scenario(name)), environment, |_| false).await
}

fn said(watch: &Watch, leaning: Leaning) -> String {
    let reasons = watch.verdict().reasons.iter().filter(|it| it.leaning == leaning);
    reasons.map(|it| it.words.as_str()).collect::<Vec<_>>().join("; ")
}

fn steps(watch: &Watch) -> Vec<PhaseStep> {
    watch.course().marks.iter().map(|mark| mark.step).collect()
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_beanstalk_calls_a_success_is_a_failure_all_the_same() {
    let cases: [(&str, VerdictKind, &[&str]); 4] = [
        ("acme-web", VerdictKind::Failed, &["Command failed on instance", "Failed: 2"]),
        ("acme-quiet", VerdictKind::Failed, &["kr_735", "ended as Failed"]),
        ("acme-api", VerdictKind::Same, &[]),
        ("acme-good", VerdictKind::Same, &[]),
    ];
    for (environment, kind, quoted) in cases {
        let trace = to_the_end("silent-failure", environment).await;
        let against = said(&trace.watch, Leaning::Worse);
        assert_eq!(trace.watch.verdict().kind, kind, "{environment}: {:?}", trace.watch.verdict());
        assert!(quoted.iter().all(|part| against.contains(part)), "{environment}: {against}");
        if environment == "acme-good" {
            let notes = said(&trace.watch, Leaning::Note);
            assert!(notes.contains("tail log"), "an error of something else is noted: {notes}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_environments_own_health_after_an_update_is_said_and_whether_it_was_so_before() {
    for (environment, quoted) in [
        ("acme-yellow", Some(["Warning", "as before the update", "HTTP 4xx"])),
        ("acme-turns", Some(["Warning", "before the update it was Ok", "HTTP 4xx"])),
        ("acme-green", None),
    ] {
        let trace = to_the_end("still-yellow", environment).await;
        let notes = said(&trace.watch, Leaning::Note);
        match quoted {
            Some(parts) => assert!(parts.iter().all(|part| notes.contains(part)), "{environment}: {notes}"),
            None => assert!(!notes.contains("Beanstalk calls"), "{environment}: {notes}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_of_settings_is_no_deploy_of_an_unknown_version() {
    let replaced = to_the_end("settings-update", "mup-app").await.watch;
    assert_eq!(replaced.kind(), UpdateKind::Settings);
    assert!(!replaced.headline().contains('→') && replaced.headline().contains("settings"), "{}", replaced.headline());
    assert!(steps(&replaced).contains(&PhaseStep::Replacing), "{:?}", steps(&replaced));
    assert!(replaced.verdict().kind.is_good(), "{:?}", replaced.verdict());
    let idle = to_the_end("settings-update", "mup-idle").await.watch;
    assert_eq!((idle.kind(), idle.verdict().kind.is_good()), (UpdateKind::Settings, true), "{:?}", idle.verdict());
    let refused = to_the_end("settings-update", "mup-refused").await.watch;
    assert_eq!((refused.kind(), refused.verdict().kind), (UpdateKind::Settings, VerdictKind::Failed));
    assert!(said(&refused, Leaning::Worse).contains("failed Reason: Access Denied"), "{:?}", refused.verdict());
}

/// The dashboard with the Deploy screen of an environment.
async fn opened(scenario: Scenario, name: &str, (width, height): (u16, u16)) -> Harness {
    let mut harness = Harness::on(Stage::of(scenario)).size(width, height);
    harness.pass(3).await;
    harness.press(&format!("/{name}<enter>d")).await;
    harness
}

async fn until(harness: &mut Harness, seconds: u64, is_so: impl Fn(&Watch) -> bool) {
    for _ in 0..seconds / 5 {
        if harness.app.state.watch_on_screen().is_some_and(&is_so) {
            return;
        }
        harness.pass(5).await;
    }
    panic!("not within {seconds} s:\n{}", harness.screen());
}

/// Types the name that production requires, and applies.
async fn apply(harness: &mut Harness, name: &str) {
    let is_production = harness.screen().contains("production: type");
    let keys = if is_production { format!("{name}<tab><tab><enter>") } else { "<tab><enter>".to_owned() };
    harness.press(&keys).await;
}

#[tokio::test(start_paused = true)]
async fn a_rollback_says_that_it_is_one_and_offers_none() {
    let bad = Scenario::embedded("bad-deploy").unwrap();
    let mut harness = opened(bad, "checkout-web", (120, 40)).await;
    until(&mut harness, 600, |watch| watch.verdict().kind == VerdictKind::Worse).await;
    harness.press("B").await;
    apply(&mut harness, "checkout-web-prod").await;
    for _ in 0..120 {
        harness.pass(5).await;
        if harness.calls("UpdateEnvironment") > 0 {
            break;
        }
        let screen = harness.screen();
        assert!(screen.contains("olling back to v18"), "{screen}");
    }
    harness.pass(45).await;
    let screen = harness.screen();
    assert!(screen.contains("rollback v19 → v18"), "{screen}");
    assert!(!screen.contains("with the new version: Severe"), "the bad instances are the old ones: {screen}");
    assert!(!screen.lines().last().unwrap().contains("B "), "no rollback of the rollback is offered: {screen}");
    insta::assert_snapshot!("a_rollback", screen);
    harness.press("B").await;
    assert!(harness.app.state.screens.dialog().is_none(), "{}", harness.screen());
    until(&mut harness, 2400, Watch::is_over).await;
    let watch = harness.app.state.watch_on_screen().unwrap();
    assert!(watch.verdict().kind.is_good(), "{:?}", watch.verdict());
    assert_eq!(watch.environment().version.as_deref(), Some("v18"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_aborted_before_a_version_to_go_back_to_is_known_to_exist() {
    // There is no version left but the one that is being deployed.
    let mut harness = opened(scenario("version-gone"), "acme-app", (120, 40)).await;
    until(&mut harness, 300, |watch| watch.phase().batch == Some(1)).await;
    // Enhanced health names the new version once an instance has it.
    harness.pass(60).await;
    harness.press("B").await;
    harness.pass(60).await;
    let screen = harness.screen();
    assert!(screen.contains("No rollback: kr_733") && screen.contains("no longer"), "{screen}");
    assert!(!screen.contains("[ Roll back ]") && harness.app.state.screens.dialog().is_none(), "{screen}");
    assert_eq!(harness.calls("AbortEnvironmentUpdate"), 0);
    // Another version can be chosen: the rollback goes there.
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/version-gone.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let other = "[[application.version]]\nlabel = \"kr_732\"\n\n[[application.version]]\nlabel = \"kr_734\"";
    let text = text.replacen("[[application.version]]\nlabel = \"kr_734\"", other, 1);
    let mut harness = opened(Scenario::from_toml("other", &text).unwrap(), "acme-app", (120, 40)).await;
    until(&mut harness, 300, |watch| watch.phase().batch == Some(1)).await;
    harness.pass(60).await;
    harness.press("B").await;
    let screen = harness.screen();
    assert!(screen.contains("kr_733, which ran before, is no longer") && screen.contains("kr_732"), "{screen}");
    insta::assert_snapshot!("version_gone", screen);
    harness.press("<enter>").await;
    let screen = harness.screen();
    assert!(screen.contains("AbortEnvironmentUpdate") && screen.contains("VersionLabel=kr_732"), "{screen}");
    assert_eq!(harness.calls("AbortEnvironmentUpdate"), 0);
}

#[tokio::test(start_paused = true)]
async fn a_version_that_vanishes_before_the_first_step_leaves_the_update_alone_and_that_stays_on_the_screen() {
    let mut harness = opened(scenario("version-gone"), "globex-app", (120, 40)).await;
    until(&mut harness, 35, |watch| watch.phase().batch.is_some()).await;
    harness.press("B").await;
    assert!(harness.screen().contains("[ Roll back ]"), "{}", harness.screen());
    harness.pass(40).await;
    apply(&mut harness, "globex-app").await;
    harness.pass(120).await;
    let screen = harness.screen();
    assert_eq!(harness.calls("AbortEnvironmentUpdate"), 0, "{screen}");
    assert!(screen.contains("kr_733") && screen.contains("nothing was aborted"), "it stays: {screen}");
    insta::assert_snapshot!("a_rollback_that_stopped", screen);
    // The counter-case: the version is there, and no longer on every instance.
    let mut harness = opened(scenario("version-gone"), "initech-app", (120, 40)).await;
    until(&mut harness, 300, |watch| watch.phase().batch.is_some()).await;
    harness.pass(120).await;
    harness.press("B").await;
    apply(&mut harness, "initech-app").await;
    for _ in 0..120 {
        harness.pass(5).await;
    }
    let sent = (harness.calls("AbortEnvironmentUpdate"), harness.calls("UpdateEnvironment"));
    assert_eq!(sent, (1, 1), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_settings_update_is_shown_as_one_and_offers_no_rollback() {
    let mut harness = opened(scenario("settings-update"), "mup-app", (120, 40)).await;
    until(&mut harness, 300, |watch| watch.phase().step == PhaseStep::Replacing).await;
    harness.pass(30).await;
    let screen = harness.screen();
    assert!(screen.contains("update of settings") && screen.contains("replacing instances"), "{screen}");
    assert!(!screen.contains("→?") && !screen.lines().last().unwrap().contains("B "), "{screen}");
    insta::assert_snapshot!("an_update_of_settings", screen);
    harness.press("B").await;
    let screen = harness.screen();
    assert!(harness.app.state.screens.dialog().is_none() && screen.contains("settings"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn with_basic_health_the_listing_says_in_the_end_what_runs() {
    let text = include_str!("../scenarios/silent-failure.toml").replace("failed_instances = [1, 2]", "");
    let mut harness = opened(Scenario::from_toml("basic", &text).unwrap(), "acme-web", (120, 40)).await;
    until(&mut harness, 600, |watch| watch.ended().is_some()).await;
    harness.pass(60).await;
    let screen = harness.screen();
    assert!(screen.contains("kr_733 → kr_734") && !screen.contains("→?"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_aborted_says_what_is_and_what_can_be_done() {
    let mut harness = opened(scenario("stuck-status"), "stuck-updating", (120, 40)).await;
    harness.press("A").await;
    let screen = harness.screen();
    assert!(!screen.contains("no update in progress"), "it is Updating: {screen}");
    assert!(screen.contains("AWS offers no abort") && screen.contains("Updating"), "{screen}");
    let mut harness = opened(scenario("stuck-status"), "busy-updating", (120, 40)).await;
    harness.press("A").await;
    assert!(harness.screen().contains("AbortEnvironmentUpdate"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn the_idle_deploy_screen_keeps_reading_at_its_cadence() {
    // An environment without a load balancer: only the lists of ELB are read, and that does not make ELB stale.
    let mut harness = opened(Scenario::embedded("shop").unwrap(), "stag", (120, 40)).await;
    for _ in 0..30 {
        harness.pass(5).await;
        assert!(!harness.screen().contains("stale"), "{}", harness.screen());
    }
    let mut harness = opened(Scenario::embedded("shop").unwrap(), "ws-prod", (120, 40)).await;
    harness.pass(120).await;
    assert!(harness.screen().contains("no update is in progress"), "{}", harness.screen());
    harness.stage.world.clear_calls();
    harness.pass(120).await;
    for (operation, least) in [
        ("DescribeTargetHealth", 10),
        ("DescribeEnvironments", 10),
        ("DescribeEvents", 10),
        ("DescribeInstancesHealth", 10),
    ] {
        let calls = harness.calls(operation);
        assert!(calls >= least, "{operation}: {calls} in 120 s\n{}", harness.screen());
    }
}

#[tokio::test(start_paused = true)]
async fn every_figure_says_of_when_it_is() {
    for size in [(80, 24), (120, 40), (160, 45)] {
        let mut harness = opened(Scenario::embedded("bad-deploy").unwrap(), "checkout-web", size).await;
        until(&mut harness, 600, |watch| watch.verdict().kind == VerdictKind::Worse).await;
        let screen = harness.screen();
        let line = screen.lines().find(|line| line.contains("ALB as of ")).unwrap_or_else(|| panic!("{screen}"));
        assert!(line.contains("late") && line.contains("live: "), "{line}\n{screen}");
        let early = screen.lines().find(|line| line.contains("early")).unwrap_or_else(|| panic!("{screen}"));
        assert!(screen.contains("seen 14:"), "an early signal says when it was seen: {early}\n{screen}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_version_that_ran_before_is_found_in_our_own_log_when_no_update_was_followed() {
    let mut harness = opened(Scenario::embedded("shop").unwrap(), "stag", (120, 40)).await;
    harness.press("B").await;
    assert!(harness.screen().contains("which version ran before is not known"), "{}", harness.screen());
    harness.press("<esc>D104<enter><tab><enter>").await;
    until(&mut harness, 1200, Watch::is_over).await;
    // As after a restart: nothing was followed, and the log has it.
    harness.app.state.operations.deploys.watches.clear();
    harness.press("B").await;
    let screen = harness.screen();
    assert!(screen.contains("Roll shop-staging back to v103") && screen.contains("v104  →  v103"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn in_a_small_terminal_no_figure_and_no_state_is_cut() {
    for (name, environment, begins) in [("bad-deploy", "checkout-web", "v18"), ("rolling", "orders-web", "v41")] {
        let mut harness = opened(Scenario::embedded(name).unwrap(), environment, (80, 24)).await;
        until(&mut harness, 600, |watch| watch.phase().batch == Some(2)).await;
        let screen = harness.screen();
        let title = screen.lines().find(|line| line.contains(begins)).unwrap_or_else(|| panic!("{screen}"));
        let is_whole = title.contains("2/3 deploying") || title.contains("batch 2 of 3, deploying");
        assert!(is_whole && !title.contains('…'), "{screen}");
        let at = screen.lines().position(|line| line.contains("ALB as of ")).unwrap();
        let figures: Vec<_> = screen.lines().skip(at + 1).take(4).collect();
        assert!(figures.iter().all(|line| !line.contains('…')), "{screen}");
        let is_dated = |line: &&&str| line.contains(" live") || line.contains(" 13:") || line.contains(" 14:");
        assert_eq!(figures.iter().filter(is_dated).count(), 4, "each figure with its time: {screen}");
    }
}
