//! `:`: the actions of this screen and all environments, the best match first, each action with its keys and its help, or
//! why it is not available.

use ratatui::layout::Rect;

use crate::app::screens::{NOTHING_FOUND, Palette, PaletteRow, palette_rows};
use crate::app::{HitMap, Pane, State};
use crate::config::{Chord, Role};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, draw_field, select};
use crate::ui::split::{split_bottom, split_top};
use crate::ui::text::wrap;

/// The widths of the columns with names and keys.
const NAME: u16 = 18;
const KEYS: u16 = 10;
/// So many lines, so that something of the screen is left.
const MOST: usize = 16;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, palette: &Palette, hits: &mut HitMap) {
    // Of one height whatever is typed: a frame that jumps at every key is hard to read.
    let inside = dialog(canvas, body, "Commands", 96, MOST + 2);
    let shown = palette_rows(palette, state);
    let refused = match shown.get(palette.rows.selected()) {
        Some(PaletteRow::Action(_, Err(reason))) => Some(reason),
        _ => None,
    };
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
        canvas.text(rest.x, rest.y, rest.width, NOTHING_FOUND, Role::Dim);
    }
    for ((at, row), y) in shown.iter().enumerate().skip(palette.rows.scroll()).zip(rest.y..rest.bottom()) {
        let line = Rect { y, height: 1, ..rest };
        if at == palette.rows.selected() {
            select(canvas, line);
        }
        draw_row(canvas, line, state, row);
    }
    hits.add_counted(Pane::Dialog, area_of(rest), count);
}

fn draw_row(canvas: &mut Canvas<'_>, line: Rect, state: &State, row: &PaletteRow) {
    let (facts, availability) = match row {
        PaletteRow::Action(facts, availability) => (facts, availability),
        PaletteRow::Environment(_, name) => {
            let x = canvas.text_over(line.x, line.y, line.width, name, Role::Text) + 2;
            canvas.text_over(x, line.y, line.right().saturating_sub(x), "open this environment", Role::Dim);
            return;
        }
    };
    let keys: Vec<_> = state.setup.keymap.chords(facts.action).iter().map(Chord::to_string).collect();
    let (name, key) = if availability.is_ok() { (Role::Text, Role::Key) } else { (Role::Dim, Role::Dim) };
    canvas.text_over(line.x, line.y, NAME, facts.name, name);
    canvas.text_over(line.x + NAME + 1, line.y, KEYS, &keys.join(" "), key);
    let x = line.x + NAME + KEYS + 2;
    let what = if availability.is_ok() { facts.help } else { "cannot be done now" };
    canvas.text_over(x, line.y, line.right().saturating_sub(x), what, Role::Dim);
}
