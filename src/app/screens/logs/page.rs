//! A log's layout: its text broken into rows of the screen, and the matches of a search.
//!
//! Long lines are wrapped, because scrolling sideways hides text. A row is a range of bytes, so that a text of
//! megabytes is kept once.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// A tab goes to the next column that this divides.
const TAB: usize = 8;

/// A row of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogRow {
    start: u32,
    end: u32,
    /// The number of its line, from 0.
    pub line: u32,
    /// Whether its line began in a row above.
    pub continued: bool,
}

/// The kind of a piece of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextMatch {
    /// Nothing that was searched for.
    None,
    /// What was searched for.
    Match,
    /// The match that `n` and `N` move.
    Current,
}

/// The log of an instance, broken into rows.
#[derive(Clone, Debug, Default)]
pub struct LogPage {
    text: Arc<str>,
    width: usize,
    /// The rows.
    pub rows: Vec<LogRow>,
    /// The headings under which Beanstalk puts each file: the line, and the place of the file's name.
    headings: Vec<(u32, Range<usize>)>,
    /// Where the matches begin, in bytes.
    pub matches: Vec<u32>,
    needle: usize,
}

impl LogPage {
    /// A text in rows of so many cells.
    #[must_use]
    pub fn new(text: Arc<str>, width: usize) -> Self {
        let mut page = Self { headings: headings(&text), text, ..Self::default() };
        page.lay_out(width);
        page
    }

    /// Breaks it into rows again if the width has changed.
    pub fn lay_out(&mut self, width: usize) {
        let width = width.max(1);
        if self.width == width {
            return;
        }
        self.width = width;
        self.rows.clear();
        let mut start = 0;
        for (number, line) in self.text.trim_end_matches('\n').split('\n').enumerate() {
            let mut continued = false;
            for range in wrapped(line, width) {
                let (from, to) = ((start + range.start) as u32, (start + range.end) as u32);
                self.rows.push(LogRow { start: from, end: to, line: number as u32, continued });
                continued = true;
            }
            start += line.len() + 1;
        }
    }

    /// Returns whether it is empty.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Returns whether this is the text that it shows.
    #[must_use]
    pub fn is_of(&self, text: &Arc<str>) -> bool {
        Arc::ptr_eq(&self.text, text)
    }

    /// How many lines there are.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.rows.last().map_or(0, |row| row.line as usize + 1)
    }

    /// Returns the file that a row belongs to, if its heading is above.
    #[must_use]
    pub fn file(&self, row: usize) -> Option<&str> {
        // The rule above a name belongs to it.
        let line = self.rows.get(row)?.line + 1;
        let (_, place) = self.headings.iter().rev().find(|(heading, _)| *heading <= line)?;
        self.text.get(place.clone())
    }

    /// Searches; small letters find capital ones too.
    pub fn search(&mut self, words: &str) {
        self.needle = words.len();
        self.matches.clear();
        if words.is_empty() {
            return;
        }
        // Both keep the length of the text, so that a place in the one is a place in the other.
        let exact = words.chars().any(char::is_uppercase);
        let text = if exact { Cow::Borrowed(&*self.text) } else { Cow::Owned(self.text.to_ascii_lowercase()) };
        self.matches.extend(text.match_indices(words).map(|(at, _)| at as u32));
    }

    /// The row in which a match begins.
    #[must_use]
    pub fn row_of(&self, found: usize) -> usize {
        self.matches.get(found).map_or(0, |at| self.row_at(*at))
    }

    /// The row of a byte.
    #[must_use]
    pub fn row_at(&self, byte: u32) -> usize {
        self.rows.partition_point(|row| row.start <= byte).saturating_sub(1)
    }

    /// The first byte of a row.
    #[must_use]
    pub fn byte_of(&self, row: usize) -> u32 {
        self.rows.get(row).map_or(0, |row| row.start)
    }

    /// The first match in this row or below; the first of all if there is none.
    #[must_use]
    pub fn match_from(&self, row: usize) -> Option<usize> {
        let at = self.matches.partition_point(|at| *at < self.byte_of(row));
        (!self.matches.is_empty()).then_some(at % self.matches.len().max(1))
    }

    /// The pieces of a row, tabs spread; `current` is the match that `n` and `N` move.
    #[must_use]
    pub fn pieces(&self, row: &LogRow, current: Option<usize>) -> Vec<(Cow<'_, str>, TextMatch)> {
        let (mut at, end) = (row.start as usize, row.end as usize);
        let (mut pieces, mut column) = (Vec::new(), 0);
        let mut put = |from: usize, to: usize, hit: TextMatch| {
            let piece = self.text.get(from..to).unwrap_or_default();
            if !piece.is_empty() {
                let (piece, after) = spread(piece, column, self.width);
                column = after;
                pieces.push((piece, hit));
            }
        };
        // One that began in the row above may reach into this one.
        let first = self.matches.partition_point(|found| (*found as usize) + self.needle <= at);
        for (place, found) in self.matches.iter().enumerate().skip(first) {
            let found = *found as usize;
            if found >= end {
                break;
            }
            put(at, found.max(at), TextMatch::None);
            at = (found + self.needle).min(end);
            put(
                found.max(row.start as usize),
                at,
                if current == Some(place) { TextMatch::Current } else { TextMatch::Match },
            );
        }
        put(at, end, TextMatch::None);
        pieces
    }
}

/// The rows of a line, at least one.
fn wrapped(line: &str, width: usize) -> Vec<Range<usize>> {
    let plain = line.is_ascii() && !line.contains('\t');
    if plain && line.len() <= width {
        return std::iter::once(0..line.len()).collect();
    }
    if plain {
        return (0..line.len()).step_by(width).map(|from| from..(from + width).min(line.len())).collect();
    }
    let (mut rows, mut start, mut used) = (Vec::new(), 0, 0);
    for (at, grapheme) in line.grapheme_indices(true) {
        if used + cells(grapheme, used, width) > width && at > start {
            rows.push(start..at);
            (start, used) = (at, 0);
        }
        used += cells(grapheme, used, width);
    }
    rows.push(start..line.len());
    rows
}

/// Returns how many cells a grapheme takes at this column. A tab goes no further than the end of its row.
fn cells(grapheme: &str, column: usize, width: usize) -> usize {
    if grapheme == "\t" {
        (TAB - column % TAB).min(width.saturating_sub(column)).max(1)
    } else {
        UnicodeWidthStr::width(grapheme)
    }
}

/// A text with spaces for its tabs, from this column on; the column after it.
fn spread(text: &str, mut column: usize, width: usize) -> (Cow<'_, str>, usize) {
    if !text.contains('\t') {
        return (Cow::Borrowed(text), column + UnicodeWidthStr::width(text));
    }
    let mut out = String::new();
    for grapheme in text.graphemes(true) {
        let wide = cells(grapheme, column, width);
        if grapheme == "\t" {
            out.extend(std::iter::repeat_n(' ', wide));
        } else {
            out.push_str(grapheme);
        }
        column += wide;
    }
    (Cow::Owned(out), column)
}

/// The lines that name a file between two rules, as Beanstalk writes them.
fn headings(text: &str) -> Vec<(u32, Range<usize>)> {
    let is_rule = |line: &str| line.len() > 3 && line.bytes().all(|byte| byte == b'-');
    let (mut found, mut start) = (Vec::new(), 0);
    let mut lines = text.split('\n').enumerate().peekable();
    let mut after_rule = false;
    while let Some((number, line)) = lines.next() {
        if after_rule && line.starts_with('/') && lines.peek().is_some_and(|(_, next)| is_rule(next)) {
            found.push((number as u32, start..start + line.len()));
        }
        after_rule = is_rule(line);
        start += line.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, width: usize) -> Vec<String> {
        let page = LogPage::new(text.into(), width);
        let row =
            |row: &LogRow| page.pieces(row, None).into_iter().map(|(text, _)| text.into_owned()).collect::<String>();
        page.rows.iter().map(row).collect()
    }

    #[test]
    fn long_lines_are_wrapped_and_nothing_is_lost() {
        assert_eq!(rows("abcdefgh\n\nxy\n", 3), ["abc", "def", "gh", "", "xy"]);
        assert_eq!(rows("環境한국x", 5), ["環境", "한국x"]);
        assert_eq!(rows("a\tb\tc", 20), ["a       b       c"]);
        assert_eq!(rows("abc\tdef", 6), ["abc   ", "def"]);
        assert_eq!(rows("環", 1), ["環"]);
        assert_eq!(rows("", 5), [""]);
    }

    #[test]
    fn matches_are_found_in_rows_and_across_them() {
        let mut page = LogPage::new("one Error\nxxerrorxx\n".into(), 4);
        page.search("error");
        assert_eq!(page.matches.len(), 2);
        let hit =
            |row: usize| page.pieces(&page.rows[row], Some(1)).into_iter().map(|(_, hit)| hit).collect::<Vec<_>>();
        assert_eq!(hit(0), [TextMatch::None]);
        assert_eq!(hit(1), [TextMatch::Match]);
        assert_eq!(hit(3), [TextMatch::None, TextMatch::Current]);
        assert_eq!(hit(4), [TextMatch::Current, TextMatch::None]);
        assert_eq!((page.match_from(2), page.match_from(5)), (Some(1), Some(0)));
        page.search("Error");
        assert_eq!(page.matches.len(), 1, "capital letters are meant");
    }

    #[test]
    fn the_file_of_a_row_is_the_one_whose_heading_is_above() {
        let page = LogPage::new("----\n/a.log\n----\nx\n----\n/b.log\n----\ny\n/c.log\n".into(), 20);
        let files: Vec<_> = (0..page.rows.len()).map(|row| page.file(row).unwrap()).collect();
        assert_eq!(files, ["/a.log", "/a.log", "/a.log", "/a.log", "/b.log", "/b.log", "/b.log", "/b.log", "/b.log"]);
    }
}
