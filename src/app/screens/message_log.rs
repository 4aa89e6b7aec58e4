//! `!`: the log of notices and faults, newest first.

mod acting;

use crate::app::list::ListState;

/// The state of the log on screen.
#[derive(Clone, Debug)]
pub struct MessageLog {
    /// Its rows.
    pub rows: ListState,
}

impl MessageLog {
    /// A log of so many entries.
    #[must_use]
    pub fn new(length: usize) -> Self {
        Self { rows: ListState::new(length) }
    }
}
