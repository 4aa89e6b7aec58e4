//! Answers that are too large: no answer is read further than a limit, whatever its declared length, as it may never end.

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use http_body_util::{LengthLimitError, Limited};

use super::unanswered::chain;

/// The most that an answer may hold: a page of a thousand environments is a fiftieth of it.
pub(super) const MOST: usize = 64 << 20;

/// The client, with a limit to what it reads of an answer.
pub(super) fn limited(client: SharedHttpClient) -> SharedHttpClient {
    SharedHttpClient::new(Client(client))
}

/// Whether it failed because the answer is too large.
pub(super) fn is_too_large(error: &(dyn std::error::Error + 'static)) -> bool {
    chain(error).any(|cause| cause.is::<LengthLimitError>() || cause.to_string() == "length limit exceeded")
}

#[derive(Debug)]
struct Client(SharedHttpClient);

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Connector(self.0.http_connector(settings, parts)))
    }
}

#[derive(Debug)]
struct Connector(SharedHttpConnector);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            Ok(answer.map(|body| SdkBody::from_body_1_x(Limited::new(body, MOST))))
        })
    }
}
