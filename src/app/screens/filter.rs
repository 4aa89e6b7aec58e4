//! `/`: the filter of the Fleet while it is typed.

mod acting;

use tui_input::Input;

/// The field of the filter.
#[derive(Clone, Debug)]
pub struct FilterField {
    /// What is typed.
    pub input: Input,
}

impl FilterField {
    /// The field with the present filter.
    #[must_use]
    pub fn new(filter: String) -> Self {
        Self { input: Input::new(filter) }
    }
}
