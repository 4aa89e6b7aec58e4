//! A screen as an SVG picture: the cells of a buffer with their colours, as a terminal would show them.
//!
//! The picture needs no font of its own. Text is set in whatever monospace font the viewer has, each run of it stretched to
//! its cells; frames, bars and Braille dots are drawn as shapes, so that they join whatever the font is.

mod palette;
mod shape;

pub use palette::Paper;

use std::fmt::Write as _;

use palette::{Ink, hexadecimal};
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;

use super::text::width;

/// The size of the font, whose characters are a cell wide: most monospace fonts are 0.6 times as wide as high.
const FONT_SIZE: u32 = 15;
/// From the top of a cell to the line that letters are on.
const BASELINE: u32 = 14;
/// The margin around the screen.
use shape::CELL;

const MARGIN: u32 = 10;
const FONTS: &str = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";

/// A text or shape that is one or more cells wide.
struct SvgPiece<'a> {
    /// The first column.
    x: usize,
    /// How many columns it takes.
    cells: usize,
    symbol: &'a str,
    ink: Ink,
}

/// Draws a screen.
#[must_use]
pub fn svg(buffer: &Buffer, paper: Paper) -> String {
    let (columns, rows) = (u32::from(buffer.area.width), u32::from(buffer.area.height));
    let (width, height) = (columns * CELL.0 + 2 * MARGIN, rows * CELL.1 + 2 * MARGIN);
    let background = hexadecimal(paper.background());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{background}\"/>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\" font-family=\"{FONTS}\" font-size=\"{FONT_SIZE}\" xml:space=\"preserve\">\n"
    );
    let lines = buffer.content.chunks(usize::from(buffer.area.width).max(1));
    for (y, line) in (0..rows).zip(lines) {
        let pieces = pieces(line, paper);
        backgrounds(&mut out, &pieces, y, paper);
        shapes(&mut out, &pieces, y);
        texts(&mut out, &pieces, y);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// The cells of a line; a wide character takes the place of those behind it too.
fn pieces(line: &[Cell], paper: Paper) -> Vec<SvgPiece<'_>> {
    let mut pieces = Vec::with_capacity(line.len());
    let mut x = 0;
    while let Some(cell) = line.get(x) {
        let cells = width(cell.symbol()).clamp(1, line.len() - x);
        pieces.push(SvgPiece { x, cells, symbol: cell.symbol(), ink: Ink::of(cell, paper) });
        x += cells;
    }
    pieces
}

/// A rectangle for each stretch of cells that have a background of their own.
fn backgrounds(out: &mut String, pieces: &[SvgPiece<'_>], y: u32, paper: Paper) {
    for stretch in pieces.chunk_by(|one, next| one.ink.background == next.ink.background) {
        let [first, ..] = stretch else { continue };
        if first.ink.background == paper.background() {
            continue;
        }
        let cells: usize = stretch.iter().map(|piece| piece.cells).sum();
        let (x, y, width, height) = (left(first), y * CELL.1, cells as u32 * CELL.0, CELL.1);
        let fill = hexadecimal(first.ink.background);
        let _ = writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\"/>");
    }
}

/// A path for each stretch of shapes of one colour.
fn shapes(out: &mut String, pieces: &[SvgPiece<'_>], y: u32) {
    let drawn: Vec<_> = pieces.iter().filter_map(|piece| Some((piece, shape::of(piece.symbol)?))).collect();
    for stretch in drawn.chunk_by(|one, next| one.0.ink.foreground == next.0.ink.foreground) {
        let [(first, _), ..] = stretch else { continue };
        let mut path = String::new();
        for (piece, shape) in stretch {
            shape.draw(&mut path, left(piece), y * CELL.1);
        }
        let _ = writeln!(out, "<path fill=\"{}\" d=\"{path}\"/>", hexadecimal(first.ink.foreground));
    }
}

/// Writes the texts of a line. A character that may come from another font is set separately, in the middle of its cells;
/// ASCII of one look is set together.
fn texts(out: &mut String, pieces: &[SvgPiece<'_>], y: u32) {
    let mut rest = pieces;
    while let [first, tail @ ..] = rest {
        if first.symbol == " " || shape::of(first.symbol).is_some() {
            rest = tail;
        } else if first.symbol.is_ascii() {
            let run = run(rest);
            let text: String = run.iter().map(|piece| piece.symbol).collect();
            let length = run.len() as u32 * CELL.0;
            let place = format!("x=\"{}\" textLength=\"{length}\" lengthAdjust=\"spacingAndGlyphs\"", left(first));
            text_element(out, &place, y, first.ink, &text);
            rest = &rest[run.len()..];
        } else {
            let middle = f64::from(left(first)) + f64::from(first.cells as u32 * CELL.0) / 2.0;
            text_element(out, &format!("x=\"{middle}\" text-anchor=\"middle\""), y, first.ink, first.symbol);
            rest = tail;
        }
    }
}

/// Returns the ASCII characters of one look at the beginning of these pieces, up to two spaces in a row; no space is last.
fn run<'p, 'a>(pieces: &'p [SvgPiece<'a>]) -> &'p [SvgPiece<'a>] {
    let Some(first) = pieces.first() else { return pieces };
    let is_text = |piece: &SvgPiece<'_>| piece.symbol.is_ascii() && piece.ink == first.ink;
    let mut end = 0;
    for (at, piece) in pieces.iter().enumerate() {
        let is_space = piece.symbol == " ";
        if !is_text(piece) || (is_space && at > end + 1) {
            break;
        }
        if !is_space {
            end = at;
        }
    }
    &pieces[..=end]
}

fn text_element(out: &mut String, place: &str, y: u32, ink: Ink, text: &str) {
    let attributes = [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ];
    let (y, fill) = (y * CELL.1 + BASELINE, hexadecimal(ink.foreground));
    let _ = write!(out, "<text {place} y=\"{y}\" fill=\"{fill}\"");
    for (_, attribute) in attributes.iter().filter(|(modifier, _)| ink.modifier.contains(*modifier)) {
        out.push_str(attribute);
    }
    out.push('>');
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ if is_of_xml(character) => out.push(character),
            _ => out.push(char::REPLACEMENT_CHARACTER),
        }
    }
    out.push_str("</text>\n");
}

/// Whether XML allows a character at all.
fn is_of_xml(character: char) -> bool {
    character >= ' ' && !matches!(character, '\u{fffe}' | '\u{ffff}')
}

fn left(piece: &SvgPiece<'_>) -> u32 {
    piece.x as u32 * CELL.0
}

#[cfg(test)]
mod tests;
