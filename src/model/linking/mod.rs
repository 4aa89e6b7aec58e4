//! Which load balancer and which target groups are an environment's: a pure function over what has been read, and the same
//! again for what an answer changed.
//!
//! Every piece of evidence may be missing or denied; what is there is used, and kept with the link. The steps: find the
//! load balancer of each environment that is touched; see who shares one; then give each environment the target groups
//! that are its own. An answer that concerns one environment relinks the environments of one load balancer.

mod filing;
mod index;
mod rules;

pub(super) use filing::Filing;
pub(super) use index::Index;

use index::Touched;
use rules::{Facts, place, take_groups};

use super::{Balancer, Environment, EnvironmentLink, Inventory, Key, LoadBalancer, Map, Relink, TargetGroup, Topology};

/// What was linked again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relinked {
    /// The environments whose links differ from before, those that are gone included.
    pub differing: Vec<Key<Environment>>,
    /// How many environments were looked at.
    pub environments: usize,
    /// How many load balancers were looked at.
    pub load_balancers: usize,
}

/// Links everything that is known.
#[must_use]
pub fn link(inventory: &Inventory) -> Topology {
    let mut topology = Topology::default();
    relink(&mut topology, inventory, &everything(inventory));
    topology
}

/// Everything that links environments.
fn everything(inventory: &Inventory) -> Vec<Relink> {
    let scaling = inventory.auto_scaling_groups.keys().cloned().map(Relink::AutoScalingGroup);
    let listeners = inventory.listeners.keys().cloned().map(Relink::Listeners);
    let balancers = inventory.load_balancers.keys().cloned().map(Relink::LoadBalancer);
    let groups = inventory.target_groups.keys().cloned().map(Relink::TargetGroup);
    let environments = inventory.environments.keys().cloned().map(Relink::Environment);
    scaling.chain(listeners).chain(balancers).chain(groups).chain(environments).collect()
}

/// Links again what these changes concern; the result is that of [`link`].
pub fn relink(topology: &mut Topology, inventory: &Inventory, changes: &[Relink]) -> Relinked {
    let mut touched = Touched::default();
    for change in changes {
        topology.index.refile(inventory, change, &mut touched);
    }
    // What an environment without a load balancer is depends on whether any could be listed.
    if topology.knows_balancers == inventory.load_balancers.is_empty() {
        topology.knows_balancers = !inventory.load_balancers.is_empty();
        touched.environments.extend(inventory.environments.keys().cloned());
    }
    let mut linking = Linking { topology, inventory, touched, placed: Map::default(), done: Relinked::default() };
    linking.place();
    linking.take_groups();
    linking.look_at_balancers();
    linking.done
}

struct Linking<'a> {
    topology: &'a mut Topology,
    inventory: &'a Inventory,
    touched: Touched,
    placed: Map<Key<Environment>, EnvironmentLink>,
    done: Relinked,
}

impl Linking<'_> {
    fn placed(&self, environment: &Environment) -> EnvironmentLink {
        place(Facts { inventory: self.inventory, index: &self.topology.index }, environment)
    }

    /// Finds the load balancers of the environments that are touched, then looks again at all that share one of them.
    fn place(&mut self) {
        for key in std::mem::take(&mut self.touched.environments) {
            let link = self.inventory.environments.get(&key).map(|environment| self.placed(environment));
            let on = link.as_ref().and_then(|link| link.load_balancer.as_ref()).map(|(balancer, _)| balancer.clone());
            let balancers = &mut self.touched.load_balancers;
            self.topology.users.file(&key, on.into_iter().collect(), |balancer| {
                balancers.insert(balancer.clone());
            });
            match link {
                Some(link) => drop(self.placed.insert(key, link)),
                None => self.forget(&key),
            }
        }
        for balancer in &self.touched.load_balancers {
            for key in self.topology.users.under(balancer) {
                let environment = self.inventory.environments.get(key).filter(|_| !self.placed.contains_key(key));
                if let Some(environment) = environment {
                    self.placed.insert(key.clone(), self.placed(environment));
                }
            }
        }
        self.done.environments = self.placed.len();
        self.done.load_balancers = self.touched.load_balancers.len();
    }

    fn forget(&mut self, key: &Key<Environment>) {
        self.own(key, Vec::new());
        self.topology.unsettled.remove(key);
        if self.topology.links.remove(key).is_some() {
            self.done.differing.push(key.clone());
        }
    }

    fn take_groups(&mut self) {
        for (key, mut link) in std::mem::take(&mut self.placed) {
            let environment = self.inventory.environments.get(&key).filter(|it| !it.is_terminated());
            if let Some(environment) = environment {
                let Topology { index, users, .. } = &*self.topology;
                take_groups(Facts { inventory: self.inventory, index }, users, environment, &mut link);
            }
            self.own(&key, link.groups.iter().map(|group| group.key.clone()).collect());
            if matches!(link.balancer, Balancer::Unknown | Balancer::ApplicationShared) {
                self.topology.unsettled.insert(key.clone());
            } else {
                self.topology.unsettled.remove(&key);
            }
            if self.topology.links.get(&key) != Some(&link) {
                self.done.differing.push(key.clone());
                self.topology.links.insert(key, link);
            }
        }
        self.done.differing.sort();
    }

    /// Notes who owns these target groups; whether a load balancer is used may depend on it.
    fn own(&mut self, key: &Key<Environment>, groups: Vec<Key<TargetGroup>>) {
        let Topology { owners, index, .. } = &mut *self.topology;
        let balancers = &mut self.touched.load_balancers;
        owners.file(key, groups, |group| balancers.extend(index.groups_on.terms(group).iter().cloned()));
    }

    fn look_at_balancers(&mut self) {
        for key in std::mem::take(&mut self.touched.load_balancers) {
            let groups = self.groups_by_name(&key);
            let is_free = |group: &&Key<TargetGroup>| self.topology.owners.under(group).is_empty();
            let unowned: Vec<_> = groups.iter().filter(is_free).cloned().collect();
            let is_used = unowned.len() < groups.len() || !self.topology.users.under(&key).is_empty();
            if is_used || !self.inventory.load_balancers.contains_key(&key) {
                self.topology.unowned.remove(&key);
            } else {
                self.topology.unowned.insert(key.clone());
            }
            if unowned.is_empty() {
                self.topology.unowned_groups.remove(&key);
            } else {
                self.topology.unowned_groups.insert(key.clone(), unowned);
            }
            if groups.is_empty() {
                self.topology.groups.remove(&key);
            } else {
                self.topology.groups.insert(key, groups);
            }
        }
    }

    fn groups_by_name(&self, key: &Key<LoadBalancer>) -> Vec<Key<TargetGroup>> {
        let keys = self.topology.index.groups_on.under(key).iter();
        let mut groups: Vec<_> = keys.filter_map(|key| self.inventory.target_groups.get(key)).collect();
        groups.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
        groups.into_iter().map(|group| group.key.clone()).collect()
    }
}
