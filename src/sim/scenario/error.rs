//! Why there is no scenario: none has that name, or its text has mistakes.

use crate::mistakes::{Mistake, did_you_mean};

/// Why there is no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// No embedded scenario has this name.
    #[error("no scenario is called `{name}`{}; there are {}", did_you_mean(.name, .known.iter().copied()), .known.join(", "))]
    Unknown {
        /// The requested name.
        name: String,
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

impl ScenarioError {
    /// An error, if there are mistakes.
    pub(super) fn unless_empty(mistakes: Vec<Mistake>) -> Result<(), Self> {
        if mistakes.is_empty() { Ok(()) } else { Err(Self::Wrong(mistakes)) }
    }
}
