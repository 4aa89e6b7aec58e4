//! Describes the result of a request over HTTPS; and what to do if it failed.

use std::sync::Arc;

/// An answer. That there is one proves the connection, and that the certificate is good for the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    /// The HTTP status.
    pub status: u16,
    /// The target of a redirect.
    pub location: Option<Arc<str>>,
}

/// Why there was none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeUnanswered {
    /// The load balancer's name is not known.
    Name(Arc<str>),
    /// No connection within this many seconds.
    Timeout(u64),
    /// The connection was refused.
    Refused,
    /// The certificate is not good for the name, or not trusted.
    Certificate(Arc<str>),
    /// Anything else.
    Other(Arc<str>),
}

impl Probed {
    /// Describes the result of a probe that requested this host and expected this certificate.
    #[must_use]
    pub fn words(&self, host: &str, certificate: &str) -> String {
        let leads = self.location.as_deref().map(|to| format!(" to {to}")).unwrap_or_default();
        let reported =
            format!("https://{host}/ answered {}{leads}; the certificate is good ({certificate})", self.status);
        match self.status {
            502..=504 => format!("{reported}; the load balancer has no target that answers"),
            500.. => format!("{reported}; that is a problem of the application itself"),
            _ => reported,
        }
    }
}

impl ProbeUnanswered {
    /// Describes what happened, and what to do.
    #[must_use]
    pub fn words(&self, host: &str) -> String {
        match self {
            Self::Name(why) => {
                format!("the load balancer's own name is not known here ({why}): look at the DNS of this machine")
            }
            Self::Timeout(seconds) => format!(
                "no connection within {seconds} s: the security groups do not let this machine in on 443, or nothing \
                 leads from here to the load balancer"
            ),
            Self::Refused => "the connection was refused: nothing listens on port 443".to_owned(),
            Self::Certificate(why) => {
                format!("the certificate is not good for {host} ({why}): take one that covers it, and is trusted")
            }
            Self::Other(why) => format!("it failed: {why}"),
        }
    }
}
