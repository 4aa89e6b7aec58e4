//! A step of an operation: what it does, when it may begin, and how far it is.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::work::Work;

/// The word of a step that was begun and certainly never sent.
pub const UNSENT: &str = "unsent";

/// The word of a step that was to be the first one sent while writes are frozen. Nothing follows it.
pub const FROZEN: &str = "frozen";

/// The word of a probe that failed and after which the user continued anyway.
pub const PASSED: &str = "passed";

/// A step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its work.
    #[serde(flatten)]
    pub work: Work,
    /// When it may begin.
    pub starts: Starts,
    /// Its progress.
    #[serde(skip)]
    pub progress: StepProgress,
    /// Whether the state existed already, so that there is nothing of ours to undo.
    #[serde(skip)]
    pub was_so: bool,
    /// The description of its result.
    #[serde(skip)]
    pub found: Option<Arc<str>>,
}

/// When a step may begin, and when a step that was begun may be looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Starts {
    /// At once: a status that does not fit is a conflict or a refusal.
    AtOnce,
    /// While there is an update to abort; not needed once the environment is Ready.
    WhileAbortable,
    /// Once the environment is Ready.
    OnceReady,
    /// Once the environment is Ready, and it is not looked up before either: an update may be changing what it would read.
    OnceStill,
}

/// The progress of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum StepProgress {
    /// Not begun.
    #[default]
    Waiting,
    /// Begun, and its end is not recorded: whether AWS took it is not known.
    Begun,
    /// AWS took it, or it was so already.
    Done,
    /// It did not succeed: the word of its outcome.
    Ended(Arc<str>),
}

impl Step {
    /// A step that has not begun.
    #[must_use]
    pub fn new(work: Work, starts: Starts) -> Self {
        Self { work, starts, progress: StepProgress::Waiting, was_so: false, found: None }
    }

    /// Records the word of an outcome, and its description.
    pub(super) fn record(&mut self, word: &str, found: Option<Arc<str>>) {
        self.progress = match word {
            "applied" | "unchanged" | PASSED => StepProgress::Done,
            UNSENT => StepProgress::Waiting,
            // A step that waits for the environment depends on nothing that the user saw: it is decided again.
            "conflict" if matches!(self.starts, Starts::WhileAbortable | Starts::OnceReady) => StepProgress::Waiting,
            "unknown" | "begun" => StepProgress::Begun,
            other => StepProgress::Ended(other.into()),
        };
        self.was_so = word == "unchanged";
        self.found = if word == PASSED { Some(PASSED.into()) } else { found };
    }

    /// Returns whether the user continued although it failed.
    #[must_use]
    pub fn is_passed(&self) -> bool {
        self.progress == StepProgress::Done && self.found.as_deref() == Some(PASSED)
    }

    /// Whether it ended so that nothing after it is done: an abort that came too late does not.
    #[must_use]
    pub fn has_stopped(&self) -> Option<&Arc<str>> {
        match &self.progress {
            StepProgress::Ended(word) if self.starts == Starts::WhileAbortable && **word == *"refused" => None,
            StepProgress::Ended(word) => Some(word),
            _ => None,
        }
    }

    /// Returns whether it may have changed something that can be undone.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        match &self.progress {
            StepProgress::Done => !self.was_so,
            StepProgress::Begun => true,
            StepProgress::Ended(word) => **word == *"partial",
            StepProgress::Waiting => false,
        }
    }
}
