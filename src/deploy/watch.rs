//! One update of one environment, followed from its present phase to its final verdict.
//!
//! A watch keeps its own, bounded copy of what it needs: the inventory forgets events of a busy region, and the figures
//! of the ten minutes before, long before a slow update ends. It may be shown the same reading twice; counts of readings
//! go by their time and not by how often they were shown.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::causes::Causes;
use super::course::Course;
use super::early::Early;
use super::event::{self, Kept};
use super::lane::{Lanes, TargetChange};
use super::live::LiveCourse;
use super::minutes::{Minute, Minutes};
use super::phase::{Phase, PhaseStep, UpdateKind};
use super::policy::Rollout;
use super::verdict::Verdict;
use super::versions::Versions;
use crate::model::{
    Balancer, Environment, EnvironmentEvent, EnvironmentStatus, Inventory, Key, LoadBalancer, Moment, Snapshot,
    TargetGroup, Topology,
};

/// How long after the last batch the verdict becomes final: three whole minutes, and the time they take to come.
pub const SETTLE: Duration = Duration::from_mins(6);

/// An update that takes longer than this is not one: its end was missed.
const LONGEST: Duration = Duration::from_hours(12);

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// When; for what we only saw, when we saw it.
    pub at: Moment,
    /// What.
    pub what: Happening,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// Beanstalk recorded an event.
    Event(EnvironmentEvent),
    /// A phase began.
    Phase(Phase),
    /// A target went from one state to another.
    Target(TargetChange),
    /// Figures of a minute came, or were revised.
    Metrics(Minute),
    /// The verdict changed.
    Verdict(Verdict),
}

/// The load balancer in front of the environment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WatchedFront {
    pub load_balancer: Key<LoadBalancer>,
    pub groups: Vec<Key<TargetGroup>>,
    pub shared: bool,
}

impl WatchedFront {
    /// Returns the load balancer in front of an environment; `None` if it is no Application Load Balancer, or unknown.
    pub(super) fn of(topology: &Topology, environment: &Key<Environment>) -> Option<Self> {
        let link = topology.link(environment).filter(|link| link.balancer.is_application())?;
        let (load_balancer, _) = link.load_balancer.as_ref()?;
        let users = topology.environments_of(load_balancer).len();
        Some(Self {
            load_balancer: load_balancer.clone(),
            groups: link.groups.iter().map(|group| group.key.clone()).collect(),
            shared: link.balancer == Balancer::ApplicationShared || users > 1,
        })
    }
}

/// What was seen of the environment's status.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Status {
    /// When its place was first known.
    pub first_sight: Option<Moment>,
    pub was_updating: bool,
    pub ready: Option<Moment>,
    /// When it was last listed, ready.
    pub ready_again: Option<Moment>,
    pub aborting: Option<Moment>,
    pub gone: Option<Moment>,
    /// It was updated again after it had been ready.
    pub updated_again: Option<Moment>,
    /// Instances that run something else after the end: since when, and when last.
    pub strays: Option<(Moment, Moment)>,
    /// An instance was first seen through with the new version.
    pub updated: Option<Moment>,
    pub instances_looked: Option<Moment>,
    pub health_looked: Option<Moment>,
    /// The word of the environment's health when the watch began, before the update.
    pub health_before: Option<Arc<str>>,
    pub metrics_looked: Option<Moment>,
    /// Events up to here may have been forgotten.
    pub forgotten: Option<Moment>,
    pub timed_out: bool,
}

/// An update that is followed.
#[derive(Clone, Debug, PartialEq)]
pub struct Watch {
    pub(super) environment: Environment,
    pub(super) started: Moment,
    pub(super) settle: Duration,
    pub(super) rollout: Option<Rollout>,
    pub(super) front: Option<WatchedFront>,
    pub(super) status: Status,
    pub(super) events: VecDeque<Kept>,
    pub(super) course: Course,
    pub(super) phase: Phase,
    pub(super) lanes: Lanes,
    pub(super) live: LiveCourse,
    pub(super) groups_before: Vec<Key<TargetGroup>>,
    pub(super) versions: Versions,
    pub(super) minutes: Minutes,
    pub(super) early: Early,
    pub(super) causes: Causes,
    pub(super) instance_causes: Causes,
    /// What it changes, if the caller gave that.
    pub(super) told_kind: Option<UpdateKind>,
    /// The version that a rollback removes, if that is what the update is.
    pub(super) back_from: Option<Arc<str>>,
    /// From which version to which the update before it went.
    pub(super) previous: Option<(Arc<str>, Arc<str>)>,
    pub(super) verdict: Verdict,
}

impl Watch {
    /// Follows an update that began at `started`, or not long after. `requested`: the version, if
    /// that is known and it is no update of settings.
    #[must_use]
    pub fn begin(
        environment: &Environment,
        requested: Option<Arc<str>>,
        request_id: Option<Arc<str>>,
        started: Moment,
    ) -> Self {
        // While an update is under way, its health texts do not show the health before it.
        let health_before =
            (environment.status == EnvironmentStatus::Ready).then(|| environment.health_word()).flatten();
        Self {
            environment: environment.clone(),
            started,
            settle: SETTLE,
            rollout: None,
            front: None,
            status: Status { health_before, ..Status::default() },
            events: VecDeque::new(),
            course: Course::new(started, request_id),
            phase: Phase::new(PhaseStep::Waiting, started),
            lanes: Lanes::default(),
            live: LiveCourse::default(),
            groups_before: Vec::new(),
            versions: Versions::new(environment.version.clone(), requested),
            minutes: Minutes::default(),
            early: Early::default(),
            causes: Causes::default(),
            instance_causes: Causes::default(),
            told_kind: None,
            back_from: None,
            previous: None,
            verdict: Verdict::nothing(),
        }
    }

    /// Follows the update that is under way, from its beginning if the events show it; `None` if there is none.
    #[must_use]
    pub fn in_progress(environment: &Environment, inventory: &Inventory, now: Moment) -> Option<Self> {
        let is_updating = matches!(environment.status, EnvironmentStatus::Updating | EnvironmentStatus::Aborting);
        is_updating.then(|| {
            let recent = inventory.events.iter().take_while(|it| now.since(it.at) < LONGEST);
            let start = event::open_start(recent.filter(|it| it.environment.as_ref() == Some(&environment.name)));
            let request_id = start.and_then(|it| it.request_id.clone());
            Self::begin(environment, None, request_id, start.map_or(now, |it| it.at))
        })
    }

    /// Sets another time to settle.
    #[must_use]
    pub fn settling(mut self, settle: Duration) -> Self {
        self.settle = settle;
        self
    }

    /// As an update of settings, which leaves the version as it is.
    #[must_use]
    pub fn of_settings(mut self) -> Self {
        self.told_kind = Some(UpdateKind::Settings);
        self
    }

    /// As a rollback, which removes this version.
    #[must_use]
    pub fn rolling_back(mut self, from: Arc<str>) -> Self {
        self.back_from = Some(from);
        self
    }

    /// After another update that went from one version to another: if this one brings the former again, it rolls back.
    #[must_use]
    pub fn after(mut self, previous: Option<(Arc<str>, Arc<str>)>) -> Self {
        self.previous = previous;
        self
    }

    /// The version that it removes, if it is a rollback.
    #[must_use]
    pub fn removes(&self) -> Option<&str> {
        let brings_back = |it: &&(Arc<str>, Arc<str>)| self.versions.requested.as_ref() == Some(&it.0);
        let removed = || self.previous.as_ref().filter(brings_back).map(|(_, removed)| &**removed);
        self.back_from.as_deref().or_else(removed)
    }

    /// What it changes, as far as is known.
    #[must_use]
    pub fn kind(&self) -> UpdateKind {
        if let Some(kind) = self.told_kind {
            return kind;
        }
        let versions = &self.versions;
        let is_other = versions.requested.is_some() && versions.requested != versions.before;
        match self.course.kind {
            _ if versions.is_reported || is_other => UpdateKind::Deploy,
            // Events may mention only the settings, and the listing names another version in the end.
            UpdateKind::Unknown if versions.requested.is_some() => UpdateKind::Deploy,
            kind => kind,
        }
    }

    /// Describes what it changes: `v1 → v2`, `rollback v2 → v1`, `v1, settings`.
    #[must_use]
    pub fn headline(&self) -> String {
        let version = || self.versions.before.as_deref().unwrap_or("no version");
        match (self.kind(), self.removes(), &self.versions.requested) {
            (_, Some(from), Some(to)) => format!("rollback {from} → {to}"),
            (UpdateKind::Settings, ..) => format!("{}, update of settings", version()),
            (UpdateKind::Platform, ..) => format!("{}, update of the platform", version()),
            (UpdateKind::Unknown, ..) => format!("{}, update", version()),
            (UpdateKind::Deploy, ..) => self.versions.words(),
        }
    }

    /// Whose update it is.
    #[must_use]
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    /// When it began.
    #[must_use]
    pub fn started(&self) -> Moment {
        self.course.began.unwrap_or(self.started)
    }

    /// When it ended; its figures may still be to come.
    #[must_use]
    pub fn ended(&self) -> Option<Moment> {
        self.course.ended.or(self.status.ready).or(self.status.gone)
    }

    /// How long it took, or has taken so far.
    #[must_use]
    pub fn elapsed(&self, now: Moment) -> Duration {
        self.ended().unwrap_or(now).since(self.started())
    }

    /// How it is rolled out, once the settings were read.
    #[must_use]
    pub fn rollout(&self) -> Option<&Rollout> {
        self.rollout.as_ref()
    }

    /// Where it is.
    #[must_use]
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// Returns the course that follows from its events, with the beginning of each phase.
    #[must_use]
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// Its events, oldest first.
    #[must_use]
    pub fn events(&self) -> impl DoubleEndedIterator<Item = &EnvironmentEvent> {
        self.events.iter().map(|kept| &kept.event)
    }

    /// The life of each target.
    #[must_use]
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// What enhanced health showed.
    #[must_use]
    pub fn live(&self) -> &LiveCourse {
        &self.live
    }

    /// What runs where.
    #[must_use]
    pub fn versions(&self) -> &Versions {
        &self.versions
    }

    /// The figures, minute by minute, from ten minutes before.
    #[must_use]
    pub fn minutes(&self) -> &Minutes {
        &self.minutes
    }

    /// What is to be thought of it.
    #[must_use]
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Returns whether the load balancer is shared, so that its own errors may be another environment's.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.front.as_ref().is_some_and(|front| front.shared)
    }

    /// Whether the verdict is final, and nothing more is looked at.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.verdict.is_final
    }

    /// Applies what was read. Returns what happened since the last time, in order.
    pub fn observe(&mut self, snapshot: &Snapshot) -> Vec<Happened> {
        if self.is_over() {
            return Vec::new();
        }
        let mut happened = Vec::new();
        self.see_environment(snapshot);
        self.see_events(snapshot, &mut happened);
        self.see_front(snapshot);
        self.see_targets(snapshot, &mut happened);
        self.see_instances(snapshot);
        self.see_causes(snapshot);
        self.see_minutes(snapshot, &mut happened);
        self.see_phase(snapshot, &mut happened);
        self.decide(snapshot, &mut happened);
        happened
    }

    /// Enough was seen: the verdict stays as it is.
    pub fn stop(&mut self) {
        self.verdict.is_final = true;
    }

    /// Ends the watch because the caller waits no longer.
    pub fn time_out(&mut self, snapshot: &Snapshot) -> Vec<Happened> {
        let mut happened = self.observe(snapshot);
        if !self.is_over() {
            self.status.timed_out = true;
            self.decide(snapshot, &mut happened);
        }
        happened
    }
}
