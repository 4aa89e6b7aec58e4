//! The state of the Metrics tab: which charts are on screen, their time range, and where the crosshair is.
//!
//! Only charts on screen are read, because each costs money; so their places are decided here and not when they are drawn.

use std::time::Duration;

use crate::app::hit_map::Area;
use crate::app::list::ListState;
use crate::model::{Chart, Measure, Moment, PROVISIONAL, Range, Window};

/// The width from which charts are side by side.
const TWO: u16 = 110;
const THREE: u16 = 210;
/// A chart is at least this high.
const LOW: u16 = 8;

/// The Metrics tab's state.
#[derive(Clone, Debug, Default)]
pub struct ChartsView {
    /// How far back the charts go.
    pub range: Range,
    /// Whether each zone has its own line.
    pub zones: bool,
    /// Whether the metrics are those of a Classic Load Balancer.
    pub classic: bool,
    /// The selected chart's place in [`Chart::ALL`].
    pub selected: usize,
    /// The rows of charts as a list.
    pub list: ListState,
    /// Whether the selected chart has all the room.
    pub whole: bool,
    /// The position of the crosshair.
    pub cursor: Option<Moment>,
    /// The room for charts; set by the last frame.
    pub area: Area,
}

impl ChartsView {
    /// The selected chart.
    #[must_use]
    pub fn chart(&self) -> Chart {
        Chart::ALL[self.selected.min(Chart::ALL.len() - 1)]
    }

    fn columns(&self) -> usize {
        match self.area.width {
            THREE.. => 3,
            TWO.. => 2,
            _ => 1,
        }
    }

    fn rows(&self) -> usize {
        usize::from(self.area.height / LOW).max(1)
    }

    /// Returns the charts on screen and their places.
    #[must_use]
    pub fn places(&self) -> Vec<(Chart, Area)> {
        if self.area.width < 2 || self.area.height == 0 {
            return Vec::new();
        }
        if self.whole {
            return vec![(self.chart(), self.area)];
        }
        let (columns, rows) = (self.columns(), self.rows());
        let (width, height) = (self.area.width / columns as u16, self.area.height / rows as u16);
        let shown = Chart::ALL.iter().skip(self.list.scroll() * columns).take(columns * rows);
        let place = |number: usize| {
            let (column, row) = ((number % columns) as u16, (number / columns) as u16);
            Area { x: self.area.x + column * width, y: self.area.y + row * height, width: width - 1, height }
        };
        shown.enumerate().map(|(number, chart)| (*chart, place(number))).collect()
    }

    /// Returns the measures that they need.
    #[must_use]
    pub fn measures(&self) -> Vec<Measure> {
        let of = |chart| Measure::Chart { chart, range: self.range, zones: self.zones };
        self.places().into_iter().map(|(chart, _)| of(chart)).collect()
    }

    /// The time that the charts show.
    #[must_use]
    pub fn window(&self, now: Moment) -> Window {
        Window::ending(now, self.range.length(), self.range.period())
    }

    /// Selects the chart so many further.
    pub fn move_by(&mut self, charts: isize) {
        self.selected = self.selected.saturating_add_signed(charts).min(Chart::ALL.len() - 1);
        self.keep_in_sight();
    }

    /// Scrolls so that the selected chart is on screen.
    pub fn keep_in_sight(&mut self) {
        self.list.fit(self.rows());
        self.list.resize(Chart::ALL.len().div_ceil(self.columns()));
        self.list.select(self.selected / self.columns());
    }

    /// Returns how many charts are on screen.
    #[must_use]
    pub fn page(&self) -> usize {
        if self.whole { 1 } else { self.columns() * self.rows() }
    }

    /// Moves the crosshair by so many columns of an ordinary chart; the first move puts it on the newest whole period.
    pub fn move_cursor(&mut self, steps: i32, now: Moment) {
        let window = self.window(now);
        let period = Duration::from_secs(u64::from(window.period));
        let step = period * (window.periods() as u32 / 60).max(1);
        let newest = Window::ending(now.minus(PROVISIONAL + period), Duration::ZERO, window.period).from;
        let moved = match self.cursor {
            None => newest,
            Some(at) if steps < 0 => at.minus(step * steps.unsigned_abs()),
            Some(at) => at.plus(step * steps.unsigned_abs()),
        };
        self.cursor = Some(moved.clamp(window.from, window.until.minus(period)));
    }

    /// Sets the area that is available.
    pub fn set_area(&mut self, area: Area) {
        self.area = area;
        self.keep_in_sight();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(width: u16, height: u16) -> ChartsView {
        ChartsView { area: Area { x: 0, y: 0, width, height }, ..ChartsView::default() }
    }

    #[test]
    fn every_chart_can_be_reached_and_is_then_on_screen() {
        for (width, height) in [(20, 3), (80, 18), (120, 34), (240, 70)] {
            let mut view = view(width, height);
            for at in 0..Chart::ALL.len() {
                assert!(view.places().iter().any(|(chart, _)| *chart == Chart::ALL[at]), "{width}x{height}: {at}");
                view.move_by(1);
            }
            view.move_by(-100);
            assert_eq!((view.list.scroll(), view.selected), (0, 0));
        }
    }

    #[test]
    fn the_crosshair_stays_within_what_is_shown() {
        let now = Moment::EPOCH.plus(Duration::from_hours(50));
        let mut view = view(120, 30);
        view.move_cursor(-1, now);
        let first = view.cursor.unwrap();
        view.move_cursor(-500, now);
        assert_eq!(view.cursor, Some(view.window(now).from));
        view.move_cursor(500, now);
        assert!(view.cursor > Some(first) && view.cursor <= Some(now));
    }
}
