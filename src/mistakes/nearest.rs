//! "Did you mean": the known name nearest to one that does not exist.
//!
//! A suggestion that is wrong is worse than none, so the distance allowed grows slowly with the length of the name, and
//! an abbreviation counts only when exactly one name begins with it.

use strsim::osa_distance;

/// The name nearest to `wanted`, if one is near enough to be what was meant. Case does not count; the first of equals wins.
/// None if `wanted` is one of the names: what is wrong with it then is not how it is spelt.
pub fn nearest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let names: Vec<&str> = names.into_iter().collect();
    if names.contains(&wanted) {
        return None;
    }
    let wanted = wanted.to_lowercase();
    names
        .iter()
        .map(|name| (osa_distance(&wanted, &name.to_lowercase()), *name))
        .filter(|(distance, name)| *distance <= allowed(wanted.chars().count().min(name.chars().count())))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
        .or_else(|| only_one_beginning_with(&wanted, &names))
}

/// The end of a message about an unknown name: ``, did you mean `x`?``, or nothing.
pub fn did_you_mean<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wanted, names).map_or_else(String::new, |name| format!(", did you mean `{name}`?"))
}

/// The same; where nothing is near and the names are few, all of them: `; known are x, y`.
#[must_use]
pub fn did_you_mean_or_list(wanted: &str, names: &[&str]) -> String {
    let nearest = did_you_mean(wanted, names.iter().copied());
    if nearest.is_empty() && (1..=MOST_LISTED).contains(&names.len()) {
        return format!("; known are {}", names.join(", "));
    }
    nearest
}

/// More names than this are no help on one line.
const MOST_LISTED: usize = 25;

/// How many mistakes of the fingers a name of this length may hold.
fn allowed(length: usize) -> usize {
    match length {
        0..=1 => 0,
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    }
}

fn only_one_beginning_with<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    if wanted.chars().count() < 3 {
        return None;
    }
    let mut beginning = names.iter().filter(|name| name.to_lowercase().starts_with(wanted));
    match (beginning.next(), beginning.next()) {
        (Some(name), None) => Some(name),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 5] = ["columns", "color", "read_only", "reverse", "utc"];

    #[test]
    fn counts_each_mistake_once() {
        for (typed, meant, mistakes) in
            [("", "", 0), ("", "abc", 3), ("colunms", "columns", 1), ("kitten", "sitting", 3), ("prdo", "prod", 1)]
        {
            assert_eq!(osa_distance(typed, meant), mistakes, "{typed}");
        }
    }

    #[test]
    fn finds_what_was_meant() {
        for (wanted, meant) in [
            ("colunms", "columns"),
            ("colour", "color"),
            ("readonly", "read_only"),
            ("READ_ONLY", "read_only"),
            ("tuc", "utc"),
            ("rev", "reverse"),
        ] {
            assert_eq!(nearest(wanted, NAMES), Some(meant), "{wanted}");
        }
    }

    #[test]
    fn stays_silent_rather_than_guess() {
        for wanted in ["", "u", "xyz", "co", "profile", "theme"] {
            assert_eq!(nearest(wanted, NAMES), None, "{wanted}");
        }
        assert_eq!(nearest("utc", []), None);
    }

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(nearest("shop-xpi", ["shop-api", "shop-spi"]), Some("shop-api"));
    }

    #[test]
    fn words_the_suggestion() {
        assert_eq!(did_you_mean("colunms", NAMES), ", did you mean `columns`?");
        assert_eq!(did_you_mean("nothing", NAMES), "");
        // What was typed is never suggested, though it differs from the name only by its case.
        for name in NAMES.iter().copied() {
            assert_eq!(did_you_mean(name, NAMES.iter().copied()), "");
            assert_eq!(did_you_mean(&name.to_uppercase(), NAMES.iter().copied()), format!(", did you mean `{name}`?"));
        }
        assert_eq!(did_you_mean_or_list("colunms", &NAMES), ", did you mean `columns`?");
        assert_eq!(did_you_mean_or_list("nothing", &["x", "y"]), "; known are x, y");
        assert_eq!(did_you_mean_or_list("nothing", &["x"; 26]), "");
        assert_eq!(did_you_mean_or_list("nothing", &[]), "");
    }
}
