//! `logs`: the tail of each instance's logs, from Beanstalk. The instances upload them, which takes some seconds.

use std::process::ExitCode;
use std::sync::Arc;

use serde::Serialize;

use super::answer::{Items, finish};
use super::arguments::{Format, LogArguments};
use super::failure::{ExitStatus, Failure};
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems};
use super::progress::Bar;
use super::reading::{Reading, interruptible, open_and_gather};
use super::settings::Settings;
use super::times::{time_json, time_words};
use crate::aws::Session;
use crate::mistakes::did_you_mean;
use crate::model::{
    Environment, LOGS_ONLY_READY, LogTail, ReadError, Snapshot, Source, Tails, Unanswered, api_reads, clean,
};
use crate::polling::Question;
use crate::runtime::{Means, ReadProgress, tails};

/// The tail of an instance's logs in the answer. The fields are a contract.
#[derive(Debug, Serialize)]
struct LogItem {
    instance: Arc<str>,
    at: Option<String>,
    text: Arc<str>,
}

/// Prints the logs of all instances of the environment, or of one.
pub fn run(settings: &Settings, arguments: &LogArguments) -> Result<ExitCode, Failure> {
    let bar = Bar::new("waiting for the instances");
    interruptible(&bar, async {
        let (reading, session) =
            open_and_gather(settings, &bar, |known| questions(known, &arguments.environment)).await?;
        let found = named(reading.known(), &arguments.environment)?.cloned();
        let (Some(session), Some(environment)) = (session, found) else {
            return match unknown(&reading, &arguments.environment) {
                Some(failure) => Err(failure),
                None => print(settings, None, problems(&reading)),
            };
        };
        let wanted = wanted(&reading, &environment, arguments.instance.as_deref())?;
        if wanted.as_ref().is_some_and(Vec::is_empty) {
            output::remark(&format!("beanpole: {} has no instances", clean(&environment.name)));
            return print(settings, Some(Tails::default()), problems(&reading));
        }
        gathered(settings, &session, &reading, &environment, wanted, &bar).await
    })
}

/// The environments, and the instances of the one that is named.
fn questions(known: &Snapshot, name: &str) -> Vec<Question> {
    let mut sources = vec![Source::Environments(known.scope)];
    sources.extend(named(known, name).ok().flatten().map(|environment| Source::Resources(environment.key.clone())));
    vec![Question::These(sources)]
}

/// Returns the instances that should answer; `None` if they could not be listed and none is named.
fn wanted(
    reading: &Reading,
    environment: &Environment,
    instance: Option<&str>,
) -> Result<Option<Vec<Arc<str>>>, Failure> {
    let resources = reading.gathered.snapshot.inventory.resources.get(&environment.key);
    let known = resources.map(|resources| &resources.instances);
    match (instance, known) {
        (None, known) => Ok(known.cloned()),
        (Some(instance), Some(known)) if !known.iter().any(|it| **it == *instance) => {
            let meant = did_you_mean(instance, known.iter().map(|it| &**it));
            let what = format!("{} has no instance `{}`{meant}", clean(&environment.name), clean(instance));
            let names: Vec<_> = known.iter().map(|it| clean(it)).collect();
            Err(Failure::usage(what).hint(format!("its instances: {}", names.join(", "))))
        }
        (Some(instance), _) => Ok(Some(vec![instance.into()])),
    }
}

async fn gathered(
    settings: &Settings,
    session: &Session,
    reading: &Reading,
    environment: &Environment,
    wanted: Option<Vec<Arc<str>>>,
    bar: &Bar,
) -> Result<ExitCode, Failure> {
    let mut errors = problems(reading);
    let count = wanted.as_ref().map(Vec::len);
    let began = tokio::time::Instant::now();
    let progress = |tails: &Tails| {
        let done = tails.read.len();
        let elapsed = began.elapsed();
        bar.set(ReadProgress { done, wanted: count.unwrap_or(done + 1), elapsed, on: None });
    };
    let pace = settings.pace();
    let means = Means { session, clock: settings.clock, pace: &pace };
    let asked = tails(means, &environment.key, wanted.as_deref(), progress);
    let asked = bar.over("the instances to hand in their logs", Box::pin(asked)).await;
    bar.clear();
    match asked {
        Ok(tails) => {
            errors.extend(missing(&tails));
            print(settings, Some(tails), errors)
        }
        Err(fault) if fault.is_not_ready() => {
            let what = format!("the logs of {} cannot be had now", clean(&environment.name));
            Err(Failure { status: ExitStatus::Refused, source: None, what, hint: Some(LOGS_ONLY_READY.into()) })
        }
        Err(fault) => {
            let source = format!("{} {}", fault.operation, environment.key.id);
            errors.push(Problem { source, error: fault.into() });
            print(settings, None, errors)
        }
    }
}

/// The instances that did not answer, and those whose answer could not be fetched.
fn missing(tails: &Tails) -> Vec<Problem> {
    let read = &api_reads::RETRIEVE_ENVIRONMENT_INFO;
    let problem = |instance: &str, error| Problem { source: format!("{} {instance}", read.operation), error };
    let failed = tails.failed.iter().map(|(instance, fault)| problem(instance, Arc::clone(fault).into()));
    let silent = tails.silent.iter().map(|instance| {
        let silence = || ReadError::Unanswered(read, Unanswered::NoLogs(Arc::clone(instance)));
        problem(instance, tails.fault.clone().map_or_else(silence, ReadError::from))
    });
    failed.chain(silent).collect()
}

fn print(settings: &Settings, tails: Option<Tails>, errors: Vec<Problem>) -> Result<ExitCode, Failure> {
    // Requested, and none answered: that is no answer, and not one without logs.
    let tails = tails.filter(|tails| !tails.read.is_empty() || errors.is_empty());
    let is_answered = tails.is_some();
    if settings.format == Format::Table {
        let read = tails.iter().flat_map(|tails| tails.read.values());
        let pages: Vec<String> = read.map(|tail| page(settings, tail)).collect();
        output::result(&pages.join("\n"))?;
        return Ok(finish(settings, &errors, is_answered));
    }
    let items = tails.map(|tails| tails.read.into_values().map(item).collect());
    let answer = Items { items, errors };
    answer.print(settings.format)?;
    Ok(finish(settings, &answer.errors, is_answered))
}

fn item(tail: LogTail) -> LogItem {
    LogItem { instance: tail.instance, at: tail.at.map(time_json), text: tail.text }
}

/// A header as `tail` writes it, and the text, which is safe for a terminal as it comes.
fn page(settings: &Settings, tail: &LogTail) -> String {
    let at = tail.at.map(|at| format!("  {}", time_words(settings, at))).unwrap_or_default();
    format!("==> {}{at} <==\n{}\n", clean(&tail.instance), tail.text.trim_end())
}
