//! How a rollback goes on once everything is read that it depends on.

use std::sync::Arc;

use super::RollbackCheck;
use crate::app::action::{Action, Layer};
use crate::app::response::{Response, Step};
use crate::app::screens::confirm::Confirm;
use crate::app::screens::{Level, VersionPicker, View};
use crate::app::state::State;
use crate::change::{EnvironmentState, Operation, Subject};
use crate::deploy::RecordedDeploy;
use crate::model::{ApplicationVersion, Environment, Key, Source, clean};
use crate::polling::Question;

impl RollbackCheck {
    /// A check for an environment, with the rollback that was interrupted there, if one was.
    #[must_use]
    pub fn new(state: &State, environment: &Environment) -> Self {
        let offered = state.operations.deploys.offered.iter().find(|it| it.subject.key == environment.key);
        let versions = Source::Versions(Key::new(environment.key.scope, Arc::clone(&environment.application)));
        let reads = &state.snapshot().reads;
        Self {
            environment: environment.key.clone(),
            title: format!("Rollback of {}", clean(&environment.name)),
            read: reads.read_at(&versions),
            failed: reads.failed_at(&versions),
            operation: offered.cloned(),
            recorded: None,
            versions,
        }
    }

    /// The log was searched for deployments of the environment.
    pub fn set_recorded(&mut self, recorded: Vec<RecordedDeploy>) {
        self.recorded = Some(recorded);
    }

    /// Goes on as soon as everything is known that the rollback depends on; `None` while it is not.
    pub(in crate::app) fn go_on(&self, state: &State) -> Option<Response> {
        let reads = &state.snapshot().reads;
        let is_read = reads.read_at(&self.versions) != self.read;
        let fault = reads.fault(&self.versions).filter(|_| reads.failed_at(&self.versions) != self.failed);
        if self.recorded.is_none() || !(is_read || fault.is_some()) {
            return None;
        }
        let closed = Response::close(Level::Dialog).then(Step::Redraw);
        let Some(environment) = state.snapshot().inventory.environments.get(&self.environment) else {
            return Some(closed.and_notice("this environment is not listed any more"));
        };
        let next = match fault.filter(|_| !is_read) {
            Some(fault) => {
                let application = clean(&environment.application);
                let why = fault.sentence();
                let words =
                    format!("No rollback: the versions of {application} cannot be read, so nothing was aborted: {why}");
                Response::step(Step::StopRollback(environment.key.clone(), words))
            }
            None => self.confirm(state, environment),
        };
        Some(closed.and(next).then(Step::Plan))
    }

    /// Confirms the rollback to the version that ran before, if it is there; else another may be chosen.
    fn confirm(&self, state: &State, environment: &Environment) -> Response {
        let (before, from) = state.version_before(environment, self.recorded.as_deref().unwrap_or_default());
        let offered = self.operation.clone().filter(|it| !it.has_finished());
        let (to, from) = match offered.as_ref().and_then(Operation::versions) {
            Some((from, to)) => (Some(Arc::clone(to)), from.cloned()),
            None => (before, from),
        };
        let application = Key::new(environment.key.scope, Arc::clone(&environment.application));
        let versions = state.snapshot().inventory.versions.get(&application).map_or(&[][..], Vec::as_slice);
        let is_good = |it: &&ApplicationVersion| ApplicationVersion::obstacle(it.status.as_ref()).is_none();
        let found = to.as_ref().and_then(|to| versions.iter().find(|it| it.label == *to));
        let name = clean(&environment.application).into_owned();
        let why = match (&to, found) {
            (Some(to), Some(version)) if is_good(&version) => {
                let (subject, seen) = (Subject::from(environment), EnvironmentState::from(environment));
                let operation = offered.unwrap_or_else(|| Operation::rollback(subject, seen, from, Arc::clone(to)));
                return state.confirm(environment, |inputs| Confirm::of_rollback(inputs, operation));
            }
            (Some(to), Some(_)) => format!("{}, which ran before, cannot be deployed", clean(to)),
            (Some(to), None) => format!("{}, which ran before, is no longer among the versions of {name}", clean(to)),
            (None, _) => "which version ran before is not known".to_owned(),
        };
        if versions.iter().filter(is_good).any(|it| Some(&it.label) != from.as_ref()) {
            return Response::open(VersionPicker::new(environment).for_rollback(from, why));
        }
        let words = format!("No rollback: {why}, and there is no other. Nothing was aborted.");
        Response::step(Step::StopRollback(environment.key.clone(), words))
    }
}

impl View for RollbackCheck {
    fn layer(&self) -> Layer {
        Layer::Notice
    }

    fn awaited(&self) -> Vec<Question> {
        vec![Question::These(vec![self.versions.clone()])]
    }

    fn act(&mut self, action: Action, _state: &State) -> Option<Response> {
        match action {
            Action::Back => Some(Response::close(Level::Dialog).then(Step::Plan)),
            // Enter chooses nothing that is not there yet.
            Action::Open => Some(Response::none()),
            _ => None,
        }
    }
}
