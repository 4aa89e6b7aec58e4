//! The Events tab as the user has it: newest last, following until the user goes up.

use std::sync::Arc;

use crate::model::{Environment, EnvironmentEvent, Inventory, Moment, Severity};

/// The Events tab's state.
#[derive(Clone, Debug, Default)]
pub struct TimelineView {
    /// Events less severe than this are not shown.
    pub least: Least,
    /// The selected event; `None` follows the newest.
    pub selected: Option<EventMark>,
    /// How many events fit; set by the last frame.
    pub height: usize,
}

/// What an event is known by, though others come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventMark {
    at: Moment,
    environment: Option<Arc<str>>,
    message: Arc<str>,
}

impl EventMark {
    fn of(event: &EnvironmentEvent) -> Self {
        let EnvironmentEvent { at, environment, message, .. } = event;
        Self { at: *at, environment: environment.clone(), message: Arc::clone(message) }
    }

    fn is_of(&self, event: &EnvironmentEvent) -> bool {
        event.at == self.at && event.message == self.message && event.environment == self.environment
    }
}

/// The least severity that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Least {
    /// All.
    #[default]
    Trace,
    /// INFO and worse.
    Info,
    /// WARN and worse.
    Warn,
    /// ERROR and worse.
    Error,
}

impl Least {
    /// The next stricter one, then all again.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Trace => Self::Info,
            Self::Info => Self::Warn,
            Self::Warn => Self::Error,
            Self::Error => Self::Trace,
        }
    }

    /// A word for the tab's title.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trace => "all",
            Self::Info => "INFO and worse",
            Self::Warn => "WARN and worse",
            Self::Error => "ERROR and worse",
        }
    }

    fn severity(self) -> Severity {
        match self {
            Self::Trace => Severity::Trace,
            Self::Info => Severity::Info,
            Self::Warn => Severity::Warn,
            Self::Error => Severity::Error,
        }
    }
}

impl TimelineView {
    /// The events of an environment that are shown, oldest first.
    #[must_use]
    pub fn events<'a>(&self, inventory: &'a Inventory, environment: &Environment) -> Vec<&'a EnvironmentEvent> {
        self.shown(inventory, |event| event.environment.as_ref() == Some(&environment.name))
    }

    /// The events that are severe enough and of which this is true, oldest first.
    pub fn shown<'a>(
        &self,
        inventory: &'a Inventory,
        is_meant: impl FnMut(&&EnvironmentEvent) -> bool,
    ) -> Vec<&'a EnvironmentEvent> {
        let least = self.least.severity().rank();
        let mut is_meant = is_meant;
        let severe = inventory.events.iter().filter(|event| event.severity.rank() >= least);
        let mut events: Vec<_> = severe.filter(|event| is_meant(event)).collect();
        events.reverse();
        events
    }

    /// The selected event's place among those shown: the newest while it follows.
    #[must_use]
    pub fn position(&self, events: &[&EnvironmentEvent]) -> usize {
        let last = events.len().saturating_sub(1);
        let Some(mark) = &self.selected else { return last };
        let place = events.iter().position(|event| mark.is_of(event));
        place.unwrap_or_else(|| events.partition_point(|event| event.at < mark.at).min(last))
    }

    /// Moves the selection; at the newest it follows again.
    pub fn move_by(&mut self, rows: isize, events: &[&EnvironmentEvent]) {
        let at = self.position(events).saturating_add_signed(rows).min(events.len().saturating_sub(1));
        let followed = at + 1 >= events.len();
        self.selected = events.get(at).filter(|_| !followed).map(|event| EventMark::of(event));
    }

    /// A click on a line selects its event. Returns whether it was selected already.
    pub fn click(&mut self, line: usize, events: &[&EnvironmentEvent]) -> bool {
        let selected = self.position(events);
        let at = self.first(selected, events.len()) + line;
        let Some(event) = events.get(at) else { return false };
        let is_again = at == selected && self.selected.is_some();
        self.selected = Some(EventMark::of(event));
        is_again
    }

    /// The first event on screen: the selected one is among those that fit, and the newest are at the bottom.
    #[must_use]
    pub fn first(&self, selected: usize, length: usize) -> usize {
        let height = self.height.max(1);
        let last = length.saturating_sub(height);
        // Half a screen of what came after it stays in sight.
        (selected + 1 + height / 2).saturating_sub(height).min(last)
    }
}
