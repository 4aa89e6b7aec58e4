//! Probes of environments: what is under way, what was seen, and the screen that shows it.

mod acting;
mod runs;

pub use runs::{ProbeEnd, ProbeNews, ProbeRun, ProbeRuns};

use crate::app::list::ListState;
use crate::model::{Environment, Key};

/// The screen of an environment's probe.
#[derive(Clone, Debug)]
pub struct ProbeView {
    /// Of which environment.
    pub key: Key<Environment>,
    /// Its lines.
    pub rows: ListState,
}

impl ProbeView {
    /// The screen of an environment.
    #[must_use]
    pub fn new(key: Key<Environment>) -> Self {
        Self { key, rows: ListState::default() }
    }
}
