//! How the live values of an environment compare with Beanstalk's options, in figures.

use super::missing::missing;
use crate::change::{DriftReason, PlanInputs, drift_report};
use crate::model::{Environment, EnvironmentLink, Key, Known, Snapshot, Source};

/// How live values compare with Beanstalk's options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drifting {
    /// How many differ from their options.
    pub values: usize,
    /// How many things could not be compared: not read, or not clear whose options they are.
    pub unknown: usize,
    /// How many things were changed or made directly, and Beanstalk has no option for them.
    pub outside: usize,
}

impl Drifting {
    /// Whether something could not be compared.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.unknown > 0
    }
}

/// Compares an environment's live values with its options.
pub fn drifting(snapshot: &Snapshot, environment: &Environment, link: &EnvironmentLink) -> Known<Drifting> {
    if link.groups.is_empty() || !link.balancer.is_application() {
        return Known::Absent;
    }
    let Some(report) = drift_report(&PlanInputs { snapshot, environment }) else {
        return missing(snapshot, &Source::Settings(environment.key.clone()));
    };
    let is_unread = report.not_compared.iter().any(|it| it.reason == DriftReason::Unread);
    let fault =
        || compared(snapshot, link).into_iter().find_map(|source| snapshot.reads.fault(&source)).map(|it| it.kind);
    let fault = if is_unread { fault() } else { None };
    // Half of the comparison is no proof that nothing drifts.
    if report.drift.is_empty() && is_unread {
        return fault.map_or(Known::Pending, Known::Failed);
    }
    let unclear = report.not_compared.iter().filter(|it| it.reason == DriftReason::AmbiguousProcess).count();
    let (unknown, outside) = (unclear + usize::from(fault.is_some()), report.outside().count());
    Known::Read(Drifting { values: report.drift.len(), unknown, outside })
}

/// Returns what is compared with the options.
fn compared(snapshot: &Snapshot, link: &EnvironmentLink) -> Vec<Source> {
    let groups = link.groups.iter().map(|group| Source::TargetGroupAttributes(group.key.clone()));
    let balancer = link.load_balancer.iter().map(|(key, _)| key);
    let listeners =
        balancer.clone().flat_map(|key: &Key<_>| snapshot.inventory.listeners.get(key).into_iter().flatten());
    let rules = listeners.map(|listener| Source::Rules(listener.key.clone()));
    let own = balancer.flat_map(|key| [Source::LoadBalancerAttributes(key.clone()), Source::Listeners(key.clone())]);
    groups.chain(own).chain(rules).collect()
}
