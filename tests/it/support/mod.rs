//! What more than one test needs.

pub mod deploy;
mod harness;
#[cfg(unix)]
pub mod served;
#[cfg(unix)]
pub mod terminal;

pub use harness::{Harness, Region};
