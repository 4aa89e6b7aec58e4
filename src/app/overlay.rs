//! A list over the screen: help, log, columns, sorting.

use super::list::ListState;

/// The lists that can be on top of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Keys and what they do.
    Help,
    /// The log of notices and faults.
    Log,
    /// Which columns are shown.
    Columns,
    /// Which column is sorted by.
    Sort,
}

/// A list over the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List {
    /// Which.
    pub overlay: Overlay,
    /// Its rows.
    pub rows: ListState,
}
