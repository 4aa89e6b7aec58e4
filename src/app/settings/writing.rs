//! From the confirmation of an edit to its end, and what is awaited after it.

use super::{Arriving, Draft, EditIntent};
use crate::app::application::App;
use crate::app::deploys::RequestedUpdate;
use crate::app::dialog::{Confirm, Conflict, Dialog};
use crate::app::message::{Effect, Undoable};
use crate::app::state::State;
use crate::change::{ChangeRows, Operation, Outcome, Past, Written};
use crate::model::{Environment, Key, clean};

impl App {
    /// Shows confirmed values as pending; nothing is shown as live before it was read.
    pub(in crate::app) fn await_values(&mut self, operation: &Operation) {
        let key = &operation.subject.key;
        self.state.arriving.retain(|it| it.environment != *key);
        self.state.arriving.push(Arriving::new(operation, self.state.now));
    }

    /// A change of settings has ended.
    pub(in crate::app) fn changed_settings(&mut self, operation: &Operation, written: &Written, draft: Option<Draft>) {
        let key = operation.subject.key.clone();
        let overwritten = operation.rows().map(|rows| rows.overwritten(&written.values)).unwrap_or_default();
        overwritten.iter().for_each(|it| self.say(clean(&it.to_string()).into_owned()));
        self.watch_change(operation, written);
        let is_sent = written.outcome.is_done() || matches!(written.outcome, Outcome::Partial(_) | Outcome::Unknown(_));
        if !is_sent {
            self.state.arriving.retain(|it| it.environment != key);
        } else if operation.rows().is_some_and(ChangeRows::updates) {
            let request_id = written.request_ids.last().cloned();
            self.state.deploys.asked.insert(key.clone(), RequestedUpdate::new(None, request_id, written.at));
        }
        if let (Outcome::Conflict(differences), Some(draft)) = (&written.outcome, draft) {
            let conflict = Conflict { draft, differences: differences.clone() };
            self.state.screens.open(Dialog::Conflict(Box::new(conflict)));
        }
        self.expire_settings(&key);
        self.look_at(&key);
        self.plan();
    }

    /// Everything that edits of an environment are planned on is read again.
    pub(in crate::app) fn expire_settings(&mut self, key: &Key<Environment>) {
        let sources = self.sources_of_settings(key);
        sources.iter().for_each(|source| self.state.poller_mut().expire(source));
        self.rediscover();
    }

    /// Applies what was read to the values that are awaited; what did not arrive is reported.
    pub(in crate::app) fn observe_arrivals(&mut self) {
        let State { arriving, scopes, now, .. } = &mut self.state;
        let snapshot = &scopes.shown().snapshot;
        let mut missing = Vec::new();
        for it in arriving.iter_mut() {
            let was_over = it.is_over();
            self.changed |= it.observe(snapshot);
            if it.is_over() && !was_over {
                missing.extend(it.missing_words(&snapshot.inventory));
            }
        }
        arriving.retain(|it| it.is_worth_telling(*now));
        missing.into_iter().for_each(|words| self.say(words));
        self.check_reverts();
    }

    /// Looks for the newest change of the environment at hand that can be undone.
    pub(in crate::app) fn ask_undo(&mut self) -> Vec<Effect> {
        let Ok(environment) = self.state.current_environment() else { return Vec::new() };
        vec![Effect::FindUndo { environment: environment.key.clone() }]
    }

    /// Handles the result of the search for a change to undo.
    pub(in crate::app) fn found_undo(
        &mut self,
        key: &Key<Environment>,
        found: Result<Option<Undoable>, String>,
    ) -> Vec<Effect> {
        let Some(environment) = self.state.snapshot().inventory.environments.get(key).cloned() else {
            return Vec::new();
        };
        let name = clean(&environment.name).into_owned();
        match found {
            Err(why) => self.notify(format!("the log of changes cannot be read: {why}")),
            Ok(None) => self.notify(format!("nothing of {name} was changed from this machine that could be undone")),
            Ok(Some(Undoable::Operation(operation))) => match operation.back() {
                Some(back) if back.kind.asks() => {
                    self.confirm(&environment, |ground| Confirm::of_https(ground, back));
                }
                Some(back) => self.confirm(&environment, |ground| Confirm::of_operation(ground, back)),
                None => {}
            },
            Ok(Some(Undoable::Settings(past))) => {
                let title = format!("Undo {} of {name}", keys(&past));
                self.wish(&environment, title, EditIntent::Undo(past));
            }
        }
        Vec::new()
    }
}

/// What a change was about, in a few words.
fn keys(past: &Past) -> String {
    match past.changes.as_slice() {
        [only] => only.key.clone(),
        several => format!("a change of {} settings", several.len()),
    }
}
