//! When two values of a Beanstalk option are the same, however AWS writes them.
//!
//! AWS normalises what it is sent: `5 Minutes` comes back as `5 minute`, an instance profile's ARN as its name, `True` as
//! `true`. A list is the same in any order where its order means nothing. (Reports of Terraform's users.)

use std::collections::BTreeSet;

use super::settings;

/// Options that are lists in no order.
const LISTS: [&str; 9] = [
    "Rules",
    "SSLCertificateArns",
    "SecurityGroups",
    "Subnets",
    "ELBSubnets",
    "DBSubnets",
    "HostHeaders",
    "PathPatterns",
    "Custom Availability Zones",
];

/// Options that name something, by its name or its ARN.
const NAMES: [&str; 2] = ["IamInstanceProfile", "ServiceRole"];

/// Options whose values are words that ignore case.
const WORDS: [&str; 9] = [
    "Protocol",
    "ListenerEnabled",
    "ELBScheme",
    "LoadBalancerType",
    "EnvironmentType",
    "SystemType",
    "DeploymentPolicy",
    "BatchSizeType",
    "RollingUpdateType",
];

/// Returns whether two values of an option are the same. An option that is unset and one with an empty value are alike.
#[must_use]
pub fn is_same_value(option: &str, one: Option<&str>, other: Option<&str>) -> bool {
    let given = |value: Option<&'_ str>| value.map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned);
    match (given(one), given(other)) {
        (None, None) => true,
        (Some(one), Some(other)) => one == other || is_alike(option, &one, &other),
        _ => false,
    }
}

fn is_alike(option: &str, one: &str, other: &str) -> bool {
    let is_in = |names: &[&str]| names.contains(&option);
    let facts = settings().find(|facts| facts.option.is_some_and(|known| known.name == option));
    match facts {
        _ if is_in(&LISTS) => list(one) == list(other),
        _ if is_in(&NAMES) => name(one) == name(other),
        _ if is_in(&WORDS) => one.eq_ignore_ascii_case(other),
        Some(facts) => facts.is_same(one, other),
        None => {
            if let (Some(one), Some(other)) = (number(one), number(other)) {
                return one == other;
            }
            let (first, second) = (duration(one), duration(other));
            (is_flag(one) && one.eq_ignore_ascii_case(other)) || (first.is_some() && first == second)
        }
    }
}

fn list(text: &str) -> BTreeSet<&str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect()
}

fn name(text: &str) -> &str {
    if text.starts_with("arn:") { text.rsplit('/').next().unwrap_or(text) } else { text }
}

fn number(text: &str) -> Option<i64> {
    text.parse().ok()
}

fn is_flag(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false")
}

/// A number with its unit: `5 Minutes` is `5 minute`.
fn duration(text: &str) -> Option<(i64, String)> {
    let (count, unit) = text.split_once(' ')?;
    let unit = unit.trim().to_lowercase();
    let unit = unit.strip_suffix('s').unwrap_or(&unit);
    let is_unit = ["second", "minute", "hour", "day"].contains(&unit);
    number(count).filter(|_| is_unit).map(|count| (count, unit.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::is_same_value;

    #[test]
    fn values_are_the_same_however_aws_writes_them() {
        let profile = "arn:aws:iam::471108151234:instance-profile/aws-elasticbeanstalk-ec2-role";
        let table = [
            ("HealthCheckInterval", "015", "15", true),
            ("HealthCheckInterval", "15", "30", false),
            ("StickinessEnabled", "True", "true", true),
            ("MatcherHTTPCode", "200,201", "200-201", true),
            ("HealthCheckPath", "/Healthz", "/healthz", false),
            ("MonitoringInterval", "5 Minutes", "5 minute", true),
            ("MonitoringInterval", "5 minute", "1 minute", false),
            ("IamInstanceProfile", profile, "aws-elasticbeanstalk-ec2-role", true),
            ("IamInstanceProfile", profile, "another-role", false),
            ("SecurityGroups", "sg-1, sg-2", "sg-2,sg-1", true),
            ("SecurityGroups", "sg-1", "sg-2,sg-1", false),
            ("Rules", "default,chat", "chat,default", true),
            ("InstanceTypes", "t3.small,t3.micro", "t3.micro,t3.small", false),
            ("Protocol", "https", "HTTPS", true),
            ("MinSize", "02", "2", true),
            ("NODE_ENV", "Production", "production", false),
            ("EnhancedHealthAuthEnabled", "TRUE", "true", true),
        ];
        for (option, one, other, expected) in table {
            assert_eq!(is_same_value(option, Some(one), Some(other)), expected, "{option}: {one} {other}");
        }
        for (one, other) in [(None, None), (None, Some("")), (Some(" "), None), (Some(""), Some(""))] {
            assert!(is_same_value("SSLPolicy", one, other));
        }
        assert!(!is_same_value("SSLPolicy", None, Some("ELBSecurityPolicy-2016-08")));
    }
}
