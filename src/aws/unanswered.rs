//! The messages for a call that AWS did not answer: no connection, an answer from something else, or no credentials to
//! sign with.
//!
//! The real cause is deep inside the SDK's errors, so their causes are walked from the outside in. An answer
//! that is not AWS's is quoted, because its first words show who sent it.

use std::error::Error;
use std::io;
use std::sync::Arc;

use aws_config::meta::ProviderChainError;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, DispatchFailure};
use aws_smithy_types::error::ErrorMetadata;
use jiff::Timestamp;

use super::call_context::CallContext;
use super::clients::CONNECT_TIMEOUT;
use super::error_codes::kind;
use super::quote;
use crate::model::{CREDENTIALS_FOR, Fault, FaultKind, masked_url};

/// The beginnings of the messages that the SDK and its HTTP library put around the cause.
const WRAPPINGS: &[&str] = &[
    "an error occurred while loading",
    "the credential provider was not enabled",
    "the credentials provider was not properly configured",
    "unexpected credentials error",
    "dispatch failure",
    "service error",
    "unhandled error",
    "client error (",
];

/// An answer that is not one of AWS's, or only half of one.
pub(super) fn nonsense(context: &CallContext<'_>, raw: &HttpResponse, error: &(dyn Error + 'static)) -> Fault {
    let status = raw.status().as_u16();
    let content_type = raw.headers().get("content-type").filter(|it| !it.is_empty()).unwrap_or("no content type");
    let body = String::from_utf8_lossy(raw.body().bytes().unwrap_or_default());
    let secret = quote::may_hold_secrets(context.service, context.operation);
    let what = format!("{}'s {}", context.service.title(), context.operation);
    let between = "a proxy or a login page answers in AWS's place";
    if let Some(target) = quote::redirect(raw) {
        let message = format!("the endpoint answered {what} with a redirect to {target} (HTTP {status}): {between}");
        return Fault { details: details(&body, secret), ..context.fault(nonsense_kind(status), message) };
    }
    if let Some(title) = quote::page(content_type, &body, secret) {
        let title = if title.is_empty() { String::new() } else { format!(" \"{title}\"") };
        let message = format!("the endpoint answered {what} with a web page{title} (HTTP {status}): {between}");
        return Fault { details: details(&body, secret), ..context.fault(nonsense_kind(status), message) };
    }
    if body.trim().is_empty() {
        let message = format!("the endpoint answered {what} with an empty body (HTTP {status}, {content_type})");
        return context.fault(nonsense_kind(status), message);
    }
    // The error of the XML or JSON parser quotes what it stopped at.
    let why = if raw.status().is_success() && !secret { format!("; {}", innermost(error)) } else { String::new() };
    let quoted = quote::quoted(&body, secret);
    let message = format!(
        "the endpoint answered {what} with something that is no AWS answer (HTTP {status}, {content_type}{why}): {quoted}"
    );
    Fault { details: details(&body, secret), ..context.fault(nonsense_kind(status), message) }
}

fn nonsense_kind(status: u16) -> FaultKind {
    if status == 429 { FaultKind::Throttled } else { FaultKind::Other }
}

fn details(body: &str, secret: bool) -> Option<Arc<str>> {
    quote::kept(body, secret).filter(|kept| !kept.is_empty()).map(Into::into)
}

/// An answer of which the connection broke, or stopped, in the middle; `None` if that is not what happened.
pub(super) fn broken_off(context: &CallContext<'_>, error: &(dyn Error + 'static)) -> Option<Fault> {
    // The SDK gives an answer up that has not moved for some seconds.
    if chain(error).any(|cause| cause.to_string().starts_with("minimum throughput was specified")) {
        let message = format!("{} stopped in the middle of its answer", context.place());
        return Some(context.fault(FaultKind::Network, message));
    }
    io_kind(error)?;
    let message = format!("the answer of {} broke off: {}", context.place(), because(error));
    Some(context.fault(FaultKind::Network, message))
}

/// There was no answer, or nothing to sign with.
pub(super) fn unreached(context: &CallContext<'_>, failure: &DispatchFailure, error: &(dyn Error + 'static)) -> Fault {
    if let Some(credentials) = credentials_error(error) {
        return no_credentials(context, credentials);
    }
    let why = because(error);
    let lower = why.to_ascii_lowercase();
    let proxy = if lower.contains("tunnel error") { "the proxy on the way to " } else { "" };
    let place = format!("{proxy}{}", context.place());
    let message = if lower.contains("certificate") {
        untrusted(&place, &why)
    } else if lower.contains("dns error") || lower.contains("lookup address") {
        format!("the name of {place} is not known: {why}")
    } else if io_kind(error) == Some(io::ErrorKind::ConnectionRefused) {
        format!("{place} refused the connection: {why}")
    } else if lower.contains("connect timeout") {
        format!("no connection to {place} within {} s", CONNECT_TIMEOUT.as_secs())
    } else if failure.is_timeout() {
        format!("{place} stopped answering: {why}")
    } else {
        format!("the connection to {place} failed: {why}")
    };
    context.fault(FaultKind::Network, message)
}

/// Describes what is wrong with the certificate of a server, in the TLS library's words, and what to do about it.
fn untrusted(place: &str, why: &str) -> String {
    let is = |words| why.contains(words);
    match () {
        () if is("CaUsedAsEndEntity") => format!(
            "the certificate of {place} is a certificate authority's own (CA:TRUE), which is accepted from the bundle alone, and \
             not through a proxy: put it into AWS_CA_BUNDLE, or let it sign a certificate for the server"
        ),
        () if is("not valid for name") => format!("the certificate of {place} is for another name: {why}"),
        () if is("certificate expired") => {
            let day = day_after(why, "is not valid after ");
            format!("the certificate of {place} expired on {day}, or the clock of this machine is wrong")
        }
        () if is("not valid yet") => {
            let day = day_after(why, "is not valid before ");
            format!("the certificate of {place} is not valid before {day}, or the clock of this machine is wrong")
        }
        () => format!(
            "the certificate of {place} is not trusted: {why}; if a proxy re-signs TLS, set AWS_CA_BUNDLE to its certificate"
        ),
    }
}

/// Returns the day of the Unix time that follows some words.
fn day_after(text: &str, words: &str) -> String {
    let seconds = text.split_once(words).and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    let day = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    day.map_or_else(|| "a day that is not known".to_owned(), |day| day.strftime("%Y-%m-%d").to_string())
}

/// Whether the request certainly never left: nothing to sign with, or no connection.
pub(super) fn never_left(error: &(dyn Error + 'static)) -> bool {
    let is_connecting = |cause: &(dyn Error + 'static)| {
        let text = cause.to_string().to_ascii_lowercase();
        ["client error (connect)", "connect timeout", "dns error"].iter().any(|words| text.contains(words))
    };
    credentials_error(error).is_some()
        || io_kind(error) == Some(io::ErrorKind::ConnectionRefused)
        || chain(error).any(is_connecting)
}

/// The request could not even be made: no credentials, a bad endpoint, a missing value.
pub(super) fn before_sending(context: &CallContext<'_>, error: &(dyn Error + 'static)) -> Fault {
    if let Some(credentials) = credentials_error(error) {
        return no_credentials(context, credentials);
    }
    context.fault(FaultKind::Invalid, format!("the request could not be made: {}", because(error)))
}

/// There was nothing to sign the call with: why, and of which kind that is.
fn no_credentials(context: &CallContext<'_>, error: &CredentialsError) -> Fault {
    let kind = credentials_kind(error);
    context.fault(kind, credentials_message(kind, context.operation, &credentials_words(error)))
}

/// Returns the message of a fault of this kind that was caused by credentials. Missing or expired ones need no
/// explanation.
pub(super) fn credentials_message(kind: FaultKind, operation: &str, words: &str) -> String {
    match kind {
        FaultKind::Expired => words.to_owned(),
        _ => format!("{CREDENTIALS_FOR}{operation} could not be fetched: {words}"),
    }
}

/// Words of causes that are the network's.
const NETWORK: &[&str] =
    &["dns error", "connect error", "connect timeout", "tunnel error", "timed out", "peer certificate", "network is"];

/// Returns the kind of a failure to get credentials: their provider could not be reached, refused, throttled us,
/// or failed; anything else is that there are none, or none that are valid.
pub(super) fn credentials_kind(error: &CredentialsError) -> FaultKind {
    // A chain lists what each of its providers lacks; that the last one, the instance's, is missing is usual.
    let is_chain = chain(error).any(|cause| cause.is::<ProviderChainError<CredentialsError>>());
    if is_chain {
        return FaultKind::Expired;
    }
    if chain(error).any(is_network) || matches!(error, CredentialsError::ProviderTimedOut(_)) {
        return FaultKind::Network;
    }
    let code = chain(error).find_map(code);
    code.map_or(FaultKind::Expired, |code| match code.to_ascii_lowercase() {
        // The portal's word for a token that has expired.
        code if code.starts_with("unauthorizedexception") || code.contains("expired") => FaultKind::Expired,
        code if code.starts_with("forbidden") => FaultKind::Denied,
        code if code.starts_with("internal") || code.starts_with("serviceunavailable") => FaultKind::Other,
        code => match kind(&code, "", 0) {
            kind @ (FaultKind::Denied | FaultKind::Throttled) => kind,
            _ => FaultKind::Expired,
        },
    })
}

fn is_network(cause: &(dyn Error + 'static)) -> bool {
    let connector = cause.downcast_ref::<ConnectorError>().is_some_and(|it| it.is_timeout() || it.is_io());
    let io = cause.downcast_ref::<io::Error>().is_some_and(|error| {
        use io::ErrorKind::{
            ConnectionAborted, ConnectionRefused, ConnectionReset, HostUnreachable, NetworkDown, NetworkUnreachable,
            TimedOut, UnexpectedEof,
        };
        let kinds = [ConnectionRefused, ConnectionReset, ConnectionAborted, HostUnreachable, NetworkUnreachable];
        kinds.contains(&error.kind()) || [NetworkDown, TimedOut, UnexpectedEof].contains(&error.kind())
    });
    let text = cause.to_string().to_ascii_lowercase();
    connector || io || NETWORK.iter().any(|words| text.starts_with(words))
}

/// AWS's code, if a cause is a refusal: from its metadata, or as the SDK's errors begin, `UnauthorizedException: …`.
fn code(cause: &(dyn Error + 'static)) -> Option<String> {
    if let Some(refusal) = cause.downcast_ref::<ErrorMetadata>() {
        return refusal.code().map(str::to_owned);
    }
    let text = cause.to_string();
    let first = text.split([':', ' ']).next().unwrap_or_default();
    let is_code = ["Exception", "Error", "Denied", "Throttling", "Failure"].iter().any(|end| first.ends_with(end));
    (is_code && first.chars().all(char::is_alphanumeric)).then(|| first.to_owned())
}

/// Returns the message of the credentials providers: `the SSO token has expired and cannot be refreshed`.
pub(super) fn credentials_words(error: &CredentialsError) -> String {
    match error.source().and_then(|cause| cause.downcast_ref::<ProviderChainError<CredentialsError>>()) {
        Some(nowhere) => {
            let tried = nowhere.attempts().iter().map(|attempt| {
                let words = because(attempt.error());
                format!("{}: {}", attempt.name(), if words == attempt.error().to_string() { "none" } else { &words })
            });
            format!("none were found ({})", tried.collect::<Vec<_>>().join("; "))
        }
        None => because(error),
    }
}

fn credentials_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CredentialsError> {
    chain(error).filter_map(|error| error.downcast_ref()).last()
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    chain(error).filter_map(|error| error.downcast_ref::<io::Error>()).last().map(io::Error::kind)
}

/// Returns the causes of a failure from the outside in, without those that only announce a cause.
fn because(error: &(dyn Error + 'static)) -> String {
    let mut reported: Vec<String> = Vec::new();
    for cause in chain(error).skip(1).filter(|cause| !cause.is::<ConnectorError>()) {
        let text = match cause.downcast_ref::<ErrorMetadata>() {
            Some(refusal) => [refusal.code(), refusal.message()].into_iter().flatten().collect::<Vec<_>>().join(": "),
            None => cause.to_string().split_whitespace().map(without_secret).collect::<Vec<_>>().join(" "),
        };
        let says_nothing = text.is_empty() || WRAPPINGS.iter().any(|wrapping| text.starts_with(wrapping));
        if !says_nothing && !reported.iter().any(|before| before.contains(&text)) {
            reported.push(text);
        }
    }
    if reported.is_empty() { error.to_string() } else { reported.join(": ") }
}

/// A word, which may be a URL with a password or a signature in it.
fn without_secret(word: &str) -> std::borrow::Cow<'_, str> {
    if word.contains("://") { masked_url(word) } else { word.into() }
}

/// The innermost cause, without the dump of an element that the XML reader appends.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let text = chain(error).last().map(ToString::to_string).unwrap_or_default();
    quote::quoted(text.split(" got StartEl").next().unwrap_or_default(), false)
}

/// The error and its causes. An [`io::Error`] hides the one it was made of from `source`.
pub(super) fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;

    use super::*;
    use crate::model::{Moment, Service};

    fn context(operation: &'static str) -> CallContext<'static> {
        let (service, local) = (Service::Beanstalk, Moment::EPOCH);
        CallContext { service, operation, region: Some("eu-west-1"), endpoint: None, local }
    }

    fn reported(operation: &'static str, status: u16, headers: &[(&'static str, &str)], body: &str) -> Fault {
        let mut raw = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        for (name, value) in headers {
            raw.headers_mut().insert(*name, (*value).to_owned());
        }
        nonsense(&context(operation), &raw, &io::Error::other("invalid value: SECRET"))
    }

    #[test]
    fn a_redirect_says_where_to() {
        for status in [301, 302, 303, 307, 308] {
            let to = [("location", "https://me:SECRET@login.corp.example/a?ticket=SECRET")];
            let fault = reported("DescribeEnvironments", status, &to, "");
            assert_eq!(fault.kind, FaultKind::Other);
            let expected = format!(
                "the endpoint answered Beanstalk's DescribeEnvironments with a redirect to \
                 https://***@login.corp.example/a?… (HTTP {status}): a proxy or a login page answers in AWS's place"
            );
            assert_eq!(&*fault.message, expected);
        }
        assert!(reported("DescribeEnvironments", 302, &[], "").message.contains("a redirect to nowhere"));
        assert!(reported("DescribeEnvironments", 200, &[("location", "x")], "").message.contains("an empty body"));
    }

    #[test]
    fn a_web_page_is_one_line_and_its_bytes_are_details() {
        let page = format!("<!doctype html><html><head><title>Hotel WiFi</title></head>{}", "<p>x</p>\n".repeat(500));
        let fault = reported("DescribeEnvironments", 200, &[("content-type", "text/html")], &page);
        assert_eq!(
            &*fault.message,
            "the endpoint answered Beanstalk's DescribeEnvironments with a web page \"Hotel WiFi\" (HTTP 200): a proxy or \
             a login page answers in AWS's place"
        );
        assert_eq!(fault.kind, FaultKind::Other);
        assert!(fault.details.as_deref().is_some_and(|details| details.starts_with("<!doctype html>")));
        assert_eq!(reported("DescribeEnvironments", 502, &[], &page).kind, FaultKind::Other);
        assert_eq!(reported("DescribeEnvironments", 429, &[], &page).kind, FaultKind::Throttled);
    }

    #[test]
    fn of_answers_that_can_hold_secrets_nothing_is_repeated() {
        let body = "<R><Value>SECRET</Value><Option>SECR";
        for content in ["text/xml", "application/json", "text/html", ""] {
            for status in [200, 500] {
                let fault = reported("DescribeConfigurationSettings", status, &[("content-type", content)], body);
                assert!(!format!("{fault:?}").contains("SECR"), "{fault:?}");
            }
        }
        let fault = reported("DescribeConfigurationSettings", 200, &[], body);
        assert!(fault.message.contains("<R><Value>…</Value>"), "{}", fault.message);
        assert!(reported("DescribeEvents", 200, &[], body).message.contains("SECRET"));
    }

    /// Errors as the providers of `aws-config` nest them.
    fn credentials(cause: impl Error + Send + Sync + 'static) -> CredentialsError {
        CredentialsError::provider_error(cause)
    }

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Words(&'static str, #[source] Option<Box<dyn Error + Send + Sync>>);

    fn nested(words: &'static str, cause: impl Error + Send + Sync + 'static) -> Words {
        Words(words, Some(Box::new(cause)))
    }

    #[test]
    fn what_keeps_credentials_away_has_its_own_kind() {
        let plain = |words| credentials(Words(words, None));
        let refused = |code: &str| {
            let metadata = ErrorMetadata::builder().code(code).message("no").build();
            credentials(nested("an error occurred while loading credentials", nested("service error", metadata)))
        };
        let io = |kind| {
            let cause = ConnectorError::io(io::Error::from(kind).into());
            credentials(nested("failed to load credentials", nested("dispatch failure", cause)))
        };
        let table = [
            // The network: of the SSO portal, of STS, of an endpoint in a container.
            (io(io::ErrorKind::ConnectionRefused), FaultKind::Network),
            (io(io::ErrorKind::ConnectionReset), FaultKind::Network),
            (io(io::ErrorKind::TimedOut), FaultKind::Network),
            (plain("dns error: failed to lookup address information"), FaultKind::Network),
            (plain("tunnel error: failed to create underlying connection"), FaultKind::Network),
            (CredentialsError::provider_timed_out(std::time::Duration::from_secs(5)), FaultKind::Network),
            // Expired.
            (plain("the SSO token has expired and cannot be refreshed"), FaultKind::Expired),
            (plain("UnauthorizedException: Session token not found or invalid"), FaultKind::Expired),
            (refused("ExpiredTokenException"), FaultKind::Expired),
            (refused("InvalidGrantException"), FaultKind::Expired),
            // Missing.
            (CredentialsError::not_loaded("no profile"), FaultKind::Expired),
            (credentials(io::Error::from(io::ErrorKind::NotFound)), FaultKind::Expired),
            (plain("external process exited with code exit status: 1"), FaultKind::Expired),
            (CredentialsError::invalid_configuration("no such source profile"), FaultKind::Expired),
            // Refused.
            (refused("AccessDenied"), FaultKind::Denied),
            (plain("ForbiddenException: No access"), FaultKind::Denied),
            // Slowed down, or broken at their side.
            (refused("ThrottlingException"), FaultKind::Throttled),
            (plain("TooManyRequestsException: slow down"), FaultKind::Throttled),
            (refused("InternalFailure"), FaultKind::Other),
        ];
        for (error, kind) in table {
            let words = format!("{error:?}");
            assert_eq!(credentials_kind(&error), kind, "{words}");
            let fault = no_credentials(&context("DescribeEnvironments"), &error);
            let is_named = fault.message.contains("the credentials for DescribeEnvironments");
            assert_eq!(is_named, kind != FaultKind::Expired, "{}", fault.message);
            assert!(fault.lacks_credentials(), "{}", fault.message);
        }
    }
}
