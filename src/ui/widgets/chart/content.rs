//! What a chart shows: lines over a time, marks, and where a moment or a value lies among them.

use std::time::Duration;

use jiff::tz::TimeZone;

use crate::config::Role;
use crate::model::{Absence, FigureUnit as Unit, Moment};

/// A chart; everything in it is borrowed.
#[derive(Clone, Copy)]
pub struct Chart<'a> {
    /// What it shows.
    pub title: &'a str,
    /// The note: whose it is, how old.
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
    pub lines: &'a [DrawnLine<'a>],
    /// The position of the crosshair.
    pub cursor: Option<Moment>,
    /// What happened.
    pub marks: &'a [TimeMark<'a>],
    /// From here on values may still change: they are dim, and absent ones are holes.
    pub partial_from: Option<Moment>,
    /// The text that is shown if no line has a value.
    pub empty: &'a str,
    /// It has the keyboard.
    pub focused: bool,
    /// The time zone in which times are shown.
    pub time_zone: &'a TimeZone,
}

/// A line of a chart.
#[derive(Clone, Copy)]
pub struct DrawnLine<'a> {
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
    /// The event, in a word.
    pub label: &'a str,
    /// What colours it.
    pub role: Role,
}

impl Chart<'_> {
    /// How many values there is room for in time.
    pub(super) fn count(&self) -> usize {
        let period = self.period.as_secs_f64().max(1e-3);
        // A chart of more than a million values was requested by mistake, and is cut rather than waited for.
        (self.until.since(self.from).as_secs_f64() / period).ceil().clamp(1.0, 1e6) as usize
    }

    /// Which value a moment belongs to; those before the first belong to none.
    pub(super) fn index(&self, at: Moment) -> Option<usize> {
        if at < self.from {
            return None;
        }
        Some((at.since(self.from).as_secs_f64() / self.period.as_secs_f64().max(1e-3)) as usize)
    }

    /// How many values are complete.
    pub(super) fn complete(&self) -> usize {
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
    pub(super) fn latest(&self, line: &DrawnLine<'_>) -> f64 {
        let complete = self.complete();
        let last = complete.saturating_sub(line.late).min(line.values.len()).checked_sub(1);
        last.and_then(|at| line.value(at, complete)).unwrap_or(f64::NAN)
    }

    /// The highest value of all lines, if there is any value.
    pub(super) fn highest(&self) -> Option<f64> {
        let (count, complete) = (self.count(), self.complete());
        let values = self
            .lines
            .iter()
            .flat_map(|line| (0..line.values.len().min(count)).filter_map(move |at| line.value(at, complete)));
        values.reduce(f64::max)
    }

    /// Where a moment lies between the first value and the last, from 0 to 1.
    pub(super) fn share(&self, at: Moment) -> Option<f64> {
        if at < self.from || at >= self.until {
            return None;
        }
        let whole = (self.count() - 1) as f64 * self.period.as_secs_f64();
        Some(if whole > 0.0 { (at.since(self.from).as_secs_f64() / whole).min(1.0) } else { 1.0 })
    }

    /// The column, out of this many, in which a moment lies.
    pub(super) fn column(&self, at: Moment, columns: u16) -> Option<u16> {
        self.share(at).map(|share| (share * f64::from(columns.saturating_sub(1))).round() as u16)
    }
}

impl DrawnLine<'_> {
    /// The value at a place, of which the first so many are complete: what was not published yet is not nothing.
    pub(super) fn value(&self, at: usize, complete: usize) -> Option<f64> {
        match self.values.get(at) {
            Some(value) if value.is_finite() => Some(value.max(0.0)),
            Some(_) if self.absence == Absence::Zero && at < complete.saturating_sub(self.late) => Some(0.0),
            _ => None,
        }
    }
}
