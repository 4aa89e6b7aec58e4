//! What is asked just before a step is sent: a guard by its name, and what it says of what was read.

use std::sync::Arc;

use super::super::calls::ApiCall;
use super::super::https::{self, Direction};
use super::super::instances::{Instances, Presence};
use super::super::outcome::{Difference, Outcome, Refusal};
use super::super::request::Standing;
use super::super::rows::Rows;
use super::super::scale::{Sizes, unscalable};
use super::{Operation, Work};
use crate::model::{ApplicationVersion, ConfigurationSettings, EnvironmentStatus, Fault, Moment};

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Guard {
    /// The environment is as it was seen.
    AsSeen(HangsOn),
    /// The instance of this id stays, and is not the last healthy target.
    Spared(Arc<str>),
    /// The sizes are those that were seen, and Beanstalk accepts the others.
    Sizes {
        /// As they were seen.
        from: Sizes,
        /// As they are to be.
        to: Sizes,
    },
    /// The live values and options are those that were seen, and the objects are proven to be the environment's own.
    Settings(Rows),
    /// The load balancer is as it was before the step of HTTPS, or as after it.
    Https {
        /// Which step.
        step: https::Step,
        /// Whether it is set up, or taken back.
        direction: Direction,
    },
    /// The rule of this name mutes alarms until then; `None`: there is no such rule.
    MuteRule {
        /// The rule's name.
        rule: Arc<str>,
        /// Until when it was seen to mute.
        until: Option<Moment>,
    },
    /// The application has the version of this label.
    VersionExists(Arc<str>),
}

/// What of an environment's status a decision hangs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangsOn {
    /// Its status.
    Status,
    /// Its status, and the version that runs.
    Version,
    /// Whether there is something to abort; until its end an update may change everything else.
    Abortable,
}

/// What a guard says.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The step may be sent.
    Pass,
    /// It is so already; with the id of what is there.
    Done(Option<Arc<str>>),
    /// It waits, and is tried again: so far, this stands in the way.
    Wait(Refusal),
    /// It ends here.
    Stop(Outcome),
}

impl Verdict {
    fn conflict(differences: Vec<Difference>) -> Self {
        if differences.is_empty() { Self::Pass } else { Self::Stop(Outcome::Conflict(differences)) }
    }

    fn refuse(refusal: Option<Refusal>) -> Self {
        refusal.map_or(Self::Pass, |refusal| Self::Stop(Outcome::Refused(refusal)))
    }
}

impl HangsOn {
    /// What is no longer as it was seen, of that on which the decision hung.
    #[must_use]
    pub fn differences(self, seen: &Standing, now: &Standing) -> Vec<Difference> {
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

impl Operation {
    /// Whether the environment is as it was seen when this was decided, and takes this step.
    #[must_use]
    pub fn as_seen(&self, place: usize, hangs_on: HangsOn, now: &Standing) -> Verdict {
        match Verdict::conflict(hangs_on.differences(&self.seen, now)) {
            Verdict::Pass => Verdict::refuse(self.steps[place].work.objection(now)),
            verdict => verdict,
        }
    }

    /// Whether an instance is still there to be replaced, and others answer meanwhile.
    #[must_use]
    pub fn spared(&self, instance: &Arc<str>, instances: &Instances) -> Verdict {
        let live = match instances.presence(instance) {
            Presence::Stays => return Verdict::refuse(instances.objection(instance, &self.subject.name)),
            Presence::Leaves => "being terminated",
            Presence::Gone => "gone",
        };
        Verdict::conflict(vec![Difference::new("instance", Arc::clone(instance), live)])
    }

    /// The question whether Beanstalk would accept the sizes.
    #[must_use]
    pub fn sizes_question(&self, from: Sizes, to: Sizes) -> ApiCall {
        to.validation(from, &self.subject).call()
    }

    /// Whether the sizes are still those that were seen.
    #[must_use]
    pub fn sized(from: Sizes, to: Sizes, settings: &ConfigurationSettings) -> Verdict {
        match unscalable(settings) {
            Some(refusal) => Verdict::refuse(Some(refusal)),
            None => Verdict::conflict(from.differences(Sizes::of(settings), to)),
        }
    }

    /// Whether a rule that mutes alarms is as it was seen; what is to be deleted and is gone is so already.
    #[must_use]
    pub fn mute_rule_as_seen(&self, place: usize, seen: Option<Moment>, now: Option<Moment>) -> Verdict {
        let word = |until: Option<Moment>| until.map_or_else(|| "not".to_owned(), |until| format!("until {until}"));
        match (&self.steps[place].work, now) {
            (Work::Unmute { .. }, None) => Verdict::Done(None),
            _ if seen == now => Verdict::Pass,
            _ => Verdict::conflict(vec![Difference::new("alarms muted", word(seen), word(now))]),
        }
    }

    /// Whether a version can be gone back to: an abort that comes first would leave the instances on different versions,
    /// and nothing to deploy to them.
    #[must_use]
    pub fn version_exists(&self, label: &str, versions: Result<&[ApplicationVersion], &Fault>) -> Verdict {
        let refused = |why: String| Verdict::refuse(Some(Refusal::Unsuitable { why: why.into() }));
        match versions {
            Ok(versions) if versions.iter().any(|it| *it.label == *label) => Verdict::Pass,
            Ok(_) => refused(format!("the application {} no longer has the version {label}", self.subject.application)),
            Err(fault) => {
                refused(format!("whether the version {label} is still there cannot be read: {}", fault.sentence()))
            }
        }
    }
}

fn yes_or_no(it: bool) -> Arc<str> {
    if it { "yes" } else { "no" }.into()
}
