//! The phase from the events, for each policy, in the order in which they are written and in any other.

use super::stage::{Stage, at};
use crate::deploy::{Phase, Policy, Rollout, Step};
use crate::model::{ConfigurationSettings, EnvironmentStatus, Key, OptionSetting, ScopeId};

/// Events with the phase that each leads to: step, batch.
type Told<'a> = &'a [(&'a str, Step, Option<u32>)];

fn hold(policy: &str, reported: Told<'_>) -> Phase {
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

fn backwards(policy: &str, reported: Told<'_>) -> Phase {
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

const BEGIN: (&str, Step, Option<u32>) = ("Environment update is starting.", Step::Validating, None);
const END: &str = "Environment update completed successfully.";
const DEPLOYED: &str = "New application version was deployed to running EC2 instances.";

#[test]
fn all_at_once() {
    hold(
        "AllAtOnce",
        &[
            BEGIN,
            ("Deploying new version to instance(s).", Step::Batch, None),
            ("Instance deployment completed successfully.", Step::Batch, None),
            (DEPLOYED, Step::HealthWait, None),
            (END, Step::Done, None),
        ],
    );
}

#[test]
fn rolling() {
    let reported: &[(&str, Step, Option<u32>)] = &[
        BEGIN,
        ("Batch 1: Starting application deployment on instance(s) [i-00000001, i-00000002].", Step::Batch, Some(1)),
        (
            "Batch 1: De-registering instance(s) from the load balancer and waiting for them to go out of service.",
            Step::Batch,
            Some(1),
        ),
        ("Batch 1: Starting application deployment command execution.", Step::Batch, Some(1)),
        ("Instance deployment completed successfully.", Step::Batch, Some(1)),
        ("Batch 1: Completed application deployment command execution.", Step::Batch, Some(1)),
        ("Command execution completed on 2 of 4 instances in environment.", Step::Batch, Some(1)),
        (
            "Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.",
            Step::HealthWait,
            Some(1),
        ),
        (
            "Environment health has transitioned from Ok to Info. Command is executing on 2 out of 4 instances.",
            Step::HealthWait,
            Some(1),
        ),
        ("Batch 1: Completed application deployment.", Step::HealthWait, Some(1)),
        ("Batch 2: Starting application deployment on instance(s) [i-00000003, i-00000004].", Step::Batch, Some(2)),
        ("Batch 2: Completed application deployment.", Step::HealthWait, Some(2)),
        (DEPLOYED, Step::HealthWait, Some(2)),
        (END, Step::Done, Some(2)),
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
                Step::Launching,
                None,
            ),
            (
                "Created temporary auto scaling group awseb-e-1-immutable-stack-AWSEBAutoScalingGroup-1.",
                Step::Launching,
                None,
            ),
            ("Added instance [i-00000005] to your environment.", Step::Launching, None),
            ("Adding new instance(s) (i-00000005) to the load balancer.", Step::Launching, None),
            ("Waiting for instance(s) (i-00000005) to pass health checks.", Step::HealthWait, None),
            ("Test instance passed health checks. Launching remaining new instances.", Step::Launching, None),
            ("Waiting for instance(s) (i-00000006) to pass health checks.", Step::HealthWait, None),
            ("Successfully launched all instances.", Step::HealthWait, None),
            ("Detached new instance(s) from temporary auto scaling group awseb-e-1.", Step::Retiring, None),
            ("Attached new instance(s) to the permanent auto scaling group awseb-e-1.", Step::Retiring, None),
            ("Starting post-deployment configuration on new instances.", Step::Retiring, None),
            ("Deployment succeeded. Terminating old instances and temporary Auto Scaling group.", Step::Retiring, None),
            (DEPLOYED, Step::HealthWait, None),
            (END, Step::Done, None),
        ],
    );
}

#[test]
fn a_failure_rolls_back_and_stays_a_failure() {
    hold(
        "Rolling",
        &[
            BEGIN,
            ("Batch 1: Starting application deployment on instance(s) [i-00000001].", Step::Batch, Some(1)),
            ("[Instance: i-00000001] Command failed on instance. Return code: 1", Step::Batch, Some(1)),
            (
                "Unsuccessful command execution on instance id(s) 'i-00000001'. Aborting the operation.",
                Step::Failing,
                Some(1),
            ),
            ("Failed to deploy application.", Step::Failing, Some(1)),
            ("The environment was reverted to the previous configuration setting.", Step::RollingBack, Some(1)),
            (
                "Update environment operation is complete, but with errors. For more information, see troubleshooting documentation.",
                Step::Done,
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
            ("Updating environment shop-web-prod's configuration settings.", Step::Configuring, None),
            ("Successfully deployed new configuration to environment.", Step::HealthWait, None),
            (END, Step::Done, None),
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
        let rollout = Rollout::of(&ConfigurationSettings { environment: Key::new(ScopeId(0), "e-1"), options });
        assert_eq!(rollout.policy, Policy::from_wire(word).unwrap());
        assert_eq!((rollout.policy.as_str(), rollout.new_version_percent, rollout.evaluation_minutes), (word, 15, 5));
    }
}

#[test]
fn the_status_alone_tells_the_rough_phase() {
    let mut stage = Stage::new("Rolling");
    stage.look(22);
    assert_eq!(stage.watch.phase().step, Step::Waiting);
    stage.status(EnvironmentStatus::Updating, "v1").look(30);
    assert_eq!(stage.watch.phase().step, Step::Validating);
    stage.look(52);
    assert_eq!(stage.watch.phase().step, Step::Updating, "no event says what it does");
    stage.status(EnvironmentStatus::Aborting, "v1").look(54);
    assert_eq!(stage.watch.phase().step, Step::Aborting);
    stage.status(EnvironmentStatus::Ready, "v2").look(60);
    assert_eq!((stage.watch.phase().step, stage.watch.ended()), (Step::Done, Some(at(60))));
}
