//! What an error code of AWS means.
//!
//! Codes are compared by their beginnings and without regard to case, because the same refusal is spelt differently by
//! each protocol (`ExpiredToken`, `ExpiredTokenException`).

use crate::model::FaultKind;

/// Beginnings of codes in lower case with what they mean; the first that fits counts. Sources: the common errors of each
/// service's API reference, and the throttling codes of the SDK's retry classifier.
const CODES: &[(FaultKind, &[&str])] = &[
    (
        FaultKind::Throttled,
        &[
            "throttl",
            "requestthrottled",
            "requestlimitexceeded",
            "toomanyrequests",
            "limitexceeded",
            "slowdown",
            "bandwidthlimitexceeded",
            "priorrequestnotcomplete",
            "provisionedthroughputexceeded",
            "ec2throttled",
        ],
    ),
    (
        FaultKind::Expired,
        &[
            "expiredtoken",
            "requestexpired",
            "requesttimetooskewed",
            "requestinthefuture",
            "invalidclienttokenid",
            "unrecognizedclient",
            "invalidaccesskeyid",
            "authfailure",
            "missingauthenticationtoken",
            "signaturedoesnotmatch",
            "invalidsignature",
            "incompletesignature",
            "tokenrefreshrequired",
        ],
    ),
    (
        FaultKind::Denied,
        &[
            "accessdenied",
            "unauthorized",
            "insufficientprivileges",
            "notauthorized",
            "authorizationerror",
            "optinrequired",
        ],
    ),
    (FaultKind::Network, &["requesttimeout"]),
    (FaultKind::Other, &["internal", "serviceunavailable", "unavailable", "healthunavailable", "insufficientcapacity"]),
];

/// The kind of a refusal, by its code, without regard to case.
pub(super) fn kind(code: &str, message: &str, status: u16) -> FaultKind {
    let lower = code.to_ascii_lowercase();
    // Beanstalk has no code of its own for an environment that is gone: InvalidParameterValue, "No Environment found
    // for EnvironmentName = 'x'.". EC2's codes end in `.NotFound`.
    // S3's begin with `NoSuch`.
    if lower.contains("notfound")
        || lower.starts_with("nosuch")
        || message.to_ascii_lowercase().starts_with("no environment found")
    {
        return FaultKind::NotFound;
    }
    let known = CODES.iter().find(|(_, beginnings)| beginnings.iter().any(|beginning| lower.starts_with(beginning)));
    match known {
        Some((kind, _)) => *kind,
        None if status == 429 => FaultKind::Throttled,
        None if (400..500).contains(&status) => FaultKind::Invalid,
        None => FaultKind::Other,
    }
}
