//! The clock of the Deploy screen: which column is which time, for lanes, phases and charts alike. Now is its right edge.

use std::time::Duration;

use ratatui::layout::Rect;

use super::clock::clock;
use crate::app::State;
use crate::config::{Mark, Role};
use crate::deploy::{SETTLE, Watch};
use crate::model::{Moment, clean};
use crate::ui::canvas::Canvas;
use crate::ui::text::width;

/// Steps of the axis, in seconds: the first with which everything fits.
const STEPS: [u64; 9] = [2, 5, 10, 15, 30, 60, 120, 300, 900];
/// At least so much before the update is shown.
const BEFORE: Duration = Duration::from_secs(60);
/// The id of an instance, whole.
const ID: u16 = 19;
/// From this width on ids are whole.
const WIDE: u16 = 100;
/// Cells of the word for the health of a target, the longest one and a space.
pub(super) const HEALTH: u16 = 12;
/// Cells of a share of requests that fail.
pub(super) const ERRORS: u16 = 6;
/// What is now, to the right of the axis and its edge.
const NOW: u16 = 1 + HEALTH + ERRORS;
/// Cells of a time on the axis.
const TIME: u16 = 5;

/// The axis, with the columns beside it.
pub(super) struct Axis {
    /// Where the names begin, and how many cells they take.
    pub names: (u16, u16),
    /// Where the versions begin, and how many cells they take.
    pub versions: (u16, u16),
    /// Its first column.
    pub x: u16,
    /// Its columns.
    pub width: u16,
    /// Its end: now, or when the figures of the update were complete.
    pub end: Moment,
    from: Moment,
    step: u64,
}

impl Axis {
    pub(super) fn new(area: Rect, watch: &Watch, now: Moment) -> Self {
        let labels = watch.lanes().iter().map(|lane| width(&clean(&watch.versions().label(&lane.target))));
        let (least, most) = if area.width < WIDE { (4, 6) } else { (7, 14) };
        let version = (labels.max().unwrap_or(0) as u16).clamp(least, most);
        let name = if area.width < WIDE { 14 } else { ID };
        let names = (area.x + 1, name);
        let versions = (names.0 + name + 1, version);
        let x = versions.0 + version + 1;
        let width = (area.right().saturating_sub(x + NOW)).max(10);
        let end = watch.ended().map_or(now, |ended| now.min(ended.plus(SETTLE)));
        let begin = watch.started().minus(BEFORE);
        let span = end.since(begin).as_secs() + 1;
        let step = STEPS.into_iter().find(|step| span <= step * u64::from(width)).unwrap_or(3600);
        // The end of a step, so that a column keeps its content as time passes.
        let final_second = end.0.as_second().div_euclid(step as i64) * step as i64 + step as i64;
        let from = jiff::Timestamp::from_second(final_second - step as i64 * i64::from(width)).map_or(begin, Moment);
        Self { names, versions, x, width, end, from, step }
    }

    /// Returns where what is now is written, to the right of the edge.
    pub(super) fn beside(&self) -> u16 {
        self.x + self.width + 1
    }

    /// Returns the first and the last instant of a part of a column, of so many in the axis.
    pub(super) fn span(&self, part: usize, parts_of_a_column: u64) -> (Moment, Moment) {
        let millis = self.step * 1000 / parts_of_a_column;
        let begin = self.from.plus(Duration::from_millis(millis * part as u64));
        (begin, begin.plus(Duration::from_millis(millis - 1)))
    }

    /// Returns the column of a moment, if it is shown.
    pub(super) fn column(&self, at: Moment) -> Option<u16> {
        let column = at.since(self.from).as_secs() / self.step;
        (at >= self.from && column < u64::from(self.width)).then_some(column as u16)
    }

    /// Draws round times, as far apart as their digits need, and where now is.
    pub(super) fn draw_times(&self, canvas: &mut Canvas<'_>, y: u16, state: &State) {
        canvas.text(self.names.0, y, self.names.1, "TARGET", Role::Heading);
        let version = if self.versions.1 < 7 { "VER" } else { "VERSION" };
        canvas.text(self.versions.0, y, self.versions.1, version, Role::Heading);
        canvas.text(self.beside(), y, HEALTH, "HEALTH", Role::Heading);
        canvas.text(self.beside() + HEALTH + ERRORS - 3, y, 3, "5XX", Role::Heading);
        let is_now = self.end >= state.shown_at();
        let label = if is_now { "now".to_owned() } else { clock(state, self.end, false) };
        let right = self.width - width(&label) as u16;
        canvas.text(self.x + right, y, TIME, &label, if is_now { Role::Text } else { Role::Dim });
        let rounds = [60, 120, 300, 600, 900, 1800, 3600, 7200];
        let round = rounds.into_iter().find(|round| round / self.step >= 9).unwrap_or(14_400);
        let first = (self.from.0.as_second().div_euclid(round as i64) + 1) * round as i64;
        let mut at = jiff::Timestamp::from_second(first).map_or(self.from, Moment);
        while let Some(column) = self.column(at) {
            if column + TIME < right {
                canvas.text(self.x + column, y, TIME, &clock(state, at, false), Role::Dim);
            }
            at = at.plus(Duration::from_secs(round));
        }
    }

    /// Draws the edge that is now, over so many rows.
    pub(super) fn draw_edge(&self, canvas: &mut Canvas<'_>, y: u16, height: u16) {
        let edge = canvas.mark(Mark::Vertical);
        for y in y..y + height {
            canvas.text(self.x + self.width, y, 1, edge, Role::Border);
        }
    }
}
