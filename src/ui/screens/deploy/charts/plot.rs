//! A line of two values a column in front of the band of what was usual, and of the borders of the phases.

use ratatui::layout::Rect;

use crate::config::{Mark, Role};
use crate::ui::canvas::Canvas;

/// A line, with what is behind it.
pub(super) struct Plotted<'a> {
    /// Two values for each column; those that are absent are not finite.
    pub values: &'a [f64],
    /// The value of the upper edge; the lower one is zero.
    pub top: f64,
    /// The least and the greatest value that was usual.
    pub band: Option<(f64, f64)>,
    /// The columns in which a phase begins.
    pub marks: &'a [u16],
    /// What colours it where it is not as usual.
    pub role: Role,
}

/// The dots of the left and the right half of a cell, from the lowest.
const DOTS: [[u32; 4]; 2] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]];

impl Plotted<'_> {
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        self.behind(canvas, area);
        let dots = area.height * 4;
        for column in 0..area.width {
            let at = usize::from(column) * 2;
            if canvas.glyphs().is_ascii() {
                self.draw_level(canvas, area, column);
                continue;
            }
            for row in 0..area.height {
                let bits = (0..2).map(|half| self.bits(at + half, half, row, dots)).fold(0, |all, bits| all | bits);
                if let Some(glyph) = char::from_u32(0x2800 + bits).filter(|_| bits != 0) {
                    canvas.glyph(area.x + column, area.bottom() - 1 - row, glyph, self.role_at(at));
                }
            }
        }
    }

    /// Draws the band and the borders of the phases.
    fn behind(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let rows = self.band.filter(|_| area.height > 1).map(|(low, high)| {
            let row = |value: f64| (self.height(value, area.height * 4).saturating_sub(1) / 4).min(area.height - 1);
            (row(low), row(high))
        });
        if let Some((low, high)) = rows {
            let band = canvas.mark(Mark::Band);
            for row in low..=high {
                for column in 0..area.width {
                    canvas.text(area.x + column, area.bottom() - 1 - row, 1, band, Role::Border);
                }
            }
        }
        let phase = canvas.mark(Mark::Phase);
        for mark in self.marks {
            (area.y..area.bottom()).for_each(|y| {
                canvas.text(area.x + mark, y, 1, phase, Role::Border);
            });
        }
    }

    /// The dots of half a cell: the value, and what joins it to the one before.
    fn bits(&self, at: usize, half: usize, row: u16, dots: u16) -> u32 {
        let Some(height) = self.value(at).map(|value| self.height(value, dots)) else { return 0 };
        let before = at.checked_sub(1).and_then(|at| self.value(at)).map_or(height, |value| self.height(value, dots));
        let (low, high) = match before.cmp(&height) {
            std::cmp::Ordering::Less => (before + 1, height),
            std::cmp::Ordering::Greater => (height, before - 1),
            std::cmp::Ordering::Equal => (height, height),
        };
        let is_in = |dot: u16| (low..=high).contains(&(row * 4 + dot + 1));
        (0..4_u16).filter(|dot| is_in(*dot)).map(|dot| DOTS[half][usize::from(dot)]).fold(0, |all, bit| all | bit)
    }

    fn draw_level(&self, canvas: &mut Canvas<'_>, area: Rect, column: u16) {
        let at = usize::from(column) * 2;
        let Some(value) = self.value(at + 1).or_else(|| self.value(at)) else { return };
        let row = (self.height(value, area.height * 4) - 1) / 4;
        let glyph = canvas.glyphs().level(value / self.top).chars().next().unwrap_or(' ');
        canvas.glyph(area.x + column, area.bottom() - 1 - row, glyph, self.role_at(at));
    }

    /// What is as usual is quiet.
    fn role_at(&self, at: usize) -> Role {
        let is_in_band = |value: f64| self.band.is_some_and(|(low, high)| value >= low && value <= high);
        let is_usual = |value: f64| is_in_band(value) || self.role == Role::Bad && value <= 0.0;
        let values = [at, at + 1].into_iter().filter_map(|at| self.value(at));
        if values.into_iter().all(is_usual) { Role::Dim } else { self.role }
    }

    fn value(&self, at: usize) -> Option<f64> {
        self.values.get(at).copied().filter(|value| value.is_finite())
    }

    /// How many dots high a value is; nothing is one dot, so that it is not absent.
    fn height(&self, value: f64, dots: u16) -> u16 {
        let share = (value / self.top).clamp(0.0, 1.0);
        1 + (share * f64::from(dots - 1)).round() as u16
    }
}
