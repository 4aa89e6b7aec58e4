//! `diff`: in what two environments differ, by their options and by what is live.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use serde::Serialize;

use super::answer::conclude;
use super::arguments::Format;
use super::failure::{ExitStatus, Failure};
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems};
use super::progress::Bar;
use super::reading::{Reading, read};
use super::settings::Settings;
use super::show::questions;
use crate::change::{EnvironmentComparison, EnvironmentDifference, UndecidedTable, compare_environments};
use crate::model::{Snapshot, Source, clean};
use crate::polling::Question;

/// The answer. The fields are a contract.
#[derive(Serialize)]
struct DiffAnswer<'a> {
    a: &'a str,
    b: &'a str,
    differences: Option<&'a [EnvironmentDifference]>,
    undecided: &'a [UndecidedTable],
    errors: Vec<Problem>,
}

/// Compares the environments of these names or ids. Status 1 if they differ; if nothing differs and something could not be
/// compared, that of the fault.
pub fn run(settings: &Settings, a: &str, b: &str) -> Result<ExitCode, Failure> {
    let both = |known: &Snapshot| [questions(known, a), questions(known, b), listening(known, a), listening(known, b)];
    let reading = read(settings, &Bar::new("reading"), |known| both(known).concat())?;
    let known = reading.known();
    let (Some(first), Some(second)) = (named(known, a)?, named(known, b)?) else {
        let missing = if named(known, a)?.is_none() { a } else { b };
        return if let Some(failure) = unknown(&reading, missing) {
            Err(failure)
        } else {
            print(settings, &reading, (a, b), None)?;
            Ok(conclude(settings, &reading, false))
        };
    };
    if first.key == second.key {
        return Err(Failure::usage(format!("{} is compared with itself", clean(&first.name))));
    }
    let compared = compare_environments(known, first, second);
    print(settings, &reading, (&first.name, &second.name), Some(&compared))?;
    let status = conclude(settings, &reading, compared.undecided.is_empty());
    if !compared.differences.is_empty() {
        return Ok(ExitCode::from(ExitStatus::Bad as u8));
    }
    if compared.undecided.is_empty() { Ok(status) } else { Ok(undecided(status)) }
}

/// What could not be compared is no agreement, whatever kept it from being read.
fn undecided(status: ExitCode) -> ExitCode {
    if status == ExitCode::SUCCESS { ExitCode::from(ExitStatus::Unreachable as u8) } else { status }
}

/// The rules of all listeners and the Auto Scaling groups: the whole of what is compared.
fn listening(known: &Snapshot, name: &str) -> Vec<Question> {
    let Some(environment) = named(known, name).ok().flatten() else { return Vec::new() };
    let (inventory, scope) = (&known.inventory, environment.key.scope);
    let balancer = known.topology.link(&environment.key).and_then(|link| link.load_balancer.as_ref());
    let listeners = balancer.and_then(|(key, _)| inventory.listeners.get(key)).into_iter().flatten();
    let rules = listeners.map(|listener| Source::Rules(listener.key.clone()));
    let groups = inventory.resources.get(&environment.key).into_iter().flat_map(|it| &it.auto_scaling_groups);
    let groups = groups.map(|name| Source::AutoScalingGroup(crate::model::Key::new(scope, Arc::clone(name))));
    vec![Question::These(rules.chain(groups).collect())]
}

fn print(
    settings: &Settings,
    reading: &Reading,
    (a, b): (&str, &str),
    compared: Option<&EnvironmentComparison>,
) -> Result<(), Failure> {
    let differences = compared.map(|it| it.differences.as_slice());
    let undecided = compared.map_or(&[][..], |it| &it.undecided);
    let answer = DiffAnswer { a, b, differences, undecided, errors: problems(reading) };
    match settings.format {
        Format::Json => output::json(&answer),
        Format::Jsonl => output::json_line(&answer),
        Format::Table => match compared {
            Some(compared) => output::result(&text(compared, a, b)),
            None => Ok(()),
        },
    }
}

fn text(compared: &EnvironmentComparison, a: &str, b: &str) -> String {
    let mut text = String::new();
    let value = |value: &Option<String>| clean(value.as_deref().unwrap_or("none")).into_owned();
    for it in &compared.differences {
        let _ = writeln!(text, "{:<12}  {}: {} -> {}", it.table, clean(&it.key), value(&it.a), value(&it.b));
    }
    for it in &compared.undecided {
        let _ = writeln!(
            text,
            "{:<12}  not compared: {} of {} could not be read",
            it.table,
            it.what,
            clean(&it.environment)
        );
    }
    if text.is_empty() {
        let _ = writeln!(text, "{} and {} do not differ", clean(a), clean(b));
    }
    text
}
