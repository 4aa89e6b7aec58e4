//! The outcome of a write whose answer was lost, judged by the state of the environment afterwards.
//!
//! One function judges every kind of write. Only the values themselves, a version's label or the id of our own
//! request prove that AWS applied a write: another client's update begins with the same event and changes the same status.
//! That AWS did not apply it is proven by an environment that stayed Ready and unchanged, with no update since. Anything
//! else is unknown. All times are AWS's.

use std::sync::Arc;
use std::time::Duration;

use super::hidden::ValueHasher;
use super::outcome::Difference;
use super::request::{EnvironmentState, OptionChange};
use super::settings::{Comparison, settings};
use crate::model::{
    ConfigurationSettings, EnvironmentEvent, EnvironmentStatus, InstanceHealth, Moment, OptionSets, UPDATE_STARTS,
};

/// How long after the call an update may begin and still be ours.
const SOON: Duration = Duration::from_secs(180);

/// The precision of AWS's time: its answers carry it in whole seconds, and take a while.
const SLACK: Duration = Duration::from_secs(5);

/// An option before and after a write; absent and empty are both unset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionTarget {
    /// The option's namespace.
    pub namespace: Arc<str>,
    /// The option.
    pub name: Arc<str>,
    /// Its value before.
    pub before: Option<Arc<str>>,
    /// Its value if the write was applied.
    pub after: Option<Arc<str>>,
    /// The value while it is unset, if `before` contains that in place of nothing.
    pub default: Option<Arc<str>>,
    /// By what live values are compared, if these are hashes of values that are never shown.
    pub hasher: Option<ValueHasher>,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LostWrite {
    /// Options, by an update of the environment.
    Options(Vec<OptionTarget>),
    /// A version, by an update of the environment.
    Version {
        /// Its label.
        wanted: Arc<str>,
        /// The label before.
        before: Option<Arc<str>>,
    },
    /// The application servers are restarted.
    Restart,
    /// An update is aborted.
    Abort,
}

/// A write whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What was written.
    pub write: LostWrite,
    /// When it was sent, by AWS's clock.
    pub sent: Moment,
    /// The id of the request, if the answer had one.
    pub request_id: Option<Arc<str>>,
}

/// One reading of the environment. Parts that could not be read are `None`.
#[derive(Clone, Debug)]
pub struct Sighting {
    /// When, by AWS's clock.
    pub at: Moment,
    /// Status, version and whether there is something to abort.
    pub state: EnvironmentState,
    /// The events since [`Lost::since`], all of them.
    pub events: Option<Vec<EnvironmentEvent>>,
    /// The options that are deployed, and those of an update in progress.
    pub options: Option<OptionSets>,
    /// The deployments of the instances, as their agents report them.
    pub instances: Option<Vec<InstanceHealth>>,
}

/// The outcome of the write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUpAnswer {
    /// AWS took it; by this request, if an event names it.
    Taken(Option<Arc<str>>),
    /// AWS did not take it: it may be repeated.
    NotTaken,
    /// Another client has changed what it would be found by.
    Otherwise(Vec<Difference>),
    /// The readings prove neither.
    Unknown,
}

/// Returns the outcome of a write, from the readings of its environment in order; a failed reading is `None`.
#[must_use]
pub fn judge(lost: &Lost, looks: &[Option<Sighting>]) -> LookUpAnswer {
    let seen = || looks.iter().flatten();
    if let Some(request_id) = seen().find_map(|sighting| lost.proof(sighting)) {
        return LookUpAnswer::Taken(request_id);
    }
    let Some(Some(newest)) = looks.last() else { return LookUpAnswer::Unknown };
    let is_untouched = seen().all(|sighting| lost.is_as_before(sighting)) && lost.is_quiet(newest);
    if is_untouched || lost.is_another_version(newest) { LookUpAnswer::NotTaken } else { LookUpAnswer::Unknown }
}

impl LostWrite {
    /// These changes of options, or their opposite.
    pub(super) fn of_changes<'a>(changes: impl IntoIterator<Item = &'a OptionChange>, forward: bool) -> Self {
        let target = |change: &OptionChange| {
            let (before, after) = (change.before.as_deref().map(Arc::from), change.after.as_deref().map(Arc::from));
            let (before, after) = if forward { (before, after) } else { (after, before) };
            let (namespace, name) = (change.namespace.as_str().into(), change.name.as_str().into());
            OptionTarget { namespace, name, before, after, default: None, hasher: None }
        };
        Self::Options(changes.into_iter().map(target).collect())
    }

    /// Returns whether the options show the outcome.
    #[must_use]
    pub fn needs_options(&self) -> bool {
        matches!(self, Self::Options(_))
    }

    /// Returns whether the instances' deployments show the outcome.
    #[must_use]
    pub fn needs_instances(&self) -> bool {
        matches!(self, Self::Version { .. })
    }
}

impl Lost {
    /// Returns from when on events may belong to it.
    #[must_use]
    pub fn since(&self) -> Moment {
        self.sent.minus(SLACK)
    }

    /// Whether so much time has passed that what is to be seen may have any cause.
    fn is_late(&self, sighting: &Sighting) -> bool {
        sighting.at.since(self.sent) > SOON
    }

    /// The request by which AWS took it, if the look proves that it did.
    #[expect(clippy::option_option, reason = "a write may be proven without the id of its request")]
    fn proof(&self, sighting: &Sighting) -> Option<Option<Arc<str>>> {
        let events = || sighting.events.iter().flatten();
        if self.request_id.is_some() && events().any(|event| event.request_id == self.request_id) {
            return Some(self.request_id.clone());
        }
        match &self.write {
            LostWrite::Options(targets) => {
                let is_shown = is_shown(targets, sighting) && self.is_timely(sighting);
                is_shown.then(|| self.only_start(sighting))
            }
            LostWrite::Version { wanted, before } => {
                let reported =
                    self.starts(sighting).find(|event| is_new(event.version.as_ref(), wanted, before.as_ref()));
                if let Some(event) = reported {
                    return Some(event.request_id.clone());
                }
                let is_there = is_new(sighting.state.version.as_ref(), wanted, before.as_ref());
                let is_coming = self.is_on_instances(sighting, wanted, before.as_ref());
                ((is_there || is_coming) && self.is_timely(sighting)).then(|| self.only_start(sighting))
            }
            LostWrite::Restart => self.event_of(sighting, is_restart),
            LostWrite::Abort => {
                let is_aborting = sighting.state.status == EnvironmentStatus::Aborting && !self.is_late(sighting);
                self.event_of(sighting, |event| is_abort(&event.message)).or_else(|| is_aborting.then_some(None))
            }
        }
    }

    /// The first event since of this kind. One that names another request than ours is not ours.
    #[expect(clippy::option_option, reason = "an event may name no request")]
    fn event_of(&self, sighting: &Sighting, is_meant: impl Fn(&EnvironmentEvent) -> bool) -> Option<Option<Arc<str>>> {
        let is_ours = |event: &&EnvironmentEvent| {
            self.request_id.is_none() || event.request_id.is_none() || event.request_id == self.request_id
        };
        let in_time = |event: &&EnvironmentEvent| self.is_since(event) && event.at <= self.sent.plus(SOON);
        let mut events = sighting.events.iter().flatten().filter(in_time).filter(is_ours);
        events.find(|event| is_meant(event)).map(|event| event.request_id.clone())
    }

    fn is_since(&self, event: &EnvironmentEvent) -> bool {
        event.at >= self.since()
    }

    /// The updates that began since.
    fn starts<'a>(&self, sighting: &'a Sighting) -> impl Iterator<Item = &'a EnvironmentEvent> {
        let since = self.since();
        let is_start = move |event: &&EnvironmentEvent| event.at >= since && event.message.starts_with(UPDATE_STARTS);
        sighting.events.iter().flatten().filter(is_start)
    }

    /// Whether what is shown may be our doing: an update began soon after ours was sent, or none is to be seen.
    fn is_timely(&self, sighting: &Sighting) -> bool {
        let mut starts = self.starts(sighting).peekable();
        starts.peek().is_none() || starts.any(|event| event.at <= self.sent.plus(SOON))
    }

    /// The request of the update that began since, if only one did.
    fn only_start(&self, sighting: &Sighting) -> Option<Arc<str>> {
        let mut starts = self.starts(sighting);
        let first = starts.next()?;
        if starts.next().is_some() { None } else { first.request_id.clone() }
    }

    /// Whether an instance has been given this version since.
    fn is_on_instances(&self, sighting: &Sighting, wanted: &Arc<str>, before: Option<&Arc<str>>) -> bool {
        sighting.instances.iter().flatten().any(|instance| {
            let Some(deployment) = &instance.deployment else { return false };
            let is_since = deployment.at.is_some_and(|at| at >= self.since());
            // A new instance of an environment that ran this version before gets it without a deploy.
            let is_old = instance.launched_at.is_some_and(|at| at < self.since());
            deployment.version.as_ref() == Some(wanted) && is_since && (is_old || before != Some(wanted))
        })
    }

    /// Whether the look shows what was before, as far as it shows it.
    fn is_as_before(&self, sighting: &Sighting) -> bool {
        let is_ready = sighting.state.status == EnvironmentStatus::Ready;
        match &self.write {
            LostWrite::Options(targets) => {
                let are_before = |sets: &OptionSets| {
                    let deployed = sets.deployed.as_ref();
                    sets.pending.is_none()
                        && deployed.is_none_or(|set| targets.iter().all(|target| target.is_before(set)))
                };
                is_ready && sighting.options.as_ref().is_none_or(are_before)
            }
            LostWrite::Version { before, .. } => is_ready && sighting.state.version == *before,
            LostWrite::Restart => is_ready,
            LostWrite::Abort => sighting.state.abortable,
        }
    }

    /// Whether the look shows all that it has to show, and no update since.
    fn is_quiet(&self, sighting: &Sighting) -> bool {
        let has_options = || sighting.options.as_ref().is_some_and(|sets| sets.deployed.is_some());
        let is_restart = matches!(self.write, LostWrite::Restart);
        match &self.write {
            // The update that it was to abort may have ended since, and another begun.
            LostWrite::Abort => !self.is_late(sighting),
            LostWrite::Options(targets) if targets.iter().all(OptionTarget::is_idle) || !has_options() => false,
            _ => sighting.events.is_some() && (is_restart || self.starts(sighting).next().is_none()),
        }
    }

    /// Whether the only update since is that of another version: Beanstalk takes one at a time.
    fn is_another_version(&self, sighting: &Sighting) -> bool {
        let LostWrite::Version { wanted, before } = &self.write else { return false };
        let is_other = |event: &EnvironmentEvent| {
            event.version.is_some() && event.version != *before && event.version.as_ref() != Some(wanted)
        };
        let mut starts = self.starts(sighting).peekable();
        starts.peek().is_some() && starts.all(is_other)
    }
}

impl OptionTarget {
    fn is(&self, set: &ConfigurationSettings, wanted: Option<&Arc<str>>) -> bool {
        let live = set.get(&self.namespace, &self.name).filter(|value| !value.is_empty());
        let hashed = self.hasher.as_ref().and_then(|hasher| Some(hasher.hash(live?)));
        let live = hashed.as_deref().or(live);
        let wanted = wanted.map(|value| &**value).filter(|value| !value.is_empty());
        match (live.or(self.default.as_deref()), wanted.or(self.default.as_deref())) {
            (Some(live), Some(wanted)) => self.comparison().is_same(live, wanted),
            (live, wanted) => live == wanted,
        }
    }

    fn is_after(&self, set: &ConfigurationSettings) -> bool {
        self.is(set, self.after.as_ref())
    }

    fn is_before(&self, set: &ConfigurationSettings) -> bool {
        self.is(set, self.before.as_ref())
    }

    /// Returns whether before and after cannot be distinguished.
    fn is_idle(&self) -> bool {
        match (self.before.as_deref(), self.after.as_deref()) {
            (Some(before), Some(after)) => self.comparison().is_same(before, after),
            (before, after) => before.unwrap_or_default() == after.unwrap_or_default(),
        }
    }

    /// Returns how AWS compares its values.
    fn comparison(&self) -> Comparison {
        let option = |name: &str| settings().filter_map(|facts| facts.option).find(|option| option.name == name);
        match option(&self.name) {
            Some(option) => option.kind.comparison(),
            None if self.default.is_some() => Comparison::Number,
            None => Comparison::Text,
        }
    }
}

/// Whether a look shows the options as the write was to leave them, which they were not before.
fn is_shown(targets: &[OptionTarget], sighting: &Sighting) -> bool {
    let Some(OptionSets { deployed, pending }) = &sighting.options else { return false };
    let is_after = |set: &ConfigurationSettings| targets.iter().all(|target| target.is_after(set));
    !targets.iter().all(OptionTarget::is_idle) && deployed.iter().chain(pending).any(is_after)
}

/// Whether a label is the one that was wanted, and was not there before.
fn is_new(label: Option<&Arc<str>>, wanted: &Arc<str>, before: Option<&Arc<str>>) -> bool {
    label == Some(wanted) && before != Some(wanted)
}

/// Returns whether an event announces that the application servers are being restarted.
fn is_restart(event: &EnvironmentEvent) -> bool {
    event.message.starts_with("restartAppServer is starting")
}

/// Returns whether an event announces that an update is aborted on request. A command that failed on an instance,
/// and a deployment that failed, mention aborting too. (The text of the event is not documented.)
fn is_abort(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let others = ["aborting the operation", "during an aborted deployment"];
    message.contains("abort") && !others.iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests;
