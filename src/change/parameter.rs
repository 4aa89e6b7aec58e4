//! A parameter of a call: a text, a number, or what is made of them; in JSON, and as an argument of the AWS CLI.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::hidden::{HiddenValue, MASK};

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameter {
    /// A text.
    Text(String),
    /// A whole number.
    Number(i32),
    /// A number, never one that is not equal to itself.
    Double(f64),
    /// Yes or no.
    Flag(bool),
    /// Fields, in order.
    Structure(Vec<(&'static str, Parameter)>),
    /// Values in order.
    List(Vec<Parameter>),
    /// A text that is sent and never shown.
    Hidden(HiddenValue),
}

impl Eq for Parameter {}

pub(super) struct Structure<'a>(pub(super) &'a [(&'static str, Parameter)]);

impl Parameter {
    pub(super) fn text(value: impl Into<String>) -> Self {
        Self::Text(value.into())
    }

    /// A list of structures whose fields are texts.
    pub(super) fn rows<const N: usize>(rows: impl IntoIterator<Item = [(&'static str, String); N]>) -> Self {
        let row = |fields: [(&'static str, String); N]| {
            Self::Structure(fields.into_iter().map(|(name, value)| (name, Self::Text(value))).collect())
        };
        Self::List(rows.into_iter().map(row).collect())
    }

    /// Returns it as an argument of the AWS CLI, for a shell: its shorthand where that is simple, else JSON.
    pub(super) fn argument(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Double(number) => number.to_string(),
            // The name of the parameter is its value: `--name`, `--no-name`.
            Self::Flag(_) => String::new(),
            // What is never shown has to come from a file that only the user has.
            _ if self.hides() => "file://options.json".to_owned(),
            Self::Structure(_) | Self::List(_) => self.shorthand().unwrap_or_else(|| quoted(&self.to_string())),
            Self::Hidden(_) => MASK.to_owned(),
        }
    }

    /// For people: the members of a list, each in its own text; nothing for what is no list.
    pub(super) fn members(&self) -> Vec<String> {
        if let Self::List(values) = self { values.iter().map(Self::words).collect() } else { Vec::new() }
    }

    /// For people: `Key` and `Value` as `key=value`, an option as `namespace option=value`.
    pub(super) fn words(&self) -> String {
        let Self::Structure(fields) = self else { return self.to_string() };
        match fields.as_slice() {
            [("Key", key), ("Value", value)] => format!("{key}={value}"),
            [("Namespace", namespace), ("OptionName", name), ("Value", value)] => format!("{namespace} {name}={value}"),
            [("Namespace", namespace), ("OptionName", name)] => format!("{namespace} {name}"),
            fields => {
                let field = |(name, value): &(&str, Self)| format!("{name}={}", value.words());
                fields.iter().map(field).collect::<Vec<_>>().join(" ")
            }
        }
    }

    fn shorthand(&self) -> Option<String> {
        match self {
            Self::List(values) => values.iter().map(Self::shorthand).collect::<Option<Vec<_>>>().map(|it| it.join(" ")),
            Self::Structure(fields) => {
                let field = |(name, value): &(&str, Self)| match value {
                    Self::Text(text) if is_shorthand(text) => Some(format!("{name}={text}")),
                    Self::Number(number) => Some(format!("{name}={number}")),
                    _ => None,
                };
                fields.iter().map(field).collect::<Option<Vec<_>>>().map(|it| it.join(","))
            }
            Self::Text(_) | Self::Number(_) | Self::Double(_) | Self::Flag(_) | Self::Hidden(_) => None,
        }
    }

    /// Whether something in it is never shown.
    fn hides(&self) -> bool {
        self.hidden().next().is_some()
    }

    /// What is never shown in it.
    pub(super) fn hidden(&self) -> Box<dyn Iterator<Item = &HiddenValue> + '_> {
        match self {
            Self::Hidden(hidden) => Box::new(std::iter::once(hidden)),
            Self::Structure(fields) => Box::new(fields.iter().flat_map(|(_, value)| value.hidden())),
            Self::List(values) => Box::new(values.iter().flat_map(Self::hidden)),
            Self::Text(_) | Self::Number(_) | Self::Double(_) | Self::Flag(_) => Box::new(std::iter::empty()),
        }
    }
}

/// Whether the CLI's shorthand and the shell both take it as it is.
fn is_shorthand(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_./:".contains(it))
}

/// Quotes a value for a POSIX shell: anything with a special meaning is in single quotes.
#[must_use]
pub fn quoted(value: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:@=,+".contains(character);
    if !value.is_empty() && value.chars().all(plain) {
        value.to_owned()
    } else {
        format!("'{}'", value.replace('\'', "'\\''"))
    }
}

/// Texts as they are, anything else as JSON.
impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Hidden(_) => f.write_str(MASK),
            other => f.write_str(&serde_json::to_string(other).unwrap_or_default()),
        }
    }
}

impl Serialize for Parameter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.serialize_i32(*number),
            Self::Double(number) => serializer.serialize_f64(*number),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Structure(fields) => Structure(fields).serialize(serializer),
            Self::List(values) => values.serialize(serializer),
            Self::Hidden(_) => serializer.serialize_str(MASK),
        }
    }
}

impl Serialize for Structure<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attributes(rows: &[(&str, &str)]) -> Parameter {
        Parameter::rows(rows.iter().map(|(key, value)| [("Key", (*key).to_owned()), ("Value", (*value).to_owned())]))
    }

    #[test]
    fn a_list_is_reported_in_the_shorthand_of_the_cli_or_in_json() {
        let plain = attributes(&[("stickiness.enabled", "true"), ("stickiness.type", "lb_cookie")]);
        assert_eq!(plain.argument(), "Key=stickiness.enabled,Value=true Key=stickiness.type,Value=lb_cookie");
        assert_eq!(attributes(&[("a", "it's 1,2")]).argument(), r#"'[{"Key":"a","Value":"it'\''s 1,2"}]'"#);
        let matcher = Parameter::Structure(vec![("HttpCode", Parameter::text("200,301"))]);
        assert_eq!(matcher.argument(), r#"'{"HttpCode":"200,301"}'"#);
        assert_eq!(Parameter::Number(5).argument(), "5");
        let both = Parameter::Structure(vec![("Port", Parameter::Number(443)), ("Protocol", Parameter::text("HTTPS"))]);
        assert_eq!(both.argument(), "Port=443,Protocol=HTTPS");
    }
}
