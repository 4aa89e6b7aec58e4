//! What Beanstalk's event messages mean: the one table of their texts.
//!
//! Texts are those of real logs, and AWS may reword them any day: they are compared by their beginning, with `{}` for
//! what varies, and a text that is not in the table means nothing. Traffic splitting's and an abort's own texts are
//! UNVERIFIED, so those are recognised by the words that they can hardly do without (at the end of the table).

use std::sync::Arc;

use crate::model::{EnvironmentEvent, UPDATE_STARTS};

/// What an event says about the update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// An update begins.
    Starting,
    /// Settings are being changed.
    Configuring,
    /// All instances get the version at once.
    Deploying,
    /// An additional batch is launched, before the others begin.
    BatchLaunching,
    /// A batch begins.
    BatchStarting,
    /// A batch leaves the load balancer.
    BatchLeaving,
    /// A batch runs the deploy's commands.
    BatchCommand,
    /// A batch has run them.
    BatchCommandDone,
    /// A batch is registered again and waited for.
    BatchRegistering,
    /// A batch is done.
    BatchDone,
    /// One instance is done.
    InstanceDone,
    /// So many of so many instances are done.
    Progress,
    /// New instances are launched beside the old ones. An update of settings may do so too: no new version follows from it.
    Immutable,
    /// The template that the Auto Scaling group launches instances from is replaced.
    TemplateReplaced,
    /// The Auto Scaling group is about to replace its instances.
    Replacing,
    /// The Auto Scaling group replaces so many instances, so many at a time.
    ReplacingStarts,
    /// The next instances of the Auto Scaling group are there and are waited for.
    ReplacingBatch,
    /// The platform is updated, by a managed update.
    PlatformUpdate,
    /// New instances take requests.
    Adding,
    /// New instances are waited for.
    WaitingForHealth,
    /// The first new instance is well; the others follow.
    TestPassed,
    /// All new instances are there.
    LaunchedAll,
    /// New instances move to the permanent group.
    Moving,
    /// Old instances are terminated.
    Retiring,
    /// A share of the requests goes to the new version.
    Splitting,
    /// The version was deployed.
    VersionDeployed,
    /// The settings were deployed.
    SettingsDeployed,
    /// The update ended well.
    Completed,
    /// The update ended with errors.
    CompletedWithErrors,
    /// The update failed.
    Failed,
    /// A command failed on an instance.
    CommandFailed,
    /// The deployment on an instance failed; the text does not name it.
    InstanceFailed,
    /// An instance did not end its command within the command timeout.
    TimedOut,
    /// The commands have ended, on some instances badly.
    SummaryFailed,
    /// Commands failed, and Beanstalk stops the update for it.
    Unsuccessful,
    /// A resource could not be created or updated.
    ResourceFailed,
    /// `CloudFormation` rolls the stack back.
    StackRollback,
    /// The environment was launched, with problems.
    LaunchedWithIssues,
    /// The environment could not be deleted whole.
    TerminationFailed,
    /// Beanstalk puts back what was before.
    RollingBack,
    /// Beanstalk has put back what was before.
    Reverted,
    /// Somebody aborts the update.
    Aborting,
    /// The update was aborted.
    Aborted,
    /// The environment's health has changed.
    Health,
    /// An instance came.
    InstanceAdded,
    /// An instance went.
    InstanceRemoved,
    /// The environment is being terminated.
    Terminating,
    /// Another operation begins, which is no update.
    OtherOperation,
    /// A step of another operation, or a resource that comes or goes.
    OtherStep,
    /// Another operation has ended.
    OtherDone,
}

impl Sign {
    /// Whether it says that something failed, and that this need not be the end of it.
    #[must_use]
    pub(super) fn is_failure(self) -> bool {
        matches!(
            self,
            Self::CompletedWithErrors
                | Self::Failed
                | Self::CommandFailed
                | Self::InstanceFailed
                | Self::TimedOut
                | Self::SummaryFailed
                | Self::Unsuccessful
                | Self::ResourceFailed
                | Self::StackRollback
                | Self::RollingBack
                | Self::Reverted
                | Self::LaunchedWithIssues
        )
    }

    /// Whether only the deployment of a version says this.
    #[must_use]
    pub(super) fn is_of_a_version(self) -> bool {
        matches!(
            self,
            Self::Deploying
                | Self::BatchLaunching
                | Self::BatchStarting
                | Self::BatchLeaving
                | Self::BatchCommand
                | Self::BatchCommandDone
                | Self::BatchRegistering
                | Self::BatchDone
                | Self::VersionDeployed
        )
    }

    /// Whether only an update of settings says this.
    #[must_use]
    pub(super) fn is_of_settings(self) -> bool {
        matches!(
            self,
            Self::Configuring
                | Self::SettingsDeployed
                | Self::TemplateReplaced
                | Self::Replacing
                | Self::ReplacingStarts
                | Self::ReplacingBatch
        )
    }
}

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

/// What a message says, with what varies in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// What it says.
    pub sign: Sign,
    /// The number of the batch.
    pub batch: Option<u32>,
    /// So many of so many instances; or so many, so many at a time.
    pub progress: Option<(u32, u32)>,
    /// On how many instances a command failed or did not end in time.
    pub failed: u32,
    /// The instances that it names.
    pub instances: Vec<Arc<str>>,
}

/// What an event says; `None` if its text means nothing to us.
pub(super) fn read(event: &EnvironmentEvent) -> Option<Reading> {
    let message = &*event.message;
    let sign = PATTERNS.iter().find(|pattern| fits(pattern.text, message))?.sign;
    let batch = message.strip_prefix("Batch ").and_then(first_number);
    let progress = match sign {
        Sign::Progress => two_numbers(message, " of "),
        Sign::ReplacingStarts => two_numbers(message, " in batches of "),
        _ => None,
    };
    let failed = if sign == Sign::Progress { failed(message) } else { 0 };
    let sign = if failed > 0 { Sign::SummaryFailed } else { sign };
    Some(Reading { sign, batch, progress, failed, instances: instances(message) })
}

/// The numbers behind `Failed: ` and `TimedOut: ` in a summary, added up.
fn failed(message: &str) -> u32 {
    let Some((_, summary)) = message.split_once("Summary: [") else { return 0 };
    let counts = summary.split([',', ']']).filter_map(|part| {
        let (word, count) = part.trim().split_once(": ")?;
        matches!(word, "Failed" | "TimedOut").then(|| count.parse::<u32>().ok()).flatten()
    });
    counts.fold(0, u32::saturating_add)
}

/// The beginning of the update that is under way, given an environment's events, newest first; none if the last one that
/// is known has ended.
pub(super) fn open_start<'a>(mut events: impl Iterator<Item = &'a EnvironmentEvent>) -> Option<&'a EnvironmentEvent> {
    let ends = [Sign::Completed, Sign::CompletedWithErrors, Sign::Failed, Sign::Starting, Sign::OtherOperation];
    let last =
        events.find_map(|it| read(it).filter(|reading| ends.contains(&reading.sign)).map(|reading| (it, reading)));
    last.filter(|(_, reading)| reading.sign == Sign::Starting).map(|(event, _)| event)
}

/// An event that is kept, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kept {
    pub event: EnvironmentEvent,
    pub reading: Option<Reading>,
}

impl Kept {
    pub(super) fn new(event: EnvironmentEvent) -> Self {
        Self { reading: read(&event), event }
    }

    /// Whether the update's course depends on it.
    pub(super) fn is_structure(&self) -> bool {
        let minor = [Sign::Health, Sign::InstanceAdded, Sign::InstanceRemoved, Sign::Progress];
        self.reading.as_ref().is_some_and(|reading| !minor.contains(&reading.sign))
    }
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

fn first_number(text: &str) -> Option<u32> {
    let digits = text.trim_start_matches(|character: char| !character.is_ascii_digit());
    let end = digits.find(|character: char| !character.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// The first number of a text, and the first one behind these words in it.
fn two_numbers(text: &str, between: &str) -> Option<(u32, u32)> {
    let (one, other) = text.split_once(between)?;
    Some((first_number(one)?, first_number(other)?))
}

/// The instance ids in a text: `i-` and eight or more hexadecimal digits.
fn instances(message: &str) -> Vec<Arc<str>> {
    let words = message.split(|character: char| !character.is_ascii_alphanumeric() && character != '-');
    let is_id = |word: &&str| {
        word.strip_prefix("i-").is_some_and(|hex| hex.len() >= 8 && hex.chars().all(|digit| digit.is_ascii_hexdigit()))
    };
    let mut found: Vec<Arc<str>> = words.filter(is_id).map(Into::into).collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Moment, Severity};

    fn event(message: &str) -> EnvironmentEvent {
        EnvironmentEvent {
            at: Moment::EPOCH,
            severity: Severity::Info,
            environment: None,
            application: None,
            version: None,
            message: message.into(),
            request_id: None,
        }
    }

    #[test]
    fn a_batch_is_told_with_its_number_and_its_instances() {
        let message = "Batch 12: Starting application deployment on instance(s) [i-0c41aabb0011a7f22,i-0f02aabb].";
        let reading = read(&event(message)).unwrap();
        assert_eq!((reading.sign, reading.batch), (Sign::BatchStarting, Some(12)));
        assert_eq!(reading.instances, ["i-0c41aabb0011a7f22".into(), Arc::from("i-0f02aabb")]);
    }

    #[test]
    fn a_command_that_is_done_is_not_a_batch_that_is_done() {
        let sign = |message| read(&event(message)).map(|reading| reading.sign);
        assert_eq!(sign("Batch 1: Completed application deployment command execution."), Some(Sign::BatchCommandDone));
        assert_eq!(sign("Batch 1: Completed application deployment."), Some(Sign::BatchDone));
    }

    #[test]
    fn progress_is_two_numbers() {
        let reading = read(&event("Command execution completed on 1 of 12 instances in environment.")).unwrap();
        assert_eq!(reading.progress, Some((1, 12)));
    }

    #[test]
    fn rolled_back_and_but_with_errors_are_found_anywhere() {
        let sign = |message| read(&event(message)).map(|reading| reading.sign);
        assert_eq!(sign("The deployment failed and was rolled back."), Some(Sign::Reverted));
        assert_eq!(sign("Deployment is complete but with errors."), Some(Sign::CompletedWithErrors));
        assert_eq!(sign("Something new that AWS says since yesterday."), None);
    }
}
