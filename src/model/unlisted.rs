//! What the last listing did not have, because it broke off: it may be there, and it may be gone.

use std::sync::Arc;

use super::{Key, Set};

/// The ids that the last listing of their kind did not reach.
#[derive(Clone, Debug, Default)]
pub(super) struct Unlisted(Set<Arc<str>>);

impl Unlisted {
    /// Notes a listing of one kind, which had these of the known ones; `all`: it came to its end, and what it did not have
    /// is gone.
    pub(super) fn note<'a, T: 'a>(
        &mut self,
        known: impl Iterator<Item = &'a Key<T>> + Clone,
        listed: impl Iterator<Item = &'a Key<T>>,
        all: bool,
    ) {
        if !self.0.is_empty() {
            let known: Set<_> = known.clone().map(|key| &key.id).collect();
            self.0.retain(|id| !known.contains(id));
        }
        if !all {
            let listed: Set<_> = listed.map(|key| &key.id).collect();
            self.0.extend(known.map(|key| &key.id).filter(|id| !listed.contains(id)).cloned());
        }
    }

    /// Whether the last listing did not come to this one.
    pub(super) fn has<T>(&self, key: &Key<T>) -> bool {
        self.0.contains(&key.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Environment, LoadBalancer, ScopeId};

    #[test]
    fn each_listing_counts_for_its_own_kind() {
        let key = |id: &str| Key::<Environment>::new(ScopeId(0), id);
        let (one, other) = (key("e-1"), key("e-2"));
        let balancer = Key::<LoadBalancer>::new(ScopeId(0), "lb");
        let mut unlisted = Unlisted::default();
        unlisted.note([&one, &other].into_iter(), [&one].into_iter(), false);
        assert_eq!((unlisted.has(&one), unlisted.has(&other)), (false, true));
        unlisted.note([&balancer].into_iter(), [].into_iter(), false);
        assert!(unlisted.has(&other) && unlisted.has(&balancer));
        unlisted.note([&one, &other].into_iter(), [&other].into_iter(), false);
        assert_eq!((unlisted.has(&one), unlisted.has(&other)), (true, false));
        unlisted.note([&one, &other].into_iter(), [&one, &other].into_iter(), true);
        assert!(!unlisted.has(&one) && unlisted.has(&balancer));
    }
}
