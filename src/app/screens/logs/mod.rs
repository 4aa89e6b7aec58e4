//! The state of the instances' logs: what was requested, what arrived, and the screen that shows it.
//!
//! The text is not ours and large, so it is bounded on arrival, and dropped after a minute unless its screen is open.

mod acting;
mod asking;
mod page;
mod sample;
mod view;

use std::sync::Arc;

pub use page::{LogPage, LogRow, TextMatch};
pub use sample::Sample;
pub use view::{LogView, Search};

use crate::model::{Environment, Fault, Key, Map, Moment, Tails};

/// All logs that are kept, and the screen that shows those of one environment.
#[derive(Clone, Debug, Default)]
pub struct Logs {
    samples: Map<Key<Environment>, Sample>,
}

/// The state of a request: what arrived so far while it is under way, then its end.
#[derive(Clone, Debug)]
pub struct LogsAnswer {
    /// Whose logs.
    pub environment: Key<Environment>,
    /// What arrived, or why no instance could be asked.
    pub tails: Result<Tails, Arc<Fault>>,
    /// Whether this is its end.
    pub is_over: bool,
}

impl Logs {
    /// Returns the logs of an environment.
    #[must_use]
    pub fn of(&self, environment: &Key<Environment>) -> Option<&Sample> {
        self.samples.get(environment)
    }

    /// Drops what is no longer looked at.
    fn forget(&mut self, shown: Option<&Key<Environment>>, now: Moment) {
        self.samples.retain(|key, sample| shown == Some(key) || sample.is_under_way(now) || sample.is_fresh(now));
    }

    /// Returns the logs of an environment, unless they are too old to be shown without a new request.
    fn kept(&self, environment: &Key<Environment>, now: Moment) -> Option<&Sample> {
        self.of(environment).filter(|sample| sample.is_under_way(now) || sample.is_fresh(now))
    }
}
