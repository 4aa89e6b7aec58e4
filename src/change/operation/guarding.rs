//! The result of each guard of an operation, from what was read.

use std::sync::Arc;

use super::super::alarms::NewAlarm;
use super::super::bundle::NewVersion;
use super::super::calls::ApiCall;
use super::super::instances::{Instances, Presence};
use super::super::options::OptionEdits;
use super::super::outcome::{Difference, Refusal};
use super::super::request::EnvironmentState;
use super::super::scale::{InstanceLimits, unscalable};
use super::super::swap::CnameSwap;
use super::guard::HangsOn;
use super::verdict::LookUpVerdict;
use super::{Operation, Work};
use crate::model::{
    Alarm, ApplicationVersion, ConfigurationSettings, Deployment, Environment, Fault, InstanceHealth, Moment,
};

impl Operation {
    /// Whether the environment is as it was seen when this was decided, and takes this step.
    #[must_use]
    pub fn as_seen(&self, place: usize, hangs_on: HangsOn, now: &EnvironmentState) -> LookUpVerdict {
        match LookUpVerdict::conflict(hangs_on.differences(&self.seen, now)) {
            LookUpVerdict::Pass => LookUpVerdict::refuse(self.steps[place].work.objection(now)),
            verdict => verdict,
        }
    }

    /// Whether an instance is still there to be replaced, and others answer meanwhile.
    #[must_use]
    pub fn spared(&self, instance: &Arc<str>, instances: &Instances) -> LookUpVerdict {
        let live = match instances.presence(instance) {
            Presence::Stays => return LookUpVerdict::refuse(instances.objection(instance, &self.subject.name)),
            Presence::Leaves => "being terminated",
            Presence::Gone => "gone",
        };
        LookUpVerdict::conflict(vec![Difference::new("instance", Arc::clone(instance), live)])
    }

    /// Whether two environments still have the CNAMEs that are exchanged, and the other one takes it.
    #[must_use]
    pub fn swappable(swap: &CnameSwap, own: &Environment, other: &Environment) -> LookUpVerdict {
        match LookUpVerdict::conflict(swap.differences(own, other)) {
            LookUpVerdict::Pass => LookUpVerdict::refuse(swap.objection(&other.status)),
            verdict => verdict,
        }
    }

    /// The question whether Beanstalk would accept the sizes.
    #[must_use]
    pub fn sizes_question(&self, from: InstanceLimits, to: InstanceLimits) -> ApiCall {
        to.validation(from, &self.subject).call()
    }

    /// Whether the sizes are still those that were seen.
    #[must_use]
    pub fn sized(from: InstanceLimits, to: InstanceLimits, settings: &ConfigurationSettings) -> LookUpVerdict {
        match unscalable(settings) {
            Some(refusal) => LookUpVerdict::refuse(Some(refusal)),
            None => LookUpVerdict::conflict(from.differences(InstanceLimits::of(settings), to)),
        }
    }

    /// Whether options are still those that were seen.
    #[must_use]
    pub fn options_as_seen(edits: &OptionEdits, settings: &ConfigurationSettings) -> LookUpVerdict {
        LookUpVerdict::conflict(edits.differences(settings))
    }

    /// Whether a rule that mutes alarms is as it was seen; what is to be deleted and is gone is so already.
    #[must_use]
    pub fn mute_rule_as_seen(&self, place: usize, seen: Option<Moment>, now: Option<Moment>) -> LookUpVerdict {
        let word = |until: Option<Moment>| until.map_or_else(|| "not".to_owned(), |until| format!("until {until}"));
        match (&self.steps[place].work, now) {
            (Work::Unmute { .. }, None) => LookUpVerdict::Done(None),
            _ if seen == now => LookUpVerdict::Pass,
            _ => LookUpVerdict::conflict(vec![Difference::new("alarms muted", word(seen), word(now))]),
        }
    }

    /// Whether none of these alarms is there in another form. What is to be created and is there, or to be deleted and is
    /// gone, is so already.
    #[must_use]
    pub fn alarms_as_seen(&self, place: usize, alarms: &[NewAlarm], live: &[Alarm]) -> LookUpVerdict {
        let found = |alarm: &NewAlarm| live.iter().find(|it| it.name == alarm.name);
        let is_other = |alarm: &&NewAlarm| found(alarm).is_some_and(|live| !alarm.is_same(live));
        let others: Vec<_> = alarms.iter().filter(is_other).collect();
        let is_created = matches!(self.steps[place].work, Work::CreateAlarms { .. });
        if !others.is_empty() {
            let seen = if is_created { "not there" } else { "as beanpole created it" };
            let difference = |alarm: &&NewAlarm| Difference::new(&alarm.name, seen, "another definition");
            return LookUpVerdict::conflict(others.iter().map(difference).collect());
        }
        let is_done = alarms.iter().all(|alarm| found(alarm).is_some() == is_created);
        if is_done { LookUpVerdict::Done(None) } else { LookUpVerdict::Pass }
    }

    /// Whether a version is still to be deployed. It is not if every instance has finished one and the same deployment of
    /// it and the environment names it too. Instances that cannot be read (basic health has none) are no proof of that.
    #[must_use]
    pub fn runs_everywhere(&self, label: &str, instances: &[InstanceHealth]) -> LookUpVerdict {
        let deployments: Vec<_> = instances.iter().map(|it| it.deployment.as_ref()).collect();
        let first = deployments.first().copied().flatten().and_then(|it| it.id);
        let is_it = |it: &Deployment| {
            it.version.as_deref() == Some(label) && it.status.as_deref() == Some("Deployed") && it.id == first
        };
        let is_named = self.seen.version.as_deref() == Some(label);
        let runs = first.is_some() && deployments.iter().all(|it| it.is_some_and(is_it));
        if is_named && runs { LookUpVerdict::Done(None) } else { LookUpVerdict::Pass }
    }

    /// Whether a version is still to be created. One of its label that was made of the same bundle is it.
    #[must_use]
    pub fn no_version(&self, new: &NewVersion, known: Option<&ApplicationVersion>) -> LookUpVerdict {
        match known {
            None => LookUpVerdict::Pass,
            Some(known) if new.is_made_of(known) => LookUpVerdict::Done(None),
            Some(known) => LookUpVerdict::refuse(Some(new.label_is_taken(known))),
        }
    }

    /// Whether a version can be gone back to: an abort that comes first would leave the instances on different versions,
    /// and nothing to deploy to them.
    #[must_use]
    pub fn version_exists(&self, label: &str, versions: Result<&[ApplicationVersion], &Fault>) -> LookUpVerdict {
        let refused = |why: String| LookUpVerdict::refuse(Some(Refusal::Unsuitable { why: why.into() }));
        match versions {
            Ok(versions) if versions.iter().any(|it| *it.label == *label) => LookUpVerdict::Pass,
            Ok(_) => refused(format!("the application {} no longer has the version {label}", self.subject.application)),
            Err(fault) => {
                let why = format!("whether the version {label} is still there cannot be read: {}", fault.sentence());
                let why = why.into();
                let refusal = if fault.passes() { Refusal::Unread { why } } else { Refusal::Unsuitable { why } };
                LookUpVerdict::refuse(Some(refusal))
            }
        }
    }
}
