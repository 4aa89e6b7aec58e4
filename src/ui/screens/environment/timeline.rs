//! The Events tab: Beanstalk's events, newest last.

use ratatui::layout::Rect;

use super::tabs;
use crate::app::screens::environment::EnvironmentView;
use crate::app::{Area, Cut, NOTHING, State};
use crate::config::{Mark, Role};
use crate::model::{EnvironmentEvent, Moment, Severity, Source, clean};
use crate::ui::canvas::Canvas;
use crate::ui::panes::message;
use crate::ui::split::split_top;
use crate::ui::text::{cut, width};

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) -> Area {
    let [line, rows] = split_top(area, 1);
    let from = tabs::draw(canvas, line, view, true);
    tabs::remark(canvas, line, from, &remark(state, view), Role::Dim);
    let snapshot = state.snapshot();
    let environment = snapshot.environment(&view.key);
    let events = environment.map(|it| view.timeline.events(&snapshot.inventory, it)).unwrap_or_default();
    if events.is_empty() {
        nothing(canvas, rows, state, view);
    }
    let selected = view.timeline.position(&events);
    let first = view.timeline.first(selected, events.len());
    for ((place, event), y) in events.iter().enumerate().skip(first).zip(rows.y..rows.bottom()) {
        let line = Rect { y, height: 1, ..rows };
        draw_event(canvas, line, state, event, place == selected && view.timeline.selected.is_some());
    }
    Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height }
}

fn remark(state: &State, view: &EnvironmentView) -> String {
    let read = state.snapshot().reads.read_at(&Source::Events(state.setup.scope));
    let following = if view.timeline.selected.is_some() { "{last} follows the newest" } else { "following" };
    format!("{} · {} · {}", view.timeline.least.as_str(), state.keyed(following), tabs::age(state, read))
}

/// A line: when, how bad, what.
pub fn draw_event(canvas: &mut Canvas<'_>, area: Rect, state: &State, event: &EnvironmentEvent, selected: bool) {
    draw_event_of(canvas, area, state, event, (selected, None));
}

/// The same with the environment's name, in so many columns.
pub fn draw_event_of(
    canvas: &mut Canvas<'_>,
    area: Rect,
    state: &State,
    event: &EnvironmentEvent,
    (selected, name): (bool, Option<u16>),
) {
    if selected {
        canvas.tint(area, Role::Selected);
    }
    let role = role(&event.severity);
    let mut x = area.x + 1;
    let time = time(state, event.at);
    x = canvas.text_over(x, area.y, area.right() - x, &time, Role::Dim) + 1;
    x = canvas.text_over(x, area.y, area.right() - x, &format!("{:<5}", event.severity.as_str()), role) + 1;
    if let Some(columns) = name {
        let text = clean(event.environment.as_deref().unwrap_or(NOTHING));
        let text = cut(&text, usize::from(columns), Cut::Middle, canvas.mark(Mark::Cut)).into_owned();
        canvas.text_over(x, area.y, columns.min(area.right().saturating_sub(x)), &text, Role::Text);
        x += columns + 2;
    }
    canvas.text_over(x, area.y, area.right().saturating_sub(x + 1), &event.message, role);
}

/// Returns the whole text of an event that does not fit into its line, for the message below.
pub fn whole(event: &EnvironmentEvent, room: u16) -> Option<(String, Role)> {
    whole_beside(event, room, 0)
}

/// The same where so many columns have something else.
pub fn whole_beside(event: &EnvironmentEvent, room: u16, others: u16) -> Option<(String, Role)> {
    let fits = width(&event.message) + 24 + usize::from(others) <= usize::from(room);
    (!fits).then(|| (event.message.to_string(), role(&event.severity)))
}

fn role(severity: &Severity) -> Role {
    match severity {
        Severity::Warn => Role::Warning,
        Severity::Error | Severity::Fatal => Role::Bad,
        Severity::Trace | Severity::Debug => Role::Dim,
        Severity::Info | Severity::Other(_) => Role::Text,
    }
}

/// The time of day; with the day where that is not today's.
fn time(state: &State, at: Moment) -> String {
    let zone = &state.setup.time_zone;
    let (zoned, today) = (at.0.to_zoned(zone.clone()), state.shown_at().0.to_zoned(zone.clone()));
    let how = if zoned.date() == today.date() { "      %H:%M:%S" } else { "%m-%d %H:%M:%S" };
    zoned.strftime(how).to_string()
}

fn nothing(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &EnvironmentView) {
    let reads = &state.snapshot().reads;
    let source = Source::History(view.key.clone());
    let words = match (reads.fault(&source), reads.read_at(&source)) {
        (Some(fault), _) => format!("events could not be read: {}", fault.advice()),
        (None, Some(_)) => format!("no events ({}); Beanstalk keeps them for six weeks", view.timeline.least.as_str()),
        (None, None) => "reading events …".to_owned(),
    };
    message::draw(canvas, area, &[(words, Role::Dim)]);
}
