//! What an event says about an update: its sign, and what varies in its text.

use std::sync::Arc;

use super::texts::sign_of;
use crate::model::EnvironmentEvent;

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
    let sign = sign_of(message)?;
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
    use crate::model::Moment;

    fn event(message: &str) -> EnvironmentEvent {
        EnvironmentEvent::new(Moment::EPOCH, message)
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
