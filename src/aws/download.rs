//! A file behind a URL that AWS signed: no service's operation, but over the session's own connections, proxy and trust.
//!
//! The URL comes with an answer, so it is not followed anywhere: only over HTTPS, or to the very endpoint that the
//! session talks to. It is a secret as long as it is good, so no message repeats it; and no redirection is followed.

use std::sync::Arc;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::request_id::RequestId;
use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use super::call::Call;
use super::clients::{CONNECT_TIMEOUT, OPERATION_TIMEOUT};
use crate::model::{Fault, FaultKind};

/// The most that is taken: logs of a hundred lines each are a hundredth of it.
const MOST: usize = 8 << 20;
/// How long the whole file may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fetches what the URL points at.
pub(super) async fn download(call: &mut Call<'_>, url: &str) -> Result<Vec<u8>, Arc<Fault>> {
    let Some(url) = allowed(url, call.session().endpoint.as_deref()) else {
        return Err(call.fault(FaultKind::Other, "the answer points at a place that is neither HTTPS nor the endpoint"));
    };
    let Some(http) = call.session().http.clone() else {
        return Err(call.fault(FaultKind::Other, "this session has no connection for files"));
    };
    match tokio::time::timeout(PATIENCE, transfer(call, http, &url)).await {
        Ok(result) => result,
        Err(_) => Err(call.fault(FaultKind::Network, format!("{} sent no whole file in time", authority(&url)))),
    }
}

async fn transfer(call: &mut Call<'_>, http: SharedHttpClient, url: &Uri) -> Result<Vec<u8>, Arc<Fault>> {
    let host = authority(url);
    let operation = get(http, &format!("{}://{host}", url.scheme_str().unwrap_or_default()));
    let rest = url.path_and_query().map_or("/", PathAndQuery::as_str);
    let reply = call.send(|| operation.invoke(rest.to_owned())).await?;
    if reply.status != 200 {
        return Err(refused(call, reply.status, host));
    }
    let (mut body, mut bytes) = (ByteStream::new(reply.body), Vec::new());
    while let Some(piece) = body.next().await {
        let broken = |error| call.fault(FaultKind::Network, format!("the file from {host} broke off: {error}"));
        bytes.extend_from_slice(&piece.map_err(broken)?);
        if bytes.len() > MOST {
            let message = format!("the file from {host} is larger than {} MiB", MOST >> 20);
            return Err(call.fault(FaultKind::Other, message));
        }
    }
    Ok(bytes)
}

/// The URL taken apart, if it may be fetched. A name or a password before the host is nothing that AWS sends.
fn allowed(url: &str, endpoint: Option<&str>) -> Option<Uri> {
    let uri: Uri = url.parse().ok().filter(|uri: &Uri| !authority(uri).contains('@') && !authority(uri).is_empty())?;
    let known = endpoint.and_then(|endpoint| endpoint.parse::<Uri>().ok());
    let is_same = |known: &Uri| {
        let host = |uri: &Uri| uri.host().map(str::to_ascii_lowercase);
        (known.scheme(), host(known), known.port_u16()) == (uri.scheme(), host(&uri), uri.port_u16())
    };
    (uri.scheme() == Some(&Scheme::HTTPS) || known.as_ref().is_some_and(is_same)).then_some(uri)
}

/// The host, with its port if that is given.
fn authority(uri: &Uri) -> &str {
    uri.authority().map_or("", Authority::as_str)
}

/// Returns the fault of a refusal by S3. A missing file is "denied" to a caller that may not list the bucket.
fn refused(call: &Call<'_>, status: u16, host: &str) -> Arc<Fault> {
    let (kind, what) = match status {
        403 | 404 => (FaultKind::NotFound, "the file is not there any more, or its URL has expired"),
        429 | 503 => (FaultKind::Throttled, "it asks us to slow down"),
        300..400 => (FaultKind::Other, "it sends us elsewhere"),
        _ => (FaultKind::Other, "no file came"),
    };
    call.fault(kind, format!("{host} answered HTTP {status}: {what}"))
}

/// What came back, the body not read yet.
#[derive(Debug)]
struct Reply {
    status: u16,
    body: SdkBody,
    request_id: Option<String>,
}

impl RequestId for Reply {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}

fn get(http: SharedHttpClient, origin: &str) -> Operation<String, Reply, ErrorMetadata> {
    let timeouts =
        TimeoutConfig::builder().operation_timeout(OPERATION_TIMEOUT).connect_timeout(CONNECT_TIMEOUT).build();
    Operation::builder()
        .service_name("s3")
        .operation_name("GetObject")
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .endpoint_url(origin)
        .no_auth()
        .no_retry()
        .sleep_impl(TokioSleep::new())
        .timeout_config(timeouts)
        .serializer(|rest: String| {
            let mut request = HttpRequest::new(SdkBody::empty());
            request.set_method("GET")?;
            request.set_uri(rest)?;
            Ok(request)
        })
        .deserializer_impl(Unread)
        .build()
}

/// Takes the answer as it is, so that the body can be read piece by piece.
#[derive(Debug)]
struct Unread;

impl DeserializeResponse for Unread {
    fn deserialize_streaming(&self, response: &mut HttpResponse) -> Option<Result<Output, OrchestratorError<Error>>> {
        let body = std::mem::replace(response.body_mut(), SdkBody::taken());
        let request_id = response.headers().get("x-amz-request-id").map(str::to_owned);
        Some(Ok(Output::erase(Reply { status: response.status().as_u16(), body, request_id })))
    }

    fn deserialize_nonstreaming(&self, _: &HttpResponse) -> Result<Output, OrchestratorError<Error>> {
        Err(OrchestratorError::other("the answer was taken before"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_the_own_endpoint_are_followed() {
        let own = Some("http://127.0.0.1:4599/");
        let s3 = "https://bucket.s3.eu-west-1.amazonaws.com/a/b.out?Signature=x%2B";
        let as_written = |url: &str, endpoint| allowed(url, endpoint).map(|uri| uri.to_string());
        assert_eq!(as_written(s3, None).as_deref(), Some(s3), "nothing of what is signed is written in another way");
        assert_eq!(as_written("http://127.0.0.1:4599/a?b", own).as_deref(), Some("http://127.0.0.1:4599/a?b"));
        let known = as_written("http://127.0.0.1:4599/a", Some("http://***@127.0.0.1:4599"));
        assert_eq!(known.as_deref(), Some("http://127.0.0.1:4599/a"));
        for bad in [
            "http://127.0.0.1:4598/a",
            "http://169.254.169.254/latest/meta-data",
            "http://127.0.0.1:4599@evil.example/",
            "https://user@evil.example/",
            "http://127.0.0.1/a",
            "https:///a",
            "127.0.0.1:4599",
            "/a",
            "ftp://127.0.0.1:4599/a",
            "file:///etc/passwd",
            "https://",
            "https://host/a b",
            "the tail itself, and no URL",
        ] {
            assert_eq!(allowed(bad, own), None, "{bad}");
        }
    }
}
