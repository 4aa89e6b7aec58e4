//! What happens in the region: every value a pure function of seed, entity and time.
//!
//! Nothing here remembers anything. Target states follow from a pool's episodes, health from the targets, events from
//! the changes of health, and metrics from the traffic over them.

pub(in crate::sim) mod deploy;
pub(in crate::sim) mod events;
pub(in crate::sim) mod health;
mod load;
pub(in crate::sim) mod members;
pub(in crate::sim) mod metrics;
pub(in crate::sim) mod noise;
pub(in crate::sim) mod operation;
mod stickiness;
pub(in crate::sim) mod targets;
pub(in crate::sim) mod traffic;
pub(in crate::sim) mod turnover;

use super::region::Region;
use jiff::Timestamp;

/// The region at one instant.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct View<'a> {
    pub(in crate::sim) region: &'a Region,
    /// Milliseconds since the Unix epoch.
    pub(in crate::sim) now: i64,
}

impl View<'_> {
    /// Milliseconds of scenario time.
    pub(in crate::sim) fn time(&self) -> i64 {
        self.now - self.region.epoch
    }
}

/// A time for the wire; what no calendar holds becomes the Unix epoch.
pub(in crate::sim) fn timestamp(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}
