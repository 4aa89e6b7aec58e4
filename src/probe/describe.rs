//! What a probe saw, in lines for people.

use super::affinity::AffinityReport;
use super::answered_by::AnsweredBy;
use super::cookies::purpose;
use super::fallback::FallbackReport;
use super::origin::OriginReport;
use super::part::ProbePart;
use super::quiet::{QuietLimits, QuietReport};
use super::run::{FirstAnswer, Observation};
use super::target::ProbeTarget;
use super::tls_report::TlsReport;
use super::websocket::{WebsocketFailure, WebsocketReport};
use crate::model::counted;

/// What was seen in a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeRow {
    /// The part.
    pub part: ProbePart,
    /// What it is.
    pub name: &'static str,
    /// What was seen.
    pub value: String,
}

/// Returns what was seen so far, part by part. It may hold any text of the server's.
#[must_use]
pub fn rows(target: &ProbeTarget, seen: &Observation) -> Vec<ProbeRow> {
    let destination = &target.plan.destination;
    let mut rows = Vec::new();
    let mut put = |part, name, value| rows.push(ProbeRow { part, name, value });
    let first = ProbePart::First;
    if *destination.address != *target.plan.host {
        put(first, "connected to", format!("{}:{}", destination.address, destination.port));
    }
    seen.tls.iter().for_each(|tls| put(first, "TLS", tls_words(tls)));
    match &seen.first {
        Ok(answer) => put(first, first.name(), answer_words(answer)),
        Err(error) => put(first, first.name(), format!("none: {error}")),
    }
    if seen.unreachable().is_some() {
        return rows;
    }
    put(first, "requests", requests_words(seen));
    put(first, "cookies", cookies_words(seen));
    let mut of = |part: ProbePart, words: Option<String>| {
        rows.extend(words.map(|value| ProbeRow { part, name: part.name(), value }));
    };
    of(ProbePart::Affinity, seen.affinity.as_ref().map(affinity_words));
    of(ProbePart::Websocket, seen.websocket.as_ref().map(websocket_words));
    let quiet = seen.quiet.as_ref().and_then(|quiet| quiet.as_ref().ok());
    of(ProbePart::Quiet, quiet.map(|report| quiet_words(report, target.limits(seen))));
    of(ProbePart::Fallback, seen.fallback.as_ref().map(fallback_words));
    of(ProbePart::Origin, seen.origin.as_ref().map(origin_words));
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
#[must_use]
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
