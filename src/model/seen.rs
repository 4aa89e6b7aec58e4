//! Since when a target is in its state, as far as we saw it.

use super::Moment;

/// Since when a target is in its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When we first saw it so.
    pub at: Moment,
    /// Whether we saw it change; else it was so already when we first looked, and may have been for long.
    pub exact: bool,
}
