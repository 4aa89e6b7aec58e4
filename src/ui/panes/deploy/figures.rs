//! What the users feel, side by side: requests, errors, times and healthy targets, now and in the ten minutes before.

use std::time::Duration;

use ratatui::layout::Rect;

use crate::config::Role;
use crate::deploy::{Minute, Watch};
use crate::model::{Absence, FigureUnit, Moment, PROVISIONAL, figure};
use crate::ui::canvas::Canvas;
use crate::ui::widgets::sparkline::Sparkline;

/// A minute is whole when it began this long ago.
const WHOLE: Duration = PROVISIONAL.saturating_add(Duration::from_mins(1));

/// One of the figures.
struct Shown {
    title: &'static str,
    unit: FigureUnit,
    absence: Absence,
    role: Role,
    of: fn(&Minute) -> f64,
    before: Option<f64>,
}

pub fn draw(canvas: &mut Canvas<'_>, area: Rect, watch: &Watch, now: Moment) {
    let shown = shown(watch);
    let wide = area.width / shown.len() as u16;
    for (place, it) in shown.iter().enumerate() {
        let x = area.x + 1 + place as u16 * wide;
        let room = Rect { x, width: wide.saturating_sub(2), ..area };
        draw_one(canvas, room, watch, it, now);
    }
}

fn shown(watch: &Watch) -> [Shown; 4] {
    let before = &watch.verdict().before;
    let of = |minutes: u32, value: f64| (minutes > 0).then_some(value);
    let errors = |it: &crate::deploy::Figures| it.target_5xx_percent + it.elb_5xx_percent;
    [
        Shown {
            title: "requests",
            unit: FigureUnit::PerSecond,
            absence: Absence::Gap,
            role: Role::FirstSeries,
            of: |minute| minute.requests.map_or(f64::NAN, |count| count / 60.0),
            before: of(before.minutes, before.requests_per_second),
        },
        Shown {
            title: "5xx",
            unit: FigureUnit::Percent,
            absence: Absence::Gap,
            role: Role::Bad,
            of: |minute| {
                let asked = minute.requests.map_or(f64::NAN, |count| count + minute.elb_503);
                ((minute.target_5xx + minute.elb_5xx) / asked.max(1.0) * 100.0).min(100.0)
            },
            before: of(before.minutes, errors(before)),
        },
        Shown {
            title: "p99",
            unit: FigureUnit::Seconds,
            absence: Absence::Gap,
            role: Role::SecondSeries,
            of: |minute| minute.p99.unwrap_or(f64::NAN),
            before: before.p99_seconds,
        },
        Shown {
            title: "healthy",
            unit: FigureUnit::Count,
            absence: Absence::Gap,
            role: Role::Good,
            of: |minute| minute.healthy.unwrap_or(f64::NAN),
            before: before.healthy_minimum,
        },
    ]
}

fn draw_one(canvas: &mut Canvas<'_>, area: Rect, watch: &Watch, it: &Shown, now: Moment) {
    let value = |value: Option<f64>| figure(value.unwrap_or(f64::NAN), it.unit);
    let values: Vec<f64> = watch.minutes().iter().map(it.of).collect();
    // The newest minute was still running when it was read.
    let running = watch.minutes().iter().next_back().map_or(now, |minute| minute.at);
    let provisional = watch.minutes().iter().rev().take_while(|minute| running.since(minute.at) < WHOLE).count();
    // A minute that is still being counted would look like a fall.
    let whole = &values[..values.len() - provisional];
    let newest = whole.iter().rev().copied().find(|value| value.is_finite());
    let (title, last, before) = (format!("{} ", it.title), value(newest), format!("  was {}", value(it.before)));
    canvas.pieces(area.x, area.y, area.width, &[(&title, Role::Heading), (&last, Role::Text), (&before, Role::Dim)]);
    if area.height > 2 {
        let plot = Rect { y: area.y + 1, height: area.height - 2, ..area };
        let line = Sparkline { values: &values, absence: it.absence, role: it.role, top: None, provisional };
        line.draw_braille(canvas, plot);
    }
}
