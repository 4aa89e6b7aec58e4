//! `s`: which column the Fleet is sorted by.

mod acting;

use super::fleet::{COLUMNS, Column};
use crate::app::list::ListState;

/// The state of the list of columns to sort by.
#[derive(Clone, Debug)]
pub struct SortPicker {
    /// Its rows.
    pub rows: ListState,
}

impl SortPicker {
    /// The list, with the present column selected.
    #[must_use]
    pub fn new(column: Column) -> Self {
        let mut rows = ListState::new(COLUMNS.len());
        rows.select(COLUMNS.iter().position(|facts| facts.column == column).unwrap_or(0));
        Self { rows }
    }
}
