//! Reading for a command: wants, fetch, replace, until nothing is wanted. The number of times round is the number of
//! round trips in a row.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::clock::Clock;
use crate::aws::{Session, fetch};
use crate::model::{Covers, Fault, FaultKind, Inventory, Map, Moment, Outcome, Service, Source, Topology, link};
use crate::polling::{Cadences, GivingUp, Known, Plans, Poller, Question, Reading, Want, wants};

/// Without an answer for this long, a command gives up on what is missing. A failure is no answer.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is told how far a command is.
const TICK: Duration = Duration::from_secs(1);

/// A command asks once for what its user typed: no cap on what that costs (dollars an hour).
const COMMAND_CAP: f64 = 1000.0;

/// What was read.
#[derive(Debug)]
pub struct Gathered {
    /// What exists.
    pub inventory: Inventory,
    /// What belongs to what.
    pub topology: Topology,
    /// The age of each reading, and what failed.
    pub poller: Poller,
    /// Listings that broke off: what came before is there, what would have followed is not.
    pub partial: Vec<(Source, Arc<Fault>)>,
    /// What was wanted and neither came nor failed in time, and why; one fault for each operation.
    pub unread: Vec<(Source, Arc<Fault>)>,
    /// When it was done.
    pub at: Moment,
}

impl Gathered {
    /// Nothing read.
    #[must_use]
    pub fn nothing(plans: &Plans, at: Moment) -> Self {
        let (inventory, topology) = (Inventory::default(), Topology::default());
        let poller = Poller::new(plans, COMMAND_CAP, at);
        Self { inventory, topology, poller, partial: Vec::new(), unread: Vec::new(), at }
    }

    /// What is known, on which plans are made.
    #[must_use]
    pub fn known<'a>(&'a self, session: &Session, cadences: &'a Cadences) -> Known<'a> {
        let Self { inventory, topology, poller, .. } = self;
        Known { scope: session.scope, inventory, topology, ledger: &poller.ledger, cadences }
    }

    /// Begins the calls that are due for these questions; when to look again.
    pub(super) fn ask(
        &mut self,
        session: &Session,
        (clock, cadences): (Clock, &Cadences),
        questions: &[Question],
        running: &mut JoinSet<Outcome>,
    ) -> Option<Moment> {
        let wants = wants(&self.known(session, cadences), questions);
        self.poller.wants = wants;
        let (asks, next) = self.poller.pick(&self.inventory, &self.topology, clock.now());
        for ask in asks {
            let session = session.clone();
            running.spawn(async move { fetch(&session, ask, || clock.now()).await });
        }
        next
    }

    /// Takes an answer in.
    pub(super) fn take(&mut self, outcome: Outcome) {
        self.poller.finish(&outcome, fastrand::u64(..));
        let Ok(batch) = outcome.result else { return };
        if let (Covers::Partial(fault), Some(source)) = (&batch.covers, outcome.sources.first()) {
            self.partial.push((source.clone(), Arc::clone(fault)));
        }
        if self.inventory.replace(batch, outcome.at).evidence {
            self.topology = link(&self.inventory);
        }
    }

    /// Whether it has neither an answer nor a refusal.
    fn is_open(&self, want: &Want) -> bool {
        self.poller.ledger.reading(&want.source).is_none_or(|reading| reading.at.is_none() && reading.fault.is_none())
    }

    /// Asks no more for what is given up.
    fn give_up(&mut self, giving_up: &GivingUp, now: Moment) {
        let Poller { wants, ledger, .. } = &mut self.poller;
        let mut faults: Map<&'static str, Arc<Fault>> = Map::default();
        for source in wants.iter().map(|want| &want.source) {
            let is_over = ledger.reading(source).is_some_and(|it| it.at.is_some() || it.is_given_up());
            let Some(reason) = giving_up.reason(source).filter(|_| !is_over) else { continue };
            let fault = faults.entry(source.operation()).or_insert_with(|| of_operation(source.operation(), reason));
            ledger.give_up(source, now, fault);
        }
    }

    /// What is waited for: what is under way first.
    fn waiting(&self) -> Option<Waiting> {
        let ledger = &self.poller.ledger;
        let is_in_flight = |want: &&Want| ledger.reading(&want.source).is_some_and(Reading::is_in_flight);
        let is_open = |want: &&Want| ledger.reading(&want.source).is_none_or(|it| it.at.is_none() && !it.is_given_up());
        let wants = &self.poller.wants;
        let want = wants.iter().find(is_in_flight).or_else(|| wants.iter().find(is_open))?;
        let (service, operation) = (want.source.service(), want.source.operation());
        Some(Waiting { service, operation, is_slowed: self.poller.is_slowed(service) })
    }

    /// Notes what neither came nor failed.
    fn note_unread(&mut self) {
        let mut faults: Map<&'static str, Arc<Fault>> = Map::default();
        let mut unread = Vec::new();
        for want in self.poller.wants.iter().filter(|want| self.is_open(want)) {
            let source = &want.source;
            let is_in_flight = self.poller.ledger.reading(source).is_some_and(Reading::is_in_flight);
            let is_slowed = self.poller.is_slowed(source.service());
            let fault = faults.entry(source.operation()).or_insert_with(|| missing(source, is_in_flight, is_slowed));
            unread.push((source.clone(), Arc::clone(fault)));
        }
        self.unread = unread;
    }
}

/// The fault for which an operation is given up, even if it was another's.
fn of_operation(operation: &'static str, reason: &Arc<Fault>) -> Arc<Fault> {
    if reason.operation == operation {
        return Arc::clone(reason);
    }
    Arc::new(Fault { operation, request_id: None, ..Fault::clone(reason) })
}

/// A fault of our own, for what did not come in time.
fn missing(source: &Source, is_in_flight: bool, is_slowed: bool) -> Arc<Fault> {
    let seconds = PATIENCE.as_secs();
    let (kind, message) = match (is_in_flight, is_slowed) {
        (true, _) => (FaultKind::Network, format!("no answer came, and nothing else did for {seconds} s")),
        (false, true) => (FaultKind::Throttled, format!("not requested: the request budget ran out for {seconds} s")),
        (false, false) => (FaultKind::Network, format!("not requested: nothing was answered for {seconds} s")),
    };
    let (service, operation) = (source.service(), source.operation());
    Arc::new(Fault { kind, service, operation, code: None, message: message.into(), details: None, request_id: None })
}

/// What a command waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The service.
    pub service: Service,
    /// The operation, as AWS spells it.
    pub operation: &'static str,
    /// Whether the service asks us to slow down.
    pub is_slowed: bool,
}

/// How far a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Sources read or failed.
    pub done: usize,
    /// Sources wanted so far; more may come to light.
    pub wanted: usize,
    /// For how long it has been reading.
    pub elapsed: Duration,
    /// What it waits for.
    pub on: Option<Waiting>,
}

/// Reads until the questions, which may depend on what was read so far, are answered as far as they can be. An operation
/// that keeps failing is given up for all objects, and everything if nothing is answered for [`PATIENCE`].
pub async fn gather(
    session: &Session,
    clock: Clock,
    plans: &Plans,
    cadences: &Cadences,
    questions: impl Fn(&Known<'_>) -> Vec<Question>,
    mut progress: impl FnMut(Progress),
) -> Gathered {
    let began = Instant::now();
    let mut gathered = Gathered::nothing(plans, clock.now());
    let (mut running, mut giving_up, mut last_answer) = (JoinSet::new(), GivingUp::default(), began);
    loop {
        let known = gathered.known(session, cadences);
        let wants = once(wants(&known, &questions(&known)));
        gathered.poller.wants = wants;
        let now = clock.now();
        gathered.give_up(&giving_up, now);
        let (done, wanted) = gathered.poller.progress();
        progress(Progress { done, wanted, elapsed: began.elapsed(), on: gathered.waiting() });
        let silence = last_answer.elapsed();
        if (running.is_empty() && gathered.poller.is_settled()) || silence >= PATIENCE {
            break;
        }
        let (asks, next) = gathered.poller.pick(&gathered.inventory, &gathered.topology, now);
        for ask in asks {
            let session = session.clone();
            running.spawn(async move { fetch(&session, ask, || clock.now()).await });
        }
        let wait = next.map_or(TICK, |next| next.since(clock.now())).min(PATIENCE.saturating_sub(silence)).min(TICK);
        tokio::select! {
            Some(ended) = running.join_next() => {
                // Only a task that was aborted has no outcome, and none is.
                let Ok(outcome) = ended else { continue };
                if let Some(source) = outcome.sources.first() {
                    giving_up.note(source, outcome.result.as_ref().err(), outcome.at);
                }
                if outcome.result.is_ok() {
                    last_answer = Instant::now();
                }
                gathered.take(outcome);
            }
            () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => {}
        }
    }
    gathered.note_unread();
    gathered.at = clock.now();
    gathered
}

/// A command reads each thing once, however long it takes to read them all.
fn once(mut wants: Vec<Want>) -> Vec<Want> {
    for want in &mut wants {
        want.cadence = Duration::from_hours(24);
    }
    wants
}
