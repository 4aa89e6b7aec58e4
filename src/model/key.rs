//! Typed ids that carry the scope they were read in.
//!
//! Names and ids are not unique over regions and accounts, and the account is unknown at first paint; so a
//! key names its [`Scope`] by number, and the account is a fact learned about the scope later.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The number of an interned [`Scope`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u16);

/// Where something was read: which profile's credentials, which region, which endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The profile of the shared configuration; `None` is the default chain.
    pub profile: Option<Arc<str>>,
    /// The region, as AWS spells it; `None` until the configuration chain has returned it.
    pub region: Option<Arc<str>>,
    /// The endpoint, if it is not AWS's own.
    pub endpoint: Option<Arc<str>>,
}

/// The scopes known, each once.
#[derive(Clone, Debug, Default)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// The number of this scope, which is kept if it is new.
    pub fn intern(&mut self, scope: Scope) -> ScopeId {
        let at = self.0.iter().position(|known| *known == scope).unwrap_or_else(|| {
            self.0.push(scope);
            self.0.len() - 1
        });
        ScopeId(u16::try_from(at).unwrap_or(u16::MAX))
    }

    /// The scope of this number.
    #[must_use]
    pub fn get(&self, id: ScopeId) -> Option<&Scope> {
        self.0.get(usize::from(id.0))
    }
}

/// The id of a `T` within a scope: an ARN, or the id that AWS gives where there is no ARN.
pub struct Key<T> {
    /// Where it was read.
    pub scope: ScopeId,
    /// The ARN or id, exactly as AWS spells it.
    pub id: Arc<str>,
    marker: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    /// The key of `id` in `scope`.
    pub fn new(scope: ScopeId, id: impl Into<Arc<str>>) -> Self {
        Self { scope, id: id.into(), marker: PhantomData }
    }
}

/// Something that may carry tags, a load balancer or a target group: what its tags are kept by.
#[derive(Debug)]
pub enum Tagged {}

impl<T> Key<T> {
    /// The key that its tags are kept by.
    #[must_use]
    pub fn tagged(&self) -> Key<Tagged> {
        Key::new(self.scope, Arc::clone(&self.id))
    }
}

/// Serializes as its id: each process numbers scopes differently.
impl<T> Serialize for Key<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.id)
    }
}

/// In the first scope; the reader moves it to its own.
impl<'de, T> Deserialize<'de> for Key<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::new(ScopeId::default(), Arc::<str>::deserialize(deserializer)?))
    }
}

// Written by hand, because a derive would require the same of `T`.
impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        Self { scope: self.scope, id: Arc::clone(&self.id), marker: PhantomData }
    }
}

impl<T> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        self.scope == other.scope && (Arc::ptr_eq(&self.id, &other.id) || self.id == other.id)
    }
}

impl<T> Eq for Key<T> {}

impl<T> Hash for Key<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.scope.hash(state);
        self.id.hash(state);
    }
}

impl<T> PartialOrd for Key<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Key<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.scope, &self.id).cmp(&(other.scope, &other.id))
    }
}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.scope.0)
    }
}
