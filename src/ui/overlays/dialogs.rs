//! What is asked before something is written, each in its own file; and a field, which several have.

use ratatui::layout::Rect;

use super::{confirm, form, https, palette, picker, sizes, told};
use crate::app::dialog::Dialog;
use crate::app::{State, Viewport};
use crate::config::Role;
use crate::ui::canvas::Canvas;

/// Draws it; the viewport is told where things stand.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, what: &Dialog, viewport: &mut Viewport) {
    match what {
        Dialog::Palette(it) => viewport.versions = Some(palette::draw(canvas, body, state, it)),
        Dialog::Sizes(it) => sizes::draw(canvas, body, it),
        Dialog::Versions(it) => viewport.versions = Some(picker::draw(canvas, body, state, it)),
        Dialog::Groups(it) => told::groups(canvas, body, it),
        Dialog::Https(it) => viewport.beyond = https::guide(canvas, body, it),
        Dialog::Progress => {
            if let Some(it) = &state.https.under_way {
                https::progress(canvas, body, state, it);
            }
        }
        Dialog::Form(it) => form::draw(canvas, body, it),
        Dialog::Waiting(it) => told::waiting(canvas, body, state, &it.title),
        Dialog::Rollback(it) => told::waiting(canvas, body, state, &it.title),
        Dialog::Confirm(it) => confirm::draw(canvas, body, it),
        Dialog::Conflict(it) => told::conflict(canvas, body, it),
    }
}

/// A field with its cursor.
pub fn draw_field(canvas: &mut Canvas<'_>, area: Rect, text: &str, cursor: usize) {
    canvas.text(area.x, area.y, area.width, text, Role::Input);
    let x = area.x + (cursor as u16).min(area.width.saturating_sub(1));
    canvas.tint(Rect { x, width: 1, ..area }, Role::Selected);
}
