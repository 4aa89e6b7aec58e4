//! How a service does, by what it answered lately: the sign and the word of its badge.

use std::time::Duration;

use super::Poller;
use crate::model::{FaultKind, Moment, Reads, Service};

/// A service that did not answer for this long is called stale; the other is for `CloudWatch`, which is called once a
/// minute for what is on screen and every five minutes for the rest.
const STALE: Duration = Duration::from_secs(45);
const STALE_METRICS: Duration = Duration::from_secs(330);

/// An answer may come so much later than it is due.
const SLACK: Duration = Duration::from_secs(15);

/// How a service does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceCondition {
    /// The name of its sign.
    pub sign: &'static str,
    /// The word of its state; empty while it is healthy.
    pub word: &'static str,
}

/// Returns the state of a service; `None` for one that is called rarely, as long as it answers.
#[must_use]
pub fn condition(poller: &Poller, reads: &Reads, service: Service, now: Moment) -> Option<ServiceCondition> {
    let said = |sign, word| Some(ServiceCondition { sign, word });
    let state = poller.service(service);
    let age = state.answered_at.map(|at| now.since(at));
    if let Some(fault) = &state.failing {
        let sign = match fault.kind {
            FaultKind::Throttled => "throttled",
            FaultKind::Denied => "denied",
            FaultKind::Expired => "expired",
            _ => "failed",
        };
        // One call that fails beside others that are answered is not the service's failure.
        if sign == "failed" && age.is_some_and(|age| age < STALE) {
            return said("stale", "partly failing");
        }
        return said(sign, fault.kind.condition());
    }
    let age = age?;
    let least = if service == Service::CloudWatch { STALE_METRICS } else { STALE };
    // A service that is called once a minute is not stale before that.
    let most = poller.cadence(service).map_or(least, |cadence| least.max(cadence + SLACK));
    match () {
        () if reads.denied(service) > 0 => said("stale", "partly denied"),
        () if poller.is_slowed(service) => said("throttled", "slowed"),
        () if is_rare(service) => None,
        () if age > most => said("stale", "stale"),
        () => said("ok", ""),
    }
}

/// Returns whether a service is called rarely, so that its age is worth no badge as long as it answers.
#[must_use]
pub fn is_rare(service: Service) -> bool {
    matches!(service, Service::Sts | Service::Acm | Service::Ec2 | Service::AutoScaling)
}
