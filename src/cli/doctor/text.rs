//! Findings for people: an environment a block, a finding with its check and its fix on the lines below it.

use std::fmt::Write;

use super::diagnosed::Diagnosed;
use crate::diagnosis::{Finding, FindingSeverity, Undecided};
use crate::model::{clean, counted};
use crate::ui::wrap;

/// Lines that do not go to a terminal are this long at the most.
const WIDEST: usize = 100;
/// What is written below a finding begins here.
const INDENT: usize = 12;

/// Returns the block of an environment; empty if nothing was found, unless it is the one that was asked about.
pub fn page(diagnosed: &Diagnosed, is_alone: bool, room: Option<usize>) -> String {
    let Diagnosed { name, findings, undecided, .. } = diagnosed;
    if findings.is_empty() && undecided.is_empty() {
        return if is_alone { format!("{}: nothing found\n", clean(name)) } else { String::new() };
    }
    let room = room.unwrap_or(WIDEST).clamp(40, WIDEST);
    let mut text = format!("{}\n", clean(name));
    for (finding, is_known) in findings {
        block(&mut text, finding, *is_known, room);
    }
    for (reason, checks) in by_reason(undecided) {
        entry(&mut text, "undecided", &format!("{}: {reason}", checks.join(", ")), room);
    }
    text.push('\n');
    text
}

fn block(text: &mut String, finding: &Finding, is_known: bool, room: usize) {
    let known = if is_known { " (in the baseline)" } else { "" };
    entry(text, finding.severity().as_str(), &format!("{}{known}", finding.summary), room);
    for line in &finding.evidence {
        entry(text, "", line, room);
    }
    entry(text, "", &format!("[{}] {}", finding.check.id, finding.check.advice), room);
}

/// A word, and beside it what it is about, on as many lines as it needs.
fn entry(text: &mut String, word: &str, what: &str, room: usize) {
    let mut word = word;
    for line in wrap(what, room - INDENT) {
        let _ = writeln!(text, "{}", format!("  {word:<width$}{line}", width = INDENT - 2).trim_end());
        word = "";
    }
}

/// The checks that could not be decided, by the reason, in the order of the table.
fn by_reason(undecided: &[Undecided]) -> Vec<(String, Vec<&'static str>)> {
    let mut reasons: Vec<(String, Vec<&'static str>)> = Vec::new();
    for it in undecided {
        let reason = it.why.to_string();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, checks)) => checks.push(it.check.id),
            None => reasons.push((reason, vec![it.check.id])),
        }
    }
    reasons
}

/// Returns how much was found, in a line.
pub fn summary(diagnosed: &[Diagnosed]) -> String {
    if diagnosed.is_empty() {
        return String::new();
    }
    let findings = || diagnosed.iter().flat_map(|it| &it.findings);
    let count = |severity| findings().filter(|(finding, _)| finding.severity() == severity).count();
    let word = |severity, number| match severity {
        FindingSeverity::Warning if number != 1 => "warnings",
        severity => severity.as_str(),
    };
    let by_severity = FindingSeverity::ALL.map(|severity| (count(severity), word(severity, count(severity))));
    let undecided = diagnosed.iter().map(|it| it.undecided.len()).sum::<usize>();
    let known = findings().filter(|(_, is_known)| *is_known).count();
    let silenced = diagnosed.iter().map(|it| it.silenced_items.len()).sum::<usize>();
    let rest = [(undecided, "undecided"), (known, "in the baseline"), (silenced, "silenced")];
    let some = by_severity.into_iter().chain(rest).filter(|(number, _)| *number > 0);
    let parts: Vec<_> = some.map(|(number, word)| format!("{number} {word}")).collect();
    let found = if parts.is_empty() { "nothing found".to_owned() } else { parts.join(", ") };
    format!("{}: {found}\n", counted(diagnosed.len(), "environment"))
}
