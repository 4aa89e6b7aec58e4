//! The one table of Beanstalk options that have a live counterpart on a target group or a load balancer.
//!
//! Options that make another target group when they change (a process's Port and Protocol) are not in it: a group that
//! differs in them is not the process's, so they never drift. (Beanstalk Developer Guide, `aws:elasticbeanstalk:
//! environment:process` and `aws:elbv2:loadbalancer`; Elastic Load Balancing API.)

use std::collections::BTreeSet;

use crate::model::HealthCheck;

/// The namespace of the load balancer's options.
pub const LOAD_BALANCER_NAMESPACE: &str = "aws:elbv2:loadbalancer";

/// The namespace of a process's options.
#[must_use]
pub fn process_namespace(process: &str) -> String {
    format!("aws:elasticbeanstalk:environment:process:{process}")
}

/// Where the live value stands.
#[derive(Clone, Copy, Debug)]
pub enum Live {
    /// An attribute, by its key.
    Attribute,
    /// A field of the health check.
    HealthCheck(fn(&HealthCheck) -> Option<String>),
}

/// How two values are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// As whole numbers.
    Number,
    /// As `true` and `false`.
    Flag,
    /// As they are.
    Text,
    /// As sets of status codes: `200,201` is `200-201`.
    Codes,
}

/// When an option has a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Always.
    Always,
    /// While the target group is sticky.
    Sticky,
    /// While it is sticky by the load balancer's cookie.
    StickyByCookie,
}

/// An option and its live counterpart.
#[derive(Clone, Copy, Debug)]
pub struct OptionFacts {
    /// The option, as Beanstalk spells it.
    pub option: &'static str,
    /// The setting, as AWS spells the attribute, or `health_check.` and the field.
    pub key: &'static str,
    /// What it is while it is unset.
    pub default: &'static str,
    /// Where the live value stands.
    pub live: Live,
    /// How the two are compared.
    pub comparison: Comparison,
    pub(super) meaning: Meaning,
}

macro_rules! number {
    ($field:ident) => {
        Live::HealthCheck(|check| check.$field.map(|number| number.to_string()))
    };
}

macro_rules! text {
    ($field:ident) => {
        Live::HealthCheck(|check| check.$field.as_deref().map(str::to_owned))
    };
}

const fn option(
    option: &'static str,
    key: &'static str,
    default: &'static str,
    live: Live,
    comparison: Comparison,
) -> OptionFacts {
    OptionFacts { option, key, default, live, comparison, meaning: Meaning::Always }
}

/// The options of a process, each with its counterpart on the process's target group.
pub const PROCESS_OPTIONS: &[OptionFacts] = &[
    option("HealthCheckPath", "health_check.path", "/", text!(path), Comparison::Text),
    option("HealthCheckInterval", "health_check.interval", "15", number!(interval), Comparison::Number),
    option("HealthCheckTimeout", "health_check.timeout", "5", number!(timeout), Comparison::Number),
    option(
        "HealthyThresholdCount",
        "health_check.healthy_threshold",
        "3",
        number!(healthy_threshold),
        Comparison::Number,
    ),
    option(
        "UnhealthyThresholdCount",
        "health_check.unhealthy_threshold",
        "5",
        number!(unhealthy_threshold),
        Comparison::Number,
    ),
    option("MatcherHTTPCode", "health_check.matcher", "200", text!(matcher), Comparison::Codes),
    option("DeregistrationDelay", "deregistration_delay.timeout_seconds", "20", Live::Attribute, Comparison::Number),
    option("StickinessEnabled", "stickiness.enabled", "false", Live::Attribute, Comparison::Flag),
    OptionFacts {
        meaning: Meaning::Sticky,
        ..option("StickinessType", "stickiness.type", "lb_cookie", Live::Attribute, Comparison::Text)
    },
    OptionFacts {
        meaning: Meaning::StickyByCookie,
        ..option(
            "StickinessLBCookieDuration",
            "stickiness.lb_cookie.duration_seconds",
            "86400",
            Live::Attribute,
            Comparison::Number,
        )
    },
];

/// The options of a load balancer that is the environment's own.
pub const LOAD_BALANCER_OPTIONS: &[OptionFacts] =
    &[option("IdleTimeout", "idle_timeout.timeout_seconds", "60", Live::Attribute, Comparison::Number)];

impl Comparison {
    /// Whether the two values are the same; texts that are not what they should be are compared as they are.
    #[must_use]
    pub fn is_same(self, one: &str, other: &str) -> bool {
        let (one, other) = (one.trim(), other.trim());
        match self {
            Self::Number => same_if_read(one.parse::<i64>().ok(), other.parse::<i64>().ok(), one == other),
            Self::Codes => same_if_read(codes(one), codes(other), one == other),
            Self::Flag => one.eq_ignore_ascii_case(other),
            Self::Text => one == other,
        }
    }
}

fn same_if_read<T: PartialEq>(one: Option<T>, other: Option<T>, as_texts: bool) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one == other,
        _ => as_texts,
    }
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
    fn each_option_and_each_key_is_there_once() {
        let all = || PROCESS_OPTIONS.iter().chain(LOAD_BALANCER_OPTIONS);
        let names: BTreeSet<_> = all().map(|facts| facts.option).collect();
        let keys: BTreeSet<_> = all().map(|facts| facts.key).collect();
        assert_eq!((names.len(), keys.len()), (all().count(), all().count()));
    }
}
