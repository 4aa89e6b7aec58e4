//! The one clock: the system's in production, an epoch and tokio's elapsed time where the region is simulated. The SDK
//! and the simulated world take their time from it too.

use std::time::SystemTime;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::aws::{SharedTimeSource, TimeSource};
use crate::model::Moment;

/// Where the time comes from.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The system's wall clock.
    System,
    /// A beginning, and what tokio says has passed since: it stands still on a paused runtime.
    Simulated {
        /// The wall time at the beginning.
        epoch: Moment,
        /// The beginning.
        start: Instant,
    },
}

impl Clock {
    /// A simulated clock that begins now, at this wall time.
    #[must_use]
    pub fn simulated(epoch: Moment) -> Self {
        Self::Simulated { epoch, start: Instant::now() }
    }

    /// The wall time.
    #[must_use]
    pub fn now(&self) -> Moment {
        match self {
            Self::System => Moment(Timestamp::now()),
            Self::Simulated { epoch, start } => epoch.plus(start.elapsed()),
        }
    }

    /// The clock for the SDK's signatures.
    #[must_use]
    pub fn time_source(&self) -> SharedTimeSource {
        SharedTimeSource::new(*self)
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        Self::now(self).0.into()
    }
}
