//! The phase from the events, for each policy, in the order in which they are recorded and in any other.

use super::stage::{Stage, at};
use crate::deploy::{Phase, PhaseStep, Policy, Rollout};
use crate::model::{ConfigurationSettings, EnvironmentStatus, Key, OptionSetting, ScopeId};

/// Events with the phase that each leads to: step, batch.
type ReportedPhases<'a> = &'a [(&'a str, PhaseStep, Option<u32>)];

fn hold(policy: &str, reported: ReportedPhases<'_>) -> Phase {
    let mut stage = Stage::new(policy);
    stage.status(EnvironmentStatus::Updating, "v1");
    for (number, (message, step, batch)) in reported.iter().enumerate() {
        let second = 21 + number as i64;
        stage.event(second, message).look(second + 1);
        let phase = stage.watch.phase();
        assert_eq!((phase.step, phase.batch), (*step, *batch), "after: {message}");
    }
    let phase = stage.watch.phase().clone();
    assert_eq!(stage.watch.started(), at(21));
    assert_eq!(backwards(policy, reported), phase, "events that come in another order");
    phase
}

fn backwards(policy: &str, reported: ReportedPhases<'_>) -> Phase {
    let mut stage = Stage::new(policy);
    stage.status(EnvironmentStatus::Updating, "v1");
    for (number, (message, ..)) in reported.iter().enumerate().rev() {
        stage.event(21 + number as i64, message);
        // A failure that has ended is not looked at again.
        if !reported.iter().any(|(message, ..)| message.contains("Failed")) {
            stage.look(100 - number as i64);
        }
    }
    stage.look(200);
    stage.watch.phase().clone()
}

const BEGIN: (&str, PhaseStep, Option<u32>) = ("Environment update is starting.", PhaseStep::Validating, None);
const END: &str = "Environment update completed successfully.";
const DEPLOYED: &str = "New application version was deployed to running EC2 instances.";

#[test]
fn all_at_once() {
    hold(
        "AllAtOnce",
        &[
            BEGIN,
            ("Deploying new version to instance(s).", PhaseStep::Batch, None),
            ("Instance deployment completed successfully.", PhaseStep::Batch, None),
            (DEPLOYED, PhaseStep::HealthWait, None),
            (END, PhaseStep::Done, None),
        ],
    );
}

#[test]
fn rolling() {
    let reported: &[(&str, PhaseStep, Option<u32>)] = &[
        BEGIN,
        (
            "Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].",
            PhaseStep::Batch,
            Some(1),
        ),
        (
            "Batch 1: De-registering instance(s) from the load balancer and waiting for them to go out of service.",
            PhaseStep::Batch,
            Some(1),
        ),
        ("Batch 1: Starting application deployment command execution.", PhaseStep::Batch, Some(1)),
        ("Instance deployment completed successfully.", PhaseStep::Batch, Some(1)),
        ("Batch 1: Completed application deployment command execution.", PhaseStep::Batch, Some(1)),
        ("Command execution completed on 2 of 4 instances in environment.", PhaseStep::Batch, Some(1)),
        (
            "Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.",
            PhaseStep::HealthWait,
            Some(1),
        ),
        (
            "Environment health has transitioned from Ok to Info. Command is executing on 2 out of 4 instances.",
            PhaseStep::HealthWait,
            Some(1),
        ),
        ("Batch 1: Completed application deployment.", PhaseStep::HealthWait, Some(1)),
        (
            "Batch 2: Starting application deployment on instance(s) [i-00000003, i-00000004].",
            PhaseStep::Batch,
            Some(2),
        ),
        ("Batch 2: Completed application deployment.", PhaseStep::HealthWait, Some(2)),
        (DEPLOYED, PhaseStep::HealthWait, Some(2)),
        (END, PhaseStep::Done, Some(2)),
    ];
    let phase = hold("Rolling", reported);
    assert_eq!(phase.batches, Some(2));
    hold("RollingWithAdditionalBatch", reported);
}

#[test]
fn immutable() {
    hold(
        "Immutable",
        &[
            BEGIN,
            (
                "Immutable deployment policy enabled. Launching one instance with the new settings to verify health.",
                PhaseStep::Launching,
                None,
            ),
            (
                "Created temporary auto scaling group awseb-e-1-immutable-stack-AWSEBAutoScalingGroup-1.",
                PhaseStep::Launching,
                None,
            ),
            ("Added instance [i-00000005] to your environment.", PhaseStep::Launching, None),
            ("Adding new instance(s) (i-00000005) to the load balancer.", PhaseStep::Launching, None),
            ("Waiting for instance(s) (i-00000005) to pass health checks.", PhaseStep::HealthWait, None),
            ("Test instance passed health checks. Launching remaining new instances.", PhaseStep::Launching, None),
            ("Waiting for instance(s) (i-00000006) to pass health checks.", PhaseStep::HealthWait, None),
            ("Successfully launched all instances.", PhaseStep::HealthWait, None),
            ("Detached new instance(s) from temporary auto scaling group awseb-e-1.", PhaseStep::Retiring, None),
            ("Attached new instance(s) to the permanent auto scaling group awseb-e-1.", PhaseStep::Retiring, None),
            ("Starting post-deployment configuration on new instances.", PhaseStep::Retiring, None),
            (
                "Deployment succeeded. Terminating old instances and temporary Auto Scaling group.",
                PhaseStep::Retiring,
                None,
            ),
            (DEPLOYED, PhaseStep::HealthWait, None),
            (END, PhaseStep::Done, None),
        ],
    );
}

#[test]
fn a_failure_rolls_back_and_stays_a_failure() {
    hold(
        "Rolling",
        &[
            BEGIN,
            ("Batch 1: Starting application deployment on instance(s) [i-00000001].", PhaseStep::Batch, Some(1)),
            ("[Instance: i-00000001] Command failed on instance. Return code: 1", PhaseStep::Batch, Some(1)),
            (
                "Unsuccessful command execution on instance id(s) 'i-00000001'. Aborting the operation.",
                PhaseStep::Failing,
                Some(1),
            ),
            ("Failed to deploy application.", PhaseStep::Failing, Some(1)),
            ("The environment was reverted to the previous configuration setting.", PhaseStep::RollingBack, Some(1)),
            (
                "Update environment operation is complete, but with errors. For more information, see troubleshooting documentation.",
                PhaseStep::Done,
                Some(1),
            ),
        ],
    );
}

#[test]
fn an_update_of_settings() {
    let phase = hold(
        "Rolling",
        &[
            BEGIN,
            ("Updating environment shop-web-prod's configuration settings.", PhaseStep::Configuring, None),
            ("Successfully deployed new configuration to environment.", PhaseStep::HealthWait, None),
            (END, PhaseStep::Done, None),
        ],
    );
    assert_eq!(phase.batches, None);
}

#[test]
fn every_policy_is_read_from_its_settings() {
    let policies = ["AllAtOnce", "Rolling", "RollingWithAdditionalBatch", "Immutable", "TrafficSplitting"];
    for word in policies {
        let option = |namespace: &str, name: &str, value: &str| OptionSetting {
            namespace: namespace.into(),
            name: name.into(),
            value: Some(value.into()),
        };
        let options = vec![
            option("aws:elasticbeanstalk:command", "DeploymentPolicy", word),
            option("aws:elasticbeanstalk:trafficsplitting", "NewVersionPercent", "15"),
        ];
        let rollout =
            Rollout::of(&ConfigurationSettings { environment: Key::new(ScopeId(0), "e-1"), options: options.into() });
        assert_eq!(rollout.policy, Policy::from_wire(word).unwrap());
        assert_eq!((rollout.policy.as_str(), rollout.new_version_percent, rollout.evaluation_minutes), (word, 15, 5));
    }
}

#[test]
fn the_status_alone_tells_the_rough_phase() {
    let mut stage = Stage::new("Rolling");
    stage.look(22);
    assert_eq!(stage.watch.phase().step, PhaseStep::Waiting);
    stage.status(EnvironmentStatus::Updating, "v1").look(30);
    assert_eq!(stage.watch.phase().step, PhaseStep::Validating);
    stage.look(52);
    assert_eq!(stage.watch.phase().step, PhaseStep::Updating, "no event says what it does");
    stage.status(EnvironmentStatus::Aborting, "v1").look(54);
    assert_eq!(stage.watch.phase().step, PhaseStep::Aborting);
    stage.status(EnvironmentStatus::Ready, "v2").look(60);
    assert_eq!((stage.watch.phase().step, stage.watch.ended()), (PhaseStep::Done, Some(at(60))));
}
