//! After an update that Beanstalk reverted: reads what was written directly before it again, and reports what is gone.
//!
//! Neither the sender of the update nor the open screen matters: a change of settings, a deployment and HTTPS are alike.

use std::sync::Arc;
use std::time::Duration;

use crate::app::message::Effect;
use crate::app::response::{Response, Step};
use crate::change::{DirectFate, DirectOutcome, DirectValue, Past, PlanInputs, Reread, direct_values};
use crate::model::{Environment, EnvironmentStatus, FaultKind, Key, Map, Moment, Snapshot, Source, clean};

/// A source that cannot be read for this long is reported as unreadable; a network failure may end before.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a lost value stays on the Settings tab.
const SHOWN: Duration = Duration::from_secs(10 * 60);

/// The reverts that were dealt with, and the values that are being read again.
#[derive(Clone, Debug, Default)]
pub struct Reverts {
    /// Events before this are old: what followed from them is past.
    since: Option<Moment>,
    /// The newest revert of each environment that was dealt with.
    seen: Map<Key<Environment>, Moment>,
    checks: Vec<RevertCheck>,
}

/// The values of one environment that are read again after an update of it was reverted.
#[derive(Clone, Debug)]
pub struct RevertCheck {
    /// The environment.
    pub environment: Key<Environment>,
    since: Moment,
    values: Vec<(DirectValue, DirectFate)>,
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

impl Reverts {
    /// Looks for updates that were reverted since the program began. Once such an environment is Ready, the log is searched
    /// for what was written to it directly.
    pub(in crate::app) fn look(&mut self, snapshot: &Snapshot) -> Response {
        let since = *self.since.get_or_insert(snapshot.moment);
        let inventory = &snapshot.inventory;
        let read = snapshot.reads.read_at(&Source::Environments(snapshot.scope));
        let mut found: Vec<(Key<Environment>, Moment)> = Vec::new();
        for event in inventory.events.iter().take_while(|event| event.at >= since).filter(|event| event.is_revert()) {
            let Some(environment) = event.environment.as_deref().and_then(|name| inventory.environment_named(name))
            else {
                continue;
            };
            let is_over = environment.status == EnvironmentStatus::Ready && read.is_some_and(|read| read >= event.at);
            let is_new = self.seen.get(&environment.key).is_none_or(|seen| *seen < event.at);
            let is_first = found.iter().all(|(key, _)| *key != environment.key);
            if is_over && is_new && is_first {
                found.push((environment.key.clone(), event.at));
            }
        }
        self.seen.extend(found.iter().cloned());
        found.into_iter().map(|(environment, _)| Response::effect(Effect::FindWritten { environment })).collect()
    }

    /// Handles the result of that search: direct writes are checked; a log that cannot be read is reported.
    pub(in crate::app) fn found(
        &mut self,
        key: &Key<Environment>,
        changes: Result<Vec<Past>, String>,
        snapshot: &Snapshot,
    ) -> Response {
        let Some(environment) = snapshot.environment(key) else { return Response::none() };
        let changes = match changes {
            Ok(changes) => changes,
            Err(why) => {
                return Response::report(format!(
                    "{}: Beanstalk reverted its update; whether direct changes are gone with it is unknown, for the log could \
                     not be read: {why}",
                    environment.name
                ));
            }
        };
        let values = direct_values(&changes);
        if values.is_empty() {
            return Response::none();
        }
        self.checks.push(RevertCheck::new(key, values, snapshot.moment));
        Response::step(Step::RereadSettings(key.clone())).then(Step::Plan)
    }

    /// Checks what was read again after reverts; what is gone or cannot be read is reported.
    pub(super) fn observe(&mut self, snapshot: &Snapshot) -> Response {
        let inventory = &snapshot.inventory;
        let mut response = Response::none();
        for check in self.checks.iter_mut().filter(|check| !check.is_over()) {
            let Some(environment) = inventory.environments.get(&check.environment) else { continue };
            let found = check.observe(&PlanInputs { snapshot, environment });
            found.into_iter().for_each(|words| response.push(Step::Report(words)));
        }
        let is_there = |check: &RevertCheck| inventory.environments.contains_key(&check.environment);
        let is_shown = |check: &RevertCheck| !check.is_over() || snapshot.moment.since(check.since) < SHOWN;
        self.checks.retain(|check| is_there(check) && is_shown(check));
        response
    }
}

impl RevertCheck {
    fn new(environment: &Key<Environment>, values: Vec<DirectValue>, now: Moment) -> Self {
        let values = values.into_iter().map(|value| (value, DirectFate::Awaited)).collect();
        Self { environment: environment.clone(), since: now, values }
    }

    fn is_over(&self) -> bool {
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
    fn observe(&mut self, basis: &PlanInputs<'_>) -> Vec<String> {
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
