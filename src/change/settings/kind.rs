//! The values of a setting: its type and its range, and when two values are equal.
//!
//! A value is text on the wire, whatever its type; what is sent is the result of [`SettingKind::accept`]. (Elastic Load
//! Balancing API reference; Beanstalk Developer Guide for the options' own ranges.)

use std::collections::BTreeSet;

/// The type of a setting and its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number.
    Integer(u32, u32),
    /// This word, or a whole number.
    KeywordOrInteger(&'static str, u32, u32),
    /// A path with its query, from its slash on.
    Path,
    /// Status codes from the one to the other: `200`, `200,202`, `200-299`.
    Codes(u16, u16),
    /// The name of a cookie of the application's.
    CookieName,
    /// A bucket of S3; none is the empty text.
    Bucket,
    /// The beginning of the names of objects in S3; none is the empty text.
    Prefix,
    /// The value of an HTTP header; none is the empty text.
    HeaderValue,
    /// The name of an HTTP header.
    HeaderName,
    /// The ARN of a certificate of ACM or IAM.
    Certificate,
    /// The name of a TLS policy.
    Policy,
}

/// How two values are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// As whole numbers.
    Number,
    /// As `true` and `false`.
    Flag,
    /// As words, ignoring case.
    Word,
    /// As lists in any order.
    List,
    /// As they are.
    Text,
    /// As sets of status codes: `200,201` is `200-201`.
    Codes,
}

/// Cookies of the load balancer's own, whose names an application's must not begin with.
const RESERVED_COOKIES: [&str; 3] = ["AWSALB", "AWSALBAPP", "AWSALBTG"];

/// The most characters of a path and of a header.
const LONGEST: usize = 1024;

impl SettingKind {
    /// The value as it is sent, if it is in the range.
    #[must_use]
    pub fn accept(self, value: &str) -> Option<String> {
        let value = value.trim();
        let same = || value.to_owned();
        match self {
            Self::Flag => ["true", "false"].iter().find(|word| value.eq_ignore_ascii_case(word)).map(|it| (*it).into()),
            Self::Choice(words) => words.iter().find(|it| value.eq_ignore_ascii_case(it)).map(|it| (*it).into()),
            Self::KeywordOrInteger(word, ..) if value.eq_ignore_ascii_case(word) => Some(word.to_owned()),
            Self::Integer(from, to) | Self::KeywordOrInteger(_, from, to) => whole(value, from, to),
            Self::Path => is_path(value).then(same),
            Self::Codes(from, to) => status_codes(value, from, to),
            Self::CookieName => is_cookie_name(value).then(same),
            Self::Bucket => is_bucket(value).then(same),
            Self::Prefix => is_prefix(value).then(same),
            Self::HeaderValue => (value.len() <= LONGEST && value.chars().all(is_printable)).then(same),
            Self::HeaderName => is_header_name(value).then(same),
            Self::Certificate => is_certificate(value).then(same),
            Self::Policy => is_policy(value).then(same),
        }
    }

    /// Describes what is allowed.
    #[must_use]
    pub fn allowed(self) -> String {
        match self {
            Self::Flag => "true or false".into(),
            Self::Choice(words) => words.join(", "),
            Self::Integer(from, to) => format!("{from} to {to}"),
            Self::KeywordOrInteger(word, from, to) => format!("{word}, or {from} to {to}"),
            Self::Path => "a path from its slash on, 1 to 1024 characters".into(),
            Self::Codes(from, to) => format!("status codes {from} to {to}, as 200 or 200,202 or 200-299"),
            Self::CookieName => "the name of a cookie that does not begin with AWSALB".into(),
            Self::Bucket => "the name of a bucket of S3, or nothing".into(),
            Self::Prefix => "a prefix without a slash at its ends and without AWSLogs, or nothing".into(),
            Self::HeaderValue => "the value of a header, at most 1024 characters, or nothing".into(),
            Self::HeaderName => "the name of a header".into(),
            Self::Certificate => "the ARN of a certificate of ACM or IAM".into(),
            Self::Policy => "the name of a TLS policy".into(),
        }
    }

    /// How two values are the same.
    #[must_use]
    pub fn comparison(self) -> Comparison {
        match self {
            Self::Flag => Comparison::Flag,
            Self::Integer(..) | Self::KeywordOrInteger(..) => Comparison::Number,
            Self::Codes(..) => Comparison::Codes,
            Self::Choice(..) => Comparison::Word,
            Self::Certificate => Comparison::List,
            _ => Comparison::Text,
        }
    }
}

impl Comparison {
    /// Whether the two values are the same; texts that are not what they should be are compared as they are.
    #[must_use]
    pub fn is_same(self, one: &str, other: &str) -> bool {
        let (one, other) = (one.trim(), other.trim());
        match self {
            Self::Number => same_if_read(one.parse::<i64>().ok(), other.parse::<i64>().ok(), one == other),
            Self::Codes => same_if_read(codes(one), codes(other), one == other),
            Self::Flag | Self::Word => one.eq_ignore_ascii_case(other),
            Self::List => items(one) == items(other),
            Self::Text => one == other,
        }
    }
}

fn items(list: &str) -> BTreeSet<&str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty()).collect()
}

fn same_if_read<T: PartialEq>(one: Option<T>, other: Option<T>, as_texts: bool) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => as_texts,
    }
}

/// A number in the range, as AWS writes it. A sign or a space inside is none of AWS's.
fn whole(value: &str, from: u32, to: u32) -> Option<String> {
    let is_plain = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.parse::<u32>().ok().filter(|number| is_plain && (from..=to).contains(number))?;
    Some(number.to_string())
}

/// Returns the codes as they are sent: without spaces, which the API may reject.
fn status_codes(value: &str, from: u16, to: u16) -> Option<String> {
    let value: String = value.split_whitespace().collect();
    let part = |part: &str| {
        let (one, other) = part.split_once('-').unwrap_or((part, part));
        let (one, other) = (three_digits(one)?, three_digits(other)?);
        (from <= one && one <= other && other <= to).then_some(())
    };
    value.split(',').all(|it| part(it).is_some()).then_some(value)
}

fn three_digits(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_path(value: &str) -> bool {
    value.starts_with('/') && value.len() <= LONGEST && value.chars().all(|it| it.is_ascii_graphic())
}

fn is_cookie_name(value: &str) -> bool {
    let is_token = |it: char| it.is_ascii_graphic() && !"()<>@,;:\\\"/[]?={}".contains(it);
    let is_reserved = RESERVED_COOKIES.iter().any(|it| value.to_ascii_uppercase().starts_with(it));
    value.len() <= 256 && value.chars().all(is_token) && !is_reserved
}

fn is_bucket(value: &str) -> bool {
    let is_character = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || "-.".contains(it);
    value.is_empty() || ((3..=63).contains(&value.len()) && value.chars().all(is_character))
}

fn is_prefix(value: &str) -> bool {
    let is_bare = !value.starts_with('/') && !value.ends_with('/') && !value.contains("AWSLogs");
    is_bare && value.len() <= LONGEST && value.chars().all(|it| it.is_ascii_graphic())
}

fn is_header_name(value: &str) -> bool {
    let is_character = |it: char| it.is_ascii_alphanumeric() || "-_".contains(it);
    (1..=40).contains(&value.len()) && value.chars().all(is_character)
}

fn is_certificate(value: &str) -> bool {
    let is_named = value.contains(":certificate/") || value.contains(":server-certificate/");
    value.starts_with("arn:") && is_named && value.len() <= LONGEST && value.chars().all(|it| it.is_ascii_graphic())
}

fn is_policy(value: &str) -> bool {
    (1..=256).contains(&value.len()) && value.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
}

fn is_printable(it: char) -> bool {
    it == ' ' || it.is_ascii_graphic()
}

/// The status codes of a matcher: `200`, `200,202`, `200-299`.
fn codes(matcher: &str) -> Option<BTreeSet<u16>> {
    let mut codes = BTreeSet::new();
    for part in matcher.split(',').map(str::trim) {
        let (from, until) = part.split_once('-').unwrap_or((part, part));
        let (from, until) = (code(from)?, code(until)?);
        codes.extend(from..=until);
    }
    Some(codes)
}

/// A status has three digits; a number that is none would make an endless set.
fn code(text: &str) -> Option<u16> {
    text.trim().parse().ok().filter(|code| (100..1000).contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matchers_are_sets_of_codes() {
        assert!(Comparison::Codes.is_same("200,201,202", "200-202"));
        assert!(Comparison::Codes.is_same("202, 200", "200,202"));
        assert!(!Comparison::Codes.is_same("200-299", "200"));
        assert!(Comparison::Codes.is_same("odd", "odd") && !Comparison::Codes.is_same("odd", "200"));
        assert!(!Comparison::Codes.is_same("0-65535", "200"));
    }

    #[test]
    fn numbers_and_flags_are_not_texts() {
        assert!(Comparison::Number.is_same("020", "20") && !Comparison::Number.is_same("20", "300"));
        assert!(Comparison::Flag.is_same("True", "true") && !Comparison::Flag.is_same("true", "false"));
        assert!(!Comparison::Text.is_same("/Healthz", "/healthz"));
    }

    #[test]
    fn each_kind_takes_its_own_range_to_the_edge_and_no_further() {
        let slow_start = SettingKind::KeywordOrInteger("0", 30, 900);
        let table: &[(SettingKind, &[&str], &[&str])] = &[
            (SettingKind::Flag, &["true", "FALSE"], &["", "yes", "1"]),
            (SettingKind::Choice(&["on", "off"]), &["on", "OFF"], &["", "o"]),
            (
                SettingKind::Integer(5, 300),
                &["5", "300", " 007 "],
                &["4", "301", "-5", "+5", "1e2", "5.0", "", "99999999999"],
            ),
            (slow_start, &["0", "30", "900"], &["1", "29", "901"]),
            (SettingKind::KeywordOrInteger("off", 1, 100), &["off", "1", "100"], &["0", "101", "on"]),
            (SettingKind::Path, &["/", "/a?b=c"], &["", "a", "/a b", "/é"]),
            (
                SettingKind::Codes(200, 499),
                &["200", "200,301", "200-299", "200, 499"],
                &["199", "500", "299-200", "101", "", "2000", "200,", "-"],
            ),
            (
                SettingKind::CookieName,
                &["session", "connect.sid"],
                &["AWSALB", "AWSALBAPP-0", "awsalbtg", "a=b", "a b"],
            ),
            (SettingKind::Bucket, &["", "my-logs"], &["ab", "Logs", "a_b"]),
            (SettingKind::Prefix, &["", "a/b"], &["/a", "a/", "a/AWSLogs"]),
            (SettingKind::HeaderName, &["X-A_1"], &["", "a b", "a:b"]),
            (SettingKind::HeaderValue, &["", "max-age=1; x"], &["a\nb"]),
            (SettingKind::Certificate, &["arn:aws:acm:r:1:certificate/1"], &["", "certificate/1", "arn:aws:s3:::a"]),
            (SettingKind::Policy, &["ELBSecurityPolicy-2016-08"], &["", "a b"]),
        ];
        for (kind, taken, refused) in table {
            taken.iter().for_each(|it| assert!(kind.accept(it).is_some(), "{kind:?} refuses {it:?}"));
            refused.iter().for_each(|it| assert_eq!(kind.accept(it), None, "{kind:?} takes {it:?}"));
            assert!(!kind.allowed().is_empty());
        }
        assert!(SettingKind::Path.accept(&format!("/{}", "a".repeat(1023))).is_some());
        assert_eq!(SettingKind::Path.accept(&format!("/{}", "a".repeat(1024))), None);
    }

    #[test]
    fn what_is_sent_is_as_aws_writes_it() {
        assert_eq!(SettingKind::Integer(1, 50).accept(" 007").as_deref(), Some("7"));
        assert_eq!(SettingKind::Codes(200, 499).accept("200, 202").as_deref(), Some("200,202"));
        assert_eq!(SettingKind::Flag.accept("True").as_deref(), Some("true"));
    }
}
