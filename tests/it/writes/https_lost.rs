//! HTTPS when answers are lost, calls are refused and programs end.

use std::time::Duration;

use beanpole::change::https::Redirecting;
use beanpole::change::{Next, Operation, Outcome, Route};
use beanpole::model::ScopeId;
use beanpole::sim::Faults;
use beanpole::write::unfinished;

use super::https::{SCENARIO, course, ended, go_on, seen, set_out, take_back};
use super::stage::{Fate, Stage, polled, wait};
use crate::support::somebody;

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_looked_up_and_nothing_is_sent_twice() {
    for route in [Route::Elb, Route::Beanstalk] {
        let stage = Stage::undisturbed(SCENARIO);
        let mut course = set_out(&stage, course(&stage, "web", route, Redirecting::Temporary).await).await.unwrap();
        stage.hand.fate(Fate::AnswerLost);
        let steps = go_on(&stage, &mut course).await;
        assert!(steps.iter().all(|step| step.outcome == Outcome::Applied), "{:?}", ended(&course, &steps));
        assert_eq!(stage.writes(), 3, "{route:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_request_is_a_failure_that_can_be_tried_again() {
    let stage = Stage::undisturbed(SCENARIO);
    let mut course = set_out(&stage, course(&stage, "web", Route::Elb, Redirecting::No).await).await.unwrap();
    stage.hand.fate(Fate::RequestLost);
    let steps = go_on(&stage, &mut course).await;
    assert!(matches!(steps[0].outcome, Outcome::Failed(_)), "{steps:?}");
    assert!(matches!(course.next(&stage.state("web").await), Next::Stopped(0, _)));
    stage.hand.fate(Fate::Arrives);
    course.retry();
    go_on(&stage, &mut course).await;
    assert!(course.has_finished());
}

#[tokio::test(start_paused = true)]
async fn what_is_denied_says_so_and_the_rest_can_be_taken_back() {
    for (denied, done) in [("ec2:AuthorizeSecurityGroupIngress", 1), ("elasticloadbalancing:CreateRule", 3)] {
        let stage = Stage::undisturbed(SCENARIO);
        let before = seen(&stage, "web").await;
        let mut course =
            set_out(&stage, course(&stage, "web", Route::Elb, Redirecting::Temporary).await).await.unwrap();
        stage.world.set_faults(Faults { deny: vec![denied.to_owned()], ..Faults::none() });
        let steps = go_on(&stage, &mut course).await;
        let reported = ended(&course, &steps);
        assert!(reported[done].contains("is not authorized") || reported[done].contains("not allow"), "{reported:?}");
        take_back(&stage, &course).await;
        assert_eq!(seen(&stage, "web").await, before, "{denied}");
    }
}

/// Returns the operation as the log has it; `None` if it is not open any more.
fn reopened(stage: &Stage) -> Option<Operation> {
    unfinished(&stage.log).unwrap().pop().map(|open| open.entry.operation(ScopeId(0)).unwrap())
}

#[tokio::test(start_paused = true)]
async fn killed_at_any_moment_another_goes_on_and_can_take_it_back() {
    for route in [Route::Elb, Route::Beanstalk] {
        let mut cut = 0;
        for times in (1..400).step_by(9) {
            let stage = Stage::undisturbed(SCENARIO);
            let before = seen(&stage, "web").await;
            let start = set_out(&stage, course(&stage, "web", route, Redirecting::Temporary).await).await.unwrap();
            stage.world.set_faults(Faults { latency: Duration::from_millis(20), ..Faults::none() });
            let mut doomed = start.clone();
            if Box::pin(polled(go_on(&stage, &mut doomed), times)).await.is_some() {
                break;
            }
            wait(120).await;
            let Some(mut again) = reopened(&stage) else { continue };
            cut += 1;
            assert_eq!(again.setup.as_ref().unwrap().stages, start.setup.as_ref().unwrap().stages);
            go_on(&stage, &mut again).await;
            assert!(again.has_finished(), "{route:?} {times}: {again:?}");
            assert_eq!(stage.writes(), 3, "{route:?} {times}");
            take_back(&stage, &again).await;
            assert_eq!(seen(&stage, "web").await, before, "{route:?} {times}");
            assert!(unfinished(&stage.log).unwrap().is_empty());
        }
        assert!(cut > 5, "{route:?}: it was hardly ever cut");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_begun_can_be_taken_back_without_going_on() {
    let stage = Stage::undisturbed(SCENARIO);
    let before = seen(&stage, "web").await;
    let mut course = set_out(&stage, course(&stage, "web", Route::Elb, Redirecting::Temporary).await).await.unwrap();
    let now = || stage.now();
    for _ in 0..2 {
        let (observed, confirmation) = (
            stage.state("web").await,
            beanpole::change::Confirmation { typed: Some("web".into()), ..Default::default() },
        );
        stage.writer(&now).advance(&mut course, &observed, &confirmation).await;
    }
    let again = reopened(&stage).unwrap();
    stage.writer(&now).leave(&again).await.unwrap();
    take_back(&stage, &again).await;
    assert_eq!(seen(&stage, "web").await, before);
    let words: Vec<_> = stage.entries().into_iter().map(|it| it.outcome.unwrap()).collect();
    assert_eq!(words, ["partial", "applied"]);
}

/// Another client updates the environment, once, just before our next write arrives.
fn another_comes_first(stage: &Stage) {
    let (world, is_first) = (stage.world.clone(), std::sync::atomic::AtomicBool::new(true));
    stage.hand.watch(move || {
        if is_first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            let body = "Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName=web&OptionSettings.member.1.Namespace=\
                        aws:elbv2:loadbalancer&OptionSettings.member.1.OptionName=IdleTimeout&OptionSettings.member.1.Value=98";
            assert_eq!(somebody::answer(&world, "elasticbeanstalk", body).status, 200);
        }
    });
}

#[tokio::test(start_paused = true)]
async fn another_clients_update_is_not_taken_for_ours_and_the_step_may_be_tried_again() {
    for fate in [Fate::RequestLost, Fate::AnswerLost] {
        let stage = Stage::undisturbed(SCENARIO);
        let plan = course(&stage, "web", Route::Beanstalk, Redirecting::No).await;
        let mut course = set_out(&stage, plan).await.unwrap();
        another_comes_first(&stage);
        stage.hand.fate(fate);
        let steps = go_on(&stage, &mut course).await;
        let reported = ended(&course, &steps);
        assert_eq!(steps[0].outcome.word(), "unknown", "{fate:?}: {reported:?}");
        assert!(matches!(course.next(&stage.state("web").await), Next::Stopped(0, _)), "{reported:?}");
        assert!(course.steps[0].found.as_deref().unwrap().contains("another client's ran in its place"), "{course:?}");
        stage.hand.fate(Fate::Arrives);
        course.retry();
        go_on(&stage, &mut course).await;
        assert!(course.has_finished(), "{course:?}");
    }
}
