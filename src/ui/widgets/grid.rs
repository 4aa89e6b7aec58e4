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
/// Cells to the right of the last column, so that nothing touches the edge.
const EDGE: u16 = 1;
/// A name is not cut while there are columns of a higher number than this.
const KEPT: u8 = 4;

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
    hidden: usize,
}

/// How a row is highlighted.
#[derive(Clone, Copy, Default)]
pub struct RowLook {
    /// It is bad now.
    pub bad: bool,
    /// The cursor is on it.
    pub selected: bool,
    /// The table has the keyboard.
    pub focused: bool,
}

impl<C: Copy + PartialEq, R> Grid<C, R> {
    /// Lays columns out, each with the width of its widest text: narrowed where they may be cut, then left out by
    /// priority, until they fit. Names, whose number is 0, are cut last.
    pub fn new(area: Rect, columns: impl IntoIterator<Item = (&'static ColumnFacts<C, R>, usize)>) -> Self {
        Self::with_constants(area, columns, |_| false)
    }

    /// The same, where columns in which all rows are the same go before anything else is left out or cut.
    pub fn with_constants(
        area: Rect,
        columns: impl IntoIterator<Item = (&'static ColumnFacts<C, R>, usize)>,
        is_constant: impl Fn(C) -> bool,
    ) -> Self {
        let place =
            |(facts, text): (&'static ColumnFacts<C, R>, usize)| Placed { facts, x: 0, width: wanted(facts, text) };
        let mut columns: Vec<_> = columns.into_iter().map(place).collect();
        let wanted = columns.len();
        let room = area.width.saturating_sub(MARGIN + EDGE);
        let is_first = |column: &Placed<C, R>| column.facts.priority > 0 && is_constant(column.facts.column);
        while total(&columns) > room {
            let Some(at) = columns.iter().rposition(is_first) else { break };
            columns.remove(at);
        }
        loop {
            narrow(&mut columns, room, |facts| facts.priority > 0);
            let last = columns.iter().enumerate().max_by_key(|(at, column)| (column.facts.priority, *at));
            let Some((at, priority)) = last.map(|(at, column)| (at, column.facts.priority)) else { break };
            if total(&columns) > room && priority <= KEPT {
                narrow(&mut columns, room, |_| true);
            }
            if total(&columns) <= room || columns.len() <= 1 {
                break;
            }
            columns.remove(at);
            // What was narrowed for the column that is gone may have its width back.
            columns.iter_mut().for_each(|column| column.width = column.width.max(column.x));
        }
        let mut x = area.x + MARGIN;
        for column in &mut columns {
            column.x = x;
            x += column.width + GAP;
        }
        Self { area, hidden: wanted - columns.len(), columns }
    }

    /// The same so many rows further down.
    pub fn moved_down(mut self, rows: u16) -> Self {
        self.area.y += rows;
        self
    }

    /// How many columns were left out.
    pub fn hidden(&self) -> usize {
        self.hidden
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
            // The mark goes where it does not push the heading off its figures.
            let title = match facts.align {
                Align::Left => format!("{}{mark}", facts.title),
                Align::Right => format!("{mark}{}", facts.title),
            };
            canvas.cell(area, &title, facts.align, Cut::End, Role::Heading);
        }
    }

    /// Returns the columns, each with the cells of its heading.
    pub fn headings(&self) -> impl Iterator<Item = (C, Rect)> {
        self.columns.iter().map(|column| (column.facts.column, self.cell(column, self.area.y)))
    }

    /// Draws the row at `y`: `write` appends a cell's text, and returns its role and whether it changed just now.
    pub fn row(
        &self,
        canvas: &mut Canvas<'_>,
        y: u16,
        look: RowLook,
        text: &mut String,
        mut write: impl FnMut(C, &mut String) -> (Role, bool),
    ) {
        let line = Rect { y, height: 1, ..self.area };
        if look.bad {
            canvas.tint(line, Role::BadRow);
        }
        if look.selected {
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

/// Takes cells from the columns that may be cut and of which `may_cut` is true, the least important first, until all fit or none can give more. Their
/// full width is remembered in `x` until they are placed.
fn narrow<C, R>(columns: &mut [Placed<C, R>], room: u16, may_cut: impl Fn(&ColumnFacts<C, R>) -> bool) {
    let mut missing = total(columns).saturating_sub(room);
    let may_cut = |facts: &ColumnFacts<C, R>| facts.cut != Cut::Never && may_cut(facts);
    let mut order: Vec<usize> = (0..columns.len()).filter(|&at| may_cut(columns[at].facts)).collect();
    order.sort_by_key(|&at| std::cmp::Reverse((columns[at].facts.priority, at)));
    for at in order {
        let column = &mut columns[at];
        column.x = column.x.max(column.width);
        let given = missing.min(column.width.saturating_sub(column.facts.width.0));
        column.width -= given;
        missing -= given;
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    /// A column called by its number.
    const fn column(number: u8, width: (u16, u16), cut: Cut, priority: u8) -> ColumnFacts<u8, ()> {
        ColumnFacts {
            column: number,
            name: "",
            title: "TITLE",
            width,
            align: Align::Left,
            cut,
            priority,
            help: "",
            text: |(), _, _| (),
            compare: |(), ()| Ordering::Equal,
        }
    }

    static STATE: ColumnFacts<u8, ()> = column(0, (8, 8), Cut::Never, 0);
    static NAME: ColumnFacts<u8, ()> = column(1, (10, 40), Cut::Middle, 0);
    static NOTE: ColumnFacts<u8, ()> = column(2, (6, 20), Cut::End, 5);
    static FIGURE: ColumnFacts<u8, ()> = column(3, (6, 9), Cut::Never, 3);

    /// Number, place and width of each column in so much room, with the widths of their texts.
    fn placed(room: u16, texts: [usize; 4]) -> Vec<(u8, u16, u16)> {
        let area = Rect { x: 1, y: 0, width: room, height: 5 };
        let grid = Grid::new(area, [&STATE, &NAME, &NOTE, &FIGURE].into_iter().zip(texts));
        grid.columns.iter().map(|it| (it.facts.column, it.x, it.width)).collect()
    }

    const TEXTS: [usize; 4] = [8, 30, 15, 7];

    #[test]
    fn with_room_every_column_has_the_width_of_its_text() {
        // A cell of the area's edge and two of margin, then two between columns.
        assert_eq!(placed(80, TEXTS), [(0, 3, 8), (1, 13, 30), (2, 45, 15), (3, 62, 7)]);
        assert_eq!(placed(69, TEXTS), placed(80, TEXTS), "just enough");
    }

    #[test]
    fn no_column_is_narrower_or_wider_than_is_useful_nor_than_its_heading() {
        assert_eq!(placed(200, [0, 100, 0, 0]), [(0, 3, 8), (1, 13, 40), (2, 55, 6), (3, 63, 6)]);
        // But what may not be cut is as wide as its text.
        assert_eq!(placed(200, [0, 0, 0, 30])[3].2, 30);
    }

    #[test]
    fn what_may_be_cut_gives_way_first_and_a_name_last() {
        // One cell too few: the note gives it, and goes before the name is cut.
        assert_eq!(placed(68, TEXTS)[2].2, 14);
        let widths = |room| placed(room, TEXTS).iter().map(|it| (it.0, it.2)).collect::<Vec<_>>();
        assert_eq!(widths(60), [(0, 8), (1, 30), (2, 6), (3, 7)], "the note at its least");
        assert_eq!(widths(59), [(0, 8), (1, 30), (3, 7)]);
        assert_eq!(widths(51), [(0, 8), (1, 29), (3, 7)]);
        assert_eq!(widths(32), [(0, 8), (1, 10), (3, 7)], "all at their least");
    }

    #[test]
    fn then_columns_go_whole_the_least_important_first_and_the_others_have_its_room() {
        let numbers = |room| placed(room, TEXTS).iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(numbers(32), [0, 1, 3]);
        assert_eq!(numbers(31), [0, 1]);
        assert_eq!(placed(31, TEXTS)[1].2, 18, "the name has what the figure left");
        assert_eq!(numbers(22), [0], "of equals the last goes");
        assert_eq!(numbers(3), [0], "one is always left");
    }

    #[test]
    fn a_column_that_is_the_same_in_all_rows_goes_first() {
        let area = Rect { x: 1, y: 0, width: 68, height: 5 };
        let columns = [&STATE, &NAME, &NOTE, &FIGURE].into_iter().zip(TEXTS);
        let grid = Grid::with_constants(area, columns, |column| column == 3 || column == 1);
        assert_eq!(grid.columns.iter().map(|it| it.facts.column).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!((grid.hidden(), grid.width(2)), (1, 15));
    }

    #[test]
    fn a_cell_ends_with_the_area() {
        let area = Rect { x: 1, y: 0, width: 7, height: 5 };
        let grid: Grid<u8, ()> = Grid::new(area, [(&STATE, 8)]);
        let cell = grid.cell(&grid.columns[0], 2);
        assert_eq!((cell.x, cell.y, cell.right()), (3, 2, 8));
        let area = Rect { x: 1, y: 0, width: 1, height: 5 };
        let grid: Grid<u8, ()> = Grid::new(area, [(&STATE, 8)]);
        assert_eq!(grid.cell(&grid.columns[0], 0).width, 0);
    }
}
