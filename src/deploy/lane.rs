//! A lane for each target: the states it went through, with their times. Bounded, however long it is looked at.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::model::{Key, Moment, Target, TargetGroup, TargetState};

/// The state of a target, as a lane shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LaneState {
    /// Being registered.
    Registering,
    /// Its first checks are running.
    Initial,
    /// Takes requests.
    Healthy,
    /// Failed its checks.
    Unhealthy,
    /// Takes no new requests, and finishes those under way.
    Draining,
    /// Registered, and takes no requests.
    Unused,
    /// The state is not known.
    Unknown,
    /// Not registered.
    Gone,
}

impl LaneState {
    /// The state that this target is in.
    #[must_use]
    pub fn of(target: &Target) -> Self {
        match (&target.state, target.reason.as_deref()) {
            (TargetState::Healthy, _) => Self::Healthy,
            (TargetState::Initial, Some("Elb.RegistrationInProgress")) => Self::Registering,
            (TargetState::Initial, _) => Self::Initial,
            (TargetState::Unhealthy, _) => Self::Unhealthy,
            (TargetState::Draining | TargetState::UnhealthyDraining, _) => Self::Draining,
            (TargetState::Unused, Some("Target.NotRegistered")) => Self::Gone,
            (TargetState::Unused, _) => Self::Unused,
            (TargetState::Unavailable | TargetState::Other(_), _) => Self::Unknown,
        }
    }

    /// The word of the screen and of the JSON lines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registering => "registering",
            Self::Initial => "initial",
            Self::Healthy => "healthy",
            Self::Unhealthy => "unhealthy",
            Self::Draining => "draining",
            Self::Unused => "unused",
            Self::Unknown => "unknown",
            Self::Gone => "gone",
        }
    }
}

/// A state that lasted from `from` until the next run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The state.
    pub state: LaneState,
    /// When we first saw it.
    pub from: Moment,
}

/// The life of one target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// The target group it is registered with.
    pub group: Key<TargetGroup>,
    /// An instance id, or an address.
    pub target: Arc<str>,
    /// The port.
    pub port: Option<i32>,
    /// Whether it was not there when the update began.
    pub is_new: bool,
    /// Whether earlier states were dropped.
    pub is_cut: bool,
    runs: VecDeque<Run>,
}

/// How many states are kept of a target.
const MOST_RUNS: usize = 64;
/// How many targets are kept.
const MOST_LANES: usize = 1000;

impl Lane {
    /// Its states, oldest first.
    #[must_use]
    pub fn runs(&self) -> impl DoubleEndedIterator<Item = &Run> {
        self.runs.iter()
    }

    /// The state it is in now.
    #[must_use]
    pub fn state(&self) -> LaneState {
        self.runs.back().map_or(LaneState::Unknown, |run| run.state)
    }

    /// Since when it is in its state.
    #[must_use]
    pub fn since(&self) -> Moment {
        self.runs.back().map_or(Moment::EPOCH, |run| run.from)
    }

    /// The state at an instant; `None` before we first looked.
    #[must_use]
    pub fn at(&self, at: Moment) -> Option<LaneState> {
        self.runs.iter().rev().find(|run| run.from <= at).map(|run| run.state)
    }

    /// Returns when it was first seen in this state at or after an instant.
    #[must_use]
    pub fn first(&self, state: LaneState, from: Moment) -> Option<Moment> {
        self.runs.iter().find(|run| run.state == state && run.from >= from).map(|run| run.from)
    }

    /// Whether it went to this state; a clock that was set back does not turn its life round.
    fn enter(&mut self, state: LaneState, at: Moment) -> Option<LaneState> {
        let from = self.state();
        if from == state && !self.runs.is_empty() {
            return None;
        }
        let at = self.runs.back().map_or(at, |run| run.from.max(at));
        self.runs.push_back(Run { state, from: at });
        if self.runs.len() > MOST_RUNS {
            self.runs.pop_front();
            self.is_cut = true;
        }
        Some(from)
    }
}

/// A target that went from one state to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetChange {
    /// Its group.
    pub group: Key<TargetGroup>,
    /// The target.
    pub target: Arc<str>,
    /// The state before; `None` if it was unknown.
    pub from: Option<LaneState>,
    /// The new state.
    pub to: LaneState,
    /// Why, in plain English.
    pub reason: Option<String>,
}

/// All lanes, in the order in which the targets came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    lanes: Vec<Lane>,
}

impl Lanes {
    /// The lanes, in the order in which the targets came.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Lane> {
        self.lanes.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lanes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lanes.is_empty()
    }

    /// Returns how many different targets there were when the update began.
    #[must_use]
    pub fn original(&self) -> usize {
        let mut targets: Vec<&str> = self.lanes.iter().filter(|lane| !lane.is_new).map(|lane| &*lane.target).collect();
        targets.sort_unstable();
        targets.dedup();
        targets.len()
    }

    /// Applies the targets of a group as they are at `at`; `is_first`: the group was unknown before.
    pub(super) fn observe(
        &mut self,
        group: &Key<TargetGroup>,
        targets: &[Target],
        at: Moment,
        is_first: bool,
    ) -> Vec<TargetChange> {
        let mut changes: Vec<_> =
            targets.iter().filter_map(|target| self.observe_one(group, target, at, is_first)).collect();
        let is_listed = |lane: &Lane| targets.iter().any(|it| it.id == lane.target && it.port == lane.port);
        for lane in self.lanes.iter_mut().filter(|lane| lane.group == *group) {
            if lane.state() != LaneState::Gone && !is_listed(lane) {
                let from = lane.enter(LaneState::Gone, at);
                changes.push(change(lane, from, None));
            }
        }
        self.forget();
        changes
    }

    fn observe_one(
        &mut self,
        group: &Key<TargetGroup>,
        target: &Target,
        at: Moment,
        is_first: bool,
    ) -> Option<TargetChange> {
        let state = LaneState::of(target);
        let is_it = |lane: &Lane| lane.group == *group && lane.target == target.id && lane.port == target.port;
        if let Some(lane) = self.lanes.iter_mut().find(|lane| is_it(lane)) {
            let from = lane.enter(state, at)?;
            return Some(change(lane, Some(from), target.reason_words()));
        }
        let mut lane = Lane {
            group: group.clone(),
            target: Arc::clone(&target.id),
            port: target.port,
            is_new: !is_first && !self.lanes.iter().any(|lane| lane.target == target.id && !lane.is_new),
            is_cut: false,
            runs: VecDeque::new(),
        };
        lane.enter(state, at);
        let reported = (!is_first).then(|| change(&lane, None, target.reason_words()));
        self.lanes.push(lane);
        reported
    }

    /// The targets that have been gone for longest make room.
    fn forget(&mut self) {
        while self.lanes.len() > MOST_LANES {
            let gone = |lane: &&Lane| lane.state() == LaneState::Gone;
            let oldest = self.lanes.iter().filter(gone).map(Lane::since).min();
            let place = self.lanes.iter().position(|lane| gone(&lane) && Some(lane.since()) == oldest);
            self.lanes.remove(place.unwrap_or(self.lanes.len() - 1));
        }
    }
}

fn change(lane: &Lane, from: Option<LaneState>, reason: Option<String>) -> TargetChange {
    let (group, target) = (lane.group.clone(), Arc::clone(&lane.target));
    TargetChange { group, target, from, to: lane.state(), reason }
}
