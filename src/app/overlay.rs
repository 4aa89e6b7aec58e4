//! A list over the screen: help, log, columns, sorting.

use super::list::ListState;

/// Which list lies over the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Keys and what they do.
    Help,
    /// What went wrong.
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
