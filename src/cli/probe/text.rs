//! `probe` for people: what was seen, a line each, and then what follows from it. No line is wider than 80 columns.

use std::fmt::Write;

use super::result::ProbeResult;
use crate::model::{clean, counted};
use crate::probe::{
    AffinityReport, AnsweredBy, FallbackReport, FirstAnswer, Observation, OriginReport, ProbeFinding, ProbeSeverity,
    QuietLimits, QuietReport, TlsReport, WebsocketFailure, WebsocketReport, purpose,
};
use crate::ui::{width, wrap};

/// The widest line.
const WIDEST: usize = 80;
/// The column of the values.
const INDENT: usize = 16;

/// Returns the whole page.
pub fn page(probe: &ProbeResult<'_>) -> String {
    let mut out = String::new();
    put(&mut out, 0, "", &format!("{}  {}", probe.target.environment, probe.target.url));
    for (name, value) in rows(probe) {
        put(&mut out, INDENT, &format!("  {name}"), &value);
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

fn rows(probe: &ProbeResult<'_>) -> Vec<(&'static str, String)> {
    let ProbeResult { target, seen, .. } = probe;
    let destination = &target.plan.destination;
    let mut rows = vec![("connected to", format!("{}:{}", destination.address, destination.port))];
    if *destination.address == *target.plan.host {
        rows.clear();
    }
    rows.extend(seen.tls.as_ref().map(|tls| ("TLS", tls_words(tls))));
    match &seen.first {
        Ok(first) => rows.push(("answer", answer_words(first))),
        Err(error) => rows.push(("answer", format!("none: {error}"))),
    }
    if seen.unreachable().is_some() {
        return rows;
    }
    rows.push(("requests", requests_words(seen)));
    rows.push(("cookies", cookies_words(seen)));
    rows.extend(seen.affinity.as_ref().map(|report| ("affinity", affinity_words(report))));
    rows.extend(seen.websocket.as_ref().map(|report| ("WebSocket", websocket_words(report))));
    let quiet = seen.quiet.as_ref().and_then(|quiet| quiet.as_ref().ok());
    rows.extend(quiet.map(|report| ("quiet socket", quiet_words(report, target.limits(seen)))));
    rows.extend(seen.fallback.as_ref().map(|report| ("fallback", fallback_words(report))));
    rows.extend(seen.origin.as_ref().map(|report| ("other origin", origin_words(report))));
    rows
}

fn tls_words(tls: &TlsReport) -> String {
    let version = tls.version.as_ref().map(|version| format!("{version}, ")).unwrap_or_default();
    let until = tls.not_after.map(|at| format!(", until {}", at.0.strftime("%Y-%m-%d"))).unwrap_or_default();
    format!("{version}certificate of {}{until}", tls.covered())
}

fn answer_words(first: &FirstAnswer) -> String {
    let server = first.server.as_deref().map(|server| format!(" (Server: {server})")).unwrap_or_default();
    let through = if first.through_nginx && first.by == AnsweredBy::Application { " through nginx" } else { "" };
    let location = first.location.as_deref().map(|to| format!(", leads to {to}")).unwrap_or_default();
    format!("{} by {}{through}{server}{location}", first.status, first.by.describe())
}

fn requests_words(seen: &Observation) -> String {
    let statuses = seen.counts.statuses.iter().map(|(code, times)| format!("{code} x {times}"));
    let failed: usize = seen.counts.failures.values().sum();
    let failed = (failed > 0).then(|| format!("no answer x {failed}"));
    format!("{}: {}", seen.counts.requests, statuses.chain(failed).collect::<Vec<_>>().join(", "))
}

fn cookies_words(seen: &Observation) -> String {
    if seen.counts.cookies.is_empty() {
        return "none".to_owned();
    }
    let named = |name: &String| match purpose(name) {
        Some(purpose) => format!("{name} ({purpose})"),
        None => name.clone(),
    };
    seen.counts.cookies.iter().map(named).collect::<Vec<_>>().join(", ")
}

fn affinity_words(report: &AffinityReport) -> String {
    let seen = report.targets_seen();
    let seen = if seen > 0 { format!("; {} seen", counted(seen, "target")) } else { String::new() };
    format!("{}{seen}", report.verdict().describe())
}

fn websocket_words(report: &WebsocketReport) -> String {
    match &report.failure {
        None => format!("{}: open, and a ping was answered", report.path),
        Some(failure) => format!("{}: {}", report.path, failure_words(failure)),
    }
}

/// Says why a WebSocket does not work.
pub fn failure_words(failure: &WebsocketFailure) -> String {
    match failure {
        WebsocketFailure::Unanswered(error) => error.to_string(),
        WebsocketFailure::Refused(refused) => format!("answered {} by {}", refused.status, refused.by.describe()),
        WebsocketFailure::BadHandshake(mistake) => format!("answered 101, but {mistake}"),
        WebsocketFailure::NoPong(why) => format!("open, but silent: {why}"),
    }
}

fn quiet_words(report: &QuietReport, limits: QuietLimits) -> String {
    let seconds = report.quiet.as_secs_f64().round();
    match report.cut_by(limits) {
        None if report.heard > 0 => format!(
            "alive after {} s; the application sent {}",
            report.watched.as_secs(),
            counted(report.heard, "frame")
        ),
        None => format!("alive after {} s", report.watched.as_secs()),
        Some(by) => format!("cut after {seconds} s, by {}", by.describe()),
    }
}

fn fallback_words(report: &FallbackReport) -> String {
    let name = report.protocol.describe();
    if report.sessions == 0 {
        return format!("{name}: no session");
    }
    let kept = |sent: usize, broken: usize| format!("{} of {}", sent - broken, counted(sent, "request"));
    format!(
        "{name}: {} kept their session with the newest cookie, {} without",
        kept(report.continued, report.broken),
        kept(report.continued_bare, report.broken_bare)
    )
}

fn origin_words(report: &OriginReport) -> String {
    let status = report.preflight.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    let allowed = if report.preflight_allows.covers(&report.origin) { "allowed" } else { "not allowed" };
    let credentials = if report.allows.credentials { ", with credentials" } else { "" };
    format!("{}: {allowed}{credentials} (preflight {status})", report.origin)
}
