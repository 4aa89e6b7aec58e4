//! What more than one test needs.

#[macro_use]
mod scenario;

pub mod alarm;
mod between;
pub mod credentials;
pub mod deploy;
mod harness;
pub mod rollback;
pub mod scenarios;
#[cfg(unix)]
pub mod served;
pub mod somebody;
pub mod spy;
mod stage;
#[cfg(unix)]
pub mod terminal;
pub mod wire;

pub use between::{between, operation};
pub use harness::Harness;
pub use stage::{SCOPE, Stage};
