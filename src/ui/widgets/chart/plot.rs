//! The lines themselves: traced column by column into a matrix of dots, then painted in front of grid and crosshair.
//!
//! A cell has 2 by 4 dots of Braille, or is one dot in ASCII. Of a column is kept from where to where a line goes in it,
//! so that a spike among many values is as high as it was.

use ratatui::layout::Rect;

use super::content::{Chart, DrawnLine};
use super::scale::Scale;
use super::trace::{NOTHING, Span, connect, is_flat, place, reach};
use crate::config::{Mark, Role};
use crate::ui::canvas::Canvas;

/// The bits of a Braille character's left and right column, filled from the bottom to so many dots.
pub(in crate::ui) const FILLED: [[u8; 5]; 2] = [[0, 0x40, 0x44, 0x46, 0x47], [0, 0x80, 0xa0, 0xb0, 0xb8]];
/// What is below a line that is alone: dots, so thin that it is a shade.
const SHADE: u8 = 0x82;
/// Lines without colour are distinguished by these; a line at zero is the last.
const LETTERS: [char; 8] = ['*', '+', 'o', 'x', '#', '%', '@', '='];
const ZERO: char = '_';
/// A cell that a line crosses only at zero: any other line may have it.
const AT_ZERO: u8 = 0x80;

/// The matrix.
pub struct Plot {
    area: Rect,
    /// Dots of a cell, across and down.
    cell: (u16, u16),
    /// The dots of each cell.
    dots: Vec<u8>,
    /// The line that colours each cell, counted from one.
    owners: Vec<u8>,
}

impl Plot {
    pub fn new(area: Rect, ascii: bool) -> Self {
        let cells = usize::from(area.width) * usize::from(area.height);
        Self { area, cell: if ascii { (1, 1) } else { (2, 4) }, dots: vec![0; cells], owners: vec![0; cells] }
    }

    fn is_ascii(&self) -> bool {
        self.cell.0 == 1
    }

    /// Rows of dots.
    fn height(&self) -> u16 {
        self.area.height * self.cell.1
    }

    /// How high a value lies: zero, or a row of dots counted from one.
    fn level(&self, value: f64, top: f64) -> u16 {
        if value <= 0.0 {
            return 0;
        }
        1 + ((value / top).min(1.0) * f64::from(self.height() - 1)).round() as u16
    }

    /// Returns the row of dots, from the bottom, in which a level is drawn: a little differs from nothing.
    fn dot_row(&self, level: u16) -> u16 {
        level.saturating_sub(1).max(u16::from(level > 0 && !self.is_ascii()))
    }

    /// The row of the screen in which a value lies.
    pub fn row_of(&self, value: f64, top: f64) -> u16 {
        self.area.bottom() - 1 - self.dot_row(self.level(value, top)) / self.cell.1
    }

    /// Draws all lines, the last on top.
    pub fn lines(&mut self, chart: &Chart<'_>, top: f64) {
        let mut spans = vec![NOTHING; usize::from(self.area.width * self.cell.0)];
        for (at, line) in chart.lines.iter().enumerate() {
            spans.fill(NOTHING);
            self.trace(chart, line, top, &mut spans);
            // More lines than that could not be distinguished anyway.
            self.stroke(at.min(100) as u8, &spans);
        }
    }

    /// Where a line goes in each column.
    fn trace(&self, chart: &Chart<'_>, line: &DrawnLine<'_>, top: f64, spans: &mut [Span]) {
        let (count, complete) = (chart.count(), chart.complete());
        let mut before = None;
        for at in 0..line.values.len().min(count) {
            let Some(value) = line.value(at, complete) else {
                before = None;
                continue;
            };
            let here = (place(at, count, spans.len()), self.level(value, top));
            reach(spans, here.0, here.1);
            if let Some(before) = before {
                connect(spans, before, here);
            }
            before = Some(here);
        }
    }

    /// Sets the dots of a line: thin, dashed or thick, so that lines differ without colour.
    fn stroke(&mut self, line: u8, spans: &[Span]) {
        let texture = if self.is_ascii() { 0 } else { line % 3 };
        for (column, &(low, high)) in spans.iter().enumerate().filter(|(_, (low, high))| low <= high) {
            let drawn = texture != 1 || column % 8 < 6 || !is_flat(spans, column);
            if high == 0 {
                self.zero(line, column as u16, drawn);
                continue;
            }
            let (mut low, mut high) = (self.dot_row(low), self.dot_row(high));
            if texture == 2 {
                (low, high) = if high + 1 < self.height() { (low, high + 1) } else { (low.saturating_sub(1), high) };
            }
            self.rise(line, column as u16, (low, high), drawn);
        }
    }

    /// Draws a line at zero only in cells that no other line uses.
    fn zero(&mut self, line: u8, column: u16, drawn: bool) {
        let at = self.at(column / self.cell.0, 0);
        if self.owners[at] == 0 {
            self.owners[at] = (line + 1) | AT_ZERO;
        }
        if drawn && self.owners[at] & !AT_ZERO == line + 1 {
            self.dots[at] |= self.mask(column, 0, 0);
        }
    }

    /// A line above zero goes over those before it; where it pauses, it keeps away those at zero.
    fn rise(&mut self, line: u8, column: u16, (low, high): Span, drawn: bool) {
        let per = self.cell.1;
        for row in low / per..=high / per {
            let at = self.at(column / self.cell.0, row);
            let owner = self.owners[at];
            if owner & AT_ZERO != 0 && owner & !AT_ZERO != line + 1 {
                self.dots[at] = 0;
            }
            if drawn || owner == 0 || owner & AT_ZERO != 0 {
                self.owners[at] = line + 1;
            }
            if drawn {
                let (bottom, top) = (low.max(row * per), high.min(row * per + per - 1));
                self.dots[at] |= self.mask(column, bottom - row * per, top - row * per);
            }
        }
    }

    /// The index of a cell, its row counted from the bottom.
    fn at(&self, column: u16, row: u16) -> usize {
        usize::from(self.area.height - 1 - row) * usize::from(self.area.width) + usize::from(column)
    }

    /// The bits from a dot to another above it, counted from the bottom of a cell.
    fn mask(&self, column: u16, bottom: u16, top: u16) -> u8 {
        let filled = &FILLED[usize::from(column % self.cell.0)];
        filled[usize::from(top) + 1] & !filled[usize::from(bottom)]
    }

    /// Paints what was traced, and behind it the crosshair, the marks, the shade and the grid.
    pub fn paint(&self, canvas: &mut Canvas<'_>, chart: &Chart<'_>, scale: &Scale) {
        let grid = self.grid(scale);
        let partial = self.partial(chart);
        let shaded = chart.lines.len() == 1 && !self.is_ascii();
        for x in 0..self.area.width {
            let below = if shaded { self.lowest(x).unwrap_or(0) } else { 0 };
            for row in 0..self.area.height {
                let at = self.at(x, row);
                let (column, y) = (self.area.x + x, self.area.bottom() - 1 - row);
                let line = usize::from(self.owners[at] & !AT_ZERO).saturating_sub(1);
                let role = if x < partial { chart.lines[line].role } else { Role::Dim };
                if self.dots[at] != 0 {
                    canvas.glyph(column, y, self.glyph(at), role);
                } else if row < below {
                    canvas.faint_glyph(column, y, braille(SHADE), role);
                } else {
                    self.behind(canvas, x, row, &grid);
                }
            }
        }
        self.verticals(canvas, chart);
    }

    /// The lowest row in which a line crosses a column.
    fn lowest(&self, x: u16) -> Option<u16> {
        (0..self.area.height).find(|row| self.owners[self.at(x, *row)] != 0)
    }

    /// From which column of cells on values are provisional.
    fn partial(&self, chart: &Chart<'_>) -> u16 {
        let complete = chart.complete();
        if complete >= chart.count() {
            return self.area.width;
        }
        let columns = usize::from(self.area.width * self.cell.0);
        (place(complete, chart.count(), columns) as u16).div_ceil(self.cell.0)
    }

    /// The rows of the grid, from the bottom, and the dot in them.
    fn grid(&self, scale: &Scale) -> Vec<(u16, char)> {
        let dot = |value| {
            let row = self.dot_row(self.level(value, scale.top));
            let glyph = if self.is_ascii() { '.' } else { braille(self.mask(0, row % 4, row % 4)) };
            (row / self.cell.1, glyph)
        };
        scale.ticks().skip(1).map(dot).collect()
    }

    fn behind(&self, canvas: &mut Canvas<'_>, x: u16, row: u16, grid: &[(u16, char)]) {
        // ASCII has no small dots: fewer of them are as calm.
        if self.is_ascii() && !x.is_multiple_of(4) {
            return;
        }
        if let Some((_, dot)) = grid.iter().find(|(at, _)| *at == row) {
            canvas.glyph(self.area.x + x, self.area.bottom() - 1 - row, *dot, Role::Border);
        }
    }

    /// Marks and the crosshair, wherever no line is.
    fn verticals(&self, canvas: &mut Canvas<'_>, chart: &Chart<'_>) {
        let marks = chart.marks.iter().map(|mark| (mark.at, Mark::Phase, mark.role));
        let cursor = chart.cursor.map(|at| (at, Mark::Vertical, Role::Accent));
        for (at, mark, role) in marks.chain(cursor) {
            let Some(x) = chart.column(at, self.area.width) else { continue };
            for row in (0..self.area.height).filter(|row| self.dots[self.at(x, *row)] == 0) {
                let glyph = canvas.mark(mark).chars().next().unwrap_or(' ');
                canvas.glyph(self.area.x + x, self.area.bottom() - 1 - row, glyph, role);
            }
        }
    }

    fn glyph(&self, at: usize) -> char {
        if !self.is_ascii() {
            return braille(self.dots[at]);
        }
        let owner = self.owners[at];
        if owner & AT_ZERO != 0 { ZERO } else { letter(usize::from(owner) - 1) }
    }
}

fn braille(dots: u8) -> char {
    char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' ')
}

/// What draws a line in ASCII.
pub fn letter(line: usize) -> char {
    LETTERS[line % LETTERS.len()]
}
