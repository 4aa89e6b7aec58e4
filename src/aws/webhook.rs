//! Posts a line of JSON to a URL of the user's configuration, over TLS, proxy and trust as AWS is asked.

use std::path::Path;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;
use http::Uri;

use super::clients::CONNECT_TIMEOUT;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_secs(10);

/// Posts JSON once; no redirection is followed.
///
/// # Errors
/// In a sentence, if no answer comes within ten seconds, or one that is no success. It names the host alone: the path of such
/// a URL is often its secret.
pub async fn post_json(ca_bundle: Option<&Path>, url: &str, body: String) -> Result<(), String> {
    let uri: Uri = url.parse().map_err(|_| "notify.url is no URL".to_owned())?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err("notify.url names no host".to_owned());
    };
    let host = authority.as_str().rsplit('@').next().unwrap_or_default().to_owned();
    let rest = uri.path_and_query().map_or("/", |rest| rest.as_str()).to_owned();
    let client = super::http::client(ca_bundle).await.map_err(|error| error.to_string())?;
    let operation = post(client, &format!("{scheme}://{authority}"));
    let status = tokio::time::timeout(LIMIT, operation.invoke((rest, body)))
        .await
        .map_err(|_| format!("{host} did not answer in time"))?;
    match status {
        Ok(200..300) => Ok(()),
        Ok(status) => Err(format!("{host} answered HTTP {status}")),
        Err(_) => Err(format!("{host} cannot be reached")),
    }
}

fn post(http: SharedHttpClient, origin: &str) -> Operation<(String, String), u16, ErrorMetadata> {
    let timeouts = TimeoutConfig::builder().operation_timeout(LIMIT).connect_timeout(CONNECT_TIMEOUT).build();
    Operation::builder()
        .service_name("webhook")
        .operation_name("Post")
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .endpoint_url(origin)
        .no_auth()
        .no_retry()
        .sleep_impl(TokioSleep::new())
        .timeout_config(timeouts)
        .serializer(|(rest, body): (String, String)| {
            let mut request = HttpRequest::new(SdkBody::from(body));
            request.set_method("POST")?;
            request.set_uri(rest)?;
            request.headers_mut().insert("content-type", "application/json");
            Ok(request)
        })
        .deserializer(|response| Ok(response.status().as_u16()))
        .build()
}
