//! The world under the AWS SDK for Rust, in the same process: an HTTP client that opens no socket.
//!
//! The SDK signs, serialises, retries and parses as it does against AWS. Delays are slept on tokio's clock, so a paused
//! clock skips them; a request that is never answered pends until the SDK's own timeout.

use super::wire::{Request, Response, TransportFault};
use super::world::World;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use bytes::Bytes;
use http::Uri;
use http::uri::{Authority, PathAndQuery};
use http_body_util::{BodyExt, Full};
use std::io;

/// An HTTP client for the SDK's configuration, behind which the world answers.
#[must_use]
pub fn http_client(world: World) -> SharedHttpClient {
    SharedHttpClient::new(Connector(world))
}

/// Serves as client and connector both: there is nothing to configure.
#[derive(Clone, Debug)]
struct Connector(World);

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let world = self.0.clone();
        HttpConnectorFuture::new(async move {
            let response = world.answer(&plain(request).await?);
            if !response.delay.is_zero() {
                tokio::time::sleep(response.delay).await;
            }
            deliver(response).await
        })
    }
}

/// The request in our own type. A body that is read from a file is read whole.
async fn plain(mut request: HttpRequest) -> Result<Request, ConnectorError> {
    let body = ByteStream::new(request.take_body()).collect().await;
    let body = body.map_err(|error| ConnectorError::io(Box::new(error)))?.to_vec();
    // What the SDK sends is a URI: it has parsed it.
    let uri: Uri = request.uri().parse().unwrap_or_default();
    let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    // What a server would see on its socket, and what a proxy that ends TLS would add.
    let scheme = uri.scheme_str().unwrap_or("https");
    let host = uri.authority().map_or("", Authority::as_str);
    let around = [("host", host), ("x-forwarded-proto", scheme)];
    let around = around.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let headers = request.headers().iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(Request {
        method: request.method().to_owned(),
        path: path.to_owned(),
        headers: headers.chain(around).collect(),
        body,
    })
}

async fn deliver(response: Response) -> Result<HttpResponse, ConnectorError> {
    match response.fault {
        None => convert(response.status, response.headers, SdkBody::from(response.body)),
        Some(TransportFault::Timeout) => std::future::pending().await,
        Some(TransportFault::ConnectionRefused) => {
            Err(ConnectorError::io(Box::new(io::Error::from(io::ErrorKind::ConnectionRefused))).never_connected())
        }
        Some(TransportFault::ConnectionReset) => {
            Err(ConnectorError::io(Box::new(io::Error::from(io::ErrorKind::ConnectionReset))))
        }
        Some(TransportFault::CutShort) => convert(response.status, response.headers, half(&response.body)),
    }
}

fn convert(status: u16, headers: Vec<(String, String)>, body: SdkBody) -> Result<HttpResponse, ConnectorError> {
    let other = |problem: Box<dyn std::error::Error + Send + Sync>| ConnectorError::other(problem, None);
    let status = StatusCode::try_from(status).map_err(|error| other(Box::new(error)))?;
    let mut converted = HttpResponse::new(status, body);
    for (name, value) in headers {
        converted.headers_mut().try_insert(name, value).map_err(|error| other(Box::new(error)))?;
    }
    Ok(converted)
}

/// The first half of a body, and then a reset of the connection.
fn half(body: &[u8]) -> SdkBody {
    let half = Bytes::copy_from_slice(&body[..body.len() / 2]);
    let reset = io::Error::from(io::ErrorKind::ConnectionReset);
    let body = Full::new(half).map_err(|never| match never {});
    SdkBody::from_body_1_x(body.with_trailers(std::future::ready(Some(Err(reset)))))
}
