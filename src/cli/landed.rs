//! What AWS applied of a command, or may have applied: nothing that happens afterwards makes it look unwritten.

use std::process::ExitCode;
use std::sync::Arc;

use super::failure::{ExitStatus, Failure};
use super::output;
use crate::change::{Outcome, Written};
use crate::model::clean;

/// A write that AWS took, or may have taken.
#[derive(Clone, Debug)]
pub struct Landed {
    /// What, as `deploy web`.
    what: String,
    /// Its id in the log.
    id: Arc<str>,
    outcome: Outcome,
}

impl Landed {
    /// Returns the write, if AWS applied it or may have. Reports at once if the log lacks the end of it.
    pub fn of(what: String, written: &Written) -> Option<Self> {
        let has_landed = matches!(written.outcome, Outcome::Applied | Outcome::Partial(_) | Outcome::Unknown(_));
        let id = written.id.clone().filter(|_| has_landed);
        let landed = id.map(|id| Self { what, id, outcome: written.outcome.clone() });
        if let Some(why) = &written.unrecorded {
            let written = landed.as_ref().map(|it| format!("{}; ", it.words())).unwrap_or_default();
            output::remark(&format!("beanpole: {written}how it ended is not in the log: {why}"));
        }
        landed
    }

    /// Returns the sentence about it, whatever happened afterwards.
    fn words(&self) -> String {
        let taken = match self.outcome {
            Outcome::Partial(_) => "a part of it was written",
            Outcome::Unknown(_) => "whether it was written is not known",
            _ => "it was written",
        };
        clean(&format!("{}: {taken} (id {})", self.what, self.id)).into_owned()
    }

    /// Returns the end of a command that wrote this and ended so.
    pub fn ended(self, ended: Result<ExitCode, Failure>) -> Result<ExitCode, Failure> {
        match ended {
            Ok(status) => {
                if output::is_unread() {
                    output::remark(&format!("beanpole: {}; its answer was not read", self.words()));
                }
                Ok(status)
            }
            Err(failure) => {
                let is_signal =
                    matches!(failure.status, ExitStatus::Interrupted | ExitStatus::Terminated | ExitStatus::HungUp);
                let status = if is_signal { failure.status } else { ExitStatus::Unknown };
                let what = format!("{}; then: {failure}", self.words());
                let hint = failure.hint.or_else(|| Some("what was written: beanpole log".to_owned()));
                Err(Failure { status, what, hint, source: None })
            }
        }
    }
}
