//! Follows the events of one environment, or of all: new ones are requested every few seconds, from the newest one on.
//!
//! Events have no id, so those of the newest instant are compared by time, environment and text. A fault is
//! reported once and does not end it; a terminated environment does.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::reading::{Answered, Inquiry, Means, Reader, sleep_until};
use crate::aws::{EventQuery, Session, environment_status, events};
use crate::model::{Covers, EnvironmentEvent, EnvironmentStatus, Fault, FaultKind, Moment, Service};

/// The pause between two requests: a tenth of what Beanstalk allows the whole account.
const PACE: Duration = Duration::from_secs(5);
/// The longest pause while something is wrong.
const SLOWEST: Duration = Duration::from_secs(60);
/// How often the environment's status is read.
const LOOK: Duration = Duration::from_secs(60);

/// What there is to report.
#[derive(Clone, Debug, PartialEq)]
pub enum EventNews {
    /// The events that are new, oldest first; it may be that there are none.
    Events(Vec<EnvironmentEvent>),
    /// A fault; it continues.
    Trouble(Arc<Fault>),
    /// What was wrong is over.
    Better,
}

/// Why following ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventsEnded {
    /// The environment was terminated.
    Terminated,
    /// The caller has seen enough.
    Enough,
}

/// Reports the events that a query requests, and then later ones, until the caller has seen enough or the environment
/// is gone. With expired credentials another session is opened, if one can be had.
///
/// # Errors
/// When the very first question is refused, which no waiting will change.
pub async fn follow_events(
    means: Means<'_>,
    query: EventQuery,
    reopen: impl AsyncFn() -> Option<Session>,
    report: impl FnMut(EventNews) -> ControlFlow<()>,
) -> Result<EventsEnded, Arc<Fault>> {
    let state = EventsFollowed::new(query, means.clock.now());
    Reader::new(means).until(&mut EventFollower { state, reopen, report }).await
}

/// The answer to a call.
enum EventsFound {
    Status(Result<Option<EnvironmentStatus>, Arc<Fault>>),
    Events(Result<(Vec<EnvironmentEvent>, Covers), Arc<Fault>>),
}

struct EventFollower<O, R> {
    state: EventsFollowed,
    reopen: O,
    report: R,
}

impl<O, R> Inquiry for EventFollower<O, R>
where
    O: AsyncFn() -> Option<Session>,
    R: FnMut(EventNews) -> ControlFlow<()>,
{
    type End = Result<EventsEnded, Arc<Fault>>;
    type Found = EventsFound;

    async fn judge(
        &mut self,
        reader: &mut Reader<EventsFound>,
        answered: Option<Answered<EventsFound>>,
    ) -> ControlFlow<Self::End> {
        match answered {
            Some(Answered::Own(EventsFound::Status(status))) => {
                self.state.note(&status);
                self.state.ask_events(reader);
            }
            Some(Answered::Own(EventsFound::Events(found))) => return self.hear(reader, found).await,
            Some(Answered::Planned(_)) | None if reader.is_idle() && Instant::now() >= self.state.due => {
                self.state.ask(reader);
            }
            Some(Answered::Planned(_)) | None => {}
        }
        ControlFlow::Continue(())
    }

    fn longest_sleep(&self) -> Duration {
        sleep_until(self.state.due)
    }
}

impl<O, R> EventFollower<O, R>
where
    O: AsyncFn() -> Option<Session>,
    R: FnMut(EventNews) -> ControlFlow<()>,
{
    /// Reports the answer to a request; returns the end, if it was the last one.
    async fn hear(
        &mut self,
        reader: &mut Reader<EventsFound>,
        found: Result<(Vec<EnvironmentEvent>, Covers), Arc<Fault>>,
    ) -> ControlFlow<Result<EventsEnded, Arc<Fault>>> {
        let state = &mut self.state;
        let news = match found {
            Ok((found, covers)) => state.answer(found, covers),
            Err(fault) if !state.answered && is_final(fault.kind) => return ControlFlow::Break(Err(fault)),
            Err(fault) => {
                let is_expired = fault.kind == FaultKind::Expired;
                let news = state.worse(fault);
                if is_expired && let Some(session) = (self.reopen)().await {
                    reader.session = session;
                }
                news.into_iter().collect()
            }
        };
        if news.into_iter().any(|one| (self.report)(one).is_break()) {
            return ControlFlow::Break(Ok(EventsEnded::Enough));
        }
        if state.presence == EnvironmentPresence::Gone {
            return ControlFlow::Break(Ok(EventsEnded::Terminated));
        }
        state.due = Instant::now() + state.pause;
        ControlFlow::Continue(())
    }
}

/// How far following is.
struct EventsFollowed {
    query: EventQuery,
    seen: SeenEvents,
    /// When the next request is due.
    due: Instant,
    pause: Duration,
    trouble: Option<FaultKind>,
    /// Whether throttling was reported: once is enough.
    reported_throttled: bool,
    answered: bool,
    /// When the environment's status was last requested.
    looked: Moment,
    presence: EnvironmentPresence,
}

/// Whether the environment is there, as far as is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum EnvironmentPresence {
    There,
    /// It is being terminated.
    Leaving,
    Gone,
}

impl EventsFollowed {
    fn new(query: EventQuery, now: Moment) -> Self {
        let (seen, due, trouble, looked) = (SeenEvents::default(), Instant::now(), None, now);
        let (reported_throttled, answered, presence) = (false, false, EnvironmentPresence::There);
        Self { query, seen, due, pause: PACE, trouble, reported_throttled, answered, looked, presence }
    }

    /// Requests the events; before them the environment's status if that is due, so that the events until the very
    /// end are still read.
    fn ask(&mut self, reader: &mut Reader<EventsFound>) {
        let now = reader.clock.now();
        let is_known = self.presence == EnvironmentPresence::There && now.since(self.looked) < LOOK;
        // A whole region does not end.
        let Some(environment) = self.query.environment.clone().filter(|_| !is_known) else {
            return self.ask_events(reader);
        };
        self.looked = now;
        let (session, clock) = (reader.session.clone(), reader.clock);
        reader.call(Some(Service::Beanstalk), async move {
            EventsFound::Status(environment_status(&session, &environment, || clock.now()).await)
        });
    }

    fn ask_events(&self, reader: &mut Reader<EventsFound>) {
        let (session, clock, query) = (reader.session.clone(), reader.clock, self.query.clone());
        reader.call(Some(Service::Beanstalk), async move {
            EventsFound::Events(events(&session, &query, || clock.now()).await)
        });
    }

    fn note(&mut self, status: &Result<Option<EnvironmentStatus>, Arc<Fault>>) {
        self.presence = match status {
            Ok(Some(EnvironmentStatus::Terminating)) => EnvironmentPresence::Leaving,
            Ok(Some(EnvironmentStatus::Terminated) | None) => EnvironmentPresence::Gone,
            Ok(Some(_)) => EnvironmentPresence::There,
            Err(_) => self.presence,
        };
    }

    fn answer(&mut self, found: Vec<EnvironmentEvent>, covers: Covers) -> Vec<EventNews> {
        let mut news = Vec::new();
        if self.trouble.take().is_some_and(|kind| kind != FaultKind::Throttled) {
            news.push(EventNews::Better);
            self.pause = PACE;
        }
        self.pause = (self.pause / 2).max(PACE);
        self.answered = true;
        let events = self.seen.fresh(found);
        self.query.since = self.seen.newest.unwrap_or(self.query.since);
        // The beginning of the end is looked at closely.
        let is_leaving = |event: &EnvironmentEvent| event.message.starts_with("terminateEnvironment");
        let is_there = self.presence == EnvironmentPresence::There && self.query.environment.is_some();
        if is_there && events.iter().any(is_leaving) {
            self.presence = EnvironmentPresence::Leaving;
        }
        news.push(EventNews::Events(events));
        if let Covers::Partial(fault) = covers {
            news.push(EventNews::Trouble(fault));
        }
        news
    }

    fn worse(&mut self, fault: Arc<Fault>) -> Option<EventNews> {
        self.pause = (self.pause * 2).min(SLOWEST);
        let known = match fault.kind {
            FaultKind::Throttled => std::mem::replace(&mut self.reported_throttled, true),
            kind => self.trouble == Some(kind),
        };
        self.trouble = Some(fault.kind);
        (!known).then_some(EventNews::Trouble(fault))
    }
}

/// Waiting does not change it.
fn is_final(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Denied | FaultKind::Invalid | FaultKind::NotFound)
}

/// The events of the newest instant, which come again with the next answer.
#[derive(Debug, Default)]
struct SeenEvents {
    newest: Option<Moment>,
    known: HashSet<(Moment, Option<Arc<str>>, Arc<str>)>,
}

impl SeenEvents {
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
    fn events_of_one_instant_are_reported_once_each() {
        let mut seen = SeenEvents::default();
        let first = seen.fresh(vec![event(2, "c"), event(2, "b"), event(1, "a")]);
        assert_eq!(messages(&first), ["a", "b", "c"], "oldest first");
        let second = seen.fresh(vec![event(3, "e"), event(2, "d"), event(2, "c"), event(2, "b")]);
        assert_eq!(messages(&second), ["d", "e"]);
        assert_eq!(messages(&seen.fresh(vec![event(3, "e")])), [""; 0]);
        assert_eq!(seen.known.len(), 1, "only the newest instant is remembered");
    }
}
