//! A refusal: AWS's error in place of an answer. The code is the query protocols' spelling of it.
//!
//! The form of a refusal on the wire depends on the protocol and is `envelope`'s business.

use std::borrow::Cow;

/// An error answer of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The code, `TargetGroupNotFound` (without the `Exception` that the SDKs' types carry).
    pub code: Cow<'static, str>,
    /// The text for people.
    pub message: String,
}

impl Refusal {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code: Cow::Borrowed(code), message: message.into() }
    }

    /// HTTP 400, which is nearly every refusal of the query protocols.
    pub fn bad_request(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }

    /// The request does not satisfy the service's model.
    pub fn validation(message: impl Into<String>) -> Self {
        Self::bad_request("ValidationError", message)
    }

    /// A value that the service does not take.
    pub fn parameter(message: impl Into<String>) -> Self {
        Self::bad_request("InvalidParameterValue", message)
    }
}
