//! The write that is in progress, as the screen has it.

use crate::app::draft::Draft;
use crate::model::Moment;

/// A write that is under way.
#[derive(Clone, Debug)]
pub struct Writing {
    /// What, in a few words.
    pub what: String,
    /// Since when.
    pub since: Moment,
    /// What it was planned from, to come back to it.
    pub draft: Option<Draft>,
    /// Whether the user was warned that leaving now does not stop it.
    pub warned: bool,
}

impl Writing {
    /// A write that begins now.
    #[must_use]
    pub fn new(what: String, since: Moment) -> Self {
        Self { what, since, draft: None, warned: false }
    }
}
