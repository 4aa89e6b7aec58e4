//! Everything that the screen shows: what was read, and what the user is doing.

mod acting;
mod availability;
mod drafting;
mod requests;
mod version_before;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::app::action::{Action, Layer};
use crate::app::hit_map::HitMap;
use crate::app::operations::Operations;
use crate::app::scopes::ScopeStates;
use crate::app::screens::ScreenStack;
use crate::app::screens::fleet::{Fleet, FleetRow};
use crate::app::screens::logs::{Logs, Sample};
use crate::app::screens::probe::{ProbeRun, ProbeRuns};
use crate::app::session::SessionState;
use crate::app::setup::DashboardSetup;
use crate::config::Chord;
use crate::deploy::Watch;
use crate::diagnosis::{Finding, Topic, findings_about, row_sentence};
use crate::model::{Environment, Fault, Key, Moment, ReadOutcome, Snapshot};
use crate::polling::{Freshness, Poller};

pub use availability::{Reason, elsewhere};

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
    /// The instances' logs.
    pub logs: Logs,
    /// The probes that were started here.
    pub probes: ProbeRuns,
    /// Operations, and what is followed after them.
    pub operations: Operations,
    /// Since when the picture is held still, and the answers that came meanwhile.
    pub paused: Option<(Moment, Vec<ReadOutcome>)>,
    /// What was said to the user.
    pub messages: Messages,
    /// The terminal that it is drawn on.
    pub terminal: TerminalState,
}

/// The log of notices and faults, and the newest notice.
#[derive(Clone, Debug, Default)]
pub struct Messages {
    /// The log, oldest first.
    pub log: VecDeque<LogEntry>,
    /// A notice to the user, and when it was shown.
    pub notice: Option<(String, Moment)>,
    /// The hint of a first run, and until when it is shown.
    pub hint: Option<(String, Moment)>,
}

/// The state of the terminal.
#[derive(Clone, Debug)]
pub struct TerminalState {
    /// Whether it has the focus: reads that cost money run only while it has.
    pub focused: bool,
    /// Where the last frame drew what can be selected.
    pub hit_map: HitMap,
    /// Whether the border of the preview is being dragged.
    pub is_dragging: bool,
}

impl State {
    /// Returns the layer that has the keyboard.
    #[must_use]
    pub fn layer(&self) -> Layer {
        self.screens.top().map_or(Layer::Fleet, |screen| screen.view().layer())
    }

    /// Returns the layer that would have the keyboard without a list or a filter on top.
    #[must_use]
    pub fn layer_below(&self) -> Layer {
        self.screens.under_lists().map_or(Layer::Fleet, |screen| screen.view().layer())
    }

    /// The update of the environment whose Deploy screen is open.
    #[must_use]
    pub fn watch_on_screen(&self) -> Option<&Watch> {
        self.operations.deploys.watches.get(&self.screens.deploy()?.key)
    }

    /// Returns the probe on screen.
    #[must_use]
    pub fn probe_on_screen(&self) -> Option<&ProbeRun> {
        self.probes.of(&self.screens.probe()?.key)
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
        let inputs = self.setup.checks.inputs(snapshot, &freshness, &row.key)?;
        Some(row_sentence(&inputs.with_values(row.values())))
    }

    /// Returns the findings of the checks about one topic in an environment.
    #[must_use]
    pub fn findings_about(&self, environment: &Key<Environment>, topic: Topic) -> Vec<Finding> {
        let (snapshot, freshness) = (self.snapshot(), self.freshness());
        let inputs = self.setup.checks.inputs(snapshot, &freshness, environment);
        inputs.map_or(Vec::new(), |inputs| findings_about(&inputs, topic))
    }

    /// Whether metrics are read: while the terminal has the focus, and not at all if the cap on their cost is 0.
    #[must_use]
    pub fn buys_metrics(&self) -> bool {
        self.terminal.focused && self.setup.metrics_cap > 0.0
    }

    /// Returns the moment against which ages are shown: the one at which the screen was paused, else now.
    #[must_use]
    pub fn shown_at(&self) -> Moment {
        self.paused.as_ref().map_or(self.now, |(since, _)| *since)
    }

    /// Returns whether a write is under way.
    #[must_use]
    pub fn is_writing(&self) -> bool {
        self.operations.writing.is_some()
    }
}
