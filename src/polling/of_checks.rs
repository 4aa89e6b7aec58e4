//! What is read for the checks of an environment: the kinds of sources that they name as their inputs, and no other.

use std::sync::Arc;

use super::wants::Planner;
use crate::model::{Balancer, Environment, EnvironmentLink, Key, LoadBalancer, Measure, Snapshot, Source};

impl Planner<'_> {
    /// Plans each source that a check of this environment reads. What costs no call for each environment comes first.
    pub(super) fn checks(&mut self, key: &Key<Environment>) {
        let Snapshot { inventory, topology, scope, .. } = self.snapshot;
        let cadences = self.cadences;
        let Some(environment) = inventory.environments.get(key).filter(|it| !it.is_terminated()) else { return };
        self.want(Source::Events(*scope), true, cadences.events);
        self.want(Source::Certificates(*scope), true, cadences.certificates);
        self.want(Source::Applications(*scope), true, cadences.settings);
        self.want(Source::PlatformVersions(*scope), true, cadences.settings);
        self.want(Source::ScheduledActions(*scope), true, cadences.settings);
        self.want(Source::RaisedAlarms(*scope), true, cadences.alarms);
        self.want(Source::Alarms(*scope), true, cadences.alarms);
        self.row(key, true);
        self.resources(environment);
        self.want(Source::Settings(key.clone()), true, cadences.settings);
        // One call for all environments of an application.
        let application = Key::new(*scope, Arc::clone(&environment.application));
        self.want(Source::Versions(application), true, cadences.settings);
        if environment.has_enhanced_health() {
            self.want(Source::InstancesHealth(key.clone()), true, cadences.health);
        }
        let Some(link) = topology.link(key).filter(|_| self.is_base_known) else { return };
        if let Some((load_balancer, _)) = &link.load_balancer {
            self.want(Source::LoadBalancerTags(load_balancer.clone()), true, cadences.tags);
            self.want(Source::LoadBalancerAttributes(load_balancer.clone()), true, cadences.attributes);
            self.rules(load_balancer);
            self.certificates(load_balancer);
        }
        if link.balancer != Balancer::Classic {
            self.egress(key);
        }
        link.groups.iter().for_each(|group| self.instances(&group.key));
        // Who is in them changes by hand alone.
        for group in self.snapshot.unowned_groups_near(link) {
            self.want(Source::TargetHealth(group.key.clone()), true, cadences.attributes);
        }
        self.security_groups(link);
        self.measure(key, Measure::Row, true);
        self.measure(key, Measure::Checks, true);
    }

    /// Plans the security groups of the instances that are known.
    fn security_groups(&mut self, link: &EnvironmentLink) {
        let Snapshot { inventory, scope, .. } = self.snapshot;
        let targets = link.groups.iter().filter_map(|group| inventory.targets.get(&group.key)).flatten();
        let instances = targets.filter_map(|target| inventory.instances.get(&Key::new(*scope, target.id.clone())));
        for group in instances.flat_map(|instance| &instance.security_groups) {
            self.want(Source::SecurityGroup(Key::new(*scope, group.clone())), true, self.cadences.inventory);
        }
    }

    /// Plans the certificates of each listener that has any: its own answer has the default one alone.
    fn certificates(&mut self, load_balancer: &Key<LoadBalancer>) {
        let listeners = self.snapshot.inventory.listeners.get(load_balancer).into_iter().flatten();
        for listener in listeners.filter(|listener| listener.is_secure()) {
            self.want(Source::ListenerCertificates(listener.key.clone()), true, self.cadences.certificates);
        }
    }
}
