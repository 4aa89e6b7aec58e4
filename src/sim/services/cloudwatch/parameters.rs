//! The parameters of a request, read from a tree of values.

use crate::sim::wire::document::Value;
use crate::sim::wire::refusal::Refusal;

pub(super) fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::parameter(message)
}

/// A whole number between limits.
pub(super) fn whole(input: &Value, name: &str, least: usize, most: usize) -> Result<Option<usize>, Refusal> {
    let Some(number) = input.get(name).and_then(Value::number) else { return Ok(None) };
    if number >= least as f64 && number <= most as f64 {
        return Ok(Some(number as usize));
    }
    Err(invalid(format!("The value {number} for parameter {name} is not between {least} and {most}.")))
}

/// The entries of a list of texts.
pub(super) fn texts<'a>(input: &'a Value, name: &str) -> Vec<&'a str> {
    input.get(name).map(Value::entries).unwrap_or_default().iter().filter_map(Value::text).collect()
}

pub(super) fn text<'a>(input: &'a Value, name: &str) -> Option<&'a str> {
    input.get(name).and_then(Value::text)
}

/// Is there nothing but these members? AWS ignores others; here they are mistakes.
pub(super) fn only(input: &Value, known: &[&str]) -> Result<(), Refusal> {
    let Value::Map(members) = input else { return Ok(()) };
    match members
        .iter()
        .find(|(name, _)| !known.contains(&name.as_str()) && !matches!(name.as_str(), "Action" | "Version"))
    {
        Some((name, _)) => Err(Refusal::validation(format!("The parameter {name} is not known here."))),
        None => Ok(()),
    }
}

pub(super) fn required<'a>(input: &'a Value, name: &str, most: usize) -> Result<&'a str, Refusal> {
    optional(input, name, 1, most)?.ok_or_else(|| missing(name))
}

pub(super) fn optional<'a>(
    input: &'a Value,
    name: &str,
    least: usize,
    most: usize,
) -> Result<Option<&'a str>, Refusal> {
    let Some(value) = input.get(name) else { return Ok(None) };
    let fits = |text: &&str| (least..=most).contains(&text.chars().count());
    match value.text().filter(fits) {
        Some(text) => Ok(Some(text)),
        None => {
            Err(Refusal::validation(format!("The parameter {name} must be a text of {least} to {most} characters.")))
        }
    }
}

pub(super) fn missing(name: &str) -> Refusal {
    Refusal::bad_request("MissingParameter", format!("The parameter {name} is required."))
}

pub(super) fn not_found(what: impl std::fmt::Display) -> Refusal {
    Refusal::new(404, "ResourceNotFoundException", format!("{what} does not exist."))
}

/// Has the list at most so many entries?
pub(super) fn at_most(name: &str, entries: &[Value], most: usize) -> Result<(), Refusal> {
    if entries.len() <= most {
        return Ok(());
    }
    Err(Refusal::validation(format!("The collection {name} must not have a size greater than {most}.")))
}
