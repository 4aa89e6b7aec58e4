//! The WebSocket handshake (RFC 6455, 4), and a ping.

use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use sha1::{Digest, Sha1};
use tokio::time::timeout;

use super::answered_by::AnsweredBy;
use super::client::{ProbeAnswer, ProbeClient, ProbeRequest, Upgrade};
use super::exchange_error::ExchangeError;
use super::frames::{Frame, Opcode};

/// Where applications usually have their WebSocket.
pub const USUAL_PATHS: [&str; 5] =
    ["/websocket", "/socket.io/?EIO=4&transport=websocket", "/sockjs/websocket", "/cable", "/ws"];

/// What the key is completed with, by the RFC.
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// How long the answer to a ping may take.
const PONG: Duration = Duration::from_secs(5);
/// How many other frames may come before it.
const MOST_BEFORE_PONG: usize = 100;
/// How much of an answer is quoted.
const EXCERPT: usize = 160;

/// An open WebSocket.
pub type Socket = TokioIo<Upgraded>;

/// What was seen of a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebsocketReport {
    /// The path.
    pub path: String,
    /// The HTTP status of the handshake; `None` without an answer.
    pub status: Option<u16>,
    /// Whether the protocol was switched, by a handshake without a mistake.
    pub upgraded: bool,
    /// Whether a ping was answered.
    pub echoed: bool,
    /// Whether the answer went through nginx.
    pub through_nginx: bool,
    /// Why it does not work.
    pub failure: Option<WebsocketFailure>,
}

/// Why a WebSocket does not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WebsocketFailure {
    /// The handshake got no answer.
    Unanswered(ExchangeError),
    /// It was answered by another status than 101.
    Refused(RefusedUpgrade),
    /// 101, but the headers are not those of a WebSocket.
    BadHandshake(&'static str),
    /// It was opened, and a ping had no answer.
    NoPong(String),
}

/// An answer other than 101.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedUpgrade {
    /// The status.
    pub status: u16,
    /// Who made it.
    pub by: AnsweredBy,
    /// Where a redirect leads to.
    pub location: Option<String>,
    /// Whether it is a page.
    pub is_html: bool,
    /// The beginning of its body.
    pub excerpt: String,
}

impl WebsocketReport {
    /// Opens the WebSocket at a path, and sends a ping.
    pub async fn measure(client: &mut ProbeClient, path: &str, origin: &str) -> Self {
        match open(client, path, origin).await {
            Ok((answer, mut socket)) => {
                let pong = ping(&mut socket).await;
                close(&mut socket).await;
                let (echoed, failure) = (pong.is_ok(), pong.err().map(WebsocketFailure::NoPong));
                let through_nginx = super::answered_by::is_through_nginx(&answer.headers);
                Self { path: path.to_owned(), status: Some(101), upgraded: true, echoed, through_nginx, failure }
            }
            Err(failure) => Self::failed(path, failure),
        }
    }

    fn failed(path: &str, failure: WebsocketFailure) -> Self {
        let status = match &failure {
            WebsocketFailure::Refused(refused) => Some(refused.status),
            WebsocketFailure::BadHandshake(_) => Some(101),
            WebsocketFailure::Unanswered(_) | WebsocketFailure::NoPong(_) => None,
        };
        let (upgraded, echoed, through_nginx) = (false, false, false);
        Self { path: path.to_owned(), status, upgraded, echoed, through_nginx, failure: Some(failure) }
    }

    /// Tries the usual paths; returns the one that works, else the one whose answer says most, if any says that a
    /// WebSocket is meant to be there.
    pub async fn search(client: &mut ProbeClient, origin: &str) -> Option<Self> {
        let mut best: Option<Self> = None;
        for path in USUAL_PATHS {
            let report = Self::measure(client, path, origin).await;
            if report.upgraded {
                return Some(report);
            }
            let is_silent = matches!(report.failure, Some(WebsocketFailure::Unanswered(_)));
            if best.as_ref().is_none_or(|best| report.significance() > best.significance()) {
                best = Some(report);
            }
            if is_silent {
                break;
            }
        }
        best.filter(|report| report.significance() > 0)
    }

    /// How much a failure says: a handshake that is refused as one says more than one that nothing
    /// answers, and a page or 404 nothing at all.
    fn significance(&self) -> u8 {
        match &self.failure {
            Some(WebsocketFailure::Refused(refused)) => match refused.status {
                400 | 426 => 3,
                403 | 408 | 460 | 464 | 500.. => 2,
                301 | 302 | 303 | 307 | 308 => 1,
                _ => 0,
            },
            Some(WebsocketFailure::Unanswered(_)) => 2,
            Some(WebsocketFailure::BadHandshake(_) | WebsocketFailure::NoPong(_)) | None => 3,
        }
    }
}

/// Opens the WebSocket at a path.
///
/// # Errors
/// When the handshake fails.
pub async fn open(
    client: &mut ProbeClient,
    path: &str,
    origin: &str,
) -> Result<(ProbeAnswer, Socket), WebsocketFailure> {
    let key = BASE64_STANDARD.encode(fastrand::u128(..).to_be_bytes());
    let ask = ProbeRequest::get(path)
        .with("connection", "Upgrade")
        .with("upgrade", "websocket")
        .with("sec-websocket-version", "13")
        .with("sec-websocket-key", key.clone())
        .with("origin", origin);
    match client.upgrade(&ask).await {
        Ok(Upgrade::Switched(answer, socket)) => match mistake(&answer.headers, &key) {
            None => Ok((answer, *socket)),
            Some(mistake) => Err(WebsocketFailure::BadHandshake(mistake)),
        },
        Ok(Upgrade::Refused(answer)) => Err(WebsocketFailure::Refused(RefusedUpgrade::new(&answer))),
        Err(error) => Err(WebsocketFailure::Unanswered(error)),
    }
}

/// What is wrong with the headers of a 101.
fn mistake(headers: &HeaderMap, key: &str) -> Option<&'static str> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !text("upgrade").eq_ignore_ascii_case("websocket") {
        return Some("its Upgrade header is not `websocket`");
    }
    if !text("connection").split(',').any(|token| token.trim().eq_ignore_ascii_case("upgrade")) {
        return Some("its Connection header is not `upgrade`");
    }
    (text("sec-websocket-accept") != accept(key)).then_some("its Sec-WebSocket-Accept does not belong to the key")
}

/// Returns the `Sec-WebSocket-Accept` that belongs to a key.
#[must_use]
pub fn accept(key: &str) -> String {
    BASE64_STANDARD.encode(Sha1::new().chain_update(key).chain_update(GUID).finalize())
}

/// Sends a ping and waits for the pong of the same payload.
async fn ping(socket: &mut Socket) -> Result<(), String> {
    let payload = fastrand::u64(..).to_be_bytes().to_vec();
    let sent = Frame { opcode: Opcode::Ping, payload: payload.clone() };
    sent.write(socket).await.map_err(|error| error.to_string())?;
    let waiting = async {
        for _ in 0..MOST_BEFORE_PONG {
            match Frame::read(socket).await.map_err(|error| error.to_string())? {
                None => return Err("the connection was closed".to_owned()),
                Some(Frame { opcode: Opcode::Pong, payload: came }) if came == payload => return Ok(()),
                Some(frame) if frame.opcode == Opcode::Close => return Err(closed(&frame)),
                Some(_) => {}
            }
        }
        Err("other frames came instead".to_owned())
    };
    timeout(PONG, waiting).await.unwrap_or_else(|_| Err(format!("no pong within {} s", PONG.as_secs())))
}

fn closed(frame: &Frame) -> String {
    let code = frame.close_code().map(|code| format!(" (code {code})")).unwrap_or_default();
    format!("the application closed it{code}")
}

/// Says goodbye; whether that arrives does not matter.
pub async fn close(socket: &mut Socket) {
    let frame = Frame { opcode: Opcode::Close, payload: 1000u16.to_be_bytes().to_vec() };
    let _ = timeout(Duration::from_secs(1), frame.write(socket)).await;
}

impl RefusedUpgrade {
    fn new(answer: &ProbeAnswer) -> Self {
        let text = answer.text();
        let is_html = answer.header("content-type").is_some_and(|kind| kind.contains("html"))
            || text.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("<html"));
        Self {
            status: answer.status,
            by: AnsweredBy::of(answer.status, &answer.headers, &answer.body),
            location: answer.reported("location"),
            is_html,
            excerpt: text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(EXCERPT).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_accept_of_the_rfc_is_computed() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn each_header_of_a_101_is_checked() {
        let key = "dGhlIHNhbXBsZSBub25jZQ==";
        let headers = |upgrade: &str, connection: &str, accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("upgrade", upgrade.parse().unwrap());
            headers.insert("connection", connection.parse().unwrap());
            headers.insert("sec-websocket-accept", accept.parse().unwrap());
            headers
        };
        let right = accept(key);
        assert_eq!(mistake(&headers("WebSocket", "keep-alive, Upgrade", &right), key), None);
        for (upgrade, connection, accept) in
            [("h2c", "upgrade", right.as_str()), ("websocket", "close", &right), ("websocket", "upgrade", "x")]
        {
            assert!(mistake(&headers(upgrade, connection, accept), key).is_some());
        }
        assert!(mistake(&HeaderMap::new(), key).is_some());
    }
}
