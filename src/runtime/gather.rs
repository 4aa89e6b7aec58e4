//! Reading for a command: wants, fetch, replace, until nothing is wanted. The number of times round is the number of
//! round trips in a row.

use std::time::Duration;

use tokio::task::JoinSet;

use super::clock::Clock;
use crate::app::polling::{Cadences, Known, Plans, Poller, Question, wants};
use crate::aws::{Session, fetch};
use crate::model::{Inventory, Moment, Topology, link};

/// Without an answer for this long, a command gives up on what is missing.
const PATIENCE: Duration = Duration::from_secs(90);

/// What was read.
#[derive(Debug)]
pub struct Gathered {
    /// What exists.
    pub inventory: Inventory,
    /// What belongs to what.
    pub topology: Topology,
    /// The age of each reading, and what failed.
    pub poller: Poller,
    /// When it was done.
    pub at: Moment,
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
    questions: impl Fn(&Inventory, &Topology) -> Vec<Question>,
    mut progress: impl FnMut(Progress),
) -> Gathered {
    let mut inventory = Inventory::default();
    let mut topology = Topology::default();
    let mut poller = Poller::new(plans, clock.now());
    let mut running = JoinSet::new();
    let mut last_answer = clock.now();
    loop {
        let known = Known {
            scope: session.scope,
            inventory: &inventory,
            topology: &topology,
            ledger: &poller.ledger,
            cadences,
        };
        poller.wants = once(wants(&known, &questions(&inventory, &topology)));
        let (done, wanted) = poller.progress();
        progress(Progress { done, wanted });
        let now = clock.now();
        if (running.is_empty() && poller.is_settled()) || now.since(last_answer) > PATIENCE {
            break;
        }
        let (asks, next) = poller.pick(&inventory, now);
        for ask in asks {
            let session = session.clone();
            running.spawn(async move { fetch(&session, ask, || clock.now()).await });
        }
        let wait = next.map_or(PATIENCE, |next| next.since(clock.now()).max(Duration::from_millis(1)));
        tokio::select! {
            Some(ended) = running.join_next() => {
                let Ok(outcome) = ended else { continue };
                last_answer = clock.now();
                poller.finish(&outcome, fastrand::u64(..));
                if let Ok(batch) = outcome.result
                    && inventory.replace(batch, outcome.at).evidence
                {
                    topology = link(&inventory);
                }
            }
            () = tokio::time::sleep(wait) => {}
        }
    }
    Gathered { inventory, topology, poller, at: clock.now() }
}

/// A command reads each thing once, however long it takes to read them all.
fn once(mut wants: Vec<crate::app::polling::Want>) -> Vec<crate::app::polling::Want> {
    wants.iter_mut().for_each(|want| want.cadence = Duration::from_secs(86_400));
    wants
}
