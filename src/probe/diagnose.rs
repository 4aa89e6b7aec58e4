//! What follows from what a probe saw.

use std::sync::Arc;
use std::time::Duration;

use super::affinity::AffinityVerdict;
use super::answered_by::AnsweredBy;
use super::client::BodyEnd;
use super::fallback::FallbackReport;
use super::handshake;
use super::origin::OriginReport;
use super::quiet::{CutBy, NGINX, QuietLimits, QuietReport};
use super::run::{FirstAnswer, Observation};
use super::tls_report::{CertificateProblem, TlsReport};
use super::websocket::WebsocketFailure;
use crate::model::{Moment, ProbeFinding, counted};

/// How long before its end a certificate is worth a warning.
const SOON: Duration = Duration::from_secs(30 * 24 * 3600);

/// What is known of the environment from elsewhere.
#[derive(Clone, Debug)]
pub struct ProbeCircumstances {
    /// The time, for the certificate.
    pub now: Moment,
    /// The environment's name, for commands.
    pub environment: Arc<str>,
    /// The host name that was asked for.
    pub host: Arc<str>,
    /// Whether the host name is AWS's own, for which no one can have a certificate.
    pub is_host_of_aws: bool,
    /// Whether the requests went over TLS.
    pub is_secure: bool,
    /// Whether the path of the WebSocket was given.
    pub is_websocket_given: bool,
    /// The load balancer's idle timeout; `None` if it could not be read or there is none.
    pub idle_timeout: Option<Duration>,
    /// Whether stickiness is on; `None` if that is not known.
    pub is_sticky: Option<bool>,
}

/// Returns what was found, the worst first.
#[must_use]
pub fn diagnose(seen: &Observation, known: &ProbeCircumstances) -> Vec<ProbeFinding> {
    let mut found = Vec::new();
    if let Some(tls) = &seen.tls {
        found.extend(certificate(tls, known));
    }
    match &seen.first {
        Ok(first) => found.extend(answer(first, known)),
        // Where there is no connection, nothing was probed.
        Err(error) if error.is_unreachable() => {}
        Err(error) => {
            found.push(ProbeFinding::critical("no-answer", error.to_string()).fixed_by(error.advice()));
        }
    }
    found.extend(unanswered(seen));
    found.extend(affinity(seen, known));
    match &seen.websocket {
        Some(report) => found.extend(handshake::finding(report, known.is_websocket_given)),
        None if seen.first.is_ok() => found.push(no_websocket()),
        None => {}
    }
    found.extend(seen.quiet.as_ref().and_then(|quiet| lifetime(quiet, seen, known)));
    found.extend(seen.fallback.iter().flat_map(|report| fallback(report, known)));
    found.extend(seen.origin.iter().flat_map(|report| other_origin(report, known)));
    found.sort_by_key(|finding| finding.severity);
    found
}

fn no_websocket() -> ProbeFinding {
    ProbeFinding::info("no-websocket", "no WebSocket was found on the usual paths")
        .shown_by(super::websocket::USUAL_PATHS.join(", "))
        .fixed_by("if there is one, name its WebSocket path")
}

fn certificate(tls: &TlsReport, known: &ProbeCircumstances) -> Vec<ProbeFinding> {
    let host = &known.host;
    let finding = |problem: &CertificateProblem| {
        let message = problem.describe(host, tls);
        if *problem == CertificateProblem::WrongName && known.is_host_of_aws {
            // Only the owner of a domain gets a certificate for a name in it.
            return ProbeFinding::info("certificate-of-another-name", message)
                .fixed_by("probe the host name that the certificate covers");
        }
        let fix = match problem {
            CertificateProblem::WrongName => "use a certificate that covers the name, or probe another host name",
            CertificateProblem::Expired => "renew the certificate: browsers refuse the connection",
            CertificateProblem::NotYetValid => "check the certificate and the clock of this machine",
            _ => "use a certificate of an authority that clients trust",
        };
        ProbeFinding::critical("bad-certificate", message).fixed_by(fix)
    };
    let mut found: Vec<_> = tls.problems.iter().map(finding).collect();
    if let Some(end) = tls.not_after.filter(|end| *end > known.now && end.since(known.now) < SOON) {
        let days = end.since(known.now).as_secs() / 86_400;
        let message = format!("the certificate expires in {}", counted(days as usize, "day"));
        found.push(ProbeFinding::warning("certificate-expires", message).fixed_by("renew it"));
    }
    found
}

fn answer(first: &FirstAnswer, known: &ProbeCircumstances) -> Vec<ProbeFinding> {
    let (status, by) = (first.status, first.by);
    let message = |meaning: &str| format!("answered {status} by {}: {meaning}", by.describe());
    let mut found = Vec::new();
    match (status, by) {
        (464, _) => found.push(
            ProbeFinding::critical(
                "wrong-protocol-version",
                message("the target group's protocol version is not HTTP1"),
            )
            .fixed_by("use a target group with the protocol version HTTP1"),
        ),
        (500.., _) => {
            let (check, meaning, fix) = handshake::server_error(status, by);
            found.push(ProbeFinding::critical(check, message(meaning)).fixed_by(fix));
        }
        (300..=399, _) => found.extend(redirect(first, known)),
        (403, AnsweredBy::LoadBalancer) => found.push(
            ProbeFinding::critical("blocked", message("a rule of the listener or of AWS WAF blocks it"))
                .fixed_by("check the listener's rules and the web ACL"),
        ),
        (404, AnsweredBy::LoadBalancer) => found.push(
            ProbeFinding::critical("not-forwarded", message("no rule of the listener forwards this path"))
                .fixed_by("check the listener's rules"),
        ),
        (400..=499, _) => found.push(
            ProbeFinding::warning("refused", message("the path is not there for a client without a login"))
                .fixed_by("probe another path with --path"),
        ),
        _ => {}
    }
    found.extend(body(first.end));
    found
}

fn redirect(first: &FirstAnswer, known: &ProbeCircumstances) -> Option<ProbeFinding> {
    let location = first.location.as_deref()?;
    let leads_to_https = !known.is_secure && location.to_ascii_lowercase().starts_with("https://");
    let message = format!("answered {} by {}: it leads to {location}", first.status, first.by.describe());
    let found = ProbeFinding::info("redirect", message);
    Some(if leads_to_https {
        found.fixed_by("clients of WebSockets need wss://: they do not follow it")
    } else {
        found
    })
}

fn body(end: BodyEnd) -> Option<ProbeFinding> {
    let message = match end {
        BodyEnd::Whole | BodyEnd::TooLarge => return None,
        BodyEnd::Endless => "the answer did not end within 10 s",
        BodyEnd::Broken => "the answer broke off before its end",
    };
    Some(ProbeFinding::warning("answer-without-end", message).fixed_by("check the application's log"))
}

/// Requests without an answer, after the first was answered.
fn unanswered(seen: &Observation) -> Option<ProbeFinding> {
    let failures = &seen.counts.failures;
    let failed: usize = failures.values().sum();
    if seen.first.is_err() || failed == 0 {
        return None;
    }
    let message = format!("{failed} of {} got no answer", counted(seen.counts.requests, "request"));
    let found = ProbeFinding::warning("requests-without-answer", message);
    Some(failures.iter().fold(found, |found, (reason, times)| found.shown_by(format!("{times} x {reason}"))))
}

fn affinity(seen: &Observation, known: &ProbeCircumstances) -> Option<ProbeFinding> {
    let report = seen.affinity.as_ref()?;
    let sticky = format!("beanpole set {} stickiness.enabled=true", known.environment);
    if report.verdict() != AffinityVerdict::Lost {
        return None;
    }
    let targets = counted(report.targets_seen(), "target");
    if report.is_cookie_set || known.is_sticky == Some(true) {
        let fix =
            "check the health of the targets: the load balancer leaves an unhealthy one, whatever the cookie says";
        let message = format!("a client with the newest cookie was answered by {targets}");
        return Some(ProbeFinding::critical("affinity-lost", message).fixed_by(fix));
    }
    let message = format!("no cookie of the load balancer keeps a client with its target: {targets} answered");
    Some(ProbeFinding::warning("not-sticky", message).fixed_by(sticky))
}

fn lifetime(
    quiet: &Result<QuietReport, WebsocketFailure>,
    seen: &Observation,
    known: &ProbeCircumstances,
) -> Option<ProbeFinding> {
    let Ok(report) = quiet else {
        let found = ProbeFinding::critical("quiet-socket", "the WebSocket could not be opened again");
        return Some(found.fixed_by("check whether all targets answer as the first one did"));
    };
    let limits = QuietLimits { load_balancer: known.idle_timeout, nginx: seen.is_through_nginx().then_some(NGINX) };
    let seconds = report.quiet.as_secs_f64().round();
    let Some(by) = report.cut_by(limits) else {
        return (report.heard > 0).then(|| {
            let message = format!("the application keeps it alive: it sent {}", counted(report.heard, "frame"));
            ProbeFinding::info("kept-alive", message)
        });
    };
    let idle = known.idle_timeout.map(|limit| limit.as_secs());
    let (who, fix) = cut(by, idle, limits.nginx.is_some());
    let found =
        ProbeFinding::critical("quiet-socket-cut", format!("a quiet WebSocket was cut after {seconds} s: {who}"));
    let found = match idle {
        Some(idle) => found.shown_by(format!("the load balancer's idle timeout is {idle} s")),
        None => found.shown_by("the load balancer's idle timeout is not known"),
    };
    Some(found.fixed_by(fix))
}

/// Who cut a socket, and what to do.
fn cut(by: CutBy, idle: Option<u64>, has_nginx: bool) -> (String, String) {
    let raise_idle = "raise idle_timeout.timeout_seconds of the load balancer";
    let raise_nginx = "raise proxy_read_timeout of nginx (.platform/nginx/conf.d/*.conf)";
    match by {
        CutBy::LoadBalancer => {
            ("by the load balancer, at its idle timeout".to_owned(), format!("{raise_idle}, or send pings more often"))
        }
        CutBy::Nginx => (
            "by nginx on the instance, at its proxy_read_timeout (60 s by default)".to_owned(),
            format!("{raise_nginx}, or send pings more often"),
        ),
        CutBy::Either => (
            "by the load balancer or by nginx, whose limits are the same".to_owned(),
            format!("raise both: {raise_idle} and {raise_nginx}; or send pings more often"),
        ),
        CutBy::Application => {
            ("by the application, which said goodbye".to_owned(), "check the application's own timeouts".to_owned())
        }
        CutBy::Unknown if idle.is_none() => (
            "by whom is not known, for the load balancer's idle timeout could not be read".to_owned(),
            format!("{raise_idle} and {raise_nginx}; or send pings more often"),
        ),
        CutBy::Unknown => {
            let nginx = if has_nginx { ", nor nginx's 60 s" } else { "" };
            let who = format!("at no limit that is known (not the idle timeout{nginx})");
            (who, "look for a proxy_read_timeout of nginx's own, another proxy, and the application".to_owned())
        }
    }
}

fn fallback(report: &FallbackReport, known: &ProbeCircumstances) -> Vec<ProbeFinding> {
    let name = report.protocol.describe();
    let because = |found: ProbeFinding| match &report.failure {
        Some(failure) => found.shown_by(failure.clone()),
        None => found,
    };
    if report.sessions == 0 {
        let found = ProbeFinding::critical("no-fallback", format!("no session of {name} could be opened"));
        return vec![because(found).fixed_by("check the path and the application")];
    }
    let mut found = Vec::new();
    let all = |broken: usize, of: usize| format!("{broken} of {} lost their session", counted(of, "request"));
    if report.broken > 0 {
        let message = format!("{name} breaks: {} with the newest cookie", all(report.broken, report.continued));
        let fix = if known.is_sticky == Some(true) {
            "stickiness is on: check that the targets are healthy, and that instances run one process each".to_owned()
        } else {
            format!("beanpole set {} stickiness.enabled=true", known.environment)
        };
        found.push(because(ProbeFinding::critical("fallback-breaks", message)).fixed_by(fix));
    } else if report.broken_bare > 0 {
        let message = format!("{name} without cookies: {}", all(report.broken_bare, report.continued_bare));
        let fix = "clients that keep no cookies, as native ones, need the WebSocket transport alone";
        found.push(because(ProbeFinding::info("fallback-needs-cookies", message)).fixed_by(fix));
    }
    found
}

fn other_origin(report: &OriginReport, known: &ProbeCircumstances) -> Vec<ProbeFinding> {
    let (origin, mut found) = (&report.origin, Vec::new());
    let status = report.preflight.map_or_else(|| "not at all".to_owned(), |status| status.to_string());
    let is_preflight_good = report.preflight.is_some_and(|status| (200..300).contains(&status));
    if !is_preflight_good || !report.preflight_allows.covers(origin) {
        let but = if is_preflight_good { ", but does not allow it" } else { "" };
        let message = format!("the preflight of {origin} on {} was answered {status}{but}", report.path);
        found.push(
            ProbeFinding::critical("origin-not-allowed", message)
                .fixed_by("answer OPTIONS in the application with Access-Control-Allow-Origin, before any login"),
        );
    } else if !report.allows.covers(origin) {
        let message = format!("the preflight allows {origin}, but the answer itself does not");
        found.push(
            ProbeFinding::critical("origin-not-allowed", message)
                .fixed_by("send Access-Control-Allow-Origin with every answer"),
        );
    }
    if report.preflight_allows.is_contradictory() || report.allows.is_contradictory() {
        found.push(
            ProbeFinding::critical(
                "credentials-with-any-origin",
                "every origin is allowed, with credentials: browsers refuse that",
            )
            .fixed_by("name the origin in Access-Control-Allow-Origin in place of *"),
        );
    }
    found.extend(cross_site_cookie(report, known));
    found
}

fn cross_site_cookie(report: &OriginReport, known: &ProbeCircumstances) -> Vec<ProbeFinding> {
    let mut found = Vec::new();
    if report.is_sticky {
        match &report.cross_site_cookie {
            None => found.push(ProbeFinding::warning("no-cross-site-cookie", "AWSALB was set without AWSALBCORS")),
            Some(cookie) if !known.is_secure && cookie.is_secure => found.push(
                ProbeFinding::warning(
                    "cross-site-cookie-over-http",
                    "AWSALBCORS is Secure: over http no browser keeps it",
                )
                .fixed_by("serve other origins over HTTPS"),
            ),
            Some(cookie) if !cookie.same_site.as_deref().is_some_and(|it| it.eq_ignore_ascii_case("none")) => {
                let message = "AWSALBCORS has no SameSite=None: browsers do not send it to other sites";
                found.push(ProbeFinding::warning("cross-site-cookie-not-sent", message));
            }
            Some(_) => {}
        }
    }
    if report.cross_site_cookie.is_some() && report.allows.covers(&report.origin) && !report.allows.credentials {
        let message = "without Access-Control-Allow-Credentials browsers send no cookie: stickiness is lost";
        found.push(
            ProbeFinding::warning("cookies-not-allowed", message)
                .fixed_by("send Access-Control-Allow-Credentials: true, and name the origin"),
        );
    }
    found
}
