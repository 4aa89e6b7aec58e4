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
