//! The instances of an environment, and whether one of them can be spared.
//!
//! An environment's instances are those of its Auto Scaling groups, and its target groups those with which the groups
//! register them: so what is judged is proven to be the environment's.

use std::sync::Arc;

use super::outcome::Refusal;
use crate::model::{AutoScalingGroup, Environment, Inventory, Key, Target, TargetGroup, TargetState, resource_name};

/// The instances of an environment and the targets that they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Instances {
    /// Its Auto Scaling groups.
    pub groups: Vec<AutoScalingGroup>,
    /// The targets of each target group with which they register their instances.
    pub targets: Vec<(Key<TargetGroup>, Vec<Target>)>,
}

/// Whether an instance is still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It belongs to the environment and stays.
    Stays,
    /// It is being terminated.
    Leaves,
    /// It does not belong to the environment.
    Gone,
}

impl Instances {
    /// Returns the inputs of an environment; `None` if a part of them was not read.
    #[must_use]
    pub fn known(inventory: &Inventory, environment: &Key<Environment>) -> Option<Self> {
        let scope = environment.scope;
        let names = &inventory.resources.get(environment)?.auto_scaling_groups;
        let group = |name: &Arc<str>| inventory.auto_scaling_groups.get(&Key::new(scope, Arc::clone(name))).cloned();
        let groups = names.iter().map(group).collect::<Option<Vec<_>>>()?;
        let targets = |key: &Key<TargetGroup>| Some((key.clone(), inventory.targets.get(key)?.clone()));
        let targets = target_groups(&groups).iter().map(targets).collect::<Option<Vec<_>>>()?;
        Some(Self { groups, targets })
    }

    /// The ids of those that are there to stay.
    pub fn staying(&self) -> impl Iterator<Item = &Arc<str>> {
        self.groups.iter().flat_map(|group| group.instances.iter().filter(|id| !group.leaving.contains(id)))
    }

    /// Whether this one is still there.
    #[must_use]
    pub fn presence(&self, instance: &str) -> Presence {
        let has = |list: &[Arc<str>]| list.iter().any(|id| **id == *instance);
        if self.groups.iter().any(|group| has(&group.leaving)) {
            return Presence::Leaves;
        }
        if self.groups.iter().any(|group| has(&group.instances)) { Presence::Stays } else { Presence::Gone }
    }

    /// Returns where it is the last healthy target: a target group, by its name; or the environment itself, if it has none.
    #[must_use]
    pub fn last_of(&self, instance: &str, environment: &Arc<str>) -> Option<Arc<str>> {
        if self.targets.is_empty() {
            let mut staying = self.staying();
            let is_alone = staying.by_ref().all(|id| **id == *instance);
            return (is_alone && self.presence(instance) == Presence::Stays).then(|| Arc::clone(environment));
        }
        let is_last = |targets: &[Target]| {
            let mut healthy = targets.iter().filter(|target| target.state == TargetState::Healthy).peekable();
            healthy.peek().is_some() && healthy.all(|target| *target.id == *instance)
        };
        let group = self.targets.iter().find(|(_, targets)| is_last(targets));
        group.map(|(key, _)| resource_name(&key.id).into())
    }

    /// Why this one is not replaced.
    #[must_use]
    pub fn objection(&self, instance: &Arc<str>, environment: &Arc<str>) -> Option<Refusal> {
        let of = self.last_of(instance, environment)?;
        Some(Refusal::LastHealthy { instance: Arc::clone(instance), of })
    }
}

/// The target groups with which these groups register their instances.
#[must_use]
pub fn target_groups(groups: &[AutoScalingGroup]) -> Vec<Key<TargetGroup>> {
    let mut keys: Vec<_> = groups.iter().flat_map(|group| group.target_groups.iter().cloned()).collect();
    keys.sort();
    keys.dedup();
    keys
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ScopeId;

    fn instances(ids: &[&str], leaving: &[&str], targets: &[&[(&str, TargetState)]]) -> Instances {
        let texts = |ids: &[&str]| ids.iter().map(|id| Arc::from(*id)).collect();
        let key = |number: usize| Key::new(ScopeId(0), format!("arn:aws:x:y:z:targetgroup/g{number}/1"));
        let target = |(id, state): &(&str, TargetState)| Target {
            id: (*id).into(),
            port: Some(80),
            availability_zone: None,
            state: state.clone(),
            reason: None,
            description: None,
        };
        let group = AutoScalingGroup {
            key: Key::new(ScopeId(0), "asg"),
            target_groups: (0..targets.len()).map(key).collect(),
            classic_names: Vec::new(),
            health_check_type: None,
            size: (1, 4, 2),
            instances: texts(ids),
            leaving: texts(leaving),
            suspended: Vec::new(),
            grace_seconds: None,
        };
        let listed = targets.iter().enumerate();
        let targets = listed.map(|(number, targets)| (key(number), targets.iter().map(target).collect())).collect();
        Instances { groups: vec![group], targets }
    }

    #[test]
    fn the_last_healthy_target_of_any_group_is_not_spared() {
        use TargetState::{Healthy, Unhealthy};
        let last = |it: &Instances, id: &str| it.last_of(id, &"web".into()).map(|of| of.to_string());
        let both = instances(&["a", "b"], &[], &[&[("a", Healthy), ("b", Healthy)]]);
        assert_eq!(last(&both, "a"), None);
        let one = instances(&["a", "b"], &[], &[&[("a", Healthy), ("b", Unhealthy)]]);
        assert_eq!(last(&one, "a").as_deref(), Some("g0"));
        assert_eq!(last(&one, "b"), None, "what does not answer can always be replaced");
        let second = [[("a", Healthy), ("b", Healthy)], [("a", Healthy), ("b", Unhealthy)]];
        let two = instances(&["a", "b"], &[], &[&second[0], &second[1]]);
        assert_eq!(last(&two, "a").as_deref(), Some("g1"));
        assert_eq!(last(&two, "b"), None);
        let none = instances(&["a"], &[], &[&[("a", Unhealthy)]]);
        assert_eq!(last(&none, "a"), None);
    }

    #[test]
    fn without_target_groups_the_only_instance_is_not_spared() {
        let last = |it: &Instances, id: &str| it.last_of(id, &"jobs".into()).map(|of| of.to_string());
        assert_eq!(last(&instances(&["a"], &[], &[]), "a").as_deref(), Some("jobs"));
        assert_eq!(last(&instances(&["a", "b"], &[], &[]), "a"), None);
        assert_eq!(last(&instances(&["a", "b"], &["b"], &[]), "a").as_deref(), Some("jobs"));
        assert_eq!(last(&instances(&["a", "b"], &["b"], &[]), "b"), None);
    }

    #[test]
    fn an_instance_stays_leaves_or_is_none_of_the_environments() {
        let it = instances(&["a", "b"], &["b"], &[]);
        let presence = ["a", "b", "c"].map(|id| it.presence(id));
        assert_eq!(presence, [Presence::Stays, Presence::Leaves, Presence::Gone]);
    }
}
