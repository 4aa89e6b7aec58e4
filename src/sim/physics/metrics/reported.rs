//! The metrics that a load balancer derives from the traffic of a minute, beyond the targets' counts: one function for each
//! metric that has no count of its own. `None` is a metric that is not published then.
//!
//! Shares are assumptions that look like those of a site: a few clients break off, a few still use plain HTTP.

use crate::sim::physics::traffic::Counts;
use crate::sim::region::{LoadBalancer, RuleAction};

/// Bytes of a request and its answer.
const BYTES: f64 = 6_144.0;

/// A minute, as the metrics of requests see it.
pub(super) struct Reported<'a> {
    pub(super) counts: Counts,
    pub(super) balancer: Option<&'a LoadBalancer>,
    /// Some target group behind it has stickiness on.
    pub(super) sticky: bool,
    /// Some target group behind it goes by a cookie of the application.
    pub(super) sticky_by_application: bool,
    /// The target group uses gRPC.
    pub(super) grpc: bool,
    /// A number in 0..1 of this minute.
    pub(super) draw: f64,
}

/// Most counts are not published when they are zero.
pub(super) fn nonzero(value: f64) -> Option<f64> {
    (value > 0.0).then_some(value)
}

impl Reported<'_> {
    /// Nothing at all is published for a minute without requests.
    fn flowing(&self, value: f64) -> Option<f64> {
        (self.counts.requests + self.counts.elb_503 > 0.0).then_some(value)
    }

    /// A share of the requests in whole numbers; below one, a request now and then.
    fn some(&self, share: f64) -> f64 {
        (self.counts.requests * share + self.draw).floor().min(self.counts.requests)
    }

    fn has_rule(&self, wanted: fn(&RuleAction) -> bool) -> bool {
        let listeners = self.balancer.iter().flat_map(|balancer| &balancer.listeners);
        listeners.flat_map(|listener| &listener.rules).any(|rule| wanted(&rule.action))
    }

    fn drops_headers(&self) -> bool {
        let mut attributes = self.balancer.iter().flat_map(|balancer| &balancer.attributes);
        attributes.any(|(key, value)| key == "routing.http.drop_invalid_header_fields.enabled" && value == "true")
    }
}

/// Clients that break off (460), malformed requests (400).
pub(super) fn client_errors(minute: &Reported<'_>) -> Option<f64> {
    nonzero((minute.counts.requests * 0.0008).floor())
}

pub(super) fn elb_errors(minute: &Reported<'_>) -> Option<f64> {
    nonzero(minute.counts.elb_502 + minute.counts.elb_503 + minute.counts.elb_504)
}

/// A listener that redirects all clients to HTTPS sees a few of them.
pub(super) fn redirects(minute: &Reported<'_>) -> Option<f64> {
    let any = minute.has_rule(|action| matches!(action, RuleAction::RedirectToHttps(_)));
    nonzero(if any { minute.some(0.03) } else { 0.0 })
}

/// Robots ask for hosts and paths that no rule forwards.
pub(super) fn fixed_responses(minute: &Reported<'_>) -> Option<f64> {
    let any = minute.has_rule(|action| matches!(action, RuleAction::Fixed(_)));
    nonzero(if any { minute.some(0.004) } else { 0.0 })
}

pub(super) fn new_connections(minute: &Reported<'_>) -> Option<f64> {
    nonzero((minute.counts.requests * 0.2).round())
}

pub(super) fn active_connections(minute: &Reported<'_>) -> Option<f64> {
    nonzero((minute.counts.requests * 0.35).round())
}

pub(super) fn bytes(minute: &Reported<'_>) -> Option<f64> {
    nonzero(minute.counts.requests * BYTES)
}

/// Old clients, rejected by the policy of an HTTPS listener.
pub(super) fn tls_errors(minute: &Reported<'_>) -> Option<f64> {
    let encrypted = |balancer: &LoadBalancer| balancer.listeners.iter().any(|one| one.certificate.is_some());
    let any = minute.balancer.is_some_and(encrypted);
    nonzero(if any { minute.some(0.000_4) } else { 0.0 })
}

pub(super) fn not_sticky(minute: &Reported<'_>) -> Option<f64> {
    if minute.sticky { minute.flowing(minute.counts.not_sticky) } else { None }
}

pub(super) fn not_sticky_by_application(minute: &Reported<'_>) -> Option<f64> {
    nonzero(if minute.sticky_by_application { minute.counts.not_sticky } else { 0.0 })
}

/// Every request of a target group that uses gRPC.
pub(super) fn grpc(minute: &Reported<'_>) -> Option<f64> {
    nonzero(if minute.grpc { minute.counts.requests } else { 0.0 })
}

/// A third of the clients have an address of six, where the load balancer has one too.
pub(super) fn ipv6_requests(minute: &Reported<'_>) -> Option<f64> {
    let dual = minute.balancer.is_some_and(|balancer| balancer.dual_stack);
    nonzero(if dual { minute.some(0.33) } else { 0.0 })
}

pub(super) fn ipv6_bytes(minute: &Reported<'_>) -> Option<f64> {
    ipv6_requests(minute).map(|requests| requests * BYTES)
}

pub(super) fn not_compliant(minute: &Reported<'_>) -> Option<f64> {
    nonzero(minute.some(0.000_1))
}

pub(super) fn headers_dropped(minute: &Reported<'_>) -> Option<f64> {
    nonzero(if minute.drops_headers() { minute.some(0.000_2) } else { 0.0 })
}

/// Always published, 0 if the load balancer drops them.
pub(super) fn headers_forwarded(minute: &Reported<'_>) -> Option<f64> {
    minute.flowing(if minute.drops_headers() { 0.0 } else { minute.some(0.000_2) })
}

/// Every request is held against the rules until one fits: half of them on average. The default rule does not count.
pub(super) fn rule_evaluations(minute: &Reported<'_>) -> Option<f64> {
    let rules = |balancer: &LoadBalancer| balancer.listeners.iter().map(|one| one.rules.len() - 1).max();
    let most = minute.balancer.and_then(rules).unwrap_or_default() as f64;
    nonzero((minute.counts.requests * if most > 0.0 { f64::midpoint(most, 1.0) } else { 0.0 }).round())
}

/// The largest dimension of the capacity units; the minute's figure is that of an hour at its rate.
pub(super) fn capacity(minute: &Reported<'_>) -> Option<f64> {
    let requests = minute.counts.requests;
    let dimensions = [
        requests * 0.2 / 60.0 / 25.0,
        requests * 0.35 / 3_000.0,
        requests * BYTES * 60.0 / 1e9,
        rule_evaluations(minute).unwrap_or_default() / 60.0 / 1_000.0,
    ];
    minute.flowing(dimensions.into_iter().fold(0.0, f64::max))
}

/// Percent of the capacity that the load balancer has at present, which grows with what it needs.
pub(super) fn utilization(minute: &Reported<'_>) -> Option<f64> {
    capacity(minute).map(|used| (used / (used.ceil() + 1.0) * 100.0).min(100.0))
}

pub(super) fn peak_capacity(minute: &Reported<'_>) -> Option<f64> {
    capacity(minute).map(|usual| usual * (1.1 + 0.4 * minute.draw))
}
