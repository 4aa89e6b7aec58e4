//! The events of all environments, newest last; the selected one whole, if it does not fit into its line.

use ratatui::layout::Rect;

use super::environment::timeline::{draw_event_of, whole_beside};
use crate::app::screens::{FilterField, FilterSubject, FleetEventsView};
use crate::app::{Action, Area, Click, HitMap, Pane, State};
use crate::config::{Mark, Role};
use crate::model::{EnvironmentEvent, Source, clean, counted, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::panes::{TextPiece, less_and_less, message, wide};
use crate::ui::split::split_bottom;
use crate::ui::text::width;

/// A name has at most so many columns.
const LONGEST_NAME: u16 = 32;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &FleetEventsView, hits: &mut HitMap) {
    let events = view.events(&state.snapshot().inventory);
    let columns = name_columns(&events, area.width);
    let selected = view.timeline.position(&events);
    let whole = events.get(selected).and_then(|event| whole_beside(event, area.width, columns + 2));
    let messages = message::choose(state, area, whole.into_iter().collect());
    let [rows, bottom] = split_bottom(area, if messages.is_empty() { 0 } else { message::height(&messages, area) });
    message::draw(canvas, bottom, &messages);
    if events.is_empty() {
        message::draw(canvas, rows, &[(nothing(state, view), Role::Dim)]);
    }
    let first = view.timeline.first(selected, events.len());
    for ((place, event), y) in events.iter().enumerate().skip(first).zip(rows.y..rows.bottom()) {
        let is_selected = place == selected && view.timeline.selected.is_some();
        draw_event_of(canvas, Rect { y, height: 1, ..rows }, state, event, (is_selected, Some(columns)));
    }
    hits.add(Pane::FleetEvents, Area { x: rows.x, y: rows.y, width: rows.width, height: rows.height });
}

/// Draws the title: how many events are shown, of which severity, the filter, and how old they are.
pub fn draw_title(canvas: &mut Canvas<'_>, area: Rect, state: &State, view: &FleetEventsView) {
    let way = [("Fleet > ".to_owned(), Role::Dim), ("Events".to_owned(), Role::Title)];
    let typed = match state.screens.get() {
        Some(FilterField { input, subject: FilterSubject::FleetEvents }) => {
            Some((format!("/{}{}", input.value(), canvas.mark(Mark::Selected)), Role::Input))
        }
        _ => (!view.filter.is_empty()).then(|| (format!("/{}", view.filter), Role::Accent)),
    };
    let read = state.snapshot().reads.read_at(&Source::Events(state.setup.scope));
    let age = read
        .map_or_else(|| "reading …".to_owned(), |at| format!("read {} ago", span_words(state.shown_at().since(at))));
    let following = if view.timeline.selected.is_some() { "{last} follows the newest" } else { "following" };
    let shown = counted(view.events(&state.snapshot().inventory).len(), "event");
    let said: Vec<TextPiece> = typed
        .into_iter()
        .chain([
            (shown, Role::Text),
            (view.timeline.least.as_str().to_owned(), Role::Text),
            (state.keyed(following), Role::Dim),
            (age, Role::Dim),
        ])
        .map(|(text, role)| (format!("   {text}"), role))
        .collect();
    let room = usize::from(area.width).saturating_sub(wide(&way));
    let fitting = less_and_less(&said, 1).into_iter().find(|pieces| wide(pieces) <= room);
    let pieces: Vec<_> =
        way.iter().chain(fitting.iter().flatten()).map(|(text, role)| (text.as_str(), *role)).collect();
    canvas.pieces(area.x, area.y, area.width, &pieces);
    canvas.spot(Rect { width: wide(&way) as u16, ..area }, Click::Do(Action::Back));
}

/// How many columns the names have: as many as the longest one needs, and no more than leaves room for the messages.
fn name_columns(events: &[&EnvironmentEvent], room: u16) -> u16 {
    let names = events.iter().filter_map(|event| event.environment.as_deref());
    let longest = names.map(|name| width(&clean(name))).max().unwrap_or(0) as u16;
    longest.min(LONGEST_NAME).min(room / 4)
}

fn nothing(state: &State, view: &FleetEventsView) -> String {
    let source = Source::Events(state.setup.scope);
    let reads = &state.snapshot().reads;
    match (reads.fault(&source), reads.read_at(&source)) {
        (Some(fault), _) => format!("events could not be read: {}", fault.advice()),
        (None, None) => "reading events …".to_owned(),
        (None, Some(_)) if !view.filter.is_empty() => {
            format!("no event contains {} ({})", clean(&view.filter), view.timeline.least.as_str())
        }
        (None, Some(_)) => format!("no events ({}); Beanstalk keeps them for six weeks", view.timeline.least.as_str()),
    }
}
