//! What clients fall back to where a WebSocket does not get through: sessions of several HTTP requests, which all have to
//! reach the target that opened them.
//!
//! A session is opened and then continued by requests that mean nothing to the application: a pong of Engine.IO, an empty
//! list of `SockJS`.

use super::client::{ProbeAnswer, ProbeClient, ProbeRequest};
use super::cookies::CookieJar;
use super::exchange_error::ExchangeError;

/// How many requests continue a session, each on a connection of its own.
pub const CONTINUATIONS: usize = 12;
const SOCKET_IO: &str = "/socket.io/?EIO=4&transport=polling";
const SOCK_JS: &str = "/sockjs";

/// The protocol of a fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallbackProtocol {
    /// Engine.IO's polling, version 4, which Socket.IO uses.
    SocketIo,
    /// `SockJS`'s xhr.
    SockJs,
}

/// Which are tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FallbackChoice {
    /// Both, and it is no failure if there is none.
    #[default]
    Auto,
    /// This one.
    Only(FallbackProtocol),
}

/// What was seen of a fallback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FallbackReport {
    /// Its protocol.
    pub protocol: FallbackProtocol,
    /// The path that it was found at.
    pub path: String,
    /// The sessions that were opened.
    pub sessions: usize,
    /// The requests that continued the session of a client with cookies.
    pub continued: usize,
    /// Those of them that the application did not know the session of, or did not answer.
    pub broken: usize,
    /// The requests of a client without cookies.
    pub continued_bare: usize,
    /// Those of them that broke.
    pub broken_bare: usize,
    /// How the first request broke, or why no session was opened.
    pub failure: Option<String>,
}

impl FallbackProtocol {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SocketIo => "socketio",
            Self::SockJs => "sockjs",
        }
    }

    /// Its name in a sentence.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::SocketIo => "Socket.IO polling",
            Self::SockJs => "SockJS xhr",
        }
    }
}

/// An open session.
struct FallbackSession {
    protocol: FallbackProtocol,
    /// The path that continues it.
    path: String,
    /// What is sent there.
    packet: &'static str,
    /// What ends it; `None` if it ends by itself.
    farewell: Option<&'static str>,
}

/// Why a session was not opened.
enum Unopened {
    /// This protocol is not spoken there.
    Absent(String),
    /// It is, and it failed.
    Failed(String),
}

impl FallbackReport {
    /// The most requests that looking for a fallback sends.
    #[must_use]
    pub fn most_requests(choice: FallbackChoice) -> usize {
        // A session is opened and ended by two requests in all; where both protocols are tried, the first is not there.
        let session = CONTINUATIONS + 2;
        2 * session + usize::from(choice == FallbackChoice::Auto)
    }

    /// Looks for a fallback, and continues a session of it with the newest cookie and then one without.
    pub async fn measure(client: &mut ProbeClient, choice: FallbackChoice) -> Option<Self> {
        let (protocols, is_expected) = match choice {
            FallbackChoice::Auto => (&[FallbackProtocol::SocketIo, FallbackProtocol::SockJs][..], false),
            FallbackChoice::Only(FallbackProtocol::SocketIo) => (&[FallbackProtocol::SocketIo][..], true),
            FallbackChoice::Only(FallbackProtocol::SockJs) => (&[FallbackProtocol::SockJs][..], true),
        };
        for protocol in protocols {
            let mut jar = CookieJar::default();
            match open(client, *protocol, &mut Some(&mut jar)).await {
                Ok(session) => return Some(Self::follow(client, session, jar).await),
                Err(Unopened::Absent(why)) if is_expected => return Some(Self::unopened(*protocol, why)),
                Err(Unopened::Absent(_)) => {}
                Err(Unopened::Failed(why)) => return Some(Self::unopened(*protocol, why)),
            }
        }
        None
    }

    fn unopened(protocol: FallbackProtocol, why: String) -> Self {
        Self { failure: Some(why), sessions: 0, ..Self::new(protocol) }
    }

    fn new(protocol: FallbackProtocol) -> Self {
        let path = match protocol {
            FallbackProtocol::SocketIo => SOCKET_IO.to_owned(),
            FallbackProtocol::SockJs => format!("{SOCK_JS}/info"),
        };
        let (sessions, continued, broken, continued_bare, broken_bare) = (1, 0, 0, 0, 0);
        Self { protocol, path, sessions, continued, broken, continued_bare, broken_bare, failure: None }
    }

    async fn follow(client: &mut ProbeClient, session: FallbackSession, mut jar: CookieJar) -> Self {
        let mut report = Self::new(session.protocol);
        (report.continued, report.broken) = report.proceed(client, &session, Some(&mut jar)).await;
        // As native clients do, which keep no cookies.
        if !client.is_silent()
            && let Ok(bare) = open(client, report.protocol, &mut None).await
        {
            report.sessions += 1;
            let mut failed = Self::new(report.protocol);
            (report.continued_bare, report.broken_bare) = failed.proceed(client, &bare, None).await;
            report.failure = report.failure.or(failed.failure);
        }
        report
    }

    /// Continues a session, and returns of how many requests how many broke.
    async fn proceed(
        &mut self,
        client: &mut ProbeClient,
        session: &FallbackSession,
        mut jar: Option<&mut CookieJar>,
    ) -> (usize, usize) {
        let (mut sent, mut broken) = (0, 0);
        for _ in 0..CONTINUATIONS {
            if client.is_silent() {
                break;
            }
            let answer = client.send(&ProbeRequest::post(&session.path, session.packet), jar.as_deref_mut()).await;
            sent += 1;
            let Some(failure) = failure(answer) else { continue };
            broken += 1;
            self.failure.get_or_insert(failure);
        }
        if let Some(farewell) = session.farewell.filter(|_| !client.is_silent()) {
            let _ = client.send(&ProbeRequest::post(&session.path, farewell), jar).await;
        }
        (sent, broken)
    }
}

/// How a request that should continue a session failed.
fn failure(answer: Result<ProbeAnswer, ExchangeError>) -> Option<String> {
    match answer {
        Ok(answer) if (200..300).contains(&answer.status) => None,
        Ok(answer) => {
            let text = answer.text();
            let words = if text.contains("Session ID unknown") {
                "Session ID unknown".to_owned()
            } else if answer.status == 404 {
                "the session is not known".to_owned()
            } else {
                text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect()
            };
            Some(format!("HTTP {}: {words}", answer.status))
        }
        Err(error) => Some(error.to_string()),
    }
}

async fn open(
    client: &mut ProbeClient,
    protocol: FallbackProtocol,
    jar: &mut Option<&mut CookieJar>,
) -> Result<FallbackSession, Unopened> {
    match protocol {
        FallbackProtocol::SocketIo => open_engine(client, jar).await,
        FallbackProtocol::SockJs => open_sockjs(client, jar).await,
    }
}

async fn open_engine(client: &mut ProbeClient, jar: &mut Option<&mut CookieJar>) -> Result<FallbackSession, Unopened> {
    let answer = client.send(&ProbeRequest::get(SOCKET_IO), jar.as_deref_mut()).await;
    let answer = answer.map_err(|error| Unopened::Failed(error.to_string()))?;
    let text = answer.text();
    let Some((id, is_framed)) = engine_session(&text).filter(|_| answer.status == 200) else {
        return Err(unopened(&answer, "Engine.IO"));
    };
    let (packet, farewell) = if is_framed { ("1:2", "1:1") } else { ("3", "1") };
    let (protocol, path) = (FallbackProtocol::SocketIo, format!("{SOCKET_IO}&sid={id}"));
    Ok(FallbackSession { protocol, path, packet, farewell: Some(farewell) })
}

/// Reads the session's id from `0{"sid":"..."}`, and whether packets have their length before them, as in version 3.
fn engine_session(text: &str) -> Option<(String, bool)> {
    let at = text.find("0{").filter(|at| *at <= 8)?;
    let prefix = &text[..at];
    let is_framed = !prefix.is_empty();
    if is_framed && !prefix.strip_suffix(':')?.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(&text[at + 1..]).into_iter::<serde_json::Value>();
    let opened = values.next()?.ok()?;
    let id = opened.get("sid")?.as_str()?;
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (!id.is_empty() && id.len() <= 100 && id.bytes().all(is_safe)).then(|| (id.to_owned(), is_framed))
}

async fn open_sockjs(client: &mut ProbeClient, jar: &mut Option<&mut CookieJar>) -> Result<FallbackSession, Unopened> {
    let info = client.send(&ProbeRequest::get(format!("{SOCK_JS}/info")), jar.as_deref_mut()).await;
    let info = info.map_err(|error| Unopened::Failed(error.to_string()))?;
    let parsed = serde_json::from_slice::<serde_json::Value>(&info.body).ok();
    if info.status != 200 || parsed.is_none_or(|info| info.get("websocket").is_none()) {
        return Err(unopened(&info, "SockJS"));
    }
    let id: String = (0..12).map(|_| fastrand::alphanumeric()).collect();
    let path = format!("{SOCK_JS}/{:03}/{id}", fastrand::u16(..1000));
    let opened = client.send(&ProbeRequest::post(format!("{path}/xhr"), ""), jar.as_deref_mut()).await;
    let opened = opened.map_err(|error| Unopened::Failed(error.to_string()))?;
    if opened.status != 200 || !opened.body.starts_with(b"o") {
        return Err(Unopened::Failed(format!("HTTP {} on {path}/xhr", opened.status)));
    }
    let (protocol, path) = (FallbackProtocol::SockJs, format!("{path}/xhr_send"));
    Ok(FallbackSession { protocol, path, packet: "[]", farewell: None })
}

fn unopened(answer: &ProbeAnswer, name: &str) -> Unopened {
    match answer.status {
        500.. => Unopened::Failed(format!("HTTP {}", answer.status)),
        status => Unopened::Absent(format!("{name} does not answer there (HTTP {status})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_read_from_both_versions() {
        let read = |text: &str| engine_session(text);
        assert_eq!(read(r#"0{"sid":"aB-_9","upgrades":["websocket"]}"#), Some(("aB-_9".to_owned(), false)));
        assert_eq!(read(r#"97:0{"sid":"x","pingInterval":25000}2:40"#), Some(("x".to_owned(), true)));
        for none in ["", "0{", r#"0{"sid":1}"#, r#"0{"sid":""}"#, r#"0{"sid":"a&b"}"#, "<html>0{", r#"abc0{"sid":"x"}"#]
        {
            assert_eq!(read(none), None, "{none}");
        }
    }
}
