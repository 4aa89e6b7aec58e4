//! Lists that lie over the screen.

mod columns;
mod confirm;
mod dialogs;
mod form;
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
use crate::config::{Mark, Role};

pub use dialogs::draw as draw_dialog;

/// Draws the list; where its lines stand.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &List) -> Area {
    match list.overlay {
        Overlay::Help => help::draw(canvas, body, state, list),
        Overlay::Log => log::draw(canvas, body, state, list),
        Overlay::Columns | Overlay::Sort => columns::draw(canvas, body, state, list),
    }
}

/// A frame in the middle of the body, for so many lines of so many cells; what is inside.
fn dialog(canvas: &mut Canvas<'_>, body: Rect, title: &str, width: u16, lines: usize) -> Rect {
    let width = (width + 4).min(body.width);
    let height = (lines as u16 + 2).clamp(3, body.height);
    let area = Rect { x: body.x + (body.width - width) / 2, y: body.y + (body.height - height) / 2, width, height };
    canvas.frame(area, title)
}

/// The style of a selected line, and its mark.
fn select(canvas: &mut Canvas<'_>, line: Rect) {
    let whole = Rect { x: line.x - 1, width: line.width + 2, ..line };
    canvas.tint(whole, Role::Selected);
    canvas.text_over(whole.x, line.y, 1, canvas.mark(Mark::Selected), Role::Accent);
}

fn area_of(inside: Rect) -> Area {
    Area { x: inside.x, y: inside.y, width: inside.width, height: inside.height }
}
