//! Why a write failed: AWS's fault where a call of AWS's failed, and what it is where none did.

use std::borrow::Cow;
use std::sync::Arc;

use super::writes::ApiWrite;
use crate::model::{Fault, FaultKind, ReadError, Service, api_reads, failed_call};

/// Why a write failed, or why its outcome is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OperationError {
    /// A call of AWS's failed.
    Aws(Arc<Fault>),
    /// What the write depends on could not be read.
    Precondition {
        /// Why.
        error: ReadError,
        /// What is not proven without it.
        unproven: Arc<str>,
    },
    /// Nothing of a call was to be seen afterwards whose answer was lost for this reason.
    NothingSeen(Box<OperationError>),
    /// A request over HTTPS, as a client sends it, failed; the reason.
    Probe(Arc<str>),
    /// The program that sent this call ended before an answer came.
    GaveUp(Option<&'static ApiWrite>),
    /// An update has ended since this call was sent, and nothing of the call is left.
    Overtaken(Option<&'static ApiWrite>),
    /// What is in S3 is not what was sent; in a sentence.
    OtherBundle(Arc<str>),
    /// AWS answered, and a part of the environment was missing in its answers.
    Vanished,
}

impl From<Arc<Fault>> for OperationError {
    fn from(fault: Arc<Fault>) -> Self {
        Self::Aws(fault)
    }
}

impl OperationError {
    /// The call of AWS's that failed, if it is for that.
    #[must_use]
    pub fn fault(&self) -> Option<&Arc<Fault>> {
        match self {
            Self::Aws(fault) => Some(fault),
            Self::Precondition { error, .. } => error.fault(),
            Self::NothingSeen(lost) => lost.fault(),
            Self::Probe(_) | Self::OtherBundle(_) | Self::GaveUp(_) | Self::Overtaken(_) | Self::Vanished => None,
        }
    }

    /// The kind that the JSON answers and the exit status go by.
    #[must_use]
    pub fn kind(&self) -> FaultKind {
        match (self.fault(), self) {
            (Some(fault), _) => fault.kind,
            (None, Self::Precondition { error, .. }) => error.kind(),
            (None, Self::Vanished) => FaultKind::NotFound,
            (None, _) => FaultKind::Other,
        }
    }

    /// Whether the same may succeed later without anything being changed.
    #[must_use]
    pub fn passes(&self) -> bool {
        match self {
            Self::Aws(fault) => fault.passes(),
            Self::Precondition { error, .. } => error.kind().passes(),
            Self::NothingSeen(_) => true,
            Self::Probe(_) | Self::OtherBundle(_) | Self::GaveUp(_) | Self::Overtaken(_) | Self::Vanished => false,
        }
    }

    /// The operation, as AWS spells it; `HTTPS` for a request that is no operation of AWS's.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Aws(fault) => fault.operation,
            Self::Precondition { error, .. } => error.operation(),
            Self::NothingSeen(lost) => lost.operation(),
            Self::Probe(_) => "HTTPS",
            Self::OtherBundle(_) => api_reads::HEAD_OBJECT.operation,
            Self::GaveUp(call) | Self::Overtaken(call) => call.map_or("", |call| call.operation),
            Self::Vanished => api_reads::DESCRIBE_ENVIRONMENT_RESOURCES.operation,
        }
    }

    fn service(&self) -> Service {
        match self {
            Self::Aws(fault) => fault.service,
            Self::Precondition { error, .. } => error.service(),
            Self::NothingSeen(lost) => lost.service(),
            Self::Probe(_) => Service::Elb,
            Self::OtherBundle(_) => api_reads::HEAD_OBJECT.service,
            Self::GaveUp(call) | Self::Overtaken(call) => call.map_or(Service::Beanstalk, |call| call.service),
            Self::Vanished => api_reads::DESCRIBE_ENVIRONMENT_RESOURCES.service,
        }
    }

    /// The id of the request that failed, to quote to AWS's support.
    #[must_use]
    pub fn request_id(&self) -> Option<&Arc<str>> {
        self.fault()?.request_id.as_ref()
    }

    /// The whole message, without the call.
    #[must_use]
    pub fn message(&self) -> Cow<'_, str> {
        match self {
            Self::Aws(fault) => Cow::Borrowed(&fault.message),
            Self::Precondition { error, unproven } => format!("{}; {unproven}", error.message()).into(),
            Self::NothingSeen(lost) => {
                format!("{}; looked for afterwards, nothing of it was to be seen", lost.message()).into()
            }
            Self::Probe(words) | Self::OtherBundle(words) => Cow::Borrowed(words),
            Self::GaveUp(_) => "the program ended before an answer came".into(),
            Self::Overtaken(_) => {
                "an update of the environment has ended since, and the options are as before: either \
                                   Beanstalk rolled this one back, or another client's ran in its place"
                    .into()
            }
            Self::Vanished => "a part of the environment vanished while it was looked at".into(),
        }
    }

    /// Returns what failed, in a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let message = self.message();
        match (self.fault(), self) {
            (Some(fault), _) => fault.sentence_with(&message),
            (None, Self::Precondition { error, .. }) => error.sentence_with(&message),
            // What is of no operation is a sentence already.
            (None, _) => failed_call(self.service(), self.operation(), self.kind(), &message),
        }
    }
}
