//! What the command palette lists: every action of a screen, found by what is typed of its name, with its availability.
//!
//! It knows nothing but the table of actions, so an action that is added there is here too, with a key or without.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::action::{ACTIONS, Action, ActionFacts};
use super::availability::Reason;
use super::palette::Palette;
use super::state::State;

/// A row of the palette: an action, and why it cannot be done now, if so.
pub type PaletteRow = (&'static ActionFacts, Result<(), Reason>);

/// Returns the actions of the screen below that match, each with its availability: the best match first, among equal ones the
/// available ones. While nothing is typed, only available ones: actions without a key, then those that ask before they do
/// something, then the others, each in the table's order.
#[must_use]
pub fn palette_rows(palette: &Palette, state: &State) -> Vec<PaletteRow> {
    let is_here = |facts: &&ActionFacts| facts.layers.contains(&palette.layer) && facts.action != Action::Palette;
    let mut matcher = Matcher::new(Config::DEFAULT);
    // No action's name is longer, and the matcher's score overflows with a word that is.
    let typed = palette.input.value();
    let typed = &typed[..typed.floor_char_boundary(512)];
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut found: Vec<_> = ACTIONS
        .iter()
        .filter(is_here)
        .filter_map(|facts| Some((score(&pattern, palette.input.value(), &mut matcher, facts)?, facts)))
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
fn score(pattern: &Pattern, typed: &str, matcher: &mut Matcher, facts: &ActionFacts) -> Option<u32> {
    let named = pattern.score(Utf32Str::new(facts.name, &mut Vec::new()), matcher);
    let help = facts.help.to_lowercase();
    let has = |word: &str| help.split(|it: char| !it.is_alphanumeric()).any(|of| of.starts_with(&word.to_lowercase()));
    named.or_else(|| typed.split_whitespace().all(has).then_some(0))
}
