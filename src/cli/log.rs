//! `log`: what was changed from this machine, newest first. It asks AWS nothing.

use std::process::ExitCode;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::arguments::Format;
use super::failure::{ExitStatus, Failure};
use super::output;
use super::settings::Settings;
use super::table::{self, ColumnShape};
use crate::app::{Cut, NOTHING};
use crate::change::ValueChange;
use crate::model::{FigureUnit, figure};
use crate::runtime::terminal_width;
use crate::write::{Entry, History};

/// The answer.
#[derive(Serialize)]
struct LogAnswer<'a> {
    items: Option<Vec<&'a Entry>>,
    errors: Vec<LogProblem>,
}

/// Something in the log that cannot be read; it has no request.
#[derive(Serialize)]
struct LogProblem {
    source: String,
    kind: &'static str,
    message: String,
    request_id: Option<String>,
}

/// Prints what was changed.
pub fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let log = Settings::audit_log()?;
    let path = log.path().display().to_string();
    let (history, errors) = match log.read() {
        Ok(history) => (Some(history), Vec::new()),
        Err(error) => (None, vec![LogProblem::new(path.clone(), error.to_string())]),
    };
    let is_answered = history.is_some();
    let History { entries, unreadable, unread, .. } = history.unwrap_or_default();
    let place =
        |line| if unread > 0 { format!("{path} line {line} of its end") } else { format!("{path} line {line}") };
    let lines = unreadable
        .iter()
        .map(|line| LogProblem::new(place(line), "it cannot be read, and was left as it is".to_owned()));
    let older = (unread > 0).then(|| {
        let size = figure(unread as f64, FigureUnit::Bytes);
        LogProblem::new(path.clone(), format!("only its end was read: {size} of older changes are not listed"))
    });
    let errors: Vec<_> = errors.into_iter().chain(older).chain(lines).collect();
    for problem in &errors {
        output::remark(&format!("beanpole: {}: {}", problem.source, problem.message));
    }
    let status =
        if !is_answered || (settings.strict && !errors.is_empty()) { ExitStatus::Unreachable as u8 } else { 0 };
    print(settings, is_answered.then(|| entries.iter().rev().collect()), errors)?;
    Ok(ExitCode::from(status))
}

impl LogProblem {
    fn new(source: String, message: String) -> Self {
        Self { source, kind: "other", message, request_id: None }
    }
}

fn print(settings: &Settings, items: Option<Vec<&Entry>>, errors: Vec<LogProblem>) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Last {
        errors: Vec<LogProblem>,
    }
    match settings.format {
        Format::Table => {
            let zone = if settings.config.utc { TimeZone::UTC } else { TimeZone::system() };
            let items = items.unwrap_or_default();
            if items.is_empty() { Ok(()) } else { output::result(&table(&items, &zone)) }
        }
        Format::Json => output::json(&LogAnswer { items, errors }),
        Format::Jsonl => {
            items.unwrap_or_default().into_iter().try_for_each(output::json_line)?;
            output::json_line(&Last { errors })
        }
    }
}

fn table(items: &[&Entry], zone: &TimeZone) -> String {
    const SHAPES: [ColumnShape; 7] = [
        ColumnShape::text("AT"),
        ColumnShape::text("KIND"),
        ColumnShape::text("ENVIRONMENT"),
        ColumnShape::text("REGION"),
        ColumnShape { cut: Cut::End, least: 12, ..ColumnShape::text("CHANGE") },
        ColumnShape::text("OUTCOME"),
        ColumnShape::text("ID"),
    ];
    let rows: Vec<_> = items.iter().map(|entry| cells(entry, zone)).collect();
    table::lines(&SHAPES, &rows, terminal_width())
}

fn cells(entry: &Entry, zone: &TimeZone) -> Vec<String> {
    let value = |value: &Option<String>| match value.as_deref() {
        None => NOTHING.to_owned(),
        Some("") => "\"\"".to_owned(),
        Some(value) => value.to_owned(),
    };
    let change = |it: &ValueChange| {
        let (key, before, after) = reported(it);
        format!("{key}: {} -> {}", value(before), value(after))
    };
    let changes = entry.changes.iter().map(change);
    let undone = entry.undone_by.as_ref().map(|by| format!(", undone by {by}")).unwrap_or_default();
    vec![
        entry.at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string(),
        entry.kind.clone(),
        entry.environment.clone(),
        value(&entry.region),
        changes.collect::<Vec<_>>().join(", "),
        format!("{}{undone}", entry.outcome.as_deref().unwrap_or("not known")),
        entry.id.clone(),
    ]
}

/// Returns what changed: drift that was adopted changes only the option.
fn reported(it: &ValueChange) -> (&str, &Option<String>, &Option<String>) {
    match &it.option {
        Some(option) if it.before == it.after => (&option.name, &option.before, &option.after),
        _ => (&it.key, &it.before, &it.after),
    }
}
