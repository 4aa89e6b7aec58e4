//! An answer of several items, and how a command that gave one ends.
//!
//! An answer that a fault keeps from being given at all says so in its shape: its items are null, not none.

use std::process::ExitCode;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::arguments::Format;
use super::failure::Failure;
use super::output;
use super::problem::{problems, remarks, status};
use super::reading::Reading;
use super::settings::Settings;

/// Items and what could not be read.
pub struct Answer<'a, T> {
    /// The items; `None` if they could not be had.
    pub items: Option<Vec<T>>,
    /// Where they come from.
    pub reading: &'a Reading,
}

impl<T: Serialize> Serialize for Answer<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Answer", 2)?;
        fields.serialize_field("items", &self.items)?;
        fields.serialize_field("errors", &problems(self.reading))?;
        fields.end()
    }
}

impl<T: Serialize> Answer<'_, T> {
    /// Prints an item a line, and what could not be read on the last.
    pub fn lines(&self) -> Result<(), Failure> {
        #[derive(Serialize)]
        struct Last {
            errors: Vec<super::problem::Problem>,
        }
        for item in self.items.iter().flatten() {
            output::json_line(item)?;
        }
        output::json_line(&Last { errors: problems(self.reading) })
    }
}

/// Says what could not be read, where the answer itself does not, and tells the status.
pub fn conclude(settings: &Settings, reading: &Reading, is_answered: bool) -> ExitCode {
    let problems = problems(reading);
    let status = status(&problems, is_answered, settings.strict);
    if status.is_some() || settings.format == Format::Table {
        for words in remarks(&problems) {
            output::remark(&words);
        }
    }
    status.map_or(ExitCode::SUCCESS, |status| ExitCode::from(status as u8))
}
