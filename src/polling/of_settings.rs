//! What is read for settings: all that an edit is planned on and that drift is compared with.

use super::wants::Planner;
use crate::change::PlanInputs;
use crate::model::{Environment, Key, Snapshot, Source};

impl Planner<'_> {
    /// What edits are planned on: live values, options, and whose the objects are.
    pub(super) fn settings(&mut self, key: &Key<Environment>) {
        let Snapshot { inventory, topology, .. } = self.snapshot;
        let cadences = self.cadences;
        let Some(environment) = inventory.environments.get(key).filter(|_| self.is_base_known) else { return };
        self.want(Source::Settings(key.clone()), true, cadences.settings);
        self.resources(environment);
        let Some(link) = topology.link(key) else { return };
        for group in &link.groups {
            self.want(Source::TargetGroupTags(group.key.clone()), true, cadences.tags);
            self.want(Source::TargetGroupAttributes(group.key.clone()), true, cadences.attributes);
        }
        let Some((load_balancer, _)) = link.load_balancer.as_ref().filter(|_| link.balancer.is_application()) else {
            return;
        };
        self.want(Source::LoadBalancerTags(load_balancer.clone()), true, cadences.tags);
        self.want(Source::LoadBalancerAttributes(load_balancer.clone()), true, cadences.attributes);
        self.rules(load_balancer);
        for listener in inventory.listeners.get(load_balancer).into_iter().flatten() {
            self.want(Source::ListenerAttributes(listener.key.clone()), true, cadences.attributes);
        }
    }

    /// Plans the rules of the load balancer's security groups, inbound and outbound.
    pub(super) fn egress(&mut self, key: &Key<Environment>) {
        let cadences = self.cadences;
        let Some(environment) = self.snapshot.environment(key) else { return };
        for source in (PlanInputs { snapshot: self.snapshot, environment }).security_groups() {
            self.want(source, true, cadences.inventory);
        }
    }

    /// Only where there is something that could drift.
    pub(super) fn options(&mut self, key: &Key<Environment>) {
        let Snapshot { inventory, topology, .. } = self.snapshot;
        let cadences = self.cadences;
        let Some(link) = topology.link(key).filter(|_| self.is_base_known) else { return };
        // Who owns a target group is read before its changes.
        if !link.groups.iter().all(|group| self.snapshot.reads.is_tried(&Source::TargetGroupTags(group.key.clone()))) {
            return;
        }
        if let (true, Some((load_balancer, _))) = (link.balancer.is_application(), &link.load_balancer) {
            self.want(Source::Settings(key.clone()), false, cadences.settings);
            self.want(Source::LoadBalancerAttributes(load_balancer.clone()), false, cadences.attributes);
            for listener in inventory.listeners.get(load_balancer).into_iter().flatten() {
                self.want(Source::Rules(listener.key.clone()), false, cadences.settings);
            }
        }
    }
}
