//! Times of day, as the Deploy screen writes them.

use crate::app::State;
use crate::model::Moment;

/// A time of day in the zone of the screen.
pub(super) fn clock(state: &State, at: Moment, seconds: bool) -> String {
    let format = if seconds { "%H:%M:%S" } else { "%H:%M" };
    at.0.to_zoned(state.setup.time_zone.clone()).strftime(format).to_string()
}
