//! What a probe from outside found of an environment, and when: it is kept, so that the checks can judge by it.

use std::time::Duration;

use serde::Serialize;

use super::Moment;

/// So long what a probe found counts. Later it is shown with its age, and nothing follows from it.
pub const PROBE_COUNTS_FOR: Duration = Duration::from_secs(3600);

/// What the last probe of an environment found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProbeRecord {
    /// When it ended.
    pub at: Moment,
    /// The URL that was requested.
    pub url: String,
    /// What was found, the worst first.
    pub findings: Vec<ProbeFinding>,
    /// Why nothing was reached, so that nothing is known; `None` if something answered.
    pub unreachable: Option<String>,
}

impl ProbeRecord {
    /// Returns whether it is too old for anything to follow from it.
    #[must_use]
    pub fn is_stale(&self, now: Moment) -> bool {
        now.since(self.at) > PROBE_COUNTS_FOR
    }
}

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

impl ProbeSeverity {
    /// The word of the JSON answers and of the table of signs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
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
