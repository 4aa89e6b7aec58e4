//! The indexes of linking: which objects name a load balancer, a target group, a security group or an Auto Scaling group.
//!
//! It is kept, and each object that changes is indexed again; the objects that this may affect are noted.

use std::sync::Arc;

use super::filing::Filing;
use crate::model::{
    AutoScalingGroup, Environment, Inventory, Key, Listener, LoadBalancer, Relink, ScopeId, SecurityGroup, Set,
    TargetGroup, forwarded_target_groups,
};

const ENVIRONMENT_ID_TAG: &str = "elasticbeanstalk:environment-id";

/// What has to be linked again.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub environments: Set<Key<Environment>>,
    pub load_balancers: Set<Key<LoadBalancer>>,
}

/// The lookups. DNS names are in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::model) struct Index {
    pub(super) balancers_at: Filing<Key<LoadBalancer>, Arc<str>>,
    pub(super) tagged_balancers: Filing<Key<LoadBalancer>, Arc<str>>,
    pub(in crate::model) guarded_by: Filing<Key<LoadBalancer>, Key<SecurityGroup>>,
    pub(super) tagged_groups: Filing<Key<TargetGroup>, Arc<str>>,
    pub(super) groups_on: Filing<Key<TargetGroup>, Key<LoadBalancer>>,
    environments_at: Filing<Key<Environment>, Arc<str>>,
    scaled_by: Filing<Key<Environment>, Key<AutoScalingGroup>>,
    registering: Filing<Key<AutoScalingGroup>, Key<TargetGroup>>,
    listeners: Filing<Key<LoadBalancer>, Key<Listener>>,
    forwarding: Filing<Key<LoadBalancer>, Key<TargetGroup>>,
}

impl Index {
    /// Files an object as it is now; what its old and its new place concern is `touched`.
    pub(super) fn refile(&mut self, inventory: &Inventory, what: &Relink, touched: &mut Touched) {
        match what {
            Relink::Environment(key) => {
                self.file_environment(inventory, key);
                touched.environments.insert(key.clone());
            }
            Relink::LoadBalancer(key) => self.file_balancer(inventory, key, touched),
            Relink::TargetGroup(key) => self.file_group(inventory, key, touched),
            Relink::AutoScalingGroup(key) => {
                let groups = inventory.auto_scaling_groups.get(key).map(|it| it.target_groups.clone());
                self.registering.file(key, groups.unwrap_or_default(), |_| ());
                touched.environments.extend(self.scaled_by.under(key).iter().cloned());
            }
            Relink::Listeners(key) => {
                let listeners = inventory.listeners.get(key).into_iter().flatten();
                self.listeners.file(key, listeners.map(|it| it.key.clone()).collect(), |_| ());
                self.file_forwards(inventory, key, touched);
            }
            Relink::Rules(listener) => {
                for key in self.listeners.under(listener).to_vec() {
                    self.file_forwards(inventory, &key, touched);
                }
            }
        }
    }

    fn file_environment(&mut self, inventory: &Inventory, key: &Key<Environment>) {
        let environment = inventory.environments.get(key).filter(|it| !it.is_terminated());
        let endpoint = environment.and_then(|it| it.endpoint_url.as_deref()).map(lower_case);
        self.environments_at.file(key, endpoint.into_iter().collect(), |_| ());
        let resources = inventory.resources.get(key).filter(|_| environment.is_some());
        let scaled_by = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
        let scaled_by = scaled_by.map(|name| Key::new(key.scope, Arc::clone(name)));
        self.scaled_by.file(key, scaled_by.collect(), |_| ());
    }

    fn file_balancer(&mut self, inventory: &Inventory, key: &Key<LoadBalancer>, touched: &mut Touched) {
        let balancer = inventory.load_balancers.get(key);
        let dns_name = balancer.and_then(|it| it.dns_name.as_deref()).map(lower_case);
        let tag = balancer.and_then(|it| environment_tag(inventory, &it.key));
        let Self { balancers_at, tagged_balancers, guarded_by, environments_at, .. } = self;
        balancers_at.file(key, dns_name.into_iter().collect(), |dns_name| {
            touched.environments.extend(environments_at.under(&**dns_name).iter().cloned());
        });
        let security_groups = balancer.into_iter().flat_map(|it| &it.security_groups);
        let security_groups = security_groups.map(|id| Key::new(key.scope, Arc::clone(id))).collect();
        guarded_by.file(key, security_groups, |_| ());
        tagged_balancers.file(key, tag.into_iter().collect(), |id| touched.tagged(key.scope, id));
        touched.load_balancers.insert(key.clone());
    }

    fn file_group(&mut self, inventory: &Inventory, key: &Key<TargetGroup>, touched: &mut Touched) {
        let group = inventory.target_groups.get(key);
        let tag = group.and_then(|it| environment_tag(inventory, &it.key));
        let on = group.map(|it| it.load_balancers.clone()).unwrap_or_default();
        self.tagged_groups.file(key, tag.into_iter().collect(), |id| touched.tagged(key.scope, id));
        self.groups_on.file(key, on, |balancer| {
            touched.load_balancers.insert(balancer.clone());
        });
        touched.load_balancers.extend(self.forwarding.under(key).iter().cloned());
        for scaling in self.registering.under(key) {
            touched.environments.extend(self.scaled_by.under(scaling).iter().cloned());
        }
    }

    fn file_forwards(&mut self, inventory: &Inventory, key: &Key<LoadBalancer>, touched: &mut Touched) {
        let listeners = inventory.listeners.get(key).into_iter().flatten();
        let rules = listeners.filter_map(|listener| inventory.rules.get(&listener.key)).flatten();
        let groups = rules.flat_map(|rule| forwarded_target_groups(&rule.actions));
        let groups: Set<_> = groups.map(|forward| forward.target_group.clone()).collect();
        self.forwarding.file(key, groups.into_iter().collect(), |_| ());
        touched.load_balancers.insert(key.clone());
    }
}

impl Touched {
    /// Notes the environment that a tag names, or named.
    fn tagged(&mut self, scope: ScopeId, id: &Arc<str>) {
        self.environments.insert(Key::new(scope, Arc::clone(id)));
    }
}

/// The environment that the tags of an object name.
pub(super) fn environment_tag<T>(inventory: &Inventory, key: &Key<T>) -> Option<Arc<str>> {
    inventory.tags_of(key)?.get(ENVIRONMENT_ID_TAG).cloned()
}

/// A DNS name, which is the same in any case.
pub(super) fn lower_case(name: &str) -> Arc<str> {
    name.to_ascii_lowercase().into()
}
