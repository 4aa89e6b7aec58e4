//! What every list and dialog has: a frame in the middle, and a line that is selected.

use ratatui::layout::Rect;

use crate::app::Area;
use crate::config::{Mark, Role};
use crate::ui::canvas::Canvas;

/// Draws a frame in the middle of the body, for so many lines of `width` cells, and returns the area inside.
pub fn dialog(canvas: &mut Canvas<'_>, body: Rect, title: &str, width: u16, lines: usize) -> Rect {
    let width = (width + 4).min(body.width);
    let height = (lines as u16 + 2).clamp(3, body.height);
    let area = Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height };
    canvas.frame(area, title)
}

/// Marks a line as selected.
pub fn select(canvas: &mut Canvas<'_>, line: Rect) {
    let whole = Rect { x: line.x - 1, width: line.width + 2, ..line };
    canvas.tint(whole, Role::Selected);
    canvas.text_over(whole.x, line.y, 1, canvas.mark(Mark::Selected), Role::Accent);
}

/// Returns the area in the state's type, for the mouse.
pub fn area_of(inside: Rect) -> Area {
    Area { x: inside.x, y: inside.y, width: inside.width, height: inside.height }
}
