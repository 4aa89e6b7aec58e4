//! Which version each instance runs, and by which deployment. The environment's own label is no help before the end: it is
//! the old one until an immutable update is through.
//!
//! Labels alone do not show how far an update is: a redeploy and a rollback deploy a label that runs already. The
//! number of the deployment does, and its time in Beanstalk shows which numbers are from before.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use crate::model::{InstanceHealth, Moment};

/// What one instance runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceVersion {
    /// The instance.
    pub instance: Arc<str>,
    /// The version's label; `None` if the agent has not reported.
    pub version: Option<Arc<str>>,
    /// The number of the deployment.
    pub deployment: Option<i64>,
    /// `In Progress`, `Deployed` or `Failed`.
    pub status: Option<Arc<str>>,
}

impl InstanceVersion {
    /// Whether the deployment on it is through.
    #[must_use]
    pub fn is_deployed(&self) -> bool {
        self.status.as_deref() == Some("Deployed")
    }

    /// Whether the deployment on it failed.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        self.status.as_deref() == Some("Failed")
    }

    /// `v2 (deployment 5)`.
    #[must_use]
    pub fn words(&self) -> String {
        let version = self.version.as_deref().unwrap_or("a version that is not known");
        self.deployment.map_or_else(|| version.to_owned(), |number| format!("{version} (deployment {number})"))
    }
}

/// How many instances are kept.
const MOST: usize = 1000;
/// How many deployments' times are kept, the newest.
const MOST_DEPLOYMENTS: usize = 64;
/// How many instances are kept whose deployment failed.
const MOST_FAILED: usize = 32;

/// The versions of an environment during an update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The version before.
    pub before: Option<Arc<str>>,
    /// The requested version; `None` if that is unknown, or it is an update of settings.
    pub requested: Option<Arc<str>>,
    /// Whether the requested version was given, and not concluded from what runs.
    pub is_reported: bool,
    /// What each instance runs, by id; empty if that is unknown.
    pub instances: Vec<InstanceVersion>,
    /// Instances on which this update's deployment failed, whether they are still there or not.
    pub(super) failed: Vec<InstanceVersion>,
    /// The version in the listing once the update has ended, if nothing else shows what runs.
    listed: Option<Arc<str>>,
    /// Deployments by their number, with the earliest time that an instance gives for each.
    deployments: BTreeMap<i64, Option<Moment>>,
    /// The highest deployment number before the update, where there are no times.
    assumed_before: Option<i64>,
    /// The highest number of a deployment from before the update, as far as is known.
    number_before: Option<i64>,
}

impl Versions {
    /// Returns the state with the version before, and the requested one, if known.
    pub(super) fn new(before: Option<Arc<str>>, requested: Option<Arc<str>>) -> Self {
        Self { before, is_reported: requested.is_some(), requested, ..Self::default() }
    }

    /// Applies what the instances reported at `at` in an update that began at `began`.
    pub(super) fn observe(&mut self, instances: &[InstanceHealth], began: Moment, at: Moment) {
        let version = |it: &InstanceHealth| {
            let deployment = it.deployment.as_ref();
            InstanceVersion {
                instance: Arc::clone(&it.instance.id),
                version: deployment.and_then(|deployment| deployment.version.clone()),
                deployment: deployment.and_then(|deployment| deployment.id),
                status: deployment.and_then(|deployment| deployment.status.clone()),
            }
        };
        self.note_times(instances);
        self.instances = instances.iter().take(MOST).map(version).collect();
        self.instances.sort_by(|one, other| one.instance.cmp(&other.instance));
        self.assume(at <= began);
        self.number_before = self.deployment_before(began);
        self.conclude();
        self.note_failed();
    }

    fn note_times(&mut self, instances: &[InstanceHealth]) {
        for deployment in instances.iter().filter_map(|it| it.deployment.as_ref()) {
            let Some(number) = deployment.id else { continue };
            let known = self.deployments.entry(number).or_default();
            // An instance that came later has the same deployment by a later time.
            *known = (*known).into_iter().chain(deployment.at).min();
        }
        while self.deployments.len() > MOST_DEPLOYMENTS {
            self.deployments.pop_first();
        }
    }

    /// The number before, without times: what was there before the update began; else the oldest of the version before.
    fn assume(&mut self, is_before: bool) {
        let numbers = || self.instances.iter().filter_map(|it| it.deployment);
        if is_before {
            self.assumed_before = self.assumed_before.max(numbers().max());
        } else if self.assumed_before.is_none() {
            let of_old = |it: &&InstanceVersion| self.before.is_some() && it.version == self.before;
            let old = self.instances.iter().filter(of_old).filter_map(|it| it.deployment).min();
            self.assumed_before = old.or_else(|| numbers().min());
        }
    }

    /// The highest number of a deployment from before the update.
    fn deployment_before(&self, began: Moment) -> Option<i64> {
        let timed = || self.deployments.iter().filter_map(|(number, at)| Some((*number, (*at)?)));
        let old = timed().filter(|(_, at)| *at < began).map(|(number, _)| number).max();
        // Every deployment that has a time is of the update: the one before came just before the first of them.
        let first = timed().map(|(number, _)| number).min().map(|number| number - 1);
        old.or(first).or(self.assumed_before)
    }

    /// The number of the update's own deployment, once an instance has it.
    pub(super) fn own_deployment(&self) -> Option<i64> {
        let before = self.number_before?;
        self.instances.iter().filter_map(|it| it.deployment).filter(|number| *number > before).max()
    }

    /// Concludes the requested version, if it was not given: the label of the newest deployment, if that is the update's.
    /// Also the version before, if the listing named the new one already: that of the older deployments.
    fn conclude(&mut self) {
        if self.is_reported {
            return;
        }
        let newest = self.instances.iter().filter(|it| self.has_newer_deployment(it)).max_by_key(|it| it.deployment);
        if let Some(version) = newest.and_then(|it| it.version.clone()) {
            let old: Vec<_> = self.instances.iter().filter(|it| !self.has_newer_deployment(it)).collect();
            let is_mentioned = old.iter().any(|it| it.version == self.before);
            let latest = old.iter().max_by_key(|it| it.deployment).and_then(|it| it.version.clone());
            if let Some(latest) = latest.filter(|_| self.before.as_ref() == Some(&version) && !is_mentioned) {
                self.before = Some(latest);
            }
            self.requested = Some(version);
        }
    }

    /// Remembers where this update's deployment failed: an instance that is replaced no longer reports it.
    fn note_failed(&mut self) {
        let failed: Vec<_> = self.instances.iter().filter(|it| it.is_failed() && self.is_own(it)).cloned().collect();
        for it in failed {
            let is_known = self.failed.iter().any(|known| known.instance == it.instance);
            if !is_known && self.failed.len() < MOST_FAILED {
                self.failed.push(it);
            }
        }
    }

    /// Returns whether an instance's deployment belongs to this update.
    pub(super) fn is_own(&self, it: &InstanceVersion) -> bool {
        match it.deployment {
            Some(_) => self.has_newer_deployment(it),
            None => self.requested.is_some() && it.version == self.requested && self.before != self.requested,
        }
    }

    fn has_newer_deployment(&self, it: &InstanceVersion) -> bool {
        it.deployment.zip(self.number_before).is_some_and(|(own, before)| own > before)
    }

    /// Returns an instance's present version; `None` if it reports none.
    pub(super) fn of(&self, instance: &str) -> Option<&InstanceVersion> {
        self.instances.iter().find(|it| &*it.instance == instance)
    }

    /// Returns whether this instance runs the update's version; `None` if that is unknown.
    #[must_use]
    pub fn is_updated(&self, instance: &str) -> Option<bool> {
        let it = self.of(instance)?;
        let is_version = it.version.as_ref().zip(self.requested.as_ref()).map(|(own, requested)| own == requested);
        match it.deployment {
            Some(_) => Some(self.has_newer_deployment(it) && is_version != Some(false)),
            // Without numbers the label decides, unless the version before has the same.
            None if self.before != self.requested => is_version,
            None => None,
        }
    }

    /// The update has ended and the listing names this version.
    pub(super) fn end_with(&mut self, listed: &Arc<str>) {
        self.listed = Some(Arc::clone(listed));
        if !self.is_reported && self.requested.is_none() {
            self.requested = Some(Arc::clone(listed));
        }
    }

    /// Returns the version of an instance, as a lane shows it: `v103`, `v103 failed` if its deployment did, `v102→?` until
    /// the agent reports it.
    #[must_use]
    pub fn label(&self, instance: &str) -> String {
        let known = self.of(instance);
        let failed = if known.is_some_and(InstanceVersion::is_failed) { " failed" } else { "" };
        match (known.and_then(|it| it.version.as_deref()).or(self.listed.as_deref()), self.before.as_deref()) {
            (Some(version), _) => format!("{version}{failed}"),
            (None, Some(before)) => format!("{before}→?"),
            (None, None) => "?".to_owned(),
        }
    }

    /// From which to which: `v102 → v103`, `v102→?`, or the one that stays.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.before.as_deref(), self.requested.as_deref()) {
            (Some(before), Some(requested)) if before == requested => before.to_owned(),
            (Some(before), Some(requested)) => format!("{before} → {requested}"),
            (Some(before), None) => format!("{before}→?"),
            (None, Some(requested)) => format!("? → {requested}"),
            (None, None) => "?".to_owned(),
        }
    }

    /// The different versions that run, with how many instances run each, if there is more than one.
    #[must_use]
    pub fn mixture(&self) -> Option<String> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for version in self.instances.iter().filter_map(|it| it.version.as_deref()) {
            match counts.iter_mut().find(|(known, _)| *known == version) {
                Some((_, count)) => *count += 1,
                None => counts.push((version, 1)),
            }
        }
        if counts.len() < 2 {
            return None;
        }
        let mut words = String::new();
        for (place, (version, count)) in counts.iter().enumerate() {
            let separator = if place == 0 { "" } else { ", " };
            let _ = write!(words, "{separator}{version} on {count}");
        }
        Some(words)
    }

    /// Returns whether all run the requested version, and some of them by an earlier deployment.
    pub(super) fn is_partly_redeployed(&self) -> bool {
        let own = self.own_deployment();
        let is_older = |it: &InstanceVersion| it.deployment.zip(own).is_some_and(|(number, own)| number < own);
        self.instances.iter().any(is_older)
    }

    /// Returns the instances that the update left behind: they run another version than the requested one, or have it by
    /// an earlier deployment.
    pub(super) fn left_behind(&self) -> impl Iterator<Item = &InstanceVersion> {
        let own = self.own_deployment();
        self.instances.iter().filter(move |it| {
            let is_other = it.version.as_ref().zip(self.requested.as_ref()).is_some_and(|(own, wanted)| own != wanted);
            let is_older = it.deployment.zip(own).is_some_and(|(number, own)| number < own);
            is_other || is_older
        })
    }
}
