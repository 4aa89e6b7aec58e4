//! What resembles a failure of the update and is none: of another request, another time, another environment, or of an
//! instance that was replaced. It is noted, and decides nothing.

use super::failures::{BEFORE, Case, GOOD, Row, Said, after_but, all, followed, no_response, said};
use super::stage::{CALM, INSTANCES, Stage, at};
use crate::deploy::{Leaning, VerdictKind, Watch};
use crate::model::{EnvironmentStatus, HealthStatus, Severity};

/// What is no failure of the update, and what is noted of it.
const NOT_FAILED: &[Row] = &[
    ("nothing", GOOD, &[]),
    (
        "an error from before",
        Case {
            before: |stage| {
                stage.error(-60, "[Instance: i-00000002] Command failed on instance. Return code: 1.", Some("r-0"));
                stage.error(12, "Failed to deploy application.", None);
            },
            ..GOOD
        },
        &[],
    ),
    (
        "an error of another request",
        Case {
            during: |stage| {
                stage.error(100, "[Instance: i-00000002] Command failed on instance. Return code: 1.", Some("r-9"));
            },
            ..GOOD
        },
        &["i-00000002", "another request"],
    ),
    (
        "an error of another environment",
        Case {
            during: |stage| {
                let words = "Instance deployment failed. For details, see 'eb-engine.log'.";
                stage.event_with(100, Severity::Error, words, Some("r-7"), "shop-api-prod");
            },
            ..GOOD
        },
        &[],
    ),
    (
        "an error after the end",
        Case {
            after: |stage| {
                stage.error(330, "[Instance: i-00000002] Command failed on instance. Return code: 1.", None);
            },
            ..GOOD
        },
        &["i-00000002", "after the end"],
    ),
    (
        "an error that names no request, in words that are in no table",
        Case {
            during: |stage| {
                stage.error(100, "A certificate is about to expire.", None);
            },
            ..GOOD
        },
        &["A certificate is about to expire"],
    ),
    (
        "a deployment before that had failed",
        Case {
            before: |stage| {
                stage.deployments(&all(("v1", 1, "Failed", -3600)), &[]);
            },
            ..GOOD
        },
        &[],
    ),
    (
        "a deployment before that had failed, half way through this one",
        Case {
            before: |stage| {
                stage.deployments(&all(("v1", 1, "Failed", -3600)), &[]);
            },
            during: |stage| {
                let mut said = all(("v1", 1, "Failed", -3600));
                said[0] = (INSTANCES[0], "v2", 2, "Deployed", 70);
                said[1] = (INSTANCES[1], "v2", 2, "In Progress", 70);
                stage.deployments(&said, &[]);
            },
            ..GOOD
        },
        &[],
    ),
    (
        "an instance that failed and was replaced",
        Case {
            during: |stage| {
                let words = "[Instance: i-00000002] Command failed on instance. Return code: 1 Output: x.";
                stage.error(99, "Instance deployment failed. For details, see 'eb-engine.log'.", Some("r-1"));
                stage.error(100, words, Some("r-1"));
                stage.event(100, "Command execution completed on all instances. Summary: [Successful: 1, Failed: 1].");
                stage.event(140, "Removed instance [i-00000002] from your environment.");
                stage.event(145, "Added instance [i-00000005] to your environment.");
                let words = "Environment health has transitioned from Info to Degraded. Command failed on 1 out of 4 instances.";
                stage.event_with(108, Severity::Warn, words, None, super::stage::NAME);
                stage.health(HealthStatus::Degraded, &["Command failed on 1 out of 4 instances."], 100);
            },
            after: |stage| {
                after_but(stage, 1, ("i-00000005", "v2", 2, "Deployed", 150));
            },
            ..GOOD
        },
        &["i-00000002", "replaced"],
    ),
    (
        "an instance whose deployment failed and that was replaced",
        Case {
            during: |stage| {
                let mut said = all(BEFORE);
                said[1] = (INSTANCES[1], "v2", 2, "Failed", 90);
                stage.deployments(&said, &[]);
            },
            after: |stage| {
                after_but(stage, 1, ("i-00000005", "v2", 2, "Deployed", 150));
            },
            ..GOOD
        },
        &["i-00000002", "replaced"],
    ),
    (
        "a cause that was there before",
        Case {
            before: |stage| {
                stage.health(HealthStatus::Degraded, &["Command failed on 1 out of 4 instances."], 100);
            },
            during: |stage| {
                stage.health(HealthStatus::Degraded, &["Command failed on 1 out of 4 instances."], 100);
            },
            after: |stage| {
                stage.health(HealthStatus::Degraded, &["Command failed on 1 out of 4 instances."], 100);
            },
        },
        &[],
    ),
    (
        "a wrong version while it rolls out",
        Case {
            during: |stage| {
                let cause = r#"Incorrect application version found on 2 out of 4 instances. Expected version "v2" (deployment 2)."#;
                stage.health(HealthStatus::Degraded, &[cause], 100);
                let words = "Environment health has transitioned from Info to Degraded. Application update in progress on 1 out of 4 instances. Incorrect application version found on 1 instance.";
                stage.event_with(100, Severity::Warn, words, None, super::stage::NAME);
            },
            ..GOOD
        },
        &[],
    ),
    (
        "a summary without failures",
        Case {
            during: |stage| {
                stage.event(100, "Command execution completed on all instances. Summary: [Successful: 2, Failed: 0].");
            },
            ..GOOD
        },
        &[],
    ),
    (
        "a command that ended late and well",
        Case {
            during: no_response,
            after: |stage| {
                after_but(stage, 1, (INSTANCES[1], "v2", 2, "Deployed", 200));
            },
            ..GOOD
        },
        &["i-00000002", "ended late"],
    ),
];

#[test]
fn what_is_no_failure_of_the_update_is_noted_and_decides_nothing() {
    let mut wrong = Vec::new();
    for (name, case, quoted) in NOT_FAILED {
        let verdict = followed(*case);
        let notes = said(&verdict, Leaning::Note);
        if verdict.kind != VerdictKind::Same || !quoted.iter().all(|part| notes.contains(part)) {
            wrong.push(format!("{name}: {}, {:?}", verdict.kind.as_str(), verdict.reasons));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), NOT_FAILED.len(), wrong.join("\n"));
}

/// A redeploy of the version that runs: only the numbers of the deployments differ.
#[test]
fn the_same_label_once_more_counts_by_the_number_of_its_deployment() {
    let with = |last: Said<'static>| {
        let mut stage = Stage::new("Rolling");
        let running = super::stage::environment(EnvironmentStatus::Ready, "v1");
        stage.watch = Watch::begin(&running, Some("v1".into()), Some("r-1".into()), at(20));
        stage.minutes(0..20, CALM).deployments(&all(BEFORE), &[]).look(15);
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
        stage.event(150, "Batch 1: Completed application deployment.").look(160);
        stage.event(299, "Environment update completed successfully.").status(EnvironmentStatus::Ready, "v1");
        let mut said = all(("v1", 2, "Deployed", 100));
        said[3] = last;
        stage.deployments(&said, &[]).looks(300..12 * 60);
        stage.verdict().clone()
    };
    let well = with((INSTANCES[3], "v1", 2, "Deployed", 200));
    assert_eq!(well.kind, VerdictKind::Same, "{well:?}");
    let left = with((INSTANCES[3], "v1", 1, "Deployed", -3600));
    assert_eq!(left.kind, VerdictKind::Failed, "{left:?}");
    assert!(left.reasons[0].words.contains("i-00000004") && left.reasons[0].words.contains("deployment 1"), "{left:?}");
}
