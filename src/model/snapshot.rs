//! All that is known of one scope at a moment: what was read, what belongs to what, and how old each reading is.
//!
//! It is the one thing that the pure code reads. An answer enters by [`Snapshot::apply`], which records its age, applies
//! its content and links again what it concerns.

use super::{
    Batch, Delta, Environment, EnvironmentLink, Inventory, Key, Moment, ReadOutcome, Reads, Relinked, ScopeId, Source,
    Topology, relink,
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
        let delta = self.inventory.replace(batch, at);
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

    /// The place of an environment, if it is known.
    #[must_use]
    pub fn link(&self, key: &Key<Environment>) -> Option<&EnvironmentLink> {
        self.topology.link(key)
    }
}
