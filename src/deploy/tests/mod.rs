//! Updates told by hand, from their first event to their verdict.

mod bounds;
mod failures;
mod phases;
mod rollbacks;
mod stage;
mod texts;
mod trouble;
mod verdicts;
