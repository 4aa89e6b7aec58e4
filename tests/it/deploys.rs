//! Deployments on the screen: started, followed, aborted, rolled back; with the calls that this takes.

use beanpole::app::Message;
use beanpole::deploy::{PhaseStep, VerdictKind, Watch};

use crate::support::Harness;

/// The dashboard with the Deploy screen of the environment whose name contains this.
async fn opened(scenario: &str, name: &str) -> Harness {
    let mut harness = Harness::new(scenario).size(120, 40);
    harness.pass(3).await;
    harness.type_keys("/");
    for letter in name.chars() {
        harness.type_keys(&letter.to_string());
    }
    harness.press("<enter>d").await;
    harness
}

fn watch(harness: &Harness) -> &Watch {
    harness.app.state.watch_on_screen().unwrap()
}

/// Passes time until the watch is like this, at most this many minutes; how many seconds it took.
async fn until(harness: &mut Harness, minutes: u64, is_so: impl Fn(&Watch) -> bool) -> u64 {
    for round in 0..minutes * 12 {
        if harness.app.state.watch_on_screen().is_some_and(&is_so) {
            return round * 5;
        }
        harness.pass(5).await;
    }
    panic!("not within {minutes} minutes:\n{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_bad_deploy_is_called_worse_early_and_then_for_sure() {
    let mut harness = opened("bad-deploy", "web").await;
    until(&mut harness, 8, |watch| watch.phase().batch == Some(2)).await;
    let early = until(&mut harness, 3, |watch| watch.verdict().kind == VerdictKind::Worse).await;
    assert!(watch(&harness).verdict().early, "{:?}", watch(&harness).verdict());
    // Its commands take a minute before the first instance of batch 2 serves again.
    assert!(early <= 150, "{early} s");
    insta::assert_snapshot!("worse_early", harness.screen());
    let confirmed = until(&mut harness, 5, |watch| !watch.verdict().early).await;
    assert!(confirmed <= 300, "{confirmed} s");
    insta::assert_snapshot!("worse_confirmed", harness.screen());
    until(&mut harness, 30, Watch::is_over).await;
    assert_eq!(watch(&harness).verdict().kind, VerdictKind::Worse);
    insta::assert_snapshot!("worse_in_the_end", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_minute_of_watching_costs_at_most_sixty_calls() {
    let mut harness = opened("rolling", "web").await;
    until(&mut harness, 5, |watch| watch.phase().batch == Some(1)).await;
    for minute in 0..6 {
        harness.stage.world.clear_calls();
        harness.pass(60).await;
        let calls = harness.stage.world.calls();
        let beanstalk = calls.iter().filter(|call| call.service == "elasticbeanstalk").count();
        println!("minute {minute}: {} calls, {beanstalk} of them to Beanstalk", calls.len());
        let mut by: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
        calls.iter().for_each(|call| *by.entry(&call.operation).or_default() += 1);
        assert!(calls.len() <= 60, "{} calls: {by:?}", calls.len());
        assert!(beanstalk <= 60, "{beanstalk} calls to Beanstalk: more than one a second");
        assert!(harness.calls("GetMetricData") <= 3, "{calls:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_good_deploy_ends_as_it_should() {
    let mut harness = opened("rolling", "web").await;
    until(&mut harness, 30, Watch::is_over).await;
    let verdict = watch(&harness).verdict();
    assert!(verdict.kind.is_good(), "{verdict:?}");
    assert_eq!(watch(&harness).phase().step, PhaseStep::Done);
    insta::assert_snapshot!("a_good_deploy", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn a_version_is_deployed_from_the_screen_and_the_report_is_saved() {
    let mut harness = opened("shop", "stag").await;
    assert!(harness.screen().contains("no update is in progress"));
    harness.press("D").await;
    insta::assert_snapshot!("versions", harness.screen());
    harness.press("104<enter>").await;
    insta::assert_snapshot!("confirmation", harness.screen());
    harness.stage.world.clear_calls();
    harness.press("<enter>").await;
    assert_eq!(harness.calls("UpdateEnvironment"), 0, "the default is Cancel");
    harness.press("D104<enter><tab><enter>").await;
    assert_eq!(harness.calls("UpdateEnvironment"), 1);
    let entries = harness.pen().log.read().unwrap().entries;
    assert_eq!((entries.len(), entries[0].outcome.as_deref()), (1, Some("applied")));
    until(&mut harness, 20, Watch::is_over).await;
    assert!(watch(&harness).verdict().kind.is_good(), "{:?}", watch(&harness).verdict());
    harness.pass(2).await;
    let kept = harness.pen().log.read().unwrap().verdicts;
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    let versions = (kept.update.from.as_deref(), kept.update.to.as_deref());
    assert_eq!((versions, &*kept.update.kind), ((Some("v103"), Some("v104")), "deploy"), "{kept:?}");
    assert_eq!(*kept.update.verdict, *watch(&harness).verdict().kind.as_str());
    assert!(kept.update.took().is_some_and(|took| took.as_secs() > 30), "{kept:?}");
    assert!(entries[0].request_ids.iter().any(|id| kept.update.request_id.as_deref() == Some(id)), "{kept:?}");
    harness.press("W").await;
    let saved: Vec<_> = std::fs::read_dir(&harness.pen().reports).unwrap().map(|it| it.unwrap().path()).collect();
    let report = saved.iter().find(|path| path.extension().is_some_and(|it| it == "md")).unwrap();
    assert!(std::fs::read_to_string(report).unwrap().starts_with("# shop-staging: v103 → v104"));
    assert!(saved.iter().any(|path| path.extension().is_some_and(|it| it == "json")));
}

#[tokio::test(start_paused = true)]
async fn in_production_the_name_is_typed() {
    let mut harness = opened("shop", "ws-prod").await;
    harness.press("D78<enter>").await;
    if harness.screen().contains("no version matches") {
        harness.press("<esc>D104<enter>").await;
    }
    harness.press("shop-ws<tab><tab><enter>").await;
    assert_eq!(harness.calls("UpdateEnvironment"), 0, "{}", harness.screen());
    insta::assert_snapshot!("name_wanted", harness.screen());
    harness.press("-prod<tab><tab><enter>").await;
    assert_eq!(harness.calls("UpdateEnvironment"), 1, "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn an_update_is_aborted_and_what_stays_mixed_is_said() {
    let mut harness = opened("bad-deploy", "web").await;
    until(&mut harness, 8, |watch| watch.phase().batch == Some(2)).await;
    harness.press("A").await;
    let question = harness.screen();
    assert!(question.contains("mixed versions") && question.contains("AbortEnvironmentUpdate"), "{question}");
    harness.press("checkout-web-prod<tab><tab><enter>").await;
    assert_eq!(harness.calls("AbortEnvironmentUpdate"), 1, "{}", harness.screen());
    until(&mut harness, 20, Watch::is_over).await;
    let kind = watch(&harness).verdict().kind;
    assert!(matches!(kind, VerdictKind::Aborted | VerdictKind::Failed), "{kind:?}");
    insta::assert_snapshot!("aborted", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn the_way_back_aborts_waits_and_deploys_what_ran_before() {
    let mut harness = opened("bad-deploy", "web").await;
    until(&mut harness, 8, |watch| watch.phase().batch == Some(2)).await;
    harness.press("B").await;
    insta::assert_snapshot!("rollback", harness.screen());
    harness.press("checkout-web-prod<tab><tab><enter>").await;
    for _ in 0..120 {
        harness.pass(5).await;
        if harness.calls("UpdateEnvironment") > 0 {
            break;
        }
    }
    assert_eq!(harness.calls("AbortEnvironmentUpdate"), 1, "{}", harness.screen());
    assert_eq!(harness.calls("UpdateEnvironment"), 1, "{}", harness.screen());
    until(&mut harness, 30, Watch::is_over).await;
    assert_eq!(watch(&harness).environment().version.as_deref(), Some("v18"));
    assert!(watch(&harness).verdict().kind.is_good(), "{:?}", watch(&harness).verdict());
}

#[tokio::test(start_paused = true)]
async fn read_only_offers_nothing_that_writes() {
    let mut harness = opened("shop", "stag").await;
    harness.app.state.setup.read_only = beanpole::config::ReadOnly::Everything;
    harness.press("D").await;
    assert!(
        harness.app.state.screens.dialog().is_none() && harness.screen().contains("read-only"),
        "{}",
        harness.screen()
    );
}

#[tokio::test(start_paused = true)]
async fn an_update_that_someone_else_starts_is_offered_and_not_forced() {
    let mut harness = Harness::new("rolling").size(120, 40);
    harness.pass(3).await;
    harness.press("/web<enter><enter>").await;
    harness.pass(60).await;
    let screen = harness.screen();
    assert!(screen.contains("is updating") && screen.contains("d shows it"), "{screen}");
    assert!(harness.app.state.screens.deploy().is_none());
}

#[tokio::test(start_paused = true)]
async fn leaving_while_a_write_is_under_way_asks_once() {
    let mut harness = opened("shop", "stag").await;
    harness.press("D").await;
    harness.press("104<enter><tab>").await;
    harness.type_keys("<enter>");
    assert!(harness.app.state.is_writing());
    harness.handle(Message::Pressed(beanpole::config::Chord::parse("ctrl-c").unwrap()));
    assert!(!harness.has_quit && harness.screen().contains("under way"), "{}", harness.screen());
    harness.handle(Message::Pressed(beanpole::config::Chord::parse("ctrl-c").unwrap()));
    assert!(harness.has_quit);
}
