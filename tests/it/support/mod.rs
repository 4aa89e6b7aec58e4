//! What more than one test needs.

#[macro_use]
mod scenario;

pub mod broken;
pub mod deploy;
mod harness;
pub mod scenarios;
#[cfg(unix)]
pub mod served;
pub mod somebody;
pub mod spy;
#[cfg(unix)]
pub mod terminal;
pub mod wire;

pub use harness::{Harness, Region};
