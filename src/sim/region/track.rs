//! What deploys do to instances, step by step: written down once when a deploy is accepted, read at any instant.
//!
//! Times are milliseconds of scenario time.

use crate::sim::physics::events::Event;
use crate::sim::scenario::spec::VersionSpec;

/// A version as one deploy brings it to the instances.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Release {
    pub(in crate::sim) version: VersionSpec,
    /// The deployment's number, which grows with every attempt.
    pub(in crate::sim) deployment: u64,
}

/// Which target groups an instance is registered in: the environment's own, those of a traffic split, or those in which
/// someone registered it by hand, of which deploys know nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::sim) enum Side {
    #[default]
    Main,
    Twin,
    ByHand,
}

/// Something that happens to one instance in the course of a deploy. Releases are places in the pool's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Move {
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
pub(in crate::sim) struct Track(Vec<(i64, Move)>);

impl Track {
    /// Adds a move after those of the same time.
    pub(in crate::sim) fn add(&mut self, at: i64, what: Move) {
        let place = self.0.partition_point(|(other, _)| *other <= at);
        self.0.insert(place, (at, what));
    }

    pub(in crate::sim) fn keep(&mut self, wanted: impl Fn(i64, Move) -> bool) {
        self.0.retain(|(at, what)| wanted(*at, *what));
    }

    pub(in crate::sim) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::sim) fn all(&self) -> &[(i64, Move)] {
        &self.0
    }

    /// The moves up to a time, this included.
    pub(in crate::sim) fn until(&self, time: i64) -> &[(i64, Move)] {
        &self.0[..self.0.partition_point(|(at, _)| *at <= time)]
    }

    /// The latest move up to a time of which something is wanted, with its time.
    pub(in crate::sim) fn last<T>(&self, time: i64, pick: impl Fn(Move) -> Option<T>) -> Option<(i64, T)> {
        self.until(time).iter().rev().find_map(|(at, what)| Some((*at, pick(*what)?)))
    }

    /// Launched by a deploy, rather than there from the beginning.
    pub(in crate::sim) fn is_new(&self) -> bool {
        matches!(self.0.first(), Some((_, Move::Launched { .. })))
    }
}

/// An update that is to happen: written in the scenario, or asked for.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Order {
    pub(in crate::sim) at: i64,
    pub(in crate::sim) version: String,
    pub(in crate::sim) request_id: String,
    pub(in crate::sim) aborted: Option<i64>,
}

/// A temporary Auto Scaling group, while it exists.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Temporary {
    pub(in crate::sim) name: String,
    pub(in crate::sim) from: i64,
    pub(in crate::sim) until: i64,
    /// Its instances are registered in target groups of their own.
    pub(in crate::sim) split: bool,
}

/// A deploy from its beginning to its end, as it will be unless someone aborts it.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Deploy {
    pub(in crate::sim) begun: i64,
    pub(in crate::sim) ended: i64,
    pub(in crate::sim) aborted: Option<i64>,
    /// From here on it only cleans up.
    pub(in crate::sim) abortable_until: i64,
    pub(in crate::sim) succeeded: bool,
    pub(in crate::sim) release: usize,
    pub(in crate::sim) events: Vec<Event>,
    pub(in crate::sim) temporary: Option<Temporary>,
    /// From when on which share of the traffic goes to the twins of the target groups.
    pub(in crate::sim) shares: Vec<(i64, f64)>,
    /// Changes of health from its beginning until everything has settled.
    pub(in crate::sim) health: Vec<Event>,
    pub(in crate::sim) settled: i64,
    /// It changes options and no version.
    pub(in crate::sim) configures: bool,
}

/// Instances that come and go although nothing is deployed: one that was replaced, or a group of another size.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Turnover {
    pub(in crate::sim) begun: i64,
    pub(in crate::sim) settled: i64,
    pub(in crate::sim) events: Vec<Event>,
    /// Changes of health from its beginning until everything has settled.
    pub(in crate::sim) health: Vec<Event>,
}
