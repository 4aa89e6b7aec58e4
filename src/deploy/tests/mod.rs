//! Updates told by hand, from their first event to their verdict.

mod bounds;
mod last_words;
mod phases;
mod stage;
mod trouble;
mod verdicts;
