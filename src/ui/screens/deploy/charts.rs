//! What the users feel, on the clock of the lanes: errors, times, requests and healthy targets as charts, with what was
//! usual before the update as a band. The load balancer's figures are minutes late; where enhanced health shows more,
//! that is drawn after them, and each figure says of when it is.

mod plot;
mod quiet;

use std::time::Duration;

use ratatui::layout::Rect;

use self::plot::Plotted;
use super::axis::Axis;
use super::clock::clock;
use crate::app::State;
use crate::config::Role;
use crate::deploy::{LaneState, Minute, Watch};
use crate::model::{FigureUnit, Moment, PROVISIONAL, figure, span_words};
use crate::ui::canvas::Canvas;
use crate::ui::series::series_role;
use crate::ui::text::width;

const MINUTE: Duration = Duration::from_mins(1);
/// A minute is whole when it began this long ago.
const WHOLE: Duration = PROVISIONAL.saturating_add(MINUTE);
/// How many charts there are.
pub const CHARTS: u16 = 4;
/// How long a reading of enhanced health counts as live.
const LIVE: Duration = Duration::from_secs(60);

/// One of the figures.
struct ShownFigure {
    title: &'static str,
    unit: FigureUnit,
    /// A scale does not end below this, so that noise is not drawn as a mountain.
    least_top: f64,
    /// Whether zero is bad news, which is never folded.
    bad_at_zero: bool,
    of: fn(&Minute) -> f64,
    live: fn(&Watch, Moment, Moment) -> Option<f64>,
}

const FIGURES: [ShownFigure; CHARTS as usize] = [
    ShownFigure {
        title: "5xx",
        unit: FigureUnit::Percent,
        least_top: 1.0,
        bad_at_zero: false,
        of: |minute| {
            let asked = minute.requests.map_or(f64::NAN, |count| count + minute.elb_503);
            ((minute.target_5xx + minute.elb_5xx) / asked.max(1.0) * 100.0).min(100.0)
        },
        live: |watch, from, until| newest(watch, from, until)?.errors_percent,
    },
    ShownFigure {
        title: "p99",
        unit: FigureUnit::Seconds,
        least_top: 0.1,
        bad_at_zero: false,
        of: |minute| minute.p99.unwrap_or(f64::NAN),
        live: |_, _, _| None,
    },
    ShownFigure {
        title: "requests",
        unit: FigureUnit::PerSecond,
        least_top: 1.0,
        bad_at_zero: false,
        of: |minute| minute.requests.map_or(f64::NAN, |count| count / 60.0),
        live: |watch, from, until| Some(newest(watch, from, until)?.requests_per_second),
    },
    ShownFigure {
        title: "healthy",
        unit: FigureUnit::Count,
        least_top: 1.0,
        bad_at_zero: true,
        of: |minute| minute.healthy.unwrap_or(f64::NAN),
        live: |watch, _, until| {
            let states: Vec<_> = watch.lanes().iter().filter_map(|lane| lane.at(until)).collect();
            let healthy = states.iter().filter(|state| **state == LaneState::Healthy).count();
            (!states.is_empty()).then_some(healthy as f64)
        },
    },
];

/// The newest reading of enhanced health within a time.
fn newest(watch: &Watch, from: Moment, until: Moment) -> Option<crate::deploy::LiveFigures> {
    watch.live().figures().rev().find(|it| it.at <= until).filter(|it| it.at >= from).copied()
}

/// Draws the heading, and below it the charts. One with nothing above zero is a line, and its room is the others'.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, watch: &Watch, axis: &Axis) {
    let newest = newest_minute(watch, state.shown_at());
    let height = area.height.saturating_sub(1) / CHARTS;
    let heading = as_of(state, watch, newest, height > 1);
    canvas.text(area.x + 1, area.y, area.width.saturating_sub(1), &heading, Role::Dim);
    if height == 0 {
        return;
    }
    let late = newest.map(|minute| minute.at.plus(MINUTE));
    let charts: Vec<_> = FIGURES.iter().map(|it| (it, values(watch, axis, it, late))).collect();
    let zero_since = |it: &ShownFigure, values: &[f64]| {
        let since = quiet::zero_from(values).filter(|_| height > 1 && !it.bad_at_zero);
        since.filter(|_| band(watch, it).is_none_or(|(_, high)| high <= 0.0))
    };
    let folded: Vec<_> = charts.iter().map(|(it, values)| zero_since(it, values)).collect();
    let open = folded.iter().filter(|since| since.is_none()).count() as u16;
    let mut left = height * CHARTS - (CHARTS - open);
    let mut waiting = open;
    let mut y = area.y + 1;
    for ((it, values), since) in charts.iter().zip(folded) {
        let rows = if since.is_some() { 1 } else { left / waiting };
        let place = Rect { y, height: rows, ..area };
        if let Some(since) = since {
            let words = format!("no value above 0 since {}", clock(state, axis.span(since, 2).0, false));
            canvas.text(axis.names.0, y, axis.names.1, it.title, Role::Heading);
            canvas.text(axis.x, y, axis.width, &words, Role::Dim);
            draw_now(canvas, place, state, watch, axis, it, newest);
        } else {
            (left, waiting) = (left - rows, waiting - 1);
            draw_one(canvas, place, state, watch, axis, it, (values, newest));
        }
        y += rows;
    }
    axis.draw_edge(canvas, area.y + 1, y - area.y - 1);
}

/// The newest minute that is whole, of which the figures are. One that is still being counted would look like a fall.
fn newest_minute(watch: &Watch, now: Moment) -> Option<&Minute> {
    // The newest minute was still running when it was read.
    let running = watch.minutes().iter().next_back().map_or(now, |minute| minute.at);
    let is_whole = |minute: &&Minute| running.since(minute.at) >= WHOLE;
    let has_any = |minute: &&Minute| minute.requests.is_some() || minute.healthy.is_some();
    watch.minutes().iter().rev().filter(is_whole).find(has_any)
}

/// Returns of when the load balancer's figures are, what the band is, and whether there are live ones beside them.
fn as_of(state: &State, watch: &Watch, newest: Option<&Minute>, has_band: bool) -> String {
    let alb = newest.map_or_else(
        || "ALB: no whole minute yet; they come 3 minutes late".to_owned(),
        |newest| {
            let late = span_words(state.shown_at().since(newest.at.plus(MINUTE)));
            format!("ALB as of {} ({late} late)", clock(state, newest.at.plus(MINUTE), false))
        },
    );
    let before = &watch.verdict().before;
    let before = before
        .from
        .zip(before.until)
        .filter(|_| has_band)
        .map(|(from, until)| format!("   band: {} to {}", clock(state, from, false), clock(state, until, false)));
    let live = watch.live().figures().next_back().map(|it| state.shown_at().since(it.at));
    let live = live.filter(|age| *age <= LIVE).map(|age| format!("   live: {} ago", span_words(age)));
    format!("{alb}{}{}", before.unwrap_or_default(), live.unwrap_or_default())
}

fn draw_one(
    canvas: &mut Canvas<'_>,
    area: Rect,
    state: &State,
    watch: &Watch,
    axis: &Axis,
    it: &ShownFigure,
    (values, newest): (&[f64], Option<&Minute>),
) {
    let band = band(watch, it);
    let highest = values.iter().copied().chain(band.map(|(_, high)| high)).filter(|it| it.is_finite());
    let top = round_up(highest.fold(it.least_top, f64::max));
    let plot = Rect { x: axis.x, width: axis.width, ..area };
    let marks: Vec<u16> = watch.course().marks.iter().filter_map(|mark| axis.column(mark.at)).collect();
    let role = series_role(it.title, None).unwrap_or(Role::FirstSeries);
    Plotted { values, top, band, marks: &marks, role }.draw(canvas, plot);
    canvas.text(axis.names.0, area.y, axis.names.1, it.title, Role::Heading);
    let mut tick = |y: u16, value: f64| {
        let label = figure(value, it.unit);
        let x = axis.x.saturating_sub(width(&label) as u16 + 1);
        canvas.text(x, y, width(&label) as u16, &label, Role::Dim);
    };
    tick(area.y, top);
    if area.height > 1 {
        tick(area.bottom() - 1, 0.0);
    }
    draw_now(canvas, area, state, watch, axis, it, newest);
}

/// Draws the figures beside a chart: the newest with its time, and what it was before.
fn draw_now(
    canvas: &mut Canvas<'_>,
    area: Rect,
    state: &State,
    watch: &Watch,
    axis: &Axis,
    it: &ShownFigure,
    newest: Option<&Minute>,
) {
    let now = axis.end;
    let live = (it.live)(watch, now.minus(LIVE), now).map(|value| (value, "live".to_owned()));
    let alb = newest.map(|minute| ((it.of)(minute), clock(state, minute.at.plus(MINUTE), false)));
    let before = band(watch, it).map(|_| (before(watch, it), "usual".to_owned()));
    let is_live = live.is_some();
    // With little room the late one goes first, if there is a live one, then what it was before.
    let mut lines: Vec<_> = live.into_iter().chain(alb).collect();
    if is_live && area.height < 3 {
        lines.truncate(1);
    }
    for (place, ((value, when), y)) in lines.into_iter().chain(before).zip(area.y..area.bottom()).enumerate() {
        let role = if place == 0 { Role::Text } else { Role::Dim };
        let value = figure(value, it.unit);
        let x = canvas.text(axis.beside(), y, 6, &format!("{value:>6}"), role);
        canvas.text(x + 1, y, 6, &when, Role::Dim);
    }
}

/// Returns what it was before the update.
fn before(watch: &Watch, it: &ShownFigure) -> f64 {
    let before = &watch.verdict().before;
    match it.title {
        "5xx" => before.target_5xx_percent + before.elb_5xx_percent,
        "p99" => before.p99_seconds.unwrap_or(f64::NAN),
        "requests" => before.requests_per_second,
        _ => before.healthy_minimum.unwrap_or(f64::NAN),
    }
}

/// Returns the least and the greatest of the minutes before the update that are compared.
fn band(watch: &Watch, it: &ShownFigure) -> Option<(f64, f64)> {
    let before = &watch.verdict().before;
    let (from, until) = before.from.zip(before.until)?;
    let minutes = watch.minutes().iter().filter(|minute| minute.at >= from && minute.at < until);
    let values = minutes.map(it.of).filter(|value| value.is_finite());
    values.fold(None, |band: Option<(f64, f64)>, value| {
        Some(band.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
    })
}

/// Returns two values for each column: the load balancer's as far as its minutes are whole, then the live ones. The number
/// of healthy targets is known live from the beginning.
fn values(watch: &Watch, axis: &Axis, it: &ShownFigure, late: Option<Moment>) -> Vec<f64> {
    let parts = usize::from(axis.width) * 2;
    let minutes: Vec<_> = watch.minutes().iter().collect();
    let value = |part: usize| {
        let (from, until) = axis.span(part, 2);
        if from > axis.end {
            return f64::NAN;
        }
        let looked = it.unit == FigureUnit::Count;
        let live = || (it.live)(watch, until.minus(LIVE / 3), until.min(axis.end));
        let alb = || {
            let whole = minutes.iter().filter(|minute| late.is_some_and(|late| minute.at < late));
            let within = whole.filter(|minute| minute.at <= until && minute.at.plus(MINUTE) > from);
            let values = within.map(|minute| (it.of)(minute)).filter(|value| value.is_finite());
            values.fold(None, |worst: Option<f64>, value| Some(worst.map_or(value, |worst| worst.max(value))))
        };
        let is_late = late.is_none_or(|late| from >= late);
        let chosen = if looked || is_late { live().or_else(alb) } else { alb() };
        chosen.unwrap_or(f64::NAN)
    };
    (0..parts).map(value).collect()
}

/// The next round figure, so that the scale does not change with each reading.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let steps = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    steps.into_iter().map(|step| step * power).find(|step| *step >= value * 0.999_999).unwrap_or(value)
}
