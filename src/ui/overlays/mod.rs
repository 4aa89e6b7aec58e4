//! Lists that lie over the screen.

mod columns;
mod confirm;
mod dialogs;
mod field;
mod form;
mod frame;
mod help;
mod https;
mod log;
mod palette;
mod picker;
mod sizes;
mod told;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::{Area, List, Overlay, State};

pub use dialogs::draw as draw_dialog;

/// Draws the list; where its lines stand.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &List) -> Area {
    match list.overlay {
        Overlay::Help => help::draw(canvas, body, state, list),
        Overlay::Log => log::draw(canvas, body, state, list),
        Overlay::Columns | Overlay::Sort => columns::draw(canvas, body, state, list),
    }
}
