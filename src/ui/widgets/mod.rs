//! Parts that more than one pane is made of.

pub mod chart;
mod grid;
pub mod sparkline;

pub use grid::{Grid, RowLook};
