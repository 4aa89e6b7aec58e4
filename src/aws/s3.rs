//! The requests to S3: an object is put, and looked at. Signed by the SDK's signer and carried by the session's own HTTP
//! client, so that no client of the whole of S3 is compiled for two operations.
//!
//! With an endpoint of one's own the bucket is in the path, else in the host name, as AWS wants it.

use std::sync::Arc;

use aws_config::BehaviorVersion;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4::SigningParams;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::request_id::RequestId;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::call::Call;
use super::clients::{CONNECT_TIMEOUT, OPERATION_TIMEOUT};
use super::s3_endpoint::Origin;
use super::sent::Sent;
use super::session::Session;
use super::upload::{UploadProgress, body};
use crate::change::SeenObject;
use crate::model::{Fault, FaultKind, Moment, ObjectLocation, api_reads};

/// What a key keeps of itself in a URL (`SigV4`, "`UriEncode`").
const IN_A_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// The SHA-256 of no body.
const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

type S3Error = SdkError<ErrorMetadata, HttpResponse>;

/// A file that is put into a bucket.
#[derive(Debug)]
pub(super) struct Upload {
    pub to: ObjectLocation,
    pub path: String,
    pub content_type: Option<String>,
    /// Its SHA-256, in base64.
    pub checksum: String,
    /// The same, in hexadecimal digits.
    pub sha256: String,
}

/// Puts a file into a bucket. It takes as long as something moves.
pub(super) async fn put_object(call: &mut Call<'_>, upload: &Upload, progress: &UploadProgress) -> Sent {
    if let Err(error) = body(&upload.path, progress) {
        return Sent::Refused(call.fault(FaultKind::Invalid, format!("{} cannot be read: {error}", upload.path)));
    }
    let session = call.session();
    let content_type = upload.content_type.as_deref().unwrap_or("application/octet-stream");
    let request = || async {
        let (body, bytes) = body(&upload.path, progress).map_err(S3Error::construction_failure)?;
        let bytes = bytes.to_string();
        let headers =
            [("content-length", &*bytes), ("content-type", content_type), ("x-amz-checksum-sha256", &*upload.checksum)];
        let sending = invoke(session, ("PUT", "PutObject"), &upload.to, &headers, (&upload.sha256, body));
        tokio::select! {
            biased;
            answer = sending => answer,
            () = progress.stalled(OPERATION_TIMEOUT) => Err(S3Error::timeout_error("nothing moved any more")),
        }
    };
    call.write(request).await
}

/// The size and the checksum of an object; `None` if there is none.
///
/// # Errors
/// When the call fails.
pub(super) async fn head_object(
    session: &Session,
    at: &ObjectLocation,
    now: &(dyn Fn() -> Moment + Send + Sync),
) -> Result<Option<SeenObject>, Arc<Fault>> {
    let read = &api_reads::HEAD_OBJECT;
    let mut call = Call::read(session, read, now);
    let headers = [("x-amz-checksum-mode", "ENABLED")];
    let request = || invoke(session, ("HEAD", read.operation), at, &headers, (NOTHING, SdkBody::empty()));
    match call.send(request).await {
        Ok(answer) => Ok(Some(SeenObject { bytes: answer.bytes, sha256: answer.sha256.map(Into::into) })),
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// What S3 says of an object in the headers of its answer.
#[derive(Debug)]
struct ObjectAnswer {
    bytes: u64,
    sha256: Option<String>,
    request_id: Option<String>,
}

impl RequestId for ObjectAnswer {
    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }
}

/// Signs a request and sends it.
async fn invoke(
    session: &Session,
    (method, operation): (&'static str, &'static str),
    at: &ObjectLocation,
    headers: &[(&'static str, &str)],
    (sha256, body): (&str, SdkBody),
) -> Result<ObjectAnswer, S3Error> {
    let Some(http) = session.http.clone() else {
        return Err(S3Error::construction_failure("this session has no connection for files"));
    };
    let Origin { origin, path } = session.storage.origin(session.region.as_deref().unwrap_or_default(), &at.bucket);
    let path = format!("{path}/{}", utf8_percent_encode(&at.key, IN_A_PATH));
    let signature = signature(session, method, &format!("{origin}{path}"), headers, sha256).await?;
    let mut request = HttpRequest::new(body);
    let made = request.set_method(method).and_then(|()| request.set_uri(path));
    made.map_err(S3Error::construction_failure)?;
    for (name, value) in headers {
        request.headers_mut().insert(*name, (*value).to_owned());
    }
    for (name, value) in signature {
        request.headers_mut().insert(name, value);
    }
    let mut timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT);
    if method != "PUT" {
        timeouts = timeouts.operation_timeout(OPERATION_TIMEOUT);
    }
    let operation = Operation::builder()
        .service_name("s3")
        .operation_name(operation)
        .behavior_version(BehaviorVersion::v2026_01_12())
        .http_client(http)
        .endpoint_url(&origin)
        .no_auth()
        .no_retry()
        .sleep_impl(TokioSleep::new())
        .time_source(session.time_source.clone())
        .interceptor(session.storage.server_clock)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(timeouts.build())
        .serializer(|request: HttpRequest| Ok(request))
        .deserializer(read)
        .build();
    operation.invoke(request).await
}

/// The headers that sign a request, at AWS's time.
async fn signature(
    session: &Session,
    method: &str,
    url: &str,
    headers: &[(&'static str, &str)],
    sha256: &str,
) -> Result<Vec<(&'static str, String)>, S3Error> {
    let Some(provider) = &session.storage.credentials else {
        return Err(S3Error::construction_failure("this session has no credentials"));
    };
    let credentials = provider.provide_credentials().await;
    let unsigned = |error| S3Error::dispatch_failure(ConnectorError::other(Box::new(error), None));
    let identity = credentials.map_err(unsigned)?.into();
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    let params = SigningParams::builder()
        .identity(&identity)
        .region(session.region.as_deref().unwrap_or_default())
        .name("s3")
        .time(session.storage.server_clock.at_aws(session.time_source.now()))
        .settings(settings)
        .build()
        .map_err(S3Error::construction_failure)?
        .into();
    let payload = SignableBody::Precomputed(sha256.to_owned());
    let request = SignableRequest::new(method, url, headers.iter().copied(), payload);
    let signed = request.and_then(|request| sign(request, &params)).map_err(S3Error::construction_failure)?;
    let (headers, _) = signed.into_parts().0.into_parts();
    Ok(headers.into_iter().map(|header| (header.name(), header.value().to_owned())).collect())
}

/// Reads an answer. One without an entity tag is not S3's.
fn read(response: &HttpResponse) -> Result<ObjectAnswer, OrchestratorError<ErrorMetadata>> {
    let header = |name: &str| response.headers().get(name).map(str::to_owned);
    if !response.status().is_success() || header("etag").is_none() {
        return Err(OrchestratorError::operation(refusal(response)));
    }
    Ok(ObjectAnswer {
        bytes: header("content-length").and_then(|length| length.parse().ok()).unwrap_or_default(),
        sha256: header("x-amz-checksum-sha256"),
        request_id: header("x-amz-request-id"),
    })
}

/// The code and the message of a refusal. The answer to `HEAD` has no body, so that only the status says what it is.
fn refusal(response: &HttpResponse) -> ErrorMetadata {
    let body = String::from_utf8_lossy(response.body().bytes().unwrap_or_default());
    let element = |name: &str| {
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        rest.split_once(&format!("</{name}>")).map(|(text, _)| unescaped(text))
    };
    let status = response.status().as_u16();
    let is_redirect = (300..400).contains(&status);
    let by_status = match status {
        _ if !body.trim().is_empty() || response.headers().get("x-amz-request-id").is_none() => None,
        400 => Some("BadRequest"),
        403 => Some("AccessDenied"),
        404 => Some("NotFound"),
        500 => Some("InternalError"),
        503 => Some("SlowDown"),
        _ => None,
    };
    let code = element("Code").filter(|_| !is_redirect).or_else(|| by_status.map(str::to_owned));
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = code {
        metadata = metadata.code(code);
    }
    if let Some(message) = element("Message") {
        metadata = metadata.message(message);
    }
    metadata.build()
}

/// A text of XML without its escapes.
fn unescaped(text: &str) -> String {
    let escapes = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    escapes.iter().fold(text.to_owned(), |text, (escape, character)| text.replace(escape, character))
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::StatusCode;

    use super::*;

    fn answer(status: u16, body: &'static str, headers: &[(&'static str, &'static str)]) -> HttpResponse {
        let mut answer = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        for (name, value) in headers {
            answer.headers_mut().insert(*name, *value);
        }
        answer
    }

    #[test]
    fn a_refusal_is_read_from_its_body_or_for_head_from_its_status() {
        let own = [("x-amz-request-id", "r-1")];
        let denied = "<Error><Code>AccessDenied</Code><Message>not &lt;you&gt; &amp; yours</Message></Error>";
        for (status, body, headers, code, message) in [
            (403, denied, &own[..], Some("AccessDenied"), Some("not <you> & yours")),
            (403, denied, &[], Some("AccessDenied"), Some("not <you> & yours")),
            (403, "", &own, Some("AccessDenied"), None),
            (404, "", &own, Some("NotFound"), None),
            (503, "", &own, Some("SlowDown"), None),
            // What is not S3's has no code.
            (404, "", &[], None, None),
            (502, "<html>", &own, None, None),
            (200, "<html>", &[], None, None),
        ] {
            let refusal = refusal(&answer(status, body, headers));
            assert_eq!((refusal.code(), refusal.message()), (code, message), "{status} {body}");
        }
    }

    #[test]
    fn an_answer_is_s3s_only_with_an_entity_tag() {
        let seen =
            read(&answer(200, "", &[("etag", "\"x\""), ("content-length", "7"), ("x-amz-checksum-sha256", "s")]));
        let seen = seen.unwrap();
        assert_eq!((seen.bytes, seen.sha256.as_deref()), (7, Some("s")));
        assert!(read(&answer(200, "<html>", &[("content-length", "7")])).is_err());
    }
}
