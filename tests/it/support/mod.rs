//! What more than one test needs.

mod harness;
pub use harness::{Harness, Region};
