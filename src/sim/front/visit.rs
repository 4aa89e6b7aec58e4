//! What comes to a load balancer, and what becomes of it.

use std::time::Duration;

use crate::sim::wire::envelope::Written;

/// A certificate as a listener presents it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedNames {
    /// The names that it covers.
    pub names: Vec<String>,
    /// From when until when it is valid; milliseconds since the Unix epoch.
    pub valid: (i64, i64),
    /// Whether it covers the requested name.
    pub covers: bool,
}

/// A connection that a listener accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    pub(super) balancer: usize,
    pub(super) port: u16,
    /// The certificate, if the listener uses TLS.
    pub certificate: Option<PresentedNames>,
}

/// A request of a client.
#[derive(Clone, Debug, Default)]
pub struct ClientRequest {
    /// `GET` and its like.
    pub method: String,
    /// The path with its query.
    pub path: String,
    /// The `Host` header.
    pub host: String,
    /// The `Cookie` header.
    pub cookie: String,
    /// The `Origin` header.
    pub origin: Option<String>,
    /// The key of a WebSocket, if the request asks for one.
    pub websocket_key: Option<String>,
    /// Which request this is.
    pub number: u64,
}

/// What becomes of a request.
#[derive(Debug)]
pub enum Visit {
    /// It is answered, after this time.
    Answered(Duration, Written),
    /// The protocol is switched to a WebSocket's.
    Switched(OpenSocket),
}

/// A WebSocket that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSocket {
    /// The headers of the 101, but for those of the handshake itself.
    pub headers: Vec<(&'static str, String)>,
    /// What the application sends first.
    pub greeting: Option<String>,
    /// How often it sends a ping of its own protocol.
    pub pings: Option<Duration>,
    /// How long a quiet one lives.
    pub quiet: Duration,
}
