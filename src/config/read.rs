//! Parses one value and checks that it is valid for its setting.
//!
//! A variable or a flag is a text whatever it means, a file has types; the checks of a text are the same for both.

use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::keys::{KnownNames, ValueKind};
use super::value::Value;
use super::{Chord, Colour, ColourChoice};
use crate::mistakes::{decimal, did_you_mean, did_you_mean_or_list};

/// What is wrong, and at which bytes of the file.
pub(super) type Wrong = (Range<usize>, String);

/// Reads the text of a variable or a flag.
pub(super) fn text(kind: &ValueKind, text: &str) -> Result<Value, String> {
    match kind {
        ValueKind::Flag(_) | ValueKind::OwnFlag(_) | ValueKind::ReadOnly(_) => match text.to_ascii_lowercase().as_str()
        {
            "true" | "1" | "yes" | "on" => Ok(Value::Flag(true)),
            "false" | "0" | "no" | "off" => Ok(Value::Flag(false)),
            // A pattern would be as good as a typing mistake: `ture` must not mean that nothing is protected.
            _ => match (kind, patterns(text)) {
                (ValueKind::ReadOnly(_), Some(patterns)) => Ok(Value::List(patterns)),
                _ => Err(unwanted(kind, &format!("`{text}`"))),
            },
        },
        kind => string(kind, text, None),
    }
}

/// Reads a value of a file.
pub(super) fn value(
    kind: &ValueKind,
    value: &Spanned<DeValue>,
    known: Option<&KnownNames>,
) -> Result<Value, Vec<Wrong>> {
    let one = |result: Result<Value, String>| result.map_err(|what| vec![(value.span(), what)]);
    match (kind, value.get_ref()) {
        (ValueKind::Flag(_) | ValueKind::OwnFlag(_) | ValueKind::ReadOnly(_), DeValue::Boolean(flag)) => {
            Ok(Value::Flag(*flag))
        }
        (ValueKind::Columns(_), DeValue::Array(items)) if items.is_empty() => one(Err(unwanted(kind, "an empty one"))),
        (ValueKind::ReadOnly(_), DeValue::Array(items)) if items.is_empty() => one(Err(unwanted(kind, "an empty one"))),
        (
            ValueKind::Columns(_) | ValueKind::Patterns(_) | ValueKind::ReadOnly(_) | ValueKind::Chords(_),
            DeValue::Array(items),
        ) => list(kind, items, known),
        (ValueKind::Number(..) | ValueKind::Integer(..) | ValueKind::Seconds(..), found) => one(number(kind, found)),
        (ValueKind::Colour(_), DeValue::Integer(number)) => one(string(kind, number.as_str(), known)),
        (
            ValueKind::Flag(_)
            | ValueKind::OwnFlag(_)
            | ValueKind::ReadOnly(_)
            | ValueKind::Columns(_)
            | ValueKind::Patterns(_),
            found,
        ) => one(Err(unwanted(kind, &described(found)))),
        (_, DeValue::String(text)) => one(string(kind, text, known)),
        (_, found) => one(Err(unwanted(kind, &described(found)))),
    }
}

/// The patterns in a text, with commas between them; none unless one of them has a star, which no misspelt `true` has.
fn patterns(text: &str) -> Option<Vec<String>> {
    let patterns: Vec<_> = text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
    patterns.iter().any(|it| it.contains('*')).then_some(patterns)
}

fn unwanted(kind: &ValueKind, found: &str) -> String {
    format!("expected {}, not {found}", kind.wants())
}

/// Describes a value.
pub(super) fn described(value: &DeValue) -> String {
    match value {
        DeValue::String(text) => format!("`{text}`"),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(_) => "a time".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

/// A value that is written as one text; of lists, one item.
fn string(kind: &ValueKind, text: &str, known: Option<&KnownNames>) -> Result<Value, String> {
    let taken = || Value::Text(text.to_owned());
    match kind {
        ValueKind::Chords(_) => match Chord::parse(text) {
            Ok(chord) => Ok(Value::Chords(vec![chord])),
            Err(error) => Err(error.to_string()),
        },
        ValueKind::Colour(_) => Colour::parse(text).map(Value::Colour).map_err(|error| error.to_string()),
        ValueKind::Word(words, _) => one_of(kind, text, words),
        ValueKind::When(_) => one_of(kind, text, ColourChoice::NAMES),
        ValueKind::Column(_) | ValueKind::Columns(_) => column(text, known).map(|()| taken()),
        ValueKind::Url(_) if !is_url(text) => {
            // What precedes an `@` may be a password.
            let shown = text.rsplit('@').next().filter(|rest| rest.len() < text.len());
            Err(unwanted(kind, &shown.map_or_else(|| format!("`{text}`"), |rest| format!("`***@{rest}`"))))
        }
        _ if text.is_empty() => Err("expected a text, not an empty one".to_owned()),
        _ => Ok(taken()),
    }
}

fn one_of(kind: &ValueKind, text: &str, words: &[&str]) -> Result<Value, String> {
    if words.contains(&text) {
        return Ok(Value::Text(text.to_owned()));
    }
    Err(unwanted(kind, &format!("`{text}`")) + &did_you_mean(text, words.iter().copied()))
}

fn column(text: &str, known: Option<&KnownNames>) -> Result<(), String> {
    match known {
        Some(known) if !known.columns.contains(&text) => {
            Err(format!("unknown column `{text}`{}", did_you_mean_or_list(text, known.columns)))
        }
        _ => Ok(()),
    }
}

fn is_url(text: &str) -> bool {
    let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(char::is_whitespace))
}

fn number(kind: &ValueKind, found: &DeValue) -> Result<Value, String> {
    let value = match (kind, found) {
        (ValueKind::Number(range, _), DeValue::Integer(_) | DeValue::Float(_)) => {
            decimal(found).filter(|number| range.contains(number)).map(Value::Number)
        }
        (ValueKind::Integer(range, _) | ValueKind::Seconds(range, _), DeValue::Integer(number)) => {
            let number = u32::from_str_radix(number.as_str(), number.radix()).ok();
            number.filter(|number| range.contains(number)).map(Value::Integer)
        }
        _ => None,
    };
    value.ok_or_else(|| unwanted(kind, &described(found)))
}

fn list(kind: &ValueKind, items: &[Spanned<DeValue>], known: Option<&KnownNames>) -> Result<Value, Vec<Wrong>> {
    let mut read: Vec<Value> = Vec::new();
    let mut wrong = Vec::new();
    for item in items {
        let value = match item.get_ref() {
            DeValue::String(text) => string(kind, text, known),
            found => Err(unwanted(kind, &format!("a list with {}", described(found)))),
        };
        match value {
            Ok(value) if read.contains(&value) => wrong.push((item.span(), format!("{value} twice"))),
            Ok(value) => read.push(value),
            Err(what) => wrong.push((item.span(), what)),
        }
    }
    if wrong.is_empty() { Ok(together(kind, read)) } else { Err(wrong) }
}

/// The items of a list as one value.
fn together(kind: &ValueKind, items: Vec<Value>) -> Value {
    let (mut texts, mut chords) = (Vec::new(), Vec::new());
    for item in items {
        match item {
            Value::Text(text) => texts.push(text),
            Value::Chords(chord) => chords.extend(chord),
            _ => {}
        }
    }
    if matches!(kind, ValueKind::Chords(_)) { Value::Chords(chords) } else { Value::List(texts) }
}
