//! `history`: what happened to an environment, on one time axis.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::answer::{Items, finish};
use super::arguments::Format;
use super::events::read_events;
use super::failure::Failure;
use super::named::{named, unknown};
use super::output;
use super::problem::{Problem, problems};
use super::progress::Bar;
use super::reading::{Reading, interruptible, open_and_gather};
use super::settings::Settings;
use super::table::{self, ColumnShape};
use super::times::{time_json, time_words};
use crate::app::{Cut, NOTHING};
use crate::aws::{EventQuery, Session};
use crate::change::{PastRollback, PlanInputs, UpdateRecord, drift};
use crate::deploy::PastDeploys;
use crate::diagnosis::{HistoryInputs, HistoryItem, OwnChange};
use crate::model::{Environment, EnvironmentEvent, Snapshot, clean, span_words};
use crate::polling::Question;
use crate::runtime::{own_changes, terminal_width};
use crate::write::Entry;

/// Beanstalk keeps events for six weeks.
const KEPT: Duration = Duration::from_hours(42 * 24);

/// An item of the answer. The fields are a contract.
#[derive(Debug, Serialize)]
struct HistoryLine {
    at: Option<String>,
    kind: &'static str,
    by: Option<Arc<str>>,
    what: String,
    outcome: Option<Arc<str>>,
    seconds: Option<u64>,
    id: Option<Arc<str>>,
}

/// What our own log has of an environment.
#[derive(Default)]
struct OwnPast {
    changes: Vec<OwnChange>,
    records: Vec<UpdateRecord>,
    rollbacks: Vec<PastRollback>,
}

/// Prints the history of the environment of this name or id.
pub fn run(settings: &Settings, name: &str) -> Result<ExitCode, Failure> {
    let bar = Bar::new("reading");
    let work = async {
        let (reading, session) = open_and_gather(settings, &bar, |known| questions(known, name)).await?;
        let environment = named(reading.known(), name)?.cloned();
        let events = match (&session, &environment) {
            (Some(session), Some(environment)) => {
                let since = settings.clock.now().minus(KEPT);
                let query = EventQuery { environment: Some(environment.key.clone()), since, severity: None };
                Some(read_events(settings, session, &query).await)
            }
            _ => None,
        };
        Ok((reading, session, environment, events))
    };
    let (reading, session, environment, events) = interruptible(&bar, work)?;
    let mut errors = problems(&reading);
    let Some((environment, (events, faults))) = environment.zip(events) else {
        return match unknown(&reading, name) {
            Some(failure) => Err(failure),
            None => print(settings, None, errors),
        };
    };
    errors.extend(faults);
    let own = own_past(&environment, session.as_ref());
    let found = events.unwrap_or_default();
    let items = items(&reading, &environment, &found, &own);
    if settings.format == Format::Table {
        let past = PastDeploys::new(&environment, found.iter(), (&own.records, &own.rollbacks));
        output::remark(&clean(&format!("{}: {}", environment.name, past.words())));
    }
    print(settings, Some(items), errors)
}

/// What is read of it: the objects with their options, for drift, and the alarms with their history.
fn questions(known: &Snapshot, name: &str) -> Vec<Question> {
    let mut questions = vec![Question::Linked];
    if let Some(environment) = named(known, name).ok().flatten().filter(|_| known.is_base_tried()) {
        let key = &environment.key;
        questions.extend([
            Question::Tree(key.clone()),
            Question::Settings(key.clone()),
            Question::Options(vec![key.clone()]),
            Question::Alarms(key.clone()),
        ]);
    }
    questions
}

fn items(reading: &Reading, environment: &Environment, events: &[EnvironmentEvent], own: &OwnPast) -> Vec<HistoryItem> {
    let known = reading.known();
    let histories = &known.inventory.alarm_history;
    let alarms: Vec<_> = known
        .alarms(environment)
        .into_iter()
        .filter_map(|alarm| Some((Arc::clone(&alarm.name), histories.get(&alarm.key)?.clone())))
        .collect();
    let basis = PlanInputs { snapshot: known, environment };
    let drifts = drift(&basis).into_iter().flatten().map(|it| clean(&it.sentence()).into_owned()).collect::<Vec<_>>();
    let inputs = HistoryInputs {
        environment: &environment.name,
        events,
        own: &own.changes,
        verdicts: &own.records,
        alarms: &alarms,
        drift: &drifts,
    };
    inputs.items()
}

/// Returns what the log on this machine has of it; nothing if there is no log, which is reported if it cannot be read.
fn own_past(environment: &Environment, session: Option<&Session>) -> OwnPast {
    let Ok(log) = Settings::audit_log() else { return OwnPast::default() };
    let history = match log.read() {
        Ok(history) => history,
        Err(error) => {
            let path = log.path().display();
            output::remark(&format!("beanpole: {path}: {error}; changes made from this machine are not known"));
            return OwnPast::default();
        }
    };
    if history.unread > 0 {
        output::remark("beanpole: only the end of the log was read: older changes made from this machine are missing");
    }
    let region = session.and_then(|session| session.region.as_deref());
    let endpoint = session.and_then(|session| session.endpoint.as_deref());
    // The account is not asked for: an environment's id is in one only.
    let is_here = |entry: &Entry| {
        let is_own = entry.concerns(&environment.key.id);
        is_own && entry.region.as_deref() == region && entry.endpoint.as_deref() == endpoint
    };
    let account = history.entries.iter().rev().find(|entry| is_here(entry)).and_then(|entry| entry.account.clone());
    let kept = || history.verdicts.iter().rev();
    let of_verdict = kept().find(|it| it.update.environment_id == environment.key.id).and_then(|it| it.account.clone());
    let place = (account.as_deref().or(of_verdict.as_deref()), region, endpoint);
    OwnPast {
        changes: own_changes(&history, &environment.key.id, is_here),
        records: history.updates_of(place, &environment.key.id),
        rollbacks: history.rollbacks_of(place, &environment.key.id),
    }
}

fn print(settings: &Settings, items: Option<Vec<HistoryItem>>, errors: Vec<Problem>) -> Result<ExitCode, Failure> {
    let is_answered = items.is_some();
    if settings.format == Format::Table {
        if let Some(items) = &items {
            output::result(&text(settings, items))?;
        }
        return Ok(finish(settings, &errors, is_answered));
    }
    let line = |item: HistoryItem| {
        let HistoryItem { at, kind, by, what, outcome, seconds, id } = item;
        HistoryLine { at: at.map(time_json), kind, by, what, outcome, seconds, id }
    };
    let answer = Items { items: items.map(|items| items.into_iter().map(line).collect()), errors };
    answer.print(settings.format)?;
    Ok(finish(settings, &answer.errors, is_answered))
}

fn text(settings: &Settings, items: &[HistoryItem]) -> String {
    const SHAPES: [ColumnShape; 6] = [
        ColumnShape::text("TIME"),
        ColumnShape::text("KIND"),
        ColumnShape::text("OUTCOME"),
        ColumnShape::figure("TOOK"),
        ColumnShape { cut: Cut::Start, least: 12, ..ColumnShape::text("BY") },
        ColumnShape { cut: Cut::End, least: 20, ..ColumnShape::text("WHAT") },
    ];
    let nothing = || NOTHING.to_owned();
    let row = |item: &HistoryItem| {
        vec![
            item.at.map_or_else(nothing, |at| time_words(settings, at)),
            item.kind.to_owned(),
            item.outcome.as_deref().map_or_else(nothing, str::to_owned),
            item.seconds.map_or_else(nothing, |seconds| span_words(Duration::from_secs(seconds))),
            item.by.as_deref().map_or_else(nothing, str::to_owned),
            item.what.clone(),
        ]
    };
    let rows: Vec<_> = items.iter().map(row).collect();
    table::lines(&SHAPES, &rows, terminal_width())
}
