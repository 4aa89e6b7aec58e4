//! HTTP/1.1 over connections of one request each, a few a second at most, and everything about them bounded.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error as _;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, COOKIE, HOST, USER_AGENT};
use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

use super::cookies::{CookieJar, SetCookie};
use super::exchange_error::ExchangeError;
use super::stream::{Destination, Dialer};
use super::tls_report::TlsReport;
use crate::model::shortened;

/// The time between the starts of two requests, in milliseconds. It varies, so that two clients do not take turns: a load
/// balancer that goes round would show each of them one target.
const PACE: std::ops::Range<u64> = 200..300;
/// The most time between them.
pub const PACE_AT_MOST: Duration = Duration::from_millis(PACE.end);
/// How long the head of an answer may take.
const HEAD: Duration = Duration::from_secs(20);
/// How long its body may take.
const BODY: Duration = Duration::from_secs(10);
/// How much of a body is read.
pub const MOST_OF_BODY: usize = 256 << 10;
/// How many requests in a row may stay without an end of their answer.
const MOST_SILENT: usize = 3;
/// How much of a text of the server's is reported.
const LONGEST_TEXT: usize = 200;
/// How many cookies are reported by name.
const MOST_COOKIES: usize = 50;
/// How a probe names itself.
pub const AGENT: &str = "beanpole-probe";

/// What is sent.
#[derive(Clone, Debug)]
pub struct ProbeRequest {
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
}

impl ProbeRequest {
    /// Asks for a path.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// Sends a body to a path, as text.
    #[must_use]
    pub fn post(path: impl Into<String>, body: &'static str) -> Self {
        let asked = Self { method: Method::POST, body: Bytes::from_static(body.as_bytes()), ..Self::get(path) };
        asked.with("content-type", "text/plain;charset=UTF-8")
    }

    /// Asks what a path allows to other origins.
    #[must_use]
    pub fn options(path: impl Into<String>) -> Self {
        Self { method: Method::OPTIONS, ..Self::get(path) }
    }

    /// Adds a header, whose name is in small letters.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// How much of a body came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyEnd {
    /// All of it.
    Whole,
    /// As much as is read of any.
    TooLarge,
    /// It did not end in time.
    Endless,
    /// The connection ended before it.
    Broken,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct ProbeAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, as far as it was read.
    pub body: Vec<u8>,
    /// How the body ended.
    pub end: BodyEnd,
}

impl ProbeAnswer {
    /// Returns a header as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns a header as it is reported: its beginning, if it is long.
    #[must_use]
    pub fn reported(&self, name: &str) -> Option<String> {
        self.header(name).map(|text| shortened(text, LONGEST_TEXT).into_owned())
    }

    /// Returns the body as text.
    #[must_use]
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

/// The answer to a request for another protocol.
pub enum Upgrade {
    /// The protocol was switched; the body of the answer is empty.
    Switched(ProbeAnswer, Box<TokioIo<hyper::upgrade::Upgraded>>),
    /// It was not.
    Refused(ProbeAnswer),
}

/// What was sent and came, counted.
#[derive(Clone, Debug, Default)]
pub struct ProbeCounts {
    /// The requests.
    pub requests: usize,
    /// The answers by their status.
    pub statuses: BTreeMap<u16, usize>,
    /// The names of the cookies that were set.
    pub cookies: BTreeSet<String>,
    /// The requests without an answer, by the reason.
    pub failures: BTreeMap<String, usize>,
}

impl ProbeCounts {
    fn see(&mut self, cookies: impl Iterator<Item = SetCookie>) {
        for SetCookie { name, .. } in cookies {
            if self.cookies.len() < MOST_COOKIES {
                self.cookies.insert(shortened(&name, LONGEST_TEXT).into_owned());
            }
        }
    }
}

/// Sends requests to one place.
pub struct ProbeClient {
    dialer: Dialer,
    destination: Destination,
    /// The value of `Host`.
    authority: Arc<str>,
    next: Instant,
    /// How many requests in a row had no end of an answer.
    silent: usize,
    /// What was counted.
    pub counts: ProbeCounts,
    /// What was seen of TLS on the first connection.
    pub tls: Option<TlsReport>,
}

/// A connection whose task ends with it.
struct Open {
    sender: SendRequest<Full<Bytes>>,
    driver: Driver,
}

struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl ProbeClient {
    /// Returns a client that has sent nothing yet.
    #[must_use]
    pub fn new(dialer: Dialer, destination: Destination, authority: Arc<str>) -> Self {
        let (next, counts) = (Instant::now(), ProbeCounts::default());
        Self { dialer, destination, authority, next, silent: 0, counts, tls: None }
    }

    /// Begins another part of the probe, which may have silent requests of its own.
    pub fn begin_part(&mut self) {
        self.silent = 0;
    }

    /// Returns whether so many requests in a row were not answered to their end that more are not worth their timeouts.
    #[must_use]
    pub fn is_silent(&self) -> bool {
        self.silent >= MOST_SILENT
    }

    /// What opens its connections.
    #[cfg(test)]
    #[must_use]
    pub fn dialer(&self) -> Dialer {
        self.dialer.clone()
    }

    /// Sends a request on a connection of its own, with the jar's cookies, and keeps those that the answer sets.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(
        &mut self,
        ask: &ProbeRequest,
        jar: Option<&mut CookieJar>,
    ) -> Result<ProbeAnswer, ExchangeError> {
        let cookie = jar.as_ref().and_then(|jar| jar.header());
        let answer = self.exchange(ask, cookie).await;
        let answer = self.count(answer)?;
        if let Some(jar) = jar {
            jar.keep(&answer.headers);
        }
        Ok(answer)
    }

    async fn exchange(&mut self, ask: &ProbeRequest, cookie: Option<String>) -> Result<ProbeAnswer, ExchangeError> {
        let (response, _driver) = self.head(ask, cookie).await?;
        let (head, body) = response.into_parts();
        let (body, end) = read(body).await;
        Ok(ProbeAnswer { status: head.status.as_u16(), headers: head.headers, body, end })
    }

    /// Sends a request for another protocol.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn upgrade(&mut self, ask: &ProbeRequest) -> Result<Upgrade, ExchangeError> {
        let upgraded = self.switch(ask).await;
        match upgraded {
            Ok(Upgrade::Switched(answer, stream)) => {
                self.count(Ok(answer)).map(|answer| Upgrade::Switched(answer, stream))
            }
            Ok(Upgrade::Refused(answer)) => self.count(Ok(answer)).map(Upgrade::Refused),
            Err(error) => self.count(Err(error)).map(Upgrade::Refused),
        }
    }

    async fn switch(&mut self, ask: &ProbeRequest) -> Result<Upgrade, ExchangeError> {
        let (mut response, _driver) = self.head(ask, None).await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        if status != 101 {
            let (body, end) = read(response.into_body()).await;
            return Ok(Upgrade::Refused(ProbeAnswer { status, headers, body, end }));
        }
        let switched = timeout(HEAD, hyper::upgrade::on(&mut response)).await;
        let switched = switched.map_err(|_| ExchangeError::NoAnswer(HEAD.as_secs()))?;
        let stream = switched.map_err(|error| unanswered(&error))?;
        let answer = ProbeAnswer { status, headers, body: Vec::new(), end: BodyEnd::Whole };
        Ok(Upgrade::Switched(answer, Box::new(TokioIo::new(stream))))
    }

    /// Sends a request and waits for the head of its answer.
    async fn head(
        &mut self,
        ask: &ProbeRequest,
        cookie: Option<String>,
    ) -> Result<(Response<Incoming>, Driver), ExchangeError> {
        sleep_until(self.next).await;
        self.next = Instant::now() + Duration::from_millis(fastrand::u64(PACE));
        self.counts.requests += 1;
        let request = self.request(ask, cookie)?;
        let Open { mut sender, driver } = self.open().await?;
        let answered = timeout(HEAD, sender.send_request(request)).await;
        let answered = answered.map_err(|_| ExchangeError::NoAnswer(HEAD.as_secs()))?;
        answered.map(|response| (response, driver)).map_err(|error| unanswered(&error))
    }

    fn request(&self, ask: &ProbeRequest, cookie: Option<String>) -> Result<Request<Full<Bytes>>, ExchangeError> {
        let mut builder = Request::builder().method(ask.method.clone()).uri(&ask.path);
        builder = builder.header(HOST, &*self.authority).header(USER_AGENT, AGENT).header("accept", "*/*");
        if !ask.headers.iter().any(|(name, _)| *name == "connection") {
            builder = builder.header(CONNECTION, "close");
        }
        for (name, value) in &ask.headers {
            builder = builder.header(*name, value);
        }
        if let Some(cookie) = cookie {
            builder = builder.header(COOKIE, cookie);
        }
        builder.body(Full::new(ask.body.clone())).map_err(|error| ExchangeError::Other(error.to_string()))
    }

    async fn open(&mut self) -> Result<Open, ExchangeError> {
        let connection = self.dialer.dial(&self.destination).await?;
        if self.tls.is_none() {
            self.tls = connection.tls;
        }
        let shaken = http1::Builder::new().handshake(TokioIo::new(connection.stream)).await;
        let (sender, connection) = shaken.map_err(|error| unanswered(&error))?;
        let driver = tokio::spawn(async move {
            if let Err(error) = connection.with_upgrades().await {
                tracing::debug!(%error, "a connection of the probe ended");
            }
        });
        Ok(Open { sender, driver: Driver(driver) })
    }

    fn count(&mut self, answer: Result<ProbeAnswer, ExchangeError>) -> Result<ProbeAnswer, ExchangeError> {
        let has_ended = answer.as_ref().is_ok_and(|answer| answer.end != BodyEnd::Endless);
        self.silent = if has_ended { 0 } else { self.silent + 1 };
        match &answer {
            Ok(answer) => {
                *self.counts.statuses.entry(answer.status).or_default() += 1;
                self.counts.see(SetCookie::all(&answer.headers));
            }
            Err(error) => *self.counts.failures.entry(error.to_string()).or_default() += 1,
        }
        answer
    }
}

/// Reads a body as far as is allowed.
async fn read(mut body: Incoming) -> (Vec<u8>, BodyEnd) {
    let (mut bytes, until) = (Vec::new(), Instant::now() + BODY);
    loop {
        match timeout_at(until, body.frame()).await {
            Err(_) => return (bytes, BodyEnd::Endless),
            Ok(None) => return (bytes, BodyEnd::Whole),
            Ok(Some(Err(_))) => return (bytes, BodyEnd::Broken),
            Ok(Some(Ok(frame))) => {
                let data = frame.into_data().unwrap_or_default();
                let room = MOST_OF_BODY - bytes.len();
                bytes.extend_from_slice(&data[..data.len().min(room)]);
                if data.len() > room {
                    return (bytes, BodyEnd::TooLarge);
                }
            }
        }
    }
}

/// Why hyper had no answer.
fn unanswered(error: &hyper::Error) -> ExchangeError {
    if error.is_parse_too_large() {
        return ExchangeError::HeadTooLarge;
    }
    if error.is_parse() {
        return ExchangeError::NotHttp(error.to_string());
    }
    if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        return ExchangeError::Closed;
    }
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return match error.kind() {
                io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof => {
                    ExchangeError::Closed
                }
                _ => ExchangeError::Other(error.to_string()),
            };
        }
        cause = error.source();
    }
    ExchangeError::Other(error.to_string())
}
