//! Between the SDK and a simulated region: what a test does there with each request, or with its answer.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

/// What is done with a request, and with what would carry it on.
type Does = dyn Fn(HttpRequest, &SharedHttpConnector) -> HttpConnectorFuture + Send + Sync;

/// Puts this between the SDK and its HTTP client.
pub fn between(
    inner: SharedHttpClient,
    does: impl Fn(HttpRequest, &SharedHttpConnector) -> HttpConnectorFuture + Send + Sync + 'static,
) -> SharedHttpClient {
    SharedHttpClient::new(Client { inner, does: Arc::new(does) })
}

/// The operation of a request, as AWS spells it: it is in a header, in the path or in the body.
pub fn operation(request: &HttpRequest) -> String {
    let target = request.headers().get("x-amz-target").and_then(|target| target.rsplit_once('.'));
    if let Some((_, operation)) = target.or_else(|| request.uri().split_once("/operation/")) {
        return operation.to_owned();
    }
    let body = request.body().bytes().unwrap_or_default();
    let action = form_urlencoded::parse(body).find(|(name, _)| name == "Action");
    action.map(|(_, action)| action.into_owned()).unwrap_or_default()
}

struct Client {
    inner: SharedHttpClient,
    does: Arc<Does>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, parts);
        SharedHttpConnector::new(Connector { inner, does: Arc::clone(&self.does) })
    }
}

struct Connector {
    inner: SharedHttpConnector,
    does: Arc<Does>,
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        (self.does)(request, &self.inner)
    }
}
