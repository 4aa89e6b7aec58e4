//! What an object serves: every environment, and target groups that no environment owns.

use std::fmt;
use std::sync::Arc;

use super::field::{Object, PlanInputs};
use super::rows::ChangeRow;
use crate::model::{Key, LoadBalancer, resource_name};

/// What the objects that are changed serve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Serves {
    /// The environments, by name.
    pub environments: Vec<Arc<str>>,
    /// Target groups on the load balancer that are no environment's, by name.
    pub unowned: Vec<Arc<str>>,
}

/// Returns what the objects of these rows serve. A target group serves its own environment; other groups do not change.
pub(super) fn serves(basis: &PlanInputs<'_>, rows: &[ChangeRow]) -> Serves {
    let mut serves = Serves { environments: vec![Arc::clone(&basis.environment.name)], unowned: Vec::new() };
    for row in rows {
        match &row.object {
            Object::TargetGroup(key) => {
                let owner = basis
                    .snapshot
                    .topology
                    .owner_of(key)
                    .and_then(|key| basis.snapshot.inventory.environments.get(key));
                serves.environments.extend(owner.map(|it| Arc::clone(&it.name)));
            }
            Object::LoadBalancer(key) | Object::Listener(_, key, _) => add_all(basis, key, &mut serves),
        }
    }
    serves.tidied()
}

impl PlanInputs<'_> {
    /// Returns what the environment's load balancer serves; if it is unknown, the environment alone.
    #[must_use]
    pub fn serves(&self) -> Serves {
        let mut serves = Serves { environments: vec![Arc::clone(&self.environment.name)], unowned: Vec::new() };
        let balancer = self.link().and_then(|link| link.load_balancer.as_ref());
        balancer.into_iter().for_each(|(key, _)| add_all(self, key, &mut serves));
        serves.tidied()
    }
}

impl Serves {
    fn tidied(mut self) -> Self {
        for names in [&mut self.environments, &mut self.unowned] {
            names.sort();
            names.dedup();
        }
        self
    }
}

impl fmt::Display for Serves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups = self.unowned.iter().map(|name| format!("target group {name} (not owned by an environment)"));
        let all: Vec<_> = self.environments.iter().map(ToString::to_string).chain(groups).collect();
        f.write_str(&all.join(", "))
    }
}

fn add_all(basis: &PlanInputs<'_>, key: &Key<LoadBalancer>, serves: &mut Serves) {
    let users = basis.snapshot.topology.environments_of(key).iter();
    serves
        .environments
        .extend(users.filter_map(|it| basis.snapshot.inventory.environments.get(it)).map(|it| it.name.clone()));
    for group in basis.snapshot.topology.groups_on(key) {
        if basis.snapshot.topology.owner_of(group).is_none() {
            let known = basis.snapshot.inventory.target_groups.get(group);
            serves.unowned.push(known.map_or_else(|| resource_name(&group.id).into(), |it| Arc::clone(&it.name)));
        }
    }
}

/// Returns what a load balancer serves.
pub(super) fn serves_of(basis: &PlanInputs<'_>, key: &Key<LoadBalancer>) -> Serves {
    let mut serves = Serves { environments: vec![Arc::clone(&basis.environment.name)], unowned: Vec::new() };
    add_all(basis, key, &mut serves);
    for names in [&mut serves.environments, &mut serves.unowned] {
        names.sort();
        names.dedup();
    }
    serves
}

/// How many environments the load balancer of this environment serves, as far as is known.
pub(super) fn sharers(basis: &PlanInputs<'_>) -> usize {
    basis.load_balancer().map_or(1, |key| basis.snapshot.topology.environments_of(key).len())
}
