//! `:`: the actions of this screen, the best match first, each with its keys and its help, or why it is not available.

use ratatui::layout::Rect;

use crate::app::screens::{Palette, palette_rows};
use crate::app::{HitMap, Pane, State};
use crate::config::{Chord, Role};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, draw_field, select};
use crate::ui::split::{split_bottom, split_top};
use crate::ui::text::wrap;

/// The widths of the columns with names and keys.
const NAME: u16 = 18;
const KEYS: u16 = 10;
/// No more than this many lines, so that something of the screen is left.
const MOST: usize = 16;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, palette: &Palette, hits: &mut HitMap) {
    // As high as with nothing typed: a frame that jumps at every key is hard to read.
    let all = palette_rows(&Palette::new(palette.layer), state).len();
    let inside = dialog(canvas, body, "Commands", 96, all.min(MOST) + 2);
    let shown = palette_rows(palette, state);
    let refused = shown.get(palette.rows.selected()).and_then(|(_, availability)| availability.as_ref().err());
    // The reason of the selected action is shown whole.
    let why = refused.map_or_else(Vec::new, |reason| wrap(&format!("not now: {reason}"), usize::from(inside.width)));
    let [inside, bottom] = split_bottom(inside, why.len() as u16);
    for (line, y) in why.iter().zip(bottom.y..bottom.bottom()) {
        canvas.text(bottom.x, y, bottom.width, line, Role::Text);
    }
    let [field, rest] = split_top(inside, 2);
    let x = canvas.text(field.x, field.y, field.width, ": ", Role::Key);
    let field = Rect { x, width: field.right().saturating_sub(x), height: 1, ..field };
    draw_field(canvas, field, palette.input.value(), palette.input.visual_cursor());
    let count = shown.len();
    if shown.is_empty() {
        canvas.text(rest.x, rest.y, rest.width, "no action on this screen has a name like that", Role::Dim);
    }
    for ((at, (facts, availability)), y) in
        shown.into_iter().enumerate().skip(palette.rows.scroll()).zip(rest.y..rest.bottom())
    {
        if at == palette.rows.selected() {
            select(canvas, Rect { y, height: 1, ..rest });
        }
        let keys: Vec<_> = state.setup.keymap.chords(facts.action).iter().map(Chord::to_string).collect();
        let (name, key) = if availability.is_ok() { (Role::Text, Role::Key) } else { (Role::Dim, Role::Dim) };
        canvas.text_over(rest.x, y, NAME, facts.name, name);
        canvas.text_over(rest.x + NAME + 1, y, KEYS, &keys.join(" "), key);
        let x = rest.x + NAME + KEYS + 2;
        let what = if availability.is_ok() { facts.help } else { "cannot be done now" };
        canvas.text_over(x, y, rest.right().saturating_sub(x), what, Role::Dim);
    }
    hits.add_counted(Pane::Dialog, area_of(rest), count);
}
