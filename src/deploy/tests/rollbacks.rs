//! An update is judged by what it brings, and by nothing that ran before: a rollback by the version that it brings back,
//! not by the bad one that it removes.

use super::stage::{CALM, INSTANCES, Stage, at, environment};
use crate::deploy::{Leaning, VerdictKind, Watch};
use crate::model::{EnvironmentStatus, HealthStatus};

/// After an aborted deploy two of the instances have the bad v2 (deployment 2), and the others still v1.
fn mixed(bad: HealthStatus, errors: i32, look: i32) -> Vec<super::stage::Said<'static>> {
    let said = |(place, id): (usize, &'static str)| {
        if place < 2 { (id, "v2", 2, bad.clone(), 100 + look, errors) } else { (id, "v1", 1, HealthStatus::Ok, 100, 0) }
    };
    INSTANCES.into_iter().enumerate().map(said).collect()
}

/// The rollback to v1, as our own write follows it or as an onlooker does.
fn rollback(is_told: bool) -> Stage {
    let mut stage = Stage::new("Rolling");
    let before = environment(EnvironmentStatus::Ready, "v1");
    let requested = is_told.then(|| "v1".into());
    stage.watch = Watch::begin(&before, requested, is_told.then(|| "r-1".into()), at(20));
    stage.minutes(0..20, CALM);
    stage.instances(&mixed(HealthStatus::Severe, 30, 0)).look(15);
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
    stage.event(30, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].");
    stage
}

#[test]
fn the_bad_instances_that_a_rollback_removes_are_not_its_own() {
    for is_told in [true, false] {
        let mut stage = rollback(is_told);
        for look in 1..6 {
            stage.instances(&mixed(HealthStatus::Severe, 30, look)).look(30 + 10 * i64::from(look));
        }
        let verdict = stage.verdict();
        assert!(verdict.kind != VerdictKind::Worse, "told: {is_told}: {verdict:?}");
        let against: Vec<_> = verdict.reasons.iter().filter(|it| it.leaning == Leaning::Worse).collect();
        assert!(against.is_empty(), "{against:?}");
    }
}

#[test]
fn what_a_rollback_brings_is_judged_as_any_other_version() {
    let mut stage = rollback(true);
    for look in 1..6 {
        let mut said = mixed(HealthStatus::Severe, 30, look);
        said[0] = (INSTANCES[0], "v1", 3, HealthStatus::Severe, 100 + look, 50);
        stage.instances(&said).look(90 + 10 * i64::from(look));
    }
    assert!(stage.verdict().kind == VerdictKind::Worse && stage.verdict().early, "{:?}", stage.verdict());
    assert_eq!(stage.watch.versions().is_updated(INSTANCES[0]), Some(true));
    assert_eq!(stage.watch.versions().is_updated(INSTANCES[1]), Some(false), "it has the bad version still");
    assert_eq!(stage.watch.versions().is_updated(INSTANCES[2]), Some(false), "its v1 is of the deployment before");
}
