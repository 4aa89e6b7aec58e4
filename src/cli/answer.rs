//! An answer of several items, and the exit status of a command that gave one.
//!
//! If a fault keeps an answer from being given at all, its items are null and not an empty list.

use std::process::ExitCode;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use super::arguments::Format;
use super::failure::Failure;
use super::output;
use super::problem::{Problem, problems, remarks, status};
use super::reading::Reading;
use super::settings::Settings;

/// Items and what could not be read.
pub struct CommandAnswer<'a, T> {
    /// The items; `None` if they could not be had.
    pub items: Option<Vec<T>>,
    /// Where they come from.
    pub reading: &'a Reading,
}

impl<T: Serialize> Serialize for CommandAnswer<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Answer", 2)?;
        fields.serialize_field("items", &self.items)?;
        fields.serialize_field("errors", &problems(self.reading))?;
        fields.end()
    }
}

impl<T: Serialize> CommandAnswer<'_, T> {
    /// Prints an item a line, and what could not be read on the last.
    pub fn lines(&self) -> Result<(), Failure> {
        lines(self.items.as_deref(), &problems(self.reading))
    }
}

fn lines<T: Serialize>(items: Option<&[T]>, errors: &[Problem]) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Last<'a> {
        errors: &'a [Problem],
    }
    for item in items.unwrap_or_default() {
        output::json_line(item)?;
    }
    output::json_line(&Last { errors })
}

/// An answer whose errors do not all come from a reading.
#[derive(Debug, Serialize)]
pub struct Items<T> {
    /// The items; `None` if they could not be had.
    pub items: Option<Vec<T>>,
    /// What could not be read.
    pub errors: Vec<Problem>,
}

impl<T: Serialize> Items<T> {
    /// Prints it for a script.
    pub fn print(&self, format: Format) -> Result<(), Failure> {
        match format {
            Format::Jsonl => lines(self.items.as_deref(), &self.errors),
            Format::Json | Format::Table => output::json(self),
        }
    }
}

/// Reports what could not be read, where the answer itself does not, and returns the exit status.
pub fn conclude(settings: &Settings, reading: &Reading, is_answered: bool) -> ExitCode {
    finish(settings, &problems(reading), is_answered)
}

/// The same for problems that do not all come from a reading.
pub fn finish(settings: &Settings, problems: &[Problem], is_answered: bool) -> ExitCode {
    let status = status(problems, is_answered, settings.strict);
    if status.is_some() || settings.format == Format::Table {
        for words in remarks(problems) {
            output::remark(&words);
        }
    }
    status.map_or(ExitCode::SUCCESS, |status| ExitCode::from(status as u8))
}
