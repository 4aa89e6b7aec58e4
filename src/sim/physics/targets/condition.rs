//! What is in front of a target, and the states that it can be in.

use crate::sim::region::{Answers, HealthCheck, History, Instance, Settings, Side, TargetGroup};

/// How long registration itself takes, before health checks begin (milliseconds; an assumption).
pub(super) const REGISTRATION: i64 = 3_000;
/// How long a terminated instance stays in its target group (milliseconds; an assumption).
pub(super) const LINGERING: i64 = 60_000;

/// What is in force where no target group is.
static DEFAULT: History = History {
    first: Settings {
        check: HealthCheck {
            protocol: String::new(),
            port: String::new(),
            path: None,
            interval: 15_000,
            timeout: 5_000,
            healthy: 3,
            unhealthy: 5,
            matcher: None,
        },
        delay: 20_000,
        stickiness: None,
        well: Answers::Well,
        elsewhere: false,
    },
    later: Vec::new(),
};

/// What is in front of a pool: what decides about its targets, and on which side they are registered.
#[derive(Clone, Copy, Debug)]
pub struct Front<'a> {
    pub in_force: &'a History,
    pub side: Side,
    /// How many of the region's zones the load balancer has; none: all.
    pub zones: Option<usize>,
    /// The places of those that are registered at all; none: all.
    pub by_hand: Option<&'a [usize]>,
}

/// The placeholder where there is no target group.
pub const NO_FRONT: Front<'_> = Front { in_force: &DEFAULT, side: Side::Main, zones: None, by_hand: None };

impl Front<'_> {
    /// How long a target drains that was taken out at a time.
    pub fn delay(&self, time: i64) -> i64 {
        self.in_force.at(time).delay
    }

    /// Whether the load balancer has the zone of an instance.
    pub(super) fn reaches(&self, instance: &Instance) -> bool {
        self.zones.is_none_or(|zones| instance.zone < zones)
    }
}

impl<'a> From<&'a TargetGroup> for Front<'a> {
    fn from(group: &'a TargetGroup) -> Self {
        Self { in_force: &group.in_force, side: group.side(), zones: group.zones, by_hand: group.by_hand.as_deref() }
    }
}

/// A target's state, in the words of `DescribeTargetHealth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Healthy,
    Registering,
    Checking,
    Unhealthy(Answers),
    Draining,
    /// Registered, in a zone that the load balancer does not have.
    OutOfZone,
    /// The instance is shutting down.
    Terminated,
    /// Not registered at all.
    Absent,
}

/// A target at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    pub state: State,
    pub answers: Answers,
    /// When the state began, scenario time; none: before anything was written down.
    pub since: Option<i64>,
}

impl Condition {
    pub(super) const WELL: Self = Self { state: State::Healthy, answers: Answers::Well, since: None };

    pub(super) const fn new(state: State, since: i64) -> Self {
        Self { state, answers: Answers::Well, since: Some(since) }
    }

    pub fn registered(self) -> bool {
        self.state != State::Absent
    }
}
