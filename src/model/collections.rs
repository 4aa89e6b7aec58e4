//! The maps and sets of the model: hashed without a seed, so that what is iterated comes in the same order each time, in
//! tests and on two machines alike. Keys are ids that AWS made; no one floods us with them.

/// A map.
pub type Map<K, V> = rustc_hash::FxHashMap<K, V>;
/// A set.
pub type Set<T> = rustc_hash::FxHashSet<T>;
