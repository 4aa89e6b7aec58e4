//! `probe`: what a client sees through the load balancer.

mod report;
mod result;
mod text;

use std::io::IsTerminal;
use std::process::ExitCode;

use self::report::ProbeAnswerJson;
use self::result::ProbeResult;
use self::text::page;
use super::answer::finish;
use super::arguments::Format;
use super::failure::{ExitStatus, Failure};
use super::named::{named, unknown};
use super::output;
use super::probe_arguments::ProbeArguments;
use super::problem::problems;
use super::progress::Bar;
use super::reading::{Reading, interruptible, open_and_gather};
use super::settings::Settings;
use crate::model::{Environment, ProbeSeverity, Snapshot, clean, span_words};
use crate::polling::Question;
use crate::probe::{ExchangeError, ProbePart, ProbeTarget, diagnose, run as observe};

/// Probes the environment of this name or id.
pub fn run(settings: &Settings, arguments: &ProbeArguments) -> Result<ExitCode, Failure> {
    let bar = Bar::new("reading");
    interruptible(&bar, async {
        let (reading, _) = open_and_gather(settings, &bar, |known| questions(known, &arguments.environment)).await?;
        bar.clear();
        let Some(environment) = named(reading.known(), &arguments.environment)? else {
            return without(settings, &reading, &arguments.environment);
        };
        let target = ProbeTarget::new(reading.known(), environment, &arguments.options());
        let target = target.ok_or_else(|| no_address(environment))?;
        let seen = observe(settings.dialer.clone(), &target.plan, |part, _| progress(arguments, part)).await;
        let findings = diagnose(&seen, &target.circumstances);
        conclude(settings, &ProbeResult { target: &target, seen: &seen, findings: &findings, reading: &reading })
    })
}

/// What is known of the environment: its load balancer with listeners and attributes, and whether it is sticky.
fn questions(known: &Snapshot, name: &str) -> Vec<Question> {
    let mut questions = vec![Question::Linked];
    if let Some(environment) = named(known, name).ok().flatten().filter(|_| known.is_base_tried()) {
        questions.push(Question::These(ProbeTarget::sources(known, environment)));
    }
    questions
}

fn no_address(environment: &Environment) -> Failure {
    let what = format!("{} has no address: it serves no requests", clean(&environment.name));
    Failure::usage(what).hint("a worker environment takes its work from a queue; it cannot be probed")
}

fn progress(arguments: &ProbeArguments, part: ProbePart) {
    let quiet = arguments.idle.filter(|_| part == ProbePart::Quiet);
    let part = part.describe();
    match quiet {
        Some(idle) => output::remark(&format!("beanpole: probing {part}, for {}", span_words(idle))),
        None if std::io::stderr().is_terminal() => output::remark(&format!("beanpole: probing {part}")),
        None => {}
    }
}

/// There is no such environment, or the environments could not be listed to the end.
fn without(settings: &Settings, reading: &Reading, name: &str) -> Result<ExitCode, Failure> {
    if let Some(failure) = unknown(reading, name) {
        return Err(failure);
    }
    if settings.format != Format::Table {
        print(settings.format, &ProbeAnswerJson::nothing(reading))?;
    }
    Ok(finish(settings, &problems(reading), false))
}

fn conclude(settings: &Settings, probe: &ProbeResult<'_>) -> Result<ExitCode, Failure> {
    match settings.format {
        Format::Table => output::result(&page(probe))?,
        format => print(format, &ProbeAnswerJson::new(probe))?,
    }
    let of_reading = finish(settings, &problems(probe.reading), true);
    if let Some(error) = probe.seen.unreachable() {
        output::remark(&unreachable(probe.target, error));
        output::remark(error.advice());
        return Ok(ExitCode::from(ExitStatus::Unreachable as u8));
    }
    let has_failed = probe.findings.iter().any(|finding| finding.severity == ProbeSeverity::Critical);
    Ok(if has_failed { ExitCode::from(ExitStatus::Bad as u8) } else { of_reading })
}

/// Says what was not reached; of a load balancer that only the VPC reaches, nothing follows from that.
fn unreachable(target: &ProbeTarget, error: &ExchangeError) -> String {
    let url = clean(&target.url).into_owned();
    if target.is_internal {
        format!("beanpole: undecided: {url} cannot be reached from here, for its load balancer is internal ({error})")
    } else {
        format!("beanpole: {url} cannot be reached: {error}")
    }
}

fn print(format: Format, answer: &ProbeAnswerJson<'_>) -> Result<(), Failure> {
    if format == Format::Jsonl { output::json_line(answer) } else { output::json(answer) }
}
