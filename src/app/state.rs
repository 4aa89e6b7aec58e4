//! Everything that the screen shows: what was read, and what the user is doing.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::action::{Action, Keymap, Layer};
use super::deploys::Deploys;
use super::fleet::{Column, Fleet, FleetRow};
use super::hit_map::HitMap;
use super::https::Https;
use super::logs::{Logs, Sample};
use super::scopes::ScopeStates;
use super::screens::{Screen, ScreenStack};
use super::session::SessionState;
use super::settings::{Arriving, ImpactWatches};
use super::writing::Writing;
use crate::change::Confirmation;
use crate::config::{Chord, is_production};
use crate::deploy::Watch;
use crate::diagnosis::{Finding, Inputs, Topic, findings_about, row_sentence};
use crate::model::{Environment, Fault, Key, Moment, ReadOutcome, ScopeId, Scopes, Snapshot};
use crate::polling::{Cadences, Freshness, Plans, Poller};
use jiff::tz::TimeZone;

/// What the user chose before the program started.
#[derive(Clone, Debug)]
pub struct DashboardSetup {
    /// The scope that is shown.
    pub scope: ScopeId,
    /// All scopes.
    pub scopes: Scopes,
    /// The keys.
    pub keymap: Keymap,
    /// Budgets of the services.
    pub plans: Plans,
    /// The limit of `CloudWatch` costs, in dollars an hour.
    pub metrics_cap: f64,
    /// How often each kind is read.
    pub cadences: Cadences,
    /// The Fleet's columns.
    pub columns: Vec<Column>,
    /// The column sorted by.
    pub sort: Column,
    /// Whether that order is turned round.
    pub reverse: bool,
    /// Patterns of the names of production environments.
    pub production: Vec<String>,
    /// The host names that clients use, by environment.
    pub hostnames: BTreeMap<String, Vec<String>>,
    /// Whether nothing may be written.
    pub read_only: bool,
    /// The scenario's name if the region is simulated.
    pub simulated: Option<Arc<str>>,
    /// The zone that clocks are shown in.
    pub time_zone: TimeZone,
}

impl DashboardSetup {
    /// Whether an environment is production, by its name.
    #[must_use]
    pub fn is_production(&self, environment: &str) -> bool {
        is_production(&self.production, environment)
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// When.
    pub at: Moment,
    /// What failed, if a call did.
    pub fault: Option<Arc<Fault>>,
    /// The whole text.
    pub text: String,
}

/// Everything that the screen shows.
#[derive(Clone, Debug)]
pub struct State {
    /// The newest moment that a message carried.
    pub now: Moment,
    /// What the user chose.
    pub setup: DashboardSetup,
    /// The snapshot of each scope, and its poller.
    pub scopes: ScopeStates,
    /// The home screen.
    pub fleet: Fleet,
    /// The screens that are open over it.
    pub screens: ScreenStack,
    /// Updates that are followed.
    pub deploys: Deploys,
    /// The instances' logs.
    pub logs: Logs,
    /// HTTPS that is being set up or undone.
    pub https: Https,
    /// Values that were written, until they are live.
    pub arriving: Vec<Arriving>,
    /// Updates that Beanstalk reverted, and that were dealt with.
    pub reverts: crate::app::settings::Reverts,
    /// The impact of changes of settings that are watched.
    pub impacts: ImpactWatches,
    /// The write that is under way.
    pub writing: Option<Writing>,
    /// The user's last confirmation, for the steps of a rollback.
    pub confirmation: Option<Confirmation>,
    /// Since when the picture is held still, and the answers that came meanwhile.
    pub paused: Option<(Moment, Vec<ReadOutcome>)>,
    /// The log of notices and faults, oldest first.
    pub log: VecDeque<LogEntry>,
    /// Whether the terminal has the focus: reads that cost money run only while it has.
    pub focused: bool,
    /// A notice to the user, and when it was shown.
    pub notice: Option<(String, Moment)>,
    /// Where the last frame drew what can be selected.
    pub hit_map: HitMap,
}

impl State {
    /// Returns the layer that has the keyboard.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.screens.top().map_or(Layer::Fleet, Screen::layer)
    }

    /// Returns the layer that would have the keyboard without a list or a filter on top.
    #[must_use]
    pub fn layer_below(&self) -> Layer {
        self.screens.under_lists().map_or(Layer::Fleet, Screen::layer)
    }

    /// The update of the environment whose Deploy screen is open.
    #[must_use]
    pub fn watch_on_screen(&self) -> Option<&Watch> {
        self.deploys.watches.get(&self.screens.deploy()?.key)
    }

    /// Returns the logs on screen.
    #[must_use]
    pub fn logs_on_screen(&self) -> Option<&Sample> {
        self.logs.of(&self.screens.logs()?.key)
    }

    /// The key of an action, as the user has it; empty if it has none.
    #[must_use]
    pub fn key_name(&self, action: Action) -> String {
        self.setup.keymap.chords(action).first().map(Chord::to_string).unwrap_or_default()
    }

    /// Returns a sentence in which each `{name}` is replaced by the user's key for the action of that name.
    #[must_use]
    pub fn keyed(&self, sentence: &str) -> String {
        self.setup.keymap.resolve(sentence)
    }

    /// Returns the snapshot of the scope that is shown.
    #[must_use]
    pub fn snapshot(&self) -> &Snapshot {
        &self.scopes.shown().snapshot
    }

    /// Returns the poller of the scope that is shown.
    #[must_use]
    pub fn poller(&self) -> &Poller {
        &self.scopes.shown().poller
    }

    /// The same, to change it.
    pub fn poller_mut(&mut self) -> &mut Poller {
        &mut self.scopes.shown_mut().poller
    }

    /// Whether calls can be made in the scope that is shown.
    #[must_use]
    pub fn session(&self) -> &SessionState {
        &self.scopes.shown().session
    }

    /// The same, to change it.
    pub fn session_mut(&mut self) -> &mut SessionState {
        &mut self.scopes.shown_mut().session
    }

    /// Returns which values can be relied on now.
    #[must_use]
    pub fn freshness(&self) -> Freshness<'_> {
        self.scopes.shown().freshness(&self.setup.cadences, self.shown_at())
    }

    /// Why an environment's row is where it is; `None` if the environment is not known any more.
    #[must_use]
    pub fn row_sentence(&self, row: &FleetRow) -> Option<String> {
        let (snapshot, freshness) = (self.snapshot(), self.freshness());
        let inputs = Inputs::new(snapshot, &freshness, &row.key)?;
        Some(row_sentence(&inputs.with_values(row.values())))
    }

    /// Returns the findings of the checks about one topic in an environment.
    #[must_use]
    pub fn findings_about(&self, environment: &Key<Environment>, topic: Topic) -> Vec<Finding> {
        let (snapshot, freshness) = (self.snapshot(), self.freshness());
        Inputs::new(snapshot, &freshness, environment).map_or(Vec::new(), |inputs| findings_about(&inputs, topic))
    }

    /// Whether metrics are read: while the terminal has the focus, and not at all if the cap on their cost is 0.
    #[must_use]
    pub fn buys_metrics(&self) -> bool {
        self.focused && self.setup.metrics_cap > 0.0
    }

    /// Returns the moment against which ages are shown: the one at which the screen was paused, else now.
    #[must_use]
    pub fn shown_at(&self) -> Moment {
        self.paused.as_ref().map_or(self.now, |(since, _)| *since)
    }
}
