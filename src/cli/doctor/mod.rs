//! `doctor`: what the checks find, of one environment or of all.
//!
//! What one environment's checks read is read once, at AWS's pace; its findings are printed as soon as all of it is there.

mod answer;
mod baseline;
mod diagnosed;
mod examination;
#[cfg(test)]
mod tests;
mod text;

use std::process::ExitCode;

use self::answer::DoctorAnswer;
use self::baseline::Baseline;
use self::examination::Examination;
use super::answer::finish;
use super::arguments::Format;
use super::doctor_arguments::DoctorArguments;
use super::failure::{ExitStatus, Failure};
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems, remarks};
use super::progress::Bar;
use super::reading::{Reading, interruptible, open_and_observe};
use super::settings::Settings;
use crate::model::{Snapshot, counted, span_words};
use crate::polling::Question;

/// Prints the findings of the environment of this name or id, or of all.
pub fn run(settings: &Settings, arguments: &DoctorArguments) -> Result<ExitCode, Failure> {
    let baseline = arguments.baseline.as_deref().map(Baseline::read).transpose()?;
    let name = arguments.environment.as_deref();
    let bar = Bar::new("checking");
    let mut examination = Examination::new(settings, baseline, name, &bar);
    let work = async {
        let observe = |known: &Snapshot, poller: &_| examination.observe(known, poller);
        let began = settings.clock.now();
        let (reading, _) = open_and_observe(settings, &bar, |known| questions(known, name), observe).await?;
        Ok((reading, settings.clock.now().since(began)))
    };
    let (reading, took) = interruptible(&bar, work)?;
    if let Some(failure) = missing(&reading, name)? {
        return Err(failure);
    }
    examination.end(&reading);
    let answer = examination.into_answer(&reading)?;
    print(settings, &answer)?;
    let calls = counted(reading.gathered.poller.calls() as usize, "call");
    output::remark(&format!("{calls} in {}", span_words(took)));
    Ok(conclude(settings, &reading, &answer))
}

/// What the checks read: of all environments, or of the one that is named.
fn questions(known: &Snapshot, name: Option<&str>) -> Vec<Question> {
    let mut questions = vec![Question::Linked];
    if !known.is_base_tried() {
        return questions;
    }
    match name {
        Some(name) => {
            let environment = named(known, name).ok().flatten();
            questions.extend(environment.map(|environment| Question::Checks(environment.key.clone())));
        }
        None => questions.extend(examination::in_order(known).into_iter().map(Question::Checks)),
    }
    questions
}

/// The failure for a name that no environment has, if that is certain.
fn missing(reading: &Reading, name: Option<&str>) -> Result<Option<Failure>, Failure> {
    let Some(name) = name else { return Ok(None) };
    Ok(if named(reading.known(), name)?.is_none() { unknown(reading, name) } else { None })
}

fn print(settings: &Settings, answer: &DoctorAnswer) -> Result<(), Failure> {
    match settings.format {
        Format::Table => output::result(&text::summary(&answer.diagnosed)),
        Format::Json => output::json(answer),
        Format::Jsonl => answer.last_line(),
    }
}

/// A critical finding decides the status, then a fault that keeps a critical check from being decided.
fn conclude(settings: &Settings, reading: &Reading, answer: &DoctorAnswer) -> ExitCode {
    let errors = problems(reading);
    let is_answered = reading.is_answered();
    if is_answered && answer.has_new_critical() {
        remark(settings, &errors);
        return ExitCode::from(ExitStatus::Bad as u8);
    }
    if let Some(status) = answer.undecided_status(&errors).filter(|_| is_answered) {
        remark(settings, &errors);
        output::remark("beanpole: undecided: a critical check could not be decided");
        return ExitCode::from(status as u8);
    }
    finish(settings, &errors, is_answered)
}

fn remark(settings: &Settings, errors: &[Problem]) {
    if settings.format == Format::Table {
        remarks(errors).iter().for_each(|words| output::remark(words));
    }
}
