//! The objects to choose among.

use ratatui::layout::Rect;

use crate::app::screens::IntentPicker;
use crate::app::{HitMap, Pane};
use crate::config::Role;
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, select};
use crate::ui::text::width;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, picker: &IntentPicker, hits: &mut HitMap) {
    let wide = picker.choices.iter().map(|(words, _)| width(words)).max().unwrap_or(0).max(40) as u16;
    let inside = dialog(canvas, body, &picker.question, wide, picker.choices.len());
    hits.add(Pane::Dialog, area_of(inside));
    let shown = picker.choices.iter().enumerate().skip(picker.rows.scroll());
    for ((at, (words, _)), y) in shown.zip(inside.y..inside.bottom()) {
        if at == picker.rows.selected() {
            select(canvas, Rect { y, height: 1, ..inside });
        }
        canvas.text_over(inside.x, y, inside.width, words, Role::Text);
    }
}
