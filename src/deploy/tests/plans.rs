//! The plan of a deploy, from what is live: its sentences, and what they say where something is not known.

use std::sync::Arc;

use crate::deploy::policy::tests::settings;
use crate::deploy::{CandidateVersion, DeployPlan, FleetBefore, PastDeploys, Rollout};
use crate::model::{ApplicationVersion, Environment, EnvironmentStatus, Key, Moment, ScopeId, Snapshot, VersionStatus};
use std::time::Duration;

fn plan(options: &[(&str, &str)], instances: u32, healthy: u32) -> DeployPlan {
    let (draining, interval) = (Duration::from_secs(20), Duration::from_secs(15));
    DeployPlan {
        version: "v3".into(),
        rollout: Some(Rollout::of(&settings(options))),
        fleet: Some(FleetBefore { instances, healthy, draining, interval, is_balanced: true }),
        knows_draining: true,
        past: PastDeploys::default(),
        candidate: CandidateVersion::default(),
    }
}

fn lines(plan: &DeployPlan) -> Vec<String> {
    plan.lines().into_iter().map(|it| format!("{}{}", if it.is_warning { "! " } else { "" }, it.text)).collect()
}

#[test]
fn it_says_policy_batches_the_worst_moment_and_the_draining() {
    let rolling = plan(&[("DeploymentPolicy", "Rolling"), ("BatchSizeType", "Fixed"), ("BatchSize", "2")], 6, 6);
    assert_eq!(
        lines(&rolling)[..3],
        [
            "Rolling, 2 at a time, in 3 batches",
            "6 of 6 instances healthy now, 4 at the worst moment",
            "Targets are drained for up to 20s in each of 3 batches: 60s",
        ]
    );
    assert_eq!((rolling.worst(), rolling.batches()), (Some(4), Some(3)));
    let at_once = plan(&[], 3, 2);
    assert_eq!(
        lines(&at_once)[..2],
        [
            "All at once",
            "! 2 of 3 instances healthy now, 0 at the worst moment: for some seconds no instance may serve"
        ]
    );
    let immutable = plan(&[("DeploymentPolicy", "Immutable")], 1, 1);
    assert_eq!(
        lines(&immutable)[1..3],
        ["1 of 1 instance healthy now, 1 at the worst moment", "Targets are drained for up to 20s"]
    );
    let ignoring = plan(&[("DeploymentPolicy", "Rolling"), ("IgnoreHealthCheck", "true")], 6, 6);
    assert!(lines(&ignoring).iter().any(|line| line.starts_with("! IgnoreHealthCheck is on")));
}

#[test]
fn what_is_not_known_is_said_and_no_figure_is_made_up() {
    let whole = plan(&[("DeploymentPolicy", "Rolling"), ("BatchSize", "50")], 6, 6);
    let unread = DeployPlan { rollout: None, ..whole.clone() };
    assert_eq!((unread.worst(), unread.batches()), (None, None));
    assert_eq!(
        lines(&unread)[..2],
        [
            "How it will be rolled out is not known: the settings are not read",
            "! 6 of 6 instances healthy now; at the worst moment not known"
        ]
    );
    let unseen = DeployPlan { fleet: None, ..whole.clone() };
    assert_eq!((unseen.worst(), unseen.batches()), (None, None));
    assert_eq!(
        lines(&unseen)[..2],
        [
            "Rolling, 50 %, in how many batches is not known",
            "! How many instances serve is not known, now and at the worst moment"
        ]
    );
    let undrained = DeployPlan { knows_draining: false, ..whole };
    assert_eq!(lines(&undrained)[2], "How long targets are drained is not known");
    assert!(lines(&undrained)[3].starts_with("How long it takes is not known"));
    // Of an environment of which nothing was read, nothing is said to be so.
    let environment = Environment::new(Key::new(ScopeId(0), "e-1"), "web", "shop", EnvironmentStatus::Ready);
    let nothing = DeployPlan::new(&Snapshot::new(ScopeId(0), Moment::EPOCH), &environment, &"v3".into(), None);
    assert_eq!((nothing.rollout, nothing.fleet, nothing.candidate.is_older), (None, None, None));
}

fn candidate(version: &str, versions: Option<&[ApplicationVersion]>) -> Vec<String> {
    let environment = Environment {
        version: Some("v2".into()),
        ..Environment::new(Key::new(ScopeId(0), "e-1"), "web", "shop", EnvironmentStatus::Ready)
    };
    let version: Arc<str> = version.into();
    let plan = DeployPlan::new(&Snapshot::new(ScopeId(0), Moment::EPOCH), &environment, &version, versions);
    lines(&DeployPlan { fleet: None, ..plan }).split_off(3)
}

#[test]
fn a_candidate_is_compared_with_what_runs_and_the_way_back_is_looked_for() {
    let version = |label: &str, hours: u64| ApplicationVersion {
        application: "shop".into(),
        label: label.into(),
        created: Some(Moment::EPOCH.plus(Duration::from_secs(hours * 3_600))),
        status: Some(VersionStatus::Processed),
        description: None,
        source: None,
    };
    let versions = [version("v3", 3), version("v2", 2), version("v1", 1)];
    assert_eq!(candidate("v3", Some(&versions)), ["A rollback would deploy v2 again"]);
    assert_eq!(
        candidate("v1", Some(&versions)),
        ["! This version is older than the one that runs, v2", "A rollback would deploy v2 again"]
    );
    assert_eq!(
        candidate("v3", Some(&versions[..1])),
        ["! No way back: v2 is not among the application's versions any more"]
    );
    let failed = [version("v3", 3), ApplicationVersion { status: Some(VersionStatus::Failed), ..version("v2", 2) }];
    assert!(candidate("v3", Some(&failed))[0].starts_with("! No way back"));
    assert_eq!(candidate("v3", None), ["! Whether v2 could be deployed again is not known"]);
    assert!(candidate("v2", Some(&versions)).is_empty(), "it is deployed once more");
}
