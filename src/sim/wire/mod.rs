//! What crosses the wire: a request as bytes came in, a response as bytes go out, and the formats in between.
//!
//! The types are plain (no hyper, no Smithy), so that the world answers the same to a socket and to an SDK in process.

pub mod cbor;
pub mod document;
pub mod envelope;
pub mod form;
pub mod object;
pub mod paging;
pub mod refusal;
pub mod xml;

use std::time::Duration;

/// An HTTP request, as far as AWS's protocols look at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `POST`, as every SDK sends it; `GET` with the parameters in the query string is understood too.
    pub method: String,
    /// The path, with the query string if there is one.
    pub path: String,
    /// Names in any case; the first of equal names counts.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header, whose name is compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// An HTTP response, with the faults that it meets on the way to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers in the order in which they are sent, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, whole.
    pub body: Vec<u8>,
    /// How long the answer takes; the transport sleeps, the world never does.
    pub delay: Duration,
    /// The answer never arrives, or not whole.
    pub fault: Option<TransportFault>,
}

impl Response {
    /// The value of a header, whose name is compared without regard to case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// How a connection fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransportFault {
    /// No answer ever comes: the client's own timeout has to end it.
    Timeout,
    /// The connection is refused.
    ConnectionRefused,
    /// The connection is reset before there is an answer.
    ConnectionReset,
    /// The connection ends when half of the body has been sent: status and headers have arrived by then.
    CutShort,
}
