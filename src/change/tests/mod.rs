//! Plans, conflicts and undo on a state of things that a test writes down: no region, no wire.

mod danger;
mod facts;
mod field;
mod limits;
mod plan;
mod processes;
mod proofs;
pub mod stage;
mod undo;
mod words;
