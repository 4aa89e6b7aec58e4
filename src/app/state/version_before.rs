//! Whether an environment can be rolled back, and to which version.

use std::sync::Arc;

use super::State;
use crate::app::action::Action;
use crate::deploy::{PhaseStep, RecordedDeploy, UpdateKind, VerdictKind, Watch, version_before};
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

    /// Returns the version that a rollback of an update that went wrong goes back to, if one is possible.
    #[must_use]
    pub fn rollback_offer(&self, watch: &Watch) -> Option<Arc<str>> {
        let is_bad = matches!(
            watch.verdict().kind,
            VerdictKind::Worse | VerdictKind::Failed | VerdictKind::Aborted | VerdictKind::Timeout
        );
        let versions = watch.versions();
        let before = versions.before.clone().filter(|before| Some(before) != versions.requested.as_ref())?;
        (is_bad && self.rollback_refusal().is_none()).then_some(before)
    }

    /// Returns the version that ran before the present one, as far as updates that were followed and events name it.
    #[must_use]
    pub fn known_version_before(&self, environment: &Environment) -> Option<Arc<str>> {
        self.version_before(environment, &[]).0
    }

    /// The version that ran before the one that runs or is being deployed, and the latter: as the update shows it that is
    /// followed, as our own log has it, or as the events name it.
    pub(in crate::app) fn version_before(
        &self,
        environment: &Environment,
        recorded: &[RecordedDeploy],
    ) -> (Option<Arc<str>>, Option<Arc<str>>) {
        let watch = self.operations.deploys.watches.get(&environment.key);
        version_before(environment, watch, recorded, self.snapshot().inventory.events.iter())
    }
}
