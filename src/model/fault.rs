//! The failure of a call, classified once, with a message that contains the remedy.

use std::sync::Arc;

use super::{Service, clean};

/// The kinds that a caller must distinguish (the `kind` of product.md's `errors`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The account's allowance is used up; wait.
    Throttled,
    /// The caller lacks a permission.
    Denied,
    /// No credentials, or they are no longer valid.
    Expired,
    /// It is gone; normal while something is being changed.
    NotFound,
    /// AWS does not take the request.
    Invalid,
    /// AWS could not be reached.
    Network,
    /// Anything else, nonsense in the answer included.
    Other,
}

impl FaultKind {
    /// The word of the JSON answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Network => "network",
            Self::Other => "other",
        }
    }
}

impl FaultKind {
    /// Whether the same call may succeed later without anything being changed.
    #[must_use]
    pub fn passes(self) -> bool {
        matches!(self, Self::Throttled | Self::Network | Self::Other)
    }

    /// The condition that a service is in while its calls fail so: `denied`, `unreachable`.
    #[must_use]
    pub fn condition(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::Network => "unreachable",
            Self::NotFound | Self::Invalid | Self::Other => "failing",
        }
    }

    /// A word for a narrow cell.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::Expired => "no login",
            Self::NotFound => "gone",
            Self::Invalid => "refused",
            Self::Network => "offline",
            Self::Other => "failed",
        }
    }
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fault {
    /// What kind of failure.
    pub kind: FaultKind,
    /// Who was asked.
    pub service: Service,
    /// What was asked, as AWS spells it.
    pub operation: &'static str,
    /// AWS's code, if it answered with one.
    pub code: Option<Arc<str>>,
    /// The whole message, never cut.
    pub message: Arc<str>,
    /// What came instead of an answer, for who wants to see it: the bytes of a web page.
    pub details: Option<Arc<str>>,
    /// To quote to AWS's support.
    pub request_id: Option<Arc<str>>,
}

/// The beginning of a fault's message if the call could not be signed because credentials could not be fetched; the
/// fault may be of any kind.
pub const CREDENTIALS_FOR: &str = "the credentials for ";

impl Fault {
    /// Returns whether the call failed for lack of credentials: there are none, they are no longer valid, or their provider
    /// could not be reached or refused. Then every other call fails too.
    #[must_use]
    pub fn lacks_credentials(&self) -> bool {
        self.kind == FaultKind::Expired || self.message.starts_with(CREDENTIALS_FOR)
    }

    /// Whether the same call may succeed later without anything being changed.
    #[must_use]
    pub fn passes(&self) -> bool {
        self.kind.passes() && !self.lacks_credentials()
    }

    /// The IAM action that the call needs: what the message names, else service and operation.
    #[must_use]
    pub fn action(&self) -> String {
        let named = self.message.split_once("perform: ").and_then(|(_, rest)| rest.split_whitespace().next());
        named.map_or_else(|| format!("{}:{}", self.service.prefix(), self.operation), str::to_owned)
    }

    /// What failed, in a sentence without its full stop: `ELB DescribeTags was denied: …`.
    #[must_use]
    pub fn sentence(&self) -> String {
        self.sentence_with(&self.message)
    }

    /// Returns the same with another, more detailed message.
    #[must_use]
    pub fn sentence_with(&self, message: &str) -> String {
        if self.kind == FaultKind::Expired {
            let message = clean(message);
            return match self.code {
                Some(_) => format!("the credentials are no longer good, says {}: {message}", self.service.title()),
                None => format!("no credentials: {message}"),
            };
        }
        failed_call(self.service, self.operation, self.kind, message)
    }

    /// What a person can do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self.kind {
            FaultKind::Throttled => "the account's allowance is used up; calls slow down by themselves".into(),
            FaultKind::Denied => format!("ask for the IAM action {}", self.action()),
            FaultKind::Expired => "log in again (aws sso login, or new keys); beanpole carries on by itself".into(),
            FaultKind::NotFound => "it was deleted meanwhile; it is looked for again".into(),
            FaultKind::Invalid => "the endpoint may not be AWS's own, or not know this operation".into(),
            FaultKind::Network => "check the network, a proxy, the region and --endpoint-url; it is tried again".into(),
            FaultKind::Other => "it is tried again; the log (!) has the whole message".into(),
        }
    }
}

/// What failed, in a sentence without its full stop; the message alone if it names the operation.
#[must_use]
pub fn failed_call(service: Service, operation: &str, kind: FaultKind, message: &str) -> String {
    if message.contains(operation) && kind != FaultKind::Denied {
        return clean(message).into_owned();
    }
    let verb = match kind {
        FaultKind::Throttled => "was throttled",
        FaultKind::Denied => "was denied",
        FaultKind::NotFound => "found nothing",
        FaultKind::Invalid => "was refused",
        FaultKind::Network => "could not be reached",
        FaultKind::Other | FaultKind::Expired => "failed",
    };
    format!("{} {operation} {verb}: {}", service.title(), clean(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_names_the_missing_action() {
        let fault = Fault {
            kind: FaultKind::Denied,
            service: Service::Elb,
            operation: "DescribeTags",
            code: Some("AccessDenied".into()),
            message: "User: arn:aws:iam::1:user/me is not authorized to perform: elasticloadbalancing:DescribeTags because no identity-based policy allows it".into(),
            details: None,
            request_id: None,
        };
        assert_eq!(fault.action(), "elasticloadbalancing:DescribeTags");
        let bare = Fault { message: "no".into(), ..fault };
        assert_eq!(bare.action(), "elasticloadbalancing:DescribeTags");
    }
}
