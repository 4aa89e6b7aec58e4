//! Writes that arrive: what is sent, what is refused beforehand, and what AWS refuses.

use std::time::Duration;

use beanpole::aws::look;
use beanpole::change::{Confirmation, OperationError, Outcome, Refusal};
use beanpole::model::{EnvironmentStatus, FaultKind, Key};
use beanpole::sim::{Allowance, Faults};
use tokio::time::Instant;

use super::stage::{rolling, wait};

#[tokio::test(start_paused = true)]
async fn a_version_is_deployed_once_and_recorded_before_and_after() {
    let stage = rolling();
    let path = stage.path();
    stage.hand.watch(move || {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.ends_with('\n') && text.contains("\"line\":\"operation\""),
            "not recorded before it is sent: {text}"
        );
    });
    let request = stage.deploy("orders-api-prod", "v42").await;
    let written = stage.perform(&request).await;
    assert_eq!(written.outcome, Outcome::Applied);
    assert_eq!(written.observed.unwrap().status, EnvironmentStatus::Updating);
    assert_eq!(stage.writes(), 1);
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!((entry.kind.as_str(), entry.outcome.as_deref()), ("deploy", Some("applied")));
    assert_eq!(Some(entry.id.as_str()), written.id.as_deref());
    assert_eq!(entry.region.as_deref(), Some("eu-west-1"));
    assert_eq!((entry.environment.as_str(), entry.account.as_deref()), ("orders-api-prod", Some("1")));
    let change = &entry.changes[0];
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("v41"), Some("v42")));
    // By the request's id its events are found.
    let [id] = written.request_ids.as_slice() else { panic!("{:?}", written.request_ids) };
    assert_eq!(entry.request_ids, [id.to_string()]);
    wait(5).await;
    let now = || stage.now();
    let minute = (stage.now().minus(Duration::from_secs(60)), stage.now());
    let events = look::events_between(&stage.session, &request.subject.key, minute, &now).await.unwrap();
    assert!(events.iter().any(|event| event.request_id.as_ref() == Some(id)), "{events:?}");
}

#[tokio::test(start_paused = true)]
async fn an_update_is_aborted() {
    let stage = rolling();
    wait(60).await;
    let request = stage.abort("orders-web-prod").await;
    let written = stage.perform(&request).await;
    assert_eq!(written.outcome, Outcome::Applied);
    assert_eq!(written.observed.unwrap().status, EnvironmentStatus::Aborting);
    assert_eq!(stage.entries()[0].kind, "abort");
    assert_eq!(written.request_ids.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_has_changed_since_it_was_seen_is_a_conflict_and_nothing_is_written() {
    let stage = rolling();
    let request = stage.deploy("orders-web-prod", "v42").await;
    wait(30).await;
    let written = stage.perform(&request).await;
    let Outcome::Conflict(differences) = &written.outcome else { panic!("{written:?}") };
    assert_eq!(differences[0].to_string(), "status was Ready and is Updating");
    assert_eq!(stage.writes(), 0);
    assert_eq!(stage.entries()[0].outcome.as_deref(), Some("conflict"));
    let mut gone = stage.deploy("orders-api-prod", "v42").await;
    gone.subject.key = Key::new(gone.subject.key.scope, "e-nowhere");
    let written = stage.perform(&gone).await;
    assert_eq!(
        written.outcome.reason().unwrap(),
        "nothing was written, because environment was orders-api-prod and is gone"
    );
}

#[tokio::test(start_paused = true)]
async fn an_abort_that_comes_too_late_is_a_conflict() {
    let stage = rolling();
    wait(60).await;
    let request = stage.abort("orders-web-prod").await;
    wait(3600).await;
    let written = stage.perform(&request).await;
    assert!(matches!(written.outcome, Outcome::Conflict(_)), "{written:?}");
    assert_eq!(stage.writes(), 0);
}

#[tokio::test(start_paused = true)]
async fn of_two_at_the_same_moment_one_is_taken() {
    let stage = rolling();
    let (one, other) = (stage.deploy("orders-api-prod", "v42").await, stage.deploy("orders-api-prod", "v40").await);
    stage.world.set_faults(Faults { latency: Duration::from_millis(80), ..Faults::none() });
    let (one, other) = tokio::join!(stage.perform(&one), stage.perform(&other));
    let mut words = [one.outcome.word(), other.outcome.word()];
    words.sort_unstable();
    assert_eq!(words, ["applied", "conflict"]);
    assert_eq!(stage.entries().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn for_what_is_refused_nothing_is_read() {
    let stage = rolling();
    let ready = stage.deploy("orders-api-prod", "v42").await;
    wait(60).await;
    let updating = stage.deploy("orders-web-prod", "v40").await;
    let idle = stage.abort("orders-api-prod").await;
    let before = stage.world.calls().len();
    let confirmation = |read_only, production| Confirmation { read_only, production, ..Confirmation::default() };
    let cases = [
        (&ready, confirmation(true, false), Refusal::ReadOnly),
        (&ready, confirmation(false, true), Refusal::NotConfirmed { name: "orders-api-prod".into() }),
        (&updating, confirmation(false, false), Refusal::NotReady { status: EnvironmentStatus::Updating }),
        (&idle, confirmation(false, false), Refusal::NothingToAbort { status: EnvironmentStatus::Ready }),
    ];
    for (request, confirmation, expected) in cases {
        let now = || stage.now();
        let written = stage.writer(&now).perform(request, &confirmation).await;
        assert_eq!(written.id.is_some(), expected.is_protection(), "{expected}");
        assert_eq!(written.outcome, Outcome::Refused(expected));
    }
    assert_eq!(stage.world.calls().len(), before);
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!(entry.message.as_deref(), Some("writing is switched off (read-only)"));
}

#[tokio::test(start_paused = true)]
async fn a_throttled_write_is_sent_again_for_ten_seconds() {
    let allowance = |rate| {
        let throttle = [("elasticbeanstalk".to_owned(), Allowance { rate, burst: 1 })].into();
        Faults { throttle, ..Faults::none() }
    };
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    wait(100).await;
    stage.world.set_faults(allowance(0.2));
    let written = stage.perform(&request).await;
    assert_eq!(written.outcome, Outcome::Applied, "{written:?}");
    assert!(stage.calls("UpdateEnvironment") > 1);

    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    wait(100).await;
    stage.world.set_faults(allowance(0.001));
    let began = Instant::now();
    let written = stage.perform(&request).await;
    let Outcome::Failed(OperationError::Aws(fault)) = &written.outcome else { panic!("{written:?}") };
    assert_eq!(fault.kind, FaultKind::Throttled);
    assert!(began.elapsed() <= Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(stage.entries()[0].outcome.as_deref(), Some("failed"));
    stage.world.set_faults(Faults::none());
    assert_eq!(stage.state("orders-api-prod").await.status, EnvironmentStatus::Ready);
}

#[tokio::test(start_paused = true)]
async fn a_denial_names_the_action_that_is_missing() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    stage.world.set_faults(Faults { deny: vec!["elasticbeanstalk:UpdateEnvironment".into()], ..Faults::none() });
    let written = stage.perform(&request).await;
    let Outcome::Failed(OperationError::Aws(fault)) = &written.outcome else { panic!("{written:?}") };
    assert_eq!((fault.kind, fault.action().as_str()), (FaultKind::Denied, "elasticbeanstalk:UpdateEnvironment"));
    assert_eq!(stage.calls("UpdateEnvironment"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_version_that_is_gone_is_refused_by_aws() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v999").await;
    let written = stage.perform(&request).await;
    let Outcome::Failed(OperationError::Aws(fault)) = &written.outcome else { panic!("{written:?}") };
    assert_eq!(fault.kind, FaultKind::Invalid);
}

/// As the dashboard does it: on a task of its own.
#[tokio::test(start_paused = true)]
async fn a_write_may_run_on_any_thread() {
    let stage = rolling();
    let request = stage.deploy("orders-api-prod", "v42").await;
    let written = tokio::spawn(async move { stage.perform(&request).await }).await.unwrap();
    assert_eq!(written.outcome, Outcome::Applied);
}
