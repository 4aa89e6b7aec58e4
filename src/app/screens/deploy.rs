//! The Deploy screen: the update of one environment.

mod acting;

use crate::app::list::ListState;
use crate::model::{Environment, Key};
use crate::polling::Question;

/// The state of the Deploy screen.
#[derive(Clone, Debug)]
pub struct DeployView {
    /// Of which environment.
    pub key: Key<Environment>,
    /// Its lanes.
    pub lanes: ListState,
}

impl DeployView {
    /// The screen of an environment.
    #[must_use]
    pub fn new(key: Key<Environment>) -> Self {
        Self { key, lanes: ListState::default() }
    }
}

/// Returns the questions about an update that is followed.
#[must_use]
pub fn questions_of_update(key: &Key<Environment>) -> [Question; 2] {
    [Question::Deploy(key.clone()), Question::History(key.clone())]
}
