//! Whether an action is available now, and if not, why. Keyboard, footer, palette and help all use this.

mod looks;
mod writes;

use std::fmt;

use super::State;
use crate::app::action::{Action, ActionFacts, Layer};
use crate::app::screens::probe::ProbeRun;

/// Why an action cannot be done now: a sentence without its full stop, in which keys are the user's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason(String);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<T: Into<String>> From<T> for Reason {
    fn from(sentence: T) -> Self {
        Self(sentence.into())
    }
}

/// `Ok`: it can be done.
type Availability = Result<(), Reason>;

/// The reason, unless the condition holds.
fn require<T: Into<Reason>>(condition: bool, reason: impl FnOnce() -> T) -> Availability {
    if condition { Ok(()) } else { Err(reason().into()) }
}

impl Action {
    /// Returns whether its key does something now, in the focused component.
    ///
    /// # Errors
    /// Why it is not available.
    pub fn availability(self, state: &State) -> Result<(), Reason> {
        self.availability_in(state.layer(), state)
    }

    /// Returns the same for the layer that will have the keyboard when it is done: palette and help are on top of it.
    ///
    /// # Errors
    /// Why it is not available.
    pub fn availability_in(self, layer: Layer, state: &State) -> Result<(), Reason> {
        let facts = self.facts();
        require(facts.layers.contains(&layer), || elsewhere(&[facts]))?;
        match self {
            Self::Undo if layer == Layer::Guide => state.can_take_https_back(),
            Self::Open if layer == Layer::Settings => state.can_edit(),
            Self::Open if layer == Layer::Findings => state.can_fix(),
            Self::Refresh if layer == Layer::Logs => state.can_read_logs_again(),
            Self::NextInstance | Self::PreviousInstance | Self::NextMatch | Self::PreviousMatch | Self::SaveLogs => {
                state.can_look_into_logs(self)
            }
            Self::DeployView | Self::Logs | Self::Why => state.current_environment().map(|_| ()),
            Self::Probe => state.can_probe(),
            Self::CancelProbe => {
                let is_under_way = state.probe_on_screen().is_some_and(ProbeRun::is_under_way);
                require(is_under_way, || state.keyed("no probe is under way; {probe} starts one"))
            }
            Self::Profile | Self::Region => state.can_switch(),
            Self::Console => state.can_open_console(),
            Self::SignIn => state.can_sign_in(),
            Self::Silence => state.can_silence(),
            Self::Edit => state.can_edit(),
            Self::Stickiness => state.can_toggle_stickiness(),
            Self::Adopt | Self::PutBack => state.can_resolve_drift(),
            Self::Undo | Self::MuteAlarms => state.can_write(),
            Self::Restart | Self::Scale | Self::SetOption => state.can_update(),
            Self::Swap => state.can_swap(),
            Self::Replace => state.can_replace(),
            Self::Session => state.can_open_session(),
            Self::DeployVersion => state.can_deploy(),
            Self::Abort => state.can_abort(),
            Self::Rollback => state.can_roll_back(),
            Self::Https => state.can_set_up_https(),
            Self::Retry | Self::StopHere => state.can_go_on_with_https(self),
            Self::ContinueAnyway => state.can_pass_https(),
            Self::Open | Self::Longer | Self::Shorter | Self::Zones | Self::Classic if layer == Layer::Metrics => {
                state.has_charts().and_then(|()| state.can_look(self, layer))
            }
            _ => state.can_look(self, layer),
        }
    }
}

/// Returns the reason for a key that does nothing here but has actions elsewhere.
#[must_use]
pub fn elsewhere(actions: &[&ActionFacts]) -> Reason {
    let place = |facts: &ActionFacts| {
        let layers: Vec<_> = facts.layers.iter().map(|layer| layer.as_str()).collect();
        format!("{} ({})", facts.name, layers.join(", "))
    };
    let places: Vec<_> = actions.iter().map(|facts| place(facts)).collect();
    format!("not on this screen, only elsewhere: {}", places.join("; ")).into()
}
