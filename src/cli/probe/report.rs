//! The answer of `probe` for scripts. The fields are a contract.

use std::collections::BTreeMap;

use serde::Serialize;

use super::result::ProbeResult;
use crate::cli::problem::{ErrorLine, problems};
use crate::cli::reading::Reading;
use crate::cli::times::time_json;
use crate::model::{ProbeFinding, ProbeSeverity};
use crate::probe::{
    AffinityVerdict, AnsweredBy, CertificateProblem, CutBy, FallbackReport, Observation, OriginReport, QuietLimits,
    TlsReport, WebsocketReport, failure_words,
};

/// The answer. Nothing but `errors` is there if the environments could not be listed.
#[derive(Debug, Default, Serialize)]
pub struct ProbeAnswerJson<'a> {
    environment: Option<&'a str>,
    url: Option<&'a str>,
    host: Option<&'a str>,
    address: Option<String>,
    requests: Option<usize>,
    statuses: Option<BTreeMap<String, usize>>,
    answered_by: Option<AnsweredBy>,
    server: Option<&'a str>,
    location: Option<&'a str>,
    cookies: Option<Vec<&'a str>>,
    affinity: Option<bool>,
    affinity_reason: Option<&'static str>,
    targets_seen: Option<usize>,
    websocket: Option<WebsocketJson<'a>>,
    fallback: Option<FallbackJson<'a>>,
    origin: Option<OriginJson<'a>>,
    tls: Option<TlsJson<'a>>,
    findings: Option<Vec<FindingJson<'a>>>,
    undecided: Option<Vec<UndecidedJson<'a>>>,
    errors: Vec<ErrorLine>,
}

#[derive(Debug, Serialize)]
struct WebsocketJson<'a> {
    path: &'a str,
    status: Option<u16>,
    upgraded: bool,
    echoed: bool,
    idle_seconds: Option<f64>,
    cut_by: Option<&'static str>,
    failure: Option<String>,
}

#[derive(Debug, Serialize)]
struct FallbackJson<'a> {
    transport: &'static str,
    sessions: usize,
    continued: usize,
    broken: usize,
    continued_without_cookie: usize,
    broken_without_cookie: usize,
    failure: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct OriginJson<'a> {
    origin: &'a str,
    path: &'a str,
    preflight: Option<u16>,
    allowed: bool,
    credentials: bool,
    cross_site_cookie: Option<CookieJson<'a>>,
}

#[derive(Debug, Serialize)]
struct CookieJson<'a> {
    name: &'a str,
    same_site: Option<&'a str>,
    secure: bool,
}

#[derive(Debug, Serialize)]
struct TlsJson<'a> {
    version: Option<&'a str>,
    alpn: Option<&'a str>,
    names: &'a [String],
    issuer: Option<&'a str>,
    not_before: Option<String>,
    not_after: Option<String>,
    problems: &'a [CertificateProblem],
}

#[derive(Debug, Serialize)]
struct FindingJson<'a> {
    check: &'static str,
    severity: ProbeSeverity,
    environment: &'a str,
    subject: &'a str,
    message: &'a str,
    evidence: &'a [String],
    fix: &'a str,
}

#[derive(Debug, Serialize)]
struct UndecidedJson<'a> {
    check: &'static str,
    environment: &'a str,
    reason: String,
}

impl<'a> ProbeAnswerJson<'a> {
    /// The answer where the environments could not be listed.
    pub fn nothing(reading: &Reading) -> Self {
        Self { errors: lines(reading), ..Self::default() }
    }

    /// The answer of a probe.
    pub fn new(probe: &ProbeResult<'a>) -> Self {
        let ProbeResult { target, seen, findings, reading } = probe;
        let first = seen.first.as_ref().ok();
        let affinity = seen.affinity.as_ref().map(crate::probe::AffinityReport::verdict);
        let destination = &target.plan.destination;
        let mut errors = lines(reading);
        let error = seen.unreachable();
        errors.extend(error.map(|error| ErrorLine::network(format!("GET {}", target.url), error.to_string())));
        Self {
            environment: Some(&target.environment),
            url: Some(&target.url),
            host: Some(&target.plan.host),
            address: Some(format!("{}:{}", destination.address, destination.port)),
            requests: Some(seen.counts.requests),
            statuses: Some(seen.counts.statuses.iter().map(|(code, times)| (code.to_string(), *times)).collect()),
            answered_by: first.map(|first| first.by),
            server: first.and_then(|first| first.server.as_deref()),
            location: first.and_then(|first| first.location.as_deref()),
            cookies: Some(seen.counts.cookies.iter().map(String::as_str).collect()),
            affinity: affinity.and_then(AffinityVerdict::is_kept),
            affinity_reason: affinity.map(AffinityVerdict::describe),
            targets_seen: seen.targets_seen(),
            websocket: seen.websocket.as_ref().map(|report| websocket(report, seen, target.limits(seen))),
            fallback: seen.fallback.as_ref().map(FallbackJson::new),
            origin: seen.origin.as_ref().map(OriginJson::new),
            tls: seen.tls.as_ref().map(TlsJson::new),
            findings: error.is_none().then(|| findings.iter().map(|it| finding(it, target)).collect()),
            undecided: Some(undecided(probe)),
            errors,
        }
    }
}

fn lines(reading: &Reading) -> Vec<ErrorLine> {
    problems(reading).iter().map(ErrorLine::from).collect()
}

/// Nothing is decided of a load balancer that cannot be reached from here.
fn undecided<'a>(probe: &ProbeResult<'a>) -> Vec<UndecidedJson<'a>> {
    let Some(error) = probe.seen.unreachable().filter(|_| probe.target.is_internal) else { return Vec::new() };
    let reason = format!("the load balancer is internal: {error}");
    vec![UndecidedJson { check: "probe", environment: &probe.target.environment, reason }]
}

fn websocket<'a>(report: &'a WebsocketReport, seen: &Observation, limits: QuietLimits) -> WebsocketJson<'a> {
    let quiet = seen.quiet.as_ref().and_then(|quiet| quiet.as_ref().ok());
    WebsocketJson {
        path: &report.path,
        status: report.status,
        upgraded: report.upgraded,
        echoed: report.echoed,
        idle_seconds: quiet.map(|quiet| (quiet.lived().as_secs_f64() * 10.0).round() / 10.0),
        cut_by: quiet.and_then(|quiet| quiet.cut_by(limits)).map(CutBy::as_str),
        failure: report.failure.as_ref().map(failure_words),
    }
}

fn finding<'a>(found: &'a ProbeFinding, target: &'a crate::probe::ProbeTarget) -> FindingJson<'a> {
    FindingJson {
        check: found.check,
        severity: found.severity,
        environment: &target.environment,
        subject: &target.url,
        message: &found.message,
        evidence: &found.evidence,
        fix: &found.fix,
    }
}

impl<'a> FallbackJson<'a> {
    fn new(report: &'a FallbackReport) -> Self {
        Self {
            transport: report.protocol.as_str(),
            sessions: report.sessions,
            continued: report.continued,
            broken: report.broken,
            continued_without_cookie: report.continued_bare,
            broken_without_cookie: report.broken_bare,
            failure: report.failure.as_deref(),
        }
    }
}

impl<'a> OriginJson<'a> {
    fn new(report: &'a OriginReport) -> Self {
        let is_preflight_good = report.preflight.is_some_and(|status| (200..300).contains(&status));
        let covers = report.preflight_allows.covers(&report.origin) && report.allows.covers(&report.origin);
        Self {
            origin: &report.origin,
            path: &report.path,
            preflight: report.preflight,
            allowed: is_preflight_good && covers,
            credentials: report.allows.credentials,
            cross_site_cookie: report.cross_site_cookie.as_ref().map(|cookie| CookieJson {
                name: &cookie.name,
                same_site: cookie.same_site.as_deref(),
                secure: cookie.is_secure,
            }),
        }
    }
}

impl<'a> TlsJson<'a> {
    fn new(report: &'a TlsReport) -> Self {
        Self {
            version: report.version.as_deref(),
            alpn: report.alpn.as_deref(),
            names: &report.names,
            issuer: report.issuer.as_deref(),
            not_before: report.not_before.map(time_json),
            not_after: report.not_after.map(time_json),
            problems: &report.problems,
        }
    }
}
