//! Refusals because this machine's clock is wrong, recognized by the date of the answer.
//!
//! The client learns from that date how far the clock is off, and signs the next request with the right time: so a refused
//! request is sent once more. A second refusal has another cause, unless AWS's error still names the time.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::model::Moment;

/// From how many seconds on a clock is called wrong: AWS refuses from five minutes on.
const SKEW: u64 = 240;

/// Beginnings of the codes that a wrong clock causes; each may have another cause.
const CODES: &[&str] = &[
    "requestexpired",
    "requesttimetooskewed",
    "requestinthefuture",
    "signaturedoesnotmatch",
    "invalidsignature",
    "authfailure",
    "accessdeniedexception",
];

/// Returns whether AWS may have refused the call because this machine's clock, which shows `local`, is wrong.
pub(super) fn is_clock_skew<E>(error: &SdkError<E, HttpResponse>, local: Moment) -> bool
where
    E: ProvideErrorMetadata,
{
    begins(error.code().unwrap_or_default(), CODES) && skew(error.raw_response(), local).is_some()
}

/// What to add to the message of a refusal that AWS gives the clock as the reason of, if it is that.
pub(super) fn wrong_clock(code: &str, message: &str, raw: Option<&HttpResponse>, local: Moment) -> Option<String> {
    let is_said = ["Signature expired", "Signature not yet current"].iter().any(|words| message.starts_with(words));
    let is_about_time = begins(code, &["requesttimetooskewed", "requestinthefuture"])
        || (is_said && begins(code, &["signaturedoesnotmatch", "invalidsignature"]));
    let ahead = skew(raw, local).filter(|_| is_about_time)?;
    let (minutes, side) = (ahead.unsigned_abs() / 60, if ahead > 0 { "ahead of" } else { "behind" });
    Some(format!("; this computer's clock is {minutes} min {side} AWS's: set it right"))
}

fn begins(code: &str, beginnings: &[&str]) -> bool {
    let code = code.to_ascii_lowercase();
    beginnings.iter().any(|beginning| code.starts_with(beginning))
}

/// By how many seconds our clock is ahead of the answer's (`Date`), if that is enough to be refused.
fn skew(raw: Option<&HttpResponse>, local: Moment) -> Option<i64> {
    let date = raw?.headers().get("date")?;
    let theirs = DateTime::from_str(date, Format::HttpDate).ok()?;
    let ahead = local.0.as_second().saturating_sub(theirs.secs());
    (ahead.unsigned_abs() >= SKEW).then_some(ahead)
}

#[cfg(test)]
mod tests {
    use aws_smithy_runtime_api::http::StatusCode;
    use aws_smithy_types::body::SdkBody;
    use aws_smithy_types::error::ErrorMetadata;

    use super::*;

    /// A refusal that came when it was so many seconds past ten minutes after midnight at AWS. Here it is that time.
    fn refused(code: &str, message: &str, second: i64) -> (SdkError<ErrorMetadata, HttpResponse>, Moment) {
        let mut raw = HttpResponse::new(StatusCode::try_from(403).unwrap(), SdkBody::empty());
        let date = DateTime::from_secs(600 + second).fmt(Format::HttpDate).unwrap();
        raw.headers_mut().insert("date", date);
        let error = ErrorMetadata::builder().code(code).message(message).build();
        (SdkError::service_error(error, raw), Moment::EPOCH.plus(std::time::Duration::from_secs(600)))
    }

    #[test]
    fn what_a_wrong_clock_may_cause_is_sent_again_and_only_what_it_did_is_reported() {
        const EXPIRED: &str = "Signature expired: 20261127T100000Z is now earlier than 20261127T100500Z";
        const EARLY: &str = "Signature not yet current: 20261127T100000Z is still later than 20261127T095500Z";
        let behind = Some("; this computer's clock is 10 min behind AWS's: set it right");
        let ahead = Some("; this computer's clock is 10 min ahead of AWS's: set it right");
        for (code, message, second, is_sent_again, words) in [
            ("SignatureDoesNotMatch", EXPIRED, 600, true, behind),
            ("InvalidSignatureException", EARLY, -600, true, ahead),
            ("RequestTimeTooSkewed", "The difference is too large", 600, true, behind),
            ("RequestInTheFuture", "", -600, true, ahead),
            // Each of these has other causes, by which it is judged if it comes again.
            ("SignatureDoesNotMatch", "The request signature we calculated does not match", 600, true, None),
            ("RequestExpired", "Request has expired.", 600, true, None),
            ("AuthFailure", "AWS was not able to validate the provided access credentials", -600, true, None),
            ("AccessDeniedException", "no", 600, true, None),
            // And what no clock causes.
            ("ExpiredToken", "The security token included in the request is expired", 600, false, None),
            ("ExpiredTokenException", "The security token included in the request is expired", -600, false, None),
            ("InvalidClientTokenId", "no", 600, false, None),
            // Our clock is right, or nearly.
            ("SignatureDoesNotMatch", EXPIRED, 0, false, None),
            ("SignatureDoesNotMatch", EXPIRED, 239, false, None),
            ("SignatureDoesNotMatch", EXPIRED, -239, false, None),
            (
                "SignatureDoesNotMatch",
                EXPIRED,
                240,
                true,
                Some("; this computer's clock is 4 min behind AWS's: set it right"),
            ),
        ] {
            let (error, local) = refused(code, message, second);
            assert_eq!(is_clock_skew(&error, local), is_sent_again, "{code} {second}");
            let found = wrong_clock(code, message, error.raw_response(), local);
            assert_eq!(found.as_deref(), words, "{code} {message} {second}");
        }
        let (error, local) = refused("SignatureDoesNotMatch", EXPIRED, 600);
        let SdkError::ServiceError(context) = error else { panic!() };
        let undated = HttpResponse::new(context.raw().status(), SdkBody::empty());
        assert_eq!(wrong_clock("SignatureDoesNotMatch", EXPIRED, Some(&undated), local), None, "without a date");
    }
}
