//! What a probe found: wrong, or worth knowing.

use serde::Serialize;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProbeSeverity {
    /// What was probed does not work.
    Critical,
    /// It works, and clients will have trouble.
    Warning,
    /// Worth knowing.
    Info,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeFinding {
    /// Its name.
    pub check: &'static str,
    /// How bad it is.
    pub severity: ProbeSeverity,
    /// What was found: a sentence without its full stop.
    pub message: String,
    /// What shows it.
    pub evidence: Vec<String>,
    /// What to do; empty if there is nothing.
    pub fix: String,
}

impl ProbeFinding {
    /// Returns a finding of something that does not work.
    #[must_use]
    pub fn critical(check: &'static str, message: impl Into<String>) -> Self {
        let (message, evidence, fix) = (message.into(), Vec::new(), String::new());
        Self { check, severity: ProbeSeverity::Critical, message, evidence, fix }
    }

    /// Returns a finding of something that will make trouble.
    #[must_use]
    pub fn warning(check: &'static str, message: impl Into<String>) -> Self {
        Self { severity: ProbeSeverity::Warning, ..Self::critical(check, message) }
    }

    /// Returns a finding worth knowing.
    #[must_use]
    pub fn info(check: &'static str, message: impl Into<String>) -> Self {
        Self { severity: ProbeSeverity::Info, ..Self::critical(check, message) }
    }

    /// Adds what shows it.
    #[must_use]
    pub fn shown_by(mut self, evidence: impl Into<String>) -> Self {
        self.evidence.push(evidence.into());
        self
    }

    /// Adds what to do.
    #[must_use]
    pub fn fixed_by(mut self, fix: impl Into<String>) -> Self {
        self.fix = fix.into();
        self
    }
}
