//! Which version each instance runs. The environment's own label is no help before the end: it is the old one until an
//! immutable update is through.

use std::fmt::Write;
use std::sync::Arc;

use crate::model::InstanceHealth;

/// What one instance runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceVersion {
    /// The instance.
    pub instance: Arc<str>,
    /// The version's label; `None` if the agent has not told.
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
}

/// How many instances are kept.
const MOST: usize = 1000;

/// The versions of an environment during an update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// The version before.
    pub before: Option<Arc<str>>,
    /// The version that was asked for; `None` if that is not known, or it is an update of settings.
    pub requested: Option<Arc<str>>,
    /// Whether the requested version was told, and not concluded from what runs.
    pub is_told: bool,
    /// What each instance runs, by id; empty if nothing tells.
    pub instances: Vec<InstanceVersion>,
    /// The highest deployment number before the update.
    deployment_before: Option<i64>,
}

impl Versions {
    /// The version before, and the one that was asked for, if somebody told.
    pub(super) fn new(before: Option<Arc<str>>, requested: Option<Arc<str>>) -> Self {
        Self { before, is_told: requested.is_some(), requested, ..Self::default() }
    }

    /// Takes in what the instances say.
    pub(super) fn observe(&mut self, instances: &[InstanceHealth]) {
        let version = |it: &InstanceHealth| {
            let deployment = it.deployment.as_ref();
            InstanceVersion {
                instance: Arc::clone(&it.instance.id),
                version: deployment.and_then(|deployment| deployment.version.clone()),
                deployment: deployment.and_then(|deployment| deployment.id),
                status: deployment.and_then(|deployment| deployment.status.clone()),
            }
        };
        self.instances = instances.iter().take(MOST).map(version).collect();
        self.instances.sort_by(|one, other| one.instance.cmp(&other.instance));
        self.conclude();
    }

    /// What was asked for, if nobody told: the label of the newest deployment, if it is not the old one.
    fn conclude(&mut self) {
        let oldest = self.instances.iter().filter_map(|it| it.deployment).min();
        if self.deployment_before.is_none() {
            let of_old = |it: &&InstanceVersion| self.before.is_some() && it.version == self.before;
            let old = self.instances.iter().filter(of_old).filter_map(|it| it.deployment).min();
            self.deployment_before = old.or(oldest);
        }
        if self.is_told {
            return;
        }
        let newest = self.instances.iter().filter(|it| self.has_newer_deployment(it)).max_by_key(|it| it.deployment);
        if let Some(version) = newest.and_then(|it| it.version.clone()).filter(|it| self.before.as_ref() != Some(it)) {
            self.requested = Some(version);
        }
    }

    fn has_newer_deployment(&self, it: &InstanceVersion) -> bool {
        it.deployment.zip(self.deployment_before).is_some_and(|(own, before)| own > before)
    }

    /// Whether this instance runs what the update brings; `None` if nothing tells.
    #[must_use]
    pub fn is_updated(&self, instance: &str) -> Option<bool> {
        let it = self.instances.iter().find(|it| &*it.instance == instance)?;
        match (&it.version, &self.requested) {
            (Some(version), Some(requested)) if self.before.as_ref() != Some(requested) => Some(version == requested),
            _ => it.deployment.map(|_| self.has_newer_deployment(it)),
        }
    }

    /// The version of an instance, as a lane shows it: `v103`, `v102→?` while the agent says nothing of it.
    #[must_use]
    pub fn label(&self, instance: &str) -> String {
        let known = self.instances.iter().find(|it| &*it.instance == instance);
        match (known.and_then(|it| it.version.as_deref()), self.before.as_deref()) {
            (Some(version), _) => version.to_owned(),
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

    /// The instances that run something else than what was asked for.
    pub(super) fn strays(&self) -> usize {
        let Some(requested) = &self.requested else { return 0 };
        self.instances.iter().filter(|it| it.version.as_ref().is_some_and(|version| version != requested)).count()
    }
}
