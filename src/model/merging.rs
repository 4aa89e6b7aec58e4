//! Replaces what was known by what was read, and notes the differences.

use std::hash::Hash;

use super::{Key, Map, Set};

/// Puts a value; returns whether it differs from the one before.
pub(super) fn put<K: Hash + Eq, V: PartialEq>(map: &mut Map<K, V>, key: K, value: V) -> bool {
    if map.get(&key) == Some(&value) {
        return false;
    }
    map.insert(key, value);
    true
}

/// To a list that is not all there is, adds what was known before and is not in it.
pub(super) fn keep_unseen<T: Clone, K: PartialEq>(
    items: &mut Vec<T>,
    known: Option<&Vec<T>>,
    all: bool,
    key: impl Fn(&T) -> K,
) {
    if all {
        return;
    }
    let named: Vec<_> = items.iter().map(&key).collect();
    items.extend(known.into_iter().flatten().filter(|item| !named.contains(&key(item))).cloned());
}

/// Puts items by key and, if they are complete, removes the others; returns the keys of what differs.
pub(super) fn merge<T: PartialEq>(
    map: &mut Map<Key<T>, T>,
    items: Vec<T>,
    key: impl Fn(&T) -> Key<T>,
    all: bool,
) -> Vec<Key<T>> {
    merge_reporting(map, items, key, all, |_, _| ())
}

/// Like [`merge`], and reports of each that differs what it was and what it is.
pub(super) fn merge_reporting<T: PartialEq>(
    map: &mut Map<Key<T>, T>,
    items: Vec<T>,
    key: impl Fn(&T) -> Key<T>,
    all: bool,
    mut report: impl FnMut(Option<&T>, Option<&T>),
) -> Vec<Key<T>> {
    let mut changed = Vec::new();
    let named: Vec<_> = items.iter().map(&key).collect();
    for (id, item) in named.iter().zip(items) {
        let known = map.get(id);
        if known != Some(&item) {
            report(known, Some(&item));
            changed.push(id.clone());
            map.insert(id.clone(), item);
        }
    }
    // Mostly nothing is gone, and then there are as many as were named.
    if all && map.len() > named.len() {
        let named: Set<_> = named.iter().collect();
        for (id, item) in map.extract_if(|id, _| !named.contains(id)) {
            report(Some(&item), None);
            changed.push(id);
        }
    }
    changed
}
