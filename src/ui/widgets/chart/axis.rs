//! The time axis: round times in the reader's time zone, events, and the crosshair.

use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::content::Chart;
use crate::config::{Mark, Role};
use crate::model::Moment;
use crate::ui::canvas::Canvas;
use crate::ui::text::width;

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;
/// Round steps, in seconds; beyond a week it is weeks.
const STEPS: [i64; 15] = [
    10,
    30,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
];
const WEEK: i64 = 7 * DAY;
/// Cells that a time and the space around it take.
const LABEL: i64 = 9;

/// Draws the axis into one row, or into two of which the first is a line.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, chart: &Chart<'_>) {
    let labels = Rect { y: area.bottom() - 1, height: 1, ..area };
    let line = (area.height > 1).then_some(area.y);
    if let Some(y) = line {
        draw_line(canvas, area, y, chart);
    }
    // The crosshair's time comes first: the others give way to it.
    let mut taken = Vec::new();
    if let Some((at, x)) = chart.cursor.and_then(|at| Some((at, chart.column(at, area.width)?))) {
        write(canvas, labels, x, &time_words(chart, at), Role::Accent, &mut taken);
    }
    let span = chart.until.since(chart.from).as_secs() as i64;
    let step = step(span, area.width);
    let mut at = first(chart.from, step, chart.time_zone);
    while let Some(x) = chart.column(at, area.width) {
        if let Some(y) = line {
            canvas.text(area.x + x, y, 1, canvas.mark(Mark::Tick), Role::Border);
        }
        let (words, role) = label(at, step, chart.time_zone);
        write(canvas, labels, x, &words, role, &mut taken);
        at = next(at, step, chart.time_zone);
    }
    happened(canvas, Rect { y: area.y, height: 1, ..area }, chart, line.is_some());
    if let Some((y, x)) = line.zip(chart.cursor.and_then(|at| chart.column(at, area.width))) {
        canvas.text(area.x + x, y, 1, canvas.mark(Mark::Cross), Role::Accent);
    }
}

/// The line: broken where values may still change.
fn draw_line(canvas: &mut Canvas<'_>, area: Rect, y: u16, chart: &Chart<'_>) {
    let partial = chart.partial_from.and_then(|at| chart.column(at, area.width)).unwrap_or(area.width);
    for x in 0..area.width {
        let mark = if x < partial { Mark::Horizontal } else { Mark::Provisional };
        canvas.text(area.x + x, y, 1, canvas.mark(mark), Role::Border);
    }
}

/// Writes a time in the middle of its place, unless it would touch another.
fn write(canvas: &mut Canvas<'_>, area: Rect, x: u16, words: &str, role: Role, taken: &mut Vec<(u16, u16)>) {
    let wide = width(words) as u16;
    if wide > area.width {
        return;
    }
    let from = x.saturating_sub(wide / 2).min(area.width - wide);
    let to = from + wide;
    if taken.iter().any(|(start, end)| from <= end + 1 && *start <= to + 1) {
        return;
    }
    taken.push((from, to));
    canvas.text(area.x + from, area.y, wide, words, role);
}

/// Draws the marks of events; on a separate line with their labels, where there is room before the next.
fn happened(canvas: &mut Canvas<'_>, area: Rect, chart: &Chart<'_>, labelled: bool) {
    let places = chart.marks.iter().filter_map(|mark| Some((chart.column(mark.at, area.width)?, mark)));
    for (x, mark) in places.clone() {
        canvas.text(area.x + x, area.y, 1, canvas.mark(Mark::Happened), mark.role);
        let wide = width(mark.label) as u16;
        if !labelled || wide == 0 {
            continue;
        }
        let others = || places.clone().map(|(other, _)| other).filter(|other| *other != x);
        let next = others().filter(|other| *other > x).min().unwrap_or(area.width);
        let before = others().filter(|other| *other < x).max().map_or(0, |other| other + 1);
        if x + 3 + wide <= next {
            canvas.text(area.x + x + 1, area.y, wide + 2, &format!(" {} ", mark.label), mark.role);
        } else if next == area.width && before + wide + 2 <= x {
            canvas.text(area.x + x - wide - 2, area.y, wide + 2, &format!(" {} ", mark.label), mark.role);
        }
    }
}

/// The time of the crosshair, with the day where the axis has several.
pub fn time_words(chart: &Chart<'_>, at: Moment) -> String {
    let zoned = at.0.to_zoned(chart.time_zone.clone());
    let format = if chart.until.since(chart.from).as_secs() as i64 > DAY { "%a %-d %H:%M" } else { "%H:%M" };
    zoned.strftime(format).to_string()
}

/// The smallest round step whose labels fit.
fn step(span: i64, columns: u16) -> i64 {
    let least = span.saturating_mul(LABEL) / i64::from(columns.max(1));
    STEPS.into_iter().find(|step| *step >= least).unwrap_or_else(|| (least / WEEK + 1) * WEEK)
}

/// How far past a round time of the local clock a moment is; weeks begin on Monday.
fn past(at: i64, step: i64, zone: &TimeZone) -> i64 {
    let offset = jiff::Timestamp::from_second(at).map_or(0, |at| i64::from(zone.to_offset(at).seconds()));
    (at + offset + 3 * DAY).rem_euclid(step)
}

/// The first round time that is not before a moment.
fn first(from: Moment, step: i64, zone: &TimeZone) -> Moment {
    let second = from.0.as_second() + i64::from(from.0.subsec_nanosecond() > 0);
    let past = past(second, step, zone);
    if past == 0 { moment(second) } else { next(moment(second - past), step, zone) }
}

/// The round time after one; a clock that was put forward or back in between is followed.
fn next(at: Moment, step: i64, zone: &TimeZone) -> Moment {
    let begun = at.0.as_second();
    let guess = begun + step;
    let past = past(guess, step, zone);
    let round = if past * 2 <= step { guess - past } else { guess + step - past };
    moment(if round > begun { round } else { guess + step })
}

fn moment(second: i64) -> Moment {
    jiff::Timestamp::from_second(second).map_or(Moment(jiff::Timestamp::MAX), Moment)
}

/// The time of day; at midnight, and where steps are days, the day.
fn label(at: Moment, step: i64, zone: &TimeZone) -> (String, Role) {
    let midnight = past(at.0.as_second(), DAY, zone) == 0;
    let format = match step {
        _ if midnight => "%a %-d",
        _ if step < MINUTE => "%H:%M:%S",
        _ => "%H:%M",
    };
    let role = if midnight && step < DAY { Role::Text } else { Role::Dim };
    (at.0.to_zoned(zone.clone()).strftime(format).to_string(), role)
}
