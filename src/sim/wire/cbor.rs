//! CBOR as the RPC v2 protocol uses it (`CloudWatch`): text keys, floats, and timestamps under tag 1.
//!
//! Decoding is lenient about how numbers and lengths are written, because clients differ; encoding is not. A document
//! that is nested deeper than any request of AWS's is refused, because a recursive reader has a limited stack.

use super::document::{MOST_DEPTH, Value};
use minicbor::data::{Tag, Type};
use minicbor::decode::{Decoder, Error};
use minicbor::encode::Encoder;
use std::convert::Infallible;

pub fn decode(bytes: &[u8]) -> Result<Value, Error> {
    value(&mut Decoder::new(bytes), MOST_DEPTH)
}

pub fn encode(value: &Value) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    // Writing to a Vec cannot fail.
    let _ = write(value, &mut encoder);
    encoder.into_writer()
}

fn write(value: &Value, to: &mut Encoder<Vec<u8>>) -> Result<(), minicbor::encode::Error<Infallible>> {
    match value {
        Value::Null => to.null()?,
        Value::Flag(flag) => to.bool(*flag)?,
        Value::Integer(number) => to.i64(*number)?,
        Value::Float(number) => to.f64(*number)?,
        Value::Time(seconds) => to.tag(Tag::new(1))?.f64(*seconds)?,
        Value::Text(text) => to.str(text)?,
        Value::List(entries) => {
            to.array(entries.len() as u64)?;
            for entry in entries {
                write(entry, to)?;
            }
            to
        }
        Value::Map(entries) => {
            to.map(entries.len() as u64)?;
            for (key, entry) in entries {
                to.str(key)?;
                write(entry, to)?;
            }
            to
        }
    };
    Ok(())
}

/// A value in which `depth` more levels may be nested.
fn value(from: &mut Decoder<'_>, depth: usize) -> Result<Value, Error> {
    let Some(inside) = depth.checked_sub(1) else { return Err(Error::message("nested too deeply")) };
    Ok(match from.datatype()? {
        Type::Bool => Value::Flag(from.bool()?),
        Type::F16 => Value::Float(f64::from(from.f16()?)),
        Type::F32 => Value::Float(f64::from(from.f32()?)),
        Type::F64 => Value::Float(from.f64()?),
        Type::String => Value::Text(from.str()?.to_owned()),
        Type::StringIndef => Value::Text(from.str_iter()?.collect::<Result<String, _>>()?),
        Type::Array | Type::ArrayIndef => list(from, inside)?,
        Type::Map | Type::MapIndef => structure(from, inside)?,
        Type::Tag => {
            from.tag()?;
            let inner = value(from, inside)?;
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

fn list(from: &mut Decoder<'_>, depth: usize) -> Result<Value, Error> {
    let mut left = from.array()?;
    let mut entries = Vec::new();
    while another(from, &mut left)? {
        entries.push(value(from, depth)?);
    }
    Ok(Value::List(entries))
}

fn structure(from: &mut Decoder<'_>, depth: usize) -> Result<Value, Error> {
    let mut left = from.map()?;
    let mut entries = Vec::new();
    while another(from, &mut left)? {
        let key = value(from, depth)?.text().unwrap_or_default().to_owned();
        entries.push((key, value(from, depth)?));
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
    use super::super::document::{Value, map};
    use super::{decode, encode};

    #[test]
    fn what_is_written_is_read_back() {
        let value = map([
            ("Id", "m0".into()),
            ("Timestamps", Value::List(vec![Value::Time(1_767_323_100.0)])),
            ("Values", Value::List(vec![Value::Float(42.0), Value::Float(-0.5)])),
        ]);
        assert_eq!(decode(&encode(&value)).unwrap(), value);
    }

    #[test]
    fn lengths_may_be_unknown() {
        // {_ "a": [_ 1, -2], "b": 1(5)}
        let bytes = [0xbf, 0x61, b'a', 0x9f, 0x01, 0x21, 0xff, 0x61, b'b', 0xc1, 0x05, 0xff];
        let expected = map([("a", Value::List(vec![Value::Integer(1), Value::Integer(-2)])), ("b", Value::Time(5.0))]);
        assert_eq!(decode(&bytes).unwrap(), expected);
    }

    #[test]
    fn a_request_of_botocore_is_read() {
        let request = "a3714d6574726963446174615175657269657381a3624964626d306a4d657472696353746174a3664d6574726963a3\
            694e616d657370616365724157532f4170706c69636174696f6e454c426a4d65747269634e616d656c52657175657374436f756e74\
            6a44696d656e73696f6e7381a2644e616d656c4c6f616442616c616e6365726556616c7565676170702f782f3166506572696f6418\
            3c64537461746353756d6a52657475726e44617461f569537461727454696d65c11a695734b067456e6454696d65c11a695742c0";
        let bytes: Vec<u8> =
            (0..request.len() / 2).map(|at| u8::from_str_radix(&request[at * 2..at * 2 + 2], 16).unwrap()).collect();
        let value = decode(&bytes).unwrap();
        assert_eq!(value.get("StartTime"), Some(&Value::Time(1_767_322_800.0)));
        assert_eq!(value.get("MetricDataQueries").unwrap().entries()[0].get("Id").and_then(Value::text), Some("m0"));
    }

    #[test]
    fn what_is_nested_too_deeply_is_an_error() {
        // Arrays, maps, tags, and those of unknown length, each within another.
        let openings: [&[u8]; 5] = [&[0x81], &[0xa1, 0x61, b'a'], &[0xc1], &[0x9f], &[0xbf, 0x61, b'a']];
        for opening in openings {
            let nested = |depth: usize| [opening.repeat(depth), vec![0x01]].concat();
            assert!(decode(&nested(200_000)).is_err(), "{opening:?}");
            assert!(decode(&nested(super::MOST_DEPTH)).is_err(), "{opening:?}");
            let ends = matches!(opening[0], 0x9f | 0xbf);
            let whole = |depth: usize| [nested(depth), vec![0xff; if ends { depth } else { 0 }]].concat();
            assert!(decode(&whole(super::MOST_DEPTH - 1)).is_ok(), "{opening:?}");
        }
    }

    #[test]
    fn nonsense_is_an_error() {
        assert!(decode(b"\xa1\x61").is_err());
    }
}
