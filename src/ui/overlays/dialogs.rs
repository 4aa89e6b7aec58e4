//! What is asked before something is written, each in its own file.

use ratatui::layout::Rect;

use super::{confirm, form, https, palette, picker, sizes, told};
use crate::app::dialog::Dialog;
use crate::app::{State, Viewport};
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
