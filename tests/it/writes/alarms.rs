//! Alarms that are created and deleted again: sent once each, looked up, undone, a conflict with another client's change.

use std::sync::Arc;

use beanpole::aws::look;
use beanpole::change::{NewAlarm, Operation, Outcome, Work, missing_alarms};
use beanpole::model::{Alarm, ScopeId};
use beanpole::runtime::read_alarms;

use super::stage::{Fate, Stage};

const SCENARIO: &str = scenario!("an environment without an alarm", environment!("web"));

async fn missing(stage: &Stage) -> Vec<NewAlarm> {
    let environment = stage.environment("web").await;
    let found = read_alarms(&stage.session, &environment, "none", &|| stage.now()).await.unwrap();
    missing_alarms(&environment, &found).into_iter().map(|it| it.alarm).collect()
}

async fn creation(stage: &Stage, alarms: Vec<NewAlarm>) -> Operation {
    Operation::of(&stage.environment("web").await, Work::CreateAlarms { alarms })
}

async fn live(stage: &Stage, alarms: &[NewAlarm]) -> Vec<Alarm> {
    let names: Vec<_> = alarms.iter().map(|alarm| Arc::clone(&alarm.name)).collect();
    look::alarms_named(&stage.session, &names, &|| stage.now()).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_is_recommended_is_created_as_it_was_shown_and_deleted_by_undo() {
    let stage = Stage::undisturbed(SCENARIO);
    let alarms = missing(&stage).await;
    assert_eq!(alarms.len(), 9, "{alarms:?}");
    let operation = creation(&stage, alarms.clone()).await;
    assert_eq!(stage.perform(&operation).await.outcome, Outcome::Applied);
    let there = live(&stage, &alarms).await;
    assert!(alarms.iter().all(|alarm| there.iter().any(|live| alarm.is_same(live))), "{there:?}");
    assert_eq!(missing(&stage).await, []);
    assert_eq!(stage.calls("PutMetricAlarm"), 9);
    // Done again, it changes nothing.
    assert_eq!(stage.perform(&operation).await.outcome, Outcome::Unchanged);
    // The journal alone knows how to take it back, and how to take that back.
    let entry = stage.entries().remove(0);
    assert_eq!(
        (entry.kind.as_str(), entry.outcome.as_deref(), entry.changes.len()),
        ("create_alarms", Some("applied"), 9)
    );
    let back = entry.operation(ScopeId(0)).unwrap().back().unwrap();
    assert_eq!(stage.perform(&back).await.outcome, Outcome::Applied);
    assert_eq!(live(&stage, &alarms).await, []);
    assert_eq!(stage.perform(&back).await.outcome, Outcome::Unchanged, "what is gone need not be deleted");
    let entries = stage.entries();
    assert_eq!(entries[0].undone_by.as_ref(), Some(&entries[2].id));
    let again = entries[2].operation(ScopeId(0)).unwrap().back().unwrap();
    assert_eq!(stage.perform(&again).await.outcome, Outcome::Applied);
    assert_eq!(live(&stage, &alarms).await.len(), 9);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_of_another_client_is_a_conflict_and_stays_as_it_is() {
    let stage = Stage::undisturbed(SCENARIO);
    let alarms = missing(&stage).await;
    let theirs = NewAlarm { actions_enabled: false, ..alarms[0].clone() };
    stage.send(&theirs.call()).await;
    let written = stage.perform(&creation(&stage, alarms.clone()).await).await;
    assert!(matches!(written.outcome, Outcome::Conflict(_)), "{written:?}");
    let there = live(&stage, &alarms).await;
    assert!(there.len() == 1 && theirs.is_same(&there[0]), "{there:?}");
    // What was changed since is not deleted.
    let deletion = Work::DeleteAlarms { alarms };
    let written = stage.perform(&Operation::of(&stage.environment("web").await, deletion)).await;
    assert!(matches!(written.outcome, Outcome::Conflict(_)), "{written:?}");
    assert_eq!(stage.calls("DeleteAlarms"), 0);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_is_looked_up_and_nothing_is_sent_twice() {
    for (fate, creates, expected) in [
        (Fate::AnswerLost, true, "applied"),
        (Fate::Silence, true, "applied"),
        (Fate::RequestLost, true, "failed"),
        (Fate::NoConnection, true, "failed"),
        (Fate::AnswerLost, false, "applied"),
        (Fate::RequestLost, false, "failed"),
    ] {
        let stage = Stage::undisturbed(SCENARIO);
        let alarms = vec![missing(&stage).await.remove(0)];
        let operation = if creates {
            creation(&stage, alarms.clone()).await
        } else {
            stage.send(&alarms[0].call()).await;
            Operation::of(&stage.environment("web").await, Work::DeleteAlarms { alarms: alarms.clone() })
        };
        stage.hand.fate(fate);
        let written = stage.perform(&operation).await;
        assert_eq!(written.outcome.word(), expected, "{fate:?} {creates}: {written:?}");
        let arrived = live(&stage, &alarms).await.is_empty() != creates;
        assert_eq!(arrived, expected == "applied", "{fate:?} {creates}");
        assert_eq!(stage.entries()[0].outcome.as_deref(), Some(expected));
    }
}
