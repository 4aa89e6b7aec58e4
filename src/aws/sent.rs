//! How a request that changes something ended.

use std::sync::Arc;

use crate::model::Fault;

/// How a request that changes something ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// AWS took it.
    Accepted {
        /// By which its events are found.
        request_id: Option<Arc<str>>,
        /// The id or ARN of what it created, if it creates something.
        made: Option<Arc<str>>,
    },
    /// AWS did not take it.
    Refused(Arc<Fault>),
    /// It was sent, and whether AWS took it is not known.
    Lost(Arc<Fault>),
}
