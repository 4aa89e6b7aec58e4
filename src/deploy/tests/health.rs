//! Enhanced health beside an update: the environment's own after it, and that of instances with few requests.

use super::failures::said;
use super::stage::{CALM, INSTANCES, Stage, at};
use crate::deploy::{Leaning, RuleSignal, Watch};
use crate::model::{EnvironmentStatus, HealthStatus};

/// The environment's own health afterwards is noted, with its cause and with what it was before.
#[test]
fn the_environments_health_after_it_is_noted_beside_what_it_was_before() {
    let cause = "31.3 % of the requests are erroring with HTTP 4xx.";
    let with = |before: HealthStatus, after: HealthStatus, requests: i32| {
        let mut stage = Stage::new("Rolling");
        let listed = |status, health: &HealthStatus| crate::model::Environment {
            health_status: Some(health.clone()),
            ..super::stage::environment(status, "v2")
        };
        let running =
            crate::model::Environment { version: Some("v1".into()), ..listed(EnvironmentStatus::Ready, &before) };
        stage.watch = Watch::begin(&running, Some("v2".into()), Some("r-1".into()), at(20));
        stage.minutes(0..20, CALM).event(20, "Environment update is starting.");
        stage.put(crate::model::Answer::Environments(vec![listed(EnvironmentStatus::Updating, &HealthStatus::Info)]));
        stage.look(30);
        stage.event(299, "Environment update completed successfully.");
        stage.put(crate::model::Answer::Environments(vec![listed(EnvironmentStatus::Ready, &after)]));
        stage.health(after, &[cause], requests).looks(300..12 * 60);
        said(stage.verdict(), Leaning::Note)
    };
    let same = with(HealthStatus::Warning, HealthStatus::Warning, 400);
    assert!(
        same.contains("calls the environment Warning (31.3 % of the requests") && same.contains("as before"),
        "{same}"
    );
    assert!(!same.contains("rests on"), "{same}");
    let worse = with(HealthStatus::Ok, HealthStatus::Degraded, 6);
    assert!(worse.contains("before the update it was Ok") && worse.contains("rests on 6 requests in 10 s"), "{worse}");
    assert!(
        with(HealthStatus::Severe, HealthStatus::Ok, 400).contains("environment Ok; before the update it was Severe")
    );
    assert!(!with(HealthStatus::Ok, HealthStatus::Ok, 400).contains("calls the environment"));
}

/// A scanner on a small site makes an instance Degraded: a share of few requests shows how few, and counts for nothing.
#[test]
fn an_instance_that_is_degraded_by_a_few_requests_counts_for_nothing_and_says_how_few() {
    let with = |requests: i32, causes: &[&str]| {
        let mut stage = Stage::new("Rolling");
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
        stage.all_on("v1", 1).look(30);
        stage.event(60, "Batch 1: Completed application deployment.");
        for look in 0..5 {
            stage.instances(&INSTANCES.map(|id| (id, "v2", 2, HealthStatus::Degraded, requests, 0)));
            stage.causes_of_instances(causes).look(70 + 10 * look);
        }
        let of_it = |it: &&crate::deploy::VerdictReason| it.signal == RuleSignal::IllInstances;
        (
            stage.verdict().early,
            stage.verdict().reasons.iter().find(of_it).map(|it| it.words.clone()).unwrap_or_default(),
        )
    };
    let scanned = "81.8 % of the requests are erroring with HTTP 4xx.";
    let (early, words) = with(11, &[scanned]);
    assert!(!early && words.contains("of 11 requests in 10 s") && words.contains("too few"), "{words}");
    let (early, words) = with(30, &[scanned]);
    assert!(early && words.contains("of 30 requests in 10 s"), "enough of them count: {words}");
    let (early, words) = with(11, &[scanned, "91 % of CPU is in use."]);
    assert!(early && !words.contains("too few"), "something else is wrong with it too: {words}");
    let (early, words) = with(11, &["81.8 % of the requests are failing with HTTP 5xx."]);
    assert!(early && words.contains("of 11 requests in 10 s"), "5xx are the application's: {words}");
    let (early, _) = with(11, &[]);
    assert!(early, "no cause says that it is the requests");
}
