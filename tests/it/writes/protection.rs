//! What protects an environment from writes: every kind of operation is refused while everything or the environment is
//! read-only, and while writes are frozen; one that is under way completes.

use beanpole::change::https::Redirecting;
use beanpole::change::{
    BundleFile, CnameSwap, Confirmation, Freeze, Frozen, InstanceLimits, Mute, NewVersion, Next, Operation,
    OperationKind, Outcome, Protected, Refusal, Route, Subject, Work, Written,
};
use beanpole::model::{Key, Moment, ScopeId};
use beanpole::write::{AuditLog, JournalWriter};
use jiff::Timestamp;

use super::https::site::{self, course, typed};
use super::stage::{Stage, rolling, wait};
use super::terrain::Terrain;

const PRODUCTION: &str = "orders-web-prod";

fn freeze(stage: &Stage) -> Freeze {
    let freeze = Freeze { since: Timestamp::now(), until: None, reason: "release weekend".into() };
    stage.log.freeze().freeze(&freeze).unwrap();
    freeze
}

fn new_version() -> NewVersion {
    let file = BundleFile { path: "/nowhere/app.zip".into(), bytes: 3, sha256: "ba7816bf".into() };
    NewVersion::new("shop", "v7", "elasticbeanstalk-eu-west-1-471108151234", file)
}

/// An operation of each kind, which would change something. A kind that is missing here does not compile.
async fn one_of(kind: OperationKind, stage: &Stage) -> Operation {
    let environment = stage.environment("web").await;
    let single = |work| Operation::of(&environment, work);
    let (rule, from) = ("beanpole-e-1".into(), Moment::EPOCH);
    let sizes = |(least, most)| InstanceLimits { min: least, max: most };
    match kind {
        OperationKind::Deploy => stage.deploy("web", "v2").await,
        OperationKind::Abort => single(Work::Abort),
        OperationKind::Restart => single(Work::Restart),
        OperationKind::Replace => single(Work::Replace { instance: "i-1".into(), last_of: None }),
        OperationKind::Scale => single(Work::Scale { from: sizes((1, 4)), to: sizes((2, 4)) }),
        OperationKind::Set | OperationKind::Undo => {
            let wishes = &[("deregistration_delay.timeout_seconds", "60")];
            let plan = Terrain::read(stage, "web").await.plan(wishes, Some(Route::Elb)).unwrap();
            Operation { kind, ..Operation::from(&plan) }
        }
        OperationKind::Rollback => {
            Operation::rollback((&environment).into(), (&environment).into(), Some("v2".into()), "v1".into())
        }
        OperationKind::Https | OperationKind::HttpsBack => {
            Operation { kind, ..course(stage, "web", Route::Elb, Redirecting::No).await }
        }
        OperationKind::Mute => {
            let (description, alarms) = ("test".into(), vec!["web-5xx".into()]);
            single(Work::Mute { mute: Mute { rule, description, alarms, from, minutes: 60 }, replaces: None })
        }
        OperationKind::Unmute => single(Work::Unmute { rule, until: from }),
        OperationKind::CreateAlarms => single(Work::CreateAlarms { alarms: Vec::new() }),
        OperationKind::DeleteAlarms => single(Work::DeleteAlarms { alarms: Vec::new() }),
        OperationKind::CreateVersion => single(Work::CreateVersion(new_version())),
        OperationKind::Swap => {
            let own_cname = environment.cname.clone().unwrap();
            let other = Subject { key: Key::new(ScopeId(0), "e-2"), name: "green".into(), ..(&environment).into() };
            single(Work::Swap(CnameSwap { other, own_cname, other_cname: "green.example".into() }))
        }
    }
}

/// Orders it as screen and commands do: one of several steps is begun first.
async fn order(writer: JournalWriter<'_>, operation: Operation, confirmation: &Confirmation) -> Outcome {
    if !operation.kind.is_stepwise() {
        return writer.perform(&operation, confirmation).await.outcome;
    }
    match writer.begin(operation, confirmation).await {
        Err(refusal) => Outcome::Refused(refusal),
        Ok(begun) => panic!("it began: {begun:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_operation_is_refused_and_the_refusal_recorded() {
    let pattern = Protected { name: "web".into(), pattern: "*".into() };
    for kind in OperationKind::ALL {
        let stage = Stage::undisturbed(site::SCENARIO);
        let operation = Box::pin(one_of(kind, &stage)).await;
        assert_eq!(operation.kind, kind);
        let before = stage.world.calls().len();
        let now = || stage.now();
        let own = typed(&operation);
        let frozen = Refusal::Frozen(Frozen::By(freeze(&stage)));
        assert_eq!(order(stage.writer(&now), operation.clone(), &own).await, Outcome::Refused(frozen.clone()));
        std::fs::write(stage.log.freeze().path(), "{").unwrap();
        let Outcome::Refused(unreadable) = order(stage.writer(&now), operation.clone(), &own).await else { panic!() };
        assert!(unreadable.to_string().contains("is not known, so nothing is written"), "{unreadable}");
        stage.log.freeze().lift().unwrap();
        let protected = Confirmation { protected: Some(pattern.clone()), ..own.clone() };
        let refused = Outcome::Refused(Refusal::Protected(pattern.clone()));
        assert_eq!(order(stage.writer(&now), operation.clone(), &protected).await, refused);
        let read_only = Confirmation { read_only: true, ..own.clone() };
        assert_eq!(order(stage.writer(&now), operation.clone(), &read_only).await, Outcome::Refused(Refusal::ReadOnly));
        // It was shown to the user as frozen, so he was not asked: that it is over by now does not make it agreed to.
        let was_frozen = Confirmation { frozen: Some(Frozen::By(freeze(&stage))), ..own };
        stage.log.freeze().lift().unwrap();
        assert!(matches!(
            order(stage.writer(&now), operation, &was_frozen).await,
            Outcome::Refused(Refusal::Frozen(_))
        ));
        assert_eq!(stage.world.calls().len(), before, "{kind:?}: something was read or written");
        let entries = stage.entries();
        assert_eq!(entries.len(), 5, "{kind:?}");
        for entry in entries {
            assert_eq!((entry.kind.as_str(), entry.outcome.as_deref()), (kind.as_str(), Some("refused")));
            assert!(entry.message.is_some() && !entry.can_be_undone(), "{entry:?}");
            let operation = entry.operation(ScopeId(0)).unwrap();
            assert!(operation.back().is_none(), "{kind:?}: what was refused can be taken back");
        }
    }
}

/// Between the confirmation and the call seconds pass, in which the environment is read again.
#[tokio::test(start_paused = true)]
async fn a_freeze_that_comes_while_it_is_read_again_stops_what_was_to_be_sent() {
    let text = site::SCENARIO.to_owned();
    let stage = Stage::undisturbed(&text);
    let deploy = stage.deploy("web", "v2").await;
    let file = stage.log.freeze().clone();
    let frozen = Freeze { since: Timestamp::now(), until: None, reason: "now".into() };
    let now = || {
        // The clock is first looked at for the line of its beginning: after the gate.
        let _ = file.freeze(&frozen);
        stage.now()
    };
    let written = stage.writer(&now).perform(&deploy, &Confirmation::default()).await;
    assert!(matches!(written.outcome, Outcome::Refused(Refusal::Frozen(Frozen::By(_)))), "{written:?}");
    assert_eq!((stage.writes(), stage.entries()[0].outcome.as_deref()), (0, Some("refused")));
}

async fn under_way(stage: &Stage) -> Operation {
    wait(60).await;
    let environment = stage.environment(PRODUCTION).await;
    let operation = Operation::rollback((&environment).into(), (&environment).into(), Some("v42".into()), "v41".into());
    let now = || stage.now();
    stage.writer(&now).begin(operation, &Confirmation::default()).await.unwrap()
}

async fn advance(stage: &Stage, log: &AuditLog, operation: &mut Operation) -> Option<Written> {
    let standing = stage.state(PRODUCTION).await;
    let now = || stage.now();
    let writer = JournalWriter { log, ..stage.writer(&now) };
    writer.advance(operation, &standing, &Confirmation::default()).await
}

/// An abort without the deploy of the version before is worse than either.
#[tokio::test(start_paused = true)]
async fn an_operation_that_is_under_way_completes_its_steps() {
    let stage = rolling();
    let mut rollback = under_way(&stage).await;
    let aborted = advance(&stage, &stage.log, &mut rollback).await.unwrap();
    assert_eq!(aborted.outcome, Outcome::Applied);
    freeze(&stage);
    for _ in 0..400 {
        if matches!(rollback.next(&stage.state(PRODUCTION).await), Next::Finished) {
            break;
        }
        let step = advance(&stage, &stage.log, &mut rollback).await;
        assert!(step.is_none_or(|it| it.outcome.is_done()));
        wait(10).await;
    }
    assert!(rollback.has_finished(), "{rollback:?}");
    assert_eq!((stage.calls("AbortEnvironmentUpdate"), stage.calls("UpdateEnvironment")), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn one_that_another_process_left_is_not_resumed_and_stays_to_be_resumed() {
    let stage = rolling();
    let mut rollback = under_way(&stage).await;
    advance(&stage, &stage.log, &mut rollback).await.unwrap();
    // Its process dies: its locks go, the journal stays.
    let id = rollback.id.clone().unwrap();
    std::fs::remove_file(stage.folder.path().join(format!("beanpole/operations/{id}.lock"))).unwrap();
    let other = AuditLog::under(stage.folder.path());
    wait(600).await;
    freeze(&stage);
    let mut left = stage.entries()[0].operation(ScopeId(0)).unwrap();
    let refused = advance(&stage, &other, &mut left).await.unwrap();
    assert!(matches!(refused.outcome, Outcome::Refused(Refusal::Frozen(_))), "{refused:?}");
    let [entry] = stage.entries().try_into().unwrap();
    assert_eq!((entry.outcome.as_deref(), entry.refusals.len()), (None, 1), "{entry:?}");
    assert_eq!((stage.calls("AbortEnvironmentUpdate"), stage.calls("UpdateEnvironment")), (1, 0));
    // Nor does the pattern of a configuration let it go on.
    stage.log.freeze().lift().unwrap();
    let protected = Some(Protected { name: PRODUCTION.into(), pattern: "*prod*".into() });
    let standing = stage.state(PRODUCTION).await;
    let now = || stage.now();
    let writer = JournalWriter { log: &other, ..stage.writer(&now) };
    let refused = writer.advance(&mut left, &standing, &Confirmation { protected, ..Confirmation::default() }).await;
    assert!(matches!(refused.unwrap().outcome, Outcome::Refused(Refusal::Protected(_))));
    // Once it is thawed it goes on where it was.
    let resumed = advance(&stage, &other, &mut left).await.unwrap();
    assert_eq!(resumed.outcome, Outcome::Applied);
    assert_eq!((stage.calls("AbortEnvironmentUpdate"), stage.calls("UpdateEnvironment")), (1, 1));
    assert_eq!(stage.entries()[0].refusals.len(), 2);
}

/// What is shared with a protected environment is protected with it.
#[tokio::test(start_paused = true)]
async fn an_operation_names_the_other_environments_that_it_concerns() {
    let stage = Stage::undisturbed(site::SCENARIO);
    let plan = Terrain::read(&stage, "one")
        .await
        .plan(&[("lb:idle_timeout.timeout_seconds", "90")], Some(Route::Elb))
        .unwrap();
    let operation = Operation::from(&plan);
    let concerned: Vec<_> = operation.concerned().map(|name| &**name).collect();
    assert_eq!(concerned, ["one", "two"]);
    let again: Operation = serde_json::from_str(&serde_json::to_string(&operation).unwrap()).unwrap();
    assert_eq!(again.serves, operation.serves, "a resumed one knows them, too");
}
