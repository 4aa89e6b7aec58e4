//! CBOR values as the RPC v2 protocol uses them (`CloudWatch`): text keys, floats, and timestamps under tag 1.
//!
//! Decoding is lenient about how numbers and lengths are written, for every client has its own way; encoding is not.

use minicbor::data::{Tag, Type};
use minicbor::decode::{Decoder, Error};
use minicbor::encode::Encoder;

/// A value on the wire.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sim) enum Value {
    /// `null`, and whatever has no meaning here.
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
    pub(in crate::sim) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    pub(in crate::sim) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// A number, however it was written.
    pub(in crate::sim) fn number(&self) -> Option<f64> {
        match self {
            Self::Float(number) | Self::Time(number) => Some(*number),
            Self::Integer(number) => Some(*number as f64),
            _ => None,
        }
    }

    /// The entries of a list; none for anything else.
    pub(in crate::sim) fn entries(&self) -> &[Self] {
        if let Self::List(entries) = self { entries } else { &[] }
    }

    pub(in crate::sim) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        value(&mut Decoder::new(bytes))
    }

    pub(in crate::sim) fn encode(&self) -> Vec<u8> {
        let mut encoder = Encoder::new(Vec::new());
        // Writing to a Vec cannot fail.
        let _ = self.write(&mut encoder);
        encoder.into_writer()
    }

    fn write(&self, to: &mut Encoder<Vec<u8>>) -> Result<(), minicbor::encode::Error<std::convert::Infallible>> {
        match self {
            Self::Null => to.null()?,
            Self::Flag(flag) => to.bool(*flag)?,
            Self::Integer(number) => to.i64(*number)?,
            Self::Float(number) => to.f64(*number)?,
            Self::Time(seconds) => to.tag(Tag::new(1))?.f64(*seconds)?,
            Self::Text(text) => to.str(text)?,
            Self::List(entries) => {
                to.array(entries.len() as u64)?;
                for entry in entries {
                    entry.write(to)?;
                }
                to
            }
            Self::Map(entries) => {
                to.map(entries.len() as u64)?;
                for (key, entry) in entries {
                    to.str(key)?;
                    entry.write(to)?;
                }
                to
            }
        };
        Ok(())
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
pub(in crate::sim) fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn value(from: &mut Decoder<'_>) -> Result<Value, Error> {
    Ok(match from.datatype()? {
        Type::Bool => Value::Flag(from.bool()?),
        Type::F16 => Value::Float(f64::from(from.f16()?)),
        Type::F32 => Value::Float(f64::from(from.f32()?)),
        Type::F64 => Value::Float(from.f64()?),
        Type::String => Value::Text(from.str()?.to_owned()),
        Type::StringIndef => Value::Text(from.str_iter()?.collect::<Result<String, _>>()?),
        Type::Array | Type::ArrayIndef => list(from)?,
        Type::Map | Type::MapIndef => structure(from)?,
        Type::Tag => {
            from.tag()?;
            let inner = value(from)?;
            inner.number().map_or(inner, Value::Time)
        }
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => {
            Value::Integer(from.i64()?)
        }
        _ => {
            from.skip()?;
            Value::Null
        }
    })
}

fn list(from: &mut Decoder<'_>) -> Result<Value, Error> {
    let mut left = from.array()?;
    let mut entries = Vec::new();
    while another(from, &mut left)? {
        entries.push(value(from)?);
    }
    Ok(Value::List(entries))
}

fn structure(from: &mut Decoder<'_>) -> Result<Value, Error> {
    let mut left = from.map()?;
    let mut entries = Vec::new();
    while another(from, &mut left)? {
        let key = value(from)?.text().unwrap_or_default().to_owned();
        entries.push((key, value(from)?));
    }
    Ok(Value::Map(entries))
}

/// Is there another entry? Counts down a known length, or looks for the break that ends an unknown one.
fn another(from: &mut Decoder<'_>, left: &mut Option<u64>) -> Result<bool, Error> {
    match left {
        Some(0) => Ok(false),
        Some(count) => {
            *count -= 1;
            Ok(true)
        }
        None if from.datatype()? == Type::Break => {
            from.skip()?;
            Ok(false)
        }
        None => Ok(true),
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, map};

    #[test]
    fn what_is_written_is_read_back() {
        let value = map([
            ("Id", "m0".into()),
            ("Timestamps", Value::List(vec![Value::Time(1_767_323_100.0)])),
            ("Values", Value::List(vec![Value::Float(42.0), Value::Float(-0.5)])),
        ]);
        assert_eq!(Value::decode(&value.encode()).unwrap(), value);
    }

    #[test]
    fn lengths_may_be_unknown() {
        // {_ "a": [_ 1, -2], "b": 1(5)}
        let bytes = [0xbf, 0x61, b'a', 0x9f, 0x01, 0x21, 0xff, 0x61, b'b', 0xc1, 0x05, 0xff];
        let expected = map([("a", Value::List(vec![Value::Integer(1), Value::Integer(-2)])), ("b", Value::Time(5.0))]);
        assert_eq!(Value::decode(&bytes).unwrap(), expected);
    }

    #[test]
    fn nonsense_is_an_error() {
        assert!(Value::decode(b"\xa1\x61").is_err());
    }
}
