//! The parameters of a call, as the SDK's builders want them.
//!
//! Calls are checked against the table of writes before this, so a parameter of another shape does not occur.

use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::aws::convert::date_time;
use crate::change::Parameter;
use crate::model::Moment;

/// Parameters, or the fields of a structure.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a [(&'static str, Parameter)]);

impl<'a> Fields<'a> {
    pub(super) fn new(parameters: &'a [(&'static str, Parameter)]) -> Self {
        Self(parameters)
    }

    fn get(self, name: &str) -> Option<&'a Parameter> {
        self.0.iter().find(|(it, _)| *it == name).map(|(_, value)| value)
    }

    fn str(self, name: &str) -> Option<&'a str> {
        match self.get(name)? {
            Parameter::Text(text) => Some(text),
            Parameter::Hidden(hidden) => hidden.reveal().map(|text| &**text),
            _ => None,
        }
    }

    pub(super) fn text(self, name: &str) -> Option<String> {
        self.str(name).map(str::to_owned)
    }

    /// A text that is a type of the SDK's, which keeps words that it does not know.
    pub(super) fn word<T: From<&'a str>>(self, name: &str) -> Option<T> {
        self.str(name).map(T::from)
    }

    pub(super) fn number(self, name: &str) -> Option<i32> {
        if let Some(Parameter::Number(number)) = self.get(name) { Some(*number) } else { None }
    }

    pub(super) fn double(self, name: &str) -> Option<f64> {
        if let Some(Parameter::Double(number)) = self.get(name) { Some(*number) } else { None }
    }

    pub(super) fn flag(self, name: &str) -> Option<bool> {
        if let Some(Parameter::Flag(flag)) = self.get(name) { Some(*flag) } else { None }
    }

    pub(super) fn time(self, name: &str) -> Option<DateTime> {
        let at: Timestamp = self.str(name)?.parse().ok()?;
        Some(date_time(Moment(at)))
    }

    pub(super) fn structure<T>(self, name: &str, make: impl Fn(Self) -> T) -> Option<T> {
        if let Some(Parameter::Structure(fields)) = self.get(name) { Some(make(Self(fields))) } else { None }
    }

    /// A list of structures.
    pub(super) fn list<T>(self, name: &str, make: impl Fn(Self) -> T) -> Option<Vec<T>> {
        let member = |value: &'a Parameter| match value {
            Parameter::Structure(fields) => Some(make(Self(fields))),
            _ => None,
        };
        if let Some(Parameter::List(values)) = self.get(name) { values.iter().map(member).collect() } else { None }
    }

    /// A list of texts.
    pub(super) fn texts(self, name: &str) -> Option<Vec<String>> {
        let member = |value: &Parameter| if let Parameter::Text(text) = value { Some(text.clone()) } else { None };
        if let Some(Parameter::List(values)) = self.get(name) { values.iter().map(member).collect() } else { None }
    }
}
