//! Follows an update for a command: reads what [`Question::Deploy`] asks for, at its cadences, and shows it to a
//! [`Watch`] until that is over. Waits for the next update, if none is under way.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::clock::Clock;
use super::gather::Gathered;
use crate::aws::Session;
use crate::deploy::{Happened, Look, Sight, Watch};
use crate::model::{Environment, Fault, FaultKind, Key, Moment, Outcome, Source};
use crate::polling::{Cadences, Known, Plans, Question};

/// Nothing is slept through for longer than this: a verdict may become final without an answer.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_secs(1);
/// Without credentials for so long, or an environment that cannot be listed, there is nothing to follow.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);
/// How often other credentials are asked for.
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
pub enum Ended {
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
    pub ended: Ended,
    /// What could not be read.
    pub faults: Vec<(String, Arc<Fault>)>,
}

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

/// Follows an update to its end; `on` is told what happens, and may say that it is enough. With expired credentials another
/// session is opened, if one can be had.
pub async fn follow_update(
    means: Means<'_>,
    following: Following,
    reopen: impl AsyncFn() -> Option<Session>,
    on: impl FnMut(&Watch, Vec<Happened>) -> ControlFlow<()>,
) -> Watched {
    follow_update_in_trouble(means, following, reopen, |_| (), on).await
}

/// The same; `trouble` is told, once for each kind, why the environment cannot be read.
pub async fn follow_update_in_trouble(
    means: Means<'_>,
    following: Following,
    reopen: impl AsyncFn() -> Option<Session>,
    mut trouble: impl FnMut(&Fault),
    mut on: impl FnMut(&Watch, Vec<Happened>) -> ControlFlow<()>,
) -> Watched {
    let mut follower = Follower::new(means, following);
    let mut running = JoinSet::new();
    loop {
        let next = follower.ask(&mut running);
        if let Some(ended) = follower.look(&mut on) {
            return Watched { ended, faults: follower.faults() };
        }
        if let Some(fault) = follower.new_trouble() {
            trouble(&fault);
        }
        if follower.is_to_reopen()
            && let Ok(Some(session)) = tokio::time::timeout(follower.left(), reopen()).await
        {
            follower.session = session;
            follower.gathered.poller.ledger.forgive();
        }
        let wait = next.map_or(LONGEST_SLEEP, |next| next.since(means.clock.now())).min(LONGEST_SLEEP);
        let wait = wait.min(follower.left());
        tokio::select! {
            Some(ended) = running.join_next() => {
                if let Ok(outcome) = ended {
                    follower.gathered.take(outcome);
                    // However long it runs: the next listing is likely to be whole.
                    follower.gathered.partial.clear();
                }
            }
            () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => {}
        }
    }
}

struct Follower<'a> {
    means: Means<'a>,
    session: Session,
    gathered: Gathered,
    following: Following,
    began: Instant,
    looked: (Moment, Instant),
    /// Since when what is needed cannot be read.
    blind: Option<Instant>,
    /// When another session was last asked for.
    reopened: Option<Instant>,
    /// The kind of fault that was told last.
    trouble: Option<FaultKind>,
}

impl<'a> Follower<'a> {
    fn new(means: Means<'a>, following: Following) -> Self {
        let gathered = Gathered::nothing(means.plans, means.clock.now());
        let (session, began) = (means.session.clone(), Instant::now());
        let (looked, blind, reopened, trouble) = ((means.clock.local(), began), None, None, None);
        Self { means, session, gathered, following, began, looked, blind, reopened, trouble }
    }

    /// Begins the calls that are due; when to look again.
    fn ask(&mut self, running: &mut JoinSet<Outcome>) -> Option<Moment> {
        let Means { clock, cadences, .. } = self.means;
        self.notice_jumps();
        let environment = self.following.environment.clone();
        let questions = if self.blind.is_some() {
            // What everything hangs on is asked for until it is answered, and nothing else meanwhile.
            vec![Question::These(vec![Source::Environments(self.session.scope)])]
        } else {
            // On a busy region the beginning of an update is not among the newest events of all.
            vec![Question::Linked, Question::History(environment.clone()), Question::Deploy(environment)]
        };
        self.gathered.ask(&self.session, (clock, cadences), &questions, running)
    }

    /// After a jump of the clock every reading has an age that is not true.
    fn notice_jumps(&mut self) {
        let (wall, monotonic) = self.looked;
        let (now, passed) = (self.means.clock.local(), monotonic.elapsed());
        let jumped = now.since(wall.plus(passed)).max(wall.plus(passed).since(now));
        if jumped > JUMP {
            self.gathered.poller.refresh();
        }
        self.looked = (now, Instant::now());
    }

    /// Shows the watch what was read.
    fn look(&mut self, on: &mut impl FnMut(&Watch, Vec<Happened>) -> ControlFlow<()>) -> Option<Ended> {
        let Means { clock, cadences, .. } = self.means;
        let (known, now) = (self.gathered.known(&self.session, cadences), clock.now());
        let is_late = self.left().is_zero();
        if let Some(fault) = blinding(&known, is_late) {
            let since = *self.blind.get_or_insert_with(Instant::now);
            return (is_late || since.elapsed() >= PATIENCE).then_some(Ended::Unreadable(fault));
        }
        self.blind = None;
        if self.following.watch.is_none() {
            self.following.watch = begun(&known, &self.following, now);
        }
        let Some(watch) = &mut self.following.watch else { return is_late.then_some(Ended::NothingBegan) };
        let look = |source: &Source| look_at(&known, source);
        let sight = Sight { now, inventory: known.inventory, topology: known.topology, look: &look };
        let happened = if is_late && watch.ended().is_none() { watch.time_out(&sight) } else { watch.observe(&sight) };
        let is_enough = !happened.is_empty() && on(watch, happened).is_break();
        // Late, with an update that has ended: then its last figures are not waited for.
        (is_enough || is_late || watch.is_over()).then(|| Ended::Over(watch.clone()))
    }

    /// How long it is still followed.
    fn left(&self) -> Duration {
        self.following.timeout.saturating_sub(self.began.elapsed())
    }
}

impl Follower<'_> {
    /// Why the environments cannot be listed, if that was not told yet.
    fn new_trouble(&mut self) -> Option<Arc<Fault>> {
        let source = Source::Environments(self.session.scope);
        let fault = self.gathered.poller.ledger.fault(&source).cloned();
        let before = std::mem::replace(&mut self.trouble, fault.as_ref().map(|fault| fault.kind));
        fault.filter(|fault| before != Some(fault.kind))
    }

    /// Whether the credentials are gone, and it is time to ask for others.
    fn is_to_reopen(&mut self) -> bool {
        let fault = self.gathered.poller.ledger.fault(&Source::Environments(self.session.scope));
        let is_expired = fault.is_some_and(|fault| fault.kind == FaultKind::Expired);
        let is_time = self.reopened.is_none_or(|last| last.elapsed() >= REOPEN);
        if is_expired && is_time {
            self.reopened = Some(Instant::now());
        }
        is_expired && is_time
    }

    /// What is wanted and cannot be read.
    fn faults(&self) -> Vec<(String, Arc<Fault>)> {
        let poller = &self.gathered.poller;
        let is_wanted = |source: &Source| poller.wants.iter().any(|want| want.source == *source);
        let faults = poller.ledger.faults().into_iter().filter(|(source, ..)| is_wanted(source));
        let words = |source: &Source| match source.subject() {
            Some(subject) => format!("{} {subject}", source.operation()),
            None => source.operation().to_owned(),
        };
        faults.map(|(source, fault, _)| (words(source), Arc::clone(fault))).collect()
    }
}

/// The update that is under way, once its beginning can be told.
fn begun(known: &Known<'_>, following: &Following, now: Moment) -> Option<Watch> {
    let events = [Source::Events(known.scope), Source::History(following.environment.clone())];
    let is_told = events.iter().all(|source| known.is_tried(source)) && known.is_base_tried();
    let environment = known.inventory.environments.get(&following.environment).filter(|_| is_told)?;
    let watch = Watch::in_progress(environment, known.inventory, now)?;
    Some(watch.settling(following.settle))
}

/// How a source was last read.
pub(super) fn look_at(known: &Known<'_>, source: &Source) -> Look {
    let Some(reading) = known.ledger.reading(source) else { return Look::default() };
    Look { at: reading.at, fault: reading.fault.as_ref().map(|(fault, _)| Arc::clone(fault)) }
}

/// Why nothing can be followed: without the list of environments there is neither a status nor anybody to ask about. A
/// network that fails comes back: it counts only where there is no more time.
pub(super) fn blinding(known: &Known<'_>, is_late: bool) -> Option<Arc<Fault>> {
    let source = Source::Environments(known.scope);
    let fault = known.ledger.fault(&source)?;
    let is_final = matches!(fault.kind, FaultKind::Denied | FaultKind::Expired | FaultKind::Invalid);
    (is_final || (is_late && known.ledger.read_at(&source).is_none())).then(|| Arc::clone(fault))
}
