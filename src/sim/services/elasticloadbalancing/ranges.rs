//! What ELB takes as the value of an attribute and of a field of a health check (API reference).
//!
//! The texts of the refusals are UNVERIFIED but for their codes.

use crate::sim::region::Pair;
use crate::sim::wire::refusal::Refusal;

/// What a value may be.
enum Takes {
    Words(&'static [&'static str]),
    Number(i64, i64),
    /// A word, or a number.
    Either(&'static str, i64, i64),
    Text,
}

const FLAG: Takes = Takes::Words(&["true", "false"]);

fn takes(key: &str) -> Takes {
    match key {
        "deregistration_delay.timeout_seconds" => Takes::Number(0, 3600),
        "stickiness.type" => Takes::Words(&["lb_cookie", "app_cookie"]),
        "stickiness.lb_cookie.duration_seconds" | "stickiness.app_cookie.duration_seconds" => Takes::Number(1, 604_800),
        "load_balancing.algorithm.type" => {
            Takes::Words(&["round_robin", "least_outstanding_requests", "weighted_random"])
        }
        "load_balancing.algorithm.anomaly_mitigation" => Takes::Words(&["on", "off"]),
        "slow_start.duration_seconds" => Takes::Either("0", 30, 900),
        "load_balancing.cross_zone.enabled" => Takes::Words(&["true", "false", "use_load_balancer_configuration"]),
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count" => Takes::Number(1, 1000),
        "target_group_health.dns_failover.minimum_healthy_targets.count" => Takes::Either("off", 1, 1000),
        it if it.starts_with("target_group_health.") => Takes::Either("off", 1, 100),
        "idle_timeout.timeout_seconds" => Takes::Number(1, 4000),
        "client_keep_alive.seconds" => Takes::Number(60, 604_800),
        "routing.http.desync_mitigation_mode" => Takes::Words(&["monitor", "defensive", "strictest"]),
        "routing.http.xff_header_processing.mode" => Takes::Words(&["append", "preserve", "remove"]),
        "ipv6.deny_all_igw_traffic" => FLAG,
        it if it.ends_with(".enabled") => FLAG,
        _ => Takes::Text,
    }
}

impl Takes {
    fn refuses(&self, value: &str) -> bool {
        let is_number = |from: i64, to: i64| value.parse::<i64>().is_ok_and(|number| (from..=to).contains(&number));
        match self {
            Self::Words(words) => !words.contains(&value),
            Self::Number(from, to) => !is_number(*from, *to),
            Self::Either(word, from, to) => value != *word && !is_number(*from, *to),
            Self::Text => value.len() > 1024,
        }
    }
}

/// Whether each key is one of the thing's and has a value that it may have.
pub(super) fn check_attributes(known: &[Pair], asked: &[Pair], thing: &str) -> Result<(), Refusal> {
    for (key, value) in asked {
        if !known.iter().any(|(name, _)| name == key) {
            return Err(Refusal::validation(format!("{thing} attribute key '{key}' is not recognized")));
        }
        if takes(key).refuses(value) {
            return Err(Refusal::validation(format!("'{value}' is not a valid value for {thing} attribute '{key}'")));
        }
    }
    Ok(())
}

/// Checks which values of a target group exclude each other, after all overrides.
pub(super) fn check_together(after: &[Pair]) -> Result<(), Refusal> {
    let value = |key: &str| after.iter().find(|(name, _)| name == key).map_or("", |(_, value)| value.as_str());
    let refused = |message: &str| Err(Refusal::bad_request("InvalidConfigurationRequest", message));
    if value("stickiness.type") == "app_cookie" {
        let name = value("stickiness.app_cookie.cookie_name");
        if name.is_empty() {
            return refused("You must specify a cookie name for application cookie stickiness");
        }
        if name.starts_with("AWSALB") {
            return refused("Cookie names with the following prefixes are not allowed: AWSALB, AWSALBAPP, AWSALBTG");
        }
    }
    let algorithm = value("load_balancing.algorithm.type");
    if value("load_balancing.algorithm.anomaly_mitigation") == "on" && algorithm != "weighted_random" {
        return refused("Anomaly mitigation needs the weighted random algorithm");
    }
    if value("slow_start.duration_seconds") != "0" && algorithm != "round_robin" {
        return refused("Slow start mode cannot be used with this routing algorithm");
    }
    Ok(())
}

/// Whether a field of a health check may have this value.
pub(super) fn check_field(name: &str, value: &str) -> Result<(), Refusal> {
    let is_within = |from: i64, to: i64| value.parse::<i64>().is_ok_and(|number| (from..=to).contains(&number));
    let (is_good, limits) = match name {
        "HealthCheckIntervalSeconds" => (is_within(5, 300), "between 5 and 300"),
        "HealthCheckTimeoutSeconds" => (is_within(2, 120), "between 2 and 120"),
        "HealthyThresholdCount" | "UnhealthyThresholdCount" => (is_within(2, 10), "between 2 and 10"),
        "HealthCheckPath" => (value.starts_with('/') && value.len() <= 1024, "a path"),
        "HealthCheckPort" => (value == "traffic-port" || is_within(1, 65_535), "traffic-port or a port"),
        "Matcher.HttpCode" => (value.split(',').all(is_code), "between 200 and 499"),
        "HealthCheckProtocol" if value == "TCP" => {
            let message = "Health check protocol TCP is not compatible with a target group of protocol HTTP";
            return Err(Refusal::bad_request("IncompatibleProtocols", message));
        }
        _ => (matches!(value, "HTTP" | "HTTPS"), "HTTP or HTTPS"),
    };
    let message = || format!("Health check field {name} must be {limits}, and not '{value}'");
    if is_good { Ok(()) } else { Err(Refusal::validation(message())) }
}

fn is_code(part: &str) -> bool {
    let (one, other) = part.split_once('-').unwrap_or((part, part));
    let code = |text: &str| text.parse::<u16>().ok().filter(|code| (200..500).contains(code));
    code(one).zip(code(other)).is_some_and(|(one, other)| one <= other)
}
