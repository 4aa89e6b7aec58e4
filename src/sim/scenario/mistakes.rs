//! The mistakes of a scenario, gathered and reported together, each with its line and column.

use std::fmt;
use std::ops::Range;

/// Why there is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// No embedded scenario has this name.
    #[error("no scenario is called `{name}`{}; there are {}", suggestion(.nearest.as_deref()), .known.join(", "))]
    Unknown {
        /// What was asked for.
        name: String,
        /// The known name that looks most like it.
        nearest: Option<String>,
        /// All known names.
        known: Vec<&'static str>,
    },
    /// The text is wrong, in one place or in several.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Wrong(
        /// In the order of the text.
        Vec<Mistake>,
    ),
}

/// Something wrong at one place of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The file as the user knows it, `shop.toml`.
    pub file: String,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// `, did you mean `health`?`
pub(super) fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|name| format!(", did you mean `{name}`?")).unwrap_or_default()
}

/// Collects mistakes by their place in the text.
pub(super) struct Mistakes<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Mistake>,
}

impl<'a> Mistakes<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: Vec::new() }
    }

    pub(super) fn add(&mut self, at: &Range<usize>, message: impl Into<String>) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        self.found.push(Mistake {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            file: self.file.escape_debug().to_string(),
            message: message.into(),
        });
    }

    pub(super) fn finish(self) -> Result<(), ScenarioError> {
        if self.found.is_empty() { Ok(()) } else { Err(self.into_error()) }
    }

    pub(super) fn into_error(mut self) -> ScenarioError {
        self.found.sort();
        self.found.dedup();
        ScenarioError::Wrong(self.found)
    }
}

/// The known name that looks most like the given one, if any looks like it at all.
pub(super) fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (given.chars().count() / 3).max(1) + 1;
    known
        .into_iter()
        .map(|name| (distance(given, name), name))
        .min()
        .filter(|(distance, _)| *distance <= limit)
        .map(|(_, name)| name)
}

/// The number of letters to add, drop or change.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for column in 0..to.len() {
            let change = diagonal + usize::from(letter != to[column]);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn the_distance_counts_letters() {
        assert_eq!(distance("helth", "health"), 1);
        assert_eq!(distance("", "ab"), 2);
        assert_eq!(distance("shop", "shop"), 0);
    }

    #[test]
    fn nothing_is_suggested_for_what_looks_like_nothing() {
        assert_eq!(nearest("helth", ["seed", "health"]), Some("health"));
        assert_eq!(nearest("zzzzzz", ["seed", "health"]), None);
    }
}
