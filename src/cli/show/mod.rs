//! `show`: the whole tree of one environment, with settings and health.

mod details;
mod routing;
mod text;

use std::process::ExitCode;

use self::details::Details;
use self::text::ShowPage;
use super::answer::conclude;
use super::arguments::Format;
use super::failure::Failure;
use super::named::{named, unknown};
use super::output;
use super::problem::problems;
use super::progress::Bar;
use super::reading::{Reading, read};
use super::settings::Settings;
use crate::model::{Snapshot, Source};
use crate::polling::Question;

/// Shows the environment of this name or id.
pub fn run(settings: &Settings, name: &str) -> Result<ExitCode, Failure> {
    let reading = read(settings, &Bar::new("reading"), |known| questions(known, name))?;
    let known = reading.known();
    let Some(environment) = named(known, name)? else { return without(settings, &reading, name) };
    match settings.format {
        Format::Table => output::result(&ShowPage::new(known, environment, settings.config.glyphs()).write())?,
        format => print(format, &Details::new(&reading, environment))?,
    }
    Ok(conclude(settings, &reading, true))
}

fn print(format: Format, details: &Details) -> Result<(), Failure> {
    if format == Format::Jsonl { output::json_line(details) } else { output::json(details) }
}

/// There is no such environment, or the environments could not be listed to the end.
fn without(settings: &Settings, reading: &Reading, name: &str) -> Result<ExitCode, Failure> {
    if let Some(failure) = unknown(reading, name) {
        return Err(failure);
    }
    if settings.format != Format::Table {
        print(settings.format, &Details::nothing(problems(reading)))?;
    }
    Ok(conclude(settings, reading, false))
}

/// What `show` reads: the whole tree of the environment of this name or id.
pub fn questions(known: &Snapshot, name: &str) -> Vec<Question> {
    let mut questions = vec![Question::Linked];
    // Before the region is linked, the environment's objects would be read in pieces.
    if let Some(environment) = named(known, name).ok().flatten().filter(|_| known.is_base_tried()) {
        let groups = known.topology.link(&environment.key).map_or(&[][..], |link| &link.groups);
        let attributes = groups.iter().map(|group| Source::TargetGroupAttributes(group.key.clone()));
        let alarms = Source::RaisedAlarms(known.scope);
        questions.push(Question::Tree(environment.key.clone()));
        // The rows of the Fleet ask them of application load balancers only.
        questions.push(Question::These(attributes.chain([alarms]).collect()));
    }
    questions
}
