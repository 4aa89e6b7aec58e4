//! Reading everything once, as `ls`, `find` and `show` do. The number of times round is the number of round trips in a row.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::reading::{Answered, Inquiry, Means, PlannedAnswer, Reader, nothing};
use crate::model::{Fault, FaultKind, Map, Moment, ScopeId, Service, Snapshot, Source};
use crate::polling::{GivingUp, Plans, Poller, Question};

/// Without an answer for this long, a command gives up on what is missing. A failure is no answer.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// How often progress is reported.
const TICK: Duration = Duration::from_secs(1);

/// What was read.
#[derive(Debug)]
pub struct Gathered {
    /// What is known, and how each source was read.
    pub snapshot: Snapshot,
    /// How the services do.
    pub poller: Poller,
    /// What was wanted and neither came nor failed in time, and why; one fault for each operation.
    pub unread: Vec<(Source, Arc<Fault>)>,
}

impl Gathered {
    /// Nothing read, in no scope in particular.
    #[must_use]
    pub fn nothing(plans: &Plans, at: Moment) -> Self {
        let (snapshot, poller) = nothing(ScopeId::default(), plans, at);
        Self { snapshot, poller, unread: Vec::new() }
    }
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
    means: Means<'_>,
    questions: impl Fn(&Snapshot) -> Vec<Question>,
    progress: impl FnMut(Progress),
) -> Gathered {
    let began = Instant::now();
    let mut reader = Reader::new(means);
    let mut once = Once { questions, progress, giving_up: GivingUp::default(), began, last_answer: began };
    reader.until(&mut once).await;
    let unread = unread(&reader);
    reader.snapshot.moment = means.clock.now();
    Gathered { snapshot: reader.snapshot, poller: reader.poller, unread }
}

/// Everything is read once.
struct Once<Q, P> {
    questions: Q,
    progress: P,
    giving_up: GivingUp,
    began: Instant,
    last_answer: Instant,
}

impl<Q: Fn(&Snapshot) -> Vec<Question>, P: FnMut(Progress)> Inquiry for Once<Q, P> {
    type End = ();
    type Found = Infallible;

    fn questions(&mut self, reader: &mut Reader) -> Vec<Question> {
        (self.questions)(&reader.snapshot)
    }

    async fn judge(&mut self, reader: &mut Reader, answered: Option<Answered>) -> ControlFlow<()> {
        if let Some(Answered::Planned(answer)) = &answered {
            self.note(answer);
        }
        // A command reads each thing once, however long it takes to read them all.
        reader.poller.wants.iter_mut().for_each(|want| want.cadence = Duration::from_hours(24));
        self.give_up(reader);
        let (done, wanted) = reader.poller.progress(&reader.snapshot.reads);
        (self.progress)(Progress { done, wanted, elapsed: self.began.elapsed(), on: waiting(reader) });
        let is_done = reader.is_idle() && reader.poller.is_settled(&reader.snapshot.reads);
        if is_done || self.silence() >= PATIENCE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn longest_sleep(&self) -> Duration {
        PATIENCE.saturating_sub(self.silence()).min(TICK)
    }
}

impl<Q, P> Once<Q, P> {
    fn silence(&self) -> Duration {
        self.last_answer.elapsed()
    }

    fn note(&mut self, answer: &PlannedAnswer) {
        self.giving_up.note(&answer.source, answer.fault.as_ref(), answer.at);
        if answer.fault.is_none() {
            self.last_answer = Instant::now();
        }
    }

    /// Asks no more for what is given up.
    fn give_up(&self, reader: &mut Reader) {
        let Reader { snapshot, poller: Poller { wants, ledger, .. }, .. } = reader;
        let mut faults: Map<&'static str, Arc<Fault>> = Map::default();
        for source in wants.iter().map(|want| &want.source) {
            let is_over = snapshot.reads.read_at(source).is_some() || ledger.is_given_up(source);
            let Some(reason) = self.giving_up.reason(source).filter(|_| !is_over) else { continue };
            let fault = faults.entry(source.operation()).or_insert_with(|| of_operation(source.operation(), reason));
            ledger.give_up(&mut snapshot.reads, source, snapshot.moment, fault);
        }
    }
}

/// What is waited for: what is under way first.
fn waiting(Reader { snapshot, poller, .. }: &Reader) -> Option<Waiting> {
    let is_in_flight = |source: &&Source| poller.ledger.is_in_flight(source);
    let is_open = |source: &&Source| snapshot.reads.read_at(source).is_none() && !poller.ledger.is_given_up(source);
    let mut wanted = poller.wants.iter().map(|want| &want.source);
    let source = wanted.clone().find(is_in_flight).or_else(|| wanted.find(is_open))?;
    let (service, operation) = (source.service(), source.operation());
    Some(Waiting { service, operation, is_slowed: poller.is_slowed(service) })
}

/// What neither came nor failed.
fn unread(Reader { snapshot, poller, .. }: &Reader) -> Vec<(Source, Arc<Fault>)> {
    let mut faults: Map<&'static str, Arc<Fault>> = Map::default();
    let open = poller.wants.iter().map(|want| &want.source).filter(|source| snapshot.reads.get(source).is_none());
    open.map(|source| {
        let is_in_flight = poller.ledger.is_in_flight(source);
        let is_slowed = poller.is_slowed(source.service());
        let fault = faults.entry(source.operation()).or_insert_with(|| missing(source, is_in_flight, is_slowed));
        (source.clone(), Arc::clone(fault))
    })
    .collect()
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
