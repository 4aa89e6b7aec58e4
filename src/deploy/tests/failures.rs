//! Every way in which AWS reports that an update failed decides so, with the instance and AWS's text, though its last
//! event reports success and the figures are calm; what only resembles a failure of this update does not.

use super::stage::{CALM, INSTANCES, Stage};
use crate::deploy::{Leaning, RuleSignal, Verdict, VerdictKind};
use crate::model::{EnvironmentStatus, HealthStatus, Severity};

/// What the instances report before the update: version v1 by deployment 1, an hour old.
pub const BEFORE: (&str, i64, &str, i64) = ("v1", 1, "Deployed", -3600);
/// What they report after it.
pub const AFTER: (&str, i64, &str, i64) = ("v2", 2, "Deployed", 100);

pub type Said<'a> = (&'a str, &'a str, i64, &'a str, i64);

pub fn all((version, deployment, status, since): (&'static str, i64, &'static str, i64)) -> Vec<Said<'static>> {
    INSTANCES.map(|id| (id, version, deployment, status, since)).to_vec()
}

/// All instances but one report what is expected after the update.
pub fn after_but(stage: &mut Stage, place: usize, one: Said<'static>) {
    let mut said = all(AFTER);
    said[place] = one;
    stage.deployments(&said, &[]);
}

/// The second instance has not ended its command in time.
pub fn no_response(stage: &mut Stage) {
    let words = "The following instances have not responded in the allowed command timeout time (they might still finish eventually on their own): [i-00000002].";
    stage.event_with(100, Severity::Warn, words, Some("r-1"), super::stage::NAME);
}

/// What changes a good update into the one that is tested, at its points.
#[derive(Clone, Copy)]
pub struct Case {
    /// What is to be seen before its first event.
    pub before: fn(&mut Stage),
    /// While it is under way.
    pub during: fn(&mut Stage),
    /// Once it has ended, at each look.
    pub after: fn(&mut Stage),
}

pub const GOOD: Case = Case { before: |_| (), during: |_| (), after: |_| () };

/// Follows an update in two batches, whose last event reports success, to its final verdict.
pub fn followed(case: Case) -> Verdict {
    let mut stage = Stage::new("Rolling");
    stage.minutes(0..20, CALM).deployments(&all(BEFORE), &[]).health(HealthStatus::Ok, &[], 100);
    (case.before)(&mut stage);
    stage.look(15);
    stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
    stage
        .event(30, "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].")
        .event(80, "Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.");
    (case.during)(&mut stage);
    stage.look(110);
    stage.event(150, "Batch 1: Completed application deployment.").look(160);
    stage.event(290, "Batch 2: Completed application deployment.");
    stage.event(298, "New application version was deployed to running EC2 instances.");
    stage.event(299, "Environment update completed successfully.").status(EnvironmentStatus::Ready, "v2");
    stage.deployments(&all(AFTER), &[]).health(HealthStatus::Ok, &[], 100);
    (case.after)(&mut stage);
    stage.looks(300..12 * 60);
    assert!(stage.verdict().is_final, "{:?}", stage.verdict());
    stage.verdict().clone()
}

pub fn said(verdict: &Verdict, leaning: Leaning) -> String {
    let words: Vec<_> = verdict.reasons.iter().filter(|it| it.leaning == leaning).map(|it| it.words.as_str()).collect();
    words.join("; ")
}

/// A name, what happens, and what the verdict's reasons must quote.
pub type Row = (&'static str, Case, &'static [&'static str]);

const FAILED: &[Row] = &[
    (
        "a command that failed on an instance",
        Case {
            during: |stage| {
                let words = "[Instance: i-00000002] Command failed on instance. Return code: 1 Output: npm ERR!.";
                stage.error(100, words, Some("r-1"));
            },
            ..GOOD
        },
        &["i-00000002", "Return code: 1 Output: npm ERR!"],
    ),
    (
        "an instance's deployment that failed",
        Case {
            during: |stage| {
                stage.error(100, "Instance deployment failed. For details, see 'eb-engine.log'.", Some("r-1"));
            },
            ..GOOD
        },
        &["Instance deployment failed"],
    ),
    (
        "a summary with failures, in an event that says INFO",
        Case {
            during: |stage| {
                let words = "Command execution completed on all instances. Summary: [Successful: 0, Failed: 2].";
                stage.event(100, words);
            },
            ..GOOD
        },
        &["Failed: 2"],
    ),
    (
        "a command that did not end in time",
        Case {
            during: no_response,
            after: |stage| {
                after_but(stage, 1, (INSTANCES[1], "v2", 2, "In Progress", 200));
            },
            ..GOOD
        },
        &["i-00000002", "have not responded"],
    ),
    (
        "a resource that could not be updated",
        Case {
            during: |stage| {
                stage.error(100, "Updating load balancer named: lb failed Reason: Access Denied", Some("r-1"));
            },
            ..GOOD
        },
        &["failed Reason: Access Denied"],
    ),
    (
        "a stack that rolls back",
        Case {
            during: |stage| {
                let words = "Service:AmazonCloudFormation, Message:Stack named 'awseb-e-1-stack' aborted operation. Current state: 'UPDATE_ROLLBACK_IN_PROGRESS'  Reason: no";
                stage.error(100, words, Some("r-1"));
            },
            ..GOOD
        },
        &["UPDATE_ROLLBACK_IN_PROGRESS"],
    ),
    (
        "an error of the update in words that are in no table",
        Case {
            during: |stage| {
                stage.error(100, "Something new went wrong.", Some("r-1"));
            },
            ..GOOD
        },
        &["Something new went wrong"],
    ),
    (
        "an instance whose deployment failed",
        Case {
            after: |stage| {
                after_but(stage, 3, (INSTANCES[3], "v2", 2, "Failed", 200));
            },
            ..GOOD
        },
        &["i-00000004", "v2", "Failed"],
    ),
    (
        "an instance that keeps the deployment before",
        Case {
            after: |stage| {
                after_but(stage, 3, (INSTANCES[3], "v1", 1, "Deployed", -3600));
            },
            ..GOOD
        },
        &["v1 on 1", "v2 on 3"],
    ),
    (
        "a cause that names failed commands",
        Case {
            during: |stage| {
                stage.health(HealthStatus::Degraded, &["Command failed on 1 out of 4 instances."], 100);
            },
            after: |stage| {
                stage.health(HealthStatus::Degraded, &["Command failed on 1 out of 4 instances."], 100);
            },
            ..GOOD
        },
        &["Command failed on 1 out of 4 instances"],
    ),
    (
        "a change of health that names failed commands",
        Case {
            during: |stage| {
                let words = "Environment health has transitioned from Info to Degraded. Command failed on 1 out of 4 instances.";
                stage.event_with(100, Severity::Warn, words, None, super::stage::NAME);
            },
            ..GOOD
        },
        &["Command failed on 1 out of 4 instances"],
    ),
    (
        "a wrong version that stays when it is over",
        Case {
            after: |stage| {
                let cause = r#"Incorrect application version found on 2 out of 4 instances. Expected version "v2" (deployment 2)."#;
                stage.health(HealthStatus::Degraded, &[cause], 100);
            },
            ..GOOD
        },
        &["Incorrect application version found on 2 out of 4 instances"],
    ),
    (
        "an instance that says of itself that it has the wrong version",
        Case {
            after: |stage| {
                let cause =
                    r#"Incorrect application version "v1" (deployment 1). Expected version "v2" (deployment 2)."#;
                stage.deployments(&all(AFTER), &[cause]);
            },
            ..GOOD
        },
        &["i-00000001", "Incorrect application version"],
    ),
    (
        "another instance fails than the one that is replaced",
        Case {
            during: |stage| {
                let words = "[Instance: i-00000001] Command failed on instance. Return code: 1 Output: x.";
                stage.error(100, words, Some("r-1"));
                stage.event(140, "Removed instance [i-00000002] from your environment.");
            },
            ..GOOD
        },
        &["i-00000001"],
    ),
];

#[test]
fn every_sign_of_failure_of_the_update_decides() {
    let mut wrong = Vec::new();
    for (name, case, quoted) in FAILED {
        let verdict = followed(*case);
        let words = said(&verdict, Leaning::Worse);
        let is_decided = verdict.kind == VerdictKind::Failed && verdict.reasons[0].signal == RuleSignal::Outcome;
        if !is_decided || !quoted.iter().all(|part| words.contains(part)) {
            wrong.push(format!("{name}: {}, {words:?}", verdict.kind.as_str()));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), FAILED.len(), wrong.join("\n"));
}

/// The early part of a failure is shown while it runs, and not only at its end.
#[test]
fn a_failure_is_said_while_the_update_still_runs() {
    for words in [
        "Service:AmazonCloudFormation, Message:Stack named 'awseb-e-1-stack' aborted operation. Current state: 'UPDATE_ROLLBACK_IN_PROGRESS'  Reason: no",
        "Updating load balancer named: lb failed Reason: no",
        "[Instance: i-00000002] Command failed on instance. Return code: 1 Output: x.",
    ] {
        let mut stage = Stage::new("Rolling");
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1").look(30);
        stage.error(60, words, Some("r-1")).look(61);
        assert_eq!((stage.verdict().kind, stage.verdict().is_final), (VerdictKind::Failed, false), "{words}");
    }
}

/// What becomes of it, the status that the instance gives then, and what counts against the update or is noted.
type Ends = (&'static str, Option<&'static str>, Option<String>, Option<String>);

/// An instance's deployment counts by its end: a failure that is retried decides nothing yet, one that
/// was overcome or replaced is noted.
#[test]
fn a_failed_deployment_on_an_instance_counts_as_it_ends() {
    let words = "the deployment of v2 (deployment 2) on i-00000004 ended as Failed";
    let table: [Ends; 4] = [
        ("it stays so", Some("Failed"), Some(words.to_owned()), None),
        ("it is tried again", Some("In Progress"), None, None),
        ("it succeeded", Some("Deployed"), None, Some(format!("{words}, and succeeded later"))),
        ("the instance is gone", None, None, Some(format!("{words}, and the instance was replaced meanwhile"))),
    ];
    for (name, status, against, note) in table {
        let mut stage = Stage::new("Rolling");
        stage.minutes(0..20, CALM).deployments(&all(BEFORE), &[]).look(15);
        stage.event(20, "Environment update is starting.").status(EnvironmentStatus::Updating, "v1");
        after_but(&mut stage, 3, (INSTANCES[3], "v2", 2, "Failed", 100));
        stage.look(110);
        match status {
            Some(status) => after_but(&mut stage, 3, (INSTANCES[3], "v2", 2, status, 200)),
            None => drop(stage.deployments(&all(AFTER)[..3], &[])),
        }
        stage.look(210);
        let found = stage.watch.failures();
        let parts = |lines: &[String]| lines.iter().filter(|it| it.contains("ended as")).cloned().collect::<Vec<_>>();
        let expected = |line: Option<String>| line.into_iter().collect::<Vec<_>>();
        assert_eq!((parts(&found.against), parts(&found.notes)), (expected(against), expected(note)), "{name}");
    }
}
