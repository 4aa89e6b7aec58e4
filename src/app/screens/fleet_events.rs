//! `V`: the events of all environments as one list, newest last.

mod acting;

use super::environment::TimelineView;
use crate::app::filter::Filter;
use crate::model::{EnvironmentEvent, Inventory};

/// The events of all environments.
#[derive(Clone, Debug, Default)]
pub struct FleetEventsView {
    /// Which events, and which one is selected.
    pub timeline: TimelineView,
    /// Only events are shown whose environment and message contain these words.
    pub filter: String,
}

impl FleetEventsView {
    /// Returns the events that are shown, oldest first.
    #[must_use]
    pub fn events<'a>(&self, inventory: &'a Inventory) -> Vec<&'a EnvironmentEvent> {
        let mut filter = Filter::words(&self.filter);
        let mut contains = |event: &EnvironmentEvent| {
            let name = event.environment.as_deref().unwrap_or_default();
            self.filter.is_empty() || filter.finds(&format!("{name} {}", event.message))
        };
        self.timeline.shown(inventory, |event| contains(event))
    }

    /// Returns the selected event: the newest while it follows.
    #[must_use]
    pub fn selected<'a>(&self, inventory: &'a Inventory) -> Option<&'a EnvironmentEvent> {
        let events = self.events(inventory);
        events.get(self.timeline.position(&events)).copied()
    }
}
