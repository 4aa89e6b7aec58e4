//! Alarms that are muted for a time, and unmuted: sent once, looked up, undone, a conflict with another client's change.

use std::sync::Arc;

use beanpole::aws::look;
use beanpole::change::{Mute, Operation, Outcome, Work, unmute};
use beanpole::model::{Moment, MuteRule, ScopeId};

use super::stage::{Fate, Stage, wait};

const SCENARIO: &str = scenario!(
    "an environment with an alarm",
    environment!("web"),
    alarm!("web-hosts", "UnHealthyHostCount", target_group = "web", threshold = 0.0, action = "notify"),
);

const RULE: &str = "beanpole-web";

fn mute(stage: &Stage, minutes: u32) -> Mute {
    let alarms = vec![Arc::from("web-hosts")];
    Mute { rule: RULE.into(), description: "a deploy".into(), alarms, from: stage.now(), minutes }
}

async fn muting(stage: &Stage, minutes: u32, replaces: Option<Moment>) -> Operation {
    Operation::of(&stage.environment("web").await, Work::Mute { mute: mute(stage, minutes), replaces })
}

async fn until(stage: &Stage) -> Option<Moment> {
    let rule = look::mute_rule(&stage.session, RULE, &|| stage.now()).await.unwrap();
    rule.filter(MuteRule::is_in_force).and_then(|rule| rule.until())
}

#[tokio::test(start_paused = true)]
async fn what_is_muted_ends_by_itself_or_is_unmuted_by_undo() {
    let stage = Stage::undisturbed(SCENARIO);
    let operation = muting(&stage, 60, None).await;
    assert_eq!(stage.perform(&operation).await.outcome, Outcome::Applied);
    let muted = until(&stage).await;
    assert_eq!(muted, Some(mute(&stage, 60).until()));
    // The journal alone knows how to take it back.
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!((entry.kind.as_str(), entry.outcome.as_deref()), ("mute", Some("applied")));
    assert_eq!(entry.changes[0].after, muted.map(|until| until.to_string()));
    let back = entry.operation(ScopeId(0)).unwrap().back().unwrap();
    assert_eq!(stage.perform(&back).await.outcome, Outcome::Applied);
    assert_eq!(until(&stage).await, None);
    let entries = stage.entries();
    assert_eq!((entries[0].undone_by.as_ref(), entries[1].kind.as_str()), (Some(&entries[1].id), "unmute"));
    // What is not there any more need not be deleted.
    assert_eq!(stage.perform(&back).await.outcome, Outcome::Unchanged);
    assert_eq!((stage.calls("PutAlarmMuteRule"), stage.calls("DeleteAlarmMuteRule")), (1, 1));
    assert_eq!(stage.perform(&muting(&stage, 2, None).await).await.outcome, Outcome::Applied);
    wait(180).await;
    assert_eq!(until(&stage).await, None, "AWS ends it");
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_another_client_made_meanwhile_is_a_conflict() {
    let stage = Stage::undisturbed(SCENARIO);
    let ours = muting(&stage, 60, None).await;
    stage.send(&mute(&stage, 5).call()).await;
    let theirs = until(&stage).await;
    let written = stage.perform(&ours).await;
    assert!(matches!(written.outcome, Outcome::Conflict(_)), "{written:?}");
    // Seen, it may be replaced.
    assert_eq!(stage.perform(&muting(&stage, 60, theirs).await).await.outcome, Outcome::Applied);
    let ending = Work::Unmute { rule: RULE.into(), until: theirs.unwrap() };
    let written = stage.perform(&Operation::of(&stage.environment("web").await, ending)).await;
    assert!(matches!(written.outcome, Outcome::Conflict(_)), "what mutes now was not seen: {written:?}");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_is_looked_up_and_nothing_is_sent_twice() {
    for (fate, mutes, expected) in [
        (Fate::AnswerLost, true, "applied"),
        (Fate::Silence, true, "applied"),
        (Fate::RequestLost, true, "failed"),
        (Fate::NoConnection, true, "failed"),
        (Fate::AnswerLost, false, "applied"),
        (Fate::RequestLost, false, "failed"),
    ] {
        let stage = Stage::undisturbed(SCENARIO);
        let operation = if mutes {
            muting(&stage, 60, None).await
        } else {
            stage.send(&mute(&stage, 60).call()).await;
            let ending = Work::Unmute { rule: RULE.into(), until: until(&stage).await.unwrap() };
            Operation::of(&stage.environment("web").await, ending)
        };
        stage.hand.fate(fate);
        let written = stage.perform(&operation).await;
        assert_eq!(written.outcome.word(), expected, "{fate:?} {mutes}: {written:?}");
        let arrived = until(&stage).await.is_some() == mutes;
        assert_eq!(arrived, expected == "applied", "{fate:?} {mutes}");
        assert_eq!(stage.entries()[0].outcome.as_deref(), Some(expected));
    }
}

#[test]
fn what_ends_muting_is_one_call() {
    assert_eq!(unmute(RULE).operation(), "DeleteAlarmMuteRule");
}
