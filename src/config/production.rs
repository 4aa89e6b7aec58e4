//! Which environments are production: patterns of names, where `*` matches anything and `!` in front excludes.
//!
//! Case does not count, and an exclusion wins wherever it is in the list: the order of a list is easily changed, and
//! should not change what is protected.

/// Whether a name matches one of the patterns and is excluded by none.
#[must_use]
pub fn is_production(patterns: &[String], name: &str) -> bool {
    let name = name.to_lowercase();
    let matched = |pattern: &str| matches(&pattern.to_lowercase(), &name);
    let excluded = patterns.iter().filter_map(|pattern| pattern.strip_prefix('!')).any(matched);
    !excluded && patterns.iter().any(|pattern| matched(pattern))
}

/// Whether a name fits one pattern, whatever the case of either.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    matches(&pattern.to_lowercase(), &name.to_lowercase())
}

fn matches(pattern: &str, name: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    let inner = name.strip_prefix(start).and_then(|name| name.strip_suffix(end));
    inner.is_some_and(|inner| in_order(middle, inner))
}

/// Whether the parts between the stars are found one after another; the leftmost find leaves the most for the rest.
fn in_order(parts: &str, mut name: &str) -> bool {
    parts.split('*').all(|part| match name.find(part) {
        Some(at) => {
            name = &name[at + part.len()..];
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name, expected) in [
            ("*prod*", "shop-chat-prod", true),
            ("*prod*", "prod", true),
            ("*prod*", "staging", false),
            ("prod-*", "prod-web", true),
            ("prod-*", "shop-prod-web", false),
            ("*-prod", "shop-prod", true),
            ("*-prod", "shop-prod-2", false),
            ("shop", "shop", true),
            ("shop", "shops", false),
            ("a*b*c*d", "a-b-c-d", true),
            ("a*b*c*d", "a-c-b-d", false),
            ("ab*ba", "aba", false),
            ("*", "", true),
            ("", "shop", false),
            ("**live**", "old-live-1", true),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn exclusions_win_and_case_does_not_count() {
        let patterns = ["!*nonprod*", "*PROD*"].map(str::to_owned);
        assert!(is_production(&patterns, "Shop-Prod"));
        assert!(!is_production(&patterns, "shop-nonprod"));
        assert!(!is_production(&patterns, "shop-staging"));
        assert!(!is_production(&[], "prod"));
    }
}
