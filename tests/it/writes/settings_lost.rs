//! Changes of settings that go wrong on their way: killed anywhere, half done, or without an answer.

use std::time::Duration;

use beanpole::change::{OperationError, Outcome, Route};
use beanpole::model::FaultKind;
use beanpole::sim::Faults;
use beanpole::write::unfinished;

use super::stage::{Fate, Stage, polled, wait};
use super::terrain::{SCENARIO, Terrain, assert_applied};

#[tokio::test(start_paused = true)]
async fn killed_anywhere_there_is_a_line_for_whatever_was_sent() {
    for route in Route::ALL {
        let (mut sent_without_end, wishes) = (0, &[("deregistration_delay.timeout_seconds", "60")]);
        for times in 1.. {
            let stage = Stage::undisturbed(SCENARIO);
            let terrain = Box::pin(Terrain::read(&stage, "web")).await;
            let plan = terrain.plan(wishes, Some(route)).unwrap();
            stage.world.set_faults(Faults { latency: Duration::from_millis(20), ..Faults::none() });
            let ended = Box::pin(polled(stage.change(&plan), times)).await;
            wait(1).await;
            let (writes, entries) = (stage.writes(), stage.entries());
            assert!(entries.len() == 1 || writes == 0, "after {times} polls {writes} writes have no line");
            if ended.is_some() {
                assert_eq!(entries[0].outcome.as_deref(), Some("applied"));
                break;
            }
            let Some(entry) = entries.first().filter(|entry| entry.outcome.is_none()) else { continue };
            sent_without_end += writes;
            let now = || stage.now();
            let settled = stage.writer(&now).settle(entry).await.unwrap();
            let all = plan.calls().iter().filter(|call| call.write().changes).count();
            let expected = match writes {
                0 => "failed",
                some if some == all => "applied",
                _ => "partial",
            };
            assert_eq!(settled.outcome.word(), expected, "{route:?} after {times} polls: {settled:?}");
            assert_eq!((stage.writes(), unfinished(&stage.log).unwrap().len()), (writes, 0));
        }
        assert!(sent_without_end > 0, "no cut fell between a write and its end");
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_second_call_is_refused_it_is_a_part_and_can_be_put_back() {
    let stage = Stage::undisturbed(SCENARIO);
    let before = Terrain::read(&stage, "web").await.everything();
    let deny = vec!["elasticbeanstalk:UpdateEnvironment".to_owned()];
    stage.world.set_faults(Faults { deny, ..Faults::none() });
    let (_, written) = stage.set("web", &[("deregistration_delay.timeout_seconds", "60")], Some(Route::Both)).await;
    let Outcome::Partial(fault) = &written.outcome else { panic!("{written:?}") };
    assert_eq!((fault.kind(), written.values[0].1.as_deref()), (FaultKind::Denied, Some("60")));
    assert_eq!(stage.entries()[0].outcome.as_deref(), Some("partial"));
    // Only what was written is put back: no update is needed for it.
    let undo = stage.plan_of_undo("web").await;
    assert!(!undo.updates());
    assert_applied(&stage.change(&undo).await);
    assert_eq!(Terrain::read(&stage, "web").await.everything(), before);
}

#[tokio::test(start_paused = true)]
async fn what_beanstalk_would_not_take_is_not_written_to_the_load_balancer_either() {
    let stage = Stage::undisturbed(SCENARIO);
    let deny = vec!["elasticbeanstalk:ValidateConfigurationSettings".to_owned()];
    stage.world.set_faults(Faults { deny, ..Faults::none() });
    let (_, written) = stage.set("web", &[("deregistration_delay.timeout_seconds", "60")], Some(Route::Both)).await;
    assert!(matches!(written.outcome, Outcome::Failed(_)), "{written:?}");
    assert_eq!(stage.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_is_looked_for_and_nothing_is_sent_twice() {
    for (fate, word) in [
        (Fate::AnswerLost, "applied"),
        (Fate::Silence, "applied"),
        (Fate::RequestLost, "failed"),
        (Fate::NoConnection, "failed"),
    ] {
        for route in [Route::Elb, Route::Beanstalk] {
            let stage = Stage::undisturbed(SCENARIO);
            stage.hand.fate(fate);
            let wishes = &[("deregistration_delay.timeout_seconds", "60")];
            let (_, written) = stage.set("web", wishes, Some(route)).await;
            assert_eq!(written.outcome.word(), word, "{fate:?} {route:?}: {written:?}");
            assert_eq!(stage.writes(), usize::from(word == "applied"), "{fate:?} {route:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_elb_refuses_is_reported_in_its_words() {
    let stage = Stage::undisturbed(SCENARIO);
    let wishes = &[("listener:443:certificate", "arn:aws:acm:eu-west-1:471108151234:certificate/gone")];
    let (_, written) = stage.set("web", wishes, Some(Route::Elb)).await;
    let Outcome::Failed(OperationError::Aws(fault)) = &written.outcome else { panic!("{written:?}") };
    assert_eq!(fault.code.as_deref(), Some("CertificateNotFound"));
    assert_eq!(stage.entries()[0].outcome.as_deref(), Some("failed"));
}
