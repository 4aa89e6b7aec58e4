//! Looks up a set of dimensions in the region: the object that it names, if there is one.

use super::scope::Scope;
use super::tables::Under;
use crate::sim::physics::View;
use crate::sim::region::{Balancer, Environment, Pair};

/// A set of dimensions, as places in the region.
#[derive(Default)]
pub(super) struct Dimensions {
    balancer: Option<usize>,
    classic: Option<usize>,
    group: Option<usize>,
    zone: Option<usize>,
    environment: Option<String>,
}

impl Dimensions {
    /// None: there is no such thing, or no such dimension.
    pub(super) fn read(view: View<'_>, dimensions: &[Pair]) -> Option<Self> {
        let region = view.region;
        let mut read = Self::default();
        for (name, value) in dimensions {
            match name.as_str() {
                "LoadBalancer" => {
                    let exact = |place: &usize| region.load_balancers[*place].dimension() == value;
                    read.balancer = Some(region.load_balancer(value).filter(exact)?);
                }
                "LoadBalancerName" => read.classic = Some(region.load_balancer(value)?),
                "TargetGroup" => {
                    let exact = |place: &usize| region.target_groups[*place].dimension() == value;
                    read.group = Some(region.target_group(value).filter(exact)?);
                }
                "AvailabilityZone" => read.zone = Some(region.zones.iter().position(|zone| zone.name == *value)?),
                "EnvironmentName" => read.environment = Some(value.clone()),
                _ => return None,
            }
        }
        Some(read)
    }

    /// The environment that they name, if they name nothing else.
    pub(super) fn only_environment<'a>(&self, view: View<'a>) -> Option<&'a Environment> {
        let others = [self.balancer, self.classic, self.group, self.zone];
        let environment = view.region.environment(self.environment.as_deref()?)?;
        others.iter().all(Option::is_none).then_some(environment)
    }

    /// Whose numbers a metric of a kind of load balancer has under these dimensions.
    pub(super) fn scope<'a>(&self, view: View<'a>, kind: Balancer, under: Under) -> Option<Scope<'a>> {
        if self.environment.is_some() {
            return None;
        }
        if kind == Balancer::Classic {
            return self.classic_scope(view);
        }
        let region = view.region;
        let balancer = self.balancer.map(|place| &region.load_balancers[place]);
        let group = self.group.map(|place| &region.target_groups[place]);
        let outside = balancer.is_some_and(|balancer| {
            // A zone in which it has no node.
            balancer.kind != kind || self.zone.is_some_and(|zone| zone >= balancer.zones)
        });
        match (balancer, group) {
            _ if outside || self.classic.is_some() => None,
            (Some(balancer), None) if under.has_balancers(self.zone.is_some()) => {
                Some(Scope::LoadBalancer(balancer, self.zone))
            }
            (Some(_), Some(group)) if under.has_groups() && group.load_balancer == self.balancer => {
                Some(Scope::TargetGroup(group, balancer, self.zone))
            }
            (None, Some(group)) if under == Under::GroupAlone && self.is_of(view, kind) => {
                Some(Scope::TargetGroup(group, None, self.zone))
            }
            _ => None,
        }
    }

    /// The target group's load balancer, which they do not name, is of a kind.
    fn is_of(&self, view: View<'_>, kind: Balancer) -> bool {
        let group = self.group.map(|place| &view.region.target_groups[place]);
        group.and_then(|group| group.load_balancer).is_some_and(|place| view.region.load_balancers[place].kind == kind)
    }

    fn classic_scope<'a>(&self, view: View<'a>) -> Option<Scope<'a>> {
        let region = view.region;
        let place = self.classic.filter(|place| region.load_balancers[*place].kind == Balancer::Classic)?;
        let owner = region.environments.iter().find(|environment| environment.load_balancer == Some(place))?;
        let alone = self.balancer.is_none() && self.group.is_none();
        alone.then_some(Scope::Environment(owner, Some(&region.load_balancers[place]), self.zone))
    }
}
