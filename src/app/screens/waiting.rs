//! Waits until everything is read that an intent is planned on.

mod acting;

use crate::app::draft::EditIntent;
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
