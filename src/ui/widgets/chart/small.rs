//! A chart where there is no room for one: its title, a sparkline and the latest figure in one row.

use ratatui::layout::Rect;

use super::content::Chart;
use crate::config::Role;
use crate::model::figure;
use crate::ui::canvas::Canvas;
use crate::ui::text::width;
use crate::ui::widgets::sparkline::Sparkline;

/// A title is worth this much room at least; below, the sparkline has all of it.
const TITLED: u16 = 24;

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, chart: &Chart<'_>) {
    if area.is_empty() {
        return;
    }
    let row = Rect { height: 1, ..area };
    let Some(line) = chart.lines.last() else {
        canvas.text(row.x, row.y, row.width, chart.title, Role::Title);
        return;
    };
    let latest = figure(chart.latest(line), chart.unit);
    // A figure is never cut: it would be another.
    let wide = Some(width(&latest) as u16).filter(|wide| *wide <= row.width).unwrap_or(0);
    let right = row.right() - wide;
    canvas.text(right, row.y, wide, &latest, Role::Text);
    let mut left = row.x;
    if row.width >= TITLED {
        left = canvas.text(row.x, row.y, row.width / 3, chart.title, Role::Title) + 1;
    }
    let room = right.saturating_sub(left + u16::from(wide > 0));
    let spark = Rect { x: left, width: room, ..row };
    let values = &line.values[..line.values.len().min(chart.count())];
    let provisional = values.len().saturating_sub(chart.complete().saturating_sub(line.late));
    Sparkline { values, absence: line.absence, role: line.role, top: None, provisional }.draw(canvas, spark);
}
