//! A rollback before it is confirmed: which version ran before, and whether it is still there to go back to.
//!
//! Nothing is aborted before that is known: an aborted deploy leaves the instances on different versions.

use std::sync::Arc;

use super::super::action::Action;
use super::super::application::App;
use super::super::dialog::{Confirm, Dialog, Picker};
use super::super::message::Effect;
use super::super::state::State;
use super::{RecordedDeploy, RollbackCheck};
use crate::change::{EnvironmentState, Operation, Subject};
use crate::deploy::{PhaseStep, UpdateKind};
use crate::model::{ApplicationVersion, Environment, Key, Source, clean};

impl State {
    /// Returns why no rollback of the environment on the Deploy screen is available; `None` if one is.
    #[must_use]
    pub fn rollback_refusal(&self) -> Option<String> {
        let key = &self.screens.deploy()?.key;
        if let Some(operation) = self.deploys.rollback.as_ref().filter(|it| !it.is_over()) {
            let to = operation.versions().map(|(_, to)| clean(to)).unwrap_or_default();
            return Some(format!("a rollback of {} to {to} is under way", clean(&operation.subject.name)));
        }
        let watch = self.deploys.watches.get(key)?;
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
    fn version_before(
        &self,
        environment: &Environment,
        recorded: &[RecordedDeploy],
    ) -> (Option<Arc<str>>, Option<Arc<str>>) {
        let watch = self.deploys.watches.get(&environment.key);
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

impl App {
    /// Starts a rollback to the version that the instances ran before the followed update: finds out which, and whether it
    /// still exists.
    pub(in crate::app) fn ask_back(&mut self) -> Vec<Effect> {
        let Ok(environment) = self.state.current_environment().cloned() else { return Vec::new() };
        let offered = self.state.deploys.offered.iter().find(|it| it.subject.key == environment.key);
        let versions = Source::Versions(Key::new(environment.key.scope, Arc::clone(&environment.application)));
        let reads = &self.state.snapshot().reads;
        let check = RollbackCheck {
            environment: environment.key.clone(),
            title: format!("Rollback of {}", clean(&environment.name)),
            read: reads.read_at(&versions),
            failed: reads.failed_at(&versions),
            operation: offered.cloned(),
            recorded: None,
            versions: versions.clone(),
        };
        self.state.poller_mut().expire(&versions);
        self.state.screens.open(Dialog::Rollback(Box::new(check)));
        self.plan();
        vec![Effect::FindDeploys { environment: environment.key }]
    }

    /// The log was searched for deploys of an environment.
    pub(in crate::app) fn found_deploys(
        &mut self,
        key: &Key<Environment>,
        found: Result<Vec<RecordedDeploy>, String>,
    ) -> Vec<Effect> {
        if let Some(Dialog::Rollback(check)) = self.state.screens.dialog_mut()
            && check.environment == *key
        {
            check.recorded = Some(found.unwrap_or_default());
        }
        Vec::new()
    }

    /// Continues as soon as everything is known that a rollback depends on.
    pub(in crate::app) fn end_rollback_check(&mut self) {
        let Some(Dialog::Rollback(check)) = self.state.screens.dialog() else { return };
        let reads = &self.state.snapshot().reads;
        let is_read = reads.read_at(&check.versions) != check.read;
        let fault = reads.fault(&check.versions).filter(|_| reads.failed_at(&check.versions) != check.failed);
        if check.recorded.is_none() || !(is_read || fault.is_some()) {
            return;
        }
        let fault = fault.filter(|_| !is_read).cloned();
        let Some(Dialog::Rollback(check)) = self.state.screens.take_dialog() else { return };
        self.look_again();
        let Some(environment) = self.state.snapshot().inventory.environments.get(&check.environment).cloned() else {
            return self.notify("this environment is not listed any more");
        };
        match fault {
            Some(fault) => self.stop_rollback(
                &environment.key,
                format!(
                    "No rollback: the versions of {} cannot be read, so nothing was aborted: {}",
                    clean(&environment.application),
                    fault.sentence()
                ),
            ),
            None => self.confirm_rollback(&environment, *check),
        }
        self.plan();
    }

    /// Confirms the rollback to the version that ran before, if it is there; else another may be chosen.
    fn confirm_rollback(&mut self, environment: &Environment, check: RollbackCheck) {
        let recorded = check.recorded.unwrap_or_default();
        let (before, from) = self.state.version_before(environment, &recorded);
        let offered = check.operation.filter(|it| !it.has_finished());
        let (to, from) = match offered.as_ref().and_then(Operation::versions) {
            Some((from, to)) => (Some(Arc::clone(to)), from.cloned()),
            None => (before, from),
        };
        let application = Key::new(environment.key.scope, Arc::clone(&environment.application));
        let versions = self.state.snapshot().inventory.versions.get(&application).map_or(&[][..], Vec::as_slice);
        let is_good = |it: &&ApplicationVersion| ApplicationVersion::obstacle(it.status.as_ref()).is_none();
        let found = to.as_ref().and_then(|to| versions.iter().find(|it| it.label == *to));
        let name = clean(&environment.application).into_owned();
        let why = match (&to, found) {
            (Some(to), Some(version)) if is_good(&version) => {
                let (subject, seen) = (Subject::from(environment), EnvironmentState::from(environment));
                let operation = offered.unwrap_or_else(|| Operation::rollback(subject, seen, from, Arc::clone(to)));
                return self.confirm(environment, |ground| Confirm::of_rollback(ground, operation));
            }
            (Some(to), Some(_)) => format!("{}, which ran before, cannot be deployed", clean(to)),
            (Some(to), None) => format!("{}, which ran before, is no longer among the versions of {name}", clean(to)),
            (None, _) => "which version ran before is not known".to_owned(),
        };
        let has_other = versions.iter().filter(is_good).any(|it| Some(&it.label) != from.as_ref());
        if has_other {
            self.state.screens.open(Dialog::Versions(Picker::new(environment).for_rollback(from, why)));
        } else {
            let words = format!("No rollback: {why}, and there is no other. Nothing was aborted.");
            self.stop_rollback(&environment.key, words);
        }
    }

    /// A rollback stopped, or never began: that stays on the Deploy screen until something else is done there.
    pub(in crate::app) fn stop_rollback(&mut self, key: &Key<Environment>, words: String) {
        self.say(words.clone());
        self.state.deploys.stopped.insert(key.clone(), words);
    }
}
