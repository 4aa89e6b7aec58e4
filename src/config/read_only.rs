//! What may only be read: nothing, everything, or the environments whose names match a pattern.

use super::production::{fits, is_production};

/// What may only be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ReadOnly {
    /// Nothing: writes are allowed.
    #[default]
    Nothing,
    /// Every environment.
    Everything,
    /// The environments whose names match one of these patterns and none that begins with `!`.
    Matching(Vec<String>),
}

impl ReadOnly {
    /// Returns whether no environment at all may be written to.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::Everything
    }

    /// Returns the first pattern by which an environment of this name may only be read.
    #[must_use]
    pub fn pattern_for(&self, name: &str) -> Option<&str> {
        let Self::Matching(patterns) = self else { return None };
        let is_matched = is_production(patterns, name);
        patterns.iter().map(String::as_str).find(|pattern| is_matched && fits(pattern, name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_protects_the_names_that_it_matches() {
        let patterns = ReadOnly::Matching(["*prod*", "shop-live", "!*nonprod*"].map(str::to_owned).to_vec());
        for (name, pattern) in [
            ("web-prod", Some("*prod*")),
            ("WEB-PROD-2", Some("*prod*")),
            ("shop-live", Some("shop-live")),
            ("shop-live-2", None),
            ("web-nonprod", None),
            ("staging", None),
            ("", None),
        ] {
            assert_eq!(patterns.pattern_for(name), pattern, "{name}");
        }
        assert!(ReadOnly::Everything.is_everything() && !patterns.is_everything());
        assert_eq!((ReadOnly::Everything.pattern_for("a"), ReadOnly::Nothing.pattern_for("a")), (None, None));
        assert_eq!(ReadOnly::Matching(Vec::new()).pattern_for("web-prod"), None);
    }
}
