//! The tabs of an environment, in one line.

use ratatui::layout::Rect;

use crate::app::screens::environment::{EnvironmentView, Tab};
use crate::app::{Action, Click, State};
use crate::config::Role;
use crate::ui::canvas::Canvas;
use crate::ui::text::width;

/// Cells between two tabs.
const GAP: usize = 3;
/// The letters of a title where there is no room for all.
const SHORT: usize = 3;

/// Draws the tabs; `focused`: what is below them has the keyboard. Returns the column after the last.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, view: &EnvironmentView, focused: bool) -> u16 {
    let counts = Tab::ALL.map(|tab| match tab {
        Tab::Targets => format!(" {}", view.targets.len()),
        Tab::Findings => beside(view.counts.map(|(findings, _)| findings)),
        Tab::Alarms => beside(view.counts.and_then(|(_, alarms)| alarms)),
        _ => String::new(),
    });
    let wide = Tab::ALL.iter().zip(&counts).map(|(tab, count)| width(tab.title()) + width(count) + 2 + GAP);
    let is_narrow = wide.sum::<usize>() > usize::from(area.width) + GAP;
    let mut x = area.x + 1;
    for ((number, tab), count) in Tab::ALL.iter().enumerate().zip(&counts) {
        let title = if is_narrow && *tab != view.tab { &tab.title()[..SHORT] } else { tab.title() };
        let role = match (*tab == view.tab, focused) {
            (true, true) => Role::Accent,
            (true, false) => Role::Text,
            _ => Role::Dim,
        };
        let room = area.right().saturating_sub(x);
        let start = x;
        x = canvas.text(x, area.y, room, &format!("{} ", number + 1), Role::Dim);
        x = canvas.text(x, area.y, area.right().saturating_sub(x), &format!("{title}{count}"), role);
        canvas.spot(Rect { x: start, width: x - start, ..area }, Click::Do(action(*tab)));
        x += if is_narrow { 2 } else { GAP as u16 };
    }
    x
}

/// Returns the action that turns to a tab.
fn action(tab: Tab) -> Action {
    match tab {
        Tab::Targets => Action::Targets,
        Tab::Metrics => Action::Metrics,
        Tab::Settings => Action::Settings,
        Tab::Events => Action::Events,
        Tab::Findings => Action::Findings,
        Tab::Alarms => Action::Alarms,
    }
}

/// A number beside a title; nothing where it is 0 or not known.
fn beside(known: Option<usize>) -> String {
    known.filter(|number| *number > 0).map_or(String::new(), |number| format!(" {number}"))
}

/// Shows at the right end of the tabs' line what the tab contains, if there is room after `from`.
pub fn remark(canvas: &mut Canvas<'_>, area: Rect, from: u16, words: &str, role: Role) {
    let wide = width(words) as u16;
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
