//! A TOML file that is read to its end in spite of errors, and the errors that were found in it.
//!
//! The parser continues after an error and puts a placeholder there. The placeholder has no position of its own, or
//! is on the line of the error; neither is reported a second time.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use super::{Mistake, Position};

/// The mistakes of a file.
pub struct Mistakes<'a> {
    origin: &'a str,
    text: &'a str,
    syntax: Vec<Mistake>,
    found: Vec<Mistake>,
}

impl<'a> Mistakes<'a> {
    /// Parses a file, whose name in messages is `origin`; the mistakes are those of its syntax.
    #[must_use]
    pub fn parse(origin: &'a str, text: &'a str) -> (Spanned<DeTable<'a>>, Self) {
        let (table, errors) = DeTable::parse_recoverable(text);
        let mut mistakes = Self { origin, text, syntax: Vec::new(), found: Vec::new() };
        let end = text.len()..text.len();
        for error in errors {
            let bytes = error.span().unwrap_or(end.clone());
            mistakes.syntax.push(mistakes.at(&bytes, error.message().replace('\n', ", ")));
        }
        (table, mistakes)
    }

    /// Notes a mistake at these bytes of the text.
    pub fn add(&mut self, bytes: &Range<usize>, what: impl Into<String>) {
        self.found.push(self.at(bytes, what.into()));
    }

    /// The place of a byte.
    #[must_use]
    pub fn position(&self, byte: usize) -> Position {
        Position::of(self.text, byte)
    }

    /// All mistakes, each once, in the order of the text.
    #[must_use]
    pub fn all(mut self) -> Vec<Mistake> {
        let line = |mistake: &Mistake| mistake.position.map(|position| position.line);
        self.found.retain(|mistake| !self.syntax.iter().any(|error| line(error) == line(mistake)));
        self.found.append(&mut self.syntax);
        self.found.sort_by(|one, other| (one.position, &one.what).cmp(&(other.position, &other.what)));
        self.found.dedup();
        self.found
    }

    fn at(&self, bytes: &Range<usize>, what: String) -> Mistake {
        Mistake { origin: self.origin.to_owned(), position: Some(self.position(bytes.start)), what }
    }
}

/// The number that is written here, in any radix; `None` if it is out of range.
#[must_use]
pub fn whole(number: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// The number that is written here, with a fraction or without one.
#[must_use]
pub fn decimal(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) => whole(number).map(|number| number as f64),
        DeValue::Float(number) => number.as_str().parse().ok(),
        _ => None,
    }
}
