//! Plans, conflicts and undo on a state of things that a test writes down: no region, no wire.

mod danger;
mod plan;
mod stage;
mod undo;
