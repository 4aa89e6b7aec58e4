//! An update that did confirmed harm is rolled back, whatever happens meanwhile, and the fleet serves the version before.

use std::time::Duration;

use beanpole::change::Outcome;
use beanpole::deploy::VerdictKind;
use beanpole::sim::{Allowance, Faults, Scenario, TransportFault, Unreachable, Window};
use beanpole::write::unfinished;

use crate::support::deploy::with_peak;
use crate::support::rollback::{BadUpdate, RolledBack, gone_on, harmful, rolled_back, serves};
use crate::support::wire::Fate;
use crate::support::{Stage, deploy};
use crate::writes::stage::polled;

const NAME: &str = "checkout-web-prod";
const LONG: Duration = Duration::from_mins(45);
/// Seeds of a test run; a thousand are `cargo bench --bench verdicts`.
const SEEDS: std::ops::Range<u64> = 0..5;

fn bad_deploy(seed: u64) -> Stage {
    Stage::of(with_peak("bad-deploy", 24.0).with_seed(seed)).without_faults()
}

/// The same with health checks: the second batch is waited for, so that there is something to abort.
fn slow_deploy(seed: u64) -> Stage {
    let text = include_str!("../../../assets/scenarios/bad-deploy.toml");
    let text = text.replace("\"aws:elasticbeanstalk:command/IgnoreHealthCheck\" = \"true\"\n", "");
    Stage::of(Scenario::from_toml("bad-deploy", &text).unwrap().with_seed(seed)).without_faults()
}

async fn bad(stage: &Stage) -> BadUpdate {
    harmful(stage, NAME, LONG).await.unwrap_or_else(|watch| panic!("it did no harm: {:?}", watch.verdict()))
}

fn calls(stage: &Stage) -> (usize, usize) {
    (stage.calls("AbortEnvironmentUpdate"), stage.calls("UpdateEnvironment"))
}

/// Everything runs v18 again, and the verdict on that is not the bad version's.
async fn is_well(stage: &Stage, ended: &RolledBack, what: &str) {
    assert!(ended.operation.has_finished(), "{what}: {:?}", ended.resumed);
    let watch = ended.watch.as_ref().unwrap_or_else(|| panic!("{what}: {:?}", ended.resumed));
    assert!(watch.verdict().kind.is_good(), "{what}: {:?}", watch.verdict());
    assert!(ended.worse.is_empty(), "{what}: {:?}", ended.worse);
    assert_eq!(watch.headline(), "rollback v19 → v18", "{what}");
    let (status, versions) = serves(stage, &watch.environment().key).await;
    assert_eq!(status, "Ready v18", "{what}");
    assert!(versions.len() == 6 && versions.iter().all(|it| it.as_deref() == Some("v18")), "{what}: {versions:?}");
    assert_eq!(unfinished(&stage.log).unwrap(), [], "{what}");
}

#[tokio::test(start_paused = true)]
async fn confirmed_harm_is_rolled_back() {
    for seed in SEEDS {
        let stage = bad_deploy(seed);
        let bad = bad(&stage).await;
        let verdict = bad.watch.verdict();
        assert!(verdict.kind == VerdictKind::Worse && !verdict.early, "{verdict:?}");
        let is_over = bad.watch.ended().is_some();
        let ended = rolled_back(&stage, bad).await;
        is_well(&stage, &ended, &format!("seed {seed}")).await;
        assert_eq!(calls(&stage), (usize::from(!is_over), 1), "seed {seed}");
        // While it updates it is aborted first.
        let stage = slow_deploy(seed);
        let bad = self::bad(&stage).await;
        assert!(bad.watch.ended().is_none(), "seed {seed}");
        let ended = rolled_back(&stage, bad).await;
        is_well(&stage, &ended, &format!("seed {seed}, aborted")).await;
        assert_eq!(calls(&stage), (1, 1), "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_and_a_network_that_is_gone_for_minutes_only_delay_it() {
    let slow = Allowance { rate: 0.3, burst: 2 };
    let throttle = [("elasticbeanstalk".to_owned(), slow)].into();
    let throttled = Faults { throttle, ..Faults::none() };
    let stage = bad_deploy(1);
    let bad_update = bad(&stage).await;
    stage.world.set_faults(throttled);
    let ended = rolled_back(&stage, bad_update).await;
    stage.world.set_faults(Faults::none());
    is_well(&stage, &ended, "throttled").await;
    // From the first look of the rollback on, and later from its deploy on.
    for after in [0, 60_000] {
        let stage = bad_deploy(1);
        let bad_update = bad(&stage).await;
        let from = stage.now().0.duration_since("2026-11-23T14:00:00Z".parse().unwrap());
        let from = i64::try_from(from.as_millis()).unwrap() + after;
        let during = Window { from, until: Some(from + 200_000) };
        let gone = Unreachable { service: None, during, how: TransportFault::ConnectionReset };
        stage.world.set_faults(Faults { unreachable: vec![gone], ..Faults::none() });
        let ended = rolled_back(&stage, bad_update).await;
        is_well(&stage, &ended, &format!("unreachable after {after} ms")).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_does_not_lose_it() {
    for fate in [Fate::AnswerLost, Fate::RequestLost, Fate::Silence] {
        for place in 0..2 {
            let stage = slow_deploy(2);
            let bad_update = bad(&stage).await;
            let hand = stage.hand.clone();
            let count = std::sync::atomic::AtomicUsize::new(0);
            stage.hand.watch(move || {
                let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                hand.fate(if number == place { fate } else { Fate::Arrives });
            });
            let ended = rolled_back(&stage, bad_update).await;
            is_well(&stage, &ended, &format!("{fate:?} of write {place}")).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_environment_that_is_updating_at_the_deadline_is_waited_for() {
    let stage = slow_deploy(3);
    let began = stage.now();
    let bad_update = bad(&stage).await;
    let took = stage.now().since(began);
    assert!(bad_update.watch.ended().is_none(), "it updates still");
    // The same update, followed only as long as its harm takes to be confirmed.
    let stage = slow_deploy(3);
    let bad_update = harmful(&stage, NAME, took + Duration::from_secs(1)).await.unwrap_or_else(|it| panic!("{it:?}"));
    let ended = rolled_back(&stage, bad_update).await;
    is_well(&stage, &ended, "past the deadline").await;
    assert_eq!(calls(&stage), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn an_abort_that_is_refused_is_no_end() {
    let stage = slow_deploy(3);
    let bad_update = bad(&stage).await;
    stage.world.set_faults(Faults { deny: vec!["elasticbeanstalk:AbortEnvironmentUpdate".into()], ..Faults::none() });
    let ended = rolled_back(&stage, bad_update).await;
    // Without the permission it cannot be done: that is said, and the log has it.
    assert!(matches!(ended.resumed.written.outcome, Outcome::Failed(_)), "{:?}", ended.resumed);
    assert_eq!(stage.log.read().unwrap().entries[0].outcome.as_deref(), Some("failed"));
}

#[tokio::test(start_paused = true)]
async fn killed_at_any_step_it_is_offered_and_goes_on() {
    let mut offered = 0;
    for times in (2..).step_by(3) {
        let stage = slow_deploy(4);
        let bad_update = bad(&stage).await;
        stage.world.set_faults(Faults { latency: Duration::from_millis(20), ..Faults::none() });
        let environment = bad_update.watch.environment().clone();
        let cut = polled(Box::pin(rolled_back(&stage, bad_update)), times).await;
        assert!(cut.is_none(), "after {times} polls it was done");
        if stage.log.read().unwrap().entries.is_empty() {
            assert_eq!(calls(&stage), (0, 0), "nothing was begun");
            continue;
        }
        let open = unfinished(&stage.log).unwrap();
        if open.is_empty() {
            // Everything was sent, and only its update was still followed.
            assert!(offered >= 4, "{offered}");
            assert_eq!(calls(&stage), (1, 1), "cut after {times} polls");
            return;
        }
        offered += 1;
        assert_eq!(open.iter().map(|it| it.entry.kind.as_str()).collect::<Vec<_>>(), ["back"], "after {times} polls");
        let ended = gone_on(&stage, &environment).await;
        is_well(&stage, &ended, &format!("cut after {times} polls")).await;
        assert_eq!(calls(&stage), (1, 1), "cut after {times} polls");
    }
}

/// An environment of one policy whose new version fails.
fn failing(policy: &str, version: &str) -> Scenario {
    let text = scenario!(
        "a version that fails",
        application!("shop", "v1"),
        "VERSION\n",
        environment!(
            "web", version = "v1", instances = 4, traffic = { peak = 40.0, median = "40ms" },
            options = { "aws:elasticbeanstalk:command/DeploymentPolicy" = "POLICY" },
        ),
        deploy!("web", "v2", at = "20s"),
    );
    let version = format!("[[application.version]]\nlabel = \"v2\"\n{version}");
    Scenario::from_toml("failing", &text.replace("VERSION", &version).replace("POLICY", policy)).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_beanstalk_takes_back_itself_is_waited_for_and_not_deployed_again() {
    for policy in ["Immutable", "TrafficSplitting"] {
        let stage = Stage::of(failing(policy, "fails_on = 1")).without_faults();
        let bad = harmful(&stage, "web", LONG).await.unwrap_or_else(|it| panic!("{policy}: {:?}", it.verdict()));
        assert_eq!(bad.watch.verdict().kind, VerdictKind::Failed, "{policy}");
        let key = bad.watch.environment().key.clone();
        let ended = rolled_back(&stage, bad).await;
        assert!(ended.operation.has_finished() && ended.watch.is_none(), "{policy}: {:?}", ended.resumed);
        assert_eq!(ended.resumed.written.outcome, Outcome::Unchanged, "{policy}");
        assert_eq!(stage.calls("UpdateEnvironment"), 0, "{policy}");
        let (status, versions) = serves(&stage, &key).await;
        assert_eq!(status, "Ready v1", "{policy}");
        assert!(versions.len() == 4 && versions.iter().all(|it| it.as_deref() == Some("v1")), "{policy}: {versions:?}");
        assert_eq!(unfinished(&stage.log).unwrap(), [], "{policy}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_an_aborted_immutable_deploy_the_version_before_runs_already() {
    let stage = Stage::of(failing("Immutable", "")).without_faults();
    let key = deploy::environment(&stage, "web").await;
    tokio::time::sleep(Duration::from_secs(150)).await;
    let environment = beanpole::aws::look::environment(&stage.session, &key, &|| stage.now()).await.unwrap().unwrap();
    assert!(environment.abortable, "{environment:?}");
    let (subject, seen) = ((&environment).into(), (&environment).into());
    let operation = beanpole::change::Operation::rollback(subject, seen, Some("v2".into()), "v1".into());
    let watch = beanpole::deploy::Watch::begin(&environment, Some("v2".into()), None, stage.now());
    let ended = rolled_back(&stage, BadUpdate { watch, operation }).await;
    assert!(ended.operation.has_finished() && ended.watch.is_none(), "{:?}", ended.resumed);
    assert_eq!(calls(&stage), (1, 0));
    assert_eq!(serves(&stage, &key).await.0, "Ready v1");
}

#[tokio::test(start_paused = true)]
async fn a_failed_rolling_deploy_is_rolled_back_after_its_end() {
    let stage = Stage::of(failing("Rolling", "fails_on = 1")).without_faults();
    let bad = harmful(&stage, "web", LONG).await.unwrap_or_else(|it| panic!("{:?}", it.verdict()));
    let key = bad.watch.environment().key.clone();
    let ended = rolled_back(&stage, bad).await;
    assert!(ended.operation.has_finished(), "{:?}", ended.resumed);
    let (status, versions) = serves(&stage, &key).await;
    assert_eq!(status, "Ready v1");
    assert!(versions.iter().all(|it| it.as_deref() == Some("v1")), "{versions:?}");
}

#[tokio::test(start_paused = true)]
async fn a_good_deploy_and_early_signals_call_for_nothing() {
    let stage = Stage::of(with_peak("rolling", 24.0).with_seed(1)).without_faults();
    let Err(watch) = harmful(&stage, "orders-web-prod", LONG).await else { panic!("it is good") };
    assert_eq!(watch.verdict().kind, VerdictKind::Same);
    assert_eq!(stage.writes(), 0);
}
