//! The users' view, side by side: requests, errors, times and healthy targets, now and in the ten minutes before.

use std::time::Duration;

use ratatui::layout::Rect;

use super::clock::clock;
use crate::app::State;
use crate::config::Role;
use crate::deploy::{Minute, Watch};
use crate::model::{Absence, FigureUnit, Moment, PROVISIONAL, figure, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::split::split_top;
use crate::ui::text::width;
use crate::ui::widgets::sparkline::Sparkline;

const MINUTE: Duration = Duration::from_mins(1);
/// A minute is whole when it began this long ago.
const WHOLE: Duration = PROVISIONAL.saturating_add(Duration::from_mins(1));

/// One of the figures.
struct ShownFigure {
    title: &'static str,
    /// The same where there is little room.
    short: &'static str,
    unit: FigureUnit,
    absence: Absence,
    role: Role,
    of: fn(&Minute) -> f64,
    before: Option<f64>,
}

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, watch: &Watch) {
    let (shown, newest) = (shown(watch), newest(watch, state.shown_at()));
    let [heading, rest] = split_top(area, 1);
    canvas.text(heading.x + 1, heading.y, heading.width.saturating_sub(1), &as_of(state, watch, newest), Role::Dim);
    let wide = rest.width / shown.len() as u16;
    for (place, it) in shown.iter().enumerate() {
        let x = rest.x + 1 + place as u16 * wide;
        let room = Rect { x, width: wide.saturating_sub(2), ..rest };
        draw_one(canvas, room, watch, it, newest);
    }
}

/// The newest minute that is whole, of which the figures are. One that is still being counted would look like a fall.
fn newest(watch: &Watch, now: Moment) -> Option<&Minute> {
    // The newest minute was still running when it was read.
    let running = watch.minutes().iter().next_back().map_or(now, |minute| minute.at);
    let is_whole = |minute: &&Minute| running.since(minute.at) >= WHOLE;
    let has_any = |minute: &&Minute| minute.requests.is_some() || minute.healthy.is_some();
    watch.minutes().iter().rev().filter(is_whole).find(has_any)
}

/// Returns the time of the figures, and of those before.
fn as_of(state: &State, watch: &Watch, newest: Option<&Minute>) -> String {
    let Some(newest) = newest else { return "ALB: no whole minute yet; they come 3 minutes late".to_owned() };
    let ago = span_words(state.shown_at().since(newest.at.plus(MINUTE)));
    let before = &watch.verdict().before;
    let before = before
        .from
        .zip(before.until)
        .map(|(from, until)| format!("   before {}-{}", clock(state, from, false), clock(state, until, false)));
    format!("ALB at {}, {ago} ago{}", clock(state, newest.at, false), before.unwrap_or_default())
}

fn shown(watch: &Watch) -> [ShownFigure; 4] {
    let before = &watch.verdict().before;
    let of = |minutes: u32, value: f64| (minutes > 0).then_some(value);
    let errors = |it: &crate::deploy::Figures| it.target_5xx_percent + it.elb_5xx_percent;
    [
        ShownFigure {
            title: "requests",
            short: "req",
            unit: FigureUnit::PerSecond,
            absence: Absence::Gap,
            role: Role::FirstSeries,
            of: |minute| minute.requests.map_or(f64::NAN, |count| count / 60.0),
            before: of(before.minutes, before.requests_per_second),
        },
        ShownFigure {
            title: "5xx",
            short: "5xx",
            unit: FigureUnit::Percent,
            absence: Absence::Gap,
            role: Role::Bad,
            of: |minute| {
                let asked = minute.requests.map_or(f64::NAN, |count| count + minute.elb_503);
                ((minute.target_5xx + minute.elb_5xx) / asked.max(1.0) * 100.0).min(100.0)
            },
            before: of(before.minutes, errors(before)),
        },
        ShownFigure {
            title: "p99",
            short: "p99",
            unit: FigureUnit::Seconds,
            absence: Absence::Gap,
            role: Role::SecondSeries,
            of: |minute| minute.p99.unwrap_or(f64::NAN),
            before: before.p99_seconds,
        },
        ShownFigure {
            title: "healthy",
            short: "up",
            unit: FigureUnit::Count,
            absence: Absence::Gap,
            role: Role::Good,
            of: |minute| minute.healthy.unwrap_or(f64::NAN),
            before: before.healthy_minimum,
        },
    ]
}

fn draw_one(canvas: &mut Canvas<'_>, area: Rect, watch: &Watch, it: &ShownFigure, newest: Option<&Minute>) {
    let value = |value: Option<f64>| figure(value.unwrap_or(f64::NAN), it.unit);
    let values: Vec<f64> = watch.minutes().iter().map(it.of).collect();
    let provisional =
        watch.minutes().iter().rev().take_while(|minute| newest.is_none_or(|it| minute.at > it.at)).count();
    let (last, before) = (value(newest.map(it.of)), format!("was {}", value(it.before)));
    // The title gives way before a figure is cut.
    let is_narrow = width(it.title) + 1 + width(&last) > usize::from(area.width);
    let title = format!("{} ", if is_narrow { it.short } else { it.title });
    let end = canvas.pieces(area.x, area.y, area.width, &[(&title, Role::Heading), (&last, Role::Text)]);
    // A figure is shown whole or not at all: where it does not fit beside the other, it goes below.
    let room = usize::from(area.right().saturating_sub(end + 2));
    let is_beside = width(&before) <= room;
    let (x, y) = if is_beside { (end + 2, area.y) } else { (area.x, area.y + 1) };
    if is_beside || area.height > 1 {
        canvas.text(x, y, area.right().saturating_sub(x), &before, Role::Dim);
    }
    let [_, plot] = split_top(area, if is_beside { 1 } else { 2 });
    if plot.height > 0 {
        let line = Sparkline { values: &values, absence: it.absence, role: it.role, top: None, provisional };
        line.draw_braille(canvas, plot);
    }
}
