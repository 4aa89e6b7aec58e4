//! What `export` prints: each file with what became of it and how it differs from the one that is there.

use std::fmt::Write;

use serde::Serialize;

use super::diff::diff;
use super::folder::{FileAction, PlannedFile};
use crate::cli::arguments::Format;
use crate::cli::failure::Failure;
use crate::cli::output;
use crate::cli::problem::Problem;
use crate::export::Export;
use crate::model::clean;

/// The answer.
pub(super) struct ExportAnswer<'a> {
    pub planned: &'a [PlannedFile],
    pub exported: &'a Export,
    pub errors: Vec<Problem>,
    /// Whether the files were written.
    pub is_written: bool,
}

#[derive(Serialize)]
struct FileRow<'a> {
    path: &'a str,
    action: &'static str,
}

/// The answer for a script; its lists are null if nothing could be exported.
#[derive(Serialize)]
struct Body<'a> {
    files: Option<Vec<FileRow<'a>>>,
    masked: Option<&'a [String]>,
    notes: Option<&'a [String]>,
    written: bool,
    errors: &'a [Problem],
}

/// Prints that nothing could be exported.
pub(super) fn nothing(format: Format, errors: &[Problem]) -> Result<(), Failure> {
    print(format, &Body { files: None, masked: None, notes: None, written: false, errors })
}

fn print(format: Format, body: &Body<'_>) -> Result<(), Failure> {
    match format {
        Format::Table => Ok(()),
        Format::Json => output::json(body),
        Format::Jsonl => output::json_line(body),
    }
}

impl<'a> ExportAnswer<'a> {
    pub(super) fn print(&self, format: Format) -> Result<(), Failure> {
        if format == Format::Table {
            return output::result(&self.text());
        }
        let row = |it: &'a PlannedFile| FileRow { path: &it.file.path, action: it.action.word() };
        let files = self.planned.iter().map(row).collect();
        let (masked, notes) = (Some(&*self.exported.masked), Some(&*self.exported.notes));
        print(format, &Body { files: Some(files), masked, notes, written: self.is_written, errors: &self.errors })
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for it in self.planned {
            let _ = writeln!(text, "{:9} {}", it.action.word(), it.file.path);
            if it.action != FileAction::Unchanged {
                for line in diff(it.before.as_deref().unwrap_or_default(), &it.file.text) {
                    let _ = writeln!(text, "  {}", clean(&line));
                }
            }
        }
        if self.planned.is_empty() {
            text.push_str("No files: every option has its default.\n");
        } else if !self.is_written {
            text.push_str("\nNothing was written.\n");
        }
        if !self.exported.masked.is_empty() {
            text.push_str(
                "\nThese options have values in the environment already. Beanstalk does not say where a value comes from: one \
                 that was\nset through the API, the console or eb masks every file until it is removed there.\n",
            );
            for option in &self.exported.masked {
                let _ = writeln!(text, "  {}", clean(option));
            }
        }
        for note in &self.exported.notes {
            let _ = writeln!(text, "\nnote: {}.", clean(note));
        }
        text
    }
}
