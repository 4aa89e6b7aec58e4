//! `metrics`: the figures of an environment's Application Load Balancer and of its own target groups.

mod answer;
mod period;
mod text;

use std::process::ExitCode;

use self::answer::MetricsItems;
use super::answer::finish;
use super::arguments::{Format, MetricArguments};
use super::failure::Failure;
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems};
use super::progress::Bar;
use super::reading::{Reading, read};
use super::settings::Settings;
use crate::app::screens::environment::without_metrics;
use crate::model::{Balancer, Environment, Measure, Snapshot, Source, clean};
use crate::polling::{Cadences, Question, wants};

/// Prints the figures of the environment of this name or id.
pub fn run(settings: &Settings, arguments: &MetricArguments) -> Result<ExitCode, Failure> {
    let measure = period::measure(arguments.since, arguments.period)?;
    let cadences = Cadences::new(&settings.config);
    let questions = |known: &Snapshot| questions(known, &cadences, &arguments.environment, measure);
    let reading = read(settings, &Bar::none(), questions)?;
    let (known, problems) = (reading.known(), problems(&reading));
    let Some(environment) = named(known, &arguments.environment)? else {
        return match unknown(&reading, &arguments.environment) {
            Some(failure) => Err(failure),
            None => conclude(settings, &MetricsItems::nothing(measure, problems)),
        };
    };
    if let Some(failure) = without(&reading, environment, &problems) {
        return Err(failure);
    }
    let figures = MetricsItems::new(known, environment, measure, problems);
    if settings.format == Format::Table && figures.is_answered() {
        output::result(&text::page(settings, &reading, environment, measure))?;
    }
    conclude(settings, &figures)
}

/// Returns the questions; the figures wait until the owners of the target groups are known.
fn questions(known: &Snapshot, cadences: &Cadences, name: &str, measure: Measure) -> Vec<Question> {
    let linked = vec![Question::Linked];
    let is_linked =
        known.is_base_tried() && wants(known, cadences, &linked).iter().all(|want| known.reads.is_tried(&want.source));
    let Some(environment) = named(known, name).ok().flatten().filter(|_| is_linked) else { return linked };
    let key = environment.key.clone();
    let several = known.topology.link(&key).is_some_and(|link| link.groups.len() > 1);
    // By the settings people know which process a target group is.
    let settings = several.then(|| Question::These(vec![Source::Settings(key.clone())]));
    linked.into_iter().chain([Question::Measures(key, vec![measure])]).chain(settings).collect()
}

/// Why it has no such figures, where that is no fault.
fn without(reading: &Reading, environment: &Environment, problems: &[Problem]) -> Option<Failure> {
    let balancer = reading.known().topology.link(&environment.key).map_or(Balancer::Unknown, |link| link.balancer);
    let reported = match balancer {
        Balancer::Application => return None,
        Balancer::ApplicationShared | Balancer::Unknown if !problems.is_empty() => return None,
        Balancer::ApplicationShared if !reading.known().topology.link(&environment.key)?.groups.is_empty() => {
            return None;
        }
        other => without_metrics(other),
    };
    Some(Failure::usage(format!("{} has no such metrics: {reported}", clean(&environment.name))))
}

fn conclude(settings: &Settings, figures: &MetricsItems) -> Result<ExitCode, Failure> {
    match settings.format {
        Format::Table => {}
        Format::Json => output::json(figures)?,
        Format::Jsonl => figures.lines()?,
    }
    Ok(finish(settings, &figures.errors, figures.is_answered()))
}
