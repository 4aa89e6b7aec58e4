//! Listeners, their rules, and the certificates they present.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Key, LoadBalancer, Moment, TargetGroup};

/// A listener (`DescribeListeners`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// Its ARN.
    pub key: Key<Listener>,
    /// The load balancer it belongs to.
    pub load_balancer: Key<LoadBalancer>,
    /// `HTTP`, `HTTPS`, `TCP` …
    pub protocol: Option<Arc<str>>,
    /// 1..=65535.
    pub port: Option<i32>,
    /// The TLS policy of an HTTPS listener.
    pub ssl_policy: Option<Arc<str>>,
    /// ARNs of the default certificates.
    pub certificates: Vec<Arc<str>>,
    /// What happens when no rule matches.
    pub default_actions: Vec<RuleAction>,
}

impl Listener {
    /// Returns whether it uses TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        matches!(self.protocol.as_deref(), Some("HTTPS" | "TLS"))
    }

    /// Returns whether its default action is a redirect.
    #[must_use]
    pub fn redirects(&self) -> bool {
        self.default_actions.iter().any(|action| matches!(action, RuleAction::Redirect { .. }))
    }
}

/// A rule's place: a number from 1, or last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Priority {
    /// 1..=50000; the smallest is tried first.
    Number(u32),
    /// Tried last; has no conditions and cannot be deleted.
    Default,
}

impl Priority {
    /// Reads AWS's text: a number, or `default`.
    #[must_use]
    pub fn from_wire(text: &str) -> Self {
        text.parse().map_or(Self::Default, Self::Number)
    }
}

impl PartialOrd for Priority {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Priority {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |priority: &Self| match priority {
            Self::Number(number) => u64::from(*number),
            Self::Default => u64::MAX,
        };
        rank(self).cmp(&rank(other))
    }
}

/// A condition of a rule, with its values shown once (AWS sends host and path conditions twice).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `host-header`, `path-pattern`, `http-header`, `http-request-method`, `query-string`, `source-ip`.
    pub field: Arc<str>,
    /// The header's name for `http-header`.
    pub name: Option<Arc<str>>,
    /// What it is compared with; `*` and `?` are wildcards.
    pub values: Vec<Arc<str>>,
}

/// A target group of a forward action and its weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeightedTargetGroup {
    /// The target group.
    pub target_group: Key<TargetGroup>,
    /// 0..=999; 0 takes no traffic. One group without a weight has 1.
    pub weight: i32,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleAction {
    /// Sends the request to target groups.
    Forward {
        /// Up to five groups.
        groups: Vec<WeightedTargetGroup>,
        /// Whether a client stays with its group, and for how many seconds.
        group_stickiness: Option<i32>,
    },
    /// Answers with a redirect.
    Redirect {
        /// `HTTP`, `HTTPS` or `#{protocol}`.
        protocol: Arc<str>,
        /// The port, or `#{port}`.
        port: Arc<str>,
        /// The host, or `#{host}`.
        host: Arc<str>,
        /// The path, or `/#{path}`.
        path: Arc<str>,
        /// `HTTP_301` or `HTTP_302`.
        status: Arc<str>,
    },
    /// The load balancer answers itself.
    FixedResponse {
        /// The status.
        status: Arc<str>,
    },
    /// Anything else (`authenticate-oidc`, `jwt-validation` …), by AWS's word.
    Other(Arc<str>),
}

/// A rule of a listener (`DescribeRules`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its ARN.
    pub key: Key<Rule>,
    /// The listener it belongs to.
    pub listener: Key<Listener>,
    /// Its place.
    pub priority: Priority,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// In their order.
    pub actions: Vec<RuleAction>,
}

/// The target groups that these actions forward to, with their weights.
pub fn forwarded_target_groups(actions: &[RuleAction]) -> impl Iterator<Item = &WeightedTargetGroup> {
    actions.iter().flat_map(|action| match action {
        RuleAction::Forward { groups, .. } => groups.as_slice(),
        _ => &[],
    })
}

/// A certificate of ACM (`ListCertificates`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its ARN.
    pub key: Key<Certificate>,
    /// Its first name.
    pub domain: Option<Arc<str>>,
    /// Every name that it is good for, the first one included; ACM lists up to a hundred.
    pub names: Vec<Arc<str>>,
    /// Whether it has more names than are listed.
    pub has_more_names: bool,
    /// `RSA_2048`, `EC_prime256v1` …
    pub key_algorithm: Option<Arc<str>>,
    /// `ISSUED`, `EXPIRED` …
    pub status: Option<Arc<str>>,
    /// When it stops being valid.
    pub not_after: Option<Moment>,
}

/// A TLS policy: which protocols and ciphers a listener takes (`DescribeSSLPolicies`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsPolicy {
    /// Its name, `ELBSecurityPolicy-…`.
    pub name: Arc<str>,
    /// `TLSv1.2`, `TLSv1.3` …
    pub protocols: Vec<Arc<str>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn priorities_sort_by_number_and_default_last() {
        let mut priorities = ["default", "100", "20", "3"].map(Priority::from_wire);
        priorities.sort();
        assert_eq!(priorities, [Priority::Number(3), Priority::Number(20), Priority::Number(100), Priority::Default]);
    }
}
