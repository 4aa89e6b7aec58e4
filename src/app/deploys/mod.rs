//! Updates that are followed, and the Deploy screen as the user has it.
//!
//! Every environment that is updating is followed with what is read anyway; the one whose Deploy screen is open, or that
//! is on a way back, is read as often as its budget allows.

mod writing;

use std::sync::Arc;

pub use writing::Writing;

use super::polling::Ledger;
use crate::change::WayBack;
use crate::deploy::{Look, Sight, Watch};
use crate::model::{Environment, EnvironmentStatus, Inventory, Key, Map, Moment, Source, Topology};

/// No more updates are followed at once.
const MOST_WATCHES: usize = 50;

/// The Deploy screen's state.
#[derive(Clone, Debug)]
pub struct DeployView {
    /// Of which environment.
    pub key: Key<Environment>,
    /// The first lane on screen.
    pub scroll: usize,
    /// How many lanes fit; told by the last drawing.
    pub height: usize,
}

/// What is followed.
#[derive(Clone, Debug, Default)]
pub struct Deploys {
    /// The update of each environment that was last seen.
    pub watches: Map<Key<Environment>, Watch>,
    /// The Deploy screen, if it is open.
    pub view: Option<DeployView>,
    /// The way back that is under way.
    pub way: Option<WayBack>,
    /// Ways back that an earlier run did not end.
    pub offered: Vec<WayBack>,
    /// What a write of ours asked for, until its update is seen: the version, the request and when.
    pub asked: Map<Key<Environment>, Asked>,
}

/// An update that we asked for ourselves.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The version.
    pub version: Option<Arc<str>>,
    /// The request, by which its events are known.
    pub request_id: Option<Arc<str>>,
    /// When AWS took it.
    pub at: Moment,
}

impl Deploys {
    /// The environments that are read as often as possible.
    pub fn watched(&self) -> impl Iterator<Item = &Key<Environment>> {
        let way = self.way.as_ref().filter(|way| !way.is_over()).map(|way| &way.subject.key);
        self.view.as_ref().map(|view| &view.key).into_iter().chain(way)
    }

    /// Takes in what there is to see; whether anything happened that a screen shows.
    pub fn observe(&mut self, inventory: &Inventory, topology: &Topology, ledger: &Ledger, now: Moment) -> bool {
        let begun = self.begin(inventory, now);
        let look = |source: &Source| Look { at: ledger.read_at(source), fault: ledger.fault(source).cloned() };
        let sight = Sight { now, inventory, topology, look: &look };
        let happened = self.watches.values_mut().filter(|watch| !watch.is_over()).map(|watch| watch.observe(&sight));
        let any = happened.fold(false, |any, happened| any | !happened.is_empty());
        any || begun
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
                begun = true;
            }
        }
        begun
    }

    fn watch_of(&mut self, environment: &Environment, inventory: &Inventory, now: Moment) -> Option<Watch> {
        match self.asked.remove(&environment.key) {
            Some(asked) => Some(Watch::begin(environment, asked.version, asked.request_id, asked.at)),
            None => Watch::in_progress(environment, inventory, now),
        }
    }

    /// The update of the environment whose Deploy screen is open.
    #[must_use]
    pub fn shown(&self) -> Option<&Watch> {
        self.watches.get(&self.view.as_ref()?.key)
    }
}
