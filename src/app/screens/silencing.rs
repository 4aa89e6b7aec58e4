//! The dialog in which a finding is silenced with a reason, or its silence is ended: what it writes into the configuration.

mod acting;

use tui_input::{Input, InputRequest};

use crate::config::SilenceEdit;
use crate::diagnosis::Finding;
use crate::model::{Environment, Key, clean};

/// What the dialog is for.
#[derive(Clone, Debug)]
pub enum SilencePurpose {
    /// To silence a finding.
    Begin {
        /// The reason, as far as it is typed.
        reason: Input,
        /// Whether it is silenced in all environments, not in this one alone.
        is_everywhere: bool,
        /// Whether that choice has the keyboard, not the reason.
        is_at_reach: bool,
    },
    /// To end a silence.
    End {
        /// The pattern that covers the environment.
        pattern: String,
        /// The reason that it has.
        reason: String,
        /// How many other environments it covers.
        others: usize,
    },
}

/// The dialog's state.
#[derive(Clone, Debug)]
pub struct SilenceForm {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub name: String,
    /// The name of the check.
    pub check: &'static str,
    /// What it found.
    pub summary: String,
    /// What the dialog is for.
    pub purpose: SilencePurpose,
    /// Whether the change is being written.
    pub is_written: bool,
    /// Why it could not be written.
    pub failure: Option<String>,
}

impl SilenceForm {
    /// The dialog about a finding of an environment.
    #[must_use]
    pub fn new(environment: &Environment, finding: &Finding, purpose: SilencePurpose) -> Self {
        Self {
            environment: environment.key.clone(),
            name: environment.name.to_string(),
            check: finding.check.id,
            summary: finding.summary.clone(),
            purpose,
            is_written: false,
            failure: None,
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = if matches!(self.purpose, SilencePurpose::Begin { .. }) { "Silence" } else { "End the silence of" };
        format!("{verb} {} in {}", self.check, clean(&self.name))
    }

    /// The change that it writes.
    ///
    /// # Errors
    /// In words, if something is missing for it.
    pub fn planned(&self) -> Result<SilenceEdit, &'static str> {
        let check = self.check.to_owned();
        match &self.purpose {
            SilencePurpose::Begin { reason, .. } if reason.value().trim().is_empty() => Err("a reason is needed"),
            SilencePurpose::Begin { reason, is_everywhere, .. } => {
                let pattern = if *is_everywhere { "*".to_owned() } else { self.name.clone() };
                Ok(SilenceEdit::Add { check, pattern, reason: reason.value().trim().to_owned() })
            }
            SilencePurpose::End { pattern, .. } => Ok(SilenceEdit::Remove { check, pattern: pattern.clone() }),
        }
    }

    /// To the other field.
    fn turn(&mut self) {
        if let SilencePurpose::Begin { is_at_reach, .. } = &mut self.purpose {
            *is_at_reach = !*is_at_reach;
        }
    }

    /// Takes a key in: into the reason, or to the other choice.
    fn handle(&mut self, request: InputRequest) {
        let SilencePurpose::Begin { reason, is_everywhere, is_at_reach } = &mut self.purpose else { return };
        let turns =
            matches!(request, InputRequest::GoToNextChar | InputRequest::GoToPrevChar | InputRequest::InsertChar(' '));
        match *is_at_reach {
            true if turns => *is_everywhere = !*is_everywhere,
            true => {}
            false => drop(reason.handle(request)),
        }
    }
}
