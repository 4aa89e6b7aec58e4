//! Between the SDK and the region: a connector that misbehaves for one operation.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use beanpole::sim::{World, in_process};

/// What happens to the operation's requests.
type Doing = dyn Fn(HttpRequest) -> HttpConnectorFuture + Send + Sync;

/// Lets everything through but the requests of some operations.
#[derive(Clone)]
pub struct Broken {
    operations: Arc<[String]>,
    does: Arc<Doing>,
    /// How many requests it took.
    pub taken: Arc<AtomicUsize>,
    inner: SharedHttpClient,
}

impl Broken {
    /// In front of a world: what it does instead of asking it. `*` is every operation.
    pub fn new(
        world: World,
        operations: &[&str],
        does: impl Fn(HttpRequest) -> HttpConnectorFuture + Send + Sync + 'static,
    ) -> Self {
        let inner = in_process::http_client(world);
        let operations = operations.iter().map(|name| (*name).to_owned()).collect();
        Self { operations, does: Arc::new(does), taken: Arc::default(), inner }
    }

    /// As the SDK takes it.
    pub fn client(self) -> SharedHttpClient {
        SharedHttpClient::new(self)
    }

    fn is_meant(&self, request: &HttpRequest) -> bool {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        self.operations.iter().any(|name| {
            let (in_form, in_path) = (format!("Action={name}&"), format!("/{name}"));
            name == "*" || body.contains(&in_form) || request.uri().ends_with(&in_path) || target.ends_with(&**name)
        })
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Broken")
    }
}

impl HttpClient for Broken {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, parts);
        SharedHttpConnector::new(Connector { inner, broken: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    broken: Broken,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        if !self.broken.is_meant(&request) {
            return self.inner.call(request);
        }
        self.broken.taken.fetch_add(1, Ordering::SeqCst);
        (self.broken.does)(request)
    }
}

/// An answer with this body.
pub fn answer(content: &'static str, body: SdkBody) -> HttpConnectorFuture {
    let mut answer = HttpResponse::new(StatusCode::try_from(200).unwrap(), body);
    answer.headers_mut().insert("content-type", content);
    if content == "application/cbor" {
        answer.headers_mut().insert("smithy-protocol", "rpc-v2-cbor");
    }
    HttpConnectorFuture::ready(Ok(answer))
}
