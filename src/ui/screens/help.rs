//! `?`: every action with its keys. Those of the screen below come first, others and unavailable ones are dim; the
//! last line explains why the selected one cannot be done.

use ratatui::layout::Rect;

use crate::app::screens::Help;
use crate::app::{ACTIONS, Action, ActionFacts, HitMap, Layer, Pane, State};
use crate::config::{Chord, Role};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, select};
use crate::ui::split::split_bottom;
use crate::ui::text::wrap;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &Help, hits: &mut HitMap) {
    let here = state.layer_below();
    let inside = dialog(canvas, body, "Keys", 84, ACTIONS.len() + 1);
    let selected = in_order(here).get(list.rows.selected()).map(|facts| facts.action.availability_in(here, state));
    let why = selected
        .and_then(Result::err)
        .map_or_else(Vec::new, |reason| wrap(&format!("not now: {reason}"), usize::from(inside.width)));
    let [rows, bottom] = split_bottom(inside, why.len().max(1) as u16);
    let is_available = |facts: &ActionFacts| facts.action.availability_in(here, state).is_ok();
    for ((at, facts), y) in in_order(here).iter().enumerate().skip(list.rows.scroll()).zip(rows.y..rows.bottom()) {
        if at == list.rows.selected() {
            select(canvas, Rect { y, height: 1, ..rows });
        }
        let keys = keys(state, facts);
        let (key, text) = if is_available(facts) { (Role::Key, Role::Text) } else { (Role::Dim, Role::Dim) };
        canvas.text_over(rows.x, y, 18, &keys, key);
        canvas.text_over(rows.x + 19, y, rows.width.saturating_sub(19), facts.help, text);
    }
    for (line, y) in why.iter().zip(bottom.y..bottom.bottom()) {
        canvas.text(bottom.x, y, bottom.width, line, Role::Dim);
    }
    hits.add_counted(Pane::List, area_of(rows), ACTIONS.len());
}

/// The actions of a layer, then all others, each in the table's order.
fn in_order(layer: Layer) -> Vec<&'static ActionFacts> {
    let is_here = |facts: &&ActionFacts| facts.layers.contains(&layer);
    ACTIONS.iter().filter(is_here).chain(ACTIONS.iter().filter(|facts| !is_here(facts))).collect()
}

/// The keys of an action; one that has none is found in the palette by its name.
pub fn keys(state: &State, facts: &ActionFacts) -> String {
    let keymap = &state.setup.keymap;
    let own: Vec<_> = keymap.chords(facts.action).iter().map(Chord::to_string).collect();
    match keymap.chords(Action::Palette).first() {
        Some(palette) if own.is_empty() => format!("{palette}{}", facts.name),
        _ => own.join(" "),
    }
}
