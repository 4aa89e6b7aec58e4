//! The charts of the preview: an hour of requests and of server errors.

use ratatui::layout::Rect;

use crate::app::State;
use crate::app::screens::fleet::Preview;
use crate::config::Role;
use crate::model::{Chart, Environment, FigureUnit, PROVISIONAL, Range, Source, Window, figure, with_front};
use crate::polling::measures::chart_lines;
use crate::ui::canvas::Canvas;
use crate::ui::text::width;
use crate::ui::widgets::chart::Absence;
use crate::ui::widgets::sparkline::Sparkline;

/// A chart of the preview.
pub struct HourChart {
    title: &'static str,
    charts: &'static [Chart],
    /// The lines of the charts that count, by the first digit of their names; empty for all.
    of: &'static str,
    unit: FigureUnit,
    per_second: bool,
    role: Role,
}

/// The requests of the last hour.
pub const REQUESTS: HourChart = HourChart {
    title: "requests",
    charts: &[Chart::Requests],
    of: "",
    unit: FigureUnit::PerSecond,
    per_second: true,
    role: Role::FirstSeries,
};

/// The server errors of the last hour, those of targets and load balancer together.
pub const ERRORS: HourChart = HourChart {
    title: "5xx a minute",
    charts: &[Chart::TargetErrors, Chart::ElbErrors],
    of: "5",
    unit: FigureUnit::Count,
    per_second: false,
    role: Role::Bad,
};

/// Draws a chart into an area of two rows or more: its title and the newest whole minute, and below them its course.
pub fn draw(canvas: &mut Canvas<'_>, area: Rect, state: &State, environment: &Environment, chart: &HourChart) {
    if area.height < 2 {
        return;
    }
    let now = state.shown_at();
    let reads = &state.snapshot().reads;
    let source = |it: &Chart| Source::Metrics(environment.key.clone(), Preview::measure(*it));
    let is_read = chart.charts.iter().all(|it| reads.read_at(&source(it)).is_some());
    let title = format!("{}  1h", chart.title);
    canvas.text(area.x, area.y, area.width, &title, Role::Dim);
    if !is_read {
        let fault = chart.charts.iter().find_map(|it| reads.fault(&source(it)));
        let (words, role) = fault
            .map_or(("reading …".to_owned(), Role::Dim), |fault| (format!("? {}", fault.kind.word()), Role::Warning));
        canvas.text(area.x, area.y + 1, area.width, &words, role);
        return;
    }
    let window = Window::ending(now, Range::Hour.length(), 60);
    let mut values = values(state, environment, chart, window);
    if chart.per_second {
        values.iter_mut().for_each(|value| *value /= 60.0);
    }
    let provisional = (PROVISIONAL.as_secs() / 60) as usize + 1;
    let settled = values.len().saturating_sub(provisional);
    // CloudWatch has no value for a minute in which there was nothing to count.
    let last = values[..settled].last().map_or(f64::NAN, |last| if last.is_finite() { *last } else { 0.0 });
    let last = figure(last, chart.unit);
    canvas.text(area.right() - width(&last) as u16, area.y, width(&last) as u16, &last, Role::Text);
    let plot = Rect { y: area.y + 1, height: area.height - 1, ..area };
    // That nothing happened is no news.
    let role = if values.iter().any(|value| *value > 0.0) { chart.role } else { Role::Dim };
    Sparkline { values: &values, absence: Absence::Zero, role, top: None, provisional }.draw_braille(canvas, plot);
}

/// The sums of the chart's series, minute by minute.
fn values(state: &State, environment: &Environment, chart: &HourChart, window: Window) -> Vec<f64> {
    let mut values = Vec::new();
    with_front(state.snapshot(), &environment.key, |front| {
        let lines = chart.charts.iter().flat_map(|it| chart_lines(&front, *it, false));
        let keys: Vec<_> =
            lines.filter(|(line, _)| line.name.starts_with(chart.of)).flat_map(|(_, keys)| keys).collect();
        state.snapshot().inventory.metrics.copy_sum(&keys, window, &mut values);
    });
    values.resize(window.periods(), f64::NAN);
    values
}
