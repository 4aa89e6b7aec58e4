//! Characters that are drawn as shapes: frames, bars and Braille dots, which have to join from cell to cell.

use std::fmt::Write as _;

/// The width and height of a cell, in pixels.
pub(super) const CELL: (u32, u32) = (9, 19);

/// The thickness of a line.
const LINE: f64 = 1.0;
/// The side of a Braille dot, which is drawn as a square.
const DOT: f64 = 2.0;
/// The first of the Braille characters, which has no dots.
const BRAILLE: u32 = 0x2800;

/// What a character looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SvgShape {
    /// Lines from the middle to the left, right, upper and lower edge.
    Lines([bool; 4]),
    /// A thick horizontal line.
    Thick,
    /// A broken line: horizontal, or vertical.
    Broken { vertical: bool },
    /// The lower so many eighths of the cell.
    Lower(u8),
    /// The left half of the cell.
    LeftHalf,
    /// The dots of a Braille character, as its bits name them.
    Dots(u8),
}

/// The shape of a character that is drawn as one.
pub fn of(symbol: &str) -> Option<SvgShape> {
    let mut characters = symbol.chars();
    let character = characters.next().filter(|_| characters.next().is_none())?;
    let lines = |left, right, up, down| Some(SvgShape::Lines([left, right, up, down]));
    match character {
        '─' => lines(true, true, false, false),
        '│' => lines(false, false, true, true),
        '┌' => lines(false, true, false, true),
        '┐' => lines(true, false, false, true),
        '└' => lines(false, true, true, false),
        '┘' => lines(true, false, true, false),
        '├' => lines(false, true, true, true),
        '┤' => lines(true, false, true, true),
        '┬' => lines(true, true, false, true),
        '┴' => lines(true, true, true, false),
        '┼' => lines(true, true, true, true),
        '━' => Some(SvgShape::Thick),
        '╌' => Some(SvgShape::Broken { vertical: false }),
        '┆' => Some(SvgShape::Broken { vertical: true }),
        '▌' => Some(SvgShape::LeftHalf),
        '▁'..='█' => Some(SvgShape::Lower((u32::from(character) - u32::from('▁')) as u8 + 1)),
        '\u{2800}'..='\u{28ff}' => Some(SvgShape::Dots((u32::from(character) - BRAILLE) as u8)),
        _ => None,
    }
}

impl SvgShape {
    /// Adds the shape to a path, in the cell whose upper left corner this is.
    pub fn draw(self, path: &mut String, x: u32, y: u32) {
        let (x, y) = (f64::from(x), f64::from(y));
        let (width, height) = (f64::from(CELL.0), f64::from(CELL.1));
        let (centre, middle) = (x + (width - LINE) / 2.0, y + (height - LINE) / 2.0);
        let mut area = |x: f64, y: f64, width: f64, height: f64| {
            let _ = write!(path, "M{x} {y}h{width}v{height}h-{width}z");
        };
        match self {
            Self::Lines([left, right, up, down]) => {
                let (across, along) = (f64::midpoint(width, LINE), f64::midpoint(height, LINE));
                match (left, right) {
                    (true, true) => area(x, middle, width, LINE),
                    (true, false) => area(x, middle, across, LINE),
                    (false, true) => area(centre, middle, across, LINE),
                    (false, false) => {}
                }
                match (up, down) {
                    (true, true) => area(centre, y, LINE, height),
                    (true, false) => area(centre, y, LINE, along),
                    (false, true) => area(centre, middle, LINE, along),
                    (false, false) => {}
                }
            }
            Self::Thick => area(x, middle - LINE, width, 3.0 * LINE),
            Self::Broken { vertical: false } => {
                area(x + 0.75, middle, 3.0, LINE);
                area(x + 5.25, middle, 3.0, LINE);
            }
            Self::Broken { vertical: true } => {
                (0..3_u32).for_each(|part| area(centre, y + 2.0 + 6.0 * f64::from(part), LINE, 3.0));
            }
            Self::Lower(eighths) => {
                let filled = height * f64::from(eighths) / 8.0;
                area(x, y + height - filled, width, filled);
            }
            Self::LeftHalf => area(x, y, width / 2.0, height),
            Self::Dots(bits) => {
                for bit in (0..8_u8).filter(|bit| bits >> bit & 1 == 1) {
                    let (column, row) = dot(bit);
                    area(x + 1.25 + 4.5 * column, y + 1.5 + 4.75 * row, DOT, DOT);
                }
            }
        }
    }
}

/// The column and row of a dot of a Braille character: six in two columns, and two more below them.
fn dot(bit: u8) -> (f64, f64) {
    match bit {
        0..=5 => (f64::from(bit / 3), f64::from(bit % 3)),
        _ => (f64::from(bit - 6), 3.0),
    }
}
