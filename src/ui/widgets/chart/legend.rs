//! The title line: what it is, whose it is, and each line's name and figure.

use ratatui::layout::Rect;

use super::axis;
use super::content::{Chart, DrawnLine};
use super::plot::letter;
use crate::config::Role;
use crate::model::{FIGURE_WIDTH, figure_parts};
use crate::ui::canvas::Canvas;
use crate::ui::text::width;

/// Samples of how lines are drawn.
const SAMPLES: [&str; 3] = ["──", "╌╌", "━━"];
/// Between two lines' figures.
const GAP: usize = 2;

/// A piece of the legend.
type LegendPiece = (String, Role);

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, chart: &Chart<'_>) {
    let role = if chart.focused { Role::Accent } else { Role::Title };
    let title = canvas.text(area.x, area.y, area.width, chart.title, role);
    let room = usize::from(area.right().saturating_sub(title + 2));
    let entries = fitting(canvas, chart, room);
    let wide = entries.iter().flatten().map(|(text, _)| width(text)).sum::<usize>() as u16;
    let from = area.right() - wide;
    let mut x = from;
    for (text, role) in entries.iter().flatten() {
        x = canvas.text(x, area.y, area.right() - x, text, *role);
    }
    // A note that is cut to a few letters is useless.
    let left = from.saturating_sub(title + 4);
    if left >= 8 || usize::from(left) >= width(chart.note) {
        canvas.text(title + 2, area.y, left, chart.note, Role::Dim);
    }
}

/// As much of the legend as fits. Lines that are not zero come first. Where there is no room the time goes first, then
/// lines at zero from the last on, then the others from the first on; the worst stays. How many are missing is said.
fn fitting(canvas: &Canvas<'_>, chart: &Chart<'_>, room: usize) -> Vec<Vec<LegendPiece>> {
    let time = chart.cursor.and_then(|at| chart.share(at).map(|_| axis::time_words(chart, at)));
    let mut time = time.map(|time| vec![(time + "  ", Role::Accent)]);
    let is_zero = |line: &DrawnLine<'_>| line.values.iter().all(|value| value.is_nan() || *value <= 0.0);
    let (zeros, others): (Vec<usize>, Vec<usize>) =
        (0..chart.lines.len()).partition(|&at| is_zero(&chart.lines[at]) && chart.lines.len() > 1);
    let mut shown = [others, zeros.clone()].concat();
    loop {
        let last = shown.last().copied();
        let mut entries: Vec<_> = time.iter().cloned().collect();
        entries.extend(shown.iter().map(|&at| entry(canvas, chart, at, last == Some(at))));
        let missing = chart.lines.len() - shown.len();
        entries.extend((missing > 0).then(|| vec![(format!("  +{missing}"), Role::Dim)]));
        let wide = |entry: &[LegendPiece]| entry.iter().map(|(text, _)| width(text)).sum::<usize>();
        if entries.iter().map(|entry| wide(entry)).sum::<usize>() <= room {
            return entries;
        }
        if time.take().is_some() {
            continue;
        }
        match shown.len() {
            0 | 1 => return last_alone(chart, room),
            _ if last.is_some_and(|at| zeros.contains(&at)) => drop(shown.pop()),
            _ => drop(shown.remove(0)),
        }
    }
}

/// The last line's figure without its name, if that fits at least.
fn last_alone(chart: &Chart<'_>, room: usize) -> Vec<Vec<LegendPiece>> {
    let Some(line) = chart.lines.last() else { return Vec::new() };
    let figure = shown(chart, line);
    let fits = figure.iter().map(|(text, _)| width(text)).sum::<usize>() <= room;
    if fits { vec![figure] } else { Vec::new() }
}

/// Sample, name and figure of a line; the figure's room is fixed, so that nothing jumps when it changes.
fn entry(canvas: &Canvas<'_>, chart: &Chart<'_>, at: usize, is_last: bool) -> Vec<LegendPiece> {
    let line = &chart.lines[at];
    let mut pieces = Vec::with_capacity(5);
    if !line.name.is_empty() {
        let sample = if canvas.glyphs().is_ascii() { letter(at).to_string() } else { SAMPLES[at % 3].to_owned() };
        pieces.push((sample, line.role));
        pieces.push((format!(" {} ", line.name), Role::Dim));
    }
    let figure = shown(chart, line);
    let wide = figure.iter().map(|(text, _)| width(text)).sum::<usize>();
    let gap = if is_last { 0 } else { GAP };
    let pad = if line.name.is_empty() { 0 } else { FIGURE_WIDTH.saturating_sub(wide) + gap };
    pieces.extend(figure);
    pieces.push((" ".repeat(pad), Role::Text));
    pieces
}

/// The figure of a line: at the crosshair, or the latest that is complete.
fn shown(chart: &Chart<'_>, line: &DrawnLine<'_>) -> Vec<LegendPiece> {
    let complete = chart.complete();
    let at = chart.cursor.filter(|at| chart.share(*at).is_some()).and_then(|at| chart.index(at));
    let value = match at {
        Some(at) => line.value(at, complete).unwrap_or(f64::NAN),
        None => chart.latest(line),
    };
    let (digits, unit) = figure_parts(value, chart.unit);
    let doubtful = value.is_nan() || at.is_some_and(|at| at + line.late >= complete);
    vec![(digits, if doubtful { Role::Dim } else { Role::Text }), (unit.to_owned(), Role::Dim)]
}
