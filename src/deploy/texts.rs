//! What Beanstalk's event messages mean: the one table of their texts.
//!
//! Texts are those of real logs, and AWS may reword them any day: they are compared by their beginning, with `{}` for
//! what varies, and a text that is not in the table is ignored. Traffic splitting's and an abort's own texts are
//! UNVERIFIED, so those are recognised by the words that they can hardly do without (at the end of the table).

use super::sign::VerdictSign;
use crate::model::UPDATE_STARTS;

/// A text and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Pattern {
    /// The beginning of the message; `{}` is any text.
    pub text: &'static str,
    /// Its meaning.
    pub sign: VerdictSign,
}

const fn pattern(text: &'static str, sign: VerdictSign) -> Pattern {
    Pattern { text, sign }
}

/// Every text that means something. The first that fits counts.
pub const PATTERNS: &[Pattern] = &[
    pattern(UPDATE_STARTS, VerdictSign::Starting),
    pattern("Environment update completed successfully.", VerdictSign::Completed),
    pattern("Update environment operation is complete, but with errors.", VerdictSign::CompletedWithErrors),
    pattern("Updating environment {}'s configuration settings.", VerdictSign::Configuring),
    pattern("Successfully deployed new configuration to environment.", VerdictSign::SettingsDeployed),
    pattern("New application version was deployed to running EC2 instances.", VerdictSign::VersionDeployed),
    pattern("Failed to deploy application.", VerdictSign::Failed),
    pattern("Failed to deploy configuration.", VerdictSign::Failed),
    pattern("Failed to launch environment.", VerdictSign::Failed),
    pattern("Managed update failed", VerdictSign::Failed),
    pattern("Managed platform update is in-progress.", VerdictSign::PlatformUpdate),
    pattern("Unsuccessful command execution on instance id(s) {}", VerdictSign::Unsuccessful),
    pattern("[Instance: {}] Command failed on instance.", VerdictSign::CommandFailed),
    pattern("Instance deployment failed", VerdictSign::InstanceFailed),
    pattern("Instance deployment: {}The deployment failed.", VerdictSign::InstanceFailed),
    pattern("The following instances have not responded in the allowed command timeout time", VerdictSign::TimedOut),
    pattern("During an aborted deployment, some instances may have deployed", VerdictSign::Aborted),
    pattern("abortEnvironmentUpdate is starting.", VerdictSign::Aborting),
    pattern("Environment update is aborting.", VerdictSign::Aborting),
    pattern("The environment was reverted to the previous configuration setting.", VerdictSign::Reverted),
    pattern("Environment health has transitioned from {} to {}.", VerdictSign::Health),
    pattern("Environment health has transitioned to {}.", VerdictSign::Health),
    pattern("Environment health has been set to {}", VerdictSign::Health),
    pattern("Added instance [{}] to your environment.", VerdictSign::InstanceAdded),
    pattern("Added instances [{}] to your environment.", VerdictSign::InstanceAdded),
    pattern("Removed instance [{}] from your environment.", VerdictSign::InstanceRemoved),
    pattern("Removed instances [{}] from your environment.", VerdictSign::InstanceRemoved),
    pattern("Deploying new version to instance(s).", VerdictSign::Deploying),
    pattern("Instance deployment completed successfully.", VerdictSign::InstanceDone),
    pattern("Rolling with Additional Batch deployment policy enabled.", VerdictSign::BatchLaunching),
    pattern("Batch {}: {} EC2 instance(s) [{}] launched. Deploying application version", VerdictSign::BatchStarting),
    pattern("Batch {}: Starting application deployment on instance(s)", VerdictSign::BatchStarting),
    pattern("Batch {}: De-registering instance(s) from the load balancer", VerdictSign::BatchLeaving),
    pattern("Batch {}: Starting application deployment command execution.", VerdictSign::BatchCommand),
    pattern("Batch {}: Completed application deployment command execution.", VerdictSign::BatchCommandDone),
    pattern("Batch {}: Registering instance(s) with the load balancer", VerdictSign::BatchRegistering),
    pattern("Batch {}: Completed application deployment.", VerdictSign::BatchDone),
    pattern("Command execution completed on {} of {} instances", VerdictSign::Progress),
    pattern("Command execution completed on {} Summary: [", VerdictSign::Progress),
    pattern("Immutable deployment policy enabled.", VerdictSign::Immutable),
    pattern("Created temporary auto scaling group {}", VerdictSign::Immutable),
    pattern("Traffic splitting deployment policy enabled.", VerdictSign::Immutable),
    pattern("Adding new instance(s) ({}) to the load balancer.", VerdictSign::Adding),
    pattern("Waiting for instance(s) ({}) to pass health checks.", VerdictSign::WaitingForHealth),
    pattern("Test instance passed health checks.", VerdictSign::TestPassed),
    pattern("Successfully launched all instances.", VerdictSign::LaunchedAll),
    pattern("Detached new instance(s) from temporary auto scaling group", VerdictSign::Moving),
    pattern("Attached new instance(s) to the permanent auto scaling group", VerdictSign::Moving),
    pattern("Starting post-deployment configuration on new instances.", VerdictSign::Moving),
    pattern("Waiting for post-deployment configuration to complete.", VerdictSign::Moving),
    pattern("Deployment succeeded. Terminating old instances", VerdictSign::Retiring),
    pattern("Auto Scaling group update progress: Failed to receive {}", VerdictSign::ResourceFailed),
    pattern("Auto Scaling group update progress: Rolling update initiated.", VerdictSign::ReplacingStarts),
    pattern("Auto Scaling group update progress: New instance(s) added", VerdictSign::ReplacingBatch),
    pattern("Auto Scaling group update progress: {}", VerdictSign::Replacing),
    pattern("Created Auto Scaling launch configuration named: {}", VerdictSign::TemplateReplaced),
    pattern("Deleted Auto Scaling launch configuration named: {}", VerdictSign::TemplateReplaced),
    pattern("Stack deletion failed: {}", VerdictSign::TerminationFailed),
    pattern("Service:AmazonCloudFormation, Message:Stack named {} aborted operation.", VerdictSign::StackRollback),
    pattern("{}UPDATE_ROLLBACK_IN_PROGRESS", VerdictSign::StackRollback),
    pattern("{} failed Reason: ", VerdictSign::ResourceFailed),
    pattern("terminateEnvironment is starting.", VerdictSign::Terminating),
    pattern("terminateEnvironment completed successfully.", VerdictSign::Terminating),
    pattern("rebuildEnvironment is starting.", VerdictSign::OtherOperation),
    pattern("restartAppServer is starting.", VerdictSign::OtherOperation),
    pattern("swapEnvironmentCNAMEs is starting.", VerdictSign::OtherOperation),
    pattern("createEnvironment is starting.", VerdictSign::OtherOperation),
    pattern("Restarted application server on all ec2 instances.", VerdictSign::OtherDone),
    pattern("Completed swapping CNAMEs for environments {}", VerdictSign::OtherDone),
    pattern("Successfully launched environment: {}", VerdictSign::OtherDone),
    pattern("Launched environment: {}. However, there were issues during launch.", VerdictSign::LaunchedWithIssues),
    pattern("Swapping CNAMEs for environments {}", VerdictSign::OtherStep),
    pattern("'{}' now points to '{}'.", VerdictSign::OtherStep),
    pattern("Using {} as Amazon S3 storage bucket for environment data.", VerdictSign::OtherStep),
    pattern("Created {} named: ", VerdictSign::OtherStep),
    pattern("Deleted {} named: ", VerdictSign::OtherStep),
    pattern("Waiting for EC2 instances to launch.", VerdictSign::OtherStep),
    pattern("Waiting for EC2 instances to terminate.", VerdictSign::OtherStep),
    pattern("Validating environment's EC2 instances have termination protection disabled", VerdictSign::OtherStep),
    pattern("Finished validating environment's EC2 instances", VerdictSign::OtherStep),
    pattern("{} but with errors", VerdictSign::CompletedWithErrors),
    pattern("{}everted to the previous", VerdictSign::Reverted),
    pattern("{}olled back", VerdictSign::Reverted),
    pattern("{}olling back", VerdictSign::RollingBack),
    pattern("{}raffic splitting", VerdictSign::Splitting),
    pattern("{}raffic-splitting", VerdictSign::Splitting),
    pattern("{}of traffic to ", VerdictSign::Splitting),
    pattern("{}of the traffic to ", VerdictSign::Splitting),
];

/// Returns the meaning of a message; `None` if it is not in the table.
#[must_use]
pub fn sign_of(message: &str) -> Option<VerdictSign> {
    PATTERNS.iter().find(|pattern| fits(pattern.text, message)).map(|pattern| pattern.sign)
}

/// Returns whether a message begins like the pattern.
fn fits(pattern: &str, message: &str) -> bool {
    let mut parts = pattern.split("{}");
    let Some(mut rest) = parts.next().and_then(|head| message.strip_prefix(head)) else { return false };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}
