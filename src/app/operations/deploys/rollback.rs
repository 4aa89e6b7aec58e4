//! A rollback from its confirmation to its end.

use super::Deploys;
use crate::app::action::{Action, Keymap};
use crate::app::message::{Effect, Order};
use crate::app::operations::{OperationInputs, Operations, Writing};
use crate::app::response::{Response, Step};
use crate::change::{EnvironmentState, Next, Operation, StepProgress, Work, Written};
use crate::config::Chord;
use crate::model::clean;

impl Deploys {
    /// A step of a rollback has ended, or it began.
    pub(in crate::app) fn rolled_back(&mut self, operation: Operation, written: Option<&Written>) -> Response {
        if let Some(written) = written {
            if operation.has_finished() {
                let from = operation.versions().and_then(|(from, _)| from.cloned());
                self.expect(&operation, written, Some(from.unwrap_or_else(|| "?".into())));
            }
            self.reason = written.outcome.reason();
        }
        let response = Response::step(Step::LookAt(operation.subject.key.clone()));
        self.rollback = Some(operation);
        response.then(Step::Plan)
    }
}

impl Operations {
    /// Goes on with the rollback as soon as the environment's status lets it.
    pub(in crate::app) fn advance_rollback(&mut self, known: OperationInputs<'_>) -> Response {
        let Some(operation) = self.deploys.rollback.clone() else { return Response::none() };
        let Some(environment) = known.snapshot.inventory.environments.get(&operation.subject.key) else {
            return Response::none();
        };
        let state = EnvironmentState::from(environment);
        match operation.next(&state) {
            Next::Wait => Response::none(),
            Next::Finished => {
                self.deploys.rollback = None;
                Response::none()
            }
            Next::Stopped(place, word) => {
                let why = self.deploys.reason.take().unwrap_or_else(|| word.to_string());
                self.deploys.rollback = None;
                let words = stopped_words(&operation, place, &why, &known.setup.keymap);
                Response::step(Step::StopRollback(operation.subject.key, words))
            }
            Next::Do(_) | Next::LookUp(_) => {
                let confirmation = self.confirmation.clone().unwrap_or_default();
                self.writing = Some(Writing::new(rollback_words(&operation), known.snapshot.moment));
                let (operation, order) = (Box::new(operation), Order::Advance);
                Response::effect(Effect::Operate { operation, order, state, confirmation })
            }
        }
    }
}

/// Returns the message for a rollback that cannot continue: where it stopped, the present state, and what can be done.
fn stopped_words(operation: &Operation, place: usize, why: &str, keymap: &Keymap) -> String {
    let is_aborted = operation.steps.first().is_some_and(|step| step.progress == StepProgress::Done);
    let what = match operation.steps[place].work {
        Work::Abort => "the abort failed, and the update goes on",
        _ if is_aborted => "the update before was aborted, and the deploy failed: instances may run different versions",
        _ => "the deploy failed",
    };
    let what = format!("{} stopped: {what}", rollback_words(operation));
    let key = |action: Action| keymap.chords(action).first().map(Chord::to_string).unwrap_or_default();
    let (deploys, again) = (key(Action::DeployVersion), key(Action::Rollback));
    format!("{what} ({why}). {again} tries again, {deploys} chooses a version.")
}

/// A rollback in a few words.
fn rollback_words(operation: &Operation) -> String {
    let to = operation.versions().map(|(_, to)| clean(to)).unwrap_or_default();
    format!("Rollback of {} to {to}", clean(&operation.subject.name))
}
