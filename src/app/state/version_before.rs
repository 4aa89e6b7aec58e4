//! Whether an environment can be rolled back, and to which version.

use std::sync::Arc;

use super::State;
use crate::app::action::Action;
use crate::app::screens::RecordedDeploy;
use crate::deploy::{PhaseStep, UpdateKind};
use crate::model::{Environment, clean};

impl State {
    /// Returns why no rollback of the environment at hand is available; `None` if one is.
    #[must_use]
    pub fn rollback_refusal(&self) -> Option<String> {
        let key = &self.current_environment().ok()?.key;
        if let Some(operation) = self.operations.deploys.rollback.as_ref().filter(|it| !it.is_over()) {
            let to = operation.versions().map(|(_, to)| clean(to)).unwrap_or_default();
            return Some(format!("a rollback of {} to {to} is under way", clean(&operation.subject.name)));
        }
        let watch = self.operations.deploys.watches.get(key)?;
        let deploys = self.key_name(Action::DeployVersion);
        let to = || clean(watch.versions().requested.as_deref().unwrap_or("the version before")).into_owned();
        let is_over = watch.ended().is_some();
        match (watch.removes(), watch.kind()) {
            (Some(_), _) if !is_over => Some(format!("a rollback to {} is in progress already", to())),
            (Some(from), _) if watch.verdict().kind.is_good() => {
                let from = clean(from);
                Some(format!("{from} was just rolled back to {}; {deploys} deploys another version", to()))
            }
            (None, UpdateKind::Settings | UpdateKind::Platform) if !is_over => Some(format!(
                "this update changes settings and no version: {} aborts it, and Beanstalk puts the settings back",
                self.key_name(Action::Abort)
            )),
            (None, UpdateKind::Settings | UpdateKind::Platform) => {
                Some(format!("the last update changed settings and no version; {deploys} deploys a version"))
            }
            _ if !is_over && watch.phase().step == PhaseStep::RollingBack => {
                Some("Beanstalk itself is rolling this update back: wait for its end".to_owned())
            }
            _ => None,
        }
    }

    /// The version that ran before the one that runs or is being deployed, and the latter: as the update shows it that is
    /// followed, as our own log has it, or as the events name it.
    pub(in crate::app) fn version_before(
        &self,
        environment: &Environment,
        recorded: &[RecordedDeploy],
    ) -> (Option<Arc<str>>, Option<Arc<str>>) {
        let watch = self.operations.deploys.watches.get(&environment.key);
        let watch = watch.filter(|it| !matches!(it.kind(), UpdateKind::Settings | UpdateKind::Platform));
        let versions = watch.map(crate::deploy::Watch::versions);
        // While it is unknown which version is being deployed, the listed version is the previous one.
        if let Some(it) = versions.filter(|it| it.requested.is_none() && watch.is_some_and(|it| it.ended().is_none())) {
            return (it.before.clone(), None);
        }
        let running = versions.and_then(|it| it.requested.clone()).or_else(|| environment.version.clone());
        let is_other = |version: &Arc<str>| running.as_ref() != Some(version);
        let followed = versions.and_then(|it| it.before.clone()).filter(is_other);
        let written = || {
            let last = recorded.iter().find(|it| Some(&it.after) == running.as_ref() && it.before != it.after);
            last.map(|it| Arc::clone(&it.before))
        };
        let named = || {
            let own =
                self.snapshot().inventory.events.iter().filter(|it| it.environment.as_ref() == Some(&environment.name));
            own.filter_map(|it| it.version.clone()).find(is_other)
        };
        (followed.or_else(written).or_else(named), running)
    }
}
