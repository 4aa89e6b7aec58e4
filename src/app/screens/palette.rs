//! `:`: the command palette, which lists every action of a screen with its availability, and every environment, found by
//! what is typed of their names.
//!
//! It knows nothing but the table of actions, so an action that is added there is here too, with a key or without.

mod acting;
mod rows;

use tui_input::Input;

pub use rows::{PaletteRow, palette_rows};

use crate::app::action::Layer;
use crate::app::list::ListState;

/// What is said where nothing matches.
pub const NOTHING_FOUND: &str = "no action on this screen and no environment has a name like that";

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
