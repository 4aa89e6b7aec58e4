//! Updates told by hand, from their first event to their verdict.

mod aftermath;
mod batches;
mod bounds;
mod cookies;
mod excuses;
mod failures;
mod health;
mod lanes;
mod last_words;
mod lines;
mod observing;
mod phases;
mod reports;
mod rollbacks;
mod stage;
mod texts;
mod trouble;
mod verdicts;
mod words;
