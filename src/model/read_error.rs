//! Why something could not be read: AWS's fault where a call of AWS's failed, and what it is where none did.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use super::api_reads::ApiRead;
use super::fault::{Fault, FaultKind, failed_call};
use super::service::Service;

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    /// A call of AWS's failed.
    Aws(Arc<Fault>),
    /// AWS did not answer this, for this reason.
    Unanswered(&'static ApiRead, Unanswered),
}

/// Why AWS did not answer something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unanswered {
    /// It is not requested any more, because other calls to the service fail so.
    GivenUp(Arc<Fault>),
    /// The call was sent, and neither it nor any other was answered for so long.
    Silence(Duration),
    /// The call was not sent, because no call was answered for so long.
    NotRequested(Duration),
    /// The call was not sent, because the service throttled us and the budget ran out for so long.
    OverBudget(Duration),
    /// It did not come within the time that the command gives it.
    TooLate(Duration),
    /// The instance of this id handed in no logs.
    NoLogs(Arc<str>),
}

impl From<Arc<Fault>> for ReadError {
    fn from(fault: Arc<Fault>) -> Self {
        Self::Aws(fault)
    }
}

impl ReadError {
    /// The call of AWS's that failed, if it is for that.
    #[must_use]
    pub fn fault(&self) -> Option<&Arc<Fault>> {
        match self {
            Self::Aws(fault) => Some(fault),
            Self::Unanswered(..) => None,
        }
    }

    /// The kind that the JSON answers and the exit status go by.
    #[must_use]
    pub fn kind(&self) -> FaultKind {
        match self {
            Self::Aws(fault) | Self::Unanswered(_, Unanswered::GivenUp(fault)) => fault.kind,
            Self::Unanswered(_, Unanswered::OverBudget(_)) => FaultKind::Throttled,
            Self::Unanswered(_, Unanswered::NoLogs(_)) => FaultKind::Other,
            Self::Unanswered(..) => FaultKind::Network,
        }
    }

    /// The operation, as AWS spells it.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Aws(fault) => fault.operation,
            Self::Unanswered(read, _) => read.operation,
        }
    }

    /// The service.
    #[must_use]
    pub fn service(&self) -> Service {
        match self {
            Self::Aws(fault) => fault.service,
            Self::Unanswered(read, _) => read.service,
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
            Self::Unanswered(_, why) => why.message(),
        }
    }

    /// What failed, in a sentence without its full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.sentence_with(&self.message())
    }

    /// Returns the same with another, more detailed message.
    #[must_use]
    pub fn sentence_with(&self, message: &str) -> String {
        match self {
            Self::Aws(fault) => fault.sentence_with(message),
            // Credentials that are not good are so for every operation.
            Self::Unanswered(_, Unanswered::GivenUp(fault)) if fault.kind == FaultKind::Expired => {
                fault.sentence_with(message)
            }
            Self::Unanswered(read, _) => failed_call(read.service, read.operation, self.kind(), message),
        }
    }

    /// Whether it is the same call that failed, which was to read several things.
    #[must_use]
    pub fn is_same_call(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Aws(one), Self::Aws(other)) => Arc::ptr_eq(one, other),
            _ => self == other,
        }
    }
}

impl Unanswered {
    fn message(&self) -> Cow<'_, str> {
        let words = match self {
            Self::GivenUp(fault) => return Cow::Borrowed(&fault.message),
            Self::Silence(span) => format!("no answer came, and nothing else did for {} s", span.as_secs()),
            Self::NotRequested(span) => format!("not requested: nothing was answered for {} s", span.as_secs()),
            Self::OverBudget(span) => format!("not requested: the request budget ran out for {} s", span.as_secs()),
            Self::TooLate(span) => format!("no answer came within {} s", span.as_secs()),
            Self::NoLogs(instance) => format!("{instance} handed in no logs within a minute"),
        };
        words.into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::api_reads;
    use super::*;

    fn fault(kind: FaultKind, operation: &'static str) -> Arc<Fault> {
        let (code, request_id) = (None, Some("r-1".into()));
        Arc::new(Fault {
            kind,
            service: Service::Elb,
            operation,
            code,
            message: "no".into(),
            details: None,
            request_id,
        })
    }

    #[test]
    fn what_aws_did_not_answer_is_said_like_its_faults() {
        let (read, span) = (&api_reads::DESCRIBE_RULES, Duration::from_secs(30));
        let table = [
            (Unanswered::GivenUp(fault(FaultKind::Network, "DescribeTags")), "network", "could not be reached: no"),
            (
                Unanswered::Silence(span),
                "network",
                "could not be reached: no answer came, and nothing else did for 30 s",
            ),
            (
                Unanswered::NotRequested(span),
                "network",
                "could not be reached: not requested: nothing was answered for 30 s",
            ),
            (
                Unanswered::OverBudget(span),
                "throttled",
                "was throttled: not requested: the request budget ran out for 30 s",
            ),
            (Unanswered::TooLate(span), "network", "could not be reached: no answer came within 30 s"),
            (Unanswered::NoLogs("i-1".into()), "other", "failed: i-1 handed in no logs within a minute"),
        ];
        for (why, kind, sentence) in table {
            let error = ReadError::Unanswered(read, why);
            assert_eq!(error.sentence(), format!("ELB DescribeRules {sentence}"), "{error:?}");
            assert_eq!((error.kind().as_str(), error.operation(), error.request_id()), (kind, "DescribeRules", None));
        }
        let expired = fault(FaultKind::Expired, "DescribeTags");
        let error = ReadError::Unanswered(read, Unanswered::GivenUp(Arc::clone(&expired)));
        assert_eq!(error.sentence(), expired.sentence(), "no call is good without credentials");
    }

    #[test]
    fn two_calls_that_fail_alike_are_two() {
        let of = |fault: Arc<Fault>| ReadError::from(fault);
        let one = fault(FaultKind::Network, "DescribeRules");
        assert!(of(Arc::clone(&one)).is_same_call(&of(Arc::clone(&one))));
        assert!(!of(one).is_same_call(&of(fault(FaultKind::Network, "DescribeRules"))));
    }
}
