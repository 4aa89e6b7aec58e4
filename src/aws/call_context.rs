//! The call that a fault is about: which service and operation, where and when.

use std::sync::Arc;

use super::convert::MOST_TEXT;
use crate::model::{Fault, FaultKind, Moment, Service, shortened};

/// The service and operation of a call, where it went and when: the subject of the sentences.
#[derive(Clone, Copy, Debug)]
pub(super) struct CallContext<'a> {
    pub(super) service: Service,
    pub(super) operation: &'static str,
    pub(super) region: Option<&'a str>,
    pub(super) endpoint: Option<&'a str>,
    /// The time of this machine, by which the request was signed.
    pub(super) local: Moment,
}

impl CallContext<'_> {
    /// Returns a fault with our own message.
    pub(super) fn fault(&self, kind: FaultKind, message: impl Into<Arc<str>>) -> Fault {
        let message: Arc<str> = message.into();
        Fault {
            kind,
            service: self.service,
            operation: self.operation,
            code: None,
            message: if message.len() > MOST_TEXT { shortened(&message, MOST_TEXT).into() } else { message },
            details: None,
            request_id: None,
        }
    }

    /// `http://localhost:5055`, or `Beanstalk's endpoint in eu-west-1`.
    pub(super) fn place(&self) -> String {
        match (self.endpoint, self.region) {
            (Some(url), _) => url.to_owned(),
            (None, Some(region)) => format!("{}'s endpoint in {region}", self.service.title()),
            (None, None) => format!("{}'s endpoint", self.service.title()),
        }
    }
}
