//! `/`: the filter of the Fleet, of the settings, or of the events of all environments, while it is typed.

mod acting;

use tui_input::Input;

/// What is filtered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterSubject {
    /// The rows of the Fleet.
    Fleet,
    /// The rows of the Settings tab.
    Settings,
    /// The events of all environments.
    FleetEvents,
}

/// The field of the filter.
#[derive(Clone, Debug)]
pub struct FilterField {
    /// What is typed.
    pub input: Input,
    /// Of what.
    pub subject: FilterSubject,
}

impl FilterField {
    /// The field with the present filter.
    #[must_use]
    pub fn new(filter: String, subject: FilterSubject) -> Self {
        Self { input: Input::new(filter), subject }
    }
}
