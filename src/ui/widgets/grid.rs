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

/// How a row is highlighted.
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
            // The mark goes where it does not push the heading off its figures.
            let title = match facts.align {
                Align::Left => format!("{}{mark}", facts.title),
                Align::Right => format!("{mark}{}", facts.title),
            };
            canvas.cell(area, &title, facts.align, Cut::End, Role::Heading);
        }
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
        assert_eq!(placed(68, TEXTS), placed(80, TEXTS), "just enough");
    }

    #[test]
    fn no_column_is_narrower_or_wider_than_is_useful_nor_than_its_heading() {
        assert_eq!(placed(200, [0, 100, 0, 0]), [(0, 3, 8), (1, 13, 40), (2, 55, 6), (3, 63, 6)]);
        // But what may not be cut is as wide as its text.
        assert_eq!(placed(200, [0, 0, 0, 30])[3].2, 30);
    }

    #[test]
    fn what_may_be_cut_gives_way_first_the_least_important_before_the_others() {
        // One cell too few: the note gives it. Ten too few: the note its nine, and the name one.
        assert_eq!(placed(67, TEXTS)[2].2, 14);
        let widths: Vec<_> = placed(58, TEXTS).iter().map(|it| it.2).collect();
        assert_eq!(widths, [8, 29, 6, 7]);
        let widths: Vec<_> = placed(39, TEXTS).iter().map(|it| it.2).collect();
        assert_eq!(widths, [8, 10, 6, 7], "all at their least");
    }

    #[test]
    fn then_columns_go_whole_the_least_important_first_and_the_others_have_its_room() {
        let numbers = |room| placed(room, TEXTS).iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(numbers(39), [0, 1, 2, 3]);
        assert_eq!(numbers(38), [0, 1, 3]);
        assert_eq!(placed(38, TEXTS)[1].2, 17, "the name has what the note left");
        assert_eq!(numbers(31), [0, 1, 3]);
        assert_eq!(numbers(30), [0, 1]);
        assert_eq!(numbers(21), [0], "of equals the last goes");
        assert_eq!(numbers(3), [0], "one is always left");
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
