//! A value of a setting that has been checked, and how a file would spell it.

use std::fmt;

use super::{Chord, Colour};

/// A checked value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Flag(bool),
    Text(String),
    List(Vec<String>),
    Number(f64),
    Integer(u32),
    Chords(Vec<Chord>),
    Colour(Colour),
}

impl fmt::Display for Value {
    /// As the file would spell it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(formatter, "{flag}"),
            Self::Text(text) => formatter.write_str(&quoted(text)),
            Self::List(items) => write!(formatter, "[{}]", listed(items.iter())),
            Self::Number(number) => write!(formatter, "{number:?}"),
            Self::Integer(number) => write!(formatter, "{number}"),
            Self::Chords(chords) => write!(formatter, "[{}]", listed(chords.iter())),
            Self::Colour(colour) => formatter.write_str(&quoted(&colour.to_string())),
        }
    }
}

fn listed<T: ToString>(items: impl Iterator<Item = T>) -> String {
    items.map(|item| quoted(&item.to_string())).collect::<Vec<_>>().join(", ")
}

/// A text as TOML quotes it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
