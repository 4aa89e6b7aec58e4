//! The settings with layers over them, and the theme that they name.

use super::{Config, Settled};
use crate::config::{ConfigLayer, Theme};

impl Config {
    /// Returns the settings overridden by a layer.
    #[must_use]
    pub fn over(mut self, layer: ConfigLayer) -> Self {
        if layer.protects_all_profiles() {
            self.take_back_exemptions();
        }
        for assignment in layer.assignments {
            let settled = Settled { value: assignment.value.to_string(), origin: assignment.origin };
            self.settled.insert(assignment.key.path_for(&assignment.name), settled);
            assignment.key.kind.apply(&mut self, &assignment.name, assignment.value);
        }
        self
    }

    /// A later `read_only` that protects anything holds for every profile. A later `false` does not lift what protects a
    /// profile.
    fn take_back_exemptions(&mut self) {
        for profile in self.profiles.values_mut() {
            profile.read_only = profile.read_only.filter(|read_only| *read_only);
        }
    }

    /// The theme with its changes, for an output that is a terminal, or is none.
    #[must_use]
    pub fn theme_for(&self, terminal: bool) -> Theme {
        let theme = Theme::named(&self.theme).unwrap_or_else(Theme::plain).with(&self.style);
        if self.uses_colour(terminal) { theme } else { theme.without_colour() }
    }
}
