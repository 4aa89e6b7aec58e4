//! The command palette: what is typed of an action's name, and which row is selected.

use tui_input::Input;

use super::action::Layer;
use super::list::ListState;

/// The search of the command palette.
#[derive(Clone, Debug)]
pub struct Palette {
    /// The layer where it was opened: its actions are listed.
    pub layer: Layer,
    /// What is typed.
    pub input: Input,
    /// Those shown.
    pub rows: ListState,
}

impl Palette {
    /// The palette over this layer.
    #[must_use]
    pub fn new(layer: Layer) -> Self {
        Self { layer, input: Input::default(), rows: ListState::default() }
    }
}
