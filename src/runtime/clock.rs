//! The one clock, and it is AWS's: the time there, according to its answers. Before the first answer it is the
//! machine's, or in a simulation an epoch and tokio's elapsed time. Everything that AWS dates is compared with it, so
//! that a machine whose clock is wrong by minutes shows and judges the same as any other.
//!
//! The SDK signs by the machine's clock, and corrects that itself.

use std::time::SystemTime;

use jiff::Timestamp;
use tokio::time::Instant;

use crate::aws::{ServerClock, SharedTimeSource, TimeSource};
use crate::model::Moment;

/// Where the time comes from.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The system's wall clock.
    System,
    /// A start time, plus the time that tokio measured since: it does not move on a paused runtime.
    Simulated {
        /// The wall time at the beginning.
        epoch: Moment,
        /// The beginning.
        start: Instant,
        /// How it differs from the clock of the region.
        server: ServerClock,
    },
}

impl Clock {
    /// A simulated clock that begins now, at this wall time.
    #[must_use]
    pub fn simulated(epoch: Moment) -> Self {
        Self::Simulated { epoch, start: Instant::now(), server: ServerClock::of_its_own() }
    }

    /// The time at AWS.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.server().of(self.local())
    }

    /// The time of this machine, which may be wrong. It jumps only when it is set.
    #[must_use]
    pub fn local(&self) -> Moment {
        match self {
            Self::System => Moment(Timestamp::now()),
            Self::Simulated { epoch, start, .. } => epoch.plus(start.elapsed()),
        }
    }

    /// What the answers of a session correct it by.
    #[must_use]
    pub fn server(&self) -> ServerClock {
        match self {
            Self::System => ServerClock::of_process(),
            Self::Simulated { server, .. } => *server,
        }
    }

    /// The machine's clock, for the SDK's signatures.
    #[must_use]
    pub fn time_source(&self) -> SharedTimeSource {
        SharedTimeSource::new(*self)
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        self.local().0.into()
    }
}
