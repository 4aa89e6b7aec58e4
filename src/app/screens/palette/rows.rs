//! What the palette lists, in which order: the actions of the screen below, then every environment.

use std::cmp::Reverse;
use std::sync::Arc;

use super::Palette;
use crate::app::action::{ACTIONS, Action, ActionFacts};
use crate::app::filter::Filter;
use crate::app::motions::is_motion;
use crate::app::state::{Reason, State};
use crate::model::{Environment, Key};

/// A row of the palette.
pub enum PaletteRow {
    /// An action, and why it cannot be done now, if so.
    Action(&'static ActionFacts, Result<(), Reason>),
    /// An environment to open, by its key and name.
    Environment(Key<Environment>, Arc<str>),
}

/// Returns the actions of the screen below and the environments that match, the best match first, among equal ones the
/// available ones. Keys that only move are left out. While nothing is typed: only available actions, those without a key
/// first, then those that ask before they do something, then the others, each in the table's order; then all environments,
/// by name.
#[must_use]
pub fn palette_rows(palette: &Palette, state: &State) -> Vec<PaletteRow> {
    let typed = palette.input.value();
    let mut filter = Filter::letters(typed);
    let mut found = actions(palette, state, &mut filter);
    found.extend(environments(state, &mut filter));
    // The name that was meant comes first, also where it cannot be done: Enter must not take another action for it.
    found.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    found.into_iter().map(|(_, row)| row).collect()
}

/// What rows are sorted by: the match, actions before environments, the available ones, and the order of an empty field.
type RowPlace = (Reverse<u32>, bool, bool, (bool, bool), Arc<str>);

fn actions(palette: &Palette, state: &State, filter: &mut Filter) -> Vec<(RowPlace, PaletteRow)> {
    let typed = palette.input.value();
    let is_listed = |facts: &&ActionFacts| {
        facts.layers.contains(&palette.layer) && facts.action != Action::Palette && !is_motion(facts.action)
    };
    let scored = ACTIONS.iter().filter(is_listed).filter_map(|facts| Some((score(filter, typed, facts)?, facts)));
    let rows = scored.filter_map(|(score, facts)| {
        let availability = facts.action.availability_in(palette.layer, state);
        let is_shown = !typed.is_empty() || availability.is_ok();
        let rank = (!facts.keys.is_empty(), !facts.label.ends_with('…'));
        let rank = if typed.is_empty() { rank } else { (true, true) };
        let place = (Reverse(score), false, availability.is_err(), rank, Arc::from(""));
        is_shown.then_some((place, PaletteRow::Action(facts, availability)))
    });
    rows.collect()
}

fn environments(state: &State, filter: &mut Filter) -> Vec<(RowPlace, PaletteRow)> {
    let rows = state.snapshot().inventory.environments.values().filter_map(|environment| {
        let score = filter.score(&environment.name)?;
        let place = (Reverse(score), true, false, (true, true), Arc::clone(&environment.name));
        Some((place, PaletteRow::Environment(environment.key.clone(), Arc::clone(&environment.name))))
    });
    rows.collect()
}

/// Returns how well an action matches: letters of its name, or else words of its line of help.
fn score(filter: &mut Filter, typed: &str, facts: &ActionFacts) -> Option<u32> {
    let help = facts.help.to_lowercase();
    let has = |word: &str| help.split(|it: char| !it.is_alphanumeric()).any(|of| of.starts_with(&word.to_lowercase()));
    filter.score(facts.name).or_else(|| typed.split_whitespace().all(has).then_some(0))
}
