//! The picker of what an intent is about: nothing is written to an object that the user has not chosen.

mod acting;

use crate::app::draft::EditIntent;
use crate::app::list::ListState;
use crate::model::{Environment, Key};

/// One of several intents is picked: on which target group stickiness is toggled, with which environment CNAMEs are
/// exchanged.
#[derive(Clone, Debug)]
pub struct IntentPicker {
    /// The environment.
    pub environment: Key<Environment>,
    /// What is asked.
    pub question: String,
    /// The title of what follows.
    pub title: String,
    /// The intents, each with its words.
    pub choices: Vec<(String, EditIntent)>,
    /// The same as a list.
    pub rows: ListState,
}

impl IntentPicker {
    /// A picker among these.
    #[must_use]
    pub fn new(
        environment: Key<Environment>,
        (question, title): (String, String),
        choices: Vec<(String, EditIntent)>,
    ) -> Self {
        Self { rows: ListState::new(choices.len()), environment, question, title, choices }
    }
}
