//! Updates told by hand, from their first event to their verdict.

mod bounds;
mod excuses;
mod failures;
mod health;
mod phases;
mod rollbacks;
mod stage;
mod texts;
mod trouble;
mod verdicts;
