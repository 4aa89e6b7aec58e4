//! A hand on the wire between the SDK and the simulated region: it keeps what is written, and may lose it or its answer.

use std::fmt;
use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

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
}

/// What is called when a write passes.
type Seen = Box<dyn Fn() + Send>;

/// What a hand on the wire does and sees.
#[derive(Clone, Default)]
pub struct Hand {
    fate: Arc<Mutex<Fate>>,
    /// Called before a write is let through.
    watch: Arc<Mutex<Option<Seen>>>,
    /// The bodies of the writes that were let through.
    sent: Arc<Mutex<Vec<String>>>,
}

/// What writes, by the beginning of its name.
pub const WRITES: [&str; 10] = [
    "UpdateEnvironment",
    "AbortEnvironmentUpdate",
    "RestartAppServer",
    "TerminateInstance",
    "Modify",
    "Create",
    "Delete",
    "Authorize",
    "Revoke",
    "Set",
];

impl Hand {
    /// Lays itself between the SDK and a region.
    pub fn between(&self, inner: SharedHttpClient) -> SharedHttpClient {
        SharedHttpClient::new(Wire { inner, hand: self.clone() })
    }

    /// Writes are fated from now on.
    pub fn fate(&self, fate: Fate) {
        *self.fate.lock().unwrap() = fate;
    }

    /// Calls this before each write that is let through.
    pub fn watch(&self, watch: impl Fn() + Send + 'static) {
        *self.watch.lock().unwrap() = Some(Box::new(watch));
    }

    /// The bodies of the writes that were let through, decoded, each without what every request has.
    pub fn sent(&self) -> Vec<Vec<(String, String)>> {
        let is_own = |(name, _): &(String, String)| !matches!(name.as_str(), "Action" | "Version");
        let decoded = |body: &String| {
            let mut form: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().filter(is_own).collect();
            form.sort();
            form
        };
        self.sent.lock().unwrap().iter().map(decoded).collect()
    }
}

#[derive(Clone)]
struct Wire {
    inner: SharedHttpClient,
    hand: Hand,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, parts);
        SharedHttpConnector::new(Connector { inner, wire: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    wire: Wire,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let is_write = WRITES.iter().any(|name| body.contains(&format!("Action={name}")));
        let fate = if is_write { *self.wire.hand.fate.lock().unwrap() } else { Fate::Arrives };
        let reset = || ConnectorError::io(Box::new(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
        if is_write && let Some(watch) = &*self.wire.hand.watch.lock().unwrap() {
            watch();
        }
        if is_write {
            self.wire.hand.sent.lock().unwrap().push(body.clone());
        }
        match fate {
            Fate::NoConnection => {
                let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                HttpConnectorFuture::ready(Err(ConnectorError::io(Box::new(refused)).never_connected()))
            }
            Fate::RequestLost => HttpConnectorFuture::ready(Err(reset())),
            Fate::Arrives => self.inner.call(request),
            Fate::AnswerLost => {
                let answer = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = answer.await;
                    Err(reset())
                })
            }
            Fate::Silence => {
                let answer = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = answer.await;
                    std::future::pending().await
                })
            }
        }
    }
}
