//! The confirmation of an exchange of CNAMEs: both environments side by side, and what to know about it.

use super::inputs::{ConfirmInputs, ConfirmLine};
use crate::change::CnameSwap;
use crate::config::Role;
use crate::diagnosis::{CNAME, side_by_side, swap_notes};
use crate::model::clean;

/// The widest that the first environment's facts may be, in characters.
const WIDEST: usize = 44;

/// Describes the exchange.
pub(super) fn lines(inputs: &ConfirmInputs<'_>, swap: &CnameSwap) -> Vec<ConfirmLine> {
    let (own, other) = (inputs.environment, &swap.other);
    let rows = side_by_side(inputs.snapshot, inputs.reliability, &own.key, &other.key);
    let columns = |what: &str, a: &str, b: &str| [what, a, b].map(|it| clean(it).into_owned());
    // The CNAMEs are in lines of their own below.
    let rows = rows.iter().filter(|row| row.what != CNAME);
    let facts = rows.map(|row| (columns(row.what, &row.a, &row.b), Role::Text));
    let all: Vec<_> = std::iter::once((columns("", &own.name, &other.name), Role::Title)).chain(facts).collect();
    let wide = |place: usize| all.iter().map(|(cells, _)| cells[place].chars().count()).max().unwrap_or_default();
    let (first, second) = (wide(0), wide(1).min(WIDEST));
    let line = |([what, a, b], role): &([String; 3], Role)| (format!("{what:first$}  {a:second$}  {b}"), *role);
    let mut lines: Vec<_> = all.iter().map(line).collect();
    let exchanged = |name: &str, before: &str, after: &str| {
        (format!("{}   {}  →  {}", clean(name), clean(before), clean(after)), Role::Title)
    };
    lines.push((String::new(), Role::Text));
    lines.push(exchanged(&own.name, &swap.own_cname, &swap.other_cname));
    lines.push(exchanged(&other.name, &swap.other_cname, &swap.own_cname));
    lines.push((String::new(), Role::Text));
    let partner = inputs.snapshot.environment(&other.key);
    let notes = partner.map(|partner| swap_notes(inputs.snapshot, own, partner)).unwrap_or_default();
    lines.extend(notes.into_iter().map(|note| (clean(&note).into_owned(), Role::Warning)));
    lines.push(("It is not undone by undo: a second swap reverses it.".into(), Role::Text));
    lines
}
