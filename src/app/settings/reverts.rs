//! After an update that Beanstalk reverted: what was written directly before it is read again, and reported if it is gone.
//!
//! It does not matter who sent the update, or which screen is open: a change of settings, a deploy and HTTPS are alike.

use std::sync::Arc;
use std::time::Duration;

use crate::app::application::App;
use crate::app::message::Effect;
use crate::change::{Basis, DirectFate, DirectOutcome, DirectValue, Past, Reread, direct_values};
use crate::model::{Environment, EnvironmentStatus, FaultKind, Key, Map, Moment, Snapshot, Source, clean};

/// A source that cannot be read for this long is reported as unreadable; a network may come back before.
const PATIENCE: Duration = Duration::from_secs(60);
/// What is gone stays on the Settings tab for this long.
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

    /// What is to be shown of an environment: the values that are gone, or could not be read.
    pub fn reported(&self, environment: &Key<Environment>) -> impl Iterator<Item = (&DirectValue, &DirectFate)> {
        let own = self.checks.iter().filter(move |check| check.environment == *environment);
        own.flat_map(|check| &check.values).filter(|(_, fate)| fate.is_reported()).map(|(value, fate)| (value, fate))
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

    /// What has to be read for it.
    #[must_use]
    pub fn sources(&self, snapshot: &Snapshot) -> Vec<Source> {
        let Some(environment) = snapshot.environment(&self.environment) else { return Vec::new() };
        let basis = Basis { snapshot, environment };
        let awaited = self.values.iter().filter(|(_, fate)| fate.is_awaited());
        awaited.flat_map(|(value, _)| value.sources(&basis)).collect()
    }

    /// Applies what was read since; returns a sentence for each value that is gone or cannot be read.
    fn observe(&mut self, basis: &Basis<'_>) -> Vec<String> {
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

/// How a source was read since. To be throttled is no answer, and whatever else fails may be over soon.
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

impl App {
    /// Looks for updates that were reverted since the program began. Once such an environment is Ready, the log says what
    /// was written to it directly.
    pub(in crate::app) fn look_after_reverts(&mut self) -> Vec<Effect> {
        let now = self.state.now;
        let since = *self.state.reverts.since.get_or_insert(now);
        let inventory = &self.state.snapshot().inventory;
        let read = self.state.snapshot().reads.read_at(&Source::Environments(self.state.setup.scope));
        let mut found = Vec::new();
        for event in inventory.events.iter().take_while(|event| event.at >= since).filter(|event| event.is_revert()) {
            let Some(environment) = event.environment.as_deref().and_then(|name| inventory.environment_named(name))
            else {
                continue;
            };
            let is_over = environment.status == EnvironmentStatus::Ready && read.is_some_and(|read| read >= event.at);
            let is_new = self.state.reverts.seen.get(&environment.key).is_none_or(|seen| *seen < event.at);
            let is_first = found.iter().all(|(key, _)| *key != environment.key);
            if is_over && is_new && is_first {
                found.push((environment.key.clone(), event.at));
            }
        }
        self.state.reverts.seen.extend(found.iter().cloned());
        found.into_iter().map(|(environment, _)| Effect::FindWritten { environment }).collect()
    }

    /// What was written to an environment was found, or the log could not be read: then that is said.
    pub(in crate::app) fn found_written(
        &mut self,
        key: &Key<Environment>,
        changes: Result<Vec<Past>, String>,
    ) -> Vec<Effect> {
        let now = self.state.now;
        let Some(environment) = self.state.snapshot().environment(key) else { return Vec::new() };
        let changes = match changes {
            Ok(changes) => changes,
            Err(why) => {
                let words = format!(
                    "{}: Beanstalk reverted its update; whether direct changes are gone with it is unknown, for the log could \
                     not be read: {why}",
                    environment.name
                );
                self.say(words);
                return Vec::new();
            }
        };
        let values = direct_values(&changes);
        if !values.is_empty() {
            self.state.reverts.checks.push(RevertCheck::new(key, values, now));
            self.expire_settings(key);
            self.plan();
        }
        Vec::new()
    }

    /// Looks at what was read again after reverts; what is gone or cannot be read is reported.
    pub(in crate::app) fn check_reverts(&mut self) {
        let crate::app::State { reverts, scopes, now, .. } = &mut self.state;
        let snapshot = &scopes.shown().snapshot;
        let inventory = &snapshot.inventory;
        let mut found = Vec::new();
        for check in reverts.checks.iter_mut().filter(|check| !check.is_over()) {
            let Some(environment) = inventory.environments.get(&check.environment) else { continue };
            let basis = Basis { snapshot, environment };
            found.extend(check.observe(&basis));
        }
        let is_there = |check: &RevertCheck| inventory.environments.contains_key(&check.environment);
        reverts.checks.retain(|check| is_there(check) && (!check.is_over() || now.since(check.since) < SHOWN));
        self.changed |= !found.is_empty();
        found.into_iter().for_each(|words| self.say(words));
    }
}
