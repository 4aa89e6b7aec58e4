//! Sparklines: the last values in a row or two, growing from the right.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::chart::{Absence, FILLED};
use crate::config::{Glyphs, Role};
use crate::ui::Look;
use crate::ui::canvas::Canvas;

/// The last values of something. What does not fit is left out on the left.
#[derive(Clone, Copy)]
pub struct Sparkline<'a> {
    /// Oldest first; absent ones are not finite.
    pub values: &'a [f64],
    /// What an absent value means.
    pub absence: Absence,
    /// What colours it.
    pub role: Role,
    /// What fills the height; the highest that is shown, if not given.
    pub top: Option<f64>,
    /// How many values at the end may still change: they are dim, and absent ones are holes.
    pub provisional: usize,
}

impl Sparkline<'_> {
    /// Draws it into an area of a buffer: one row of levels, or Braille if `braille`.
    pub fn render(&self, area: Rect, braille: bool, look: &Look, buffer: &mut Buffer) {
        let canvas = &mut Canvas::new(buffer, look);
        if braille { self.draw_braille(canvas, area) } else { self.draw(canvas, area) }
    }

    /// A value for each cell, in the first row of the area.
    pub(in crate::ui) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height > 0 {
            self.levels(canvas, Rect { height: 1, ..area });
        }
    }

    /// Two values for each cell and four levels for each row. In ASCII, as many levels as there are in the rows.
    pub(in crate::ui) fn draw_braille(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if canvas.glyphs().is_ascii() {
            return self.levels(canvas, area);
        }
        let room = usize::from(area.width) * 2;
        let top = self.highest(room);
        for x in 0..area.width {
            // Counted from the right, so that what is drawn moves and does not flicker.
            let back = usize::from(area.width - 1 - x) * 2;
            let columns = [self.height(back + 1, top, area.height * 4), self.height(back, top, area.height * 4)];
            let role = if back < self.provisional { Role::Dim } else { self.role };
            for row in 0..area.height {
                let part = |column: usize| {
                    let dots = columns[column].map_or(0, |dots| dots.saturating_sub(row * 4).min(4));
                    FILLED[column][usize::from(dots)]
                };
                let dots = u32::from(part(0) | part(1));
                if let Some(glyph) = char::from_u32(0x2800 + dots).filter(|_| dots != 0) {
                    canvas.glyph(area.x + x, area.bottom() - 1 - row, glyph, role);
                }
            }
        }
    }

    fn levels(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let glyphs = canvas.glyphs();
        let top = self.highest(usize::from(area.width));
        for x in 0..area.width {
            let back = usize::from(area.width - 1 - x);
            let Some(value) = self.value(back) else { continue };
            let role = if back < self.provisional { Role::Dim } else { self.role };
            for row in 0..area.height {
                let share = share(value, top) * f64::from(area.height) - f64::from(row);
                if row == 0 || share > 0.0 {
                    canvas.glyph(area.x + x, area.bottom() - 1 - row, level(glyphs, share), role);
                }
            }
        }
    }

    /// The value so many before the last.
    fn value(&self, back: usize) -> Option<f64> {
        let at = self.values.len().checked_sub(back + 1)?;
        match self.values[at] {
            value if value.is_finite() => Some(value.max(0.0)),
            _ if self.absence == Absence::Zero && back >= self.provisional => Some(0.0),
            _ => None,
        }
    }

    /// What fills the height when the last so many are shown.
    fn highest(&self, room: usize) -> f64 {
        let shown = || (0..room.min(self.values.len())).filter_map(|back| self.value(back));
        self.top.filter(|top| top.is_finite()).unwrap_or_else(|| shown().fold(0.0, f64::max))
    }

    /// How many dots high a value is: nothing is one dot, so that it is not absent, and a little is two.
    fn height(&self, back: usize, top: f64, dots: u16) -> Option<u16> {
        let share = share(self.value(back)?, top);
        let steps = f64::from(dots.saturating_sub(1));
        Some(1 + if share > 0.0 { (share * steps).round().max(1.0) as u16 } else { 0 })
    }
}

fn share(value: f64, top: f64) -> f64 {
    if top > 0.0 { (value / top).min(1.0) } else { 0.0 }
}

fn level(glyphs: Glyphs, share: f64) -> char {
    glyphs.level(share).chars().next().unwrap_or(' ')
}
