//! The lines themselves: traced column by column into a matrix of dots, then painted in front of grid and crosshair.
//!
//! A cell has 2 by 4 dots of Braille, or is one dot in ASCII. Of a column is kept from where to where a line goes in it,
//! so that a spike among many values is as high as it was.

use ratatui::layout::Rect;

use super::scale::Scale;
use super::{Chart, Line};
use crate::config::{Mark, Role};
use crate::ui::canvas::Canvas;

/// The bits of a Braille character: the left dots from the top down, then the right ones.
const DOTS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
/// What is below a line that is alone: dots, so thin that it is a shade.
const SHADE: u8 = 0x82;
/// Lines without colour are told apart by these; a line at zero is the last.
const LETTERS: [char; 8] = ['*', '+', 'o', 'x', '#', '%', '@', '='];
const ZERO: char = '_';
/// A cell that a line crosses only at zero: any other line may have it.
const AT_ZERO: u8 = 0x80;

/// From where to where a line goes in a column; 0 is zero itself, 1 the lowest that is more. Empty if the wrong way round.
type Span = (u16, u16);
const NOTHING: Span = (u16::MAX, 0);

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

    /// The row of dots, from the bottom, in which a level is drawn: a little is told from nothing.
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
            // There are not more lines than that which anybody could tell apart.
            self.stroke(at.min(100) as u8, &spans);
        }
    }

    /// Where a line goes in each column.
    fn trace(&self, chart: &Chart<'_>, line: &Line<'_>, top: f64, spans: &mut [Span]) {
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

    /// Sets the dots of a line.
    fn stroke(&mut self, line: u8, spans: &[Span]) {
        for column in 0..spans.len() {
            let (low, high) = spans[column];
            if low > high {
                continue;
            }
            let paused = !self.is_ascii() && pauses(line, column) && is_flat(spans, column);
            let (low, high) = (self.dot_row(low), if high == 0 { None } else { Some(self.dot_row(high)) });
            match high {
                None => self.zero(line, column as u16, !paused),
                Some(high) if !paused => self.rise(line, column as u16, low, high),
                Some(_) => {}
            }
        }
    }

    /// A line at zero takes only what nobody has.
    fn zero(&mut self, line: u8, column: u16, drawn: bool) {
        let at = self.at(column / self.cell.0, 0);
        if self.owners[at] == 0 {
            self.owners[at] = (line + 1) | AT_ZERO;
        }
        if drawn && self.owners[at] & !AT_ZERO == line + 1 {
            self.dots[at] |= self.mask(column, 0, 0);
        }
    }

    /// A line above zero goes over those before it.
    fn rise(&mut self, line: u8, column: u16, low: u16, high: u16) {
        let per = self.cell.1;
        for row in low / per..=high / per {
            let at = self.at(column / self.cell.0, row);
            if self.owners[at] & AT_ZERO != 0 && self.owners[at] & !AT_ZERO != line + 1 {
                self.dots[at] = 0;
            }
            self.owners[at] = line + 1;
            let (bottom, top) = (low.max(row * per), high.min(row * per + per - 1));
            self.dots[at] |= self.mask(column, bottom - row * per, top - row * per);
        }
    }

    /// The index of a cell, its row counted from the bottom.
    fn at(&self, column: u16, row: u16) -> usize {
        usize::from(self.area.height - 1 - row) * usize::from(self.area.width) + usize::from(column)
    }

    /// The bits from a dot to another above it, counted from the bottom of a cell.
    fn mask(&self, column: u16, bottom: u16, top: u16) -> u8 {
        let rows = &DOTS[usize::from(column % self.cell.0)];
        (bottom..=top).fold(0, |mask, row| mask | rows[usize::from(3 - row)])
    }

    /// Paints what was traced, and behind it the crosshair, the marks, the shade and the grid.
    pub fn paint(&self, canvas: &mut Canvas<'_>, chart: &Chart<'_>, scale: &Scale) {
        let grid = self.grid(scale);
        let partial = self.partial(chart);
        for x in 0..self.area.width {
            let mut shade = None;
            for row in 0..self.area.height {
                let at = self.at(x, row);
                let (column, y) = (self.area.x + x, self.area.bottom() - 1 - row);
                let owner = usize::from(self.owners[at] & !AT_ZERO);
                let role = |line: usize| if x >= partial { Role::Dim } else { chart.lines[line - 1].role };
                if self.dots[at] != 0 {
                    canvas.glyph(column, y, self.glyph(at), role(owner));
                } else if shade.is_some() || (chart.lines.len() == 1 && !self.is_ascii()) {
                    shade = shade.or_else(|| Some(self.lowest(x)));
                    if shade.flatten().is_some_and(|lowest| row < lowest) {
                        canvas.faint_glyph(column, y, braille(SHADE), role(1));
                    } else {
                        self.behind(canvas, x, row, &grid);
                    }
                } else {
                    self.behind(canvas, x, row, &grid);
                }
            }
        }
        self.verticals(canvas, chart);
    }

    /// The lowest row in which a line that is not at zero crosses a column.
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
            let glyph = if self.is_ascii() { '.' } else { braille(DOTS[0][usize::from(3 - row % 4)]) };
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

/// The column of a value, of so many.
fn place(at: usize, count: usize, columns: usize) -> usize {
    // A value that is alone is the newest.
    let Some(last) = count.checked_sub(1).filter(|last| *last > 0) else { return columns - 1 };
    (at * (columns - 1) * 2 + last) / (last * 2)
}

fn reach(spans: &mut [Span], column: usize, level: u16) {
    let (low, high) = &mut spans[column];
    (*low, *high) = ((*low).min(level), (*high).max(level));
}

/// A straight line from a value to the next, without dots side by side where it is steep.
fn connect(spans: &mut [Span], from: (usize, u16), to: (usize, u16)) {
    let (wide, rise) = ((to.0 - from.0) as i64, i64::from(to.1) - i64::from(from.1));
    let mut before = from.1;
    for step in 1..=wide {
        let level = (i64::from(from.1) + (rise * step * 2 + rise.signum() * wide) / (wide * 2)) as u16;
        let column = from.0 + step as usize;
        if level.abs_diff(before) > 1 {
            let middle = u16::midpoint(level, before);
            reach(spans, column - 1, if level > before { middle } else { middle + 1 });
            reach(spans, column, if level > before { middle + 1 } else { middle });
        }
        reach(spans, column, level);
        before = level;
    }
}

/// The second line is dashed and the third dotted, so that they are told apart without colour.
fn pauses(line: u8, column: usize) -> bool {
    match line % 3 {
        0 => false,
        1 => column % 6 >= 4,
        _ => column % 2 == 1,
    }
}

/// Only where a line runs on may it pause: steep parts, peaks and single values are always drawn.
fn is_flat(spans: &[Span], column: usize) -> bool {
    let (low, high) = spans[column];
    let beside = |at: Option<usize>| at.and_then(|at| spans.get(at)).filter(|(low, high)| low <= high);
    let (Some(before), Some(after)) = (beside(column.checked_sub(1)), beside(Some(column + 1))) else { return false };
    high - low <= 1 && high <= before.1.max(after.1)
}
