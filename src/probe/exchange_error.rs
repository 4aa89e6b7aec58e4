//! Why a request got no answer, or not a whole one.

use std::fmt;

/// Why a request got no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeError {
    /// It was not sent, or not answered so far.
    Unsent,
    /// The name has no address.
    Name {
        /// The name.
        name: String,
        /// The resolver's reason.
        reason: String,
    },
    /// Nothing listens.
    Refused,
    /// No connection within so many seconds.
    ConnectTimeout(u64),
    /// The network failed before there was a connection.
    Network(String),
    /// The TLS handshake failed.
    Tls(String),
    /// The TLS handshake did not end within so many seconds.
    TlsTimeout(u64),
    /// The connection was closed before an answer.
    Closed,
    /// The answer did not begin within so many seconds.
    NoAnswer(u64),
    /// What came is not HTTP.
    NotHttp(String),
    /// The head of the answer is larger than any client would take.
    HeadTooLarge,
    /// Anything else.
    Other(String),
}

impl ExchangeError {
    /// Returns whether there was no connection at all, so that nothing is known of what answers.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        matches!(self, Self::Name { .. } | Self::Refused | Self::ConnectTimeout(_) | Self::Network(_))
    }

    /// Returns what to look at.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Unsent => "wait for the answer",
            Self::Name { .. } => "check the DNS of this machine, or connect to an address with --connect-to",
            Self::Refused => "nothing listens on this port: check the listeners",
            Self::ConnectTimeout(_) | Self::Network(_) => {
                "check the load balancer's security groups and network ACLs, and the network of this machine"
            }
            Self::Tls(_) | Self::TlsTimeout(_) => "check the listener's certificate and its security policy",
            Self::Closed | Self::NoAnswer(_) => "check the targets' health and the application's log",
            Self::NotHttp(_) | Self::HeadTooLarge | Self::Other(_) => "check what listens there",
        }
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsent => formatter.write_str("no answer so far"),
            Self::Name { name, reason } => write!(formatter, "{name} has no address here ({reason})"),
            Self::Refused => formatter.write_str("the connection was refused"),
            Self::ConnectTimeout(seconds) => write!(formatter, "no connection within {seconds} s"),
            Self::Network(reason) => write!(formatter, "no connection: {reason}"),
            Self::Tls(reason) => write!(formatter, "the TLS handshake failed: {reason}"),
            Self::TlsTimeout(seconds) => write!(formatter, "the TLS handshake did not end within {seconds} s"),
            Self::Closed => formatter.write_str("the connection was closed without an answer"),
            Self::NoAnswer(seconds) => write!(formatter, "connected, but no answer within {seconds} s"),
            Self::NotHttp(reason) => write!(formatter, "what answers does not speak HTTP/1.1 ({reason})"),
            Self::HeadTooLarge => formatter.write_str("the headers of the answer are too large to be read"),
            Self::Other(reason) => write!(formatter, "the request failed: {reason}"),
        }
    }
}

impl std::error::Error for ExchangeError {}
