//! Nothing was written, for what was seen is not what is live.

mod acting;

use crate::app::draft::Draft;
use crate::change::Difference;

/// A conflict, and what was to be written.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// What was to be written.
    pub draft: Draft,
    /// What differs.
    pub differences: Vec<Difference>,
}
