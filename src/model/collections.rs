//! The maps and sets of the model: hashed without a seed, so that iteration has the same order each time, in tests and
//! on two machines alike. Keys are ids that AWS made, so that collisions cannot be provoked.

/// A map.
pub type Map<K, V> = rustc_hash::FxHashMap<K, V>;
/// A set.
pub type Set<T> = rustc_hash::FxHashSet<T>;
