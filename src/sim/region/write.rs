//! A write that the region accepted: the request, and when.

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
    /// A restart of the application servers.
    Restart { request_id: String },
    /// Another instance in the place of this one, by its place in the pool.
    Replacement { instance: usize },
    /// The CNAME of another environment, by its place, in exchange for its own.
    Swap { other: usize, request_id: String },
    /// An end to the update that is in progress.
    Abort,
}

/// An update of options that was accepted. An option without a value is to be unset.
#[derive(Clone, Debug)]
pub struct Configure {
    pub at: i64,
    pub request_id: String,
    pub options: Vec<(String, String, Option<String>)>,
    /// Why it fails, in the refusing service's text.
    pub fails: Option<String>,
    /// When the scenario aborts it.
    pub aborted: Option<i64>,
    /// A managed update of the platform.
    pub managed: bool,
}
