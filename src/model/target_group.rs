//! A target group, its health check and its attributes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Key, LoadBalancer};

/// Attributes by key, as AWS spells them; all values are text on the wire.
pub type Attributes = BTreeMap<Arc<str>, Arc<str>>;

/// How the load balancer checks whether a target is healthy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HealthCheck {
    /// `HTTP`, `HTTPS`, `TCP`.
    pub protocol: Option<Arc<str>>,
    /// `traffic-port`, or a number.
    pub port: Option<Arc<str>>,
    /// The path and query of the request.
    pub path: Option<Arc<str>>,
    /// Seconds between two checks, 5..=300.
    pub interval: Option<i32>,
    /// Seconds to wait for the answer, 2..=120.
    pub timeout: Option<i32>,
    /// Checks in a row that make a target healthy, 2..=10.
    pub healthy_threshold: Option<i32>,
    /// Checks in a row that make a target unhealthy, 2..=10.
    pub unhealthy_threshold: Option<i32>,
    /// The status codes that pass: `200`, `200,202`, `200-299`.
    pub matcher: Option<Arc<str>>,
}

/// A target group (`DescribeTargetGroups`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetGroup {
    /// Its ARN.
    pub key: Key<TargetGroup>,
    /// Its name.
    pub name: Arc<str>,
    /// `HTTP`, `HTTPS`, `TCP` …
    pub protocol: Option<Arc<str>>,
    /// The port of targets that are registered without one of their own.
    pub port: Option<i32>,
    /// `HTTP1`, `HTTP2` or `GRPC`; absent for protocols that are not HTTP.
    pub protocol_version: Option<Arc<str>>,
    /// The port of its target optimizer, which is given when it is made (`TargetControlPort`).
    pub target_control_port: Option<i32>,
    /// Its VPC.
    pub vpc: Option<Arc<str>>,
    /// `instance`, `ip`, `lambda`, `alb`.
    pub target_type: Option<Arc<str>>,
    /// The load balancer that sends to it; empty when no rule or listener uses it.
    pub load_balancers: Vec<Key<LoadBalancer>>,
    /// Its health check.
    pub health_check: HealthCheck,
}

/// Returns a number of seconds as the span that it is, where that is another number: `86400` is `1 d`. `None` for less
/// than a minute, and for what is no number.
#[must_use]
pub fn span_of_seconds(value: &str) -> Option<String> {
    let seconds = value.parse::<u64>().ok().filter(|seconds| *seconds >= 60)?;
    let words = duration_words(seconds);
    let (number, unit) = words.split_at(words.len() - 1);
    (unit != "s").then(|| format!("{number} {unit}"))
}

/// A number of seconds in the one unit that holds it exactly, where jiff's printer takes several: `90s`, `20m`, `1h`, `7d`.
#[must_use]
pub fn duration_words(seconds: u64) -> String {
    match seconds {
        0 => "0s".into(),
        _ if seconds.is_multiple_of(86_400) => format!("{}d", seconds / 86_400),
        _ if seconds.is_multiple_of(3_600) => format!("{}h", seconds / 3_600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    }
}
