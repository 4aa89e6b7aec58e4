//! Watches a change after it was written: its impact on the environment, and whether Beanstalk reverts it.

use super::reverts::{RevertCheck, SHOWN};
use crate::app::application::App;
use crate::app::message::Effect;
use crate::app::state::State;
use crate::change::{Operation, Past, PlanInputs, Written, direct_values};
use crate::deploy::ImpactWatch;
use crate::model::{Environment, EnvironmentStatus, Key, Source};

impl App {
    /// Watches what was written from now on. What was read until now is what comes is compared with, so that this has to be
    /// called before anything is read again.
    pub(in crate::app) fn watch_change(&mut self, operation: &Operation, written: &Written) {
        let State { scopes, impacts, .. } = &mut self.state;
        impacts.begin(operation, written, &scopes.shown().snapshot);
    }

    /// Applies what was read to the changes that are watched.
    pub(in crate::app) fn observe_impacts(&mut self) {
        let State { scopes, impacts, .. } = &mut self.state;
        let (any, said) = impacts.observe(&scopes.shown().snapshot);
        for (environment, words) in said {
            let shown = self.state.screens.environment().map(|view| &view.key);
            let is_worse = self.state.impacts.of(&environment).is_some_and(ImpactWatch::is_worse);
            // If the screen shows it, a notice would repeat it.
            if is_worse && shown.is_none_or(|key| *key == environment) {
                self.note(None, words);
            } else {
                self.say(words);
            }
        }
        if any {
            self.changed = true;
            self.plan();
        }
    }
}

impl App {
    /// Looks for updates that were reverted since the program began. Once such an environment is Ready, the log is searched
    /// for what was written to it directly.
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

    /// Handles the result of that search: direct writes are checked; a log that cannot be read is reported.
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

    /// Checks what was read again after reverts; what is gone or cannot be read is reported.
    pub(in crate::app) fn check_reverts(&mut self) {
        let State { reverts, scopes, now, .. } = &mut self.state;
        let snapshot = &scopes.shown().snapshot;
        let inventory = &snapshot.inventory;
        let mut found = Vec::new();
        for check in reverts.checks.iter_mut().filter(|check| !check.is_over()) {
            let Some(environment) = inventory.environments.get(&check.environment) else { continue };
            let basis = PlanInputs { snapshot, environment };
            found.extend(check.observe(&basis));
        }
        let is_there = |check: &RevertCheck| inventory.environments.contains_key(&check.environment);
        reverts.checks.retain(|check| is_there(check) && (!check.is_over() || now.since(check.since) < SHOWN));
        self.changed |= !found.is_empty();
        found.into_iter().for_each(|words| self.say(words));
    }
}
