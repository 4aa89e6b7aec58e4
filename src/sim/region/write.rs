//! A write that the region accepted: what was asked for, and when.

use super::configuring::Configure;

/// A write that was accepted; scenario time.
#[derive(Clone, Debug)]
pub struct Write {
    pub at: i64,
    /// The environment's place.
    pub environment: usize,
    pub what: Wanted,
}

/// What a write wants.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// This version on all instances.
    Version { label: String, request_id: String },
    /// These options.
    Options(Configure),
    /// The application servers started again.
    Restart { request_id: String },
    /// Another instance in the place of this one, by its place in the pool.
    Replacement { instance: usize },
    /// An end to the update that is in progress.
    Abort,
}
