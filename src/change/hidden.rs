//! A value that is never shown, logged or kept: an environment property. What is kept of it is a keyed hash, by which it is
//! seen whether two values are the same.

use std::fmt;
use std::fmt::Write as _;
use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// What is shown in place of the value.
pub const MASK: &str = "******";

/// How many bytes of a hash are kept.
const KEPT: usize = 16;

/// The key of the hashes: one for each state directory.
#[derive(Clone, PartialEq, Eq)]
pub struct HashKey(Arc<[u8]>);

/// How values of one option of one environment are hashed.
#[derive(Clone, PartialEq, Eq)]
pub struct ValueHasher {
    key: HashKey,
    about: Arc<str>,
}

/// A value that is never shown.
#[derive(Clone, Serialize, Deserialize)]
pub struct HiddenValue {
    /// Its keyed hash; empty if it has none.
    hash: Arc<str>,
    /// The value, while this process knows it.
    #[serde(skip)]
    text: Option<Arc<str>>,
    /// How live values are compared with it; none in what was read from the journal.
    #[serde(skip)]
    hasher: Option<ValueHasher>,
}

impl HashKey {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.into())
    }

    /// Returns how values of an option are hashed: equal values of other options, or of other environments, have other
    /// hashes.
    #[must_use]
    pub fn hasher(&self, environment: &str, namespace: &str, name: &str) -> ValueHasher {
        ValueHasher { key: self.clone(), about: format!("{environment}\n{namespace}\n{name}\n").into() }
    }
}

impl ValueHasher {
    /// The keyed hash of a value, as hexadecimal digits.
    #[must_use]
    pub fn hash(&self, value: &str) -> Arc<str> {
        // A key may have any length, so that there always is one.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key.0) else { return "".into() };
        mac.update(self.about.as_bytes());
        mac.update(value.as_bytes());
        let mut digits = String::with_capacity(2 * KEPT);
        for byte in mac.finalize().into_bytes().iter().take(KEPT) {
            let _ = write!(digits, "{byte:02x}");
        }
        digits.into()
    }
}

impl HiddenValue {
    /// A value; the write engine gives it its hash.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { hash: "".into(), text: Some(text.into()), hasher: None }
    }

    /// A value that is not known yet, for a plan that is never carried out.
    #[must_use]
    pub fn unknown() -> Self {
        Self { hash: "".into(), text: None, hasher: None }
    }

    /// Its keyed hash; empty if it has none yet.
    #[must_use]
    pub fn hash(&self) -> &Arc<str> {
        &self.hash
    }

    /// The value, if this process knows it. Only what sends it may ask.
    #[must_use]
    pub fn reveal(&self) -> Option<&Arc<str>> {
        self.text.as_ref()
    }

    /// How live values are compared with it, if they can be.
    #[must_use]
    pub fn hasher(&self) -> Option<&ValueHasher> {
        self.hasher.as_ref()
    }

    /// The same, hashed and compared by this hasher. What was read from the journal keeps its hash.
    #[must_use]
    pub fn keyed(&self, hasher: &ValueHasher) -> Self {
        let hash = self.text.as_ref().map_or_else(|| Arc::clone(&self.hash), |text| hasher.hash(text));
        Self { hash, text: self.text.clone(), hasher: Some(hasher.clone()) }
    }
}

/// Two values are the same if they are known to be: by their texts, else by their hashes.
impl PartialEq for HiddenValue {
    fn eq(&self, other: &Self) -> bool {
        match (&self.text, &other.text) {
            (Some(one), Some(other)) => one == other,
            _ => !self.hash.is_empty() && self.hash == other.hash,
        }
    }
}

impl fmt::Debug for HiddenValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HiddenValue({})", self.hash)
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey")
    }
}

impl fmt::Debug for ValueHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ValueHasher")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_of_the_key_the_option_and_the_value() {
        let hasher = |key: &[u8], environment, name| HashKey::new(key).hasher(environment, "ns", name);
        let one = hasher(b"key", "e-1", "A").hash("CANARY");
        assert_eq!(one, hasher(b"key", "e-1", "A").hash("CANARY"));
        assert_eq!(one.len(), 2 * KEPT);
        for other in [
            hasher(b"other", "e-1", "A").hash("CANARY"),
            hasher(b"key", "e-2", "A").hash("CANARY"),
            hasher(b"key", "e-1", "B").hash("CANARY"),
            hasher(b"key", "e-1", "A").hash("CANARy"),
            hasher(b"key", "e-1", "A").hash(""),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn the_value_is_in_no_text_of_it() {
        let hasher = HashKey::new(b"CANARY-key").hasher("e-1", "ns", "A");
        let hidden = HiddenValue::new("CANARY").keyed(&hasher);
        let texts = [format!("{hidden:?} {:?}", hidden.hasher()), serde_json::to_string(&hidden).unwrap()];
        assert!(texts.iter().all(|text| !text.contains("CANARY")), "{texts:?}");
        let kept: HiddenValue = serde_json::from_str(&texts[1]).unwrap();
        assert_eq!((kept.reveal(), kept.hasher(), &kept), (None, None, &hidden));
        assert_eq!(kept.keyed(&hasher).hash(), hidden.hash());
    }

    #[test]
    fn values_are_the_same_only_if_that_is_known() {
        let (one, other) = (HiddenValue::new("CANARY"), HiddenValue::new("other"));
        assert_eq!(one, HiddenValue::new("CANARY"));
        assert_ne!(one, other);
        assert_ne!(one, HiddenValue::unknown());
        assert_ne!(HiddenValue::unknown(), HiddenValue::unknown());
    }
}
