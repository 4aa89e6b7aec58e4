//! Colours as a theme names them: the terminal's own, one of 16 names, an index of 256, or `#rrggbb`.
//!
//! The names follow the user's palette and so have no fixed red, green and blue; [`Colour::rgb`] gives what xterm would
//! show, which serves pictures and the tests of contrast, never the terminal.

use std::fmt;

/// A colour of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Colour {
    /// The terminal's own colour: resets a colour from below.
    Default,
    /// One of the 16 colours of the user's palette, 0 to 15.
    Named(u8),
    /// One of the 256 colours.
    Index(u8),
    /// Red, green and blue.
    Rgb(u8, u8, u8),
}

/// The 16 names, in the order of their numbers.
pub const COLOUR_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// What xterm shows for the 16 names.
const XTERM: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// The text is not a colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown colour `{text}`{hint}")]
pub struct ColourError {
    text: String,
    hint: String,
}

impl Colour {
    /// Reads a colour.
    ///
    /// # Errors
    /// If the text is none of the four ways to write one.
    pub fn parse(text: &str) -> Result<Self, ColourError> {
        let word = text.to_ascii_lowercase();
        if word == "default" {
            return Ok(Self::Default);
        }
        if let Some(number) = (0..16).find(|number| COLOUR_NAMES[usize::from(*number)] == word) {
            return Ok(Self::Named(number));
        }
        if let Some(colour) = word.strip_prefix('#').and_then(hexadecimal) {
            return Ok(colour);
        }
        if let Some(number) = word.parse().ok().filter(|_| word.bytes().all(|byte| byte.is_ascii_digit())) {
            return Ok(Self::Index(number));
        }
        Err(ColourError { hint: hint(text), text: text.to_owned() })
    }

    /// Red, green and blue as xterm shows them; nothing for the terminal's own colour.
    #[must_use]
    pub fn rgb(self) -> Option<(u8, u8, u8)> {
        match self {
            Self::Default => None,
            Self::Named(number) => XTERM.get(usize::from(number)).copied(),
            Self::Index(number) => Some(indexed(number)),
            Self::Rgb(red, green, blue) => Some((red, green, blue)),
        }
    }
}

fn hint(text: &str) -> String {
    let meant = crate::mistakes::did_you_mean(text, COLOUR_NAMES.into_iter().chain(["default"]));
    if meant.is_empty() {
        "; write `default`, a name such as `red` or `bright-blue`, a number from 0 to 255, or `#rrggbb`".to_owned()
    } else {
        meant
    }
}

fn hexadecimal(digits: &str) -> Option<Colour> {
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Colour::Rgb(red, green, blue))
}

/// The 256 colours: the 16 names, a cube of 6 x 6 x 6, and 24 greys.
fn indexed(number: u8) -> (u8, u8, u8) {
    let step = |level: u8| if level == 0 { 0 } else { 55 + 40 * level };
    match number {
        0..=15 => XTERM[usize::from(number)],
        16..=231 => {
            let cell = number - 16;
            (step(cell / 36), step(cell / 6 % 6), step(cell % 6))
        }
        232..=255 => {
            let grey = 8 + 10 * (number - 232);
            (grey, grey, grey)
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::Named(number) => formatter.write_str(COLOUR_NAMES.get(usize::from(*number)).unwrap_or(&"default")),
            Self::Index(number) => write!(formatter, "{number}"),
            Self::Rgb(red, green, blue) => write!(formatter, "#{red:02x}{green:02x}{blue:02x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_each_way_to_write_one() {
        for (text, colour) in [
            ("default", Colour::Default),
            ("red", Colour::Named(1)),
            ("bright-white", Colour::Named(15)),
            ("0", Colour::Index(0)),
            ("245", Colour::Index(245)),
            ("#0a0Bff", Colour::Rgb(10, 11, 255)),
        ] {
            assert_eq!(Colour::parse(text), Ok(colour));
            assert_eq!(colour.to_string(), text.to_ascii_lowercase());
        }
        assert_eq!(Colour::parse("Red"), Ok(Colour::Named(1)));
    }

    #[test]
    fn refuses_the_rest() {
        for text in ["", "256", "-1", "+5", "#12345", "#12345g", "#+12345", "purple", "bright red"] {
            assert!(Colour::parse(text).is_err(), "{text}");
        }
        let message = Colour::parse("yelow").unwrap_err().to_string();
        assert_eq!(message, "unknown colour `yelow`, did you mean `yellow`?");
        let message = Colour::parse("#12345").unwrap_err().to_string();
        assert!(message.starts_with("unknown colour `#12345`; write `default`, a name"), "{message}");
    }

    #[test]
    fn knows_the_cube_and_the_greys() {
        assert_eq!(Colour::Index(16).rgb(), Some((0, 0, 0)));
        assert_eq!(Colour::Index(196).rgb(), Some((255, 0, 0)));
        assert_eq!(Colour::Index(231).rgb(), Some((255, 255, 255)));
        assert_eq!(Colour::Index(67).rgb(), Some((95, 135, 175)));
        assert_eq!(Colour::Index(245).rgb(), Some((138, 138, 138)));
        assert_eq!(Colour::Default.rgb(), None);
    }
}
