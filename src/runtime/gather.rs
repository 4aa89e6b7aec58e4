//! Reading everything once, as `ls`, `find` and `show` do. The number of times round is the number of round trips in a row.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::time::Duration;

use tokio::time::Instant;

use super::reading::{Answered, Inquiry, Means, PlannedAnswer, Reader, nothing};
use crate::model::{Map, Moment, ReadError, ScopeId, Service, Snapshot, Source, Unanswered};
use crate::polling::{GivingUp, Plans, Poller, Question};

/// Without an answer for this long, a command gives up on what is missing. A failure is no answer.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// The interval of progress reports.
const TICK: Duration = Duration::from_secs(1);

/// What was read.
#[derive(Debug)]
pub struct Gathered {
    /// What is known, and how each source was read.
    pub snapshot: Snapshot,
    /// How the services do.
    pub poller: Poller,
    /// What was wanted and neither came nor failed in time, and why.
    pub unread: Vec<(Source, ReadError)>,
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
pub struct ReadProgress {
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
    progress: impl FnMut(ReadProgress),
) -> Gathered {
    gather_and_observe(means, questions, progress, |_, _| ()).await
}

/// The same, and shows what is known after each answer: for results that are printed before all of it was read.
pub async fn gather_and_observe(
    means: Means<'_>,
    questions: impl Fn(&Snapshot) -> Vec<Question>,
    progress: impl FnMut(ReadProgress),
    observe: impl FnMut(&Snapshot, &Poller),
) -> Gathered {
    let began = Instant::now();
    let mut reader = Reader::new(means);
    let mut once = Once { questions, progress, observe, giving_up: GivingUp::default(), began, last_answer: began };
    reader.until(&mut once).await;
    let unread = unread(&reader);
    reader.snapshot.moment = means.clock.now();
    Gathered { snapshot: reader.snapshot, poller: reader.poller, unread }
}

/// Everything is read once.
struct Once<Q, P, O> {
    questions: Q,
    progress: P,
    observe: O,
    giving_up: GivingUp,
    began: Instant,
    last_answer: Instant,
}

impl<Q, P, O> Inquiry for Once<Q, P, O>
where
    Q: Fn(&Snapshot) -> Vec<Question>,
    P: FnMut(ReadProgress),
    O: FnMut(&Snapshot, &Poller),
{
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
        (self.progress)(ReadProgress { done, wanted, elapsed: self.began.elapsed(), on: waiting(reader) });
        (self.observe)(&reader.snapshot, &reader.poller);
        let is_done = reader.is_idle() && reader.poller.is_settled(&reader.snapshot.reads);
        if is_done || self.silence() >= PATIENCE { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn longest_sleep(&self) -> Duration {
        PATIENCE.saturating_sub(self.silence()).min(TICK)
    }
}

impl<Q, P, O> Once<Q, P, O> {
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
        let Reader { snapshot, poller: Poller { wants, request_log, .. }, .. } = reader;
        for source in wants.iter().map(|want| &want.source) {
            let is_over = snapshot.reads.read_at(source).is_some() || request_log.is_given_up(source);
            let Some(reason) = self.giving_up.reason(source).filter(|_| !is_over) else { continue };
            request_log.give_up(&mut snapshot.reads, source, snapshot.moment, reason);
        }
    }
}

/// What is waited for: what is under way first.
fn waiting(Reader { snapshot, poller, .. }: &Reader) -> Option<Waiting> {
    let is_in_flight = |source: &&Source| poller.request_log.is_in_flight(source);
    let is_open =
        |source: &&Source| snapshot.reads.read_at(source).is_none() && !poller.request_log.is_given_up(source);
    let mut wanted = poller.wants.iter().map(|want| &want.source);
    let source = wanted.clone().find(is_in_flight).or_else(|| wanted.find(is_open))?;
    let (service, operation) = (source.service(), source.operation());
    Some(Waiting { service, operation, is_slowed: poller.is_slowed(service) })
}

/// What neither came nor failed; one reason for each operation.
fn unread(Reader { snapshot, poller, .. }: &Reader) -> Vec<(Source, ReadError)> {
    let mut reasons: Map<&'static str, Unanswered> = Map::default();
    let open = poller.wants.iter().map(|want| &want.source).filter(|source| snapshot.reads.get(source).is_none());
    open.map(|source| {
        let reason = reasons.entry(source.operation()).or_insert_with(|| why_unanswered(poller, source)).clone();
        (source.clone(), ReadError::Unanswered(source.row().read, reason))
    })
    .collect()
}

/// Why something did not come in time.
fn why_unanswered(poller: &Poller, source: &Source) -> Unanswered {
    if poller.request_log.is_in_flight(source) {
        Unanswered::Silence(PATIENCE)
    } else if poller.is_slowed(source.service()) {
        Unanswered::OverBudget(PATIENCE)
    } else {
        Unanswered::NotRequested(PATIENCE)
    }
}
