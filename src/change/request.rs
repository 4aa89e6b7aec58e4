//! To what is written, what its author saw, by which way, and which values change.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{Environment, EnvironmentStatus, Key};

/// The environment that is written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its id.
    pub key: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// The application it belongs to.
    pub application: Arc<str>,
}

/// An environment's status, as far as a write depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentState {
    /// Its operational status.
    pub status: EnvironmentStatus,
    /// The version that Beanstalk calls deployed.
    pub version: Option<Arc<str>>,
    /// Whether there is something to abort.
    pub abortable: bool,
}

/// By which way a change goes (product.md, Routes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// An update of the environment.
    Beanstalk,
    /// At once, to the load balancer.
    Elb,
    /// To the load balancer, then as an update.
    Both,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueChange {
    /// What changes, as AWS spells it.
    pub key: String,
    /// The value that was seen.
    pub before: Option<String>,
    /// The value that is written.
    pub after: Option<String>,
    /// What is done to the Beanstalk option of a setting, if anything is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub option: Option<OptionChange>,
}

/// The value of an option before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionChange {
    /// The option's namespace.
    pub namespace: String,
    /// The option.
    pub name: String,
    /// The value that was seen; none if it was unset.
    pub before: Option<String>,
    /// The value that is written; none unsets it.
    pub after: Option<String>,
}

impl From<&Environment> for Subject {
    fn from(it: &Environment) -> Self {
        Self { key: it.key.clone(), name: Arc::clone(&it.name), application: Arc::clone(&it.application) }
    }
}

impl From<&Environment> for EnvironmentState {
    fn from(it: &Environment) -> Self {
        Self { status: it.status.clone(), version: it.version.clone(), abortable: it.abortable }
    }
}

impl ValueChange {
    /// A value before and after.
    #[must_use]
    pub fn new(key: &str, before: Option<String>, after: Option<String>) -> Self {
        Self { key: key.to_owned(), before, after, option: None }
    }
}

impl Route {
    /// All, the slowest first.
    pub const ALL: [Self; 3] = [Self::Beanstalk, Self::Elb, Self::Both];

    /// The route of this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.as_str() == word)
    }

    /// The word of the command line and of the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Beanstalk => "beanstalk",
            Self::Elb => "elb",
            Self::Both => "both",
        }
    }
}
