//! Updates built by hand, from their first event to their verdict.

mod batches;
mod bounds;
mod cookies;
mod excuses;
mod failures;
mod harm;
mod health;
mod impact;
mod lanes;
mod last_words;
mod lines;
mod observing;
mod phases;
mod plans;
mod reports;
mod rollbacks;
mod stage;
mod texts;
mod trouble;
mod verdicts;
mod words;
