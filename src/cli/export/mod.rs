//! `export`: the files that make an environment's live settings permanent, written below a folder.

mod answer;
mod check;
mod diff;
mod folder;
mod release;

use std::path::Path;
use std::process::ExitCode;

use self::answer::ExportAnswer;
use self::folder::{FileAction, Folder, PlannedFile};
use super::answer::{conclude, finish};
use super::arguments::Format;
use super::export_arguments::ExportArguments;
use super::failure::{ExitStatus, Failure};
use super::named::{named, unknown};
use super::problem::problems;
use super::progress::Bar;
use super::reading::{Reading, read};
use super::settings::Settings;
use super::show;
use crate::change::PlanInputs;
use crate::export::{Export, ExportRequest, Recipe, export};
use crate::model::counted;

/// Writes the files of an environment, checks those of a project, or removes from the environment what they set.
pub fn run(settings: &Settings, arguments: &ExportArguments) -> Result<ExitCode, Failure> {
    match (&arguments.check, &arguments.environment, &arguments.dir) {
        (Some(folder), name, _) => check::run(settings, folder, name.as_deref()),
        (None, Some(name), Some(folder)) if arguments.release => release::run(settings, name, folder, &arguments.write),
        (None, Some(name), Some(folder)) => write(settings, name, folder, arguments),
        _ => Err(Failure::usage("export needs an environment and --dir DIR, or --check DIR")),
    }
}

/// Writes the files of the environment of this name or id below a folder.
fn write(settings: &Settings, name: &str, dir: &Path, arguments: &ExportArguments) -> Result<ExitCode, Failure> {
    let folder = Folder::new(dir)?;
    let reading = read(settings, &Bar::new("reading"), |known| show::questions(known, name))?;
    let known = reading.known();
    let Some(environment) = named(known, name)? else { return without(settings, &reading, name) };
    let request = ExportRequest {
        format: arguments.format.into(),
        all: arguments.all,
        recipes: arguments.recipes.iter().filter_map(|name| Recipe::from_name(name)).collect(),
    };
    let inputs = PlanInputs { snapshot: known, environment };
    let exported = export(&inputs, &request).map_err(|refusal| Failure::refused(refusal.to_string()))?;
    let Some(exported) = exported else { return without(settings, &reading, name) };
    let planned = plan(&folder, &exported, arguments.force)?;
    let refused = planned.iter().filter(|it| it.action == FileAction::Exists).count();
    let is_written = refused == 0 && !arguments.write.dry_run;
    if is_written {
        planned.iter().try_for_each(|planned| folder.write(planned))?;
    }
    let answer = ExportAnswer { planned: &planned, exported: &exported, errors: problems(&reading), is_written };
    answer.print(settings.format)?;
    let status = finish(settings, &answer.errors, true);
    if refused > 0 {
        let what = format!("{} below {} would be replaced", counted(refused, "file"), dir.display());
        let failure = Failure::refused(format!("{what}; nothing was written")).hint("--force replaces what differs");
        return if settings.format == Format::Table {
            Err(failure)
        } else {
            Ok(ExitCode::from(ExitStatus::Refused as u8))
        };
    }
    Ok(status)
}

fn plan(folder: &Folder, exported: &Export, is_forced: bool) -> Result<Vec<PlannedFile>, Failure> {
    exported.files.iter().map(|file| folder.plan(file, is_forced)).collect()
}

/// There is no such environment, or its option settings could not be read.
fn without(settings: &Settings, reading: &Reading, name: &str) -> Result<ExitCode, Failure> {
    if named(reading.known(), name)?.is_none()
        && let Some(failure) = unknown(reading, name)
    {
        return Err(failure);
    }
    answer::nothing(settings.format, &problems(reading))?;
    Ok(conclude(settings, reading, false))
}
