//! Beanstalk's texts, as real logs and its guides have them, and what each of them means.

use crate::deploy::event::read;
use crate::model::{EnvironmentEvent, Moment};

fn event(message: &str) -> EnvironmentEvent {
    EnvironmentEvent::new(Moment::EPOCH, message)
}

/// A text and the name of the sign that it is.
const TEXTS: &[(&str, &str)] = &[
    // Any update.
    ("Environment update is starting.", "Starting"),
    ("Environment update completed successfully.", "Completed"),
    (
        "Update environment operation is complete, but with errors. For more information, see troubleshooting documentation.",
        "CompletedWithErrors",
    ),
    ("Updating environment web's configuration settings.", "Configuring"),
    ("Successfully deployed new configuration to environment.", "SettingsDeployed"),
    ("New application version was deployed to running EC2 instances.", "VersionDeployed"),
    ("Failed to deploy application.", "Failed"),
    ("Failed to deploy configuration.", "Failed"),
    ("Unsuccessful command execution on instance id(s) 'i-0a1b2c3d4e5f60718'. Aborting the operation.", "Unsuccessful"),
    ("[Instance: i-0a1b2c3d4e5f60718] Command failed on instance. Return code: 1 Output: null.", "CommandFailed"),
    (
        "[Instance: i-0a1b2c3d4e5f60718 ConfigSet: Infra-EmbeddedPreBuild, Hook-PreAppDeploy] Command failed on instance. Return code: 1 Output: null.",
        "CommandFailed",
    ),
    ("Instance deployment failed. For details, see 'eb-engine.log'.", "InstanceFailed"),
    (
        "Instance deployment failed to generate a 'Procfile' for Node.js. Provide one of these files: 'package.json', 'server.js', or 'app.js'. The deployment failed.",
        "InstanceFailed",
    ),
    (
        "Instance deployment: 'npm' failed to install dependencies that you defined in 'package.json'. For details, see 'eb-engine.log'. The deployment failed.",
        "InstanceFailed",
    ),
    (
        "The following instances have not responded in the allowed command timeout time (they might still finish eventually on their own): [i-0a1b2c3d4e5f60718].",
        "TimedOut",
    ),
    ("Command execution completed on 1 of 2 instances in environment.", "Progress"),
    ("Command execution completed on all instances. Summary: [Successful: 2, Failed: 0].", "Progress"),
    ("Command execution completed on all instances. Summary: [Successful: 0, Failed: 2].", "SummaryFailed"),
    ("Command execution completed on all instances. Summary: [Successful: 0, TimedOut: 1].", "SummaryFailed"),
    (
        "During an aborted deployment, some instances may have deployed the new application version. To ensure all instances are running the same version, re-deploy the appropriate application version.",
        "Aborted",
    ),
    ("The environment was reverted to the previous configuration setting.", "Reverted"),
    ("Environment health has transitioned from Ok to Info. Command is executing on 3 out of 5 instances.", "Health"),
    ("Environment health has transitioned to Severe. ELB health is failing.", "Health"),
    ("Environment health has been set to GREEN", "Health"),
    ("Added instance [i-0a1b2c3d4e5f60718] to your environment.", "InstanceAdded"),
    ("Added instances [i-0a1b2c3d4e5f60718, i-0a1b2c3d4e5f60719] to your environment.", "InstanceAdded"),
    ("Removed instance [i-0a1b2c3d4e5f60718] from your environment.", "InstanceRemoved"),
    ("Removed instances [i-0a1b2c3d4e5f60718, i-0a1b2c3d4e5f60719] from your environment.", "InstanceRemoved"),
    // All at once.
    ("Deploying new version to instance(s).", "Deploying"),
    ("Instance deployment completed successfully.", "InstanceDone"),
    // Rolling.
    ("Batch 1: Starting application deployment on instance(s) [i-0a1b2c3d4e5f60718].", "BatchStarting"),
    (
        "Batch 1: De-registering instance(s) from the load balancer and waiting for them to go out of service.",
        "BatchLeaving",
    ),
    ("Batch 1: Starting application deployment command execution.", "BatchCommand"),
    ("Batch 1: Completed application deployment command execution.", "BatchCommandDone"),
    ("Batch 1: Registering instance(s) with the load balancer and waiting for them to be healthy.", "BatchRegistering"),
    ("Batch 1: Completed application deployment.", "BatchDone"),
    // Rolling with an additional batch (two blanks, as AWS writes it).
    (
        "Rolling with Additional Batch deployment policy enabled. Launching  a new batch of 1 additional instance(s).",
        "BatchLaunching",
    ),
    ("Batch 1: 1 EC2 instance(s) [i-0a1b2c3d4e5f60718] launched. Deploying application version 'v2'.", "BatchStarting"),
    // Immutable.
    (
        "Immutable deployment policy enabled. Launching one instance with the new settings to verify health.",
        "Immutable",
    ),
    ("Created temporary auto scaling group awseb-e-1-immutable-stack-AWSEBAutoScalingGroup-1.", "Immutable"),
    ("Adding new instance(s) (i-0a1b2c3d4e5f60718) to the load balancer.", "Adding"),
    ("Adding new instance(s) (i-0a1b2c3d4e5f60718,i-0a1b2c3d4e5f60719) to the load balancer.", "Adding"),
    ("Waiting for instance(s) (i-0a1b2c3d4e5f60718) to pass health checks.", "WaitingForHealth"),
    ("Test instance passed health checks. Launching remaining new instances.", "TestPassed"),
    ("Successfully launched all instances.", "LaunchedAll"),
    ("Detached new instance(s) from temporary auto scaling group awseb-e-1.", "Moving"),
    ("Attached new instance(s) to the permanent auto scaling group awseb-e-1.", "Moving"),
    ("Starting post-deployment configuration on new instances.", "Moving"),
    ("Waiting for post-deployment configuration to complete.", "Moving"),
    ("Deployment succeeded. Terminating old instances and temporary Auto Scaling group.", "Retiring"),
    // Settings, and what they replace.
    (
        "Service:AmazonCloudFormation, Message:Stack named 'awseb-e-1-stack' aborted operation. Current state: 'UPDATE_ROLLBACK_IN_PROGRESS'  Reason: The following resource(s) failed to update: [AWSEBV2LoadBalancer].",
        "StackRollback",
    ),
    (
        "Service:AmazonCloudFormation, Message:Stack named 'awseb-e-1-stack' aborted operation. Current state: 'UPDATE_ROLLBACK_IN_PROGRESS' Reason: null",
        "StackRollback",
    ),
    ("Updating load balancer named: arn:aws:elasticloadbalancing:x failed Reason: Access Denied", "ResourceFailed"),
    (
        "Creating Load Balancer listener failed Reason: An SSL policy must be specified for HTTPS listeners",
        "ResourceFailed",
    ),
    (
        "Updating Auto Scaling group named: awseb-e-1 failed Reason: Autoscaling rolling updates cannot be performed because scheduled action(s) [night] are currently associated with this autoscaling group; either remove them or disable rolling updates.",
        "ResourceFailed",
    ),
    ("Created Auto Scaling launch configuration named: awseb-e-1-stack-1", "TemplateReplaced"),
    ("Deleted Auto Scaling launch configuration named: awseb-e-1-stack-1", "TemplateReplaced"),
    (
        "Auto Scaling group update progress: Temporarily setting autoscaling group MinSize and DesiredCapacity to 3.",
        "Replacing",
    ),
    (
        "Auto Scaling group update progress: Rolling update initiated. Terminating 3 obsolete instance(s) in batches of 1, while keeping at least 1 instance(s) in service. Waiting on resource signals with a timeout of PT30M when new instances are added to the autoscaling group.",
        "ReplacingStarts",
    ),
    (
        "Auto Scaling group update progress: New instance(s) added to autoscaling group - Waiting on 1 resource signal(s) with a timeout of PT30M.",
        "ReplacingBatch",
    ),
    (
        "Auto Scaling group update progress: Failed to receive 1 resource signal(s) for the current batch. Each resource signal timeout is counted as a FAILURE.",
        "ResourceFailed",
    ),
    ("Managed platform update is in-progress.", "PlatformUpdate"),
    ("Managed update failed, retrying in 30 minutes.", "Failed"),
    // Other operations.
    ("swapEnvironmentCNAMEs is starting.", "OtherOperation"),
    ("Swapping CNAMEs for environments 'a' and 'b'.", "OtherStep"),
    ("'a.elasticbeanstalk.com' now points to 'awseb-1.elb.amazonaws.com'.", "OtherStep"),
    ("Completed swapping CNAMEs for environments 'a' and 'b'.", "OtherDone"),
    ("restartAppServer is starting.", "OtherOperation"),
    ("Restarted application server on all ec2 instances.", "OtherDone"),
    ("rebuildEnvironment is starting.", "OtherOperation"),
    ("createEnvironment is starting.", "OtherOperation"),
    ("Using elasticbeanstalk-eu-west-1-1 as Amazon S3 storage bucket for environment data.", "OtherStep"),
    ("Created security group named: sg-1", "OtherStep"),
    ("Created target group named: arn:aws:x", "OtherStep"),
    ("Created load balancer named: arn:aws:x", "OtherStep"),
    ("Created Load Balancer listener named: arn:aws:x", "OtherStep"),
    ("Created Auto Scaling group named: awseb-e-1", "OtherStep"),
    ("Waiting for EC2 instances to launch. This may take a few minutes.", "OtherStep"),
    ("Successfully launched environment: web", "OtherDone"),
    (
        "Launched environment: web. However, there were issues during launch. See event log for details.",
        "LaunchedWithIssues",
    ),
    ("Failed to launch environment.", "Failed"),
    (
        "Create environment operation is complete, but with errors. For more information, see troubleshooting documentation.",
        "CompletedWithErrors",
    ),
    ("terminateEnvironment is starting.", "Terminating"),
    (
        "Validating environment's EC2 instances have termination protection disabled before performing termination.",
        "OtherStep",
    ),
    ("Finished validating environment's EC2 instances for termination protection.", "OtherStep"),
    ("Deleted Load Balancer listener named: arn:aws:x", "OtherStep"),
    ("Deleted load balancer named: arn:aws:x", "OtherStep"),
    ("Waiting for EC2 instances to terminate. This may take a few minutes.", "OtherStep"),
    ("Stack deletion failed: The following resource(s) failed to delete: [AWSEBSecurityGroup].", "TerminationFailed"),
    ("terminateEnvironment completed successfully.", "Terminating"),
];

#[test]
fn every_text_of_the_catalogue_means_what_it_should() {
    let sign = |message: &str| {
        read(&event(message)).map_or_else(|| "nothing".to_owned(), |reading| format!("{:?}", reading.sign))
    };
    let wrong: Vec<_> = TEXTS.iter().map(|(text, wanted)| (*text, sign(text), *wanted)).collect();
    let wrong: Vec<_> = wrong.into_iter().filter(|(_, got, wanted)| got != wanted).collect();
    let shown = |(text, got, wanted): &(&str, String, &str)| format!("{got} and not {wanted}: {text}");
    assert!(wrong.is_empty(), "{} texts:\n{}", wrong.len(), wrong.iter().map(shown).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_text_that_only_resembles_one_means_nothing() {
    for text in [
        "Something new that AWS says since yesterday.",
        "Environment health is transitioning.",
        "Summary: [Successful: 2]",
        "Instance deployment: You didn't specify a Node.js version in the 'package.json' file in your source bundle.",
        "Batch processing of the queue has failed.",
    ] {
        assert_eq!(read(&event(text)).map(|reading| reading.sign), None, "{text}");
    }
}

#[test]
fn an_additional_batch_is_reported_with_its_number_and_instances() {
    let text = "Batch 1: 2 EC2 instance(s) [i-0a1b2c3d4e5f60718, i-0a1b2c3d4e5f60719] launched. Deploying application version 'v2'.";
    let reading = read(&event(text)).unwrap();
    assert_eq!((reading.batch, reading.instances.len()), (Some(1), 2));
}
