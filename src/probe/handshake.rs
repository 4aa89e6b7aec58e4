//! What the answer to a WebSocket handshake means, by its status and who made it.

use super::answered_by::AnsweredBy;
use super::websocket::{RefusedUpgrade, WebsocketFailure, WebsocketReport};
use crate::model::ProbeFinding;

/// The settings that nginx needs on the platforms and in the files that do not forward the upgrade by themselves.
const FORWARD: &str = "let nginx forward the upgrade: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; \
                       proxy_set_header Connection $connection_upgrade";
const FAILED: &str = "websocket-failed";
const LOST: &str = "websocket-upgrade-lost";

/// Returns what is wrong with a WebSocket; `None` if it works.
#[must_use]
pub fn finding(report: &WebsocketReport, is_given: bool) -> Option<ProbeFinding> {
    let path = &report.path;
    let found = match report.failure.as_ref()? {
        WebsocketFailure::Unanswered(error) => {
            let message = format!("the WebSocket handshake on {path} got no answer: {error}");
            ProbeFinding::critical(FAILED, message).fixed_by(error.advice())
        }
        WebsocketFailure::BadHandshake(mistake) => {
            let message = format!("the handshake on {path} was answered 101, but {mistake}");
            ProbeFinding::critical("websocket-bad-handshake", message)
                .fixed_by("check what answers: a proxy that repeats stored answers, or a server of another protocol")
        }
        WebsocketFailure::NoPong(why) => {
            let message = format!("the WebSocket on {path} opens, but answers no ping: {why}");
            ProbeFinding::critical("websocket-silent", message)
                .fixed_by("check the application's log, and whether what is in between passes frames on")
        }
        WebsocketFailure::Refused(refused) => refusal(path, refused, is_given),
    };
    Some(found)
}

fn refusal(path: &str, refused: &RefusedUpgrade, is_given: bool) -> ProbeFinding {
    let status = refused.status;
    let (check, meaning, fix) = meaning(refused);
    let message =
        format!("the WebSocket handshake on {path} was answered {status} by {}: {meaning}", refused.by.describe());
    let is_redirect = (300..400).contains(&status);
    // That every path of a listener redirects is no failure of a WebSocket that was not asked for.
    let found = if is_redirect && !is_given {
        ProbeFinding::warning(check, message)
    } else {
        ProbeFinding::critical(check, message)
    };
    let found = match &refused.location {
        Some(location) => found.shown_by(format!("Location: {location}")),
        None if refused.excerpt.is_empty() || refused.is_html => found,
        None => found.shown_by(format!("answer: {}", refused.excerpt)),
    };
    found.fixed_by(fix)
}

fn meaning(refused: &RefusedUpgrade) -> (&'static str, &'static str, &'static str) {
    match (refused.status, refused.by) {
        (200..=299, _) => (LOST, "the Upgrade header did not arrive, or the path is wrong", FORWARD),
        (426, _) => (LOST, "the server expects a WebSocket, but the Upgrade header did not arrive", FORWARD),
        (400, AnsweredBy::LoadBalancer) => {
            (FAILED, "the load balancer rejects the request, as for a Lambda target", "check the target group's type")
        }
        (400, _) if mentions_origin(&refused.excerpt) => {
            (FAILED, "the application rejects the origin", "allow the origin in the application")
        }
        (400, _) => (LOST, "the request arrived without its Upgrade header, or the application rejects it", FORWARD),
        (301..=308, _) => (
            "websocket-redirected",
            "clients of WebSockets do not follow redirects",
            "let clients use wss:// and the address that the redirect leads to",
        ),
        (403, AnsweredBy::LoadBalancer) => {
            (FAILED, "a rule of the listener or of AWS WAF blocks it", "check the listener's rules and the web ACL")
        }
        (403, _) => (FAILED, "the application checks the origin or a login", "allow the origin in the application"),
        (404 | 405, AnsweredBy::LoadBalancer) => {
            (FAILED, "no rule of the listener forwards this path", "check the listener's rules")
        }
        (404 | 405, _) => (
            "websocket-not-there",
            "the application has no WebSocket there",
            "check the path, and that the rules send it to the target group of the page",
        ),
        (408 | 460, _) => (FAILED, "the request timed out", "check the load balancer's idle timeout"),
        (464, _) => (
            "wrong-protocol-version",
            "the target group's protocol version is not HTTP1",
            "use a target group with the protocol version HTTP1",
        ),
        (500.., by) => server_error(refused.status, by),
        _ => (FAILED, "that is no answer to a handshake", "check what answers on this path"),
    }
}

/// Returns what a status from 500 means: a name, a meaning, and what to do.
#[must_use]
pub fn server_error(status: u16, by: AnsweredBy) -> (&'static str, &'static str, &'static str) {
    match (status, by) {
        (502, AnsweredBy::LoadBalancer) => (
            "target-closed",
            "the target closed the connection or does not listen on its port",
            "check that nginx and the application run, and the port of the process",
        ),
        (502, AnsweredBy::Nginx) => (
            "application-down",
            "nginx runs, the application behind it does not answer",
            "check the application's log, and that it listens on the port that nginx forwards to",
        ),
        (503, AnsweredBy::LoadBalancer) => (
            "no-targets",
            "the target group has no target that the load balancer uses",
            "check the target group and the health of its targets",
        ),
        (504, AnsweredBy::LoadBalancer) => (
            "target-timeout",
            "the target did not accept a connection within 10 s, or did not answer within the idle timeout",
            "check the instances' security group, and what the application waits for",
        ),
        (504, AnsweredBy::Nginx) => (
            "application-timeout",
            "the application did not answer within nginx's timeout",
            "check what the application waits for",
        ),
        _ => ("application-error", "the application failed", "check the application's log"),
    }
}

fn mentions_origin(text: &str) -> bool {
    text.to_ascii_lowercase().contains("origin")
}
