//! What waits for readings, and what a conflict leaves to decide.

use crate::app::settings::{Draft, EditIntent};
use crate::change::Difference;
use crate::model::{Environment, Key};

/// A wish that waits until all is read that it is planned on.
#[derive(Clone, Debug)]
pub struct PendingIntent {
    /// The environment.
    pub environment: Key<Environment>,
    /// What it is about.
    pub title: String,
    /// The intent.
    pub wish: EditIntent,
}

/// Nothing was written, for what was seen is not what is live.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// What was to be written.
    pub draft: Draft,
    /// What differs.
    pub differences: Vec<Difference>,
}
