//! Reading for a command: wants, fetch, replace, until nothing is wanted. The number of times round is the number of
//! round trips in a row.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::clock::Clock;
use crate::app::polling::{Cadences, Known, Plans, Poller, Question, Want, wants};
use crate::aws::{Session, fetch};
use crate::model::{Covers, Fault, FaultKind, Inventory, Moment, Outcome, Source, Topology, link};

/// Without an answer for this long, a command gives up on what is missing. To be throttled is no answer.
const PATIENCE: Duration = Duration::from_secs(90);

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
    /// What was wanted and never asked for, because the service's allowance did not suffice in time.
    pub unread: Vec<Source>,
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
}

/// How far a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Sources read or failed.
    pub done: usize,
    /// Sources wanted so far; more may come to light.
    pub wanted: usize,
}

/// Reads until the questions, which may depend on what was read so far, are answered as far as they can be.
pub async fn gather(
    session: &Session,
    clock: Clock,
    plans: &Plans,
    cadences: &Cadences,
    questions: impl Fn(&Known<'_>) -> Vec<Question>,
    mut progress: impl FnMut(Progress),
) -> Gathered {
    let mut gathered = Gathered::nothing(plans, clock.now());
    let mut running = JoinSet::new();
    let mut last_answer = clock.now();
    loop {
        let known = gathered.known(session, cadences);
        let wants = once(wants(&known, &questions(&known)));
        gathered.poller.wants = wants;
        let (done, wanted) = gathered.poller.progress();
        progress(Progress { done, wanted });
        let now = clock.now();
        if (running.is_empty() && gathered.poller.is_settled()) || now.since(last_answer) > PATIENCE {
            break;
        }
        let (asks, next) = gathered.poller.pick(&gathered.inventory, &gathered.topology, now);
        for ask in asks {
            let session = session.clone();
            running.spawn(async move { fetch(&session, ask, || clock.now()).await });
        }
        let wait = next.map_or(PATIENCE, |next| next.since(clock.now()).max(Duration::from_millis(1)));
        tokio::select! {
            Some(ended) = running.join_next() => {
                let Ok(outcome) = ended else { continue };
                if !outcome.result.as_ref().is_err_and(|fault| fault.kind == FaultKind::Throttled) {
                    last_answer = clock.now();
                }
                gathered.take(outcome);
            }
            () = tokio::time::sleep(wait.min(PATIENCE)) => {}
        }
    }
    let unread = gathered.poller.wants.iter().filter(|want| gathered.is_open(want));
    gathered.unread = unread.map(|want| want.source.clone()).collect();
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
