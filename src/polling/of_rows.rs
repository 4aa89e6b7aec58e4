//! What is read for the rows of the Fleet.

use super::wants::{Planner, rules_wanted};
use crate::deploy::badly_updated;
use crate::model::{
    Environment, EnvironmentLink, HealthStatus, Key, LinkedGroup, Snapshot, Source, Strength, runs_different,
};

impl Planner<'_> {
    /// Plans what the columns of a row show, once the region is read: before that it would only delay that.
    pub(super) fn row(&mut self, environment: &Key<Environment>, visible: bool) {
        let Snapshot { inventory, topology, .. } = self.snapshot;
        let cadences = self.cadences;
        let Some(link) = topology.link(environment).filter(|_| self.is_base_known) else { return };
        self.proof(environment, link, visible);
        // In the background only, because it costs a call of the service with the smallest budget.
        if !visible && inventory.environments.get(environment).is_some_and(|it| self.is_worth_a_look(it)) {
            self.want_within(Source::InstancesHealth(environment.clone()), false, cadences.health.background);
        }
        for group in &link.groups {
            self.want(Source::TargetHealth(group.key.clone()), visible, cadences.target_health);
            if link.balancer.is_application() {
                self.want(Source::TargetGroupAttributes(group.key.clone()), visible, cadences.attributes);
            }
        }
        if let (true, Some((load_balancer, _))) = (link.balancer.is_application(), &link.load_balancer) {
            self.want(Source::Listeners(load_balancer.clone()), visible, cadences.listeners);
            for listener in rules_wanted(inventory, link, load_balancer).filter(|listener| listener.is_secure()) {
                self.want(Source::Rules(listener.key.clone()), visible, cadences.listeners);
            }
        }
    }

    /// Whether the instances may run different versions: the health is not good, or it is and the last update went badly,
    /// or different versions were seen.
    fn is_worth_a_look(&self, environment: &Environment) -> bool {
        let may_be_mixed = || {
            let is_left = self.badly_updated.get_or_init(|| badly_updated(&self.snapshot.inventory.events));
            let instances = self.snapshot.inventory.instances_health.get(&environment.key);
            is_left.contains(&environment.name) || instances.is_some_and(|it| runs_different(it))
        };
        environment.is_suspect() || (environment.is_calm() && may_be_mixed())
    }

    /// Nothing has a cause while the health is good.
    pub(super) fn causes(&mut self, key: &Key<Environment>) {
        let Snapshot { inventory, .. } = self.snapshot;
        let cadences = self.cadences;
        let environment = inventory.environments.get(key).filter(|it| it.has_enhanced_health());
        if environment.is_some_and(|it| it.health_status != Some(HealthStatus::Ok)) {
            self.want(Source::EnvironmentHealth(key.clone()), true, cadences.health);
        }
    }

    /// Plans the proof that the groups are the environment's, without which their targets are not counted: their tags, and
    /// where those prove nothing, its resources and its Auto Scaling groups.
    fn proof(&mut self, key: &Key<Environment>, link: &EnvironmentLink, visible: bool) {
        let Snapshot { inventory, .. } = self.snapshot;
        let (scope, cadences) = (self.snapshot.scope, self.cadences);
        for group in &link.groups {
            self.want(Source::TargetGroupTags(group.key.clone()), visible, cadences.tags);
        }
        let is_tried = |group: &LinkedGroup| self.is_tried(&Source::TargetGroupTags(group.key.clone()));
        let is_proven = link.groups.iter().any(|group| group.evidence.strength() == Strength::Proven);
        if link.groups.is_empty() || is_proven || !link.groups.iter().all(is_tried) {
            return;
        }
        self.want(Source::Resources(key.clone()), visible, cadences.resources);
        let resources = inventory.resources.get(key);
        for name in resources.into_iter().flat_map(|it| &it.auto_scaling_groups) {
            self.want(Source::AutoScalingGroup(Key::new(scope, name.clone())), visible, cadences.instances);
        }
    }
}
