//! A simulated region, a session with it, a log in a folder of its own, and a hand on the wire between them.

use std::fmt;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use beanpole::aws::{Session, SharedHttpClient, SharedTimeSource, look};
use beanpole::change::{Consent, Request, Standing, Write, Written};
use beanpole::model::{Environment, Key, Moment, ScopeId};
use beanpole::sim::{Faults, Scenario, World, in_process};
use beanpole::write::{AuditLog, Caller, Entry, Writer};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::time::Instant;

/// The time of the test: a fixed beginning, and tokio's clock from there.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    fn now(self) -> Timestamp {
        let start = Timestamp::from_second(1_795_442_400).unwrap();
        start.checked_add(self.0.elapsed()).unwrap()
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        Clock::now(*self).into()
    }
}

/// What happens to a write on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// Nothing.
    #[default]
    Arrives,
    /// It arrives, and the connection is reset before there is an answer.
    AnswerLost,
    /// It arrives, and there is never an answer.
    Silence,
    /// The connection is reset before it arrives.
    RequestLost,
    /// There is no connection.
    NoConnection,
}

/// What is called when a write passes.
type Seen = Box<dyn Fn() + Send>;

/// What a hand on the wire does and sees.
#[derive(Clone, Default)]
struct Hand {
    fate: Arc<Mutex<Fate>>,
    /// Called before a write is let through.
    watch: Arc<Mutex<Option<Seen>>>,
    /// The bodies of the writes that were let through.
    sent: Arc<Mutex<Vec<String>>>,
}

/// What writes, by the beginning of its name.
const WRITES: [&str; 8] =
    ["UpdateEnvironment", "AbortEnvironmentUpdate", "Modify", "Create", "Delete", "Authorize", "Revoke", "Set"];

/// The stage of a test.
pub struct Stage {
    pub world: World,
    pub session: Session,
    pub log: AuditLog,
    pub folder: TempDir,
    pub caller: Caller,
    clock: Clock,
    hand: Hand,
}

impl Stage {
    pub fn new() -> Self {
        Self::of(Scenario::embedded("rolling").unwrap())
    }

    /// On a scenario of the test's own.
    pub fn written(text: &str) -> Self {
        Self::of(Scenario::from_toml("test", text).unwrap())
    }

    fn of(scenario: Scenario) -> Self {
        let clock = Clock(Instant::now());
        let world = World::new(scenario, move || clock.now());
        world.set_faults(Faults::none());
        let hand = Hand::default();
        let client = SharedHttpClient::new(Wire { inner: in_process::http_client(world.clone()), hand: hand.clone() });
        let session = Session::simulated(client, SharedTimeSource::new(clock), "eu-west-1", ScopeId(0), 0);
        let folder = TempDir::new().unwrap();
        let log = AuditLog::under(folder.path());
        let caller = Caller { arn: Some("arn:aws:iam::1:user/me".into()), account: Some("1".into()) };
        Self { world, session, log, folder, caller, clock, hand }
    }

    pub fn now(&self) -> Moment {
        Moment(self.clock.now())
    }

    pub fn writer<'a>(&'a self, now: &'a (dyn Fn() -> Moment + Send + Sync)) -> Writer<'a> {
        Writer { session: &self.session, log: &self.log, caller: &self.caller, now }
    }

    /// Writes are fated from now on.
    pub fn fate(&self, fate: Fate) {
        *self.hand.fate.lock().unwrap() = fate;
    }

    /// Calls this before each write that is let through.
    pub fn watch(&self, watch: impl Fn() + Send + 'static) {
        *self.hand.watch.lock().unwrap() = Some(Box::new(watch));
    }

    pub async fn perform(&self, request: &Request) -> Written {
        self.writer(&|| self.now()).perform(request, &Consent::default()).await
    }

    pub async fn environment(&self, name: &str) -> Environment {
        let id = self.world.environment_id(name);
        let key: Key<Environment> = Key::new(ScopeId(0), id.as_str());
        look::environment(&self.session, &key, &|| self.now()).await.unwrap().unwrap()
    }

    pub async fn standing(&self, name: &str) -> Standing {
        Standing::from(&self.environment(name).await)
    }

    pub async fn deploy(&self, name: &str, version: &str) -> Request {
        Request::new(&self.environment(name).await, Write::Deploy { version: version.into() })
    }

    pub async fn abort(&self, name: &str) -> Request {
        Request::new(&self.environment(name).await, Write::Abort)
    }

    /// How often this was called.
    pub fn calls(&self, operation: &str) -> usize {
        self.world.calls().iter().filter(|call| call.operation == operation).count()
    }

    /// Everything that was called and writes.
    pub fn writes(&self) -> usize {
        let is_write = |operation: &str| WRITES.iter().any(|name| operation.starts_with(name));
        self.world.calls().iter().filter(|call| is_write(&call.operation)).count()
    }

    /// The bodies of the writes that were let through, decoded, each without what every request has.
    pub fn sent(&self) -> Vec<Vec<(String, String)>> {
        let is_own = |(name, _): &(String, String)| !matches!(name.as_str(), "Action" | "Version");
        let decoded = |body: &String| {
            let mut form: Vec<_> = form_urlencoded::parse(body.as_bytes()).into_owned().filter(is_own).collect();
            form.sort();
            form
        };
        self.hand.sent.lock().unwrap().iter().map(decoded).collect()
    }

    pub fn entries(&self) -> Vec<Entry> {
        let history = self.log.read().unwrap();
        assert_eq!(history.unreadable, [0; 0]);
        history.entries
    }

    pub fn path(&self) -> PathBuf {
        self.log.path().to_path_buf()
    }
}

/// The world, asked for the id of an environment by name.
trait Named {
    fn environment_id(&self, name: &str) -> String;
}

impl Named for World {
    fn environment_id(&self, name: &str) -> String {
        let request = beanpole::sim::Request {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            headers: vec![(
                "authorization".to_owned(),
                "AWS4-HMAC-SHA256 Credential=a/20261123/eu-west-1/elasticbeanstalk/aws4_request".to_owned(),
            )],
            body: format!("Action=DescribeEnvironments&Version=2010-12-01&EnvironmentNames.member.1={name}")
                .into_bytes(),
        };
        let body = String::from_utf8(self.answer(&request).body).unwrap();
        let (_, rest) = body.split_once("<EnvironmentId>").unwrap_or_else(|| panic!("{body}"));
        rest.split('<').next().unwrap().to_owned()
    }
}

/// Polls the future so many times and then drops it; what it ended with, if it did.
pub async fn polled<T>(future: impl Future<Output = T>, mut times: usize) -> Option<T> {
    let mut future = pin!(future);
    std::future::poll_fn(move |context| {
        if times == 0 {
            return Poll::Ready(None);
        }
        times -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending if times == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Waits on the paused clock.
pub async fn wait(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

#[derive(Clone)]
struct Wire {
    inner: SharedHttpClient,
    hand: Hand,
}

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wire")
    }
}

impl HttpClient for Wire {
    fn http_connector(&self, settings: &HttpConnectorSettings, parts: &RuntimeComponents) -> SharedHttpConnector {
        let inner = self.inner.http_connector(settings, parts);
        SharedHttpConnector::new(Connector { inner, wire: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    inner: SharedHttpConnector,
    wire: Wire,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        let is_write = WRITES.iter().any(|name| body.contains(&format!("Action={name}")));
        let fate = if is_write { *self.wire.hand.fate.lock().unwrap() } else { Fate::Arrives };
        let reset = || ConnectorError::io(Box::new(std::io::Error::from(std::io::ErrorKind::ConnectionReset)));
        if is_write && let Some(watch) = &*self.wire.hand.watch.lock().unwrap() {
            watch();
        }
        if is_write {
            self.wire.hand.sent.lock().unwrap().push(body.clone());
        }
        match fate {
            Fate::NoConnection => {
                let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
                HttpConnectorFuture::ready(Err(ConnectorError::io(Box::new(refused)).never_connected()))
            }
            Fate::RequestLost => HttpConnectorFuture::ready(Err(reset())),
            Fate::Arrives => self.inner.call(request),
            Fate::AnswerLost => {
                let answer = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = answer.await;
                    Err(reset())
                })
            }
            Fate::Silence => {
                let answer = self.inner.call(request);
                HttpConnectorFuture::new(async move {
                    let _ = answer.await;
                    std::future::pending().await
                })
            }
        }
    }
}
