//! The dialogs before something is written, each in its own file.

use ratatui::layout::Rect;

use super::{confirm, form, https, notices, palette, picker, sizes};
use crate::app::dialog::Dialog;
use crate::app::{HitMap, State};
use crate::ui::canvas::Canvas;

/// Draws it.
pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, what: &Dialog, hits: &mut HitMap) {
    match what {
        Dialog::Palette(it) => palette::draw(canvas, body, state, it, hits),
        Dialog::InstanceLimits(it) => sizes::draw(canvas, body, it),
        Dialog::Versions(it) => picker::draw(canvas, body, state, it, hits),
        Dialog::Groups(it) => notices::groups(canvas, body, it, hits),
        Dialog::Https(it) => https::guide(canvas, body, it, hits),
        Dialog::Progress => {
            if let Some(it) = &state.https.under_way {
                https::progress(canvas, body, state, it);
            }
        }
        Dialog::Form(it) => form::draw(canvas, body, it, hits),
        Dialog::Waiting(it) => notices::waiting(canvas, body, state, &it.title),
        Dialog::Rollback(it) => notices::waiting(canvas, body, state, &it.title),
        Dialog::Confirm(it) => confirm::draw(canvas, body, it, hits),
        Dialog::Conflict(it) => notices::conflict(canvas, body, it),
    }
}
