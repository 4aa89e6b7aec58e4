//! A hand on the wire between the SDK and the simulated region: it keeps what is written, and may lose it or its answer.

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;

use super::{between, operation};

/// What happens to a write on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    #[default]
    Arrives,
    /// It arrives, and the connection is reset before there is an answer.
    AnswerLost,
    /// It arrives, and there is never an answer.
    Silence,
    /// The connection is reset before it arrives.
    RequestLost,
    /// There is no connection.
    NoConnection,
    /// It arrives or does not, and what comes back is no answer.
    Lost {
        /// Whether the region carries it out.
        arrives: bool,
        /// What comes back.
        answer: LostAnswer,
    },
}

/// What comes back in place of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostAnswer {
    /// A reset of the connection.
    Reset,
    /// An internal error, in AWS's form.
    InternalError,
    /// The first half of an answer.
    Cut,
    /// Nothing, for ever.
    Stall,
}

impl LostAnswer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reset, Self::InternalError, Self::Cut, Self::Stall];

    /// What the client gets, if the region answered this, or was never asked.
    async fn deliver(self, answer: Option<HttpResponse>) -> Result<HttpResponse, ConnectorError> {
        match self {
            Self::Reset => Err(reset()),
            Self::Stall => std::future::pending().await,
            Self::InternalError => {
                let body = "<ErrorResponse><Error><Type>Receiver</Type><Code>InternalFailure</Code><Message>An internal \
                            error has occurred.</Message></Error></ErrorResponse>";
                let mut failed = HttpResponse::new(StatusCode::try_from(500).unwrap(), SdkBody::from(body));
                let id = answer.as_ref().and_then(|it| it.headers().get("x-amzn-requestid")).map(str::to_owned);
                if let Some(id) = id {
                    failed.headers_mut().insert("x-amzn-requestid", id);
                }
                Ok(failed)
            }
            Self::Cut => {
                let whole = answer.and_then(|it| it.body().bytes().map(<[u8]>::to_vec));
                let whole = whole.unwrap_or_else(|| b"<UpdateEnvironmentResponse><UpdateEnvironmentResult>".to_vec());
                let half = whole[..whole.len() / 2].to_vec();
                Ok(HttpResponse::new(StatusCode::try_from(200).unwrap(), SdkBody::from(half)))
            }
        }
    }
}

fn reset() -> ConnectorError {
    ConnectorError::io(Box::new(std::io::Error::from(std::io::ErrorKind::ConnectionReset)))
}

/// What is called when a write passes.
type Seen = Box<dyn Fn() + Send>;

/// What a hand on the wire does and sees.
#[derive(Clone, Default)]
pub struct Hand {
    fate: Arc<Mutex<Fate>>,
    /// Called before a write is let through.
    watch: Arc<Mutex<Option<Seen>>>,
    /// Called when a write has passed, or was lost.
    watch_after: Arc<Mutex<Option<Seen>>>,
    /// What comes back for reads of these operations.
    spoilt: Arc<Mutex<Vec<(String, ReadFault)>>>,
    /// The operations and bodies of the writes that were let through.
    sent: Arc<Mutex<Vec<(String, String)>>>,
}

/// What goes wrong with a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadFault {
    /// AWS's allowance is used up.
    Throttled,
    /// The caller lacks the permission.
    Denied,
    /// The credentials have expired.
    Expired,
    /// An internal error.
    InternalError,
    /// The connection is reset.
    Reset,
    /// Half an answer.
    Cut,
    /// Nothing, for ever.
    Stall,
}

impl ReadFault {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Throttled, Self::Denied, Self::Expired, Self::InternalError, Self::Reset, Self::Cut, Self::Stall];

    async fn deliver(self) -> Result<HttpResponse, ConnectorError> {
        let refused = |status: u16, code: &str| {
            let body = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>"
            );
            Ok(HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body)))
        };
        match self {
            Self::Throttled => refused(400, "Throttling"),
            Self::Denied => refused(403, "AccessDenied"),
            Self::Expired => refused(403, "ExpiredToken"),
            Self::InternalError => refused(500, "InternalFailure"),
            Self::Reset => Err(reset()),
            Self::Cut => LostAnswer::Cut.deliver(None).await,
            Self::Stall => std::future::pending().await,
        }
    }
}

/// What writes, by the beginning of its name.
pub const WRITES: [&str; 12] = [
    "UpdateEnvironment",
    "AbortEnvironmentUpdate",
    "RestartAppServer",
    "SwapEnvironment",
    "TerminateInstance",
    "Modify",
    "Create",
    "Delete",
    "Authorize",
    "Revoke",
    "Set",
    "Put",
];

impl Hand {
    /// Puts itself between the SDK and a region.
    pub fn between(&self, inner: SharedHttpClient) -> SharedHttpClient {
        let hand = self.clone();
        between(inner, move |request, inner| hand.carry(request, inner))
    }

    /// Writes are fated from now on.
    pub fn fate(&self, fate: Fate) {
        *self.fate.lock().unwrap() = fate;
    }

    /// From now on reads of this operation fail so; without a fault they come again.
    pub fn spoil(&self, operation: &str, fault: Option<ReadFault>) {
        let mut spoilt = self.spoilt.lock().unwrap();
        spoilt.retain(|(name, _)| name != operation);
        spoilt.extend(fault.map(|fault| (operation.to_owned(), fault)));
    }

    fn fault_of(&self, operation: &str) -> Option<ReadFault> {
        let spoilt = self.spoilt.lock().unwrap();
        spoilt.iter().find(|(name, _)| *name == operation).map(|(_, fault)| *fault)
    }

    /// Calls this before each write that is let through.
    pub fn watch(&self, watch: impl Fn() + Send + 'static) {
        *self.watch.lock().unwrap() = Some(Box::new(watch));
    }

    /// Calls this after each write, before the sender gets the answer.
    pub fn watch_after(&self, watch: impl Fn() + Send + 'static) {
        *self.watch_after.lock().unwrap() = Some(Box::new(watch));
    }

    /// Returns the operations of the writes that were sent, whatever their result.
    pub fn operations(&self) -> Vec<String> {
        self.sent.lock().unwrap().iter().map(|(operation, _)| operation.clone()).collect()
    }

    fn has_passed(&self) {
        if let Some(watch) = &*self.watch_after.lock().unwrap() {
            watch();
        }
    }

    /// The bodies of the writes that were let through, decoded, each without what every request has.
    pub fn sent(&self) -> Vec<Vec<(String, String)>> {
        let is_own = |(name, _): &(String, String)| !matches!(name.as_str(), "Action" | "Version");
        let decoded = |(_, body): &(String, String)| {
            let mut form: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().filter(is_own).collect();
            form.sort();
            form
        };
        self.sent.lock().unwrap().iter().map(decoded).collect()
    }

    /// Carries a request on, or does not, and brings back the answer or what is left of it.
    fn carry(&self, request: HttpRequest, inner: &SharedHttpConnector) -> HttpConnectorFuture {
        let operation = operation(&request);
        let is_write = WRITES.iter().any(|name| operation.starts_with(name));
        if let Some(fault) = self.fault_of(&operation) {
            return HttpConnectorFuture::new(fault.deliver());
        }
        if !is_write {
            return inner.call(request);
        }
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let (hand, inner) = (self.clone(), inner.clone());
        if let Some(watch) = &*hand.watch.lock().unwrap() {
            watch();
        }
        hand.sent.lock().unwrap().push((operation, body));
        let fate = *hand.fate.lock().unwrap();
        let arrives = match fate {
            Fate::Arrives | Fate::AnswerLost | Fate::Silence => true,
            Fate::RequestLost | Fate::NoConnection => false,
            Fate::Lost { arrives, .. } => arrives,
        };
        HttpConnectorFuture::new(async move {
            let answer = if arrives { Some(inner.call(request).await) } else { None };
            hand.has_passed();
            match (fate, answer) {
                (Fate::Arrives, Some(answer)) => answer,
                (Fate::Lost { answer: lost, .. }, answer) => lost.deliver(answer.and_then(Result::ok)).await,
                (Fate::Silence, _) => std::future::pending().await,
                (Fate::NoConnection, _) => {
                    let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                    Err(ConnectorError::io(Box::new(refused)).never_connected())
                }
                (Fate::AnswerLost | Fate::RequestLost | Fate::Arrives, _) => Err(reset()),
            }
        })
    }
}
