//! `:`: the actions that apply here, the best match first, each with its keys and what it does.

use ratatui::layout::Rect;

use super::field::draw_field;
use super::frame::{area_of, dialog, select};
use crate::app::{Area, Palette, State};
use crate::config::{Chord, Role};
use crate::ui::canvas::Canvas;
use crate::ui::split::split_top;

/// The widths of the columns with names and keys.
const NAME: u16 = 18;
const KEYS: u16 = 10;
/// No more than this many lines, so that something of the screen is left.
const MOST: usize = 16;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, palette: &Palette) -> Area {
    // As high as with nothing typed: a frame that jumps at every key is hard to read.
    let all = Palette::new(palette.layer).shown().len();
    let inside = dialog(canvas, body, "Commands", 96, all.min(MOST) + 2);
    let [field, rest] = split_top(inside, 2);
    let x = canvas.text(field.x, field.y, field.width, ": ", Role::Key);
    let field = Rect { x, width: field.right().saturating_sub(x), height: 1, ..field };
    draw_field(canvas, field, palette.input.value(), palette.input.visual_cursor());
    let shown = palette.shown();
    if shown.is_empty() {
        canvas.text(rest.x, rest.y, rest.width, "no action that applies here is called like that", Role::Dim);
    }
    for ((at, facts), y) in shown.into_iter().enumerate().skip(palette.scroll).zip(rest.y..rest.bottom()) {
        if at == palette.selected {
            select(canvas, Rect { y, height: 1, ..rest });
        }
        let keys: Vec<_> = state.setup.keymap.chords(facts.action).iter().map(Chord::to_string).collect();
        canvas.text_over(rest.x, y, NAME, facts.name, Role::Text);
        canvas.text_over(rest.x + NAME + 1, y, KEYS, &keys.join(" "), Role::Key);
        let x = rest.x + NAME + KEYS + 2;
        canvas.text_over(x, y, rest.right().saturating_sub(x), facts.help, Role::Dim);
    }
    area_of(rest)
}
