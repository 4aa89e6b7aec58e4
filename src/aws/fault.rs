//! From any failure of a call to a [`Fault`]: its kind and its message.
//!
//! The kind follows from AWS's code: see [`super::error_codes`]. What has no code is not AWS's: see [`super::unanswered`].

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::call_context::CallContext;
use super::clients::OPERATION_TIMEOUT;
use super::convert::text;
use super::error_codes::kind;
use super::limit;
use super::skew::wrong_clock;
use super::unanswered::{before_sending, broken_off, never_left, nonsense, unreached};
use crate::model::{Fault, FaultKind};

/// What went wrong with the call.
pub(super) fn fault<E>(context: &CallContext<'_>, error: &SdkError<E, HttpResponse>) -> Fault
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let code = error.code().filter(|code| !code.is_empty());
    let mut fault = match (code, error) {
        (None, _) if limit::is_too_large(error) => {
            let most = limit::MOST >> 20;
            let what = format!("{} answered {} with more than {most} MiB", context.place(), context.operation);
            context.fault(FaultKind::Other, format!("{what}: the answer was refused"))
        }
        (Some(code), _) => refusal(context, code, error.message(), error.raw_response()),
        (None, SdkError::ServiceError(answer)) => nonsense(context, answer.raw(), answer.err()),
        (None, SdkError::ResponseError(answer)) => {
            broken_off(context, error).unwrap_or_else(|| nonsense(context, answer.raw(), error))
        }
        (None, SdkError::TimeoutError(_)) => {
            let seconds = OPERATION_TIMEOUT.as_secs();
            context.fault(FaultKind::Network, format!("{} gave no answer within {seconds} s", context.place()))
        }
        (None, SdkError::DispatchFailure(failure)) => unreached(context, failure, error),
        (None, error) => before_sending(context, error),
    };
    fault.request_id = error.raw_response().and_then(|raw| text(raw.request_id()));
    fault
}

/// Whether AWS may have done it although the call failed: it broke at AWS's side, or it is not known how it ended.
pub(super) fn may_have_been_taken<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: Error + ProvideErrorMetadata + 'static,
{
    let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
    match (error.code().filter(|code| !code.is_empty()), error) {
        (Some(code), _) => status >= 500 && kind(code, "", status) != FaultKind::Throttled,
        (None, SdkError::ConstructionFailure(_)) => false,
        (None, SdkError::DispatchFailure(_)) => !never_left(error),
        (None, _) => true,
    }
}

/// Returns the fault of a refusal, by AWS or something that speaks its protocol.
fn refusal(context: &CallContext<'_>, code: &str, message: Option<&str>, raw: Option<&HttpResponse>) -> Fault {
    let status = raw.map_or(0, |raw| raw.status().as_u16());
    let mut message = match message.map(|message| without_signature(message).trim()) {
        Some(message) if !message.is_empty() => message.to_owned(),
        _ => format!("{code}, without a message (HTTP {status})"),
    };
    let mut kind = kind(code, &message, status);
    if let Some(words) = wrong_clock(code, &message, raw, context.local) {
        message += &words;
        kind = FaultKind::Other;
    }
    Fault { kind, code: text(Some(code)), ..context.fault(kind, message) }
}

/// A refusal of a signature without the request that it quotes: that holds the session token.
fn without_signature(message: &str) -> &str {
    let quotes = ["The Canonical String", "The String-to-Sign", "Authorization="];
    quotes.iter().filter_map(|quote| message.find(quote)).min().map_or(message, |at| &message[..at])
}

#[cfg(test)]
mod tests {
    use std::io;

    use aws_credential_types::provider::error::CredentialsError;
    use aws_smithy_runtime_api::client::result::ConnectorError;
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    use super::*;
    use crate::model::{Moment, Service};

    const ASKED: CallContext<'_> = CallContext {
        service: Service::Beanstalk,
        operation: "DescribeEnvironments",
        region: Some("eu-west-1"),
        endpoint: None,
        local: Moment::EPOCH,
    };

    type TestError = SdkError<ErrorMetadata, HttpResponse>;

    fn answer(status: u16, content: &str, body: &str) -> HttpResponse {
        let mut answer = HttpResponse::new(StatusCode::try_from(status).unwrap(), SdkBody::from(body));
        answer.headers_mut().insert("content-type", content.to_owned());
        answer
    }

    fn refused(code: &str, message: &str, status: u16) -> TestError {
        let error = ErrorMetadata::builder().code(code).message(message).build();
        SdkError::service_error(error, answer(status, "text/xml", "<ErrorResponse/>"))
    }

    #[test]
    fn codes_of_every_protocol_are_told_apart() {
        let table = [
            ("Throttling", 400, FaultKind::Throttled),
            ("ThrottlingException", 400, FaultKind::Throttled),
            ("RequestLimitExceeded", 503, FaultKind::Throttled),
            ("TooManyRequestsException", 429, FaultKind::Throttled),
            ("LimitExceeded", 400, FaultKind::Throttled),
            ("PriorRequestNotComplete", 429, FaultKind::Throttled),
            ("Anything", 429, FaultKind::Throttled),
            ("ExpiredToken", 403, FaultKind::Expired),
            ("ExpiredTokenException", 400, FaultKind::Expired),
            ("RequestExpired", 400, FaultKind::Expired),
            ("InvalidClientTokenId", 403, FaultKind::Expired),
            ("UnrecognizedClientException", 400, FaultKind::Expired),
            ("AuthFailure", 401, FaultKind::Expired),
            ("SignatureDoesNotMatch", 403, FaultKind::Expired),
            ("MissingAuthenticationToken", 403, FaultKind::Expired),
            ("AccessDenied", 403, FaultKind::Denied),
            ("accessdeniedexception", 400, FaultKind::Denied),
            ("UnauthorizedOperation", 403, FaultKind::Denied),
            ("InsufficientPrivilegesException", 403, FaultKind::Denied),
            ("LoadBalancerNotFound", 400, FaultKind::NotFound),
            ("TargetGroupNotFound", 400, FaultKind::NotFound),
            ("InvalidInstanceID.NotFound", 400, FaultKind::NotFound),
            ("ResourceNotFoundException", 400, FaultKind::NotFound),
            ("ValidationError", 400, FaultKind::Invalid),
            ("InvalidParameterValue", 400, FaultKind::Invalid),
            ("InvalidNextToken", 400, FaultKind::Invalid),
            ("InvalidRequestException", 400, FaultKind::Invalid),
            ("InvalidAction", 400, FaultKind::Invalid),
            ("RulesPerSecurityGroupLimitExceeded", 400, FaultKind::Invalid),
            ("InternalFailure", 500, FaultKind::Other),
            ("HealthUnavailable", 500, FaultKind::Other),
            ("ServiceUnavailable", 503, FaultKind::Other),
            ("RequestTimeout", 400, FaultKind::Network),
        ];
        for (code, status, expected) in table {
            let fault = fault(&ASKED, &refused(code, "words", status));
            assert_eq!((fault.kind, fault.code.as_deref()), (expected, Some(code)));
            assert_eq!(&*fault.message, "words");
        }
    }

    #[test]
    fn an_environment_that_is_gone_is_not_found() {
        let message = "No Environment found for EnvironmentId = 'e-abc1234567'.";
        assert_eq!(fault(&ASKED, &refused("InvalidParameterValue", message, 400)).kind, FaultKind::NotFound);
    }

    #[test]
    fn a_refusal_without_words_still_says_something() {
        assert_eq!(&*fault(&ASKED, &refused("Odd", " ", 400)).message, "Odd, without a message (HTTP 400)");
    }

    #[test]
    fn an_answer_that_is_not_from_aws_is_quoted() {
        let say = |status, content, body: &str| {
            let error = SdkError::service_error(ErrorMetadata::builder().build(), answer(status, content, body));
            fault(&ASKED, &error)
        };
        let found = say(404, "application/json", "{\"detail\":\n  \"Not Found\"}");
        assert_eq!(found.kind, FaultKind::Other);
        assert_eq!(
            &*found.message,
            "the endpoint answered Beanstalk's DescribeEnvironments with something that is no AWS answer \
             (HTTP 404, application/json): {\"detail\": \"Not Found\"}"
        );
        let empty = say(502, "", "  ");
        assert_eq!(
            &*empty.message,
            "the endpoint answered Beanstalk's DescribeEnvironments with an empty body (HTTP 502, no content type)"
        );
        let long = say(500, "text/plain", &"<é>".repeat(200));
        assert!(long.message.ends_with('…') && long.message.contains("text/plain"), "{}", long.message);
    }

    #[test]
    fn missing_credentials_come_out_of_a_failure_to_dispatch() {
        let cause = CredentialsError::provider_error("the SSO token has expired and cannot be refreshed");
        let error = TestError::dispatch_failure(ConnectorError::other(cause.into(), None));
        let reported = fault(&ASKED, &error);
        assert_eq!(reported.kind, FaultKind::Expired);
        assert_eq!(&*reported.message, "the SSO token has expired and cannot be refreshed");
    }

    #[test]
    fn a_refused_signature_does_not_repeat_the_request_that_was_signed() {
        let said = |code, words| fault(&ASKED, &refused(code, words, 403)).message;
        let words = "It does not match.\n\nThe Canonical String for this request should have been\n'SECRET'";
        assert_eq!(&*said("SignatureDoesNotMatch", words), "It does not match.");
        assert_eq!(&*said("IncompleteSignature", "no Signature. Authorization=SECRET"), "no Signature.");
    }

    #[test]
    fn failures_of_the_network_say_which_and_where() {
        let io = |kind, text: &str| {
            let cause = io::Error::new(kind, text.to_owned());
            fault(&ASKED, &TestError::dispatch_failure(ConnectorError::io(cause.into())))
        };
        let table = [
            (io(io::ErrorKind::ConnectionRefused, "refused (os error 111)"), "refused the connection"),
            (io(io::ErrorKind::Other, "dns error: failed to lookup address information"), "is not known"),
            (io(io::ErrorKind::InvalidData, "invalid peer certificate: UnknownIssuer"), "AWS_CA_BUNDLE"),
            (io(io::ErrorKind::InvalidData, "certificate: Other(CaUsedAsEndEntity)"), "(CA:TRUE)"),
            (io(io::ErrorKind::ConnectionReset, "reset by peer"), "the connection to"),
            (io(io::ErrorKind::ConnectionRefused, "tunnel error: refused"), "the proxy on the way to"),
            (fault(&ASKED, &TestError::timeout_error("slow")), "gave no answer within 15 s"),
        ];
        for (reported, words) in table {
            assert_eq!(reported.kind, FaultKind::Network);
            assert!(reported.message.contains(words), "{}", reported.message);
            assert!(reported.message.contains("Beanstalk's endpoint in eu-west-1"), "{}", reported.message);
        }
    }

    #[test]
    fn a_write_is_lost_only_if_aws_may_have_taken_it() {
        let io = |kind| TestError::dispatch_failure(ConnectorError::io(io::Error::from(kind).into()));
        let credentials = CredentialsError::provider_error("expired");
        let page = SdkError::service_error(ErrorMetadata::builder().build(), answer(200, "text/html", "<html>"));
        let table = [
            (refused("InvalidParameterValue", "no", 400), false),
            (refused("Throttling", "Rate exceeded", 400), false),
            (refused("RequestLimitExceeded", "no", 503), false),
            (refused("InternalFailure", "oh", 500), true),
            (TestError::construction_failure("no host"), false),
            (io(io::ErrorKind::ConnectionRefused), false),
            (io(io::ErrorKind::ConnectionReset), true),
            (TestError::dispatch_failure(ConnectorError::other(credentials.into(), None)), false),
            (TestError::timeout_error("slow"), true),
            (page, true),
        ];
        for (error, expected) in table {
            assert_eq!(may_have_been_taken(&error), expected, "{error:?}");
        }
    }

    #[test]
    fn a_request_that_cannot_be_made_is_invalid() {
        let reported = fault(&ASKED, &TestError::construction_failure("no host in the endpoint"));
        assert_eq!(reported.kind, FaultKind::Invalid);
        assert_eq!(&*reported.message, "the request could not be made: no host in the endpoint");
    }

    #[test]
    fn a_wrong_clock_is_not_reported_as_expired_credentials() {
        let refused_at = |code: &str, message: &str, date: &str| {
            let mut raw = answer(403, "text/xml", "");
            raw.headers_mut().insert("date", date.to_owned());
            let error = ErrorMetadata::builder().code(code).message(message).build();
            fault(&ASKED, &TestError::service_error(error, raw))
        };
        let (off, right) = ("Thu, 01 Jan 1970 00:10:00 GMT", "Thu, 01 Jan 1970 00:00:30 GMT");
        let reported = refused_at("SignatureDoesNotMatch", "Signature expired", off);
        assert_eq!(reported.kind, FaultKind::Other);
        assert_eq!(&*reported.message, "Signature expired; this computer's clock is 10 min behind AWS's: set it right");
        assert_eq!(refused_at("SignatureDoesNotMatch", "Signature expired", right).kind, FaultKind::Expired);
        // Expired credentials are reported as expired, whatever the clock shows.
        for code in ["ExpiredToken", "RequestExpired", "InvalidClientTokenId"] {
            let reported = refused_at(code, "expired", off);
            assert_eq!((reported.kind, &*reported.message), (FaultKind::Expired, "expired"), "{code}");
        }
    }
}
