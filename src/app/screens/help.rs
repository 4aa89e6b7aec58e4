//! `?`: every action with its keys.

mod acting;

use crate::app::action::ACTIONS;
use crate::app::list::ListState;

/// The state of the help.
#[derive(Clone, Debug)]
pub struct Help {
    /// Its rows.
    pub rows: ListState,
}

impl Default for Help {
    fn default() -> Self {
        Self { rows: ListState::new(ACTIONS.len()) }
    }
}
