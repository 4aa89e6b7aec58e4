//! Which actions the palette lists, in which order.

use super::Palette;
use crate::app::action::{ACTIONS, Action, ActionFacts};
use crate::app::filter::Filter;
use crate::app::state::{Reason, State};

/// A row of the palette: an action, and why it cannot be done now, if so.
pub type PaletteRow = (&'static ActionFacts, Result<(), Reason>);

/// Returns the actions of the screen below that match, each with its availability: the best match first, among equal ones the
/// available ones. While nothing is typed, only available ones: actions without a key, then those that ask before they do
/// something, then the others, each in the table's order.
#[must_use]
pub fn palette_rows(palette: &Palette, state: &State) -> Vec<PaletteRow> {
    let is_here = |facts: &&ActionFacts| facts.layers.contains(&palette.layer) && facts.action != Action::Palette;
    let typed = palette.input.value();
    let mut filter = Filter::letters(typed);
    let mut found: Vec<_> = ACTIONS
        .iter()
        .filter(is_here)
        .filter_map(|facts| Some((score(&mut filter, typed, facts)?, facts)))
        .map(|(score, facts)| (score, (facts, facts.action.availability_in(palette.layer, state))))
        .filter(|(_, (_, availability))| !typed.is_empty() || availability.is_ok())
        .collect();
    found.sort_by_key(|(score, (facts, availability))| {
        let rank = (!facts.keys.is_empty(), !facts.label.ends_with('…'));
        // The name that was meant comes first, also where it cannot be done: Enter must not take another action for it.
        (std::cmp::Reverse(*score), availability.is_err(), if typed.is_empty() { rank } else { (true, true) })
    });
    found.into_iter().map(|(_, row)| row).collect()
}

/// Returns how well an action matches: letters of its name, or else words of its line of help.
fn score(filter: &mut Filter, typed: &str, facts: &ActionFacts) -> Option<u32> {
    let help = facts.help.to_lowercase();
    let has = |word: &str| help.split(|it: char| !it.is_alphanumeric()).any(|of| of.starts_with(&word.to_lowercase()));
    filter.score(facts.name).or_else(|| typed.split_whitespace().all(has).then_some(0))
}
