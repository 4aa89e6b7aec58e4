//! Walks a parsed scenario along the table of known keys and notes everything that does not fit.
//!
//! It continues after an error, so that all of them are reported together; references are resolved here too.

use super::names::Names;
use super::schema::{Field, Holds, Table};
use super::span::Span;
use crate::mistakes::{Mistakes, SpanMistake, decimal, did_you_mean, whole};
use crate::sim::service::Service;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The longest time, before or after the start.
const LONGEST: Span = Span::days(3_660);

/// A walk over one file.
pub(super) struct Walk<'a, 'm> {
    pub(super) names: &'a Names,
    pub(super) mistakes: &'m mut Mistakes<'a>,
}

impl Walk<'_, '_> {
    pub(super) fn table(&mut self, at: &Range<usize>, given: &DeTable<'_>, known: &Table) {
        for (key, value) in given {
            let name = key.get_ref().as_ref();
            match known.0.iter().find(|field| field.name == name) {
                Some(field) => self.value(value, &field.holds),
                None => self.unknown_key(&key.span(), name, known),
            }
        }
        for field in known.0.iter().filter(|field| field.required) {
            self.required(at, given, field);
        }
    }

    fn unknown_key(&mut self, at: &Range<usize>, name: &str, known: &Table) {
        let meant = did_you_mean(name, known.0.iter().map(|field| field.name));
        self.mistakes.add(at, format!("unknown key `{}`{meant}", name.escape_debug()));
    }

    fn required(&mut self, at: &Range<usize>, given: &DeTable<'_>, field: &Field) {
        if !given.keys().any(|key| key.get_ref().as_ref() == field.name) {
            self.mistakes.add(at, format!("`{}` is missing", field.name));
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, holds: &Holds) {
        let at = value.span();
        let fits = match (holds, value.get_ref()) {
            (Holds::Table(known), DeValue::Table(table)) => {
                self.table(&at, table, known);
                Ok(())
            }
            (Holds::Tables(known), DeValue::Array(entries)) => {
                for entry in entries {
                    self.value(entry, &Holds::Table(known));
                }
                Ok(())
            }
            (Holds::List(inner), DeValue::Array(entries)) => {
                for entry in entries {
                    self.value(entry, inner);
                }
                Ok(())
            }
            (Holds::Map(inner), DeValue::Table(table)) => {
                for entry in table.values() {
                    self.value(entry, inner);
                }
                Ok(())
            }
            (Holds::Actions(inner), DeValue::Table(table)) => {
                for (key, entry) in table {
                    permission(key.get_ref()).unwrap_or_else(|problem| self.mistakes.add(&key.span(), problem));
                    self.value(entry, inner);
                }
                Ok(())
            }
            (Holds::Options, DeValue::Table(table)) => {
                for (key, entry) in table {
                    option(key.get_ref()).unwrap_or_else(|problem| self.mistakes.add(&key.span(), problem));
                    self.value(entry, &Holds::Text);
                }
                Ok(())
            }
            (Holds::Refers(thing), DeValue::String(name)) => self.names.find(*thing, name),
            (holds, value) => scalar(value, holds),
        };
        fits.unwrap_or_else(|problem| self.mistakes.add(&at, problem));
    }
}

/// Does a single value fit? If not, why.
fn scalar(value: &DeValue<'_>, holds: &Holds) -> Result<(), String> {
    match (holds, value) {
        (Holds::Text, DeValue::String(_)) | (Holds::Flag, DeValue::Boolean(_)) => Ok(()),
        (Holds::Path, DeValue::String(text)) if text.starts_with('/') => Ok(()),
        (Holds::Path, DeValue::String(text)) => {
            Err(format!("`{}` is not a path such as \"/ready\"", text.escape_debug()))
        }
        (Holds::Choice(choices), DeValue::String(text)) => choice(text, choices),
        (Holds::Whole(least, most), DeValue::Integer(number)) => match whole(number) {
            Some(number) if (*least..=*most).contains(&number) => Ok(()),
            _ => Err(format!("{number} is out of range, expected {least} to {most}")),
        },
        (Holds::Number(least, most), DeValue::Integer(_) | DeValue::Float(_)) => match decimal(value) {
            Some(number) if (*least..=*most).contains(&number) => Ok(()),
            _ => Err(format!("the number is out of range, expected {least} to {most}")),
        },
        (Holds::EnvironmentId, DeValue::String(text)) => environment_id(text),
        (Holds::Span | Holds::Moment, DeValue::String(text)) => time(text, matches!(holds, Holds::Moment)),
        (Holds::Permission, DeValue::String(text)) => permission(text),
        (holds, value) => Err(format!("expected {}, found {}", wanted(holds), value.type_str())),
    }
}

/// A stretch of time; a moment may lie before the start.
fn time(text: &str, may_be_before: bool) -> Result<(), String> {
    let too_long = || format!("`{text}` is out of range, expected ten years at most");
    match Span::parse(text) {
        Ok(span) if span.0.unsigned_abs() > LONGEST.0.unsigned_abs() => Err(too_long()),
        Ok(span) if span.0 >= 0 || may_be_before => Ok(()),
        Ok(_) => Err(format!("`{text}` is out of range, expected a time that is not negative")),
        Err(SpanMistake::TooLong) => Err(too_long()),
        Err(SpanMistake::Unreadable) => Err(format!("`{text}` is not a time such as \"45s\", \"4m\" or \"31d\"")),
    }
}

fn choice(text: &str, choices: &[&str]) -> Result<(), String> {
    if choices.contains(&text) {
        return Ok(());
    }
    let meant = did_you_mean(text, choices.iter().copied());
    Err(format!("`{}` is not one of {}{meant}", text.escape_debug(), choices.join(", ")))
}

/// `service:Operation`, `service:*` or `*`.
fn permission(text: &str) -> Result<(), String> {
    let known = || Service::ALL.into_iter().map(Service::name);
    match text.split_once(':') {
        _ if text == "*" => Ok(()),
        Some((service, operation)) if known().any(|name| name == service) && !operation.is_empty() => Ok(()),
        Some((service, _)) => Err(format!("`{text}` names no simulated service{}", did_you_mean(service, known()))),
        None => Err(format!("`{text}` is not an action such as \"elasticloadbalancing:DescribeTags\"")),
    }
}

/// `namespace/Option`, as `aws:elasticbeanstalk:command/Timeout`.
fn option(key: &str) -> Result<(), String> {
    match key.rsplit_once('/') {
        Some((namespace, name)) if namespace.starts_with("aws:") && !name.is_empty() => Ok(()),
        _ => Err(format!("`{}` is not an option such as \"aws:elasticbeanstalk:command/Timeout\"", key.escape_debug())),
    }
}

fn environment_id(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix("e-").unwrap_or_default();
    if rest.len() == 10 && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
        return Ok(());
    }
    Err(format!("`{}` is not an environment's id such as \"e-abcd123456\"", text.escape_debug()))
}

fn wanted(holds: &Holds) -> &'static str {
    match holds {
        Holds::Text | Holds::Path | Holds::EnvironmentId | Holds::Choice(_) | Holds::Permission | Holds::Refers(_) => {
            "string"
        }
        Holds::Span | Holds::Moment => "a time such as \"45s\"",
        Holds::Whole(..) => "integer",
        Holds::Number(..) => "number",
        Holds::Flag => "boolean",
        Holds::List(_) => "array",
        Holds::Tables(_) => "array of tables",
        Holds::Table(_) | Holds::Map(_) | Holds::Options | Holds::Actions(_) => "table",
    }
}
