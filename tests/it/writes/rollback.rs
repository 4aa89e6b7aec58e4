//! The rollback to the previous version: an abort, a wait and a deployment, which survive the program that began them.

use std::time::Duration;

use beanpole::change::{Confirmation, Next, Operation, Outcome, Written};
use beanpole::model::ScopeId;
use beanpole::sim::Faults;
use beanpole::write::unfinished;

use super::stage::{Fate, Stage, polled, rolling, wait};
use crate::support::somebody;

const NAME: &str = "orders-web-prod";

/// Another client deploys v42, and a minute later we want v41 back.
async fn under_way(stage: &Stage) -> Operation {
    wait(60).await;
    let environment = stage.environment(NAME).await;
    let (subject, seen) = ((&environment).into(), (&environment).into());
    let operation = Operation::rollback(subject, seen, Some("v42".into()), "v41".into());
    let now = || stage.now();
    stage.writer(&now).begin(operation, &Confirmation::default()).await.unwrap()
}

/// Polls and advances until there is no more to write.
async fn go_on(stage: &Stage, way: &mut Operation) -> Vec<Written> {
    let mut steps = Vec::new();
    for _ in 0..400 {
        let observed = stage.state(NAME).await;
        if matches!(way.next(&observed), Next::Finished | Next::Stopped(..)) {
            return steps;
        }
        let now = || stage.now();
        steps.extend(stage.writer(&now).advance(way, &observed, &Confirmation::default()).await);
        wait(10).await;
    }
    panic!("it never arrived: {way:?}");
}

#[tokio::test(start_paused = true)]
async fn it_aborts_waits_and_deploys() {
    let stage = rolling();
    let mut way = under_way(&stage).await;
    let steps = go_on(&stage, &mut way).await;
    assert!(steps.iter().all(|step| step.outcome == Outcome::Applied), "{steps:?}");
    assert_eq!((stage.calls("AbortEnvironmentUpdate"), stage.calls("UpdateEnvironment")), (1, 1));
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!((entry.kind.as_str(), entry.outcome.as_deref()), ("back", Some("applied")));
    assert_eq!(entry.request_ids.len(), 2);
    assert_eq!(entry.steps.iter().map(|it| it.outcome.as_deref()).collect::<Vec<_>>(), [Some("applied"); 2]);
    wait(3600).await;
    assert_eq!(stage.state(NAME).await.version.as_deref(), Some("v41"));
}

#[tokio::test(start_paused = true)]
async fn killed_at_any_step_another_goes_on_with_it_and_repeats_nothing() {
    for times in 1..60 {
        let stage = rolling();
        let mut way = under_way(&stage).await;
        stage.world.set_faults(Faults { latency: Duration::from_millis(20), ..Faults::none() });
        let (mut tried, mut was_cut) = (Vec::new(), false);
        for _ in 0..400 {
            let observed = stage.state(NAME).await;
            if way.is_over() {
                break;
            }
            let now = || stage.now();
            let writer = stage.writer(&now);
            // Each step is cut once; who comes after is left in peace.
            let times = match way.next(&observed) {
                Next::Do(step) if !tried.contains(&step) => {
                    tried.push(step);
                    times
                }
                _ => usize::MAX,
            };
            was_cut |=
                Box::pin(polled(writer.advance(&mut way, &observed, &Confirmation::default()), times)).await.is_none();
            // Another process knows nothing but the log.
            wait(10).await;
            way = stage.entries()[0].operation(ScopeId(0)).unwrap();
        }
        assert!(way.is_over(), "cut after {times} polls: {way:?}");
        let calls = (stage.calls("AbortEnvironmentUpdate"), stage.calls("UpdateEnvironment"));
        assert_eq!(calls, (1, 1), "cut after {times} polls");
        assert_eq!(unfinished(&stage.log).unwrap(), [], "cut after {times} polls");
        if !was_cut {
            return;
        }
    }
    panic!("the steps never ended");
}

#[tokio::test(start_paused = true)]
async fn a_step_that_fails_ends_it() {
    let stage = rolling();
    let mut way = under_way(&stage).await;
    stage.world.set_faults(Faults { deny: vec!["elasticbeanstalk:AbortEnvironmentUpdate".into()], ..Faults::none() });
    let steps = go_on(&stage, &mut way).await;
    assert_eq!(steps.len(), 1);
    let observed = stage.state(NAME).await;
    assert!(matches!(way.next(&observed), Next::Stopped(0, _)));
    assert_eq!(stage.entries()[0].outcome.as_deref(), Some("failed"));
}

#[tokio::test(start_paused = true)]
async fn read_only_holds_for_every_step() {
    let stage = rolling();
    let mut way = under_way(&stage).await;
    let observed = stage.state(NAME).await;
    let now = || stage.now();
    let confirmation = Confirmation { read_only: true, ..Confirmation::default() };
    let written = stage.writer(&now).advance(&mut way, &observed, &confirmation).await.unwrap();
    assert!(matches!(written.outcome, Outcome::Refused(_)));
    assert_eq!(stage.writes(), 0);
    stage.writer(&now).leave(&way).await.unwrap();
    assert_eq!(stage.entries()[0].outcome.as_deref(), Some("unchanged"));
}

#[tokio::test(start_paused = true)]
async fn another_clients_update_is_not_taken_for_the_deploy_of_it() {
    for fate in [Fate::RequestLost, Fate::AnswerLost] {
        let stage = rolling();
        let mut way = under_way(&stage).await;
        let world = stage.world.clone();
        let is_deploy = std::sync::atomic::AtomicUsize::new(0);
        stage.hand.watch(move || {
            // The second write is the deploy.
            if is_deploy.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1 {
                let body = format!(
                    "Action=UpdateEnvironment&Version=2010-12-01&EnvironmentName={NAME}&OptionSettings.member.1.Namespace=\
                     aws:elbv2:loadbalancer&OptionSettings.member.1.OptionName=IdleTimeout&OptionSettings.member.1.Value=98"
                );
                assert_eq!(somebody::answer(&world, "elasticbeanstalk", &body).status, 200);
            }
        });
        let observed = stage.state(NAME).await;
        let now = || stage.now();
        stage.writer(&now).advance(&mut way, &observed, &Confirmation::default()).await.unwrap();
        stage.hand.fate(fate);
        go_on(&stage, &mut way).await;
        let observed = stage.state(NAME).await;
        assert!(matches!(way.next(&observed), Next::Stopped(1, _)), "{fate:?}: {way:?}");
        assert_ne!(observed.version.as_deref(), Some("v42"), "{fate:?}");
        let [entry] = stage.entries().try_into().unwrap();
        assert_eq!(entry.outcome.as_deref(), Some("unknown"), "{fate:?}");
        assert_eq!(stage.hand.operations(), ["AbortEnvironmentUpdate", "UpdateEnvironment"], "{fate:?}");
    }
}

/// The same log in another process, which holds other locks.
fn elsewhere(stage: &Stage) -> beanpole::write::AuditLog {
    beanpole::write::AuditLog::under(stage.folder.path())
}

/// A writer with that log.
fn by<'a>(
    stage: &'a Stage,
    log: &'a beanpole::write::AuditLog,
    now: &'a (dyn Fn() -> beanpole::model::Moment + Send + Sync),
) -> beanpole::write::JournalWriter<'a> {
    beanpole::write::JournalWriter { log, ..stage.writer(now) }
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_one_goes_on_and_the_others_say_so() {
    let mut stage = rolling();
    let begun = under_way(&stage).await;
    // Its program dies: what it held is held no more.
    stage.log = elsewhere(&stage);
    let (first, second) = (elsewhere(&stage), elsewhere(&stage));
    let observed = stage.state(NAME).await;
    let now = || stage.now();
    let confirmation = Confirmation::default();
    let (mut ours, mut theirs) = (begun.clone(), begun.clone());
    let written = by(&stage, &first, &now).advance(&mut ours, &observed, &confirmation).await.unwrap();
    assert_eq!(written.outcome, Outcome::Applied);
    let refused = by(&stage, &second, &now).advance(&mut theirs, &observed, &confirmation).await.unwrap();
    let reason = refused.outcome.reason().unwrap();
    assert!(reason.contains("is under way in another beanpole (process "), "{reason}");
    assert!(unfinished(&second).unwrap()[0].is_running);
    // The first dies as well: the second continues from where it is now, and aborts nothing twice.
    drop(first);
    for _ in 0..100 {
        if theirs.is_over() {
            break;
        }
        let observed = stage.state(NAME).await;
        by(&stage, &second, &now).advance(&mut theirs, &observed, &confirmation).await;
        wait(10).await;
    }
    assert!(theirs.has_finished(), "{theirs:?}");
    assert_eq!((stage.calls("AbortEnvironmentUpdate"), stage.calls("UpdateEnvironment")), (1, 1));
    // Who comes third learns that it is over.
    let third = elsewhere(&stage);
    let mut late = begun;
    let refused = by(&stage, &third, &now).advance(&mut late, &stage.state(NAME).await, &confirmation).await.unwrap();
    let reason = refused.outcome.reason().unwrap();
    assert!(reason.contains("has ended") && reason.contains("applied"), "{reason}");
}
