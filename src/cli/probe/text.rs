//! `probe` for people: what was seen, a line each, and then what follows from it. No line is wider than 80 columns.

use std::fmt::Write;

use super::result::ProbeResult;
use crate::model::{ProbeFinding, ProbeSeverity, clean};
use crate::probe::rows;
use crate::ui::{width, wrap};

/// The widest line.
const WIDEST: usize = 80;
/// The column of the values.
const INDENT: usize = 16;

/// Returns the whole page.
pub fn page(probe: &ProbeResult<'_>) -> String {
    let mut out = String::new();
    put(&mut out, 0, "", &format!("{}  {}", probe.target.environment, probe.target.url));
    for row in rows(probe.target, probe.seen) {
        put(&mut out, INDENT, &format!("  {}", row.name), &row.value);
    }
    if probe.seen.unreachable().is_some() {
        return out;
    }
    out.push('\n');
    if probe.findings.is_empty() {
        out.push_str("Nothing is wrong.\n");
    }
    probe.findings.iter().for_each(|finding| put_finding(&mut out, finding));
    out
}

/// Writes a value beside its name, on as many lines as it needs.
fn put(out: &mut String, indent: usize, name: &str, value: &str) {
    let (name, value) = (clean(name), clean(value));
    for (number, line) in wrap(&value, WIDEST - indent).into_iter().enumerate() {
        let head = if number == 0 { &*name } else { "" };
        let gap = " ".repeat(indent.saturating_sub(width(head)));
        let _ = writeln!(out, "{}", format!("{head}{gap}{line}").trim_end());
    }
}

fn put_finding(out: &mut String, finding: &ProbeFinding) {
    let severity = match finding.severity {
        ProbeSeverity::Critical => "CRITICAL",
        ProbeSeverity::Warning => "WARNING",
        ProbeSeverity::Info => "INFO",
    };
    put(out, 10, severity, &finding.message);
    finding.evidence.iter().for_each(|evidence| put(out, 12, "", evidence));
    if !finding.fix.is_empty() {
        put(out, 15, "          fix:", &finding.fix);
    }
}
