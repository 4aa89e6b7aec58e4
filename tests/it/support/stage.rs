//! The stage of a test: the real SDK on a simulated region and the paused clock, with control of the wire, and a
//! log of what is written in a separate folder.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::{HttpConnectorFuture, SharedHttpClient, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use beanpole::aws::apply::{Sent, send};
use beanpole::aws::{Session, fetch};
use beanpole::change::ApiCall;
use beanpole::cli::simulated_dialer;
use beanpole::config;
use beanpole::model::{Answer, Ask, Batch, Fault, Moment, ReadOutcome, ScopeId, Seq, Snapshot, Source};
use beanpole::polling::{Pace, Question};
use beanpole::probe::Dialer;
use beanpole::runtime::{Clock, Gathered, Means, gather};
use beanpole::sim::{Faults, Scenario, World, in_process};
use beanpole::write::{AuditLog, Caller, JournalWriter};
use tempfile::TempDir;

use super::between::between;
use super::wire::{Hand, WRITES};

/// The moment at which every test begins: 2026-11-23T14:00:00Z.
const BEGINNING: &str = "2026-11-23T14:00:00Z";
/// The region and its objects are filed under this.
pub const SCOPE: ScopeId = ScopeId(0);

/// A simulated region, a session with it, and what is between and beside them.
pub struct Stage {
    pub world: World,
    /// The clock of this machine, which learns the region's.
    pub clock: Clock,
    pub session: Session,
    /// On the wire: unless it breaks requests it only records what was written.
    pub hand: Hand,
    /// What is written is recorded in it, in the folder.
    pub log: AuditLog,
    pub folder: TempDir,
    pub caller: Caller,
    /// What opens connections to the region's load balancers.
    pub dialer: Dialer,
}

impl Stage {
    /// The region of an embedded scenario.
    pub fn new(scenario: &str) -> Self {
        Self::of(Scenario::embedded(scenario).unwrap())
    }

    /// The region of a scenario of the test's own.
    pub fn written(text: &str) -> Self {
        Self::of(Scenario::from_toml("test", text).unwrap())
    }

    /// The region of a scenario.
    pub fn of(scenario: Scenario) -> Self {
        Self::ahead(scenario, 0)
    }

    /// The same with a clock that is so many seconds ahead of the region's.
    pub fn ahead(scenario: Scenario, seconds: i64) -> Self {
        let clock = Clock::simulated(Moment(BEGINNING.parse().unwrap()));
        let region = scenario.region().to_owned();
        let world = World::new(scenario, move || clock.local().0 - jiff::SignedDuration::from_secs(seconds));
        let hand = Hand::default();
        let session = session(hand.between(in_process::http_client(world.clone())), clock, &region);
        let folder = TempDir::new().unwrap();
        let caller = Caller { arn: Some("arn:aws:iam::1:user/me".into()), account: Some("1".into()) };
        let dialer = simulated_dialer(world.clone());
        Self { world, clock, session, hand, log: AuditLog::under(folder.path()), folder, caller, dialer }
    }

    /// The same, where the region takes as many calls as are made, and nothing is wrong with it.
    pub fn without_faults(self) -> Self {
        self.world.set_faults(Faults::none());
        self
    }

    /// The same, with this between the SDK and the region: it is given each request, and what carries it on.
    pub fn between(
        self,
        does: impl Fn(HttpRequest, &SharedHttpConnector) -> HttpConnectorFuture + Send + Sync + 'static,
    ) -> Self {
        let region = self.session.region.clone().unwrap();
        let carries = self.hand.between(in_process::http_client(self.world.clone()));
        Self { session: session(between(carries, does), self.clock, &region), ..self }
    }

    /// Talks to another region from now on, whose answers are filed under this scope.
    pub fn go_to(&mut self, world: World, region: &str, scope: ScopeId) {
        let client = self.hand.between(in_process::http_client(world.clone()));
        let times = (self.clock.time_source(), self.clock.server());
        (self.session, self.world) = (Session::simulated(client, times, region, scope, 1), world);
    }

    /// The time at AWS.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Reads something, as the dashboard asks for it.
    pub async fn ask(&self, ask: Ask) -> ReadOutcome {
        fetch(&self.session, ask, || self.now()).await
    }

    pub async fn outcome(&self, sources: Vec<Source>) -> ReadOutcome {
        self.ask(Ask::new(sources, Seq(7))).await
    }

    pub async fn batch(&self, source: Source) -> Batch {
        self.outcome(vec![source]).await.result.unwrap()
    }

    pub async fn answer(&self, source: Source) -> Answer {
        self.batch(source).await.answer
    }

    pub async fn fault(&self, source: Source) -> Arc<Fault> {
        self.outcome(vec![source]).await.result.unwrap_err()
    }

    /// Reads until these questions are answered, as a command does.
    pub async fn gather(&self, questions: impl Fn(&Snapshot) -> Vec<Question>) -> Gathered {
        gather(self.means(&Pace::new(&config::defaults())), questions, |_| ()).await
    }

    /// Returns the means to read the region, as a command does.
    pub fn means<'a>(&'a self, pace: &'a Pace) -> Means<'a> {
        Means { session: &self.session, clock: self.clock, pace }
    }

    /// Sends a write alone: nothing is read before, nothing is recorded.
    pub async fn send(&self, call: &ApiCall) -> Sent {
        send(&self.session, call, &|| self.now()).await
    }

    /// What writes and records.
    pub fn writer<'a>(&'a self, now: &'a (dyn Fn() -> Moment + Send + Sync)) -> JournalWriter<'a> {
        let (session, log, caller, dialer) = (&self.session, &self.log, &self.caller, &self.dialer);
        JournalWriter { session, log, caller, now, dialer, uploads: None }
    }

    /// How often this operation was called.
    pub fn calls(&self, operation: &str) -> usize {
        self.world.calls().iter().filter(|call| call.operation == operation).count()
    }

    /// How many calls wrote.
    pub fn writes(&self) -> usize {
        self.world.calls().iter().filter(|call| WRITES.iter().any(|name| call.operation.starts_with(name))).count()
    }
}

fn session(client: SharedHttpClient, clock: Clock, region: &str) -> Session {
    Session::simulated(client, (clock.time_source(), clock.server()), region, SCOPE, 1)
}
