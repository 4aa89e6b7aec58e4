//! An event of Beanstalk's about an environment.

/// An event of Beanstalk. Ordered by time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    pub severity: &'static str,
    pub message: String,
    pub request_id: Option<String>,
    /// The version that it names; most name none.
    pub version: Option<String>,
}

impl Event {
    pub fn new(at: i64, severity: &'static str, message: impl Into<String>) -> Self {
        Self { at, severity, message: message.into(), request_id: None, version: None }
    }
}
