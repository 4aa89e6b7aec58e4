//! Watches the impact of changes of settings, whatever is on screen, and reports when it gets worse.

use crate::change::{Operation, Written};
use crate::deploy::ImpactWatch;
use crate::model::{Environment, Key, Map, Snapshot};

/// The last change of each environment, while it is worth showing.
#[derive(Clone, Debug, Default)]
pub struct ImpactWatches(Map<Key<Environment>, ImpactWatch>);

impl ImpactWatches {
    /// Watches what was written, instead of what was written before it; nothing is watched if nothing was written.
    pub fn begin(&mut self, operation: &Operation, written: &Written, snapshot: &Snapshot) {
        if let Some(impact) = ImpactWatch::begin(operation, written, snapshot) {
            self.0.insert(impact.environment.clone(), impact);
        }
    }

    /// That of an environment.
    #[must_use]
    pub fn of(&self, environment: &Key<Environment>) -> Option<&ImpactWatch> {
        self.0.get(environment)
    }

    /// All, those that are worse first, then by name.
    #[must_use]
    pub fn all(&self) -> Vec<&ImpactWatch> {
        let mut all: Vec<_> = self.0.values().collect();
        all.sort_by(|one, other| {
            (!one.is_worse(), &one.name, &one.environment).cmp(&(!other.is_worse(), &other.name, &other.environment))
        });
        all
    }

    /// Applies what was read. Returns whether any verdict changed, and a message for each environment where the impact got
    /// worse, recovered, or ended well.
    pub(super) fn observe(&mut self, snapshot: &Snapshot) -> (bool, Vec<(Key<Environment>, String)>) {
        let mut said = Vec::new();
        let mut any = false;
        for impact in self.0.values_mut() {
            let was_worse = impact.is_worse();
            if !impact.observe(snapshot) {
                continue;
            }
            any = true;
            if impact.is_worse() != was_worse || (impact.is_over() && !was_worse) {
                said.push((impact.environment.clone(), impact.words(snapshot.moment)));
            }
        }
        self.0.retain(|_, impact| !impact.is_over());
        (any, said)
    }
}
