//! Why a value cannot be relied on: one that is old, or was never read, is never shown as good.

use super::{FaultKind, Moment, Service, Source};

/// Decides which values can be relied on at a moment: what was read may be old, and what was not read is unknown.
pub trait Reliability {
    /// The moment.
    fn now(&self) -> Moment;

    /// Returns why the value of a source cannot be relied on; `None` if it can. A listing can if it came to its end.
    fn doubt(&self, source: &Source) -> Option<Doubt>;

    /// Returns why an entry of a listing cannot be relied on that the last answer had, perhaps without coming to its end.
    fn doubt_of_entry(&self, source: &Source) -> Option<Doubt>;

    /// Returns whether a source was read so recently that its value is still usable, whatever happened to later reads.
    fn is_recent(&self, source: &Source) -> bool;
}

/// Why a value cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The service that should have answered.
    pub service: Service,
    /// What is wrong with the value.
    pub cause: DoubtCause,
    /// When the value was read, if it was.
    pub read_at: Option<Moment>,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoubtCause {
    /// The last read failed.
    Failed(FaultKind),
    /// No read failed, but the last one that succeeded was too long ago.
    Stale,
    /// Nothing proves that it belongs to the environment.
    Unproven,
    /// The service answers, and has no data itself.
    NoData,
    /// It was not read yet.
    Unread,
}

impl Doubt {
    /// Returns the reason in two or three words, for a list of reasons: `ELB denied`.
    #[must_use]
    pub fn reason(&self) -> String {
        match self.cause {
            DoubtCause::Failed(FaultKind::Expired) => "credentials expired".into(),
            DoubtCause::Failed(kind) => format!("{} {}", self.service.title(), kind.condition()),
            DoubtCause::Stale => format!("{} stale", self.service.title()),
            DoubtCause::Unproven => "target groups not proven".into(),
            DoubtCause::NoData => "no health data".into(),
            DoubtCause::Unread => "not read yet".into(),
        }
    }

    /// How much it weighs beside another doubt about the same thing: a failure explains more than an age.
    #[must_use]
    pub fn weight(&self) -> u8 {
        match self.cause {
            DoubtCause::Failed(_) => 4,
            DoubtCause::Stale => 3,
            DoubtCause::Unproven => 2,
            DoubtCause::NoData => 1,
            DoubtCause::Unread => 0,
        }
    }
}
