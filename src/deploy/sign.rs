//! The sign that an event gives of an update: what the table of texts and the reading of events have in common.

/// The meaning of an event for the update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerdictSign {
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
    /// So many instances are done, of how many.
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
    /// The first new instance is healthy; the others follow.
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
    /// The update succeeded.
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
    /// An abort of the update was requested.
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

impl VerdictSign {
    /// Returns whether it reports a failure that need not end the update.
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

    /// Returns whether only the deployment of a version causes it.
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

    /// Returns whether only an update of settings causes it.
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
