//! Which findings are silenced: of a check, in the environments whose names fit a pattern, and why.

use std::collections::BTreeMap;

use super::production::fits;

/// The reasons, by the check and the pattern with a full stop between them: no check has one in its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Silences(pub(super) BTreeMap<String, Option<String>>);

impl Silences {
    /// Returns the checks that are silenced in an environment, each with its reason.
    #[must_use]
    pub fn of(&self, environment: &str) -> BTreeMap<&str, &str> {
        let mut reasons = BTreeMap::new();
        for (name, reason) in &self.0 {
            let Some(((check, pattern), reason)) = name.split_once('.').zip(reason.as_deref()) else { continue };
            if fits(pattern, environment) {
                // Of several patterns that fit, the first by its letters.
                reasons.entry(check).or_insert(reason);
            }
        }
        reasons
    }
}
