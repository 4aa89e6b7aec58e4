//! What a confirmation is made on, and the lines that it is made of.

use crate::config::Role;
use crate::model::{Environment, Reliability, Snapshot};

/// A line and its role.
pub(super) type ConfirmLine = (String, Role);

/// On what a confirmation is made.
#[derive(Clone, Copy)]
pub struct ConfirmInputs<'a> {
    /// All that was read.
    pub snapshot: &'a Snapshot,
    /// Which of it can be relied on.
    pub reliability: &'a dyn Reliability,
    /// The environment.
    pub environment: &'a Environment,
    /// Whether it is a production one.
    pub production: bool,
    /// The options that name profile and region, for a command of the AWS CLI.
    pub place: &'a [(&'a str, &'a str)],
}
