//! Does a call have the parameters of its row, in their shapes, and no others?

use std::fmt;

use jiff::Timestamp;

use super::row::{ApiWrite, ParameterShape, ParameterSpec};
use crate::change::parameter::Parameter;

/// What is wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallMistake {
    operation: &'static str,
    /// `OptionSettings[0].Namespace`
    path: String,
    what: &'static str,
}

impl fmt::Display for CallMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the parameter {} {}", self.operation, self.path, self.what)
    }
}

/// # Errors
/// When one of the parameters is not the row's, has another shape, is there twice, or one that is required is missing.
pub(in crate::change) fn check(write: &ApiWrite, parameters: &[(&'static str, Parameter)]) -> Result<(), CallMistake> {
    let mistake = |(path, what)| CallMistake { operation: write.operation, path, what };
    fields(write.parameters, parameters, "").map_err(mistake)
}

type Checked = Result<(), (String, &'static str)>;

fn fields(specs: &[ParameterSpec], given: &[(&'static str, Parameter)], path: &str) -> Checked {
    let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (place, (name, value)) in given.iter().enumerate() {
        let Some(spec) = specs.iter().find(|spec| spec.name == *name) else {
            return Err((inside(name), "is not known"));
        };
        if given[..place].iter().any(|(earlier, _)| earlier == name) {
            return Err((inside(name), "is there twice"));
        }
        value_of(&spec.shape, value, &inside(name))?;
    }
    let is_missing = |spec: &&ParameterSpec| spec.required && given.iter().all(|(name, _)| *name != spec.name);
    specs.iter().find(is_missing).map_or(Ok(()), |spec| Err((inside(spec.name), "is missing")))
}

fn value_of(shape: &ParameterShape, value: &Parameter, path: &str) -> Checked {
    let is_one = |holds: bool, what| if holds { Ok(()) } else { Err((path.to_owned(), what)) };
    match (shape, value) {
        (ParameterShape::Structure(specs), Parameter::Structure(given)) => fields(specs, given, path),
        (ParameterShape::List(shape), Parameter::List(values)) => {
            values.iter().enumerate().try_for_each(|(place, value)| value_of(shape, value, &format!("{path}[{place}]")))
        }
        (ParameterShape::Time, Parameter::Text(text)) => is_one(text.parse::<Timestamp>().is_ok(), "is not an instant"),
        (ParameterShape::Text, Parameter::Hidden(hidden)) => {
            is_one(hidden.reveal().is_some(), "was not kept, because it is never shown")
        }
        (ParameterShape::Text | ParameterShape::File, value) => {
            is_one(matches!(value, Parameter::Text(_)), "is not a text")
        }
        (ParameterShape::Number, value) => is_one(matches!(value, Parameter::Number(_)), "is not a whole number"),
        (ParameterShape::Double, value) => is_one(matches!(value, Parameter::Double(_)), "is not a number"),
        (ParameterShape::Flag, value) => is_one(matches!(value, Parameter::Flag(_)), "is not true or false"),
        (ParameterShape::Time, _) => is_one(false, "is not an instant"),
        (ParameterShape::Structure(_), _) => is_one(false, "is not a structure"),
        (ParameterShape::List(_), _) => is_one(false, "is not a list"),
    }
}
