//! A tree of values: the content of the protocols that are not forms, whichever way it is encoded.
//!
//! `CloudWatch` has three protocols (CBOR for the Rust SDK, JSON for botocore of today, query for older clients), so its
//! operations know only this.

use super::form::Form;
use super::xml::Xml;
use crate::sim::physics::timestamp;
use jiff::Timestamp;
use std::collections::BTreeMap;

/// The most levels of a document. The deepest request that is answered here has seven.
pub const MOST_DEPTH: usize = 32;

/// A value on the wire.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, and every other value without a meaning here.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// Seconds since the Unix epoch (tag 1).
    Time(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A structure, in the order in which it is written.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// A member of a structure.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A number, however it was written; a time in seconds since the Unix epoch is one too.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Float(number) | Self::Time(number) => Some(*number),
            Self::Integer(number) => Some(*number as f64),
            Self::Text(text) => {
                let time = || text.parse().ok().map(|time: Timestamp| time.as_millisecond() as f64 / 1000.0);
                text.parse().ok().or_else(time)
            }
            _ => None,
        }
    }

    /// Returns whether it is explicitly false.
    pub fn is_false(&self) -> bool {
        match self {
            Self::Flag(flag) => !flag,
            Self::Text(text) => text == "false",
            _ => false,
        }
    }

    /// The entries of a list; none for anything else.
    pub fn entries(&self) -> &[Self] {
        if let Self::List(entries) = self { entries } else { &[] }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A structure with its members in order.
pub fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Reads JSON; numbers are numbers, and times are too.
pub fn from_json(json: &serde_json::Value) -> Value {
    use serde_json::Value as Json;
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Flag(*flag),
        Json::Number(number) => Value::Float(number.as_f64().unwrap_or_default()),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(entries) => Value::List(entries.iter().map(from_json).collect()),
        Json::Object(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.clone(), from_json(value))).collect())
        }
    }
}

/// Writes JSON; a time is a number of seconds.
pub fn to_json(value: &Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Value::Null => Json::Null,
        Value::Flag(flag) => Json::Bool(*flag),
        Value::Integer(number) => Json::from(*number),
        Value::Float(number) | Value::Time(number) => Json::from(*number),
        Value::Text(text) => Json::String(text.clone()),
        Value::List(entries) => Json::Array(entries.iter().map(to_json).collect()),
        Value::Map(entries) => Json::Object(entries.iter().map(|(key, value)| (key.clone(), to_json(value))).collect()),
    }
}

/// Reads a form: `Queries.member.1.Stat=Sum` is a list of structures. All leaves are texts; none: it is nested too deeply.
pub fn from_form(form: &Form) -> Option<Value> {
    branch(form.pairs().collect(), MOST_DEPTH)
}

fn branch(leaves: Vec<(&str, &str)>, depth: usize) -> Option<Value> {
    if let [("", text)] = leaves.as_slice() {
        return Some(Value::Text((*text).to_owned()));
    }
    let inside = depth.checked_sub(1)?;
    let mut below: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for (path, text) in leaves {
        let (name, rest) = path.split_once('.').unwrap_or((path, ""));
        below.entry(name).or_default().push((rest, text));
    }
    if below.len() == 1
        && let Some(members) = below.remove("member")
    {
        let Value::Map(mut entries) = branch(members, inside)? else { return Some(Value::List(Vec::new())) };
        entries.sort_by_key(|(number, _)| number.parse::<u32>().unwrap_or_default());
        return Some(Value::List(entries.into_iter().map(|(_, entry)| entry).collect()));
    }
    let members = below.into_iter().map(|(name, leaves)| Some((name.to_owned(), branch(leaves, inside)?)));
    members.collect::<Option<_>>().map(Value::Map)
}

/// Writes the members of a structure as XML of the query protocol.
pub fn to_xml(value: &Value, xml: &mut Xml) {
    match value {
        Value::Null => {}
        Value::Map(entries) => {
            for (name, entry) in entries {
                xml.within(name, |xml| to_xml(entry, xml));
            }
        }
        Value::List(entries) => {
            for entry in entries {
                xml.within("member", |xml| to_xml(entry, xml));
            }
        }
        Value::Flag(flag) => xml.characters(flag),
        Value::Integer(number) => xml.characters(number),
        Value::Float(number) => xml.characters(number),
        Value::Time(seconds) => xml.characters(format_args!("{:.3}", timestamp((seconds * 1000.0) as i64))),
        Value::Text(text) => xml.characters(text),
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, from_form, map, to_xml};
    use crate::sim::wire::form::Form;
    use crate::sim::wire::xml::Xml;

    #[test]
    fn a_form_becomes_a_tree() {
        let form = Form::parse(b"Q.member.2.Id=b&Q.member.1.Id=a&Q.member.10.Id=c&Start=2026-01-02T03:00:00Z");
        let tree = from_form(&form).unwrap();
        let ids: Vec<_> = tree.get("Q").unwrap().entries().iter().map(|one| one.get("Id").unwrap().text()).collect();
        assert_eq!(ids, [Some("a"), Some("b"), Some("c")]);
        assert_eq!(tree.get("Start").and_then(Value::number), Some(1_767_322_800.0));
    }

    #[test]
    fn a_form_is_as_deep_as_a_document_at_most() {
        let nested = |depth: usize| from_form(&Form::parse(format!("{}=x", ["a"].repeat(depth).join(".")).as_bytes()));
        assert!(nested(super::MOST_DEPTH).is_some());
        assert_eq!(nested(super::MOST_DEPTH + 1), None);
        assert_eq!(nested(100_000), None);
        // A name that is a beginning of others, with what sorts in between.
        let tree = from_form(&Form::parse(b"a=1&a-b=2&a.b=3")).unwrap();
        assert_eq!(tree.get("a").and_then(|inner| inner.get("b")).and_then(Value::text), Some("3"));
    }

    #[test]
    fn a_tree_becomes_xml() {
        let mut xml = Xml::default();
        to_xml(&map([("Values", Value::List(vec![Value::Float(1.5)])), ("At", Value::Time(0.0))]), &mut xml);
        assert_eq!(xml.into_string(), "<Values><member>1.5</member></Values><At>1970-01-01T00:00:00.000Z</At>");
    }
}
