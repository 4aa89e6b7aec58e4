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
mod content;
mod legend;
mod plot;
mod scale;
mod small;
mod trace;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::super::canvas::Canvas;
use super::super::look::Look;
use super::super::text::{width, wrap};
use crate::config::Role;
pub use crate::model::Absence;
use crate::model::FIGURE_WIDTH;
pub use content::{Chart, DrawnLine, TimeMark};
pub(in crate::ui) use plot::FILLED;
use plot::Plot;
use scale::Scale;

/// Less than this is a sparkline.
const LEAST: (u16, u16) = (20, 4);
/// From this height on the axis is a line of its own.
const WITH_AXIS: u16 = 6;
/// The figures of the axis, and a space.
const GUTTER: u16 = FIGURE_WIDTH as u16 + 1;

/// Draws a chart into an area of a buffer.
pub fn render(chart: &Chart<'_>, area: Rect, look: &Look, buffer: &mut Buffer) {
    draw(&mut Canvas::new(buffer, look), area, chart);
}

/// Draws a chart: with its axes where there is room for them, else as a sparkline.
pub(in crate::ui) fn draw(canvas: &mut Canvas<'_>, area: Rect, chart: &Chart<'_>) {
    if area.width < LEAST.0 || area.height < LEAST.1 {
        return small::draw(canvas, area, chart);
    }
    legend::draw(canvas, Rect { height: 1, ..area }, chart);
    let below = if area.height < WITH_AXIS { 1 } else { 2 };
    let room = Rect { x: area.x + GUTTER, y: area.y + 1, width: area.width - GUTTER, height: area.height - 1 - below };
    let highest = chart.highest();
    if let Some(highest) = highest {
        let scale = Scale::new(highest, room.height, chart.unit);
        let mut plot = Plot::new(room, canvas.glyphs().is_ascii());
        plot.lines(chart, scale.top);
        draw_figures(canvas, area.x, chart, &plot, &scale);
        plot.paint(canvas, chart, &scale);
    } else {
        draw_sentence(canvas, room, chart.empty);
    }
    axis::draw(canvas, Rect { y: room.bottom(), height: below, ..room }, chart);
}

/// Draws the figures of the vertical axis.
fn draw_figures(canvas: &mut Canvas<'_>, x: u16, chart: &Chart<'_>, plot: &Plot, scale: &Scale) {
    for value in scale.ticks() {
        let label = scale.label(value, chart.unit);
        let wide = width(&label) as u16;
        let y = plot.row_of(value, scale.top);
        canvas.text(x + (GUTTER - 1).saturating_sub(wide), y, wide, &label, Role::Dim);
    }
}

/// Draws why there is no line, in the middle.
fn draw_sentence(canvas: &mut Canvas<'_>, room: Rect, sentence: &str) {
    let lines = wrap(sentence, usize::from(room.width));
    let top = room.y + room.height.saturating_sub(lines.len() as u16) / 2;
    for (line, y) in lines.iter().zip(top..room.bottom()) {
        let left = room.width.saturating_sub(width(line) as u16) / 2;
        canvas.text(room.x + left, y, room.width - left, line, Role::Dim);
    }
}
