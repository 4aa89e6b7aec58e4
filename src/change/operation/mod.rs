//! An operation: what is to be written to an environment, as a value. The planners of `change/` make it, and `write/`
//! carries it out.
//!
//! The journal keeps it whole. What to do next follows from what is recorded of each step and from the environment's
//! status, and from nothing else: so another process can continue an operation that was interrupted.

mod guard;
mod guarding;
mod kind;
mod make;
mod sending;
mod step;
#[cfg(test)]
mod tests;
mod verdict;
mod work;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use guard::{Guard, HangsOn};
pub use kind::OperationKind;
pub use sending::{LookUp, Sending};
pub use step::{FROZEN, PASSED, Starts, Step, StepProgress, UNSENT};
pub use verdict::LookUpVerdict;
pub use work::Work;

use super::calls::ApiCall;
use super::hidden::HashKey;
use super::https::{self, HttpsSetup};
use super::options::OptionEdits;
use super::outcome::{Confirmation, Refusal};
use super::request::{EnvironmentState, Route, Subject, ValueChange};
use super::rows::ChangeRows;
use crate::model::{EnvironmentStatus, ScopeId};
use work::Surroundings;

/// An operation, with its progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Its id in the journal; given when it begins.
    #[serde(skip)]
    pub id: Option<Arc<str>>,
    /// Its purpose.
    pub kind: OperationKind,
    /// The environment.
    pub subject: Subject,
    /// The other environments that the objects it changes serve, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub serves: Vec<Arc<str>>,
    /// The environment's status and version when this was decided.
    pub seen: EnvironmentState,
    /// By which way it goes.
    pub route: Route,
    /// What is done, in this order.
    pub steps: Vec<Step>,
    /// The setup of HTTPS; with the ids that its steps have created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub setup: Option<HttpsSetup>,
    /// Whether production wants the environment's name typed for it.
    pub is_dangerous: bool,
    /// Why it must not be carried out, as far as is known when it is planned.
    #[serde(skip)]
    pub refusal: Option<Refusal>,
    /// The id of the operation that it puts back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<Arc<str>>,
}

/// What to do next, by the place of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// This step is to be sent.
    Do(usize),
    /// This step was begun and its end was lost: it is looked up first.
    LookUp(usize),
    /// Nothing, until the environment has another status.
    Wait,
    /// It does not continue by itself: this step ended with this word.
    Stopped(usize, Arc<str>),
    /// Everything is done.
    Finished,
}

impl Operation {
    /// Returns what to do next, with the environment in this status.
    #[must_use]
    pub fn next(&self, now: &EnvironmentState) -> Next {
        let is_ready = now.status == EnvironmentStatus::Ready;
        let is_abortable = now.abortable && now.status != EnvironmentStatus::Aborting;
        for (place, step) in self.steps.iter().enumerate().skip(self.current()) {
            if let Some(word) = step.has_stopped() {
                return Next::Stopped(place, Arc::clone(word));
            }
            let is_begun = match &step.progress {
                StepProgress::Done | StepProgress::Ended(_) => continue,
                StepProgress::Begun => true,
                StepProgress::Waiting => false,
            };
            let may = match step.starts {
                Starts::AtOnce => true,
                // Whether an abort was taken, or came too late, is all the same once the update is over.
                Starts::WhileAbortable if is_ready => continue,
                Starts::WhileAbortable => is_abortable,
                Starts::OnceReady => is_ready || is_begun,
                Starts::OnceStill => is_ready,
            };
            return match (may, is_begun) {
                (false, _) => Next::Wait,
                (true, true) => Next::LookUp(place),
                (true, false) => Next::Do(place),
            };
        }
        Next::Finished
    }

    /// The last step that has begun, or the first: what was skipped before it is not needed any more.
    fn current(&self) -> usize {
        self.steps.iter().rposition(|step| step.progress != StepProgress::Waiting).unwrap_or_default()
    }

    /// The environments that it concerns, by name: its own first, then those that share what it changes.
    pub fn concerned(&self) -> impl Iterator<Item = &Arc<str>> {
        std::iter::once(&self.subject.name).chain(&self.serves)
    }

    /// Whether everything is done.
    #[must_use]
    pub fn has_finished(&self) -> bool {
        self.steps.last().is_none_or(|step| step.progress == StepProgress::Done)
    }

    /// The options that it changes, if it changes options that are no settings of the table.
    #[must_use]
    pub fn options(&self) -> Option<&OptionEdits> {
        self.steps.iter().find_map(|step| match &step.work {
            Work::Options(edits) => Some(edits),
            _ => None,
        })
    }

    /// Hashes values that are never shown by this key, and compares live ones so.
    pub fn compare_by(&mut self, key: &HashKey) {
        for step in &mut self.steps {
            if let Work::Options(edits) = &mut step.work {
                edits.compare_by(key, &self.subject.key.id);
            }
        }
    }

    /// The step that it stopped at, with the word of its outcome.
    #[must_use]
    pub fn stopped(&self) -> Option<(usize, &Arc<str>)> {
        let steps = self.steps.iter().enumerate();
        steps.skip(self.current()).find_map(|(place, step)| step.has_stopped().map(|word| (place, word)))
    }

    /// Returns whether nothing more is written without the user.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.has_finished() || self.stopped().is_some()
    }

    /// Whether it would change nothing.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.steps.iter().all(|step| step.work.is_idle())
    }

    /// Records the result of a step: the word of its outcome, a description, and the id of what it has created.
    pub fn record(&mut self, place: usize, word: &str, found: Option<Arc<str>>, made: Option<Arc<str>>) {
        let Some(step) = self.steps.get_mut(place) else { return };
        step.record(word, found);
        if let (Work::Https { step, .. }, Some(setup), Some(made)) = (&step.work, &mut self.setup, made) {
            setup.keep(*step, made);
        }
    }

    /// A step that ended badly is to be tried again.
    pub fn retry(&mut self) {
        for step in self.steps.iter_mut().filter(|step| matches!(step.progress, StepProgress::Ended(_))) {
            step.progress = StepProgress::Waiting;
        }
    }

    /// Applies the progress of another process. A failed step that the user wants to retry
    /// stays to be retried.
    pub fn catch_up(&mut self, known: Self) {
        for (ours, theirs) in self.steps.iter_mut().zip(known.steps) {
            let is_retried =
                ours.progress == StepProgress::Waiting && matches!(theirs.progress, StepProgress::Ended(_));
            if !is_retried {
                *ours = theirs;
            }
        }
        self.setup = known.setup;
    }

    /// Returns the place of the failed probe after which it may continue, if it stopped at one.
    #[must_use]
    pub fn may_pass(&self) -> Option<usize> {
        self.stopped().map(|(place, _)| place).filter(|place| self.steps[*place].work.is_probe())
    }

    /// Returns why it must not begin or continue with this confirmation, as far as is known without reading.
    #[must_use]
    pub fn objection(&self) -> Option<Refusal> {
        let first = || (!self.kind.is_stepwise()).then(|| self.steps.first()?.work.objection(&self.seen)).flatten();
        self.refusal.clone().or_else(first)
    }

    /// Whether the environment's name has to be typed.
    #[must_use]
    pub fn wants_name(&self, confirmation: &Confirmation) -> bool {
        let is_passed = self.steps.iter().any(Step::is_passed);
        let is_direct = self.kind == OperationKind::Https && self.route == Route::Elb;
        // A typed name has to be the right one, even where it was not required.
        confirmation.typed.is_some() || (confirmation.production && self.is_dangerous) || is_passed || is_direct
    }

    /// Returns the guard that is checked once, before it begins.
    #[must_use]
    pub fn precondition(&self) -> Option<Guard> {
        let (_, to) = self.versions().filter(|_| self.kind == OperationKind::Rollback)?;
        Some(Guard::VersionExists(Arc::clone(to)))
    }

    /// What is read and asked just before a step is sent, in this order. The version that a rollback deploys may run
    /// everywhere already: an aborted immutable or traffic-splitting deploy removes its new instances.
    #[must_use]
    pub fn guards(&self, place: usize) -> Vec<Guard> {
        let Some(work) = self.steps.get(place).map(|step| &step.work) else { return Vec::new() };
        let running = match work {
            Work::Deploy { version, .. } if self.kind == OperationKind::Rollback => Some(version),
            _ => None,
        };
        work.guards().into_iter().chain(running.map(|version| Guard::NotYetEverywhere(Arc::clone(version)))).collect()
    }

    /// Returns from which version to which it leads, if it deploys one.
    #[must_use]
    pub fn versions(&self) -> Option<(Option<&Arc<str>>, &Arc<str>)> {
        self.steps.iter().find_map(|step| match &step.work {
            Work::Deploy { version, replaces } => Some((replaces.as_ref(), version)),
            _ => None,
        })
    }

    fn surroundings(&self) -> Surroundings<'_> {
        Surroundings { subject: &self.subject, seen: &self.seen, setup: self.setup.as_ref() }
    }

    /// Returns the calls of a step, in order.
    #[must_use]
    pub fn sendings(&self, place: usize) -> Vec<Sending> {
        self.steps.get(place).map(|step| step.work.sendings(self.surroundings())).unwrap_or_default()
    }

    /// The calls of a step.
    #[must_use]
    pub fn calls_of(&self, place: usize) -> Vec<ApiCall> {
        self.sendings(place).into_iter().map(|sending| sending.call).collect()
    }

    /// The calls of all steps that the environment's status calls for, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<ApiCall> {
        let is_needed = |place: &usize| self.steps[*place].starts != Starts::WhileAbortable || self.seen.abortable;
        (0..self.steps.len()).filter(is_needed).flat_map(|place| self.calls_of(place)).collect()
    }

    /// The values that change.
    #[must_use]
    pub fn changes(&self) -> Vec<ValueChange> {
        // Of a rollback the version is what changes; that something is aborted for it is not.
        let is_listed = |step: &&Step| self.kind != OperationKind::Rollback || step.work != Work::Abort;
        let steps = self.steps.iter().filter(is_listed);
        steps.flat_map(|step| step.work.changes(self.surroundings())).collect()
    }

    /// The settings that it changes, if it changes such.
    #[must_use]
    pub fn rows(&self) -> Option<&ChangeRows> {
        self.steps.iter().find_map(|step| match &step.work {
            Work::Settings(rows) => Some(rows),
            _ => None,
        })
    }

    /// Returns the HTTPS step at a place, with what it depends on.
    #[must_use]
    pub fn undertaking(&self, place: usize) -> Option<https::Undertaking<'_>> {
        let Work::Https { step, direction } = self.steps.get(place)?.work else { return None };
        self.surroundings().https(step, direction)
    }

    /// The ARNs of the target group and of the load balancer that it changes.
    #[must_use]
    pub fn objects(&self) -> (Option<Arc<str>>, Option<Arc<str>>) {
        let rows = self.rows();
        let group = rows.and_then(ChangeRows::target_group).map(|key| key.id);
        let balancer = rows.and_then(ChangeRows::load_balancer).map(|key| key.id);
        (group, balancer.or_else(|| self.setup.as_ref().map(|setup| Arc::clone(&setup.load_balancer))))
    }

    /// Returns the same in this scope: the journal contains none.
    #[must_use]
    pub fn within(mut self, scope: ScopeId) -> Self {
        self.subject.key.scope = scope;
        for step in &mut self.steps {
            match &mut step.work {
                Work::Settings(rows) => rows.move_to(scope),
                Work::Swap(swap) => swap.other.key.scope = scope,
                _ => {}
            }
        }
        self
    }
}
