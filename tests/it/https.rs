//! HTTPS set up by typed keys: the questions, the progress, where it stops, and the rollback.

use beanpole::app::{App, Message, UnfinishedOperation};
use beanpole::sim::Faults;

use crate::support::{Harness, Stage};

/// The certificate covers what the configuration calls the host names; a second environment is a production one.
const SCENARIO: &str = scenario!(
    "what HTTPS is set up for",
    certificate!("shop", "*.shop.example", names = ["shop.example"], algorithm = "EC_prime256v1"),
    certificate!("other", "www.other.example", expires = "20d"),
    certificate!("old", "old.shop.example", status = "EXPIRED", expires = "-3d"),
    application!("shop", "v1", "v2"),
    environment!("web"),
    environment!("web-prod"),
    environment!("jobs", kind = "worker"),
);

/// The dashboard with this environment open.
async fn opened(name: &str) -> Harness {
    let stage = Stage::written(SCENARIO);
    let mut harness = Harness::set_up(stage, |setup| {
        setup.checks.hostnames.insert("web".to_owned(), vec!["www.shop.example".to_owned(), "shop.example".to_owned()]);
    });
    harness.pass(3).await;
    harness.type_keys("/");
    harness.type_keys(name);
    harness.press("<enter><enter>").await;
    harness
}

fn is_over(app: &App) -> bool {
    app.state.operations.https.under_way.as_ref().is_some_and(|it| !it.goes_on)
}

/// Runs it until nothing changes any more; an update takes its minute.
async fn come_to_rest(harness: &mut Harness) {
    for _ in 0..60 {
        if is_over(&harness.app) {
            return;
        }
        harness.pass(5).await;
    }
    panic!("it never came to rest:\n{}", harness.screen());
}

fn is_asking(app: &App) -> bool {
    use beanpole::app::screens::GuideStage;
    use beanpole::app::screens::Screen;
    matches!(app.state.screens.dialog(), Some(Screen::HttpsGuide(guide)) if !matches!(guide.stage, GuideStage::Reading))
}

#[tokio::test(start_paused = true)]
async fn beanstalk_makes_the_listener_and_the_rest_follows() {
    let mut harness = opened("web").await;
    harness.press("H").await;
    harness.until(is_asking).await;
    insta::assert_snapshot!("certificates", harness.screen());
    harness.press("<enter>").await;
    insta::assert_snapshot!("policies", harness.screen());
    harness.press("<enter>").await;
    insta::assert_snapshot!("routes", harness.screen());
    harness.press("<enter>").await;
    insta::assert_snapshot!("redirects", harness.screen());
    harness.press("<enter>").await;
    insta::assert_snapshot!("review", harness.screen());
    harness.press("<enter>").await;
    insta::assert_snapshot!("https_confirmation", harness.screen());
    assert_eq!(harness.calls("UpdateEnvironment"), 0, "nothing is written before it is agreed to");
    harness.press("<tab><enter>").await;
    harness.pass(12).await;
    insta::assert_snapshot!("waiting_for_ready", harness.screen());
    come_to_rest(&mut harness).await;
    insta::assert_snapshot!("all_done", harness.screen());
    assert_eq!((harness.calls("UpdateEnvironment"), harness.calls("CreateRule")), (1, 1));

    harness.press("u").await;
    insta::assert_snapshot!("take_back", harness.screen());
    harness.press("<tab><enter>").await;
    come_to_rest(&mut harness).await;
    insta::assert_snapshot!("taken_back", harness.screen());
    assert_eq!((harness.calls("UpdateEnvironment"), harness.calls("RevokeSecurityGroupIngress")), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn by_elb_the_name_is_typed_and_a_failed_request_stops_before_the_redirect() {
    let mut harness = opened("web").await;
    harness.press("H").await;
    harness.until(is_asking).await;
    // The certificate of another name, by elb.
    harness.press("j<enter><enter>j<enter><enter><enter>").await;
    insta::assert_snapshot!("by_elb", harness.screen());
    harness.press("<tab><tab><enter>").await;
    assert!(harness.screen().contains("type web first"), "{}", harness.screen());
    harness.type_keys("web");
    harness.press("<tab><tab><enter>").await;
    come_to_rest(&mut harness).await;
    insta::assert_snapshot!("stopped_at_probe", harness.screen());
    assert_eq!((harness.calls("CreateListener"), harness.calls("CreateRule")), (1, 0));
    harness.press("n").await;
    insta::assert_snapshot!("without_proof", harness.screen());
    harness.press("<esc>u").await;
    assert!(harness.app.state.operations.https.under_way.is_some());
}

#[tokio::test(start_paused = true)]
async fn what_was_done_before_is_taken_back_from_the_environment() {
    let mut harness = opened("web").await;
    harness.press("H").await;
    harness.until(is_asking).await;
    harness.press("<enter><enter>j<enter><enter><enter>").await;
    harness.type_keys("web");
    harness.press("<tab><tab><enter>").await;
    come_to_rest(&mut harness).await;
    harness.press("<esc>u").await;
    harness.pass(2).await;
    assert!(harness.screen().contains("Take HTTPS of web back"), "{}", harness.screen());
    harness.press("<tab><enter>").await;
    come_to_rest(&mut harness).await;
    assert_eq!((harness.calls("DeleteListener"), harness.calls("RevokeSecurityGroupIngress")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn production_wants_the_name_and_a_worker_has_nothing_to_offer() {
    let mut harness = opened("web-prod").await;
    harness.press("H").await;
    harness.until(is_asking).await;
    assert!(harness.screen().contains("no host names are known"), "{}", harness.screen());
    harness.press("<enter><enter><enter><enter><enter>").await;
    assert!(harness.screen().contains("production: type web-prod"), "{}", harness.screen());
    harness.press("<esc>").await;
    let mut worker = opened("jobs").await;
    worker.press("H").await;
    worker.until(is_asking).await;
    assert!(worker.screen().contains("the environment has no application load balancer"), "{}", worker.screen());
}

#[tokio::test(start_paused = true)]
async fn a_step_that_is_denied_can_be_tried_again() {
    let mut harness = stopped_at_the_rule().await;
    insta::assert_snapshot!("denied", harness.screen());
    harness.press("r").await;
    harness.type_keys("web");
    harness.press("<tab><tab><enter>").await;
    come_to_rest(&mut harness).await;
    assert!(harness.screen().contains("all is done"), "{}", harness.screen());
}

/// By elb, up to the rule, which is denied.
async fn stopped_at_the_rule() -> Harness {
    let mut harness = opened("web").await;
    harness.press("H").await;
    harness.until(is_asking).await;
    harness.press("<enter><enter>j<enter><enter><enter>").await;
    harness.type_keys("web");
    let deny = vec!["ec2:AuthorizeSecurityGroupIngress".to_owned()];
    harness.stage.world.set_faults(Faults { deny, ..Faults::none() });
    harness.press("<tab><tab><enter>").await;
    come_to_rest(&mut harness).await;
    harness.stage.world.set_faults(Faults::none());
    harness
}

#[tokio::test(start_paused = true)]
async fn it_can_be_left_as_it_is_and_that_is_recorded() {
    let mut harness = stopped_at_the_rule().await;
    harness.press("x").await;
    harness.pass(1).await;
    assert!(harness.screen().contains("it is left as it is"), "{}", harness.screen());
    let history = harness.pen().log.read().unwrap();
    assert_eq!(history.entries[0].outcome.as_deref(), Some("partial"));
    harness.press("u").await;
    harness.pass(1).await;
    assert!(harness.screen().contains("Take HTTPS of web back"), "{}", harness.screen());
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_run_left_can_be_gone_on_with() {
    let mut harness = stopped_at_the_rule().await;
    let [open] = beanpole::write::unfinished(&harness.pen().log).unwrap().try_into().unwrap();
    let operation = open.entry.operation(beanpole::model::ScopeId(0)).map(Box::new);
    // As if this were the next run of the program, which finds it in the log.
    harness.press("<esc>").await;
    harness.app.state.operations.https.under_way = None;
    let words = "HTTPS was interrupted".to_owned();
    harness.handle(Message::Unfinished(vec![UnfinishedOperation { words, operation }]));
    harness.press("H").await;
    insta::assert_snapshot!("interrupted", harness.screen());
    harness.press("r").await;
    harness.type_keys("web");
    harness.press("<tab><tab><enter>").await;
    come_to_rest(&mut harness).await;
    assert!(harness.screen().contains("all is done"), "{}", harness.screen());
    assert_eq!((harness.calls("CreateListener"), harness.calls("CreateRule")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_pages_fit_into_eighty_columns() {
    let mut harness = opened("web").await.size(80, 24);
    harness.press("H").await;
    harness.until(is_asking).await;
    insta::assert_snapshot!("certificates_small", harness.screen());
    harness.press("<enter><enter><enter><enter>").await;
    insta::assert_snapshot!("review_small", harness.screen());
    harness.press("GG<enter>").await;
    insta::assert_snapshot!("https_confirmation_small", harness.screen());
}
