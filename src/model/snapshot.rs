//! All that is known of one scope at a moment: what was read, what belongs to what, and how old each reading is.
//!
//! It is the one thing that the pure code reads. An answer enters by [`Snapshot::apply`], which records its age, applies
//! its content and links again what it concerns.

use std::sync::Arc;

use super::{
    Alarm, AlarmSubjects, Batch, Delta, Environment, EnvironmentLink, Inventory, Key, Moment, ReadOutcome, Reads,
    Relinked, ScopeId, Source, TargetGroup, Topology, concerning, relink,
};

/// The state of one scope.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Which scope.
    pub scope: ScopeId,
    /// What was read.
    pub inventory: Inventory,
    /// What belongs to what.
    pub topology: Topology,
    /// How each source was last read.
    pub reads: Reads,
    /// The moment that ages are counted to.
    pub moment: Moment,
}

/// What an answer changed.
#[derive(Clone, Debug, Default)]
pub struct SnapshotChange {
    /// What differs in the inventory.
    pub delta: Delta,
    /// What was linked again.
    pub relinked: Relinked,
}

impl Snapshot {
    /// Returns an empty snapshot of a scope.
    #[must_use]
    pub fn new(scope: ScopeId, moment: Moment) -> Self {
        let (inventory, topology, reads) = (Inventory::default(), Topology::default(), Reads::default());
        Self { scope, inventory, topology, reads, moment }
    }

    /// Applies the result of a reading: its age or its fault, its content, and what it links. `None` if it failed.
    pub fn apply(&mut self, outcome: ReadOutcome) -> Option<SnapshotChange> {
        self.reads.note(&outcome);
        Some(self.apply_batch(outcome.result.ok()?, outcome.at))
    }

    /// Applies content alone, read at `at`, and links what it concerns.
    pub fn apply_batch(&mut self, batch: Batch, at: Moment) -> SnapshotChange {
        let mut delta = self.inventory.replace(batch, at);
        if !delta.alarms.is_empty() {
            delta.environments.extend(self.concerned_by(&delta.alarms));
        }
        let relinked = relink(&mut self.topology, &self.inventory, &delta.relinks);
        SnapshotChange { delta, relinked }
    }

    /// Returns the three listings that everything else depends on.
    #[must_use]
    pub fn base(&self) -> [Source; 3] {
        [Source::Environments(self.scope), Source::LoadBalancers(self.scope), Source::TargetGroups(self.scope)]
    }

    /// Whether these three were tried. A denied one must not keep the others from being asked.
    #[must_use]
    pub fn is_base_tried(&self) -> bool {
        self.base().iter().all(|source| self.reads.is_tried(source))
    }

    /// An environment, if it is known.
    #[must_use]
    pub fn environment(&self, key: &Key<Environment>) -> Option<&Environment> {
        self.inventory.environments.get(key)
    }

    /// What the alarms of an environment may look at, as far as it is linked.
    #[must_use]
    pub fn alarm_subjects(&self, environment: &Environment) -> AlarmSubjects {
        let link = self.link(&environment.key);
        let balancer = link.and_then(|link| link.load_balancer.as_ref()).map(|(key, _)| Arc::clone(&key.id));
        let classic = link.and_then(|link| link.classic_name.clone());
        let groups = link.into_iter().flat_map(|link| &link.groups);
        let resources = self.inventory.resources.get(&environment.key);
        AlarmSubjects {
            environment: Arc::clone(&environment.name),
            load_balancers: balancer.into_iter().chain(classic).collect(),
            target_groups: groups.map(|group| Arc::clone(&group.key.id)).collect(),
            instances: resources.map(|it| it.instances.clone()).unwrap_or_default(),
        }
    }

    /// The alarms of an environment that are in ALARM, by name. Those that scale are left out: one of each pair of them is
    /// in ALARM whenever the load is low.
    #[must_use]
    pub fn raised_alarms(&self, environment: &Environment) -> Vec<&Alarm> {
        // Mostly there are none at all.
        if self.inventory.raised_alarms.is_empty() {
            return Vec::new();
        }
        let raised = self.inventory.raised_alarms.values().filter(|alarm| !alarm.scales());
        concerning(raised, &self.alarm_subjects(environment))
    }

    /// The alarms of an environment, whatever their state, by name, where all alarms were read.
    #[must_use]
    pub fn alarms(&self, environment: &Environment) -> Vec<&Alarm> {
        concerning(self.inventory.alarms.values(), &self.alarm_subjects(environment))
    }

    /// The environments that one of these alarms concerns, or one that follows it.
    fn concerned_by(&self, alarms: &[Alarm]) -> Vec<Key<Environment>> {
        let raised = &self.inventory.raised_alarms;
        let is_concerned = |environment: &&Environment| {
            let subjects = self.alarm_subjects(environment);
            let all = concerning(alarms.iter().chain(raised.values()), &subjects);
            all.iter().any(|alarm| alarms.iter().any(|changed| changed.key == alarm.key))
        };
        self.inventory.environments.values().filter(is_concerned).map(|it| it.key.clone()).collect()
    }

    /// Returns the target groups of instances that no environment is known to own and a load balancer sends to, as far as
    /// they may hold an environment's instances: those of another VPC than its load balancer's cannot.
    pub fn unowned_groups_near<'a>(&'a self, link: &'a EnvironmentLink) -> impl Iterator<Item = &'a TargetGroup> {
        let balancer = link.load_balancer.as_ref().and_then(|(key, _)| self.inventory.load_balancers.get(key));
        let vpc = balancer.and_then(|balancer| balancer.vpc.as_ref());
        let groups = self.topology.unowned_groups().filter_map(|key| self.inventory.target_groups.get(key));
        groups.filter(move |group| {
            let is_elsewhere = vpc.zip(group.vpc.as_ref()).is_some_and(|(own, other)| own != other);
            group.target_type.as_deref() == Some("instance") && !is_elsewhere
        })
    }

    /// The place of an environment, if it is known.
    #[must_use]
    pub fn link(&self, key: &Key<Environment>) -> Option<&EnvironmentLink> {
        self.topology.link(key)
    }
}
