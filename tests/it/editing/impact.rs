//! What a change does is watched after it, wherever the user is, and what did harm is put back with one key.

use std::time::Duration;

use beanpole::app::App;
use beanpole::model::Moment;

use super::Desk;

const SCENARIO: &str = scenario!(
    "two environments with traffic",
    application!("shop"),
    environment!(
        "web", instances = 3, traffic = { peak = 60.0 }, scaling_health_check = "ELB",
        process = [{
            name = "default", health_check = { path = "/healthz", interval = "10s", healthy = 2, unhealthy = 2 },
            serves = ["/ready"],
        }],
    ),
    environment!(
        "sticky", instances = 3, traffic = { peak = 60.0 }, process = [{ name = "default", stickiness = "1d" }],
    ),
    environment!("other"),
);

/// Interval times threshold, and one poll.
const IN_TIME: Duration = Duration::from_secs(10 * 2 + 10);

async fn desk(name: &str) -> Desk {
    Desk::written(SCENARIO, name).await
}

/// Writes another value, directly; returns when that was confirmed.
async fn set(desk: &mut Desk, key: &str, value: &str) -> Moment {
    desk.select(key).await;
    desk.harness.press(&format!("<enter><ctrl-u>{value}<enter><down>")).await;
    assert!(!desk.plan().rows().unwrap().updates(), "{}", desk.screen());
    let agreed = desk.harness.app.state.now;
    desk.apply().await;
    agreed
}

fn is_worse(app: &App) -> bool {
    app.state.operations.edits.impacts.all().iter().any(|impact| impact.is_worse())
}

#[tokio::test(start_paused = true)]
async fn a_path_that_answers_404_raises_the_warning_in_time_and_u_restores_it() {
    let mut desk = desk("web").await;
    let agreed = set(&mut desk, "health_check.path", "/nonsense").await;
    desk.harness.press("1").await;
    desk.harness.until(is_worse).await;
    let took = desk.harness.app.state.now.since(agreed);
    assert!(took <= IN_TIME, "the warning came after {took:?}");
    insta::assert_snapshot!("impact_worse", desk.screen());
    assert!(desk.last_word().contains("0 of 3 targets"), "{}", desk.last_word());
    // The figures confirm it, on the home screen too, for as long as it lasts.
    desk.harness.press("<esc>").await;
    desk.harness.pass(420).await;
    insta::assert_snapshot!("impact_worse_on_the_fleet", desk.screen());
    desk.harness.press("<enter>u").await;
    desk.apply().await;
    desk.harness.pass(40).await;
    assert!(!is_worse(&desk.harness.app), "{}", desk.screen());
    assert!(desk.screen().contains("3 of 3 targets healthy"), "{}", desk.screen());
    desk.harness.pass(300).await;
    assert!(desk.last_word().starts_with("web: nothing got worse within 5m"), "{}", desk.last_word());
    assert!(desk.harness.app.state.operations.edits.impacts.all().is_empty());
    assert!(!desk.screen().contains("nothing is worse"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn what_does_no_harm_is_watched_from_every_screen_until_its_time_is_over() {
    let mut desk = desk("web").await;
    set(&mut desk, "health_check.path", "/ready").await;
    desk.harness.press("1").await;
    insta::assert_snapshot!("impact_well", desk.screen());
    // Another environment is on screen, and this one is watched all the same.
    desk.harness.press("<esc><esc>").await;
    assert!(desk.screen().contains("web: health_check.path changed"), "{}", desk.screen());
    desk.harness.press("g<enter>").await;
    assert!(desk.screen().contains(" other "), "{}", desk.screen());
    assert!(!desk.screen().contains("nothing is worse so far"), "{}", desk.screen());
    desk.harness.pass(310).await;
    let words = "web: nothing got worse within 5m00s of the change of health_check.path, 3 of 3 targets healthy";
    assert_eq!(desk.last_word(), words);
}

#[tokio::test(start_paused = true)]
async fn what_beanstalk_brings_is_watched_from_when_it_is_live() {
    let mut desk = desk("web").await;
    desk.select("health_check.path").await;
    desk.harness.press("<enter><ctrl-u>/nonsense<enter>").await;
    let warnings = desk.lines().join("; ");
    assert!(warnings.contains("a wrong health check terminates instances"), "{warnings}");
    let plan = desk.apply().await;
    assert!(plan.rows().unwrap().updates());
    desk.harness.press("1").await;
    assert!(desk.screen().contains("Beanstalk brings the change of health_check.path"), "{}", desk.screen());
    desk.harness.pass(30).await;
    assert!(!is_worse(&desk.harness.app));
    desk.harness.until(is_worse).await;
    assert!(desk.screen().contains("u undoes it"), "{}", desk.screen());
}

#[tokio::test(start_paused = true)]
async fn cookies_that_lead_nowhere_are_reported_by_their_metric() {
    let mut desk = desk("sticky").await;
    set(&mut desk, "stickiness.lb_cookie.duration_seconds", "1").await;
    // A whole minute at the least, and the time it takes to come.
    desk.harness.pass(290).await;
    assert!(is_worse(&desk.harness.app), "{}", desk.screen());
    let reported = desk.screen();
    assert!(reported.contains("no cookie led 76 % of the requests"), "{reported}");
    assert!(reported.contains("NonStickyRequestCount"), "{reported}");
}

#[tokio::test(start_paused = true)]
async fn stickiness_that_is_switched_on_is_watched_and_is_no_harm() {
    let mut desk = desk("web").await;
    desk.harness.press("t<down>").await;
    desk.apply().await;
    desk.harness.pass(280).await;
    let impacts = desk.harness.app.state.operations.edits.impacts.all();
    let words: Vec<_> = impacts[0].verdict().reasons.iter().map(|reason| reason.words.clone()).collect();
    let reported = |text: &str| words.iter().any(|words| words.contains(text));
    assert!(reported("NonStickyRequestCount), none before") && reported("the busiest instance, i-"), "{words:?}");
    assert!(!impacts[0].is_worse(), "{words:?}");
}
