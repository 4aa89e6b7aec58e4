//! `C`: which columns the Fleet shows.

mod acting;

use super::fleet::COLUMNS;
use crate::app::list::ListState;

/// The state of the list of columns.
#[derive(Clone, Debug)]
pub struct ColumnPicker {
    /// Its rows.
    pub rows: ListState,
}

impl Default for ColumnPicker {
    fn default() -> Self {
        Self { rows: ListState::new(COLUMNS.len()) }
    }
}
