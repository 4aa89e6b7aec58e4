//! `why`: the why page of one environment, its most likely cause first.

mod answer;
mod journal;
#[cfg(test)]
mod tests;
mod text;

use std::process::ExitCode;

use jiff::tz::TimeZone;

use self::answer::WhyAnswer;
use self::journal::journal;
use super::answer::finish;
use super::arguments::Format;
use super::failure::Failure;
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems};
use super::progress::Bar;
use super::reading::{Reading, interruptible, open_and_gather};
use super::settings::Settings;
use crate::diagnosis::{WhyContext, WhyPage};
use crate::model::Snapshot;
use crate::polling::Question;

/// Prints the why page of the environment of this name or id.
pub fn run(settings: &Settings, name: &str) -> Result<ExitCode, Failure> {
    let bar = Bar::new("reading");
    let work = async {
        let (reading, session) = open_and_gather(settings, &bar, |known| questions(known, name)).await?;
        let environment = named(reading.known(), name)?.cloned();
        Ok((reading, session, environment))
    };
    let (reading, session, environment) = interruptible(&bar, work)?;
    let errors = problems(&reading);
    let Some(environment) = environment else { return without(settings, &reading, name, &errors) };
    let journal = journal(&environment, session.as_ref());
    let silenced = reading.silenced(&environment.name);
    let context = WhyContext { journal: &journal, silenced: Some(&silenced) };
    let freshness = reading.freshness();
    let inputs = reading.checks().inputs(reading.known(), &freshness, &environment.key);
    let Some(page) = inputs.map(|inputs| WhyPage::new(&inputs, context)) else {
        return without(settings, &reading, name, &errors);
    };
    match settings.format {
        Format::Table => {
            let zone = if settings.config.utc { TimeZone::UTC } else { TimeZone::system() };
            output::result(&text::page(&page, &environment, (reading.known().moment, &zone)))?;
        }
        Format::Json => output::json(&WhyAnswer::new(&page, &environment, &errors))?,
        Format::Jsonl => output::json_line(&WhyAnswer::new(&page, &environment, &errors))?,
    }
    Ok(finish(settings, &errors, true))
}

/// There is no such environment, or the environments could not be listed to the end.
fn without(settings: &Settings, reading: &Reading, name: &str, errors: &[Problem]) -> Result<ExitCode, Failure> {
    if let Some(failure) = unknown(reading, name) {
        return Err(failure);
    }
    match settings.format {
        Format::Table => {}
        Format::Json => output::json(&WhyAnswer::nothing(errors))?,
        Format::Jsonl => output::json_line(&WhyAnswer::nothing(errors))?,
    }
    Ok(finish(settings, errors, false))
}

fn questions(known: &Snapshot, name: &str) -> Vec<Question> {
    let mut questions = vec![Question::Linked];
    // Before the region is linked, the environment's objects would be read in pieces.
    if let Some(environment) = named(known, name).ok().flatten().filter(|_| known.is_base_tried()) {
        let key = &environment.key;
        questions.extend([
            Question::Checks(key.clone()),
            Question::Causes(key.clone()),
            Question::History(key.clone()),
        ]);
    }
    questions
}
