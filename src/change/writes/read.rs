//! Reads a parameter back from what was written of it. Names become those of the table.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::row::{ApiWrite, ParameterSpec};
use super::table::WRITES;
use crate::change::parameter::Parameter;

/// The row of an operation, by the service's IAM prefix and by its name.
#[must_use]
pub fn find(service: &str, operation: &str) -> Option<&'static ApiWrite> {
    WRITES.iter().copied().find(|row| row.service.prefix() == service && row.operation == operation)
}

/// The name of a parameter or field of any row, as the rows hold it.
fn interned(name: &str) -> Option<&'static str> {
    fn among(specs: &'static [ParameterSpec], name: &str) -> Option<&'static str> {
        specs.iter().find_map(|spec| if spec.name == name { Some(spec.name) } else { among(spec.shape.fields(), name) })
    }
    WRITES.iter().find_map(|row| among(row.parameters, name))
}

/// As it is written. The fields of a structure have to be named as in some row of the table of writes.
impl<'de> Deserialize<'de> for Parameter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ParameterVisitor)
    }
}

struct ParameterVisitor;

impl<'de> Visitor<'de> for ParameterVisitor {
    type Value = Parameter;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number, true or false, a list or an object")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Parameter, E> {
        Ok(Parameter::text(text))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Parameter, E> {
        Ok(Parameter::Flag(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Parameter, E> {
        i32::try_from(number).map(Parameter::Number).map_err(|_| E::custom(format!("{number} is out of range")))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Parameter, E> {
        i32::try_from(number).map(Parameter::Number).map_err(|_| E::custom(format!("{number} is out of range")))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Parameter, E> {
        Ok(Parameter::Double(number))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Parameter, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = values.next_element()? {
            list.push(value);
        }
        Ok(Parameter::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Parameter, A::Error> {
        let mut fields = Vec::new();
        while let Some((name, value)) = entries.next_entry::<String, Parameter>()? {
            let Some(name) = interned(&name) else {
                return Err(A::Error::custom(format!("no API write has a parameter {name}")));
            };
            fields.push((name, value));
        }
        Ok(Parameter::Structure(fields))
    }
}
