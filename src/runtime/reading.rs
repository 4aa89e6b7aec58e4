//! The one loop that reads for commands: plan, call, apply the answer, judge, until it is enough. What differs is an
//! [`Inquiry`].
//!
//! Most inquiries only state what they need ([`Question`]), and the plan makes the calls. An inquiry may begin calls of
//! its own ([`Reader::call`]), for which there is no [`Source`]: a history of events, logs that are requested and then
//! retrieved. The inquiry decides when to begin them; the budgets hold for them as for all others.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::clock::Clock;
use crate::aws::{Session, fetch};
use crate::model::{Ask, Fault, Moment, ReadOutcome, ScopeId, Service, Snapshot, Source};
use crate::polling::{Cadences, Pace, Plans, Poller, Question, wants};

/// Nothing is slept through for longer than this: an inquiry may be over without an answer.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// A command asks once for what its user typed: no cap on what that costs (dollars an hour).
const COMMAND_CAP: f64 = 1000.0;

/// Where things are read, and how.
#[derive(Clone, Copy, Debug)]
pub struct Means<'a> {
    /// The session.
    pub session: &'a Session,
    /// The clock.
    pub clock: Clock,
    /// How much is read, and how often.
    pub pace: &'a Pace,
}

/// What is asked, and when it is enough.
pub(super) trait Inquiry {
    /// What it comes to.
    type End;
    /// What its own calls answer; [`Infallible`] if it makes none.
    type Found: Send + 'static;

    /// What should be read now, by what is known.
    fn questions(&mut self, _: &mut Reader<Self::Found>) -> Vec<Question> {
        Vec::new()
    }

    /// Whether it is enough. Called whenever an answer has come, and every second at least.
    async fn judge(
        &mut self,
        reader: &mut Reader<Self::Found>,
        answered: Option<Answered<Self::Found>>,
    ) -> ControlFlow<Self::End>;

    /// How long may be slept at most before it is judged again.
    fn longest_sleep(&self) -> Duration {
        LONGEST_SLEEP
    }
}

/// How a call ended.
pub(super) enum Answered<F = Infallible> {
    /// One that was planned.
    Planned(PlannedAnswer),
    /// One that the inquiry made itself.
    Own(F),
}

/// How a call ended that was planned.
pub(super) struct PlannedAnswer {
    /// The first of its sources.
    pub source: Source,
    /// Why nothing came.
    pub fault: Option<Arc<Fault>>,
    /// When.
    pub at: Moment,
}

/// How a task ended.
enum InquiryEnd<F> {
    Planned(ReadOutcome),
    Own(F),
}

/// A call that an inquiry makes itself, and the service whose budget it counts against.
type OwnCall<F> = (Option<Service>, Pin<Box<dyn Future<Output = F> + Send>>);

/// What is known so far, and the calls that are under way.
pub(super) struct Reader<F = Infallible> {
    /// The session of the calls.
    pub session: Session,
    /// The clock.
    pub clock: Clock,
    /// What is known.
    pub snapshot: Snapshot,
    /// What is wanted, what is under way, and the budgets of the services.
    pub poller: Poller,
    cadences: Cadences,
    own: VecDeque<OwnCall<F>>,
    running: JoinSet<InquiryEnd<F>>,
}

impl<F: Send + 'static> Reader<F> {
    /// Knows nothing yet.
    pub(super) fn new(means: Means<'_>) -> Self {
        let Means { session, clock, pace: Pace { plans, cadences } } = means;
        let (snapshot, poller) = nothing(session.scope, plans, clock.now());
        let (session, cadences) = (session.clone(), *cadences);
        Self { session, clock, snapshot, poller, cadences, own: VecDeque::new(), running: JoinSet::new() }
    }

    /// Reads until an inquiry has come to its end.
    pub(super) async fn until<I: Inquiry<Found = F>>(&mut self, inquiry: &mut I) -> I::End {
        let mut answered = None;
        loop {
            let questions = inquiry.questions(self);
            self.snapshot.moment = self.clock.now();
            self.poller.wants = wants(&self.snapshot, &self.cadences, &questions);
            if let ControlFlow::Break(end) = inquiry.judge(self, answered).await {
                return end;
            }
            answered = self.turn(inquiry.longest_sleep()).await;
        }
    }

    /// Whether no call is under way, and none waits to begin.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty() && self.own.is_empty()
    }

    /// Makes a call of the inquiry's own as soon as the service's budget allows it; at once, if it is no service's.
    pub(super) fn call(&mut self, service: Option<Service>, call: impl Future<Output = F> + Send + 'static) {
        // A person waits for it, and between such calls.
        self.poller.watching = true;
        self.own.push_back((service, Box::pin(call)));
    }

    /// Begins what is due, then waits for an answer, or until more is due, but not for longer than this.
    async fn turn(&mut self, longest: Duration) -> Option<Answered<F>> {
        let now = self.clock.now();
        let (asks, planned) = self.poller.pick(&self.snapshot, now);
        asks.into_iter().for_each(|ask| self.begin(ask));
        let next = planned.into_iter().chain(self.begin_own(now)).min();
        let wait = next.map_or(longest, |next| next.since(now)).min(longest);
        tokio::select! {
            // Only a task that was aborted has no outcome, and none is.
            Some(ended) = self.running.join_next() => match ended.ok()? {
                InquiryEnd::Planned(outcome) => self.apply(outcome).map(Answered::Planned),
                InquiryEnd::Own(found) => Some(Answered::Own(found)),
            },
            () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => None,
        }
    }

    fn begin(&mut self, ask: Ask) {
        let (session, clock) = (self.session.clone(), self.clock);
        self.running.spawn(async move { InquiryEnd::Planned(read(&session, clock, ask).await) });
    }

    /// Begins the inquiry's own calls, in order; returns when to continue if a budget does not allow the next.
    fn begin_own(&mut self, now: Moment) -> Option<Moment> {
        while let Some((service, call)) = self.own.pop_front() {
            if let Some(Err(at)) = service.map(|service| self.poller.admit(service, now)) {
                self.own.push_front((service, call));
                return Some(at);
            }
            self.running.spawn(async move { InquiryEnd::Own(call.await) });
        }
        None
    }

    fn apply(&mut self, outcome: ReadOutcome) -> Option<PlannedAnswer> {
        if !self.poller.finish(&outcome, fastrand::u64(..)) {
            return None;
        }
        let source = outcome.sources.first()?.clone();
        let answer = PlannedAnswer { source, fault: outcome.result.as_ref().err().cloned(), at: outcome.at };
        self.snapshot.apply(outcome);
        Some(answer)
    }
}

/// How long may be slept if an inquiry has something due then; overdue, it waits for an answer.
pub(super) fn sleep_until(due: Instant) -> Duration {
    match due.saturating_duration_since(Instant::now()) {
        Duration::ZERO => LONGEST_SLEEP,
        left => left.min(LONGEST_SLEEP),
    }
}

/// Makes one call, for a command or for the screen: everything that is planned is read here.
pub(super) async fn read(session: &Session, clock: Clock, ask: Ask) -> ReadOutcome {
    fetch(session, ask, || clock.now()).await
}

/// Nothing known, and nothing asked.
pub(super) fn nothing(scope: ScopeId, plans: &Plans, at: Moment) -> (Snapshot, Poller) {
    (Snapshot::new(scope, at), Poller::new(plans, COMMAND_CAP, at))
}
