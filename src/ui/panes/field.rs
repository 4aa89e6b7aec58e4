//! A field to type into, which several dialogs have.

use ratatui::layout::Rect;

use crate::config::Role;
use crate::ui::canvas::Canvas;

/// Draws a field with its cursor.
pub fn draw_field(canvas: &mut Canvas<'_>, area: Rect, text: &str, cursor: usize) {
    canvas.text(area.x, area.y, area.width, text, Role::Input);
    let x = area.x + (cursor as u16).min(area.width.saturating_sub(1));
    canvas.tint(Rect { x, width: 1, ..area }, Role::Selected);
}
