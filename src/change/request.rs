//! What is to be written: to which environment, what, and how it stood when somebody decided on it.
//!
//! A request carries what its author saw, so that `write/` can read the environment again just before it writes and
//! refuse what was decided on another state of things.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::calls::ApiCall;
use super::modify::Modification;
use super::outcome::{Difference, Refusal};
use super::parameter::Parameter;
use super::scale::Sizes;
use super::writes;
use crate::model::{Environment, EnvironmentStatus, Key};

/// The environment that is written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Its id.
    pub key: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// The application it belongs to.
    pub application: Arc<str>,
}

/// How an environment stands, as far as a write depends on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its operational status.
    pub status: EnvironmentStatus,
    /// The version that Beanstalk calls deployed.
    pub version: Option<Arc<str>>,
    /// Whether there is something to abort.
    pub abortable: bool,
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// An application version, by its label: an update of the environment.
    Deploy {
        /// The label.
        version: Arc<str>,
    },
    /// The update in progress is stopped where it is.
    Abort,
    /// The application servers are restarted, on every instance.
    Restart,
    /// An instance is terminated, and the Auto Scaling group launches another in its place.
    Replace {
        /// Its id.
        instance: Arc<str>,
        /// Of what it was seen to be the last that answers, by name.
        last_of: Option<Arc<str>>,
    },
    /// How many instances there may be: an update of the environment.
    Scale {
        /// As it was seen.
        from: Sizes,
        /// As it is to be.
        to: Sizes,
    },
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

/// A write that somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// To what.
    pub subject: Subject,
    /// What.
    pub write: Write,
    /// How the environment stood when it was decided.
    pub seen: Standing,
    /// The id of the change that it puts back.
    pub undoes: Option<Arc<str>>,
}

impl From<&Environment> for Subject {
    fn from(it: &Environment) -> Self {
        Self { key: it.key.clone(), name: Arc::clone(&it.name), application: Arc::clone(&it.application) }
    }
}

impl From<&Environment> for Standing {
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

impl Request {
    /// To write this to the environment as it was seen.
    #[must_use]
    pub fn new(environment: &Environment, write: Write) -> Self {
        Self { subject: environment.into(), write, seen: environment.into(), undoes: None }
    }

    /// What kind of change it is: a word of the log.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.write {
            Write::Deploy { .. } => "deploy",
            Write::Abort => "abort",
            Write::Restart => "restart",
            Write::Replace { .. } => "replace",
            Write::Scale { .. } => "scale",
        }
    }

    /// By which way it goes. None of them changes the load balancer itself.
    #[must_use]
    pub fn route(&self) -> Route {
        Route::Beanstalk
    }

    /// Whether production wants the environment's name typed for it.
    #[must_use]
    pub fn is_dangerous(&self) -> bool {
        match self.write {
            Write::Deploy { .. } | Write::Abort | Write::Replace { .. } => true,
            Write::Restart => false,
            // Fewer instances than there are: some will be terminated.
            Write::Scale { from, to } => to.max < from.max,
        }
    }

    /// Whether it would change nothing.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        matches!(self.write, Write::Scale { from, to } if from == to)
    }

    /// The question whether Beanstalk would take what is set, which is asked before it is set.
    #[must_use]
    pub fn validation(&self) -> Option<Modification> {
        if let Write::Scale { from, to } = self.write { Some(to.validation(from, &self.subject)) } else { None }
    }

    /// The values that change.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        let text = |value: &str| Some(value.to_owned());
        match &self.write {
            Write::Deploy { version } => {
                let before = self.seen.version.as_deref().map(str::to_owned);
                vec![ValueChange::new("version_label", before, text(version))]
            }
            Write::Abort => {
                let after = text(EnvironmentStatus::Aborting.as_str());
                vec![ValueChange::new("status", text(self.seen.status.as_str()), after)]
            }
            Write::Restart => Vec::new(),
            Write::Replace { instance, .. } => vec![ValueChange::new("instance", text(instance), None)],
            Write::Scale { from, to } => from.changes(*to),
        }
    }

    /// The call that does it.
    #[must_use]
    pub fn call(&self) -> ApiCall {
        let id = || ("EnvironmentId", Parameter::text(&*self.subject.key.id));
        match &self.write {
            Write::Deploy { version } => {
                let version = ("VersionLabel", Parameter::text(&**version));
                ApiCall::new(&writes::UPDATE_ENVIRONMENT, vec![id(), version])
            }
            Write::Abort => ApiCall::new(&writes::ABORT_ENVIRONMENT_UPDATE, vec![id()]),
            Write::Restart => ApiCall::new(&writes::RESTART_APP_SERVER, vec![id()]),
            Write::Replace { instance, .. } => {
                let instance = ("InstanceId", Parameter::text(&**instance));
                let stays = ("ShouldDecrementDesiredCapacity", Parameter::Flag(false));
                ApiCall::new(&writes::TERMINATE_INSTANCE_IN_AUTO_SCALING_GROUP, vec![instance, stays])
            }
            Write::Scale { from, to } => to.update(*from, &self.subject.key.id).call(),
        }
    }

    /// The calls that do it, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<ApiCall> {
        vec![self.call()]
    }

    /// Why it makes no sense for an environment that stands like this.
    #[must_use]
    pub fn objection(&self, standing: &Standing) -> Option<Refusal> {
        let status = || standing.status.clone();
        match &self.write {
            Write::Abort if standing.abortable => None,
            Write::Abort => Some(Refusal::NothingToAbort { status: status() }),
            _ if standing.status != EnvironmentStatus::Ready => Some(Refusal::NotReady { status: status() }),
            Write::Replace { instance, last_of: Some(of) } => {
                Some(Refusal::LastHealthy { instance: Arc::clone(instance), of: Arc::clone(of) })
            }
            Write::Deploy { .. } | Write::Restart | Write::Replace { .. } | Write::Scale { .. } => None,
        }
    }

    /// What is no longer as it was seen, of that on which the decision hung.
    #[must_use]
    pub fn differences(&self, now: &Standing) -> Vec<Difference> {
        let seen = &self.seen;
        let label = |version: &Option<Arc<str>>| version.clone().unwrap_or_else(|| "none".into());
        let word = |status: &EnvironmentStatus| Arc::from(status.as_str());
        let mut found = Vec::new();
        match self.write {
            Write::Deploy { .. } | Write::Restart | Write::Replace { .. } | Write::Scale { .. } => {
                if seen.status != now.status {
                    found.push(Difference::new("status", word(&seen.status), word(&now.status)));
                }
                // Only a version takes the place of another.
                if matches!(self.write, Write::Deploy { .. }) && seen.version != now.version {
                    found.push(Difference::new("version_label", label(&seen.version), label(&now.version)));
                }
            }
            // Until its end an update may change every word of its environment; only that it can be aborted counts.
            Write::Abort if seen.abortable != now.abortable => {
                found.push(Difference::new("status", word(&seen.status), word(&now.status)));
                found.push(Difference::new("abortable", yes_or_no(seen.abortable), yes_or_no(now.abortable)));
            }
            Write::Abort => {}
        }
        found
    }
}

fn yes_or_no(it: bool) -> Arc<str> {
    if it { "yes" } else { "no" }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScopeId;

    fn request(write: Write, seen: Standing) -> Request {
        let key = Key::new(ScopeId(0), "e-1");
        Request { subject: Subject { key, name: "web".into(), application: "shop".into() }, write, seen, undoes: None }
    }

    fn standing(status: EnvironmentStatus, version: &str, abortable: bool) -> Standing {
        Standing { status, version: Some(version.into()), abortable }
    }

    #[test]
    fn a_version_goes_to_an_environment_that_is_ready_and_runs_what_was_shown() {
        let ready = standing(EnvironmentStatus::Ready, "v1", false);
        let request = request(Write::Deploy { version: "v2".into() }, ready.clone());
        assert_eq!(request.objection(&ready), None);
        assert_eq!(request.differences(&ready), []);
        let updating = standing(EnvironmentStatus::Updating, "v3", true);
        let objection = request.objection(&updating).unwrap();
        assert_eq!(objection, Refusal::NotReady { status: EnvironmentStatus::Updating });
        let found: Vec<_> = request.differences(&updating).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["status was Ready and is Updating", "version_label was v1 and is v3"]);
    }

    #[test]
    fn an_update_that_goes_on_may_be_aborted_whatever_it_says_of_itself() {
        let seen = standing(EnvironmentStatus::Updating, "v1", true);
        let request = request(Write::Abort, seen);
        assert_eq!(request.differences(&standing(EnvironmentStatus::Updating, "v2", true)), []);
        let over = standing(EnvironmentStatus::Ready, "v2", false);
        assert_eq!(request.differences(&over).len(), 2);
        assert!(matches!(request.objection(&over), Some(Refusal::NothingToAbort { .. })));
    }
}
