//! A simulated region, a session with it, a log in a folder of its own, and a hand on the wire between them.

use std::path::PathBuf;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use aws_smithy_async::time::TimeSource;
use beanpole::aws::{ServerClock, Session, SharedTimeSource, look};
use beanpole::change::{Consent, Operation, Standing, Work, Written};
use beanpole::model::{Environment, Key, Moment, ScopeId};
use beanpole::sim::{Faults, Scenario, World, in_process};
use beanpole::write::{AuditLog, Caller, Entry, Writer};
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::support::somebody;
pub use crate::support::wire::ReadFault;
pub use crate::support::wire::{Fate, LostAnswer};
use crate::support::wire::{Hand, WRITES};

/// The time of the test: a fixed beginning, and tokio's clock from there.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant, ServerClock);

impl Clock {
    /// The time of this machine, which may be wrong.
    fn local(self) -> Timestamp {
        let start = Timestamp::from_second(1_795_442_400).unwrap();
        start.checked_add(self.0.elapsed()).unwrap()
    }
}

impl TimeSource for Clock {
    fn now(&self) -> SystemTime {
        self.local().into()
    }
}

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

    /// On a scenario of the test's own, by a clock that is so many seconds ahead of the region's.
    pub fn ahead(text: &str, seconds: i64) -> Self {
        Self::by_clocks(Scenario::from_toml("test", text).unwrap(), seconds)
    }

    fn of(scenario: Scenario) -> Self {
        Self::by_clocks(scenario, 0)
    }

    fn by_clocks(scenario: Scenario, ahead: i64) -> Self {
        let clock = Clock(Instant::now(), ServerClock::of_its_own());
        let theirs = move || clock.local() - jiff::SignedDuration::from_secs(ahead);
        let world = World::new(scenario, theirs);
        world.set_faults(Faults::none());
        let hand = Hand::default();
        let client = hand.between(in_process::http_client(world.clone()));
        let session = Session::simulated(client, (SharedTimeSource::new(clock), clock.1), "eu-west-1", ScopeId(0), 0);
        let folder = TempDir::new().unwrap();
        let log = AuditLog::under(folder.path());
        let caller = Caller { arn: Some("arn:aws:iam::1:user/me".into()), account: Some("1".into()) };
        Self { world, session, log, folder, caller, clock, hand }
    }

    pub fn now(&self) -> Moment {
        self.clock.1.of(Moment(self.clock.local()))
    }

    pub fn writer<'a>(&'a self, now: &'a (dyn Fn() -> Moment + Send + Sync)) -> Writer<'a> {
        Writer { session: &self.session, log: &self.log, caller: &self.caller, now }
    }

    /// Writes are fated from now on.
    pub fn fate(&self, fate: Fate) {
        self.hand.fate(fate);
    }

    /// Calls this before each write that is let through.
    pub fn watch(&self, watch: impl Fn() + Send + 'static) {
        self.hand.watch(watch);
    }

    /// From now on reads of this operation fail so.
    pub fn spoil(&self, operation: &str, fault: Option<ReadFault>) {
        self.hand.spoil(operation, fault);
    }

    /// Calls this after each write, before whoever sent it hears of it.
    pub fn watch_after(&self, watch: impl Fn() + Send + 'static) {
        self.hand.watch_after(watch);
    }

    /// The operations of the writes that we sent, whatever became of them.
    pub fn operations(&self) -> Vec<String> {
        self.hand.operations()
    }

    pub async fn perform(&self, operation: &Operation) -> Written {
        self.writer(&|| self.now()).perform(operation, &Consent::default()).await
    }

    pub async fn environment(&self, name: &str) -> Environment {
        let id = self.world.environment_id(name);
        let key: Key<Environment> = Key::new(ScopeId(0), id.as_str());
        look::environment(&self.session, &key, &|| self.now()).await.unwrap().unwrap()
    }

    pub async fn standing(&self, name: &str) -> Standing {
        Standing::from(&self.environment(name).await)
    }

    pub async fn deploy(&self, name: &str, version: &str) -> Operation {
        Operation::deploy(&self.environment(name).await, version.into())
    }

    pub async fn abort(&self, name: &str) -> Operation {
        Operation::of(&self.environment(name).await, Work::Abort)
    }

    /// How often this was called.
    pub fn calls(&self, operation: &str) -> usize {
        self.world.calls().iter().filter(|call| call.operation == operation).count()
    }

    /// Everything that was called and writes.
    pub fn writes(&self) -> usize {
        self.world.calls().iter().filter(|call| WRITES.iter().any(|name| call.operation.starts_with(name))).count()
    }

    /// The bodies of the writes that were let through, decoded, each without what every request has.
    pub fn sent(&self) -> Vec<Vec<(String, String)>> {
        self.hand.sent()
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
        let find = format!("Action=DescribeEnvironments&Version=2010-12-01&EnvironmentNames.member.1={name}");
        somebody::between(&somebody::ask(self, "elasticbeanstalk", &find), "EnvironmentId").to_owned()
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
