//! Parts that more than one pane is made of.

mod grid;

pub use grid::{Grid, RowLook};
