//! What follows from a key or from news: screens and operations look at the state and answer with steps; only the application
//! changes the state.

use std::sync::Arc;

use super::action::{Action, Layer};
use super::message::Effect;
use super::screens::fleet::FleetChange;
use super::screens::probe::ProbeRun;
use super::screens::{Confirm, Level, PendingIntent, Screen};
use crate::config::Silences;
use crate::model::{Environment, Fault, Key, Scope, Source};

/// A change of the dashboard's state, or something to do.
#[derive(Clone, Debug)]
pub enum Step {
    /// Opens a screen.
    Open(Screen),
    /// Opens a screen unless another of its level is open.
    OpenIfFree(Screen),
    /// Closes the screen of a level.
    Close(Level),
    /// Shows a notice for a few seconds.
    Notice(String),
    /// Writes to the log, and shows a notice.
    Report(String),
    /// Writes to the log.
    Log(String),
    /// Writes a fault to the log, unless it is among the last ones.
    LogFault(Arc<Fault>),
    /// The picture differs.
    Redraw,
    /// Plans again what is read for the screen.
    Plan,
    /// Computes the tree and the targets of the open environment again.
    Rebuild,
    /// Changes how the Fleet is arranged.
    Arrange(FleetChange),
    /// Shows only settings that contain these words.
    FilterSettings(String),
    /// Shows only events of the fleet that contain these words.
    FilterEvents(String),
    /// Reads a source again at once.
    Reread(Source),
    /// Reads an environment, its events and its settings again at once.
    LookAt(Key<Environment>),
    /// Reads everything again that edits of an environment are planned on.
    RereadSettings(Key<Environment>),
    /// Changes what is silenced.
    SetSilences(Silences),
    /// Carries out what is confirmed.
    Apply(Box<Confirm>),
    /// Carries out an action in a layer, as its key would.
    Perform(Layer, Action),
    /// Shows another profile or region.
    SwitchScope(Scope),
    /// Reads all that is on screen again.
    Refresh,
    /// Holds the picture still, or ends that.
    TogglePause,
    /// Quits, or warns that a write is under way.
    Quit,
    /// Records why a rollback of an environment stopped.
    StopRollback(Key<Environment>, String),
    /// Shows the HTTPS setup that an earlier run left unfinished.
    TakeUpHttps(Key<Environment>),
    /// Forgets the HTTPS setup that is shown; `finished_only`: if it has finished.
    ForgetHttps {
        /// Whether one that has not finished is kept.
        finished_only: bool,
    },
    /// Starts a probe of an environment, in place of the one before.
    StartProbe(Key<Environment>, Box<ProbeRun>),
    /// Records that the user cancelled the probe of an environment.
    EndProbe(Key<Environment>),
    /// Something for the runtime to do.
    Effect(Effect),
}

/// The steps of an answer, in their order.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Response(Vec<Step>);

impl Response {
    /// Nothing follows.
    pub fn none() -> Self {
        Self::default()
    }

    /// One step.
    pub fn step(step: Step) -> Self {
        Self(vec![step])
    }

    /// Opens a screen.
    pub fn open(screen: impl Into<Screen>) -> Self {
        Self::step(Step::Open(screen.into()))
    }

    /// Closes the screen of a level.
    pub fn close(level: Level) -> Self {
        Self::step(Step::Close(level))
    }

    /// Shows a notice.
    pub fn notice(text: impl Into<String>) -> Self {
        Self::step(Step::Notice(text.into()))
    }

    /// Writes to the log, and shows a notice.
    pub fn report(text: impl Into<String>) -> Self {
        Self::step(Step::Report(text.into()))
    }

    /// Something for the runtime to do.
    pub fn effect(effect: Effect) -> Self {
        Self::step(Step::Effect(effect))
    }

    /// Waits until everything is read that the next dialog depends on.
    pub fn wait_for(intent: PendingIntent) -> Self {
        Self::open(intent).then(Step::Plan)
    }

    /// The same, and then this step.
    pub fn then(mut self, step: Step) -> Self {
        self.0.push(step);
        self
    }

    /// The same, and then what another answer says.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The same, and then a notice.
    pub fn and_notice(self, text: impl Into<String>) -> Self {
        self.then(Step::Notice(text.into()))
    }

    /// Adds a step.
    pub fn push(&mut self, step: Step) {
        self.0.push(step);
    }
}

impl IntoIterator for Response {
    type Item = Step;
    type IntoIter = std::vec::IntoIter<Step>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl FromIterator<Response> for Response {
    fn from_iter<T: IntoIterator<Item = Response>>(responses: T) -> Self {
        responses.into_iter().fold(Self::none(), Self::and)
    }
}
