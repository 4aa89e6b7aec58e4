//! After an update that Beanstalk reverted: reads what was written directly before it again, and reports what is gone.
//!
//! Neither the sender of the update nor the open screen matters: a change of settings, a deployment and HTTPS are alike.

use std::sync::Arc;
use std::time::Duration;

use crate::change::{DirectFate, DirectOutcome, DirectValue, PlanInputs, Reread};
use crate::model::{Environment, FaultKind, Key, Map, Moment, Snapshot, Source, clean};

/// A source that cannot be read for this long is reported as unreadable; a network failure may end before.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a lost value stays on the Settings tab.
pub(super) const SHOWN: Duration = Duration::from_secs(10 * 60);

/// The reverts that were dealt with, and the values that are being read again.
#[derive(Clone, Debug, Default)]
pub struct Reverts {
    /// Events before this are old: what followed from them is past.
    pub(super) since: Option<Moment>,
    /// The newest revert of each environment that was dealt with.
    pub(super) seen: Map<Key<Environment>, Moment>,
    pub(super) checks: Vec<RevertCheck>,
}

/// The values of one environment that are read again after an update of it was reverted.
#[derive(Clone, Debug)]
pub struct RevertCheck {
    /// The environment.
    pub environment: Key<Environment>,
    pub(super) since: Moment,
    pub(super) values: Vec<(DirectValue, DirectFate)>,
}

impl Reverts {
    /// The checks that are not over.
    pub fn checks(&self) -> impl Iterator<Item = &RevertCheck> {
        self.checks.iter().filter(|check| !check.is_over())
    }

    /// Returns the values of an environment that are gone, or could not be read.
    pub fn reported(&self, environment: &Key<Environment>) -> impl Iterator<Item = (&DirectValue, &DirectFate)> {
        let own = self.checks.iter().filter(move |check| check.environment == *environment);
        own.flat_map(|check| &check.values).filter(|(_, fate)| fate.is_reported()).map(|(value, fate)| (value, fate))
    }
}

impl RevertCheck {
    pub(super) fn new(environment: &Key<Environment>, values: Vec<DirectValue>, now: Moment) -> Self {
        let values = values.into_iter().map(|value| (value, DirectFate::Awaited)).collect();
        Self { environment: environment.clone(), since: now, values }
    }

    pub(super) fn is_over(&self) -> bool {
        self.values.iter().all(|(_, fate)| !fate.is_awaited())
    }

    /// Returns the sources that it needs.
    #[must_use]
    pub fn sources(&self, snapshot: &Snapshot) -> Vec<Source> {
        let Some(environment) = snapshot.environment(&self.environment) else { return Vec::new() };
        let basis = PlanInputs { snapshot, environment };
        let awaited = self.values.iter().filter(|(_, fate)| fate.is_awaited());
        awaited.flat_map(|(value, _)| value.sources(&basis)).collect()
    }

    /// Applies what was read since. Returns a sentence for each value that is gone or cannot be read.
    pub(super) fn observe(&mut self, basis: &PlanInputs<'_>) -> Vec<String> {
        let since = self.since;
        let reread = |source: &Source| how_reread(basis.snapshot, source, since);
        let mut found = Vec::new();
        for (value, fate) in self.values.iter_mut().filter(|(_, fate)| fate.is_awaited()) {
            *fate = value.fate(basis, &reread);
            if fate.is_reported() {
                let outcome = DirectOutcome { value, fate };
                found.push(clean(&format!("{}: {outcome}", basis.environment.name)).into_owned());
            }
        }
        found
    }
}

/// Returns how a source was read since. Throttling is no answer, and any other failure may end soon.
fn how_reread(snapshot: &Snapshot, source: &Source, since: Moment) -> Reread {
    let Snapshot { reads, moment: now, .. } = snapshot;
    if reads.read_at(source).is_some_and(|at| at > since) {
        return Reread::Read;
    }
    let failed = reads.failed_at(source).is_some_and(|at| at > since);
    match reads.fault(source).filter(|_| failed) {
        Some(fault) if fault.kind == FaultKind::Denied || fault.kind == FaultKind::NotFound => {
            Reread::Failed(Some(Arc::clone(fault)))
        }
        fault if *now > since.plus(PATIENCE) => Reread::Failed(fault.cloned()),
        _ => Reread::Awaited,
    }
}
