//! The phase of an update: its step, its batch, and how the requests are split.

use crate::model::{Key, Moment, TargetGroup};

/// The present step of the update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PhaseStep {
    /// Nothing has begun yet.
    #[default]
    Waiting,
    /// The environment is updating, and no event shows how.
    Updating,
    /// It was accepted, and is being checked.
    Validating,
    /// Settings are applied.
    Configuring,
    /// The Auto Scaling group replaces its instances.
    Replacing,
    /// New instances are launched.
    Launching,
    /// A batch gets the new version.
    Batch,
    /// The new instances' health is waited for.
    HealthWait,
    /// A share of the requests goes to the new version.
    TrafficSplitting,
    /// The new instances move to the permanent Auto Scaling group, and old ones go.
    Retiring,
    /// An abort was requested, and it stops.
    Aborting,
    /// It failed, and Beanstalk ends it.
    Failing,
    /// It failed, and the previous state is restored.
    RollingBack,
    /// It has ended.
    Done,
}

impl PhaseStep {
    /// The word of the JSON lines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Updating => "updating",
            Self::Validating => "validating",
            Self::Configuring => "configuring",
            Self::Replacing => "replacing",
            Self::Launching => "launching",
            Self::Batch => "batch",
            Self::HealthWait => "health",
            Self::TrafficSplitting => "traffic_splitting",
            Self::Retiring => "retiring",
            Self::Aborting => "aborting",
            Self::Failing => "failing",
            Self::RollingBack => "rolling_back",
            Self::Done => "done",
        }
    }

    /// Returns the text for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Waiting => "not begun yet",
            Self::Updating => "updating",
            Self::Validating => "validating",
            Self::Configuring => "applying settings",
            Self::Replacing => "replacing instances",
            Self::Launching => "launching new instances",
            Self::Batch => "deploying",
            Self::HealthWait => "waiting for health",
            Self::TrafficSplitting => "splitting traffic",
            Self::Retiring => "retiring old instances",
            Self::Aborting => "aborting",
            Self::Failing => "failing",
            Self::RollingBack => "rolling back",
            Self::Done => "done",
        }
    }
}

/// How the requests are split between old and new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The share that goes to the new version, in percent.
    pub new_percent: u32,
    /// The weight of each target group, as far as the rules were read.
    pub weights: Vec<(Key<TargetGroup>, i32)>,
    /// When the evaluation ends.
    pub until: Moment,
}

/// A phase, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phase {
    /// The step.
    pub step: PhaseStep,
    /// The batch, counted from 1.
    pub batch: Option<u32>,
    /// The number of batches.
    pub batches: Option<u32>,
    /// Since when.
    pub since: Moment,
    /// How the requests are split.
    pub split: Option<Split>,
}

impl Phase {
    /// A phase without batches.
    #[must_use]
    pub fn new(step: PhaseStep, since: Moment) -> Self {
        Self { step, batch: None, batches: None, since, split: None }
    }

    /// `batch 2 of 3, waiting for health`.
    #[must_use]
    pub fn words(&self) -> String {
        let step = self.step.words();
        match (self.batch, self.batches) {
            _ if self.step == PhaseStep::Done => step.to_owned(),
            (Some(batch), Some(batches)) => format!("batch {batch} of {batches}, {step}"),
            (Some(batch), None) => format!("batch {batch}, {step}"),
            _ => step.to_owned(),
        }
    }

    /// Returns the same, shortened: `2/3 health`.
    #[must_use]
    pub fn short(&self) -> String {
        let step = match self.step {
            PhaseStep::Batch => "deploying",
            PhaseStep::HealthWait => "health",
            PhaseStep::Replacing => "replacing",
            PhaseStep::Configuring => "settings",
            PhaseStep::Launching => "launching",
            PhaseStep::Retiring => "retiring",
            PhaseStep::TrafficSplitting => "splitting",
            step => step.words(),
        };
        match (self.batch, self.batches) {
            _ if self.step == PhaseStep::Done => step.to_owned(),
            (Some(batch), Some(batches)) => format!("{batch}/{batches} {step}"),
            (Some(batch), None) => format!("batch {batch} {step}"),
            _ => step.to_owned(),
        }
    }

    /// Whether only its beginning differs.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (self.step, self.batch, self.batches) == (other.step, other.batch, other.batches)
            && self.split.as_ref().map(|split| (split.new_percent, &split.weights))
                == other.split.as_ref().map(|split| (split.new_percent, &split.weights))
    }
}

/// The beginning of a phase, for the axis of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Moment,
    /// The step that began.
    pub step: PhaseStep,
    /// The batch.
    pub batch: Option<u32>,
}

/// The kinds of changes by an update.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UpdateKind {
    /// Not known yet.
    #[default]
    Unknown,
    /// A version of the application is deployed.
    Deploy,
    /// Settings are changed; the version stays.
    Settings,
    /// The platform is updated; the version stays.
    Platform,
}

impl UpdateKind {
    /// The word of the report.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Deploy => "deploy",
            Self::Settings => "settings",
            Self::Platform => "platform",
        }
    }
}
