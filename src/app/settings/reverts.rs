//! After an update that Beanstalk reverted: what was written directly before it is read again, and reported if it is gone.

use super::Arriving;
use crate::app::application::App;
use crate::app::message::Effect;
use crate::change::{Basis, Past, direct_values};
use crate::model::{Environment, EnvironmentStatus, Key, Map, Moment, Source};

/// The reverts that were dealt with.
#[derive(Clone, Debug, Default)]
pub struct Reverts {
    /// Events before this are old: what followed from them is past.
    since: Option<Moment>,
    /// The newest revert of each environment that was dealt with.
    seen: Map<Key<Environment>, Moment>,
}

impl App {
    /// Looks for updates that were reverted since the program began. Once such an environment is Ready, the log says what
    /// was written to it directly.
    pub(in crate::app) fn look_after_reverts(&mut self) -> Vec<Effect> {
        let now = self.state.now;
        let since = *self.state.reverts.since.get_or_insert(now);
        let inventory = &self.state.inventory;
        let read = self.state.poller.ledger.read_at(&Source::Environments(self.state.setup.scope));
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
        let crate::app::State { inventory, topology, now, .. } = &self.state;
        let Some(environment) = inventory.environments.get(key) else { return Vec::new() };
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
        let values = direct_values(&Basis { inventory, topology, environment }, &changes);
        if !values.is_empty() {
            let arriving = Arriving::after_revert(key, values, *now);
            self.state.arriving.push(arriving);
            self.expire_settings(key);
            self.plan();
        }
        Vec::new()
    }
}
