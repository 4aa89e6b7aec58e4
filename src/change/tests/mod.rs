//! Plans, conflicts and undo on a state of things that a test writes down: no region, no wire.

mod danger;
mod facts;
mod field;
mod plan;
pub mod stage;
mod undo;
