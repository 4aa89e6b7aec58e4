//! The state of the Metrics tab: which charts are on screen, their time range, and where the crosshair is.
//!
//! Only charts on screen are read, because each costs money; so their places are decided here and not when they are drawn.
//! A chart of zeros alone is one line, which is read like a chart: the next value unfolds it.

use std::time::Duration;

use crate::app::hit_map::Area;
use crate::model::{Chart, Measure, Moment, PROVISIONAL, Range, Window};

/// The width from which charts are side by side.
const TWO: u16 = 110;
const THREE: u16 = 210;
/// A chart is at least this high.
const LOW: u16 = 8;

/// What is across the screen: charts beside each other, or one that is folded into a line.
struct Band {
    /// Places in [`Chart::ALL`].
    charts: Vec<usize>,
    is_folded: bool,
}

impl Band {
    fn folded(chart: usize) -> Self {
        Self { charts: vec![chart], is_folded: true }
    }

    /// The least number of rows that it takes.
    fn least(&self) -> u16 {
        if self.is_folded { 1 } else { LOW }
    }
}

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
    /// The charts with nothing above zero, which are folded into a line each.
    pub quiet: Vec<Chart>,
    /// The place in [`Chart::ALL`] of the first chart on screen.
    pub first: usize,
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

    /// What is across the screen, from the first to the last. What is folded does not break a row of charts: it follows.
    fn bands(&self) -> Vec<Band> {
        let mut bands = Vec::new();
        let (mut row, mut waiting) = (Vec::new(), Vec::new());
        for (at, chart) in Chart::ALL.iter().enumerate() {
            match (self.quiet.contains(chart), row.is_empty()) {
                (true, true) => bands.push(Band::folded(at)),
                (true, false) => waiting.push(Band::folded(at)),
                (false, _) => row.push(at),
            }
            let is_last = at + 1 == Chart::ALL.len();
            if !row.is_empty() && (row.len() == self.columns() || is_last) {
                bands.push(Band { charts: std::mem::take(&mut row), is_folded: false });
                bands.append(&mut waiting);
            }
        }
        bands
    }

    /// Returns the charts on screen and their places; one row is enough for those that are folded.
    #[must_use]
    pub fn places(&self) -> Vec<(Chart, Area)> {
        if self.area.width < 2 || self.area.height == 0 {
            return Vec::new();
        }
        if self.whole {
            return vec![(self.chart(), self.area)];
        }
        let bands = self.bands();
        let from = band_of(&bands, self.first);
        let shown = &bands[from..from + fitting(&bands[from..], self.area.height)];
        let taken: u16 = shown.iter().map(Band::least).sum();
        let open = shown.iter().filter(|band| !band.is_folded).count() as u16;
        // What the folded ones leave goes to the charts.
        let more = self.area.height.saturating_sub(taken).checked_div(open).unwrap_or(0);
        let mut y = self.area.y;
        let mut places = Vec::new();
        for band in shown {
            let height = if band.is_folded { 1 } else { (LOW + more).min(self.area.height) };
            let columns = if band.is_folded { 1 } else { self.columns() as u16 };
            let width = self.area.width / columns;
            places.extend(band.charts.iter().zip(0..).map(|(at, column)| {
                let area = Area { x: self.area.x + column * width, y, width: width - 1, height };
                (Chart::ALL[*at], area)
            }));
            y += height;
        }
        places
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

    /// Selects the chart so many further, as they are on screen.
    pub fn move_by(&mut self, charts: isize) {
        let order: Vec<usize> = self.bands().into_iter().flat_map(|band| band.charts).collect();
        let at = order.iter().position(|chart| *chart == self.selected).unwrap_or(0);
        self.selected = order[at.saturating_add_signed(charts).min(order.len() - 1)];
        self.keep_in_sight();
    }

    /// Folds these charts, and unfolds the others.
    pub fn fold(&mut self, quiet: Vec<Chart>) {
        self.quiet = quiet;
        self.keep_in_sight();
    }

    /// Scrolls so that the selected chart is on screen, and no room is left after the last.
    pub fn keep_in_sight(&mut self) {
        let bands = self.bands();
        let selected = band_of(&bands, self.selected);
        let mut from = band_of(&bands, self.first).min(selected);
        while from < selected && from + fitting(&bands[from..], self.area.height) <= selected {
            from += 1;
        }
        while from > 0 && from - 1 + fitting(&bands[from - 1..], self.area.height) == bands.len() {
            from -= 1;
        }
        self.first = bands[from].charts[0];
    }

    /// Returns how many charts are on screen.
    #[must_use]
    pub fn page(&self) -> usize {
        self.places().len().max(1)
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

/// Which band a chart is in.
fn band_of(bands: &[Band], chart: usize) -> usize {
    bands.iter().position(|band| band.charts.contains(&chart)).unwrap_or(0)
}

/// How many of these bands, from the first on, fit into so many rows; the first always does.
fn fitting(bands: &[Band], rows: u16) -> usize {
    let mut left = rows;
    let fits = bands.iter().take_while(|band| {
        let fits = band.least() <= left;
        left = left.saturating_sub(band.least());
        fits
    });
    fits.count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(width: u16, height: u16) -> ChartsView {
        ChartsView { area: Area { x: 0, y: 0, width, height }, ..ChartsView::default() }
    }

    #[test]
    fn every_chart_can_be_reached_and_is_then_on_screen_whichever_are_folded() {
        let some = |step: usize| Chart::ALL.iter().copied().skip(1).step_by(step).collect::<Vec<_>>();
        for (width, height) in [(20, 3), (80, 18), (120, 34), (240, 70)] {
            for quiet in [vec![], some(2), some(3), Chart::ALL[3..].to_vec(), Chart::ALL.to_vec()] {
                let mut view = view(width, height);
                view.fold(quiet);
                let mut reached = Vec::new();
                for _ in Chart::ALL {
                    let places = view.places();
                    assert!(places.iter().any(|(chart, _)| *chart == view.chart()), "{width}x{height}: {places:?}");
                    assert!(places.iter().all(|(_, area)| area.y + area.height <= height), "{places:?}");
                    reached.push(view.chart());
                    view.move_by(1);
                }
                reached.sort();
                assert_eq!(reached, Chart::ALL);
                view.move_by(-100);
                assert_eq!((view.first, view.selected), (0, 0));
            }
        }
    }

    #[test]
    fn a_folded_chart_is_one_line_and_leaves_its_room_to_the_others_in_their_order() {
        let mut view = view(80, 20);
        view.fold(vec![Chart::TargetErrors, Chart::ElbErrors]);
        let heights: Vec<_> = view.places().into_iter().map(|(chart, area)| (chart, area.y, area.height)).collect();
        let folded = [(Chart::TargetErrors, 9, 1), (Chart::ElbErrors, 19, 1)];
        assert_eq!(heights, [(Chart::Requests, 0, 9), folded[0], (Chart::ResponseTime, 10, 9), folded[1]]);
        // Beside each other they follow the row that they would break.
        (view.area.width, view.area.height) = (120, 11);
        let places: Vec<_> = view.places().into_iter().map(|(chart, area)| (chart, area.x, area.y)).collect();
        let row = [(Chart::Requests, 0, 0), (Chart::ResponseTime, 60, 0)];
        assert_eq!(places, [row[0], row[1], (Chart::TargetErrors, 0, 9), (Chart::ElbErrors, 0, 10)]);
        // The one that has a value again is a chart, and the selected one stays in sight.
        view.selected = 3;
        view.fold(vec![Chart::TargetErrors]);
        assert!(view.places().iter().any(|(chart, area)| *chart == Chart::ElbErrors && area.height > 1));
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
