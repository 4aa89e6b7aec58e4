//! `explain`: what a check means, which checks there are, or why a load balancer answers with a status. It asks AWS nothing.

use std::process::ExitCode;

use serde::Serialize;

use super::arguments::Format;
use super::failure::Failure;
use super::output;
use super::settings::Settings;
use super::table::{self, ColumnShape};
use crate::diagnosis::{Check, STATUS_CODES, StatusCode, checks, status_code};
use crate::mistakes::did_you_mean;
use crate::model::SOURCES;
use crate::runtime::terminal_width;
use crate::ui::wrap;

/// No line is longer, because long lines are hard to read.
const WIDEST: usize = 100;

/// The answer.
#[derive(Serialize)]
struct ExplainAnswer<T> {
    items: Vec<T>,
    errors: [(); 0],
}

/// The last of the lines.
#[derive(Serialize)]
struct Last {
    errors: [(); 0],
}

#[derive(Serialize)]
struct ExplainItem {
    check: &'static str,
    severity: &'static str,
    message: &'static str,
    grades: Vec<GradeItem>,
    reads: Vec<&'static str>,
    needs: &'static str,
    explanation: &'static str,
    advice: &'static str,
}

#[derive(Serialize)]
struct GradeItem {
    severity: &'static str,
    when: String,
    needs_attention: bool,
}

#[derive(Serialize)]
struct StatusItem {
    status: u16,
    message: &'static str,
    explanation: &'static str,
    advice: &'static str,
    metric: &'static str,
    checks: &'static [&'static str],
}

/// Explains a check or a status, or lists all checks.
pub fn run(settings: &Settings, name: Option<&str>) -> Result<ExitCode, Failure> {
    if let Some(code) = name.and_then(|name| name.parse().ok()) {
        let row = status_code(code).ok_or_else(|| no_status(code))?;
        return answer(settings, vec![status_item(row)], || status_page(row));
    }
    let chosen: Vec<_> = match name {
        Some(name) => vec![named(name)?],
        None => checks().collect(),
    };
    let items = chosen.iter().copied().map(item).collect();
    answer(settings, items, || match *chosen {
        [check] if name.is_some() => page(check),
        _ => list(&chosen),
    })
}

fn answer<T: Serialize>(
    settings: &Settings,
    items: Vec<T>,
    page: impl FnOnce() -> String,
) -> Result<ExitCode, Failure> {
    match settings.format {
        Format::Table => output::result(&page())?,
        Format::Json => output::json(&ExplainAnswer { items, errors: [] })?,
        Format::Jsonl => {
            output::result(&output::json_lines(items.into_iter())?)?;
            output::json_line(&Last { errors: [] })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn no_status(code: u16) -> Failure {
    let known: Vec<_> = STATUS_CODES.iter().map(|row| row.code.to_string()).collect();
    let words = format!("a load balancer does not answer {code} itself, as far as is known: a target did");
    Failure::usage(words).hint(format!("it answers {}", known.join(", ")))
}

fn status_page(row: &StatusCode) -> String {
    let room = room();
    let mut lines = vec![format!("{}: {}", row.code, row.sentence), String::new()];
    lines.extend(wrap(row.explanation, room));
    lines.push(String::new());
    let counted =
        if row.metric.contains(&row.code.to_string()) { "" } else { ", with others: access logs tell them apart" };
    lines.extend(wrap(&format!("counted by {}{counted}", row.metric), room));
    if !row.checks.is_empty() {
        lines.extend(wrap(&format!("looked for by: {}", row.checks.join(", ")), room));
    }
    lines.push(String::new());
    lines.extend(wrap(row.advice, room));
    lines.join("\n") + "\n"
}

fn status_item(row: &StatusCode) -> StatusItem {
    let StatusCode { code, sentence, explanation, advice, metric, checks } = *row;
    StatusItem { status: code, message: sentence, explanation, advice, metric, checks }
}

fn room() -> usize {
    terminal_width().unwrap_or(WIDEST).clamp(20, WIDEST)
}

fn named(name: &str) -> Result<&'static Check, Failure> {
    checks().find(|check| check.id == name).ok_or_else(|| {
        let meant = did_you_mean(name, checks().map(|check| check.id));
        Failure::usage(format!("there is no check `{name}`{meant}"))
            .hint("`beanpole explain` lists them; a status like 502 is explained too")
    })
}

fn list(checks: &[&'static Check]) -> String {
    let shapes = [ColumnShape::text("CHECK"), ColumnShape::text("SEVERITY"), ColumnShape::text("FINDS")];
    let row =
        |check: &&Check| vec![check.id.to_owned(), check.severity().as_str().to_owned(), check.sentence.to_owned()];
    table::lines(&shapes, &checks.iter().map(row).collect::<Vec<_>>(), terminal_width())
}

/// One check on a page.
fn page(check: &'static Check) -> String {
    let room = room();
    let mut lines = vec![format!("{}: {}", check.id, check.sentence), String::new()];
    lines.extend(wrap(check.explanation, room));
    lines.push(String::new());
    for grade in check.grades {
        let rank = if grade.attention.is_some() { ", needs attention" } else { "" };
        let words = format!("{}{rank}: {}", grade.severity.as_str(), grade.condition());
        lines.extend(wrap(&words, room));
    }
    lines.extend(wrap(&format!("undecided without {}", check.needs), room));
    lines.extend(wrap(&format!("reads: {}", operations(check).join(", ")), room));
    lines.push(String::new());
    lines.extend(wrap(check.advice, room));
    lines.join("\n") + "\n"
}

/// The operations that read what a check needs, each once.
fn operations(check: &Check) -> Vec<&'static str> {
    let rows = check.inputs.iter().filter_map(|kind| SOURCES.iter().find(|row| row.kind == *kind));
    let mut operations: Vec<_> = rows.map(|row| row.read.operation).collect();
    operations.sort_unstable();
    operations.dedup();
    operations
}

fn item(check: &'static Check) -> ExplainItem {
    let grade = |grade: &crate::diagnosis::Grade| GradeItem {
        severity: grade.severity.as_str(),
        when: grade.condition(),
        needs_attention: grade.attention.is_some(),
    };
    ExplainItem {
        check: check.id,
        severity: check.severity().as_str(),
        message: check.sentence,
        grades: check.grades.iter().map(grade).collect(),
        reads: operations(check),
        needs: check.needs,
        explanation: check.explanation,
        advice: check.advice,
    }
}
