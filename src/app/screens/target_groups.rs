//! The picker of target groups: nothing is written to a group that the user has not chosen.

mod acting;

use std::sync::Arc;

use crate::app::list::ListState;
use crate::model::{Environment, Key, TargetGroup};

/// A target group is picked for a toggle of its stickiness.
#[derive(Clone, Debug)]
pub struct TargetGroupPicker {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// The groups, each with its words.
    pub choices: Vec<(String, Key<TargetGroup>)>,
    /// The same as a list.
    pub rows: ListState,
}

impl TargetGroupPicker {
    /// A picker among these.
    #[must_use]
    pub fn new(environment: Key<Environment>, name: Arc<str>, choices: Vec<(String, Key<TargetGroup>)>) -> Self {
        Self { rows: ListState::new(choices.len()), environment, name, choices }
    }
}
