//! One minute of a series' subject: its traffic, and the hosts at a few instants.

use super::reported::Reported;
use super::scope::Scope;
use crate::sim::physics::targets::State;
use crate::sim::physics::traffic::{self, Counts, Flow};
use crate::sim::physics::{View, noise};
use crate::sim::region::LoadBalancer;

/// Milliseconds after the start of a minute at which hosts are counted.
const LOOKS: [i64; 3] = [10_000, 30_000, 50_000];

/// A minute, numbered from the Unix epoch.
pub(super) struct Minute<'a> {
    pub(super) view: View<'a>,
    pub(super) scope: Scope<'a>,
    pub(super) number: i64,
}

/// The hosts at an instant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hosts {
    /// In any state, and in any zone: a zone without targets is published as zero.
    pub(super) registered: f64,
    pub(super) healthy: f64,
    pub(super) unhealthy: f64,
    /// Zones with targets, by whether enough of those are healthy (one, unless the settings require more).
    pub(super) healthy_zones: f64,
    pub(super) unhealthy_zones: f64,
}

impl<'a> Minute<'a> {
    pub(super) fn counts(&self) -> Counts {
        let zone = self.zone();
        let of = |flow: &Flow<'_>| traffic::minute(self.view, flow, self.number, zone);
        self.flows().iter().map(of).fold(Counts::default(), Counts::plus)
    }

    /// What the metrics of requests are read from.
    pub(super) fn reported(&self) -> Reported<'a> {
        let balancer = self.balancer();
        let entity = noise::hash(self.view.region.seed, balancer.map_or("", |balancer| &balancer.arn));
        Reported {
            counts: self.counts(),
            balancer,
            sticky: self.sticky(false),
            sticky_by_application: self.sticky(true),
            grpc: self.grpc(),
            draw: noise::unit(entity, self.number, 24),
        }
    }

    /// Requests for each healthy target; none without requests.
    pub(super) fn per_target(&self) -> Option<f64> {
        let counts = self.counts();
        (counts.requests > 0.0).then(|| counts.requests / counts.healthy.max(1.0))
    }

    pub(super) fn hosts(&self) -> [Hosts; 3] {
        let start = self.number * 60_000 - self.view.region.epoch;
        let flows = self.flows();
        LOOKS.map(|look| {
            let counted = flows.iter().map(|flow| self.hosts_of(flow, start + look));
            counted.fold(Hosts::default(), Hosts::plus)
        })
    }

    fn hosts_of(&self, flow: &Flow<'_>, time: i64) -> Hosts {
        let mut hosts = Hosts::default();
        let mut zones = vec![None; self.view.region.zones.len()];
        for (place, instance) in flow.pool.instances.iter().enumerate() {
            let condition = flow.condition(place, time);
            hosts.registered += f64::from(u8::from(condition.registered()));
            if self.zone().is_some_and(|zone| zone != instance.zone) {
                continue;
            }
            let healthy = match condition.state {
                State::Healthy => true,
                State::Unhealthy(_) => false,
                _ => continue,
            };
            *(if healthy { &mut hosts.healthy } else { &mut hosts.unhealthy }) += 1.0;
            if let Some(zone) = zones.get_mut(instance.zone) {
                *zone = Some(zone.unwrap_or(false) || healthy);
            }
        }
        let count = |state| zones.iter().filter(|zone| **zone == Some(state)).count() as f64;
        Hosts { healthy_zones: count(true), unhealthy_zones: count(false), ..hosts }
    }

    /// Nodes that report: the load balancer has one in each of its zones.
    pub(super) fn nodes(&self) -> f64 {
        match (self.zone(), self.balancer()) {
            (None, Some(balancer)) => balancer.zones as f64,
            _ => 1.0,
        }
    }

    fn zone(&self) -> Option<usize> {
        match self.scope {
            Scope::LoadBalancer(_, zone) | Scope::TargetGroup(_, _, zone) | Scope::Environment(_, _, zone) => zone,
            Scope::Health(_) => None,
        }
    }

    fn balancer(&self) -> Option<&'a LoadBalancer> {
        match self.scope {
            Scope::LoadBalancer(balancer, _) => Some(balancer),
            Scope::TargetGroup(_, balancer, _) | Scope::Environment(_, balancer, _) => balancer,
            Scope::Health(_) => None,
        }
    }

    fn flows(&self) -> Vec<Flow<'a>> {
        let of = |group: &usize| Flow::of_group(self.view, &self.view.region.target_groups[*group]);
        match self.scope {
            Scope::TargetGroup(group, _, _) => vec![Flow::of_group(self.view, group)],
            Scope::Environment(environment, _, _) => vec![Flow::of_environment(self.view, environment)],
            Scope::LoadBalancer(balancer, _) => balancer.target_groups.iter().map(of).collect(),
            Scope::Health(_) => Vec::new(),
        }
    }

    /// Returns whether the target group of these dimensions uses gRPC.
    fn grpc(&self) -> bool {
        matches!(self.scope, Scope::TargetGroup(group, _, _) if group.protocol_version == "GRPC")
    }

    fn sticky(&self, by_application: bool) -> bool {
        let groups = &self.view.region.target_groups;
        let time = self.number * 60_000 - self.view.region.epoch;
        let is_sticky = |group: &usize| {
            let stickiness = groups[*group].in_force.at(time).stickiness;
            stickiness.is_some_and(|stickiness| stickiness.by_application == by_application)
        };
        self.balancer().is_some_and(|balancer| balancer.target_groups.iter().any(is_sticky))
    }
}

impl Hosts {
    fn plus(self, other: Self) -> Self {
        Self {
            registered: self.registered + other.registered,
            healthy: self.healthy + other.healthy,
            unhealthy: self.unhealthy + other.unhealthy,
            healthy_zones: self.healthy_zones + other.healthy_zones,
            unhealthy_zones: self.unhealthy_zones + other.unhealthy_zones,
        }
    }
}
