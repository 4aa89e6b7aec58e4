//! What deploys do to instances, step by step: written down once when a deploy is accepted, read at any instant.
//!
//! Times are milliseconds of scenario time.

use super::event::Event;
use crate::sim::scenario::spec::VersionSpec;

/// A version as one deploy brings it to the instances.
#[derive(Clone, Debug, Default)]
pub struct Release {
    pub version: VersionSpec,
    /// The deployment's number, which grows with every attempt.
    pub deployment: u64,
}

/// The target groups in which an instance is registered: the environment's own, those of a traffic split, or those in which
/// it was registered by hand, which deployments do not change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Main,
    Twin,
    ByHand,
}

/// Something that happens to one instance in the course of a deploy. Releases are places in the pool's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The instance is launched, into the temporary Auto Scaling group or into the permanent one.
    Launched {
        temporary: bool,
    },
    /// It is moved to the permanent group.
    Attached,
    Registered(Side),
    Deregistered(Side),
    /// The deploy command begins.
    Started(usize),
    /// The application ends, to be replaced.
    Stopped,
    /// The application of a release answers.
    Runs(usize),
    Finished {
        release: usize,
        well: bool,
    },
    /// The deploy lets go of the instance.
    Done,
    /// The Auto Scaling group is about to terminate it.
    Leaves,
    Terminated,
}

/// The moves of an instance, in their order.
#[derive(Clone, Debug, Default)]
pub struct Track(Vec<(i64, Move)>);

impl Track {
    /// Adds a move after those of the same time.
    pub fn add(&mut self, at: i64, what: Move) {
        let place = self.0.partition_point(|(other, _)| *other <= at);
        self.0.insert(place, (at, what));
    }

    pub fn keep(&mut self, wanted: impl Fn(i64, Move) -> bool) {
        self.0.retain(|(at, what)| wanted(*at, *what));
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn all(&self) -> &[(i64, Move)] {
        &self.0
    }

    /// The moves up to a time, this included.
    pub fn until(&self, time: i64) -> &[(i64, Move)] {
        &self.0[..self.0.partition_point(|(at, _)| *at <= time)]
    }

    /// The latest move up to a time of which something is wanted, with its time.
    pub fn last<T>(&self, time: i64, pick: impl Fn(Move) -> Option<T>) -> Option<(i64, T)> {
        self.until(time).iter().rev().find_map(|(at, what)| Some((*at, pick(*what)?)))
    }

    /// Launched by a deploy, rather than there from the beginning.
    pub fn is_new(&self) -> bool {
        matches!(self.0.first(), Some((_, Move::Launched { .. })))
    }
}

/// An update that is to happen: from the scenario, or requested.
#[derive(Clone, Debug)]
pub struct Order {
    pub at: i64,
    pub version: String,
    pub request_id: String,
    pub aborted: Option<i64>,
}

/// A temporary Auto Scaling group, while it exists.
#[derive(Clone, Debug)]
pub struct Temporary {
    pub name: String,
    pub from: i64,
    pub until: i64,
    /// Its instances are registered in target groups of their own.
    pub split: bool,
}

/// A deployment from its beginning to its end, as it will be unless it is aborted.
#[derive(Clone, Debug)]
pub struct Deploy {
    pub begun: i64,
    pub ended: i64,
    pub aborted: Option<i64>,
    /// From here on it only cleans up.
    pub abortable_until: i64,
    pub succeeded: bool,
    pub release: usize,
    pub events: Vec<Event>,
    pub temporary: Option<Temporary>,
    /// From when on which share of the traffic goes to the twins of the target groups.
    pub shares: Vec<(i64, f64)>,
    /// Changes of health from its beginning until everything has settled.
    pub health: Vec<Event>,
    pub settled: i64,
    /// It changes options and no version.
    pub configures: bool,
}

/// Instances that come and go although nothing is deployed: one that was replaced, or a group of another size.
#[derive(Clone, Debug)]
pub struct Turnover {
    pub begun: i64,
    pub settled: i64,
    pub events: Vec<Event>,
    /// Changes of health from its beginning until everything has settled.
    pub health: Vec<Event>,
}
