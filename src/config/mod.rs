//! Configuration: chords, and the names that were meant.

mod keymap;
mod nearest;
mod script;

pub use keymap::{Chord, ChordError, KeyCode};
pub use nearest::{did_you_mean, nearest};
pub use script::{parse_script, script};
