//! The banner of an update that is under way: on every screen but its own, in the colour of what it says.

use crate::app::{Action, State};
use crate::config::Role;
use crate::deploy::{VerdictKind, Watch};
use crate::model::{Environment, Key, clean, counted};

/// Without more lines than this; the others are counted.
const MOST: usize = 2;

/// Returns a line for each update that is followed, those that go wrong first. On a screen of one environment those of
/// others are shown only if they go wrong.
pub(super) fn updates(state: &State) -> Vec<(String, Role)> {
    let deploy = state.screens.deploy().map(|view| &view.key);
    let own = state.screens.environment().map(|view| &view.key).or(deploy);
    let is_wanted = |(key, watch): &(&Key<Environment>, &Watch)| {
        !watch.is_over() && deploy != Some(*key) && (own.is_none_or(|own| own == *key) || is_bad(watch))
    };
    let mut all: Vec<_> = state.operations.deploys.watches.iter().filter(is_wanted).collect();
    all.sort_by_key(|(_, watch)| (!is_bad(watch), watch.environment().name.clone()));
    let selected = own.or(state.fleet.selected.as_ref());
    let mut lines: Vec<_> =
        all.iter().take(MOST).map(|(key, watch)| line(state, watch, selected == Some(*key))).collect();
    if all.len() > MOST {
        lines.push((format!("{} in progress", counted(all.len() - MOST, "more update")), Role::Moving));
    }
    lines
}

fn is_bad(watch: &Watch) -> bool {
    matches!(watch.verdict().kind, VerdictKind::Worse | VerdictKind::Failed)
}

/// `is_at_hand`: the key that opens the Deploy screen opens this one's.
fn line(state: &State, watch: &Watch, is_at_hand: bool) -> (String, Role) {
    let name = clean(&watch.environment().name).into_owned();
    let shows = if is_at_hand { format!("; {} shows it", state.key_name(Action::DeployView)) } else { String::new() };
    let headline = clean(&watch.headline()).into_owned();
    if is_bad(watch) {
        let verdict = watch.verdict().headline(watch.versions().requested.as_deref());
        return (format!("{name}, {headline}: {}{shows}", clean(&verdict)), Role::Bad);
    }
    let verdict = match watch.verdict().kind {
        VerdictKind::Unclear => String::new(),
        _ => format!(", {}", watch.verdict().words()),
    };
    (format!("{name} is updating, {headline}: {}{verdict}{shows}", watch.phase().words()), Role::Moving)
}
