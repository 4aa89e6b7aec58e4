//! How a write ended, in values for which the screen, the commands and the log use the same words.

use std::fmt;
use std::sync::Arc;

use super::error::OperationError;
use super::freeze::Frozen;
use super::request::EnvironmentState;
use crate::model::{EnvironmentStatus, Fault, Moment};

/// What the user has confirmed, and what he is allowed to do at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// Whether every write is refused.
    pub read_only: bool,
    /// The environment among those that it concerns which the configuration protects, if there is one.
    pub protected: Option<Protected>,
    /// The freeze that was in force when this was confirmed. The write engine reads it again.
    pub frozen: Option<Frozen>,
    /// Whether the environment is a production one.
    pub production: bool,
    /// The environment's name, as it was typed.
    pub typed: Option<Arc<str>>,
}

/// An environment that may only be read, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Protected {
    /// Its name.
    pub name: Arc<str>,
    /// The pattern of `read_only` that it matches.
    pub pattern: Arc<str>,
}

/// Why beanpole itself refuses to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Every write is refused.
    ReadOnly,
    /// The configuration protects an environment that it concerns.
    Protected(Protected),
    /// A freeze is in force, or whether one is cannot be read.
    Frozen(Frozen),
    /// Production wants the environment's name, and it was not typed, or another was.
    NotConfirmed {
        /// The name that is wanted.
        name: Arc<str>,
    },
    /// What is about to be written cannot be recorded.
    NoAudit {
        /// Why.
        why: Arc<str>,
    },
    /// An update is possible only while the environment is Ready.
    NotReady {
        /// What it is instead.
        status: EnvironmentStatus,
    },
    /// There is no update that could be aborted.
    NothingToAbort {
        /// What the environment is.
        status: EnvironmentStatus,
    },
    /// The object may belong to another owner.
    NotProven {
        /// What would be written to, by name.
        object: Arc<str>,
        /// Whose it should be.
        environment: Arc<str>,
        /// Why that is not proven.
        why: Arc<str>,
    },
    /// What would prove whose the object is could not be read.
    NotRead {
        /// What would be written to, by name.
        object: Arc<str>,
        /// Whose it should be.
        environment: Arc<str>,
        /// What could not be read: its tags, the environment's resources.
        what: Arc<str>,
        /// The operation that reads it.
        operation: &'static str,
    },
    /// What is to be replaced is the last that answers.
    LastHealthy {
        /// The instance, by its id.
        instance: Arc<str>,
        /// The target group of which it is, or the environment, by name.
        of: Arc<str>,
    },
    /// There is one instance and no load balancer, so there are no sizes.
    SingleInstance,
    /// Beanstalk divides the traffic at present, and changes listeners and weights itself.
    Splitting,
    /// What it depends on cannot be read at present.
    Unread {
        /// What.
        why: Arc<str>,
    },
    /// It makes no sense here.
    Unsuitable {
        /// Why.
        why: Arc<str>,
    },
}

/// Something that is not as it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What.
    pub key: Arc<str>,
    /// As it was seen.
    pub seen: Arc<str>,
    /// As it is.
    pub live: Arc<str>,
    /// As it was to become, of a setting.
    pub wanted: Option<Arc<str>>,
}

/// How a write ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// AWS took it.
    Applied,
    /// It was so already; nothing was written.
    Unchanged,
    /// What it was decided on has changed; nothing was written.
    Conflict(Vec<Difference>),
    /// Beanpole refused; nothing was written.
    Refused(Refusal),
    /// Some of its calls were taken, and then one failed.
    Partial(OperationError),
    /// A call or a request failed; nothing was written.
    Failed(OperationError),
    /// Whether AWS took it could not be found out.
    Unknown(OperationError),
}

/// A write that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its id in the log; none if it was refused before there was a line.
    pub id: Option<Arc<str>>,
    /// When AWS answered, or when it was given up.
    pub at: Moment,
    /// How it ended.
    pub outcome: Outcome,
    /// The requests that AWS took, to quote and to find their events by.
    pub request_ids: Vec<Arc<str>>,
    /// The environment's state after the write.
    pub observed: Option<EnvironmentState>,
    /// What was live afterwards of the settings that were written, by key.
    pub values: Vec<(String, Option<Arc<str>>)>,
    /// Why it could not be looked at afterwards.
    pub unseen: Option<Arc<Fault>>,
    /// Why the log lacks the end of it.
    pub unrecorded: Option<Arc<str>>,
}

impl Written {
    /// Nothing was written, and nothing is in the log.
    #[must_use]
    pub fn nothing(outcome: Outcome, at: Moment) -> Self {
        let (id, request_ids, values) = (None, Vec::new(), Vec::new());
        Self { id, at, outcome, request_ids, observed: None, values, unseen: None, unrecorded: None }
    }
}

impl Difference {
    /// A difference.
    #[must_use]
    pub fn new(key: &str, seen: impl Into<Arc<str>>, live: impl Into<Arc<str>>) -> Self {
        Self { key: key.into(), seen: seen.into(), live: live.into(), wanted: None }
    }

    /// A difference of a setting; a value that is not there is none.
    pub(super) fn of(key: &str, seen: Option<&Arc<str>>, live: Option<&Arc<str>>, wanted: Option<&Arc<str>>) -> Self {
        let word = |value: Option<&Arc<str>>| value.cloned().unwrap_or_else(|| "none".into());
        Self { key: key.into(), seen: word(seen), live: word(live), wanted: Some(word(wanted)) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was {} and is {}", self.key, self.seen, self.live)?;
        self.wanted.as_ref().map_or(Ok(()), |wanted| write!(f, " ({wanted} was wanted)"))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ReadOnly => f.write_str("writing is switched off (read-only)"),
            Self::Protected(Protected { name, pattern }) => {
                write!(f, "{name} is read-only: its name matches {pattern} of read_only in the configuration")
            }
            Self::Frozen(frozen) => frozen.fmt(f),
            Self::NotConfirmed { name } => write!(f, "{name} is a production environment, and its name was not given"),
            Self::NoAudit { why } => write!(f, "what is changed cannot be recorded, so nothing is changed: {why}"),
            Self::NotReady { status } => {
                write!(f, "the environment is {}, and takes an update only while it is Ready", status.as_str())
            }
            Self::NothingToAbort { status: EnvironmentStatus::Ready } => {
                f.write_str("there is nothing to abort: the environment is Ready, and no update is in progress")
            }
            Self::NothingToAbort { status: EnvironmentStatus::Aborting } => {
                f.write_str("the update is being aborted already: wait until the environment is Ready")
            }
            Self::NothingToAbort { status } => {
                let status = status.as_str();
                write!(
                    f,
                    "the environment is {status}, and AWS offers no abort of that now (AbortableOperationInProgress is \
                     false): wait for its end; if it stays {status} for hours, only AWS Support can end it"
                )
            }
            Self::NotProven { object, environment, why } => {
                write!(f, "{object} is not proven to be {environment}'s own: {why}")
            }
            Self::NotRead { object, environment, what, .. } => {
                write!(f, "{object} is not proven to be {environment}'s own: {what} could not be read")
            }
            Self::Unread { why } | Self::Unsuitable { why } => f.write_str(why),
            Self::LastHealthy { instance, of } => {
                write!(f, "{instance} is the last healthy one of {of}: without it no instance would serve requests")
            }
            Self::SingleInstance => {
                f.write_str("the environment is of the type SingleInstance, which has one instance")
            }
            Self::Splitting => f.write_str("Beanstalk divides the traffic between two versions at present"),
        }
    }
}

impl Refusal {
    /// Whether it protects environments from every write, whatever the write is.
    #[must_use]
    pub fn is_protection(&self) -> bool {
        matches!(self, Self::ReadOnly | Self::Protected(_) | Self::Frozen(_))
    }
}

impl Outcome {
    /// The word of the JSON and of the log.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Unchanged => "unchanged",
            Self::Conflict(_) => "conflict",
            Self::Refused(_) => "refused",
            Self::Partial(_) => "partial",
            Self::Failed(_) => "failed",
            Self::Unknown(_) => "unknown",
        }
    }

    /// Whether it is done, so that what follows may follow.
    #[must_use]
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Applied | Self::Unchanged)
    }

    /// What failed, if something did.
    #[must_use]
    pub fn error(&self) -> Option<&OperationError> {
        match self {
            Self::Partial(error) | Self::Failed(error) | Self::Unknown(error) => Some(error),
            Self::Applied | Self::Unchanged | Self::Conflict(_) | Self::Refused(_) => None,
        }
    }

    /// Returns why it failed, in a sentence without its full stop.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Applied | Self::Unchanged => None,
            Self::Conflict(differences) => {
                let reported: Vec<_> = differences.iter().map(ToString::to_string).collect();
                Some(format!("nothing was written, because {}", reported.join(", ")))
            }
            Self::Refused(refusal) => Some(refusal.to_string()),
            Self::Partial(error) => Some(format!("only a part was written: {}", error.sentence())),
            Self::Failed(error) => Some(error.sentence()),
            Self::Unknown(error) => Some(format!("whether it was written is not known: {}", error.sentence())),
        }
    }
}
