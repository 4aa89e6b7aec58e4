//! An update is judged by what it brings, and by nothing that ran before: a rollback by the version that it brings back,
//! not by the bad one that it removes.

use super::stage::{CALM, INSTANCES, Row, Stage, at, environment};
use crate::deploy::{Leaning, VerdictKind, Watch};
use crate::model::{EnvironmentStatus, HealthStatus};

/// After an aborted deploy two of the instances have the bad v2 (deployment 2), and the others still v1.
fn mixed(bad: &HealthStatus, errors: i32, look: i32) -> Vec<super::stage::Said<'static>> {
    let said = |(place, id): (usize, &'static str)| {
        if place < 2 { (id, "v2", 2, bad.clone(), 100 + look, errors) } else { (id, "v1", 1, HealthStatus::Ok, 100, 0) }
    };
    INSTANCES.into_iter().enumerate().map(said).collect()
}

/// The rollback to v1, as our own write follows it or as an onlooker does.
fn rollback(is_reported: bool) -> Stage {
    let mut stage = Stage::new("Rolling");
    let before = environment(EnvironmentStatus::Ready, "v1");
    let requested = is_reported.then(|| "v1".into());
    stage.watch = Watch::begin(&before, requested, is_reported.then(|| "r-1".into()), at(20));
    stage.minutes(0..20, CALM);
    stage.instances(&mixed(&HealthStatus::Severe, 30, 0)).look(15);
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
    stage.event(30, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].");
    stage
}

#[test]
fn the_bad_instances_that_a_rollback_removes_are_not_its_own() {
    for is_reported in [true, false] {
        let mut stage = rollback(is_reported);
        for look in 1..6 {
            stage.instances(&mixed(&HealthStatus::Severe, 30, look)).look(30 + 10 * i64::from(look));
        }
        let verdict = stage.verdict();
        assert!(verdict.kind != VerdictKind::Worse, "reported: {is_reported}: {verdict:?}");
        let against: Vec<_> = verdict.reasons.iter().filter(|it| it.leaning == Leaning::Worse).collect();
        assert!(against.is_empty(), "{against:?}");
    }
}

/// The rollback under way from 14:00:20 on, whose last batch is done at 14:05; minutes like these from its end on.
fn ended(after: Row) -> (Stage, bool) {
    let mut stage = Stage::new("Rolling");
    let before = environment(EnvironmentStatus::Ready, "v2");
    stage.watch = Watch::begin(&before, Some("v1".into()), Some("r-1".into()), at(20)).rolling_back("v2".into());
    // Half of the minutes before are those of the bad version, and with fewer instances it does worse still.
    let (bad, worst) = (Row { target_5xx: 900.0, ..CALM }, Row { target_5xx: 4000.0, ..CALM });
    stage.minutes(-10..-5, CALM).minutes(-5..0, bad).minutes(0..5, worst).minutes(5..20, after);
    stage
        .event(20, "Environment update is starting.")
        .status(EnvironmentStatus::Updating, "v2")
        .all_on("v2", 2)
        .look(30);
    stage
        .event(30, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].")
        .event(80, "Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.")
        .event(150, "Batch 1: Completed application deployment.");
    let mut is_worse = false;
    for second in (60..290).step_by(10) {
        stage.look(second);
        is_worse |= stage.verdict().kind == VerdictKind::Worse;
    }
    stage
        .event(290, "Batch 2: Completed application deployment.")
        .event(298, "New application version was deployed to running EC2 instances.")
        .event(299, "Environment update completed successfully.")
        .status(EnvironmentStatus::Ready, "v1")
        .all_on("v1", 3);
    for second in (300..420).step_by(10) {
        stage.look(second);
        is_worse |= stage.verdict().kind == VerdictKind::Worse;
    }
    stage.look(12 * 60);
    (stage, is_worse)
}

#[test]
fn the_figures_of_the_version_that_a_rollback_removes_are_not_its_own() {
    let (stage, was_worse) = ended(CALM);
    assert!(!was_worse, "while v2 took requests");
    let verdict = stage.verdict();
    assert!(verdict.is_final && verdict.kind.is_good(), "{verdict:?}");
    // What it brings back may be worse than what it removes.
    let (stage, _) = ended(Row { target_5xx: 5000.0, ..CALM });
    assert!(stage.verdict().is_final && stage.verdict().kind == VerdictKind::Worse, "{:?}", stage.verdict());
}

#[test]
fn what_a_rollback_brings_is_judged_as_any_other_version() {
    let mut stage = rollback(true);
    for look in 1..6 {
        let mut said = mixed(&HealthStatus::Severe, 30, look);
        said[0] = (INSTANCES[0], "v1", 3, HealthStatus::Severe, 100 + look, 50);
        stage.instances(&said).look(90 + 10 * i64::from(look));
    }
    assert!(stage.verdict().kind == VerdictKind::Worse && stage.verdict().early, "{:?}", stage.verdict());
    assert_eq!(stage.watch.versions().is_updated(INSTANCES[0]), Some(true));
    assert_eq!(stage.watch.versions().is_updated(INSTANCES[1]), Some(false), "it has the bad version still");
    assert_eq!(stage.watch.versions().is_updated(INSTANCES[2]), Some(false), "its v1 is of the deployment before");
}

#[test]
fn a_rollback_is_known_by_what_went_before_who_starts_it() {
    let previous = || Some(("v1".into(), "v2".into()));
    let title = |watch: &Watch| (watch.headline(), watch.removes().map(str::to_owned));
    let ours = rollback(true).watch.clone().rolling_back("v2".into());
    assert_eq!(title(&ours), ("rollback v2 → v1".to_owned(), Some("v2".to_owned())));
    // Another client deploys what ran before: the numbers of the deployments show which version it is.
    let mut stage = rollback(false);
    stage.watch = stage.watch.clone().after(previous());
    let mut said = mixed(&HealthStatus::Ok, 0, 1);
    said[0] = (INSTANCES[0], "v1", 3, HealthStatus::Ok, 100, 0);
    stage.instances(&said).look(60);
    assert_eq!(title(&stage.watch), ("rollback v2 → v1".to_owned(), Some("v2".to_owned())));
    // A third version is no rollback.
    let mut stage = Stage::new("Rolling");
    stage.watch = stage.watch.clone().after(Some(("v0".into(), "v1".into())));
    stage.look(30);
    assert_eq!(title(&stage.watch), ("v1 → v2".to_owned(), None));
}

#[test]
fn what_an_update_changes_is_reported_by_its_events_or_by_who_asked_for_it() {
    let title = |events: &[&str], version: &str, ready: bool| {
        let mut stage = Stage::new("Rolling");
        let running = environment(EnvironmentStatus::Ready, "v1");
        stage.watch = Watch::begin(&running, None, Some("r-1".into()), at(20));
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
        for (place, text) in events.iter().enumerate() {
            stage.event(31 + place as i64, text);
        }
        if ready {
            stage.event(90, "Environment update completed successfully.").status(EnvironmentStatus::Ready, version);
        }
        stage.look(100);
        stage.look(110);
        stage.watch.headline()
    };
    let settings = "Updating environment shop-web-prod's configuration settings.";
    let deployed = "New application version was deployed to running EC2 instances.";
    assert_eq!(title(&[], "v1", false), "v1, update");
    assert_eq!(title(&[settings], "v1", true), "v1, update of settings");
    assert_eq!(title(&["Managed platform update is in-progress."], "v1", true), "v1, update of the platform");
    assert_eq!(title(&["Deploying new version to instance(s)."], "v2", false), "v1→?");
    // The listing names it in the end, if no instance reports it.
    assert_eq!(title(&["Deploying new version to instance(s).", deployed], "v2", true), "v1 → v2");
    assert_eq!(title(&["Deploying new version to instance(s).", deployed], "v1", true), "v1");
    // Both in one: the version went out.
    assert_eq!(title(&[settings, deployed], "v2", true), "v1 → v2");
    // New instances beside the old ones prove no version: an update of settings may launch them too.
    let immutable =
        "Immutable deployment policy enabled. Launching one instance with the new settings to verify health.";
    assert_eq!(title(&[immutable], "v1", false), "v1, update");
    assert_eq!(title(&[settings, immutable], "v1", true), "v1, update of settings");
    let reported = Watch::begin(&environment(EnvironmentStatus::Ready, "v1"), None, None, at(20)).of_settings();
    assert_eq!(reported.headline(), "v1, update of settings");
}

#[test]
fn instances_that_the_auto_scaling_group_replaces_are_batches() {
    let mut stage = Stage::new("Rolling");
    stage.watch = Watch::begin(&environment(EnvironmentStatus::Ready, "v1"), None, Some("r-1".into()), at(20));
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
    stage.event(21, "Updating environment shop-web-prod's configuration settings.").look(25);
    assert_eq!(stage.watch.phase().words(), "applying settings");
    let begins = "Auto Scaling group update progress: Rolling update initiated. Terminating 3 obsolete instance(s) in batches of 2, while keeping at least 1 instance(s) in service. Waiting on resource signals with a timeout of PT30M when new instances are added to the autoscaling group.";
    stage.event(30, begins).look(31);
    assert_eq!(stage.watch.phase().words(), "replacing instances");
    let batch = "Auto Scaling group update progress: New instance(s) added to autoscaling group - Waiting on 2 resource signal(s) with a timeout of PT30M.";
    for (second, words) in [(40, "batch 1 of 2, replacing instances"), (90, "batch 2 of 2, replacing instances")] {
        stage.event(second, batch).look(second + 1);
        assert_eq!(stage.watch.phase().words(), words);
    }
    stage.event(120, "Successfully deployed new configuration to environment.").look(121);
    assert_eq!(stage.watch.phase().step.as_str(), "health");
}
