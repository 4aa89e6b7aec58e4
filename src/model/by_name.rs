//! Environments by their names, which need not be unique: AWS has one living environment of a name at most, and keeps
//! terminated ones for an hour.

use super::{Environment, Inventory};

impl Inventory {
    /// The environment of this name: a living one before one that is being terminated, and that before a terminated one.
    #[must_use]
    pub fn environment_named(&self, name: &str) -> Option<&Environment> {
        let named = self.environments.values().filter(|environment| &*environment.name == name);
        named.min_by_key(|environment| (environment.is_ending(), environment.is_terminated(), &environment.key.id))
    }

    /// The living environments of this name, by id. AWS has one at most; what answers need not be AWS.
    #[must_use]
    pub fn living_environments_named(&self, name: &str) -> Vec<&Environment> {
        let is_meant = |it: &&Environment| &*it.name == name && !it.is_ending();
        let mut living: Vec<_> = self.environments.values().filter(is_meant).collect();
        living.sort_by(|one, other| one.key.id.cmp(&other.key.id));
        living
    }
}
