//! What is measured in front of an environment, and the series of metrics that describe it.
//!
//! On a load balancer of its own an environment is measured as a whole; on a shared one by its target groups, for the
//! load balancer's own figures are those of all who share it. What the load balancer makes itself exists only for the
//! whole of it.

use std::sync::Arc;

use super::metric::{DimensionSets, Metric, Statistic};
use super::series::{Measured, SeriesKey};
use super::{Balancer, Environment, Key, LoadBalancer, Snapshot, TargetGroup};

/// What is measured in front of an environment.
#[derive(Clone, Copy, Debug)]
pub struct Front<'a> {
    /// The load balancer.
    pub load_balancer: &'a Key<LoadBalancer>,
    /// The environment's own target groups.
    pub groups: &'a [Key<TargetGroup>],
    /// The load balancer's zones.
    pub zones: &'a [Arc<str>],
    /// Whether others use the load balancer too.
    pub shared: bool,
}

impl Front<'_> {
    /// What a series is about: the load balancer, or one of its target groups, in all zones or in one.
    #[must_use]
    pub fn measured(&self, group: Option<&Key<TargetGroup>>, zone: Option<&Arc<str>>) -> Measured {
        Measured { load_balancer: self.load_balancer.clone(), target_group: group.cloned(), zone: zone.cloned() }
    }

    /// The series of one statistic that describe this environment, as its chart shows them: of the whole load balancer
    /// where it is the environment's own, of each target group where it is shared or the metric exists only with one, and
    /// of each zone where the metric exists only there (see [`adds_up`]).
    #[must_use]
    pub fn series(&self, metric: Metric, statistic: Statistic) -> Vec<SeriesKey> {
        if adds_up(metric) { self.series_by_zone(metric, statistic) } else { self.series_in(None, metric, statistic) }
    }

    /// The same, zone by zone.
    #[must_use]
    pub fn series_by_zone(&self, metric: Metric, statistic: Statistic) -> Vec<SeriesKey> {
        self.zones.iter().flat_map(|zone| self.series_in(Some(zone), metric, statistic)).collect()
    }

    fn series_in(&self, zone: Option<&Arc<str>>, metric: Metric, statistic: Statistic) -> Vec<SeriesKey> {
        let whole = SeriesKey { metric, statistic, of: self.measured(None, zone) };
        let groups =
            self.groups.iter().map(|group| SeriesKey { metric, statistic, of: self.measured(Some(group), zone) });
        let groups: Vec<_> = groups.filter(SeriesKey::exists).collect();
        let by_group = !groups.is_empty() && (self.shared || !whole.exists());
        if by_group { groups } else { vec![whole].into_iter().filter(SeriesKey::exists).collect() }
    }
}

/// Whether a metric exists only zone by zone, so that the whole is the sum of its series.
#[must_use]
pub fn adds_up(metric: Metric) -> bool {
    metric.facts().dimensions == DimensionSets::LoadBalancerInZone
}

/// What is in front of an environment, by what is known; `None` without an Application Load Balancer.
pub fn with_front<T>(
    snapshot: &Snapshot,
    environment: &Key<Environment>,
    then: impl FnOnce(Front<'_>) -> T,
) -> Option<T> {
    let Snapshot { inventory, topology, .. } = snapshot;
    let link = topology.link(environment).filter(|link| link.balancer.is_application())?;
    let (load_balancer, _) = link.load_balancer.as_ref()?;
    let groups: Vec<_> = link.groups.iter().map(|group| group.key.clone()).collect();
    let zones = inventory.load_balancers.get(load_balancer).map_or(&[][..], |it| it.zones.as_slice());
    let shared = link.balancer == Balancer::ApplicationShared || topology.environments_of(load_balancer).len() > 1;
    // On a shared load balancer without a group that is known to be the environment's, nothing is known to be its own.
    if shared && groups.is_empty() {
        return None;
    }
    Some(then(Front { load_balancer, groups: &groups, zones, shared }))
}
