//! `explain`: what a check means, or which checks there are. It asks AWS nothing.

use std::process::ExitCode;

use serde::Serialize;

use super::arguments::Format;
use super::failure::Failure;
use super::output;
use super::settings::Settings;
use super::table::{self, ColumnShape};
use crate::diagnosis::{Check, checks};
use crate::mistakes::did_you_mean;
use crate::model::SOURCES;
use crate::runtime::terminal_width;
use crate::ui::wrap;

/// No line is longer, because long lines are hard to read.
const WIDEST: usize = 100;

/// The answer.
#[derive(Serialize)]
struct ExplainAnswer {
    items: Vec<ExplainItem>,
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

/// Explains a check, or lists all.
pub fn run(settings: &Settings, name: Option<&str>) -> Result<ExitCode, Failure> {
    let chosen: Vec<_> = match name {
        Some(name) => vec![named(name)?],
        None => checks().collect(),
    };
    match settings.format {
        Format::Table if name.is_some() => output::result(&chosen.into_iter().map(page).collect::<String>())?,
        Format::Table => output::result(&list(&chosen))?,
        Format::Json => output::json(&ExplainAnswer { items: chosen.into_iter().map(item).collect(), errors: [] })?,
        Format::Jsonl => {
            output::result(&output::json_lines(chosen.into_iter().map(item))?)?;
            output::json_line(&Last { errors: [] })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn named(name: &str) -> Result<&'static Check, Failure> {
    checks().find(|check| check.id == name).ok_or_else(|| {
        let meant = did_you_mean(name, checks().map(|check| check.id));
        Failure::usage(format!("there is no check `{name}`{meant}")).hint("`beanpole explain` lists them")
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
    let room = terminal_width().unwrap_or(WIDEST).clamp(20, WIDEST);
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
