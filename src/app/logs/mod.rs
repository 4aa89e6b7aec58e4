//! The instances' logs as the user has them: what was asked for, what came, and the screen that shows it.
//!
//! The text is other people's and large, so it is bounded when it comes, and forgotten a minute after it came unless
//! someone looks at it.

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

/// What is informed of a request: while it is under way what came so far, then its end.
#[derive(Clone, Debug)]
pub struct LogsAnswer {
    /// Whose logs.
    pub environment: Key<Environment>,
    /// What came, or why no one could be asked.
    pub tails: Result<Tails, Arc<Fault>>,
    /// Whether this is its end.
    pub is_over: bool,
}

impl Logs {
    /// What is known of the logs of an environment.
    #[must_use]
    pub fn of(&self, environment: &Key<Environment>) -> Option<&Sample> {
        self.samples.get(environment)
    }

    /// Drops what is no longer looked at.
    fn forget(&mut self, shown: Option<&Key<Environment>>, now: Moment) {
        self.samples.retain(|key, sample| shown == Some(key) || sample.is_under_way(now) || sample.is_fresh(now));
    }

    /// Lays out what the screen shows, if it is open.
    fn show(&self, view: Option<&mut LogView>) {
        if let Some(view) = view {
            view.show(self.samples.get(&view.key));
        }
    }
}
