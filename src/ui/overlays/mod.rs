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
mod notices;
mod palette;
mod picker;
mod sizes;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::fleet::COLUMNS;
use crate::app::{ACTIONS, HitMap, List, Overlay, Pane, State};

pub use dialogs::draw as draw_dialog;

/// Draws the list.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &List, hits: &mut HitMap) {
    let (area, length) = match list.overlay {
        Overlay::Help => (help::draw(canvas, body, state, list), ACTIONS.len()),
        Overlay::Log => (log::draw(canvas, body, state, list), state.log.len()),
        Overlay::Columns | Overlay::Sort => (columns::draw(canvas, body, state, list), COLUMNS.len()),
    };
    hits.add_counted(Pane::List, area, length);
}
