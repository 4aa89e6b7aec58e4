//! What people write, and their mistakes in it: where they are in a file of TOML, all of them at once, and what was meant.
//!
//! A configuration and a scenario are read with these; each checks its own keys and values.

mod file;
mod nearest;
mod place;
mod span;

pub use file::{Mistakes, decimal, whole};
pub use nearest::{did_you_mean, did_you_mean_or_list, nearest};
pub use place::{Mistake, Position};
pub use span::{SpanMistake, span};
