//! A line put together of pieces, each with its own role: the header and its badges.

use crate::config::Role;
use crate::ui::text::width;

/// A text and its role.
pub type TextPiece = (String, Role);

/// The width of all pieces together, in cells.
pub fn wide(pieces: &[TextPiece]) -> usize {
    pieces.iter().map(|(text, _)| width(text)).sum()
}
