//! A request through a load balancer, as a client outside of AWS sends it: to the load balancer's own addresses, for a host
//! name whose DNS need not lead there yet, with the certificate verified for that name.
//!
//! It is here and not beside `probe`, because it goes over the SDK's HTTP types: so the simulated region answers it where
//! the SDK's own requests are answered, and production sends it with the TLS that everything else is sent with.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;

use super::clients::CONNECT_TIMEOUT;
use super::session::Session;
use super::unanswered::chain;
use crate::change::https::{ProbeUnanswered, Probed};

/// How long the whole may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Requests `/` over HTTPS.
///
/// # Errors
/// When no answer comes, with the reason as far as it is known.
pub async fn ask_outside(session: &Session, dns_name: &str, host: &str) -> Result<Probed, ProbeUnanswered> {
    let Some(http) = session.outside.clone() else {
        return Err(ProbeUnanswered::Other("this session has no way out".into()));
    };
    let operation = get(http, dns_name);
    match tokio::time::timeout(PATIENCE, operation.invoke(host.to_owned())).await {
        Err(_) => Err(ProbeUnanswered::Timeout(PATIENCE.as_secs())),
        Ok(Ok(probed)) => Ok(probed),
        Ok(Err(error)) => Err(unanswered(&error)),
    }
}

fn get(http: SharedHttpClient, dns_name: &str) -> Operation<String, Probed, ErrorMetadata> {
    let timeouts = TimeoutConfig::builder().operation_timeout(PATIENCE).connect_timeout(CONNECT_TIMEOUT).build();
    Operation::builder()
        .service_name("outside")
        .operation_name("Probe")
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .endpoint_url(&format!("https://{dns_name}"))
        .no_auth()
        .no_retry()
        .sleep_impl(TokioSleep::new())
        .timeout_config(timeouts)
        .serializer(|host: String| {
            let mut request = HttpRequest::new(SdkBody::empty());
            request.set_method("GET")?;
            request.set_uri("/")?;
            request.headers_mut().try_insert("host", host)?;
            request.headers_mut().try_insert("user-agent", "beanpole")?;
            Ok(request)
        })
        .deserializer_impl(Head)
        .build()
}

/// Reads status and headers; the body is ignored.
#[derive(Debug)]
struct Head;

impl DeserializeResponse for Head {
    fn deserialize_streaming(&self, response: &mut HttpResponse) -> Option<Result<Output, OrchestratorError<Error>>> {
        let location = response.headers().get("location").map(Into::into);
        Some(Ok(Output::erase(Probed { status: response.status().as_u16(), location })))
    }

    fn deserialize_nonstreaming(&self, _: &HttpResponse) -> Result<Output, OrchestratorError<Error>> {
        Err(OrchestratorError::other("the answer was taken before"))
    }
}

fn unanswered(error: &(dyn StdError + 'static)) -> ProbeUnanswered {
    let causes: Vec<_> = chain(error).collect();
    let texts: Vec<_> = causes.iter().map(|cause| cause.to_string()).collect();
    let says = |words: &[&str]| {
        texts.iter().find(|text| words.iter().any(|word| text.to_ascii_lowercase().contains(word))).cloned()
    };
    let kind = causes.iter().rev().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    let last = texts.last().cloned().unwrap_or_default();
    if says(&["certificate"]).is_some() {
        return ProbeUnanswered::Certificate(last.into());
    }
    if says(&["dns", "lookup address", "resolve"]).is_some() {
        return ProbeUnanswered::Name(last.into());
    }
    if kind == Some(io::ErrorKind::ConnectionRefused) {
        return ProbeUnanswered::Refused;
    }
    if kind == Some(io::ErrorKind::TimedOut) || says(&["timeout", "timed out"]).is_some() {
        return ProbeUnanswered::Timeout(CONNECT_TIMEOUT.as_secs());
    }
    ProbeUnanswered::Other(last.into())
}
