//! What is read and compared just before a step is sent, by name, and which part of the environment's status matters.

use std::sync::Arc;

use super::super::alarms::NewAlarm;
use super::super::bundle::NewVersion;
use super::super::https::{self, Direction};
use super::super::options::OptionEdits;
use super::super::outcome::Difference;
use super::super::request::EnvironmentState;
use super::super::rows::ChangeRows;
use super::super::scale::InstanceLimits;
use super::super::swap::CnameSwap;
use crate::model::{EnvironmentStatus, Moment};

/// What is read and compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Guard {
    /// The environment is as it was seen.
    AsSeen(HangsOn),
    /// The instance of this id stays, and is not the last healthy target.
    Spared(Arc<str>),
    /// The sizes are those that were seen, and Beanstalk accepts the others.
    InstanceLimits {
        /// As they were seen.
        from: InstanceLimits,
        /// As they are to be.
        to: InstanceLimits,
    },
    /// The live values and options are those that were seen, and the objects are proven to be the environment's own.
    Settings(ChangeRows),
    /// The options are those that were seen.
    Options(OptionEdits),
    /// The load balancer is as it was before the step of HTTPS, or as after it.
    Https {
        /// Which step.
        step: https::HttpsStep,
        /// Whether it is set up or undone.
        direction: Direction,
    },
    /// The rule of this name mutes alarms until then; `None`: there is no such rule.
    MuteRule {
        /// The rule's name.
        rule: Arc<str>,
        /// Until when it was seen to mute.
        until: Option<Moment>,
    },
    /// None of these alarms is there in another form.
    Alarms(Vec<NewAlarm>),
    /// The application has the version of this label.
    VersionExists(Arc<str>),
    /// The application has no version of this label, or has this very one.
    NoVersion(NewVersion),
    /// Both environments have the CNAMEs that were seen, and are Ready.
    Cnames(CnameSwap),
    /// The version of this label does not run everywhere already.
    NotYetEverywhere(Arc<str>),
}

/// The part of an environment's status that a decision depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangsOn {
    /// Its status.
    Status,
    /// Its status, and the version that runs.
    Version,
    /// Whether there is something to abort; until its end an update may change everything else.
    Abortable,
}

impl HangsOn {
    /// Returns the differences from what was seen, among what the decision depended on.
    #[must_use]
    pub fn differences(self, seen: &EnvironmentState, now: &EnvironmentState) -> Vec<Difference> {
        let label = |version: &Option<Arc<str>>| version.clone().unwrap_or_else(|| "none".into());
        let word = |status: &EnvironmentStatus| Arc::from(status.as_str());
        let status = || Difference::new("status", word(&seen.status), word(&now.status));
        let version = || Difference::new("version_label", label(&seen.version), label(&now.version));
        let abortable = || Difference::new("abortable", yes_or_no(seen.abortable), yes_or_no(now.abortable));
        let has_moved = seen.status != now.status;
        match self {
            Self::Status => has_moved.then(status).into_iter().collect(),
            Self::Version => {
                let is_other = seen.version != now.version;
                has_moved.then(status).into_iter().chain(is_other.then(version)).collect()
            }
            Self::Abortable if seen.abortable != now.abortable => vec![status(), abortable()],
            Self::Abortable => Vec::new(),
        }
    }
}

fn yes_or_no(it: bool) -> Arc<str> {
    if it { "yes" } else { "no" }.into()
}
