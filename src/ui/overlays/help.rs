//! `?`: every action with its keys, those that apply to the screen below first and plain, the others dim.

use ratatui::layout::Rect;

use super::frame::{area_of, dialog, select};
use crate::app::{ACTIONS, Action, ActionFacts, Area, List, State};
use crate::config::{Chord, Role};
use crate::ui::canvas::Canvas;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &List) -> Area {
    let inside = dialog(canvas, body, "Keys", 84, ACTIONS.len());
    let here = state.layer_below();
    let applies = |facts: &&ActionFacts| facts.layers.contains(&here);
    let here_first = ACTIONS.iter().filter(applies).chain(ACTIONS.iter().filter(|facts| !applies(facts)));
    let lines = here_first.enumerate().skip(list.scroll);
    for ((at, facts), y) in lines.zip(inside.y..inside.bottom()) {
        if at == list.selected {
            select(canvas, Rect { y, height: 1, ..inside });
        }
        let keys = keys(state, facts);
        let (key, text) = if applies(&facts) { (Role::Key, Role::Text) } else { (Role::Dim, Role::Dim) };
        canvas.text_over(inside.x, y, 18, &keys, key);
        canvas.text_over(inside.x + 19, y, inside.width.saturating_sub(19), facts.help, text);
    }
    area_of(inside)
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
