//! The lines above the footer: what cannot be read and what to do about it, and why the selected row is in its state.
//!
//! They take as many lines as their text needs, because a text that is cut in half is useless.

use std::collections::BTreeMap;
use std::sync::Arc;

use ratatui::layout::Rect;

use crate::app::{Action, SessionPhase, State};
use crate::config::{Chord, Role};
use crate::model::{Fault, FaultKind, Service, Source, counted};
use crate::ui::canvas::Canvas;
use crate::ui::text::wrap;

/// A text and its role.
pub type MessageLine = (String, Role);

/// Chooses the messages for an area, each whole or not at all: first what is asked for (`wanted`), the first of which
/// always has room; then, above it, faults. Those that do not fit are counted.
pub fn choose(state: &State, area: Rect, mut wanted: Vec<MessageLine>) -> Vec<MessageLine> {
    let room = usize::from(area.width.saturating_sub(4));
    let lines = |messages: &MessageLine| wrap(&messages.0, room).len();
    let most = usize::from(area.height / 2).saturating_sub(2).max(2);
    while wanted.len() > 1 && wanted.iter().map(lines).sum::<usize>() > most {
        wanted.pop();
    }
    let mut used: usize = wanted.iter().map(lines).sum();
    let (mut messages, mut left_out) = (Vec::new(), 0);
    for fault in faults(state) {
        let more = lines(&fault);
        if left_out > 0 || used + more > most {
            left_out += 1;
        } else {
            used += more;
            messages.push(fault);
        }
    }
    if left_out > 0 {
        messages
            .push((format!("{}; {}", counted(left_out, "more problem"), state.keyed("{log} shows all")), Role::Dim));
    }
    messages.extend(wanted);
    // Below what is wrong, and only where it takes a line that nothing else needs.
    let hint = state.messages.hint.as_ref().map(|(words, _)| (words.clone(), Role::Accent));
    messages.extend(hint.filter(|hint| lines(hint) == 1 && messages.iter().map(lines).sum::<usize>() < most));
    messages
}

/// How many rows these texts take, and one above them; never more than half of the area.
pub fn height(messages: &[MessageLine], area: Rect) -> u16 {
    let room = usize::from(area.width.saturating_sub(4));
    let lines: usize = messages.iter().map(|(text, _)| wrap(text, room).len()).sum();
    (lines as u16 + 1).min(area.height / 2)
}

/// Draws the texts below one another.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, messages: &[MessageLine]) {
    let room = area.width.saturating_sub(4);
    let lines = messages
        .iter()
        .flat_map(|(text, role)| wrap(text, usize::from(room)).into_iter().map(move |line| (line, *role)));
    for ((line, role), y) in lines.zip(area.y + 1..area.bottom()) {
        canvas.text(area.x + 2, y, room, &line, role);
    }
}

/// Returns why nothing can be shown, in full: the fault of a base listing.
pub fn obstacle(state: &State) -> Option<Vec<MessageLine>> {
    if let SessionPhase::Paused { fault, .. } = &state.session().phase {
        return Some(whole(fault));
    }
    let (reads, environments) = (&state.snapshot().reads, Source::Environments(state.setup.scope));
    reads.fault(&environments).or_else(|| reads.broke_off(&environments)).map(|fault| whole(fault))
}

/// Returns the impact of changes of settings that are watched: on the environment on screen, or on all. How to undo harm is
/// shown where the key would undo it.
fn impacts(state: &State) -> Vec<MessageLine> {
    let shown = state.screens.environment().map(|view| &view.key);
    let at_hand = shown.or(state.fleet.selected.as_ref());
    let undo = state.setup.keymap.chords(Action::Undo).first().map(Chord::to_string).unwrap_or_default();
    let all =
        state.operations.edits.impacts.all().into_iter().filter(|it| shown.is_none_or(|key| *key == it.environment));
    let messages = all.map(|impact| {
        let words = impact.words(state.shown_at());
        match (impact.is_worse(), at_hand == Some(&impact.environment)) {
            (true, true) => (format!("{words}; {undo} undoes it"), Role::Bad),
            (true, false) => (words, Role::Bad),
            (false, _) => (words, Role::Dim),
        }
    });
    messages.collect()
}

fn whole(fault: &Fault) -> Vec<MessageLine> {
    vec![(fault.sentence(), Role::Bad), (fault.advice(), Role::Text)]
}

/// Returns the faults: missing credentials in full; others by service and kind, the worst first.
fn faults(state: &State) -> Vec<MessageLine> {
    let mut messages: Vec<MessageLine> = Vec::new();
    if let Some((notice, _)) = &state.messages.notice {
        messages.push((notice.clone(), Role::Accent));
    }
    messages.extend(super::banner::updates(state));
    messages.extend(impacts(state));
    if let SessionPhase::Paused { fault, .. } = &state.session().phase {
        // On an empty screen it is shown in the middle.
        if !state.fleet.is_empty() || state.screens.environment().is_some() {
            messages.extend(whole(fault));
        }
        return messages;
    }
    let mut groups: BTreeMap<(Service, u8), FaultGroup> = BTreeMap::new();
    for (source, fault, _) in state.snapshot().reads.faults() {
        let is_shown = matches!(source, Source::Environments(_)) && state.fleet.is_empty();
        if !is_shown {
            let key = (fault.service, fault.kind as u8);
            groups.entry(key).or_insert_with(|| FaultGroup::new(fault, weight(source))).add(fault, weight(source));
        }
    }
    let mut groups: Vec<_> = groups.into_values().collect();
    groups.sort_by_key(|group| group.weight);
    messages.extend(groups.into_iter().map(FaultGroup::words));
    messages
}

/// Returns the order: base listings first, then what links, then the rest.
fn weight(source: &Source) -> u8 {
    match source {
        Source::Environments(_) | Source::LoadBalancers(_) | Source::TargetGroups(_) => 0,
        Source::Identity(_) | Source::Certificates(_) | Source::Events(_) => 2,
        _ => 1,
    }
}

/// Faults of one service and kind.
struct FaultGroup {
    /// The least weight of their sources.
    weight: u8,
    /// The first fault of that weight.
    first: Arc<Fault>,
    operations: BTreeMap<&'static str, usize>,
}

impl FaultGroup {
    fn new(fault: &Arc<Fault>, weight: u8) -> Self {
        Self { weight, first: Arc::clone(fault), operations: BTreeMap::new() }
    }

    fn add(&mut self, fault: &Arc<Fault>, weight: u8) {
        if weight < self.weight {
            (self.weight, self.first) = (weight, Arc::clone(fault));
        }
        *self.operations.entry(fault.operation).or_default() += 1;
    }

    /// In a line or two: the operations, how they failed, and what to do.
    fn words(self) -> MessageLine {
        let Self { first, operations, .. } = self;
        let names: Vec<_> = operations.keys().copied().collect();
        let names = names.join(", ");
        let service = first.service.title();
        let text = match first.kind {
            FaultKind::Denied => {
                let prefix = first.service.prefix();
                let actions: Vec<_> = operations.keys().map(|name| format!("{prefix}:{name}")).collect();
                format!("{service} denied {names}; ask for {}", actions.join(", "))
            }
            FaultKind::Throttled => format!("{service} throttles {names}; {}", first.advice()),
            FaultKind::Network => format!("{service} cannot be reached for {names}; {}", first.advice()),
            _ if operations.len() == 1 => first.sentence(),
            _ => {
                let others: Vec<_> = operations.keys().copied().filter(|name| *name != first.operation).collect();
                format!("{} (the same of {})", first.sentence(), others.join(", "))
            }
        };
        (text, if first.kind == FaultKind::Throttled { Role::Warning } else { Role::Bad })
    }
}
