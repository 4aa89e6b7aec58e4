//! Updates that are followed, and rollbacks.
//!
//! Every environment that is updating is followed with what is read anyway; the one whose Deploy screen is open, or that
//! is being rolled back, is read as often as its budget allows.

mod rollback;

use std::sync::Arc;

use crate::app::response::{Response, Step};
use crate::change::{Operation, Outcome, UpdateRecord, Work, Written};
use crate::deploy::{VerdictNews, Watch, update_record};
use crate::model::{Environment, EnvironmentStatus, Inventory, Key, Map, Moment, Snapshot};

/// No more updates are followed at once.
const MOST_WATCHES: usize = 50;

/// The updates that are followed.
#[derive(Clone, Debug, Default)]
pub struct Deploys {
    /// The update of each environment that was last seen.
    pub watches: Map<Key<Environment>, Watch>,
    /// The rollback that is under way.
    pub rollback: Option<Operation>,
    /// Rollbacks that an earlier run did not end.
    pub offered: Vec<Operation>,
    /// What our own write requested, until its update is seen: the version, the request and when.
    pub asked: Map<Key<Environment>, RequestedUpdate>,
    /// Rollbacks that stopped on their way or never began, and why, until something else is done with the environment.
    pub stopped: Map<Key<Environment>, String>,
    /// Why the last step of a rollback failed.
    pub reason: Option<String>,
    /// Updates that have come to their verdict and are not kept in the journal yet.
    pub decided: Vec<UpdateRecord>,
    /// Verdicts of which a notification is to be sent.
    pub news: Vec<serde_json::Map<String, serde_json::Value>>,
    verdicts: Map<Key<Environment>, VerdictNews>,
}

/// An update that we requested ourselves.
#[derive(Clone, Debug)]
pub struct RequestedUpdate {
    /// The version; none if settings are changed, and it stays.
    pub version: Option<Arc<str>>,
    /// The request, by which its events are known.
    pub request_id: Option<Arc<str>>,
    /// When AWS accepted it.
    pub at: Moment,
    /// The version that it removes, if it is the end of a rollback.
    pub removes: Option<Arc<str>>,
    /// From which version to which the update before it went.
    pub previous: Option<(Arc<str>, Arc<str>)>,
}

impl RequestedUpdate {
    /// An update that is no rollback, and that nothing is known to have gone before.
    #[must_use]
    pub fn new(version: Option<Arc<str>>, request_id: Option<Arc<str>>, at: Moment) -> Self {
        Self { version, request_id, at, removes: None, previous: None }
    }
}

impl Deploys {
    /// The environment that is being rolled back.
    #[must_use]
    pub fn rolling_back(&self) -> Option<&Key<Environment>> {
        self.rollback.as_ref().filter(|it| !it.is_over()).map(|it| &it.subject.key)
    }

    /// Applies what was read. Returns whether anything changed that a screen shows.
    pub fn observe(&mut self, snapshot: &Snapshot) -> bool {
        let begun = self.begin(&snapshot.inventory, snapshot.moment);
        let mut any = begun;
        for (key, watch) in self.watches.iter_mut().filter(|(_, watch)| !watch.is_over()) {
            let happened = watch.observe(snapshot);
            any |= !happened.is_empty();
            self.news.extend(self.verdicts.entry(key.clone()).or_default().of(watch, &happened));
            if watch.is_over() {
                self.decided.push(update_record(watch));
            }
        }
        any
    }

    /// Follows what began to update. An update after one that is over is another.
    fn begin(&mut self, inventory: &Inventory, now: Moment) -> bool {
        let mut begun = false;
        for environment in inventory.environments.values() {
            let is_updating = matches!(environment.status, EnvironmentStatus::Updating | EnvironmentStatus::Aborting);
            let is_followed = self.watches.get(&environment.key).is_some_and(|watch| !watch.is_over());
            if !is_updating || is_followed || self.watches.len() >= MOST_WATCHES {
                continue;
            }
            if let Some(watch) = self.watch_of(environment, inventory, now) {
                self.watches.insert(environment.key.clone(), watch);
                self.verdicts.remove(&environment.key);
                begun = true;
            }
        }
        begun
    }

    fn watch_of(&mut self, environment: &Environment, inventory: &Inventory, now: Moment) -> Option<Watch> {
        let previous = self.previous(&environment.key);
        match self.asked.remove(&environment.key) {
            Some(asked) => {
                let is_deploy = asked.version.is_some();
                let watch = Watch::begin(environment, asked.version, asked.request_id, asked.at);
                Some(match asked.removes {
                    Some(from) => watch.rolling_back(from),
                    None if is_deploy => watch.after(asked.previous),
                    None => watch.of_settings(),
                })
            }
            None => Watch::in_progress(environment, inventory, now).map(|watch| watch.after(previous)),
        }
    }

    /// Returns the versions of the last update that was followed: another one back to the former is a rollback.
    fn previous(&self, key: &Key<Environment>) -> Option<(Arc<str>, Arc<str>)> {
        let versions = self.watches.get(key)?.versions();
        versions.before.clone().zip(versions.requested.clone()).filter(|(before, requested)| before != requested)
    }

    /// An operation of one step has ended.
    pub(super) fn wrote(&mut self, operation: &Operation, written: &Written) -> Response {
        if written.outcome.is_done() || matches!(written.outcome, Outcome::Unknown(_)) {
            self.expect(operation, written, None);
        }
        Response::step(Step::LookAt(operation.subject.key.clone()))
    }

    /// Follows the update of our own write by its request id; `removes`: as the end of a rollback.
    fn expect(&mut self, operation: &Operation, written: &Written, removes: Option<Arc<str>>) {
        let version = match operation.steps.last().map(|step| &step.work) {
            Some(Work::Deploy { version, .. }) => Some(Arc::clone(version)),
            Some(Work::Scale { .. } | Work::Options(_)) => None,
            // No updates, or none of ours.
            _ => return,
        };
        let key = operation.subject.key.clone();
        let (request_id, previous) = (written.request_ids.first().cloned(), self.previous(&key));
        let asked = RequestedUpdate { version, request_id, at: written.at, removes, previous };
        // What was followed before is over: this is another update.
        self.watches.remove(&key);
        self.asked.insert(key, asked);
    }
}
