//! A table that draws only what is visible: columns that fit, rows that are on screen.
//!
//! ratatui's own table takes all rows and allocates for each cell. This one asks for a cell when it draws it.

use ratatui::layout::Rect;

use crate::app::{Align, ColumnFacts, Cut};
use crate::config::{Mark, Role};
use crate::ui::canvas::Canvas;
use crate::ui::text::width;

/// Cells between two columns.
const GAP: u16 = 2;
/// Cells to the left of the first column, for the mark of the selected row.
const MARGIN: u16 = 2;

/// A column with its place.
struct Placed<C: 'static, R: 'static> {
    facts: &'static ColumnFacts<C, R>,
    x: u16,
    width: u16,
}

/// A table's layout, from which header and rows are drawn.
pub struct Grid<C: 'static, R: 'static> {
    area: Rect,
    columns: Vec<Placed<C, R>>,
}

/// How a row is told from the others.
#[derive(Clone, Copy, Default)]
pub struct RowLook {
    /// The cursor is on it.
    pub selected: bool,
    /// The table has the keyboard.
    pub focused: bool,
}

impl<C: Copy + PartialEq, R> Grid<C, R> {
    /// Lays columns out, each with the width of its widest text: narrowed where they may be cut, then left out by
    /// priority, until they fit.
    pub fn new(area: Rect, columns: impl IntoIterator<Item = (&'static ColumnFacts<C, R>, usize)>) -> Self {
        let place =
            |(facts, text): (&'static ColumnFacts<C, R>, usize)| Placed { facts, x: 0, width: wanted(facts, text) };
        let mut columns: Vec<_> = columns.into_iter().map(place).collect();
        let room = area.width.saturating_sub(MARGIN);
        loop {
            narrow(&mut columns, room);
            if total(&columns) <= room || columns.len() <= 1 {
                break;
            }
            let last = columns.iter().enumerate().max_by_key(|(at, column)| (column.facts.priority, *at));
            let Some((at, _)) = last else { break };
            columns.remove(at);
            // What was narrowed for the column that is gone may have its width back.
            columns.iter_mut().for_each(|column| column.width = column.width.max(column.x));
        }
        let mut x = area.x + MARGIN;
        for column in &mut columns {
            column.x = x;
            x += column.width + GAP;
        }
        Self { area, columns }
    }

    /// How wide a column is; nothing if it is left out.
    pub fn width(&self, column: C) -> usize {
        let placed = self.columns.iter().find(|placed| placed.facts.column == column);
        placed.map_or(0, |placed| usize::from(placed.width))
    }

    /// Draws the headings, with the mark of the one that is sorted by.
    pub fn header(&self, canvas: &mut Canvas<'_>, sorted: Option<(C, bool)>) {
        for column in &self.columns {
            let mark = match sorted {
                Some((by, reverse)) if by == column.facts.column => {
                    canvas.mark(if reverse { Mark::Descending } else { Mark::Ascending })
                }
                _ => "",
            };
            let (facts, area) = (column.facts, self.cell(column, self.area.y));
            // The mark stands where it does not push the heading off its figures.
            let title = match facts.align {
                Align::Left => format!("{}{mark}", facts.title),
                Align::Right => format!("{mark}{}", facts.title),
            };
            canvas.cell(area, &title, facts.align, Cut::End, Role::Heading);
        }
    }

    /// Draws the row at `y`: `write` appends a cell's text, and tells its role and whether it changed just now.
    pub fn row(
        &self,
        canvas: &mut Canvas<'_>,
        y: u16,
        look: RowLook,
        text: &mut String,
        mut write: impl FnMut(C, &mut String) -> (Role, bool),
    ) {
        if look.selected {
            let line = Rect { y, height: 1, ..self.area };
            if look.focused {
                canvas.tint(line, Role::Selected);
            }
            canvas.text_over(line.x, y, 1, canvas.mark(Mark::Selected), Role::Accent);
        }
        for column in &self.columns {
            text.clear();
            let (role, changed) = write(column.facts.column, text);
            let area = self.cell(column, y);
            canvas.cell(area, text, column.facts.align, column.facts.cut, role);
            if changed {
                canvas.tint(area, Role::Changed);
            }
        }
    }

    fn cell(&self, column: &Placed<C, R>, y: u16) -> Rect {
        let right = (column.x + column.width).min(self.area.right());
        Rect { x: column.x.min(right), y, width: right.saturating_sub(column.x), height: 1 }
    }
}

/// A column that may not be cut is as wide as its widest text, up to this.
const WIDEST: u16 = 30;

/// As wide as its widest text and its heading with the mark, within what is useful.
fn wanted<C, R>(facts: &ColumnFacts<C, R>, text: usize) -> u16 {
    let (least, most) = facts.width;
    let titled = (width(facts.title) as u16 + 1).clamp(least, most);
    let most = if facts.cut == Cut::Never { most.max(WIDEST) } else { most };
    (text as u16).max(titled).min(most)
}

fn total<C, R>(columns: &[Placed<C, R>]) -> u16 {
    columns.iter().map(|column| column.width + GAP).sum::<u16>().saturating_sub(GAP)
}

/// Takes cells from the columns that may be cut, the least important first, until all fit or none can give more. Their
/// full width is remembered in `x` until they are placed.
fn narrow<C, R>(columns: &mut [Placed<C, R>], room: u16) {
    let mut missing = total(columns).saturating_sub(room);
    let mut order: Vec<usize> = (0..columns.len()).filter(|&at| columns[at].facts.cut != Cut::Never).collect();
    order.sort_by_key(|&at| std::cmp::Reverse((columns[at].facts.priority, at)));
    for at in order {
        let column = &mut columns[at];
        column.x = column.x.max(column.width);
        let given = missing.min(column.width.saturating_sub(column.facts.width.0));
        column.width -= given;
        missing -= given;
    }
}
