//! The course of an update, from its events, oldest first.
//!
//! Events come late, twice and out of order; so the course is computed again from all of them each time one is added, and
//! nothing depends on the order in which they were seen.

use std::sync::Arc;

use super::cause::{self, Cause};
use super::event::{EventReading, Kept};
use super::phase::{Mark, Phase, PhaseStep, UpdateKind};
use super::sign::VerdictSign;
use crate::model::{EnvironmentEvent, Moment, Severity};

/// A sign that this update failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// When the event was recorded.
    pub at: Moment,
    /// The sign; `None` for an error whose text is in no table.
    pub sign: Option<VerdictSign>,
    /// The number of instances, if the event has one.
    pub failed: u32,
    /// The instances that it names.
    pub instances: Vec<Arc<str>>,
    /// Beanstalk's text.
    pub message: Arc<str>,
}

/// An error that is not this update's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stranger {
    /// Why it is not.
    pub why: &'static str,
    /// Beanstalk's text.
    pub message: Arc<str>,
}

/// How many signs of failure are kept.
const MOST_FLAWS: usize = 32;
/// How many errors are kept that are not the update's.
const MOST_STRANGERS: usize = 3;
/// How many marks are kept: a hundred batches with their waits, and some room.
const MOST_MARKS: usize = 256;
/// How many instances are kept that have the new version.
const MOST_UPDATED: usize = 1000;

/// The course of one update, from its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The present phase.
    pub phase: Phase,
    /// The event of its beginning.
    pub began: Option<Moment>,
    /// When the new version began to take requests.
    pub serving: Option<Moment>,
    /// When the last batch was done.
    pub served: Option<Moment>,
    /// When its end was recorded.
    pub ended: Option<Moment>,
    /// When a requested abort was recorded.
    pub aborting: Option<Moment>,
    /// When an event recorded that it stopped half way, for whatever reason.
    pub aborted: Option<Moment>,
    /// When the requests began to be split.
    pub split: Option<Moment>,
    /// What it changes, as far as its events show.
    pub kind: UpdateKind,
    /// The signs of failure.
    pub(super) flaws: Vec<Flaw>,
    /// Errors of other origin during the update.
    pub(super) strangers: Vec<Stranger>,
    /// Instances that left the environment, and when.
    pub(super) removed: Vec<(Arc<str>, Moment)>,
    /// The environment's health before the first change of it that an event reports.
    pub(super) health_before: Option<Arc<str>>,
    /// When the environment's health changed last.
    pub(super) health_since: Option<Moment>,
    /// When another operation began after this one.
    pub next: Option<Moment>,
    /// The number of its request.
    pub request_id: Option<Arc<str>>,
    /// The version that its events name.
    pub version: Option<Arc<str>>,
    /// Each phase's beginning.
    pub marks: Vec<Mark>,
    /// Instances that have the new version, and when they were ordered to deploy it.
    pub updated: Vec<(Arc<str>, Moment)>,
    /// The environment's number of instances, if an event gave it.
    pub instances: Option<u32>,
    /// The size of the first batch.
    first_batch: Option<u32>,
    /// The instances of the batch under way.
    batch: Vec<Arc<str>>,
    /// How many instances the Auto Scaling group replaces, and the batch size.
    replaced: Option<(u32, u32)>,
    /// How many batches of those have come.
    replacing: u32,
}

impl Course {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new(started: Moment, request_id: Option<Arc<str>>) -> Self {
        Self {
            phase: Phase::new(PhaseStep::Waiting, started),
            began: None,
            serving: None,
            served: None,
            ended: None,
            aborting: None,
            aborted: None,
            split: None,
            kind: UpdateKind::Unknown,
            flaws: Vec::new(),
            strangers: Vec::new(),
            removed: Vec::new(),
            health_before: None,
            health_since: None,
            next: None,
            request_id,
            version: None,
            marks: Vec::new(),
            updated: Vec::new(),
            instances: None,
            first_batch: None,
            batch: Vec::new(),
            replaced: None,
            replacing: 0,
        }
    }

    /// Returns the course that follows from these events, oldest first.
    pub(super) fn of<'a>(
        started: Moment,
        request_id: Option<Arc<str>>,
        events: impl IntoIterator<Item = &'a Kept>,
    ) -> Self {
        let mut course = Self::new(started, request_id);
        for kept in events {
            match &kept.reading {
                Some(reading) => course.take(&kept.event, reading),
                None => course.note_unread(&kept.event),
            }
        }
        course
    }

    /// The number of batches, given how many instances are updated, how many batches there are beyond those, and what the
    /// settings make of that.
    #[must_use]
    pub fn batches(&self, instances: u32, additional: u32, planned: Option<u32>) -> Option<u32> {
        let seen = self.marks.iter().filter_map(|mark| mark.batch).max();
        if let Some((replaced, size)) = self.replaced {
            return Some(replaced.div_ceil(size.max(1)).max(seen.unwrap_or_default()));
        }
        let counted = self.first_batch.filter(|size| *size > 0).map(|size| instances.div_ceil(size) + additional);
        let reported = seen.and(counted.or(planned)).or(planned);
        reported.map(|batches| batches.max(seen.unwrap_or_default())).or(seen)
    }

    fn take(&mut self, event: &EnvironmentEvent, reading: &EventReading) {
        if self.is_of_another(event, reading.sign) {
            if reading.sign.is_failure() {
                self.note_stranger("an error of another request", event);
            }
            return;
        }
        // Events that begin or end an update identify themselves; all others belong to the update of their time.
        let is_late = self.ended.is_some_and(|ended| event.at > ended) && !self.is_own(event);
        if is_late && reading.sign.is_failure() {
            return self.note_stranger("an error after the end", event);
        }
        self.note(event, reading);
        self.mark_serving(event.at, reading.sign);
        if let Some(step) = self.step_after(reading) {
            let batch =
                if step == PhaseStep::Replacing { Some(self.replacing).filter(|it| *it > 0) } else { reading.batch };
            self.enter(step, batch, event.at);
        }
    }

    /// Notes an event whose text is in no table: its severity counts at least.
    fn note_unread(&mut self, event: &EnvironmentEvent) {
        if event.severity.rank() < Severity::Error.rank() {
            return;
        }
        if self.is_own(event) {
            return self.note_flaw(event, None, 0, Vec::new());
        }
        let is_named = event.request_id.is_some() && self.request_id.is_some();
        let why = if is_named { "an error of another request" } else { "an error that names no request" };
        self.note_stranger(why, event);
    }

    /// Returns whether an event belongs to this update's request.
    fn is_own(&self, event: &EnvironmentEvent) -> bool {
        self.request_id.is_some() && self.request_id == event.request_id
    }

    fn note_stranger(&mut self, why: &'static str, event: &EnvironmentEvent) {
        if self.strangers.len() < MOST_STRANGERS {
            self.strangers.push(Stranger { why, message: Arc::clone(&event.message) });
        }
    }

    fn note_flaw(
        &mut self,
        event: &EnvironmentEvent,
        sign: Option<VerdictSign>,
        failed: u32,
        instances: Vec<Arc<str>>,
    ) {
        let is_known = self.flaws.iter().any(|flaw| flaw.message == event.message);
        if self.flaws.len() < MOST_FLAWS && !is_known {
            self.flaws.push(Flaw { at: event.at, sign, failed, instances, message: Arc::clone(&event.message) });
        }
    }

    /// Whether the event belongs to an operation that came after this one; notes when that began.
    fn is_of_another(&mut self, event: &EnvironmentEvent, sign: VerdictSign) -> bool {
        let is_foreign = match (&self.request_id, &event.request_id) {
            (Some(own), Some(other)) => own != other,
            _ => false,
        };
        let begins = matches!(sign, VerdictSign::Starting | VerdictSign::OtherOperation | VerdictSign::Terminating);
        let is_later = self.began.is_some_and(|began| event.at > began) && (is_foreign || self.ended.is_some());
        if begins && sign != VerdictSign::Terminating && is_later {
            self.next = self.next.or(Some(event.at));
        }
        (is_foreign && sign != VerdictSign::Terminating)
            || (self.next.is_some() && !matches!(sign, VerdictSign::Terminating))
    }

    fn note(&mut self, event: &EnvironmentEvent, reading: &EventReading) {
        if self.version.is_none() && event.version.is_some() {
            self.version.clone_from(&event.version);
        }
        if let Some((_, instances)) = reading.progress {
            self.instances = Some(self.instances.map_or(instances, |known| known.max(instances)));
        }
        match reading.sign {
            VerdictSign::Starting if self.began.is_none() => {
                self.began = Some(event.at);
                self.request_id = self.request_id.take().or_else(|| event.request_id.clone());
                // Earlier signs belong to another update, unless they have the request's id.
                self.flaws.clear();
                self.strangers.clear();
            }
            VerdictSign::ReplacingStarts => self.replaced = reading.progress,
            VerdictSign::ReplacingBatch => self.replacing += 1,
            VerdictSign::InstanceRemoved => {
                let room = MOST_UPDATED.saturating_sub(self.removed.len());
                self.removed.extend(reading.instances.iter().take(room).map(|id| (Arc::clone(id), event.at)));
            }
            VerdictSign::Health => self.note_health(event),
            VerdictSign::BatchStarting => {
                self.batch.clone_from(&reading.instances);
                let size = u32::try_from(reading.instances.len()).unwrap_or(u32::MAX);
                self.first_batch = self.first_batch.or((size > 0).then_some(size));
            }
            VerdictSign::BatchCommandDone => self.has_updated(event.at),
            VerdictSign::Adding => {
                self.batch.clone_from(&reading.instances);
                self.has_updated(event.at);
            }
            VerdictSign::Splitting => self.split = self.split.or(Some(event.at)),
            VerdictSign::Aborting => self.aborting = self.aborting.or(Some(event.at)),
            VerdictSign::Aborted => self.aborted = self.aborted.or(Some(event.at)),
            VerdictSign::Completed | VerdictSign::CompletedWithErrors => self.ended = Some(event.at),
            _ => {}
        }
        self.kind = match self.kind {
            _ if reading.sign.is_of_a_version() => UpdateKind::Deploy,
            UpdateKind::Unknown if reading.sign == VerdictSign::PlatformUpdate => UpdateKind::Platform,
            UpdateKind::Unknown if reading.sign.is_of_settings() => UpdateKind::Settings,
            kind => kind,
        };
        if reading.sign.is_failure() || reading.sign == VerdictSign::Terminating {
            self.note_flaw(event, Some(reading.sign), reading.failed, reading.instances.clone());
        }
    }

    /// The environment's health changed: what it was before, and whether commands failed.
    fn note_health(&mut self, event: &EnvironmentEvent) {
        self.health_since = Some(event.at);
        let from = cause::transition(&event.message).and_then(|(from, _)| from);
        if self.health_before.is_none() && self.began.is_some() {
            self.health_before = from.map(Into::into);
        }
        let is_while = self.ended.is_none() && self.began.is_some_and(|began| event.at > began);
        if is_while && cause::of_event(&event.message).any(|it| Cause::read(it) == Some(Cause::CommandFailed)) {
            self.note_flaw(event, Some(VerdictSign::Health), 0, Vec::new());
        }
    }

    fn has_updated(&mut self, at: Moment) {
        let room = MOST_UPDATED.saturating_sub(self.updated.len());
        self.updated.extend(self.batch.drain(..).take(room).map(|instance| (instance, at)));
    }

    fn mark_serving(&mut self, at: Moment, sign: VerdictSign) {
        let begins = matches!(
            sign,
            VerdictSign::BatchRegistering
                | VerdictSign::BatchDone
                | VerdictSign::TestPassed
                | VerdictSign::InstanceDone
                | VerdictSign::VersionDeployed
        );
        // In a batch the command is done before the instance is registered again.
        let is_batched = self.phase.batch.is_some() && sign == VerdictSign::InstanceDone;
        if (begins && !is_batched) || sign == VerdictSign::Splitting {
            self.serving = self.serving.or(Some(at));
        }
        let ends = matches!(
            sign,
            VerdictSign::BatchDone
                | VerdictSign::Retiring
                | VerdictSign::VersionDeployed
                | VerdictSign::SettingsDeployed
        );
        if ends {
            self.served = Some(self.served.map_or(at, |known| known.max(at)));
        }
    }

    fn step_after(&self, reading: &EventReading) -> Option<PhaseStep> {
        Some(match reading.sign {
            VerdictSign::Starting if self.phase.step == PhaseStep::Waiting => PhaseStep::Validating,
            VerdictSign::Configuring
            | VerdictSign::PlatformUpdate
            | VerdictSign::TemplateReplaced
            | VerdictSign::Replacing
                if matches!(self.phase.step, PhaseStep::Waiting | PhaseStep::Validating) =>
            {
                PhaseStep::Configuring
            }
            VerdictSign::ReplacingStarts | VerdictSign::ReplacingBatch => PhaseStep::Replacing,
            VerdictSign::Deploying
            | VerdictSign::BatchStarting
            | VerdictSign::BatchLeaving
            | VerdictSign::BatchCommand
            | VerdictSign::BatchCommandDone => PhaseStep::Batch,
            VerdictSign::BatchRegistering
            | VerdictSign::BatchDone
            | VerdictSign::WaitingForHealth
            | VerdictSign::LaunchedAll => PhaseStep::HealthWait,
            VerdictSign::VersionDeployed | VerdictSign::SettingsDeployed if self.ended.is_none() => {
                PhaseStep::HealthWait
            }
            VerdictSign::Immutable | VerdictSign::Adding | VerdictSign::TestPassed | VerdictSign::BatchLaunching => {
                PhaseStep::Launching
            }
            VerdictSign::Splitting => PhaseStep::TrafficSplitting,
            VerdictSign::Moving | VerdictSign::Retiring => PhaseStep::Retiring,
            VerdictSign::Aborting | VerdictSign::Aborted if self.ended.is_none() => PhaseStep::Aborting,
            VerdictSign::RollingBack | VerdictSign::Reverted | VerdictSign::StackRollback if self.ended.is_none() => {
                PhaseStep::RollingBack
            }
            VerdictSign::Unsuccessful | VerdictSign::Failed if self.ended.is_none() => PhaseStep::Failing,
            VerdictSign::Completed | VerdictSign::CompletedWithErrors => PhaseStep::Done,
            _ => return None,
        })
    }

    fn enter(&mut self, step: PhaseStep, batch: Option<u32>, at: Moment) {
        // What happens after an abort or a failure is its consequence.
        let ends = |step| matches!(step, PhaseStep::Aborting | PhaseStep::Failing | PhaseStep::RollingBack);
        let is_stuck = ends(self.phase.step);
        // Once Beanstalk puts back what was before, that it failed is no news.
        let is_known = step == PhaseStep::Failing && self.phase.step == PhaseStep::RollingBack;
        if is_known || (is_stuck && step != PhaseStep::Done && !ends(step)) {
            return;
        }
        let keeps_batch = matches!(step, PhaseStep::HealthWait | PhaseStep::Done) || ends(step);
        let batch = batch.or(if keeps_batch { self.phase.batch } else { None });
        if (self.phase.step, self.phase.batch) == (step, batch) {
            return;
        }
        self.phase = Phase { step, batch, ..Phase::new(step, at) };
        if self.marks.len() < MOST_MARKS {
            self.marks.push(Mark { at, step, batch });
        }
    }
}
