//! What is read while an update is followed.

use std::sync::Arc;

use super::wants::{LOOK, Planner, SLOW_LOOK};
use crate::model::{Environment, Key, Measure, Snapshot, Source};

impl Planner<'_> {
    /// What an update changes from one look to the next. Beanstalk's evaluates health every ten seconds.
    pub(super) fn deploy(&mut self, key: &Key<Environment>) {
        let Snapshot { inventory, topology, .. } = self.snapshot;
        let scope = self.snapshot.scope;
        self.want_within(Source::Environments(scope), true, LOOK);
        self.want_within(Source::Events(scope), true, LOOK);
        let Some(environment) = inventory.environments.get(key) else { return };
        if environment.has_enhanced_health() {
            self.want_within(Source::EnvironmentHealth(key.clone()), true, LOOK);
            self.want_within(Source::InstancesHealth(key.clone()), true, LOOK);
        }
        self.want_within(Source::Resources(key.clone()), true, SLOW_LOOK);
        self.want(Source::Settings(key.clone()), true, self.cadences.settings);
        let Some(link) = topology.link(key) else { return };
        for group in &link.groups {
            self.want_within(Source::TargetHealth(group.key.clone()), true, LOOK);
            self.instances(&group.key);
        }
        if let Some((load_balancer, _)) = &link.load_balancer {
            // The weights of traffic splitting are in the listeners and rules, its second target group in the list.
            self.want_within(Source::TargetGroups(scope), true, SLOW_LOOK);
            self.want_within(Source::Listeners(load_balancer.clone()), true, SLOW_LOOK);
            for listener in inventory.listeners.get(load_balancer).into_iter().flatten() {
                self.want_within(Source::Rules(listener.key.clone()), true, SLOW_LOOK);
            }
        }
        self.measure(key, Measure::Deploy, true);
    }

    /// What could be deployed: it changes seldom.
    pub(super) fn versions(&mut self, key: &Key<Environment>) {
        let Some(environment) = self.snapshot.inventory.environments.get(key) else { return };
        let application = Key::new(self.snapshot.scope, Arc::clone(&environment.application));
        self.want(Source::Versions(application), true, self.cadences.settings);
    }

    /// What a change of settings does shows within seconds in the targets, and in the figures minutes later.
    pub(super) fn impact(&mut self, sources: &[Source]) {
        self.want_within(Source::Environments(self.snapshot.scope), true, LOOK);
        for source in sources {
            match source {
                Source::Metrics(environment, measure) => self.measure(environment, *measure, true),
                Source::TargetGroups(_) => self.want_within(source.clone(), true, SLOW_LOOK),
                _ => self.want_within(source.clone(), true, LOOK),
            }
        }
    }
}
