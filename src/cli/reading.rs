//! Reading for a command: a session, and then rounds of calls until its questions are answered.
//!
//! Credentials that are missing or expired end in a reading of nothing and not in a failure: a script gets its answer's
//! shape whatever went wrong, with the fault in `errors`.

use std::sync::Arc;

use super::failure::Failure;
use super::progress::Bar;
use super::settings::Settings;
use super::simulated;
use crate::app::polling::{Cadences, Known, Plans, Question, plans};
use crate::aws::{OpenFault, Opened, Session};
use crate::model::{Environment, Fault, Key, ScopeId, Source};
use crate::runtime::{Clock, Gathered, Signals, gather};

/// What a command has read.
pub struct Reading {
    /// What it is filed under.
    pub scope: ScopeId,
    /// What came, and what did not.
    pub gathered: Gathered,
    /// Why no session could be had.
    pub locked_out: Option<Arc<Fault>>,
    cadences: Cadences,
}

impl Reading {
    /// What is known, as the planner and the rows of the Fleet see it.
    pub fn known(&self) -> Known<'_> {
        let Gathered { inventory, topology, poller, .. } = &self.gathered;
        Known { scope: self.scope, inventory, topology, ledger: &poller.ledger, cadences: &self.cadences }
    }

    /// Whether the environments could be listed, without which no question has an answer.
    pub fn is_answered(&self) -> bool {
        self.gathered.poller.ledger.read_at(&Source::Environments(self.scope)).is_some()
    }

    /// The environments, by name.
    pub fn environments(&self) -> Vec<&Environment> {
        let mut environments: Vec<_> = self.gathered.inventory.environments.values().collect();
        environments.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
        environments
    }

    /// The keys of the environments, by name.
    pub fn keys(&self) -> Vec<Key<Environment>> {
        self.environments().into_iter().map(|environment| environment.key.clone()).collect()
    }
}

/// Opens a session and reads until the questions are answered as far as they can be.
pub fn read(
    settings: &Settings,
    bar: &Bar,
    questions: impl Fn(&Known<'_>) -> Vec<Question>,
) -> Result<Reading, Failure> {
    let runtime = simulated::runtime()?;
    let reading = runtime.block_on(async {
        let mut signals = Signals::listen().map_err(|error| Failure::system("no signals can be had", error))?;
        tokio::select! {
            reading = open_and_gather(settings, bar, questions) => reading,
            signal = signals.next() => Err(Failure::signalled(signal)),
        }
    });
    bar.clear();
    // A name that the system is still looking up must not keep us.
    runtime.shutdown_background();
    reading
}

async fn open_and_gather(
    settings: &Settings,
    bar: &Bar,
    questions: impl Fn(&Known<'_>) -> Vec<Question>,
) -> Result<Reading, Failure> {
    let (plans, cadences, clock) = (plans(&settings.config), Cadences::new(&settings.config), Clock::System);
    let Opened { session, .. } = match Session::open(settings.session()).await {
        Ok(opened) => opened,
        Err(OpenFault::Credentials(fault)) => return Ok(locked_out(&plans, cadences, fault)),
        Err(fault) => return Err(Failure::open(fault)),
    };
    let gathered = gather(&session, clock, &plans, &cadences, questions, |progress| bar.set(progress)).await;
    Ok(Reading { scope: session.scope, gathered, locked_out: None, cadences })
}

fn locked_out(plans: &Plans, cadences: Cadences, fault: Arc<Fault>) -> Reading {
    let gathered = Gathered::nothing(plans, Clock::System.now());
    Reading { scope: ScopeId::default(), gathered, locked_out: Some(fault), cadences }
}
