//! Which findings are silenced: of a check, in the environments whose names fit a pattern, and why.

use std::collections::BTreeMap;

use super::production::fits;

/// The silenced checks, each with the patterns of environments' names, each with its reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Silences(BTreeMap<String, BTreeMap<String, String>>);

/// An entry of the silences that covers an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence<'a> {
    /// The pattern that its name fits.
    pub pattern: &'a str,
    /// Why the check's findings are silenced.
    pub reason: &'a str,
}

impl Silences {
    /// Returns the checks that are silenced in an environment, each with its reason.
    #[must_use]
    pub fn of(&self, environment: &str) -> BTreeMap<&str, &str> {
        let covering = |check: &'_ String| self.covering(check, environment).map(|silence| silence.reason);
        self.0.keys().filter_map(|check| Some((check.as_str(), covering(check)?))).collect()
    }

    /// Returns the entry by which a check is silenced in an environment; of several patterns that fit, the first by its
    /// letters.
    #[must_use]
    pub fn covering(&self, check: &str, environment: &str) -> Option<Silence<'_>> {
        let mut reasons = self.0.get(check)?.iter();
        let (pattern, reason) = reasons.find(|(pattern, _)| fits(pattern, environment))?;
        Some(Silence { pattern, reason })
    }

    /// The reason of a check and a pattern, to set it; empty if there was none.
    pub(super) fn reason_mut(&mut self, check: &str, pattern: &str) -> &mut String {
        self.0.entry(check.to_owned()).or_default().entry(pattern.to_owned()).or_default()
    }
}
