//! `export --check`: what is wrong in a project's own `.ebextensions` and `.platform`, without AWS unless an environment is
//! given.

use std::fmt::Write;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use crate::cli::answer::finish;
use crate::cli::arguments::Format;
use crate::cli::failure::{ExitStatus, Failure};
use crate::cli::named::{named, unknown};
use crate::cli::output;
use crate::cli::problem::{Problem, problems};
use crate::cli::progress::Bar;
use crate::cli::reading::read as read_settings;
use crate::cli::settings::Settings;
use crate::cli::show;
use crate::export::check::{ProjectFile, ProjectMistake, check, masked};
use crate::mistakes::did_you_mean;
use crate::model::{clean, counted};

/// Folders of a project that Beanstalk and its platform read.
const FOLDERS: [&str; 2] = [".ebextensions", ".platform"];
/// A larger file is none that a person writes.
const LARGEST: u64 = 1 << 20;
/// Folders below each other, at most.
const DEEPEST: usize = 16;

#[derive(Serialize)]
struct MistakeRow {
    path: String,
    line: Option<usize>,
    message: String,
}

#[derive(Serialize)]
struct CheckAnswer {
    items: Vec<MistakeRow>,
    errors: Vec<Problem>,
}

/// Prints what is wrong in a project's files; the status is 1 if anything is. With an environment, options that are not what
/// they are there are named too.
pub(super) fn run(settings: &Settings, folder: &Path, environment: Option<&str>) -> Result<ExitCode, Failure> {
    let files = project_files(folder)?;
    let mut mistakes = check(&files);
    let mut errors = Vec::new();
    if let Some(name) = environment {
        let reading = read_settings(settings, &Bar::new("reading"), |known| show::questions(known, name))?;
        match named(reading.known(), name)? {
            Some(it) => {
                let options = reading.known().inventory.settings.get(&it.key);
                mistakes.extend(options.into_iter().flat_map(|options| masked(&files, (&it.name, options))));
            }
            None => {
                if let Some(failure) = unknown(&reading, name) {
                    return Err(failure);
                }
            }
        }
        errors = problems(&reading);
        mistakes.sort();
    }
    let items: Vec<_> = mistakes.into_iter().map(row).collect();
    let is_good = items.is_empty();
    let of_reading = finish(settings, &errors, true);
    match settings.format {
        Format::Table => output::result(&text(&items, files.len()))?,
        Format::Json => output::json(&CheckAnswer { items, errors })?,
        Format::Jsonl => output::json_line(&CheckAnswer { items, errors })?,
    }
    Ok(if is_good { of_reading } else { ExitCode::from(ExitStatus::Bad as u8) })
}

/// Reads the files of a project that Beanstalk and its platform read.
pub(super) fn project_files(folder: &Path) -> Result<Vec<ProjectFile>, Failure> {
    if !folder.is_dir() {
        return Err(Failure::usage(format!("{} is no folder", folder.display())));
    }
    let mut files = Vec::new();
    FOLDERS.iter().try_for_each(|name| read(folder, name, 0, &mut files))?;
    Ok(files)
}

fn row(mistake: ProjectMistake) -> MistakeRow {
    let ProjectMistake { path, line, message, unknown } = mistake;
    let meant = unknown.map(|(name, known)| did_you_mean(&name, known.iter().map(String::as_str)));
    MistakeRow { path, line, message: message + &meant.unwrap_or_default() }
}

fn text(items: &[MistakeRow], files: usize) -> String {
    if items.is_empty() {
        return format!("No mistakes in {}.\n", counted(files, "file"));
    }
    let mut text = String::new();
    for MistakeRow { path, line, message } in items {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        let _ = writeln!(text, "{}{line}: {}", clean(path), clean(message));
    }
    let _ = writeln!(text, "\n{} in {}", counted(items.len(), "mistake"), counted(files, "file"));
    text
}

/// Reads the files below a folder; symbolic links are not followed.
fn read(root: &Path, relative: &str, depth: usize, files: &mut Vec<ProjectFile>) -> Result<(), Failure> {
    let folder = root.join(relative);
    let failed = |path: &Path, error| Failure::system(format!("cannot read {}", path.display()), error);
    let is_folder = fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir());
    if !is_folder || depth > DEEPEST {
        return Ok(());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(|error| failed(&folder, error))? {
        let entry = entry.map_err(|error| failed(&folder, error))?;
        names.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    names.sort();
    for (name, path) in names {
        let relative = format!("{relative}/{name}");
        let found = match fs::symlink_metadata(&path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(failed(&path, error)),
        };
        if found.is_dir() {
            read(root, &relative, depth + 1, files)?;
        } else if found.is_file() {
            let bytes = if found.len() > LARGEST {
                Vec::from([0xff])
            } else {
                fs::read(&path).map_err(|error| failed(&path, error))?
            };
            files.push(ProjectFile { path: relative, text: String::from_utf8(bytes).ok() });
        }
    }
    Ok(())
}
