//! The tabs of an environment, in one line.

use ratatui::layout::Rect;

use crate::app::State;
use crate::app::screens::environment::{EnvironmentView, Tab};
use crate::config::Role;
use crate::ui::canvas::Canvas;

/// Draws the tabs; `focused`: what is below them has the keyboard. Returns the column after the last.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, view: &EnvironmentView, focused: bool) -> u16 {
    let mut x = area.x + 1;
    for (number, tab) in Tab::ALL.iter().enumerate() {
        let count = match tab {
            Tab::Targets => format!(" {}", view.targets.len()),
            Tab::Findings => beside(view.counts.map(|(findings, _)| findings)),
            Tab::Alarms => beside(view.counts.and_then(|(_, alarms)| alarms)),
            _ => String::new(),
        };
        let role = match (*tab == view.tab, focused) {
            (true, true) => Role::Accent,
            (true, false) => Role::Text,
            _ => Role::Dim,
        };
        let room = area.right().saturating_sub(x);
        x = canvas.text(x, area.y, room, &format!("{} ", number + 1), Role::Dim);
        x = canvas.text(x, area.y, area.right().saturating_sub(x), &format!("{}{count}", tab.title()), role) + 3;
    }
    x
}

/// A number beside a title; nothing where it is 0 or not known.
fn beside(known: Option<usize>) -> String {
    known.filter(|number| *number > 0).map_or(String::new(), |number| format!(" {number}"))
}

/// Shows at the right end of the tabs' line what the tab contains, if there is room after `from`.
pub fn remark(canvas: &mut Canvas<'_>, area: Rect, from: u16, words: &str, role: Role) {
    let wide = crate::ui::text::width(words) as u16;
    let x = area.right().saturating_sub(wide + 1);
    if x > from {
        canvas.text(x, area.y, wide, words, role);
    }
}

/// Returns the age of a reading, for a remark.
pub fn age(state: &State, at: Option<crate::model::Moment>) -> String {
    at.map_or_else(
        || "reading …".to_owned(),
        |at| format!("read {} ago", crate::model::span_words(state.shown_at().since(at))),
    )
}
