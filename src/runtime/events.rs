//! Follows the events of one environment: what is new is asked for every few seconds, from the newest one on.
//!
//! Events have no id, so they are told apart by time, environment and text among those of the newest instant. Trouble is
//! told once and does not end it; that the environment is gone does.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::clock::Clock;
use crate::aws::{EventQuery, Session, environment_status, events};
use crate::model::{Covers, EnvironmentEvent, EnvironmentStatus, Fault, FaultKind, Moment};

/// Between two questions: a tenth of what Beanstalk allows the whole account.
const PACE: Duration = Duration::from_secs(5);
/// The longest pause while something is wrong.
const SLOWEST: Duration = Duration::from_secs(60);
/// How often it is asked whether the environment is still there.
const LOOK: Duration = Duration::from_secs(60);

/// What there is to tell.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// The events that are new, oldest first; it may be that there are none.
    Events(Vec<EnvironmentEvent>),
    /// Something is wrong; it goes on.
    Trouble(Arc<Fault>),
    /// What was wrong is over.
    Better,
}

/// Why following ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventsEnded {
    /// The environment was terminated.
    Terminated,
    /// Nobody listens any more.
    Unheard,
}

/// Tells the events that a query asks for, and then those that follow, until nobody listens or the environment is gone.
/// With expired credentials another session is opened, if one can be had.
///
/// # Errors
/// When the very first question is refused, which no waiting will change.
pub async fn follow_events(
    session: Session,
    clock: Clock,
    query: EventQuery,
    reopen: impl AsyncFn() -> Option<Session>,
    mut tell: impl FnMut(Told) -> ControlFlow<()>,
) -> Result<EventsEnded, Arc<Fault>> {
    let mut follower = Follower::new(session, clock, query);
    loop {
        let (told, last) = follower.round(&reopen).await?;
        for one in told {
            if tell(one).is_break() {
                return Ok(EventsEnded::Unheard);
            }
        }
        if last {
            return Ok(EventsEnded::Terminated);
        }
        tokio::time::sleep(follower.pause).await;
    }
}

struct Follower {
    session: Session,
    clock: Clock,
    query: EventQuery,
    seen: Seen,
    pause: Duration,
    trouble: Option<FaultKind>,
    /// To be throttled now and then is told once.
    told_throttled: bool,
    answered: bool,
    looked: Moment,
    leaving: bool,
}

impl Follower {
    fn new(session: Session, clock: Clock, query: EventQuery) -> Self {
        let seen = Seen::default();
        let (trouble, told_throttled, answered, leaving) = (None, false, false, false);
        let looked = clock.now();
        Self { session, clock, query, seen, pause: PACE, trouble, told_throttled, answered, looked, leaving }
    }

    /// Asks once. Tells what came of it, and whether it was the last time.
    async fn round(&mut self, reopen: &impl AsyncFn() -> Option<Session>) -> Result<(Vec<Told>, bool), Arc<Fault>> {
        let clock = self.clock;
        // Looked at first, so that what was said until the very end is still read.
        let gone = self.is_gone().await;
        match events(&self.session, &self.query, || clock.now()).await {
            Ok((found, covers)) => Ok((self.answer(found, covers), gone)),
            Err(fault) if !self.answered && is_final(fault.kind) => Err(fault),
            Err(fault) => {
                let told = self.worse(fault);
                if self.trouble == Some(FaultKind::Expired)
                    && let Some(session) = reopen().await
                {
                    self.session = session;
                }
                Ok((told.into_iter().collect(), gone))
            }
        }
    }

    fn answer(&mut self, found: Vec<EnvironmentEvent>, covers: Covers) -> Vec<Told> {
        let mut told = Vec::new();
        if self.trouble.take().is_some_and(|kind| kind != FaultKind::Throttled) {
            told.push(Told::Better);
            self.pause = PACE;
        }
        self.pause = (self.pause / 2).max(PACE);
        self.answered = true;
        let events = self.seen.fresh(found);
        self.query.since = self.seen.newest.unwrap_or(self.query.since);
        // The beginning of the end is looked at closely.
        self.leaving |= events.iter().any(|event| event.message.starts_with("terminateEnvironment"));
        told.push(Told::Events(events));
        if let Covers::Partial(fault) = covers {
            told.push(Told::Trouble(fault));
        }
        told
    }

    fn worse(&mut self, fault: Arc<Fault>) -> Option<Told> {
        self.pause = (self.pause * 2).min(SLOWEST);
        let known = match fault.kind {
            FaultKind::Throttled => std::mem::replace(&mut self.told_throttled, true),
            kind => self.trouble == Some(kind),
        };
        self.trouble = Some(fault.kind);
        (!known).then_some(Told::Trouble(fault))
    }

    async fn is_gone(&mut self) -> bool {
        let now = self.clock.now();
        if !self.leaving && now.since(self.looked) < LOOK {
            return false;
        }
        self.looked = now;
        let clock = self.clock;
        match environment_status(&self.session, &self.query.environment, || clock.now()).await {
            Ok(Some(status)) => {
                self.leaving = status == EnvironmentStatus::Terminating;
                status == EnvironmentStatus::Terminated
            }
            Ok(None) => true,
            Err(_) => false,
        }
    }
}

/// Waiting does not change it.
fn is_final(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Denied | FaultKind::Invalid | FaultKind::NotFound)
}

/// The events of the newest instant, which come again with the next answer.
#[derive(Debug, Default)]
struct Seen {
    newest: Option<Moment>,
    known: HashSet<(Moment, Option<Arc<str>>, Arc<str>)>,
}

impl Seen {
    /// Those not seen before, oldest first.
    fn fresh(&mut self, mut events: Vec<EnvironmentEvent>) -> Vec<EnvironmentEvent> {
        events.reverse();
        events.sort_by_key(|event| event.at);
        let key = |event: &EnvironmentEvent| (event.at, event.environment.clone(), Arc::clone(&event.message));
        events.retain(|event| self.known.insert(key(event)));
        self.newest = self.newest.max(events.last().map(|event| event.at));
        let newest = self.newest;
        self.known.retain(|(at, _, _)| Some(*at) >= newest);
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(second: u64, message: &str) -> EnvironmentEvent {
        let at = Moment::EPOCH.plus(Duration::from_secs(second));
        EnvironmentEvent { environment: Some("web".into()), ..EnvironmentEvent::new(at, message) }
    }

    fn messages(events: &[EnvironmentEvent]) -> Vec<&str> {
        events.iter().map(|event| &*event.message).collect()
    }

    #[test]
    fn events_of_one_instant_are_told_once_each() {
        let mut seen = Seen::default();
        let first = seen.fresh(vec![event(2, "c"), event(2, "b"), event(1, "a")]);
        assert_eq!(messages(&first), ["a", "b", "c"], "oldest first");
        let second = seen.fresh(vec![event(3, "e"), event(2, "d"), event(2, "c"), event(2, "b")]);
        assert_eq!(messages(&second), ["d", "e"]);
        assert_eq!(messages(&seen.fresh(vec![event(3, "e")])), [""; 0]);
        assert_eq!(seen.known.len(), 1, "only the newest instant is remembered");
    }
}
