//! Faults: latency, permissions, throttling, expired credentials, broken networks and bodies.
//!
//! Throttling is on in every scenario, because AWS has it: Beanstalk and Load Balancing get the allowances observed
//! from outside (the figures are not AWS's documentation; UNVERIFIED beyond the example in its pages).

use super::policy::Policy;
use super::service::Service;
use super::wire::TransportFault;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Everything that can be made to fail, from a scenario's `[faults]` or from a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Faults {
    /// What each call takes.
    pub latency: Duration,
    /// IAM actions that are refused, `elasticloadbalancing:DescribeTags`, `elasticloadbalancing:*` or `*`;
    /// `sts:GetCallerIdentity` needs no permission at AWS, so only its own full name denies it.
    pub deny: Vec<String>,
    /// The caller's permissions: those of the README's policy for writing, also on shared
    /// load balancers, unless a scenario sets others.
    pub policy: Policy,
    /// Token buckets by service (`elasticbeanstalk`, `elasticloadbalancing`, `ec2` ...).
    pub throttle: BTreeMap<String, Allowance>,
    /// Windows of scenario time in which credentials have expired.
    pub expired: Vec<Window>,
    /// By how many seconds the time of a signature may differ from the region's, which is five minutes at AWS; none: it is
    /// not compared.
    pub skew: Option<i64>,
    /// Services that cannot be reached.
    pub unreachable: Vec<Unreachable>,
    /// Operations that give no answer, all over or for one object.
    pub unreadable: Vec<Unreadable>,
    /// Listings that come in short pages.
    pub pages: Vec<ShortPages>,
    /// Answers that make no sense, by IAM action.
    pub broken: BTreeMap<String, Broken>,
    /// Every nth call of an IAM action is answered with an internal error.
    pub internal: BTreeMap<String, u32>,
}

/// A token bucket.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Allowance {
    /// Tokens per second.
    pub rate: f64,
    /// The most that can be saved up.
    pub burst: u32,
}

/// A stretch of scenario time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    /// Milliseconds after the start of the scenario.
    pub from: i64,
    /// The end, exclusive; none: for ever.
    pub until: Option<i64>,
}

/// Who cannot be reached, when, and how that looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    /// The service; none: all of them.
    pub service: Option<String>,
    /// When.
    pub during: Window,
    /// What the client sees.
    pub how: TransportFault,
}

/// An input that cannot be read, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The IAM action, `elasticloadbalancing:DescribeTags`, `elasticloadbalancing:*` or `*`.
    pub action: String,
    /// The object that a request has to name: an environment, or the key of a load balancer or of a target group as the
    /// scenario has it; none: any request of the action.
    pub object: Option<String>,
    /// When.
    pub during: Window,
    /// What is answered.
    pub how: Unreadability,
}

/// A listing that comes in pages of a few entries each, which AWS is free to send, and whose later pages may fail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShortPages {
    /// The IAM action.
    pub action: String,
    /// The most entries in a page, at least 1.
    pub most: usize,
    /// What comes in place of the second page and those after it; none: they come.
    pub later: Option<Unreadability>,
}

/// What is answered instead of an input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unreadability {
    /// The caller is not allowed to.
    #[default]
    Denied,
    /// An internal error, each time.
    Failing,
    /// Throttled, each time.
    Throttled,
    /// The credentials have expired.
    Expired,
    /// Nothing, for ever.
    Stalled,
    /// An answer that ends in the middle.
    Cut,
}

/// A body that is not what the protocol promises, under status 200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Broken {
    /// A page of a proxy.
    Html,
    /// The first half of the answer.
    Truncated,
    /// Nothing.
    Empty,
    /// JSON, whatever the protocol.
    Json,
}

impl Default for Faults {
    fn default() -> Self {
        let observed = [("elasticbeanstalk", 2.0, 15), ("elasticloadbalancing", 10.0, 40)];
        Self {
            latency: Duration::ZERO,
            deny: Vec::new(),
            policy: Policy::read_write().with_load_balancer("*"),
            throttle: observed
                .into_iter()
                .map(|(service, rate, burst)| (service.to_owned(), Allowance { rate, burst }))
                .collect(),
            expired: Vec::new(),
            skew: None,
            unreachable: Vec::new(),
            unreadable: Vec::new(),
            pages: Vec::new(),
            broken: BTreeMap::new(),
            internal: BTreeMap::new(),
        }
    }
}

impl Faults {
    /// No fault of any kind: no throttling either, which AWS never offers.
    #[must_use]
    pub fn none() -> Self {
        Self { throttle: BTreeMap::new(), ..Self::default() }
    }

    pub(super) fn denies(&self, action: &str, resource: Option<&str>) -> bool {
        !self.policy.allows(action, resource) || self.deny.iter().any(|pattern| is_meant(pattern, action))
    }

    /// Returns how an input cannot be read at a time; `names` returns whether the request names an object.
    pub(super) fn unreadable_at(&self, action: &str, time: i64, names: impl Fn(&str) -> bool) -> Option<Unreadability> {
        let is_object = |object: &Option<String>| object.as_deref().is_none_or(&names);
        let mut all = self.unreadable.iter().filter(|it| it.during.contains(time) && is_meant(&it.action, action));
        all.find(|it| is_object(&it.object)).map(|it| it.how)
    }

    /// The short pages of an action.
    pub(super) fn pages_of(&self, action: &str) -> Option<&ShortPages> {
        self.pages.iter().find(|pages| pages.action == action)
    }

    pub(super) fn expired_at(&self, time: i64) -> bool {
        self.expired.iter().any(|window| window.contains(time))
    }

    pub(super) fn unreachable_at(&self, service: Option<Service>, time: i64) -> Option<TransportFault> {
        let name = service.map(Service::name);
        self.unreachable
            .iter()
            .find(|fault| fault.during.contains(time) && (fault.service.is_none() || fault.service.as_deref() == name))
            .map(|fault| fault.how)
    }
}

/// Whether a pattern means an action; a star does not mean the caller's own identity, which needs no permission.
fn is_meant(pattern: &str, action: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => action != "sts:GetCallerIdentity" && action.starts_with(prefix),
        None => pattern == action,
    }
}

impl Window {
    fn contains(self, time: i64) -> bool {
        time >= self.from && self.until.is_none_or(|until| time < until)
    }
}

impl Broken {
    /// The body that goes out instead.
    pub(super) fn spoil(self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Html => b"<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>".to_vec(),
            Self::Truncated => body[..body.len() / 2].to_vec(),
            Self::Empty => Vec::new(),
            Self::Json => br#"{"message":null}"#.to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Faults, Window};

    #[test]
    fn a_star_denies_all_of_a_service_but_the_callers_own_identity() {
        let faults = Faults { deny: vec!["*".to_owned()], ..Faults::default() };
        assert!(faults.denies("acm:ListCertificates", None));
        assert!(!faults.denies("sts:GetCallerIdentity", None));
        let faults = Faults { deny: vec!["acm:*".to_owned()], ..Faults::default() };
        assert!(!faults.denies("ec2:DescribeInstances", None));
    }

    #[test]
    fn a_window_ends_before_its_end() {
        let window = Window { from: 10, until: Some(20) };
        assert!(!window.contains(9) && window.contains(10) && window.contains(19) && !window.contains(20));
        assert!(Window { from: 0, until: None }.contains(i64::MAX));
    }
}
