//! The colours of a picture: what a cell is drawn with, and on which paper.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::config::Colour;

/// Red, green and blue.
pub type Rgb = (u8, u8, u8);

/// The colours used for the terminal's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Light text on a dark background.
    Dark,
    /// Dark text on a light background.
    Light,
}

impl Paper {
    /// The colour of the paper.
    #[must_use]
    pub const fn background(self) -> Rgb {
        match self {
            Self::Dark => (0x16, 0x19, 0x1f),
            Self::Light => (0xff, 0xff, 0xff),
        }
    }

    const fn foreground(self) -> Rgb {
        match self {
            Self::Dark => (0xd5, 0xd9, 0xe0),
            Self::Light => (0x24, 0x29, 0x2f),
        }
    }
}

/// How a cell is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    pub foreground: Rgb,
    pub background: Rgb,
    /// Bold, italic, underlined; dim and reversed are in the colours already.
    pub modifier: Modifier,
}

impl Ink {
    pub fn of(cell: &Cell, paper: Paper) -> Self {
        let mut foreground = rgb(cell.fg).unwrap_or_else(|| paper.foreground());
        let mut background = rgb(cell.bg).unwrap_or_else(|| paper.background());
        if cell.modifier.contains(Modifier::REVERSED) {
            std::mem::swap(&mut foreground, &mut background);
        }
        if cell.modifier.contains(Modifier::DIM) {
            foreground = between(foreground, background);
        }
        let modifier = cell.modifier & (Modifier::BOLD | Modifier::ITALIC | Modifier::UNDERLINED);
        Self { foreground, background, modifier }
    }
}

/// A colour that is three fifths `one` and two fifths `other`, as terminals show dim text.
fn between(one: Rgb, other: Rgb) -> Rgb {
    let mix = |one: u8, other: u8| ((u16::from(one) * 3 + u16::from(other) * 2) / 5) as u8;
    (mix(one.0, other.0), mix(one.1, other.1), mix(one.2, other.2))
}

pub fn hexadecimal((red, green, blue): Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A colour as xterm shows it; none for the terminal's own.
fn rgb(colour: Color) -> Option<Rgb> {
    let named = |index| Colour::Named(index).rgb();
    match colour {
        Color::Reset => None,
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
        Color::Indexed(index) => Colour::Index(index).rgb(),
        Color::Rgb(red, green, blue) => Some((red, green, blue)),
    }
}
