//! Follows an update for a command: reads what [`Question::Deploy`] asks for, at its cadences, and shows it to a
//! [`Watch`] until that is over. Waits for the next update, if none is under way.

use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::clock::Clock;
use super::reading::{Answered, Inquiry, Means, Reader};
use crate::aws::Session;
use crate::deploy::{Happened, Watch};
use crate::model::{Environment, Fault, FaultKind, Key, Moment, Snapshot, Source};
use crate::polling::Question;

/// Nothing is slept through for longer than this: a verdict may become final without an answer.
const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// Without credentials for so long, or an environment that cannot be listed, there is nothing to follow.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);
/// How often new credentials are requested.
const REOPEN: Duration = Duration::from_secs(10);
/// A clock that differs from the time that has passed by more than this has jumped.
const JUMP: Duration = Duration::from_secs(5);

/// What to follow.
#[derive(Clone, Debug)]
pub struct Following {
    /// Whose update.
    pub environment: Key<Environment>,
    /// The update that was begun; `None`: the one under way, or the next.
    pub watch: Option<Watch>,
    /// How long the figures are waited for after the last batch.
    pub settle: Duration,
    /// How long it is followed at most.
    pub timeout: Duration,
}

/// How following ended.
#[derive(Debug)]
pub enum UpdateEnd {
    /// With a final verdict, or because the caller had seen enough.
    Over(Watch),
    /// No update began in time.
    NothingBegan,
    /// What is needed can no longer be read.
    Unreadable(Arc<Fault>),
}

/// The end, and what could not be read then: the operation and what it was asked about.
#[derive(Debug)]
pub struct Watched {
    /// How it ended.
    pub ended: UpdateEnd,
    /// What could not be read.
    pub faults: Vec<(String, Arc<Fault>)>,
}

/// Follows an update to its end; `on` is called with what happens, and can end it. With expired credentials another
/// session is opened, if one can be had.
pub async fn follow_update(
    means: Means<'_>,
    following: Following,
    reopen: impl AsyncFn() -> Option<Session>,
    on: impl FnMut(&Watch, Vec<Happened>) -> ControlFlow<()>,
) -> Watched {
    follow_update_in_trouble(means, following, reopen, |_| (), on).await
}

/// The same; `trouble` is called, once for each kind, with the fault that keeps the environment from being read.
pub async fn follow_update_in_trouble(
    means: Means<'_>,
    following: Following,
    reopen: impl AsyncFn() -> Option<Session>,
    trouble: impl FnMut(&Fault),
    on: impl FnMut(&Watch, Vec<Happened>) -> ControlFlow<()>,
) -> Watched {
    let mut reader = Reader::new(means);
    let mut follower = UpdateFollower::new(means.clock, following, Callbacks { reopen, trouble, on });
    let ended = reader.until(&mut follower).await;
    Watched { ended, faults: faults(&reader) }
}

/// What is called while an update is followed.
struct Callbacks<R, T, O> {
    reopen: R,
    trouble: T,
    on: O,
}

struct UpdateFollower<R, T, O> {
    clock: Clock,
    callbacks: Callbacks<R, T, O>,
    following: Following,
    began: Instant,
    looked: (Moment, Instant),
    /// Since when what is needed cannot be read.
    blind: Option<Instant>,
    /// When another session was last requested.
    reopened: Option<Instant>,
    /// The kind of the fault that was reported last.
    trouble: Option<FaultKind>,
}

impl<R, T, O> Inquiry for UpdateFollower<R, T, O>
where
    R: AsyncFn() -> Option<Session>,
    T: FnMut(&Fault),
    O: FnMut(&Watch, Vec<Happened>) -> ControlFlow<()>,
{
    type End = UpdateEnd;
    type Found = Infallible;

    fn questions(&mut self, reader: &mut Reader) -> Vec<Question> {
        self.notice_jumps(reader);
        let environment = self.following.environment.clone();
        if self.blind.is_some() {
            // The list that everything depends on is read until it is answered, and nothing else meanwhile.
            return vec![Question::These(vec![Source::Environments(reader.snapshot.scope)])];
        }
        // On a busy region the beginning of an update is not among the newest events of all.
        vec![Question::Linked, Question::History(environment.clone()), Question::Deploy(environment)]
    }

    async fn judge(&mut self, reader: &mut Reader, _: Option<Answered>) -> ControlFlow<UpdateEnd> {
        if let Some(ended) = self.look(&reader.snapshot) {
            return ControlFlow::Break(ended);
        }
        if let Some(fault) = self.new_trouble(&reader.snapshot) {
            (self.callbacks.trouble)(&fault);
        }
        if self.is_to_reopen(&reader.snapshot)
            && let Ok(Some(session)) = tokio::time::timeout(self.left(), (self.callbacks.reopen)()).await
        {
            reader.session = session;
            reader.poller.request_log.retry_failed();
        }
        ControlFlow::Continue(())
    }

    fn longest_sleep(&self) -> Duration {
        LONGEST_SLEEP.min(self.left())
    }
}

impl<R, T, O: FnMut(&Watch, Vec<Happened>) -> ControlFlow<()>> UpdateFollower<R, T, O> {
    fn new(clock: Clock, following: Following, callbacks: Callbacks<R, T, O>) -> Self {
        let began = Instant::now();
        let (looked, blind, reopened, trouble) = ((clock.local(), began), None, None, None);
        Self { clock, callbacks, following, began, looked, blind, reopened, trouble }
    }

    /// After a jump of the clock every reading has an age that is not true.
    fn notice_jumps(&mut self, reader: &mut Reader) {
        let (wall, monotonic) = self.looked;
        let (now, passed) = (self.clock.local(), monotonic.elapsed());
        let jumped = now.since(wall.plus(passed)).max(wall.plus(passed).since(now));
        if jumped > JUMP {
            reader.poller.refresh();
        }
        self.looked = (now, Instant::now());
    }

    /// Shows the watch what was read.
    fn look(&mut self, snapshot: &Snapshot) -> Option<UpdateEnd> {
        let is_late = self.left().is_zero();
        if let Some(fault) = blinding(snapshot, is_late) {
            let since = *self.blind.get_or_insert_with(Instant::now);
            return (is_late || since.elapsed() >= PATIENCE).then_some(UpdateEnd::Unreadable(fault));
        }
        self.blind = None;
        if self.following.watch.is_none() {
            self.following.watch = begun(snapshot, &self.following);
        }
        let Some(watch) = &mut self.following.watch else { return is_late.then_some(UpdateEnd::NothingBegan) };
        let has_ended = watch.ended().is_some();
        let happened = if is_late && !has_ended { watch.time_out(snapshot) } else { watch.observe(snapshot) };
        let is_enough = !happened.is_empty() && (self.callbacks.on)(watch, happened).is_break();
        // Late, with an update that has ended: then its last figures are not waited for.
        (is_enough || is_late || watch.is_over()).then(|| UpdateEnd::Over(watch.clone()))
    }
}

impl<R, T, O> UpdateFollower<R, T, O> {
    /// How long it is still followed.
    fn left(&self) -> Duration {
        self.following.timeout.saturating_sub(self.began.elapsed())
    }

    /// Returns why the environments cannot be listed, if that was not reported yet.
    fn new_trouble(&mut self, snapshot: &Snapshot) -> Option<Arc<Fault>> {
        let fault = snapshot.reads.fault(&Source::Environments(snapshot.scope)).cloned();
        let before = std::mem::replace(&mut self.trouble, fault.as_ref().map(|fault| fault.kind));
        fault.filter(|fault| before != Some(fault.kind))
    }

    /// Whether the credentials are gone, and it is time to ask for others.
    fn is_to_reopen(&mut self, snapshot: &Snapshot) -> bool {
        let fault = snapshot.reads.fault(&Source::Environments(snapshot.scope));
        let is_expired = fault.is_some_and(|fault| fault.kind == FaultKind::Expired);
        let is_time = self.reopened.is_none_or(|last| last.elapsed() >= REOPEN);
        if is_expired && is_time {
            self.reopened = Some(Instant::now());
        }
        is_expired && is_time
    }
}

/// What is wanted and cannot be read.
fn faults(Reader { snapshot, poller, .. }: &Reader) -> Vec<(String, Arc<Fault>)> {
    let is_wanted = |source: &Source| poller.wants.iter().any(|want| want.source == *source);
    let faults = snapshot.reads.faults().into_iter().filter(|(source, ..)| is_wanted(source));
    let words = |source: &Source| match source.subject() {
        Some(subject) => format!("{} {subject}", source.operation()),
        None => source.operation().to_owned(),
    };
    faults.map(|(source, fault, _)| (words(source), Arc::clone(fault))).collect()
}

/// Returns the update that is under way, once its beginning is known.
fn begun(known: &Snapshot, following: &Following) -> Option<Watch> {
    let events = [Source::Events(known.scope), Source::History(following.environment.clone())];
    let is_reported = events.iter().all(|source| known.reads.is_tried(source)) && known.is_base_tried();
    let environment = known.inventory.environments.get(&following.environment).filter(|_| is_reported)?;
    let watch = Watch::in_progress(environment, &known.inventory, known.moment)?;
    Some(watch.settling(following.settle))
}

/// Returns why nothing can be followed: without the list of environments there is neither a status nor an environment. A
/// network failure may end: it counts only where there is no more time.
pub(super) fn blinding(known: &Snapshot, is_late: bool) -> Option<Arc<Fault>> {
    let source = Source::Environments(known.scope);
    let fault = known.reads.fault(&source)?;
    let is_final = matches!(fault.kind, FaultKind::Denied | FaultKind::Expired | FaultKind::Invalid);
    (is_final || (is_late && known.reads.read_at(&source).is_none())).then(|| Arc::clone(fault))
}
