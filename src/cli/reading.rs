//! Reading for a command: a session, and then rounds of calls until its questions are answered.
//!
//! Missing or expired credentials give an empty reading and not a failure: a script always gets its answer's shape,
//! with the fault in `errors`.

use std::sync::Arc;

use super::failure::Failure;
use super::progress::Bar;
use super::settings::Settings;
use super::simulated;
use crate::app::CheckSettings;
use crate::aws::{OpenFault, Opened, REGIONS, Session, is_region_name, open_session};
use crate::diagnosis::SilencedChecks;
use crate::model::{Environment, Fault, FaultKind, Key, Snapshot, Source, clean};
use crate::polling::{Cadences, Freshness, Pace, Poller, Question};
use crate::runtime::{Gathered, Means, Signals, gather, gather_and_observe};

/// What a command has read.
pub struct Reading {
    /// The region that was read.
    pub region: Option<Arc<str>>,
    /// What came, and what did not.
    pub gathered: Gathered,
    /// Why no session could be had.
    pub locked_out: Option<Arc<Fault>>,
    cadences: Cadences,
    checks: CheckSettings,
}

impl Reading {
    /// What was gathered, in no particular region.
    #[cfg(test)]
    pub fn of(gathered: Gathered, cadences: &Cadences) -> Self {
        Self { region: None, gathered, locked_out: None, cadences: *cadences, checks: CheckSettings::default() }
    }

    /// Returns the snapshot.
    pub fn known(&self) -> &Snapshot {
        &self.gathered.snapshot
    }

    /// Returns which values can be relied on: one that was read at all is current.
    pub fn freshness(&self) -> Freshness<'_> {
        let Gathered { snapshot, poller, .. } = &self.gathered;
        let (reads, cadences) = (&snapshot.reads, &self.cadences);
        Freshness { reads, poller, cadences, lost: None, now: snapshot.moment, is_lasting: false }
    }

    /// The checks that are silenced in an environment of this name, each with the reason.
    pub fn silenced(&self, environment: &str) -> SilencedChecks<'_> {
        self.checks.silenced(environment)
    }

    /// What the configuration says of environments.
    pub fn checks(&self) -> &CheckSettings {
        &self.checks
    }

    /// Whether the environments could be listed, without which no question has an answer.
    pub fn is_answered(&self) -> bool {
        self.known().reads.read_at(&Source::Environments(self.known().scope)).is_some()
    }

    /// The environments, by name.
    pub fn environments(&self) -> Vec<&Environment> {
        let mut environments: Vec<_> = self.known().inventory.environments.values().collect();
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
    questions: impl Fn(&Snapshot) -> Vec<Question>,
) -> Result<Reading, Failure> {
    interruptible(bar, async { open_and_gather(settings, bar, questions).await.map(|(reading, _)| reading) })
}

/// Does the work of a command, until it is done or a signal ends it.
pub fn interruptible<T>(bar: &Bar, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = simulated::runtime()?;
    let done = runtime.block_on(async {
        let mut signals = Signals::listen().map_err(|error| Failure::system("no signals can be had", error))?;
        tokio::select! {
            done = work => done,
            signal = signals.next() => Err(Failure::signalled(signal)),
        }
    });
    bar.clear();
    simulated::end(runtime);
    done
}

/// Opens another session with the present credentials; `None` if they are still not valid.
pub async fn reopen(settings: &Settings) -> Option<Session> {
    open(settings, &Bar::none()).await.ok().map(|opened| opened.session)
}

/// Opens a session, and reports if it waits for credentials.
async fn open(settings: &Settings, bar: &Bar) -> Result<Opened, OpenFault> {
    let of = settings.scope().profile.map(|name| format!(" of profile {}", clean(&name))).unwrap_or_default();
    bar.over(format_args!("the credentials{of}"), Box::pin(open_session(settings.session()))).await
}

/// The same on a runtime that exists already, for commands that continue with the session; there is none without
/// credentials.
pub async fn open_and_gather(
    settings: &Settings,
    bar: &Bar,
    questions: impl Fn(&Snapshot) -> Vec<Question>,
) -> Result<(Reading, Option<Session>), Failure> {
    open_and_observe(settings, bar, questions, |_, _| ()).await
}

/// The same, and shows what is known after each answer.
pub async fn open_and_observe(
    settings: &Settings,
    bar: &Bar,
    questions: impl Fn(&Snapshot) -> Vec<Question>,
    observe: impl FnMut(&Snapshot, &Poller),
) -> Result<(Reading, Option<Session>), Failure> {
    let pace = settings.pace();
    let Opened { session, .. } = match open(settings, bar).await {
        Ok(opened) => opened,
        Err(OpenFault::Credentials(fault)) => return Ok((locked_out(settings, &pace, fault), None)),
        Err(fault) => return Err(Failure::open(&fault)),
    };
    // The shell's own region is checked by its shape before it is used.
    if let Some(region) = session.region.as_deref().filter(|region| !is_region_name(region)) {
        return Err(Failure::open(&OpenFault::BadRegion(region.to_owned())));
    }
    let means = Means { session: &session, clock: settings.clock, pace: &pace };
    let gathered = gather_and_observe(means, questions, |progress| bar.set(progress), observe).await;
    let reading = Reading {
        region: session.region.clone(),
        gathered,
        locked_out: None,
        cadences: pace.cadences,
        checks: CheckSettings::new(&settings.config),
    };
    if session.endpoint.is_none() && !reading.is_answered() {
        check_region(&reading)?;
    }
    Ok((reading, Some(session)))
}

/// Reads more with a session that is open.
pub async fn gather_more(
    settings: &Settings,
    session: &Session,
    questions: impl Fn(&Snapshot) -> Vec<Question>,
) -> Reading {
    let pace = settings.pace();
    let bar = Bar::none();
    let means = Means { session, clock: settings.clock, pace: &pace };
    let gathered = gather(means, questions, |progress| bar.set(progress)).await;
    Reading {
        region: session.region.clone(),
        gathered,
        locked_out: None,
        cadences: pace.cadences,
        checks: CheckSettings::new(&settings.config),
    }
}

fn locked_out(settings: &Settings, pace: &Pace, fault: Arc<Fault>) -> Reading {
    let gathered = Gathered::nothing(&pace.plans, settings.clock.now());
    Reading {
        region: None,
        gathered,
        locked_out: Some(fault),
        cadences: pace.cadences,
        checks: CheckSettings::new(&settings.config),
    }
}

/// A region that does not exist shows only by its endpoint, whose name is not known: then a mistyped name is likelier than
/// a network that is down.
fn check_region(reading: &Reading) -> Result<(), Failure> {
    let Some(region) = reading.region.as_deref().filter(|region| !REGIONS.contains(region)) else { return Ok(()) };
    let faults = reading.gathered.snapshot.reads.faults();
    let is_silent = faults.iter().all(|(_, fault, _)| fault.kind == FaultKind::Network);
    if is_silent { Err(Failure::open(&OpenFault::BadRegion(region.to_owned()))) } else { Ok(()) }
}
