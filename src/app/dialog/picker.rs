//! The picker of application versions: newest first, filtered by what is typed.

use std::sync::Arc;

use tui_input::Input;

use crate::model::{ApplicationVersion, Environment, Inventory, Key, Source};

/// A version is picked for an environment.
#[derive(Clone, Debug)]
pub struct Picker {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// The application whose versions these are, by name.
    pub application: Key<ApplicationVersion>,
    /// What is typed.
    pub input: Input,
    /// The selected one's place among those shown.
    pub selected: usize,
    /// The first line on screen.
    pub scroll: usize,
    /// How many lines fit; told by the last drawing.
    pub height: usize,
}

impl Picker {
    /// A picker for this environment.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        let application = Key::new(environment.key.scope, Arc::clone(&environment.application));
        Self {
            environment: environment.key.clone(),
            name: Arc::clone(&environment.name),
            application,
            input: Input::default(),
            selected: 0,
            scroll: 0,
            height: 10,
        }
    }

    /// What must be read for it.
    #[must_use]
    pub fn source(&self) -> Source {
        Source::Versions(self.application.clone())
    }

    /// The versions that match, newest first; `None` while they are not read.
    #[must_use]
    pub fn shown<'a>(&self, inventory: &'a Inventory) -> Option<Vec<&'a ApplicationVersion>> {
        let words: Vec<String> = self.input.value().split_whitespace().map(str::to_lowercase).collect();
        let matches = |version: &&ApplicationVersion| {
            let text = format!("{} {}", version.label, version.description.as_deref().unwrap_or_default());
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let mut shown: Vec<_> = inventory.versions.get(&self.application)?.iter().filter(matches).collect();
        shown.sort_by(|one, other| (other.created, &other.label).cmp(&(one.created, &one.label)));
        Some(shown)
    }

    /// Moves the selection among so many.
    pub fn move_by(&mut self, rows: isize, length: usize) {
        self.selected = self.selected.saturating_add_signed(rows).min(length.saturating_sub(1));
        let height = self.height.max(1);
        let most = length.saturating_sub(height);
        self.scroll = self.scroll.clamp((self.selected + 1).saturating_sub(height), self.selected).min(most);
    }
}
