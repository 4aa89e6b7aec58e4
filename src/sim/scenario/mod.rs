//! Scenarios: what a simulated region contains and what happens in it, from a TOML file.
//!
//! A file is checked whole before anything is built from it, and every error is reported with its position.

mod catalogue;
mod error;
mod names;
mod schema;
pub mod span;
pub mod spec;
mod walk;

pub use catalogue::Entry;
pub use error::ScenarioError;

use crate::mistakes::Mistakes;
use names::Names;
use serde::Deserialize;
use spec::Spec;
use toml::de::DeTable;
use walk::Walk;

/// A region and its story, checked and ready to become a [`World`](super::World).
#[derive(Clone, Debug)]
pub struct Scenario {
    name: String,
    pub(in crate::sim) spec: Spec,
}

impl Scenario {
    /// One of the scenarios that come with the program.
    ///
    /// # Errors
    /// When there is none of that name; the error lists the names and suggests the nearest.
    pub fn embedded(name: &str) -> Result<Self, ScenarioError> {
        match catalogue::text(name) {
            Some(text) => Self::from_toml(name, text),
            None => Err(ScenarioError::Unknown { name: name.to_owned(), known: Self::names() }),
        }
    }

    /// The names of the embedded scenarios, the demo first.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        catalogue::ENTRIES.iter().map(|entry| entry.name).collect()
    }

    /// The embedded scenarios with a line about each.
    #[must_use]
    pub fn catalogue() -> &'static [Entry] {
        catalogue::ENTRIES
    }

    /// Reads a scenario; `name` is the file's name without `.toml`, for the messages.
    ///
    /// # Errors
    /// All errors of the text together, in order.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ScenarioError> {
        Self::from_file(name, &format!("{name}.toml"), text)
    }

    /// The same for a text from a file, which messages call by its path.
    ///
    /// # Errors
    /// All mistakes of the text together, in its order.
    pub fn from_file(name: &str, file: &str, text: &str) -> Result<Self, ScenarioError> {
        let file = file.escape_debug().to_string();
        let (root, mut mistakes) = Mistakes::parse(&file, text);
        let defined = Names::read(root.get_ref());
        Walk { names: &defined, mistakes: &mut mistakes }.table(&(0..0), root.get_ref(), &schema::SCENARIO);
        names::check(root.get_ref(), &mut mistakes);
        ScenarioError::unless_empty(mistakes.all())?;
        Self::checked((name, &file), text, root)
    }

    /// What the walk let through has the right types: an error here is a gap between `schema` and `spec`.
    fn checked(
        (name, file): (&str, &str),
        text: &str,
        root: toml::Spanned<DeTable<'_>>,
    ) -> Result<Self, ScenarioError> {
        Spec::deserialize(toml::de::Deserializer::from(root)).map(|spec| Self { name: name.to_owned(), spec }).map_err(
            |error| {
                let (_, mut mistakes) = Mistakes::parse(file, text);
                mistakes.add(&error.span().unwrap_or_default(), error.message());
                ScenarioError::Wrong(mistakes.all())
            },
        )
    }

    /// The same with other chances: ids, noise and the time that things take follow from the seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.spec.seed = seed;
        self
    }

    /// The name it was loaded under.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is about, in a line.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.spec.description
    }

    /// The region it simulates, `eu-west-1`.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.spec.region.name
    }

    /// The account it simulates.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.spec.region.account
    }
}
