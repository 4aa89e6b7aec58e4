//! Tables for people: columns as wide as their widest cell, cut to the terminal if there is one.
//!
//! Every cell is made safe here and nowhere before: names come from AWS, and what is in them must not reach a terminal.

use std::fmt::Write;

use crate::app::{Align, ColumnFacts, Cut};
use crate::model::clean;
use crate::ui::{cut, width};

/// The number of spaces between two columns.
const GAP: usize = 2;
/// Where something was cut.
const MARK: &str = "…";

/// What a column is like.
#[derive(Clone, Copy, Debug)]
pub struct ColumnShape {
    /// Its heading.
    pub title: &'static str,
    /// The alignment of its cells.
    pub align: Align,
    /// Where a cell may be cut.
    pub cut: Cut,
    /// The narrowest that it may be cut to.
    pub least: usize,
}

impl ColumnShape {
    /// That of a column of the screen's tables.
    pub fn of<C, R>(facts: &ColumnFacts<C, R>) -> Self {
        Self { title: facts.title, align: facts.align, cut: facts.cut, least: usize::from(facts.width.0) }
    }

    /// Words that are never cut.
    pub const fn text(title: &'static str) -> Self {
        Self { title, align: Align::Left, cut: Cut::Never, least: 0 }
    }

    /// Figures.
    pub const fn figure(title: &'static str) -> Self {
        Self { title, align: Align::Right, cut: Cut::Never, least: 0 }
    }
}

/// A table as lines, headings first; `room` is the terminal's width, if it goes to one.
pub fn lines(shapes: &[ColumnShape], rows: &[Vec<String>], room: Option<usize>) -> String {
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| row.iter().map(|cell| clean(cell).into_owned()).collect()).collect();
    let widths = widths(shapes, &rows, room);
    let mut out = String::new();
    let headings: Vec<_> = shapes.iter().map(|shape| shape.title.to_owned()).collect();
    for row in std::iter::once(&headings).chain(&rows) {
        line(shapes, &widths, row, &mut out);
    }
    out
}

fn line(shapes: &[ColumnShape], widths: &[usize], row: &[String], out: &mut String) {
    let from = out.len();
    for ((shape, &room), cell) in shapes.iter().zip(widths).zip(row) {
        let cell = cut(cell, room, shape.cut, MARK);
        // Not as a width in a format, where a wide one is a panic.
        let padding = " ".repeat(room.saturating_sub(width(&cell)));
        let _ = match shape.align {
            Align::Left => write!(out, "{cell}{padding}{:GAP$}", ""),
            Align::Right => write!(out, "{padding}{cell}{:GAP$}", ""),
        };
    }
    let end = out[from..].trim_end().len();
    out.truncate(from + end);
    out.push('\n');
}

/// The width of the widest cell of each column; where that is too much, the widest that may be cut gives way first.
fn widths(shapes: &[ColumnShape], rows: &[Vec<String>], room: Option<usize>) -> Vec<usize> {
    let widest = |(column, shape): (usize, &ColumnShape)| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell));
        cells.chain([width(shape.title)]).max().unwrap_or_default()
    };
    let mut widths: Vec<_> = shapes.iter().enumerate().map(widest).collect();
    let gaps = GAP * shapes.len().saturating_sub(1);
    let Some(room) = room.map(|room| room.saturating_sub(gaps)) else { return widths };
    while widths.iter().sum::<usize>() > room {
        let may_shrink = |(column, width): &(usize, &mut usize)| {
            !matches!(shapes[*column].cut, Cut::Never)
                && **width > shapes[*column].least.max(shapes[*column].title.len())
        };
        let widest = widths.iter_mut().enumerate().filter(may_shrink).max_by_key(|(_, width)| **width);
        let Some((_, width)) = widest else { break };
        *width -= 1;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPES: [ColumnShape; 2] =
        [ColumnShape { cut: Cut::Middle, least: 4, ..ColumnShape::text("NAME") }, ColumnShape::figure("N")];

    fn rows(names: &[&str]) -> Vec<Vec<String>> {
        names.iter().map(|name| vec![(*name).to_owned(), "7".to_owned()]).collect()
    }

    #[test]
    fn columns_line_up_by_cells_and_not_by_characters() {
        let text = lines(&SHAPES, &rows(&["商店", "ab"]), None);
        assert_eq!(text, "NAME  N\n商店  7\nab    7\n");
    }

    #[test]
    fn a_terminal_cuts_what_may_be_cut_and_nothing_else() {
        let text = lines(&SHAPES, &rows(&["shop-chat-prod"]), Some(12));
        assert_eq!(text, "NAME       N\nshop…prod  7\n");
        let narrow = lines(&SHAPES, &rows(&["shop-chat-prod"]), Some(3));
        assert_eq!(narrow, "NAME  N\nsh…d  7\n");
    }

    #[test]
    fn a_cell_as_wide_as_no_terminal_is_a_cell() {
        let long = "x".repeat(70_000);
        let text = lines(&SHAPES, &rows(&[&long, "short"]), None);
        assert_eq!(text.lines().nth(1), Some(format!("{long}  7").as_str()));
        assert_eq!(text.lines().nth(2).map(str::len), Some(70_003));
        assert!(lines(&SHAPES, &rows(&[&long]), Some(80)).lines().all(|line| width(line) <= 80));
    }

    #[test]
    fn what_could_command_a_terminal_is_made_visible() {
        let text = lines(&SHAPES, &rows(&["a\u{1b}[2J\nb"]), None);
        assert!(text.contains("a␛[2J␊b"), "{text}");
    }
}
