//! Each row of the table of findings: what was seen, and what has to be said of it.

use std::time::Duration;

use crate::model::{Moment, ProbeFinding, ProbeSeverity};
use crate::probe::*;

fn at(text: &str) -> Moment {
    Moment(text.parse().unwrap())
}

fn circumstances() -> ProbeCircumstances {
    ProbeCircumstances {
        now: at("2026-11-28T00:00:00Z"),
        environment: "web".into(),
        host: "web.example.com".into(),
        is_host_of_aws: false,
        is_secure: true,
        is_websocket_given: true,
        idle_timeout: Some(Duration::from_secs(300)),
        is_sticky: Some(true),
    }
}

fn first(status: u16, by: AnsweredBy) -> FirstAnswer {
    FirstAnswer { status, by, server: None, through_nginx: true, location: None, end: BodyEnd::Whole }
}

fn websocket(failure: Option<WebsocketFailure>) -> WebsocketReport {
    let (is_good, through_nginx) = (failure.is_none(), true);
    WebsocketReport { path: "/ws".into(), status: None, upgraded: is_good, echoed: is_good, through_nginx, failure }
}

fn refused(status: u16, by: AnsweredBy, excerpt: &str) -> WebsocketReport {
    let refused =
        RefusedUpgrade { status, by, location: None, is_html: excerpt.starts_with('<'), excerpt: excerpt.into() };
    websocket(Some(WebsocketFailure::Refused(refused)))
}

/// Everything is well.
fn well() -> Observation {
    Observation {
        first: Ok(first(200, AnsweredBy::Application)),
        counts: ProbeCounts::default(),
        tls: None,
        affinity: None,
        websocket: Some(websocket(None)),
        quiet: None,
        fallback: None,
        origin: None,
    }
}

/// The findings, as `severity check`.
fn found(seen: &Observation, known: &ProbeCircumstances) -> Vec<String> {
    let line = |it: &ProbeFinding| format!("{:?} {}", it.severity, it.check).to_ascii_lowercase();
    diagnose(seen, known).iter().map(line).collect()
}

fn message(seen: &Observation, known: &ProbeCircumstances) -> String {
    let found = diagnose(seen, known);
    assert_eq!(found.len(), 1, "{found:?}");
    format!("{} [{}] {}", found[0].message, found[0].evidence.join("; "), found[0].fix)
}

#[test]
fn nothing_is_said_of_what_is_well() {
    assert_eq!(found(&well(), &circumstances()), [""; 0]);
}

#[test]
fn each_answer_has_its_meaning() {
    use AnsweredBy::{Application, LoadBalancer, Nginx};
    let cases = [
        (502, LoadBalancer, "critical target-closed", "does not listen on its port"),
        (502, Nginx, "critical application-down", "nginx runs"),
        (503, LoadBalancer, "critical no-targets", "no target that the load balancer uses"),
        (503, Application, "critical application-error", "the application failed"),
        (504, LoadBalancer, "critical target-timeout", "within 10 s"),
        (504, Nginx, "critical application-timeout", "nginx's timeout"),
        (500, Application, "critical application-error", "the application failed"),
        (464, LoadBalancer, "critical wrong-protocol-version", "HTTP1"),
        (403, LoadBalancer, "critical blocked", "AWS WAF"),
        (404, LoadBalancer, "critical not-forwarded", "no rule of the listener"),
        (404, Application, "warning refused", "--path"),
        (401, Application, "warning refused", "login"),
    ];
    for (status, by, expected, words) in cases {
        let seen = Observation { first: Ok(first(status, by)), ..well() };
        assert_eq!(found(&seen, &circumstances()), [expected], "{status} {by:?}");
        assert!(message(&seen, &circumstances()).contains(words), "{status} {by:?}");
    }
}

#[test]
fn a_redirect_says_where_it_leads_and_what_it_means_to_websockets() {
    let redirect =
        FirstAnswer { location: Some("https://web.example.com/".into()), ..first(301, AnsweredBy::LoadBalancer) };
    let seen = Observation { first: Ok(redirect), ..well() };
    let plain = ProbeCircumstances { is_secure: false, ..circumstances() };
    let said = message(&seen, &plain);
    assert!(said.contains("leads to https://web.example.com/") && said.contains("wss://"), "{said}");
    assert_eq!(found(&seen, &circumstances()), ["info redirect"]);
}

#[test]
fn each_answer_to_a_handshake_has_its_meaning() {
    use AnsweredBy::{Application, LoadBalancer, Nginx};
    let cases = [
        (200, Application, "<html>", "websocket-upgrade-lost", "Upgrade $http_upgrade"),
        (400, Application, r#"{"code":3,"message":"Bad request"}"#, "websocket-upgrade-lost", "Bad request"),
        (
            400,
            Application,
            r#"Can "Upgrade" only to "WebSocket"."#,
            "websocket-upgrade-lost",
            "without its Upgrade header",
        ),
        (400, Application, "Origin not allowed", "websocket-failed", "rejects the origin"),
        (400, LoadBalancer, "", "websocket-failed", "Lambda"),
        (426, Application, "Upgrade Required", "websocket-upgrade-lost", "Upgrade $http_upgrade"),
        (301, LoadBalancer, "", "websocket-redirected", "do not follow redirects"),
        (307, Application, "", "websocket-redirected", "do not follow redirects"),
        (403, LoadBalancer, "", "websocket-failed", "WAF"),
        (403, Application, "", "websocket-failed", "origin"),
        (404, Application, "", "websocket-not-there", "path"),
        (404, LoadBalancer, "", "websocket-failed", "no rule of the listener"),
        (408, LoadBalancer, "", "websocket-failed", "timed out"),
        (460, LoadBalancer, "", "websocket-failed", "timed out"),
        (464, LoadBalancer, "", "wrong-protocol-version", "HTTP1"),
        (502, LoadBalancer, "", "target-closed", "does not listen"),
        (502, Nginx, "", "application-down", "nginx runs"),
        (503, LoadBalancer, "", "no-targets", "no target"),
        (504, LoadBalancer, "", "target-timeout", "10 s"),
        (418, Application, "", "websocket-failed", "no answer to a handshake"),
    ];
    for (status, by, excerpt, check, words) in cases {
        let seen = Observation { websocket: Some(refused(status, by, excerpt)), ..well() };
        assert_eq!(found(&seen, &circumstances()), [format!("critical {check}")], "{status} {by:?}");
        assert!(message(&seen, &circumstances()).contains(words), "{status} {by:?}: {words}");
    }
}

#[test]
fn a_redirect_of_a_websocket_that_was_not_asked_for_is_no_failure() {
    let seen = Observation { websocket: Some(refused(301, AnsweredBy::LoadBalancer, "")), ..well() };
    let searched = ProbeCircumstances { is_websocket_given: false, ..circumstances() };
    assert_eq!(found(&seen, &searched), ["warning websocket-redirected"]);
    assert_eq!(found(&Observation { websocket: None, ..well() }, &searched), ["info no-websocket"]);
}

#[test]
fn a_handshake_that_is_no_answer_or_a_wrong_one_is_named() {
    let cases = [
        (WebsocketFailure::Unanswered(ExchangeError::NoAnswer(20)), "websocket-failed", "within 20 s"),
        (
            WebsocketFailure::BadHandshake("its Upgrade header is not `websocket`"),
            "websocket-bad-handshake",
            "101, but",
        ),
        (WebsocketFailure::NoPong("no pong within 5 s".into()), "websocket-silent", "no pong within 5 s"),
    ];
    for (failure, check, words) in cases {
        let seen = Observation { websocket: Some(websocket(Some(failure))), ..well() };
        assert_eq!(found(&seen, &circumstances()), [format!("critical {check}")]);
        assert!(message(&seen, &circumstances()).contains(words), "{words}");
    }
}

#[test]
fn no_connection_is_no_finding_and_no_answer_is_one() {
    let of = |error| found(&Observation { first: Err(error), websocket: None, ..well() }, &circumstances());
    let name = ExchangeError::Name { name: "a".into(), reason: "b".into() };
    for error in [ExchangeError::Refused, ExchangeError::ConnectTimeout(10), ExchangeError::Network("x".into()), name] {
        assert_eq!(of(error), [""; 0]);
    }
    let silent = [
        ExchangeError::Tls("x".into()),
        ExchangeError::TlsTimeout(10),
        ExchangeError::Closed,
        ExchangeError::NoAnswer(20),
        ExchangeError::NotHttp("x".into()),
        ExchangeError::HeadTooLarge,
        ExchangeError::Other("x".into()),
    ];
    for error in silent {
        assert_eq!(of(error), ["critical no-answer"]);
    }
}

#[test]
fn each_problem_of_a_certificate_is_named() {
    let tls = |problems: &[CertificateProblem], until: &str| TlsReport {
        names: vec!["a.example".into(), "b.example".into(), "c.example".into(), "d.example".into()],
        issuer: Some("An Authority".into()),
        not_after: Some(at(until)),
        problems: problems.to_vec(),
        ..TlsReport::default()
    };
    let of = |problem: CertificateProblem, known: &ProbeCircumstances| {
        let seen = Observation { tls: Some(tls(&[problem], "2027-11-28T00:00:00Z")), ..well() };
        (found(&seen, known).join(", "), message(&seen, known))
    };
    let cases = [
        (CertificateProblem::Expired, "has expired (2027-11-28)"),
        (CertificateProblem::NotYetValid, "not valid yet"),
        (CertificateProblem::WrongName, "it covers a.example, b.example, c.example and 1 more"),
        (CertificateProblem::SelfSigned, "self-signed"),
        (CertificateProblem::UnknownIssuer, "(An Authority)"),
        (CertificateProblem::Other("bad encoding".into()), "bad encoding"),
    ];
    for (problem, words) in cases {
        let (checks, said) = of(problem, &circumstances());
        assert!(checks == "critical bad-certificate" && said.contains(words), "{checks}: {said}");
    }
    let of_aws = ProbeCircumstances { is_host_of_aws: true, ..circumstances() };
    assert_eq!(of(CertificateProblem::WrongName, &of_aws).0, "info certificate-of-another-name");
    assert_eq!(of(CertificateProblem::Expired, &of_aws).0, "critical bad-certificate");
    let until = |until| found(&Observation { tls: Some(tls(&[], until)), ..well() }, &circumstances());
    assert_eq!(until("2026-12-27T23:00:00Z"), ["warning certificate-expires"]);
    assert_eq!(until("2026-12-28T00:00:00Z"), [""; 0]);
    let both = tls(&[CertificateProblem::Expired, CertificateProblem::WrongName], "2026-01-01T00:00:00Z");
    assert_eq!(found(&Observation { tls: Some(both), ..well() }, &circumstances()), ["critical bad-certificate"; 2]);
}

#[test]
fn lost_affinity_is_a_failure_only_where_there_is_stickiness() {
    let report = |is_cookie_set| AffinityReport {
        requests: 2,
        is_marked: true,
        with_cookie: vec!["a".into(), "b".into()],
        without_cookie: vec!["a".into()],
        is_cookie_set,
    };
    let of = |is_cookie_set, is_sticky| {
        let seen = Observation { affinity: Some(report(is_cookie_set)), ..well() };
        found(&seen, &ProbeCircumstances { is_sticky, ..circumstances() }).join(", ")
    };
    assert_eq!(of(true, Some(true)), "critical affinity-lost");
    assert_eq!(of(false, Some(true)), "critical affinity-lost");
    assert_eq!(of(true, None), "critical affinity-lost");
    assert_eq!(of(false, Some(false)), "warning not-sticky");
    assert_eq!(of(false, None), "warning not-sticky");
}

#[test]
fn who_cut_a_quiet_socket_decides_what_to_raise() {
    let of = |quiet, ending, idle: Option<u64>| {
        let quiet = QuietReport { watched: Duration::from_secs(600), quiet, heard: 0, ending: Some(ending) };
        let seen = Observation { quiet: Some(Ok(quiet)), ..well() };
        message(&seen, &ProbeCircumstances { idle_timeout: idle.map(Duration::from_secs), ..circumstances() })
    };
    let cut = |seconds, idle| of(Duration::from_secs(seconds), SocketEnding::Cut, idle);
    let cases = [
        (cut(60, Some(300)), "by nginx on the instance", "raise proxy_read_timeout"),
        (cut(300, Some(300)), "by the load balancer, at its idle timeout", "idle timeout is 300 s] raise idle_timeout"),
        (cut(60, Some(60)), "by the load balancer or by nginx", "raise both"),
        (cut(5, Some(60)), "(not the idle timeout, nor nginx's 60 s)", "another proxy"),
        (cut(60, None), "could not be read", "is not known]"),
        (of(Duration::from_secs(5), SocketEnding::Closed(Some(1001)), Some(60)), "said goodbye", "own timeouts"),
    ];
    for (said, who, what) in cases {
        assert!(said.contains(who) && said.contains(what), "{said}: {who}, {what}");
    }
}

#[test]
fn a_socket_that_lived_is_no_failure() {
    let quiet =
        |heard| QuietReport { watched: Duration::from_secs(90), quiet: Duration::from_secs(90), heard, ending: None };
    let of = |quiet| found(&Observation { quiet: Some(quiet), ..well() }, &circumstances());
    assert_eq!(of(Ok(quiet(0))), [""; 0]);
    assert_eq!(of(Ok(quiet(3))), ["info kept-alive"]);
    assert_eq!(of(Err(WebsocketFailure::NoPong("x".into()))), ["critical quiet-socket"]);
}

#[test]
fn a_fallback_that_breaks_with_its_cookie_is_a_failure() {
    let report = |sessions, broken, broken_bare| FallbackReport {
        protocol: FallbackProtocol::SocketIo,
        path: "/socket.io/".into(),
        sessions,
        continued: 12,
        broken,
        continued_bare: 12,
        broken_bare,
        failure: (broken + broken_bare > 0).then(|| "HTTP 400: Session ID unknown".to_owned()),
    };
    let of = |sessions, broken, bare, is_sticky| {
        let seen = Observation { fallback: Some(report(sessions, broken, bare)), ..well() };
        let known = ProbeCircumstances { is_sticky: Some(is_sticky), ..circumstances() };
        diagnose(&seen, &known).first().map(|it| format!("{} {} {}", it.check, it.message, it.fix)).unwrap_or_default()
    };
    assert_eq!(of(2, 0, 0, true), "");
    let broken = of(2, 5, 6, false);
    assert!(broken.contains("fallback-breaks Socket.IO polling breaks: 5 of 12"), "{broken}");
    assert!(broken.contains("beanpole set web stickiness.enabled=true"), "{broken}");
    assert!(of(2, 5, 6, true).contains("stickiness is on"));
    assert!(of(2, 0, 6, true).starts_with("fallback-needs-cookies "));
    assert!(of(0, 0, 0, true).starts_with("no-fallback "));
}

#[test]
fn what_another_origin_may_do_is_judged_as_a_browser_does() {
    let allowed = |origin: &str, credentials| Allowed { origin: Some(origin.into()), credentials };
    let cookie = |same_site: Option<&str>| SetCookie {
        name: "AWSALBCORS".into(),
        value: "x".into(),
        same_site: same_site.map(str::to_owned),
        is_secure: true,
    };
    let own = "https://a.example";
    let report = |preflight, preflight_allows, allows, cross_site_cookie| OriginReport {
        origin: own.into(),
        path: "/".into(),
        preflight,
        preflight_allows,
        allows,
        is_sticky: true,
        cross_site_cookie,
    };
    let good = || allowed(own, true);
    let none = Some(cookie(Some("None")));
    let cases = [
        (report(Some(204), good(), good(), none.clone()), vec![]),
        (report(Some(404), Allowed::default(), good(), none.clone()), vec!["critical origin-not-allowed"]),
        (report(None, Allowed::default(), good(), none.clone()), vec!["critical origin-not-allowed"]),
        (
            report(Some(200), allowed("https://b.example", true), good(), none.clone()),
            vec!["critical origin-not-allowed"],
        ),
        (report(Some(200), good(), Allowed::default(), none.clone()), vec!["critical origin-not-allowed"]),
        (report(Some(200), allowed("*", true), good(), none.clone()), vec!["critical credentials-with-any-origin"]),
        (report(Some(200), allowed("*", false), allowed("*", false), none), vec!["warning cookies-not-allowed"]),
        (report(Some(200), good(), good(), None), vec!["warning no-cross-site-cookie"]),
        (report(Some(200), good(), good(), Some(cookie(None))), vec!["warning cross-site-cookie-not-sent"]),
    ];
    for (report, expected) in cases {
        let seen = Observation { origin: Some(report.clone()), ..well() };
        assert_eq!(found(&seen, &circumstances()), expected, "{report:?}");
    }
    let seen = Observation { origin: Some(report(Some(204), good(), good(), Some(cookie(Some("None"))))), ..well() };
    let plain = ProbeCircumstances { is_secure: false, ..circumstances() };
    assert_eq!(found(&seen, &plain), ["warning cross-site-cookie-over-http"]);
}

#[test]
fn a_body_without_end_and_requests_without_answer_are_warnings() {
    for end in [BodyEnd::Endless, BodyEnd::Broken] {
        let answer = FirstAnswer { end, ..first(200, AnsweredBy::Application) };
        assert_eq!(
            found(&Observation { first: Ok(answer), ..well() }, &circumstances()),
            ["warning answer-without-end"]
        );
    }
    let mut seen = well();
    seen.counts.requests = 20;
    seen.counts.failures.insert(ExchangeError::Closed.to_string(), 2);
    let said = message(&seen, &circumstances());
    assert!(said.starts_with("2 of 20 requests got no answer [2 x the connection was closed"), "{said}");
}

#[test]
fn the_worst_comes_first_and_every_finding_says_what_to_do() {
    let mut seen = Observation { websocket: Some(refused(502, AnsweredBy::Nginx, "")), ..well() };
    seen.first = Ok(first(404, AnsweredBy::Application));
    seen.tls = Some(TlsReport { problems: vec![CertificateProblem::WrongName], ..TlsReport::default() });
    let of_aws = ProbeCircumstances { is_host_of_aws: true, ..circumstances() };
    let severities: Vec<_> = diagnose(&seen, &of_aws).iter().map(|it| it.severity).collect();
    assert_eq!(severities, [ProbeSeverity::Critical, ProbeSeverity::Warning, ProbeSeverity::Info]);
    assert!(diagnose(&seen, &of_aws).iter().all(|it| !it.fix.is_empty()));
}
