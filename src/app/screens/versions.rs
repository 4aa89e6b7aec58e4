//! The picker of application versions: newest first, filtered by what is typed.

mod acting;

use std::sync::Arc;

use tui_input::Input;

use crate::app::filter::Filter;
use crate::app::list::ListState;
use crate::model::{ApplicationVersion, Environment, Inventory, Key, Source};

/// A version is picked for an environment.
#[derive(Clone, Debug)]
pub struct VersionPicker {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// The application whose versions these are, by name.
    pub application: Key<ApplicationVersion>,
    /// What is typed.
    pub input: Input,
    /// Those shown.
    pub rows: ListState,
    /// For a rollback, if it is for one.
    pub rollback: Option<PickedRollback>,
}

/// A rollback for which a version is picked.
#[derive(Clone, Debug)]
pub struct PickedRollback {
    /// The version that it removes.
    pub from: Option<Arc<str>>,
    /// Why it does not roll back to the version that ran before.
    pub why: String,
}

impl VersionPicker {
    /// A picker for this environment.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        let application = Key::new(environment.key.scope, Arc::clone(&environment.application));
        Self {
            environment: environment.key.clone(),
            name: Arc::clone(&environment.name),
            application,
            input: Input::default(),
            rows: ListState::default(),
            rollback: None,
        }
    }

    /// For a rollback, which removes this version; `why` it does not go to the version that ran before.
    #[must_use]
    pub fn for_rollback(mut self, from: Option<Arc<str>>, why: String) -> Self {
        self.rollback = Some(PickedRollback { from, why });
        self
    }

    /// Returns the source that it needs.
    #[must_use]
    pub fn source(&self) -> Source {
        Source::Versions(self.application.clone())
    }

    /// The versions that match, newest first; `None` while they are not read.
    #[must_use]
    pub fn shown<'a>(&self, inventory: &'a Inventory) -> Option<Vec<&'a ApplicationVersion>> {
        let mut filter = Filter::words(self.input.value());
        let matches = |version: &&ApplicationVersion| {
            filter.finds(&format!("{} {}", version.label, version.description.as_deref().unwrap_or_default()))
        };
        let removed = self.rollback.as_ref().and_then(|it| it.from.as_ref());
        let stays = |version: &&ApplicationVersion| Some(&version.label) != removed;
        let all = inventory.versions.get(&self.application)?.iter();
        let mut shown: Vec<_> = all.filter(stays).filter(matches).collect();
        shown.sort_by(|one, other| (other.created, &other.label).cmp(&(one.created, &one.label)));
        Some(shown)
    }
}
