//! Reading for a command: plan, fetch, take in, judge, until it is enough. The one loop of every command that reads what a
//! [`Question`] asks for; what differs is an [`Inquiry`].

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::clock::Clock;
use crate::aws::{Session, fetch};
use crate::model::{Ask, Fault, Moment, Outcome, ScopeId, Snapshot, Source};
use crate::polling::{Cadences, Plans, Poller, Question, wants};

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
    /// What each service may be asked for.
    pub plans: &'a Plans,
    /// How old each kind may become.
    pub cadences: &'a Cadences,
}

/// What is asked, and when it is enough.
pub(super) trait Inquiry {
    /// What it comes to.
    type End;

    /// What should be read now, by what is known.
    fn questions(&mut self, reader: &mut Reader) -> Vec<Question>;

    /// Whether it is enough. Called whenever an answer has come, and every second at least.
    async fn judge(&mut self, reader: &mut Reader, answered: Option<&Answered>) -> ControlFlow<Self::End>;

    /// How long may be slept at most before it is judged again.
    fn longest_sleep(&self) -> Duration {
        LONGEST_SLEEP
    }
}

/// How a call ended.
pub(super) struct Answered {
    /// The first of what it asked for.
    pub source: Source,
    /// Why nothing came.
    pub fault: Option<Arc<Fault>>,
    /// When.
    pub at: Moment,
}

/// What is known so far, and the calls that are under way.
pub(super) struct Reader {
    /// With which calls are made.
    pub session: Session,
    /// The clock.
    pub clock: Clock,
    /// What is known.
    pub snapshot: Snapshot,
    /// What is wanted, what is under way, and what each service may be asked for.
    pub poller: Poller,
    cadences: Cadences,
    running: JoinSet<Outcome>,
}

impl Reader {
    /// Knows nothing yet.
    pub(super) fn new(means: Means<'_>) -> Self {
        let Means { session, clock, plans, cadences } = means;
        let (snapshot, poller) = nothing(session.scope, plans, clock.now());
        Self { session: session.clone(), clock, snapshot, poller, cadences: *cadences, running: JoinSet::new() }
    }

    /// Reads until an inquiry has come to its end.
    pub(super) async fn until<I: Inquiry>(&mut self, inquiry: &mut I) -> I::End {
        let mut answered = None;
        loop {
            let questions = inquiry.questions(self);
            self.snapshot.moment = self.clock.now();
            self.poller.wants = wants(&self.snapshot, &self.cadences, &questions);
            if let ControlFlow::Break(end) = inquiry.judge(self, answered.as_ref()).await {
                return end;
            }
            answered = self.turn(inquiry.longest_sleep()).await;
        }
    }

    /// Whether a call is under way.
    pub(super) fn is_idle(&self) -> bool {
        self.running.is_empty()
    }

    /// Begins what is due, then waits for an answer, or until more is due, but not for longer than this.
    async fn turn(&mut self, longest: Duration) -> Option<Answered> {
        let now = self.clock.now();
        let (asks, next) = self.poller.pick(&self.snapshot, now);
        asks.into_iter().for_each(|ask| self.begin(ask));
        let wait = next.map_or(longest, |next| next.since(now)).min(longest);
        tokio::select! {
            // Only a task that was aborted has no outcome, and none is.
            Some(ended) = self.running.join_next() => self.take(ended.ok()?),
            () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => None,
        }
    }

    fn begin(&mut self, ask: Ask) {
        let (session, clock) = (self.session.clone(), self.clock);
        self.running.spawn(async move { read(&session, clock, ask).await });
    }

    fn take(&mut self, outcome: Outcome) -> Option<Answered> {
        if !self.poller.finish(&outcome, fastrand::u64(..)) {
            return None;
        }
        let source = outcome.sources.first()?.clone();
        let answered = Answered { source, fault: outcome.result.as_ref().err().cloned(), at: outcome.at };
        self.snapshot.apply(outcome);
        Some(answered)
    }
}

/// Makes one call, for a command or for the screen: everything that is planned is read here.
pub(super) async fn read(session: &Session, clock: Clock, ask: Ask) -> Outcome {
    fetch(session, ask, || clock.now()).await
}

/// Nothing known, and nothing asked.
pub(super) fn nothing(scope: ScopeId, plans: &Plans, at: Moment) -> (Snapshot, Poller) {
    (Snapshot::new(scope, at), Poller::new(plans, COMMAND_CAP, at))
}
