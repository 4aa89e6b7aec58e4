//! The caller of a write, as AWS names it.

use std::sync::Arc;

/// The caller of a write, as far as AWS returns it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    /// The ARN of the caller.
    pub arn: Option<Arc<str>>,
    /// The caller's account.
    pub account: Option<Arc<str>>,
}
