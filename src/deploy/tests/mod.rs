//! Updates told by hand, from their first event to their verdict.

mod aftermath;
mod batches;
mod bounds;
mod lanes;
mod last_words;
mod lines;
mod phases;
mod stage;
mod trouble;
mod verdicts;
