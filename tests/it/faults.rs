//! The dashboard under faults: it shows a message, never an empty screen, and recovers by itself.

use std::time::Duration;

use beanpole::app::SessionPhase;
use beanpole::model::is_hostile;
use beanpole::sim::{Broken, Faults, TransportFault, Unreachable, Window, World};

use crate::support::scenarios::SECRETIVE;
use crate::support::{Harness, Stage, somebody};

async fn screen(scenario: &str, seconds: u64) -> String {
    let mut harness = Harness::new(scenario);
    harness.pass(seconds).await;
    harness.screen()
}

/// The faults of a region of which no service can be reached.
fn cut_off(harness: &Harness) -> Faults {
    let everything =
        Unreachable { service: None, during: Window { from: 0, until: None }, how: TransportFault::ConnectionRefused };
    Faults { unreachable: vec![everything], ..harness.stage.world.faults() }
}

#[tokio::test(start_paused = true)]
async fn before_any_answer_the_screen_says_what_it_waits_for() {
    let mut harness = Harness::new("shop");
    insta::assert_snapshot!(harness.snapshot());
}

#[tokio::test(start_paused = true)]
async fn a_caller_without_permissions_is_reported_which_one_is_missing() {
    let screen = screen("denied-all", 5).await;
    assert!(screen.contains("elasticbeanstalk:DescribeEnvironments"), "{screen}");
    insta::assert_snapshot!(screen);
}

#[tokio::test(start_paused = true)]
async fn what_is_denied_in_part_is_reported_and_the_rest_is_shown() {
    let screen = screen("denied", 8).await;
    assert!(screen.contains("DescribeTags"), "{screen}");
    insta::assert_snapshot!(screen);
}

#[tokio::test(start_paused = true)]
async fn an_empty_region_is_no_proof() {
    insta::assert_snapshot!(screen("empty", 5).await);
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_cannot_be_reached_is_reported() {
    let mut harness = Harness::new("shop");
    harness.stage.world.set_faults(cut_off(&harness));
    harness.pass(5).await;
    let screen = harness.screen();
    assert!(screen.contains("unreachable"), "{screen}");
    insta::assert_snapshot!(screen);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_none_is_reported_in_words() {
    insta::assert_snapshot!(screen("broken", 5).await);
}

/// How many calls were refused for want of an allowance, and how many there were.
fn refused(world: &World) -> (usize, usize) {
    let calls = world.calls();
    (calls.iter().filter(|call| call.status == 400).count(), calls.len())
}

#[tokio::test(start_paused = true)]
async fn throttling_slows_us_down_and_is_reported() {
    let mut harness = Harness::new("throttled");
    harness.pass(10).await;
    let screen = harness.screen();
    assert!(screen.contains("throttled") || screen.contains("slowed"), "{screen}");
    // What it takes to find the pace; then we keep to it.
    harness.pass(110).await;
    let (first, asked_first) = refused(&harness.stage.world);
    println!("{first} of {asked_first} in two minutes");
    harness.stage.world.clear_calls();
    harness.pass(600).await;
    let (refused, asked) = refused(&harness.stage.world);
    println!("{refused} of {asked} in the next ten");
    assert!(refused * 18 < asked, "{refused} of {asked} calls were refused: we did not back off");
}

#[tokio::test(start_paused = true)]
async fn expired_credentials_pause_everything_and_a_canary_finds_the_new_ones() {
    let stage = Stage::new("shop");
    let mut harness = Harness::on(stage);
    harness.pass(10).await;
    assert!(harness.screen().contains("shop-chat-prod"));
    let expired = vec![Window { from: 0, until: None }];
    let good = harness.stage.world.faults();
    harness.stage.world.set_faults(Faults { expired, ..good.clone() });
    harness.pass(20).await;
    assert!(matches!(harness.app.state.session().phase, SessionPhase::Paused { .. } | SessionPhase::Opening(_)));
    let screen = harness.screen();
    assert!(screen.contains("paused") && screen.contains("log in again"), "{screen}");
    assert!(screen.contains("shop-chat-prod"), "what was read stays on the screen:\n{screen}");
    // While paused only the canary asks.
    harness.stage.world.clear_calls();
    harness.pass(120).await;
    let calls = harness.stage.world.calls();
    assert!(calls.iter().all(|call| call.operation == "GetCallerIdentity"), "{calls:?}");
    assert!((2..=8).contains(&calls.len()), "{} tries in two minutes", calls.len());
    harness.stage.world.set_faults(good);
    let took = harness.until(|app| app.state.session().is_open()).await;
    assert!(took <= Duration::from_secs(60), "{took:?}");
    harness.pass(5).await;
    assert!(!harness.screen().contains("paused"));
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_comes_back_is_read_again() {
    let mut harness = Harness::new("shop");
    let good = harness.stage.world.faults();
    harness.stage.world.set_faults(cut_off(&harness));
    harness.pass(10).await;
    assert!(!harness.screen().contains("shop-chat-prod"));
    harness.stage.world.set_faults(good);
    harness.until(|app| app.state.fleet.total() == 12).await;
}

#[tokio::test(start_paused = true)]
async fn nothing_that_aws_sends_reaches_the_terminal_as_a_control() {
    for keys in ["", "<enter>", "j<enter>", "G<enter>", "jj<enter><tab>jj", "!", "?", "C"] {
        let mut harness = Harness::new("hostile");
        harness.pass(5).await;
        harness.press(keys).await;
        harness.pass(5).await;
        for cell in &harness.draw().content {
            assert!(!cell.symbol().chars().any(is_hostile), "after {keys}: {:?}\n{}", cell.symbol(), harness.screen());
        }
    }
}

/// Returns how many of a group's targets the region itself calls unhealthy, read without beanpole.
fn unhealthy(world: &World, group: &str) -> usize {
    let body = format!("Action=DescribeTargetHealth&Version=2015-12-01&TargetGroupArn={group}");
    somebody::ask(world, "elasticloadbalancing", &body).matches("<State>unhealthy</State>").count()
}

#[tokio::test(start_paused = true)]
async fn a_target_that_fails_changes_on_the_screen_within_one_poll() {
    let mut harness = Harness::new("shop");
    harness.stage.world.set_faults(Faults::none());
    harness.pass(5).await;
    let row = |harness: &mut Harness| {
        harness.screen().lines().find(|line| line.contains("shop-web-prod")).unwrap().to_owned()
    };
    assert!(row(&mut harness).contains("6/6"), "{}", row(&mut harness));
    let shown = harness.app.state.fleet.iter().find(|line| &*line.row.name == "shop-web-prod").unwrap();
    let linked = harness.app.state.snapshot().topology.link(&shown.row.key).unwrap();
    let group = linked.groups[0].key.id.to_string();
    // The second in which the region calls it unhealthy, and the one in which the screen does.
    let (mut failed, mut shown) = (None, None);
    for second in 0..120 {
        failed = failed.or((unhealthy(&harness.stage.world, &group) == 1).then_some(second));
        shown = shown.or(row(&mut harness).contains("5/6").then_some(second));
        if shown.is_some() {
            break;
        }
        harness.pass(1).await;
    }
    let (failed, shown) = (failed.expect("no target failed"), shown.expect("it is never shown"));
    let cadence = harness.app.state.setup.cadences.target_health.visible.as_secs();
    assert!(shown >= failed && shown - failed <= cadence + 1, "it failed after {failed} s, shown after {shown} s");
    assert!(cadence <= 15);
}

/// A region of one environment with a secret among its properties, of which these actions are answered like this.
fn answered(kind: Broken, actions: &[&str]) -> Harness {
    let harness = Harness::written(SECRETIVE).size(120, 40);
    let broken = actions.iter().map(|action| ((*action).to_owned(), kind)).collect();
    harness.stage.world.set_faults(Faults { broken, ..harness.stage.world.faults() });
    harness
}

#[tokio::test(start_paused = true)]
async fn a_page_in_the_way_is_a_line_on_the_screen_and_whole_in_the_log() {
    let mut harness = answered(Broken::Html, &["elasticbeanstalk:DescribeEnvironments"]);
    harness.pass(10).await;
    let screen = harness.screen();
    assert!(screen.contains("a web page \"Sign in to the network\""), "{screen}");
    assert!(!screen.contains("<html"), "{screen}");
    harness.press("!").await;
    let log = harness.screen();
    assert!(log.contains("<!DOCTYPE html>"), "{log}");
}

#[tokio::test(start_paused = true)]
async fn a_broken_answer_with_secrets_shows_none_of_them() {
    for kind in [Broken::Truncated, Broken::Json, Broken::Html, Broken::Empty] {
        let mut harness = answered(kind, &["elasticbeanstalk:DescribeConfigurationSettings"]);
        harness.pass(6).await;
        for keys in ["<enter>", "3", "a", "v", "!", "<down>"] {
            harness.press(keys).await;
            harness.pass(3).await;
            let screen = harness.screen();
            assert!(!screen.contains("CANARY"), "{kind:?} {keys}: {screen}");
        }
        let said =
            harness.app.state.messages.log.iter().any(|entry| entry.text.contains("DescribeConfigurationSettings"));
        assert!(said, "{kind:?}: {:?}", harness.app.state.messages.log);
        assert!(!format!("{:?}", harness.app.state.messages.log).contains("CANARY"), "{kind:?}");
    }
}
