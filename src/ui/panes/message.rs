//! The lines above the footer: what cannot be read and what to do about it, and why the selected row is where it is.
//!
//! They take as many lines as their words need, for a text that is cut in half helps nobody.

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use crate::app::{Phase, State};
use crate::config::Role;
use crate::model::FaultKind;
use crate::ui::canvas::Canvas;
use crate::ui::text::wrap;

/// A text and its role.
pub type Told = (String, Role);

/// How many rows these texts take, and one above them; never more than half of the area.
pub fn height(told: &[Told], area: Rect) -> u16 {
    let room = usize::from(area.width.saturating_sub(4));
    let lines: usize = told.iter().map(|(text, _)| wrap(text, room).len()).sum();
    (lines as u16 + 1).min(area.height / 2)
}

/// Draws the texts below one another.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, told: &[Told]) {
    let room = area.width.saturating_sub(4);
    let lines =
        told.iter().flat_map(|(text, role)| wrap(text, usize::from(room)).into_iter().map(move |line| (line, *role)));
    for ((line, role), y) in lines.zip(area.y + 1..area.bottom()) {
        canvas.text(area.x + 2, y, room, &line, role);
    }
}

/// What stands in the way: missing credentials whole, other faults by service and operation, each once.
pub fn faults(state: &State) -> Vec<Told> {
    let mut told = Vec::new();
    if let Phase::Paused { fault, .. } = &state.session.phase {
        told.push((format!("✖ {}", fault.sentence()), Role::Bad));
        told.push((format!("  {}", fault.advice()), Role::Text));
        return told;
    }
    if let Some((notice, _)) = &state.notice {
        told.push((notice.clone(), Role::Accent));
    }
    let mut kinds: BTreeMap<(&str, &str, &str), (usize, FaultKind, String)> = BTreeMap::new();
    for (_, fault, _) in state.poller.ledger.faults() {
        let kind = (fault.service.title(), fault.operation, fault.kind.as_str());
        kinds.entry(kind).or_insert_with(|| (0, fault.kind, fault.advice())).0 += 1;
    }
    let total = kinds.len();
    for ((service, operation, word), (count, kind, advice)) in kinds.into_iter().take(3) {
        let times = if count > 1 { format!(" ({count}×)") } else { String::new() };
        let role = if kind == FaultKind::Throttled { Role::Warning } else { Role::Bad };
        let word = word.replace('_', " ");
        told.push((format!("{service} {operation}: {word}{times}; {advice}"), role));
    }
    if total > 3 {
        told.push((format!("and {} more; ! shows all", total - 3), Role::Dim));
    }
    told
}
