//! `?`: every action with its keys, in groups: what can be done on the screen below, what cannot be done there now, and what
//! is on other screens. The last line explains why the selected one cannot be done, and how many more there are.

use ratatui::layout::Rect;

use crate::app::screens::Help;
use crate::app::{ACTIONS, Action, ActionFacts, HitMap, Layer, Pane, State};
use crate::config::{Chord, Mark, Role};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{area_of, dialog, select};
use crate::ui::split::split_bottom;
use crate::ui::text::{width, wrap};

/// Cells for how many more there are.
const MORE: u16 = 12;

pub fn draw(canvas: &mut Canvas<'_>, body: Rect, state: &State, list: &Help, hits: &mut HitMap) {
    let here = state.layer_below();
    let inside = dialog(canvas, body, "Keys", 84, ACTIONS.len() + 1);
    let actions = in_order(here, state);
    let selected = actions.get(list.rows.selected()).map(|(facts, _)| facts.action.availability_in(here, state));
    let why = selected
        .and_then(Result::err)
        .map_or_else(Vec::new, |reason| wrap(&format!("not now: {reason}"), usize::from(inside.width - MORE)));
    let [rows, bottom] = split_bottom(inside, why.len().max(1) as u16);
    let from = list.rows.scroll();
    for ((at, (facts, group)), y) in actions.iter().enumerate().skip(from).zip(rows.y..rows.bottom()) {
        if at == list.rows.selected() {
            select(canvas, Rect { y, height: 1, ..rows });
        }
        let keys = keys(state, facts);
        let (key, text) = if *group == HelpGroup::Here { (Role::Key, Role::Text) } else { (Role::Dim, Role::Dim) };
        canvas.text_over(rows.x, y, 18, &keys, key);
        let end = canvas.text_over(rows.x + 19, y, rows.width.saturating_sub(19), facts.help, text);
        let is_first = at == from || actions[at - 1].1 != *group;
        let title = group.title();
        let x = rows.right().saturating_sub(width(title) as u16);
        if is_first && end < x {
            canvas.text_over(x, y, rows.right() - x, title, Role::Heading);
        }
    }
    let below = actions.len().saturating_sub(from + usize::from(rows.height));
    if below > 0 {
        let more = format!("{} {below} more", canvas.mark(Mark::Descending));
        let x = bottom.right().saturating_sub(width(&more) as u16);
        canvas.text(x, bottom.bottom() - 1, bottom.right() - x, &more, Role::Dim);
    }
    for (line, y) in why.iter().zip(bottom.y..bottom.bottom()) {
        canvas.text(bottom.x, y, bottom.width, line, Role::Dim);
    }
    hits.add_counted(Pane::List, area_of(rows), ACTIONS.len());
}

/// What an action is to the screen below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum HelpGroup {
    Here,
    NotNow,
    Elsewhere,
}

impl HelpGroup {
    fn of(facts: &ActionFacts, layer: Layer, state: &State) -> Self {
        match facts.action.availability_in(layer, state) {
            Ok(()) => Self::Here,
            Err(_) if facts.layers.contains(&layer) => Self::NotNow,
            Err(_) => Self::Elsewhere,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::NotNow => "not now",
            Self::Elsewhere => "on other screens",
        }
    }
}

/// All actions with their groups, one group after the other, each in the table's order.
fn in_order(layer: Layer, state: &State) -> Vec<(&'static ActionFacts, HelpGroup)> {
    let mut actions: Vec<_> = ACTIONS.iter().map(|facts| (facts, HelpGroup::of(facts, layer, state))).collect();
    actions.sort_by_key(|(_, group)| *group);
    actions
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
