//! A chart of lines over time, drawn into whatever room there is.
//!
//! ```text
//! Requests  shared by 2 environments                    ── all 128/s    ╌╌ 5xx 0.02/s
//!  200/s ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⢀⡀⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁    title, legend with the figures
//!        ⠤⠤⣀⣀⡠⠤⠒⠉⠉⠒⠤⣀⡠⠔⠒⠉⠁⠈⠉⠒⠤⠤⠔⠒⠉⠉⠉⠉⠒⠢⠤⠤⠤⠤⠔⠒    lines in front of a faint grid
//!      0
//!        ──────┬──────▲ v103 ───┬───────────────┬──╌╌    what happened
//!            14:00            14:15           14:30       round times
//! ```
//!
//! The gutter of the figures has a fixed width, so that charts below each other share one time axis. The last line is
//! the one on top: callers put the worst there. A line at zero gives way to every other: that nothing goes wrong is no
//! news.

mod axis;
mod legend;
mod plot;
mod scale;
mod small;
mod trace;

use std::time::Duration;

use jiff::tz::TimeZone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::canvas::Canvas;
use super::super::look::Look;
use super::super::text::{width, wrap};
use crate::config::Role;
pub use crate::model::Absence;
use crate::model::{FIGURE_WIDTH, FigureUnit as Unit, Moment};
pub(in crate::ui) use plot::FILLED;
use plot::Plot;
use scale::Scale;

/// Less than this is a sparkline.
const LEAST: (u16, u16) = (20, 4);
/// From this height on the axis is a line of its own.
const WITH_AXIS: u16 = 6;
/// The figures of the axis, and a space.
const GUTTER: u16 = FIGURE_WIDTH as u16 + 1;

/// A chart; everything in it is borrowed.
#[derive(Clone, Copy)]
pub struct Chart<'a> {
    /// What it shows.
    pub title: &'a str,
    /// What is to be known of it: whose it is, how old.
    pub note: &'a str,
    /// How its figures are written.
    pub unit: Unit,
    /// The time of the first value.
    pub from: Moment,
    /// The end of the last period.
    pub until: Moment,
    /// The time between two values.
    pub period: Duration,
    /// The lines, from the one below to the one on top.
    pub lines: &'a [Line<'a>],
    /// Where the crosshair stands.
    pub cursor: Option<Moment>,
    /// What happened.
    pub marks: &'a [TimeMark<'a>],
    /// From here on values may still change: they are dim, and absent ones are holes.
    pub partial_from: Option<Moment>,
    /// What to say if no line has a value.
    pub empty: &'a str,
    /// It has the keyboard.
    pub focused: bool,
    /// In which times are told.
    pub time_zone: &'a TimeZone,
}

/// A line of a chart.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// Its name in the legend; the only line of a chart may have none.
    pub name: &'a str,
    /// What colours it.
    pub role: Role,
    /// A value for each period; absent ones are not finite.
    pub values: &'a [f64],
    /// What an absent value means.
    pub absence: Absence,
    /// How many more of its periods than the chart's are still to come: its figures arrive that much later.
    pub late: usize,
}

/// Something that happened: a deploy, a change.
#[derive(Clone, Copy)]
pub struct TimeMark<'a> {
    /// When.
    pub at: Moment,
    /// What, in a word.
    pub label: &'a str,
    /// What colours it.
    pub role: Role,
}

impl Chart<'_> {
    /// Draws it into an area of a buffer.
    pub fn render(&self, area: Rect, look: &Look, buffer: &mut Buffer) {
        self.draw(&mut Canvas::new(buffer, look), area);
    }

    pub(in crate::ui) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.width < LEAST.0 || area.height < LEAST.1 {
            return small::draw(canvas, area, self);
        }
        legend::draw(canvas, Rect { height: 1, ..area }, self);
        let below = if area.height < WITH_AXIS { 1 } else { 2 };
        let room =
            Rect { x: area.x + GUTTER, y: area.y + 1, width: area.width - GUTTER, height: area.height - 1 - below };
        let highest = self.highest();
        if let Some(highest) = highest {
            let scale = Scale::new(highest, room.height, self.unit);
            let mut plot = Plot::new(room, canvas.glyphs().is_ascii());
            plot.lines(self, scale.top);
            self.figures(canvas, area.x, &plot, &scale);
            plot.paint(canvas, self, &scale);
        } else {
            self.sentence(canvas, room);
        }
        axis::draw(canvas, Rect { y: room.bottom(), height: below, ..room }, self);
    }

    /// The figures of the vertical axis.
    fn figures(&self, canvas: &mut Canvas<'_>, x: u16, plot: &Plot, scale: &Scale) {
        for value in scale.ticks() {
            let label = scale.label(value, self.unit);
            let wide = width(&label) as u16;
            let y = plot.row_of(value, scale.top);
            canvas.text(x + (GUTTER - 1).saturating_sub(wide), y, wide, &label, Role::Dim);
        }
    }

    /// Nothing to draw: why, in the middle.
    fn sentence(&self, canvas: &mut Canvas<'_>, room: Rect) {
        let lines = wrap(self.empty, usize::from(room.width));
        let top = room.y + room.height.saturating_sub(lines.len() as u16) / 2;
        for (line, y) in lines.iter().zip(top..room.bottom()) {
            let left = room.width.saturating_sub(width(line) as u16) / 2;
            canvas.text(room.x + left, y, room.width - left, line, Role::Dim);
        }
    }

    /// How many values there is room for in time.
    fn count(&self) -> usize {
        let period = self.period.as_secs_f64().max(1e-3);
        // A chart of more than a million values was asked for by mistake, and is cut rather than waited for.
        (self.until.since(self.from).as_secs_f64() / period).ceil().clamp(1.0, 1e6) as usize
    }

    /// Which value a moment belongs to; those before the first belong to none.
    fn index(&self, at: Moment) -> Option<usize> {
        if at < self.from {
            return None;
        }
        Some((at.since(self.from).as_secs_f64() / self.period.as_secs_f64().max(1e-3)) as usize)
    }

    /// How many values are complete.
    fn complete(&self) -> usize {
        match self.partial_from {
            Some(at) if at <= self.from => 0,
            Some(at) => {
                let periods = at.since(self.from).as_secs_f64() / self.period.as_secs_f64().max(1e-3);
                (periods.ceil() as usize).min(self.count())
            }
            None => self.count(),
        }
    }

    /// The latest complete value of a line.
    fn latest(&self, line: &Line<'_>) -> f64 {
        let complete = self.complete();
        let last = complete.saturating_sub(line.late).min(line.values.len()).checked_sub(1);
        last.and_then(|at| line.value(at, complete)).unwrap_or(f64::NAN)
    }

    /// The highest value of all lines, if there is any value.
    fn highest(&self) -> Option<f64> {
        let (count, complete) = (self.count(), self.complete());
        let values = self
            .lines
            .iter()
            .flat_map(|line| (0..line.values.len().min(count)).filter_map(move |at| line.value(at, complete)));
        values.reduce(f64::max)
    }

    /// Where a moment lies between the first value and the last, from 0 to 1.
    fn share(&self, at: Moment) -> Option<f64> {
        if at < self.from || at >= self.until {
            return None;
        }
        let whole = (self.count() - 1) as f64 * self.period.as_secs_f64();
        Some(if whole > 0.0 { (at.since(self.from).as_secs_f64() / whole).min(1.0) } else { 1.0 })
    }

    /// The column, out of this many, in which a moment lies.
    fn column(&self, at: Moment, columns: u16) -> Option<u16> {
        self.share(at).map(|share| (share * f64::from(columns.saturating_sub(1))).round() as u16)
    }
}

impl Line<'_> {
    /// The value at a place, of which the first so many are complete: what was not published yet is not nothing.
    fn value(&self, at: usize, complete: usize) -> Option<f64> {
        match self.values.get(at) {
            Some(value) if value.is_finite() => Some(value.max(0.0)),
            Some(_) if self.absence == Absence::Zero && at < complete.saturating_sub(self.late) => Some(0.0),
            _ => None,
        }
    }
}
