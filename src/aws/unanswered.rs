//! The words for a call that AWS did not answer: nobody was reached, somebody else answered, or there was nothing to
//! sign with.
//!
//! What really happened is deep inside of the SDK's errors, so their causes are walked from the outside in. An answer
//! that is not AWS's is quoted, for its first words tell who sent it.

use std::error::Error;
use std::io;

use aws_config::meta::ProviderChainError;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::{ConnectorError, DispatchFailure};
use aws_smithy_types::error::ErrorMetadata;

use super::clients::CONNECT_TIMEOUT;
use super::fault::Asked;
use crate::model::{Fault, FaultKind};

/// How much of an answer that is not AWS's is quoted, in characters.
const QUOTED: usize = 200;

/// Beginnings of what the SDK and its HTTP library say around the cause.
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
pub(super) fn nonsense(asked: &Asked<'_>, raw: &HttpResponse, error: &(dyn Error + 'static)) -> Fault {
    let status = raw.status().as_u16();
    let content = raw.headers().get("content-type").filter(|content| !content.is_empty()).unwrap_or("no content type");
    let body = String::from_utf8_lossy(raw.body().bytes().unwrap_or_default());
    let what = format!("{}'s {}", asked.service.title(), asked.operation);
    let message = if body.trim().is_empty() {
        format!("the endpoint answered {what} with an empty body (HTTP {status}, {content})")
    } else {
        let why = if raw.status().is_success() { format!("; {}", innermost(error)) } else { String::new() };
        let quoted = beginning(&body);
        format!(
            "the endpoint answered {what} with something that is no AWS answer (HTTP {status}, {content}{why}): {quoted}"
        )
    };
    let kind = if status == 429 { FaultKind::Throttled } else { FaultKind::Other };
    asked.fault(kind, message)
}

/// An answer of which the connection broke, or stopped, in the middle; `None` if that is not what happened.
pub(super) fn broken_off(asked: &Asked<'_>, error: &(dyn Error + 'static)) -> Option<Fault> {
    // The SDK gives an answer up that has not moved for some seconds.
    if chain(error).any(|cause| cause.to_string().starts_with("minimum throughput was specified")) {
        let message = format!("{} stopped in the middle of its answer", asked.place());
        return Some(asked.fault(FaultKind::Network, message));
    }
    io_kind(error)?;
    let message = format!("the answer of {} broke off: {}", asked.place(), because(error));
    Some(asked.fault(FaultKind::Network, message))
}

/// The beginning of a text, on one line.
fn beginning(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Nobody answered, or there was nothing to sign with.
pub(super) fn unreached(asked: &Asked<'_>, failure: &DispatchFailure, error: &(dyn Error + 'static)) -> Fault {
    if let Some(credentials) = credentials_error(error) {
        return asked.fault(FaultKind::Expired, credentials_words(credentials));
    }
    let why = because(error);
    let lower = why.to_ascii_lowercase();
    let proxy = if lower.contains("tunnel error") { "the proxy on the way to " } else { "" };
    let place = format!("{proxy}{}", asked.place());
    let message = if lower.contains("certificate") {
        format!(
            "the certificate of {place} is not trusted: {why}; if a proxy re-signs TLS, set AWS_CA_BUNDLE to its certificate"
        )
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
    asked.fault(FaultKind::Network, message)
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
pub(super) fn before_sending(asked: &Asked<'_>, error: &(dyn Error + 'static)) -> Fault {
    if let Some(credentials) = credentials_error(error) {
        return asked.fault(FaultKind::Expired, credentials_words(credentials));
    }
    asked.fault(FaultKind::Invalid, format!("the request could not be made: {}", because(error)))
}

/// What the credentials providers say: `the SSO token has expired and cannot be refreshed`.
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

/// The causes of a failure from the outside in, without those that only say that there is a cause.
fn because(error: &(dyn Error + 'static)) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in chain(error).skip(1).filter(|cause| !cause.is::<ConnectorError>()) {
        let text = match cause.downcast_ref::<ErrorMetadata>() {
            Some(refusal) => [refusal.code(), refusal.message()].into_iter().flatten().collect::<Vec<_>>().join(": "),
            None => cause.to_string().split_whitespace().collect::<Vec<_>>().join(" "),
        };
        let says_nothing = text.is_empty() || WRAPPINGS.iter().any(|wrapping| text.starts_with(wrapping));
        if !says_nothing && !told.iter().any(|before| before.contains(&text)) {
            told.push(text);
        }
    }
    if told.is_empty() { error.to_string() } else { told.join(": ") }
}

/// The innermost cause, without the dump of an element that the XML reader appends.
fn innermost(error: &(dyn Error + 'static)) -> String {
    let text = chain(error).last().map(ToString::to_string).unwrap_or_default();
    beginning(text.split(" got StartEl").next().unwrap_or_default())
}

/// The error and its causes. An [`io::Error`] hides the one it was made of from `source`.
pub(super) fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => error.source(),
    })
}
