//! What Beanstalk's event messages mean: the one table of their texts.
//!
//! Texts are those of real logs, and AWS may reword them any day: they are compared by their beginning, with `{}` for
//! what varies, and a text that is not in the table means nothing. Traffic splitting's and an abort's own texts are
//! UNVERIFIED, so those are recognised by the words that they can hardly do without (at the end of the table).

use super::sign::Sign;
use crate::model::UPDATE_STARTS;

/// A text and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// The beginning of the message; `{}` is any text.
    pub text: &'static str,
    /// What it says.
    pub sign: Sign,
}

const fn pattern(text: &'static str, sign: Sign) -> Pattern {
    Pattern { text, sign }
}

/// Every text that means something. The first that fits counts.
pub const PATTERNS: &[Pattern] = &[
    pattern(UPDATE_STARTS, Sign::Starting),
    pattern("Environment update completed successfully.", Sign::Completed),
    pattern("Update environment operation is complete, but with errors.", Sign::CompletedWithErrors),
    pattern("Updating environment {}'s configuration settings.", Sign::Configuring),
    pattern("Successfully deployed new configuration to environment.", Sign::SettingsDeployed),
    pattern("New application version was deployed to running EC2 instances.", Sign::VersionDeployed),
    pattern("Failed to deploy application.", Sign::Failed),
    pattern("Failed to deploy configuration.", Sign::Failed),
    pattern("Failed to launch environment.", Sign::Failed),
    pattern("Managed update failed", Sign::Failed),
    pattern("Managed platform update is in-progress.", Sign::PlatformUpdate),
    pattern("Unsuccessful command execution on instance id(s) {}", Sign::Unsuccessful),
    pattern("[Instance: {}] Command failed on instance.", Sign::CommandFailed),
    pattern("Instance deployment failed", Sign::InstanceFailed),
    pattern("Instance deployment: {}The deployment failed.", Sign::InstanceFailed),
    pattern("The following instances have not responded in the allowed command timeout time", Sign::TimedOut),
    pattern("During an aborted deployment, some instances may have deployed", Sign::Aborted),
    pattern("abortEnvironmentUpdate is starting.", Sign::Aborting),
    pattern("Environment update is aborting.", Sign::Aborting),
    pattern("The environment was reverted to the previous configuration setting.", Sign::Reverted),
    pattern("Environment health has transitioned from {} to {}.", Sign::Health),
    pattern("Environment health has transitioned to {}.", Sign::Health),
    pattern("Environment health has been set to {}", Sign::Health),
    pattern("Added instance [{}] to your environment.", Sign::InstanceAdded),
    pattern("Added instances [{}] to your environment.", Sign::InstanceAdded),
    pattern("Removed instance [{}] from your environment.", Sign::InstanceRemoved),
    pattern("Removed instances [{}] from your environment.", Sign::InstanceRemoved),
    pattern("Deploying new version to instance(s).", Sign::Deploying),
    pattern("Instance deployment completed successfully.", Sign::InstanceDone),
    pattern("Rolling with Additional Batch deployment policy enabled.", Sign::BatchLaunching),
    pattern("Batch {}: {} EC2 instance(s) [{}] launched. Deploying application version", Sign::BatchStarting),
    pattern("Batch {}: Starting application deployment on instance(s)", Sign::BatchStarting),
    pattern("Batch {}: De-registering instance(s) from the load balancer", Sign::BatchLeaving),
    pattern("Batch {}: Starting application deployment command execution.", Sign::BatchCommand),
    pattern("Batch {}: Completed application deployment command execution.", Sign::BatchCommandDone),
    pattern("Batch {}: Registering instance(s) with the load balancer", Sign::BatchRegistering),
    pattern("Batch {}: Completed application deployment.", Sign::BatchDone),
    pattern("Command execution completed on {} of {} instances", Sign::Progress),
    pattern("Command execution completed on {} Summary: [", Sign::Progress),
    pattern("Immutable deployment policy enabled.", Sign::Immutable),
    pattern("Created temporary auto scaling group {}", Sign::Immutable),
    pattern("Traffic splitting deployment policy enabled.", Sign::Immutable),
    pattern("Adding new instance(s) ({}) to the load balancer.", Sign::Adding),
    pattern("Waiting for instance(s) ({}) to pass health checks.", Sign::WaitingForHealth),
    pattern("Test instance passed health checks.", Sign::TestPassed),
    pattern("Successfully launched all instances.", Sign::LaunchedAll),
    pattern("Detached new instance(s) from temporary auto scaling group", Sign::Moving),
    pattern("Attached new instance(s) to the permanent auto scaling group", Sign::Moving),
    pattern("Starting post-deployment configuration on new instances.", Sign::Moving),
    pattern("Waiting for post-deployment configuration to complete.", Sign::Moving),
    pattern("Deployment succeeded. Terminating old instances", Sign::Retiring),
    pattern("Auto Scaling group update progress: Failed to receive {}", Sign::ResourceFailed),
    pattern("Auto Scaling group update progress: Rolling update initiated.", Sign::ReplacingStarts),
    pattern("Auto Scaling group update progress: New instance(s) added", Sign::ReplacingBatch),
    pattern("Auto Scaling group update progress: {}", Sign::Replacing),
    pattern("Created Auto Scaling launch configuration named: {}", Sign::TemplateReplaced),
    pattern("Deleted Auto Scaling launch configuration named: {}", Sign::TemplateReplaced),
    pattern("Stack deletion failed: {}", Sign::TerminationFailed),
    pattern("Service:AmazonCloudFormation, Message:Stack named {} aborted operation.", Sign::StackRollback),
    pattern("{}UPDATE_ROLLBACK_IN_PROGRESS", Sign::StackRollback),
    pattern("{} failed Reason: ", Sign::ResourceFailed),
    pattern("terminateEnvironment is starting.", Sign::Terminating),
    pattern("terminateEnvironment completed successfully.", Sign::Terminating),
    pattern("rebuildEnvironment is starting.", Sign::OtherOperation),
    pattern("restartAppServer is starting.", Sign::OtherOperation),
    pattern("swapEnvironmentCNAMEs is starting.", Sign::OtherOperation),
    pattern("createEnvironment is starting.", Sign::OtherOperation),
    pattern("Restarted application server on all ec2 instances.", Sign::OtherDone),
    pattern("Completed swapping CNAMEs for environments {}", Sign::OtherDone),
    pattern("Successfully launched environment: {}", Sign::OtherDone),
    pattern("Launched environment: {}. However, there were issues during launch.", Sign::LaunchedWithIssues),
    pattern("Swapping CNAMEs for environments {}", Sign::OtherStep),
    pattern("'{}' now points to '{}'.", Sign::OtherStep),
    pattern("Using {} as Amazon S3 storage bucket for environment data.", Sign::OtherStep),
    pattern("Created {} named: ", Sign::OtherStep),
    pattern("Deleted {} named: ", Sign::OtherStep),
    pattern("Waiting for EC2 instances to launch.", Sign::OtherStep),
    pattern("Waiting for EC2 instances to terminate.", Sign::OtherStep),
    pattern("Validating environment's EC2 instances have termination protection disabled", Sign::OtherStep),
    pattern("Finished validating environment's EC2 instances", Sign::OtherStep),
    pattern("{} but with errors", Sign::CompletedWithErrors),
    pattern("{}everted to the previous", Sign::Reverted),
    pattern("{}olled back", Sign::Reverted),
    pattern("{}olling back", Sign::RollingBack),
    pattern("{}raffic splitting", Sign::Splitting),
    pattern("{}raffic-splitting", Sign::Splitting),
    pattern("{}of traffic to ", Sign::Splitting),
    pattern("{}of the traffic to ", Sign::Splitting),
];

/// What a message says; `None` if it is not in the table.
pub(super) fn sign_of(message: &str) -> Option<Sign> {
    PATTERNS.iter().find(|pattern| fits(pattern.text, message)).map(|pattern| pattern.sign)
}

/// Whether a message begins as the pattern says.
fn fits(pattern: &str, message: &str) -> bool {
    let mut parts = pattern.split("{}");
    let Some(mut rest) = parts.next().and_then(|head| message.strip_prefix(head)) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}
