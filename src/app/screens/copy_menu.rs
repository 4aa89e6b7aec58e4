//! `Y`: what can be copied of the environment at hand, the ARN of its load balancer first.

mod acting;

use crate::app::list::ListState;

/// Something to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyItem {
    /// The letter that copies it.
    pub letter: char,
    /// What it is.
    pub name: &'static str,
    /// The text.
    pub text: String,
}

/// The menu's state.
#[derive(Clone, Debug)]
pub struct CopyMenu {
    /// What there is, in the order in which it is shown.
    pub items: Vec<CopyItem>,
    /// The same as a list.
    pub rows: ListState,
}

impl CopyMenu {
    /// A menu of these.
    #[must_use]
    pub fn new(items: Vec<CopyItem>) -> Self {
        Self { rows: ListState::new(items.len()), items }
    }
}
