//! What a user is asked before something is written: which version, and whether really.
//!
//! No key writes by itself: every write passes through a [`Confirm`], whose default is Cancel.

mod confirm;
mod day_two;
mod picker;

pub use confirm::{Button, Confirm, Ground, Intent};
pub use picker::Picker;

/// What is asked.
#[derive(Clone, Debug)]
pub enum Dialog {
    /// Which application version to deploy.
    Versions(Picker),
    /// Whether to write this.
    Confirm(Box<Confirm>),
}
