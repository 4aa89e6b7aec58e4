//! What happens in the region: every value a pure function of seed, entity and time.
//!
//! Nothing here remembers anything. Target states follow from a pool's episodes, health from the targets, events from
//! the changes of health, and metrics from the traffic over them.

pub mod alarms;
pub mod deploy;
pub mod events;
pub mod health;
mod load;
pub mod members;
pub mod metrics;
pub mod noise;
pub mod operation;
mod stickiness;
pub mod targets;
mod time;
pub mod traffic;
pub mod turnover;

pub use time::timestamp;

use super::region::Region;

/// The region at one instant.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    pub region: &'a Region,
    /// Milliseconds since the Unix epoch.
    pub now: i64,
}

impl View<'_> {
    /// Milliseconds of scenario time.
    pub fn time(&self) -> i64 {
        self.now - self.region.epoch
    }
}
