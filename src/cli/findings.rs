//! Findings and undecided checks as the JSON answers have them: of `doctor` and of `why`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnosis::{Finding, Fix, Undecided};
use crate::model::Environment;

/// A finding in an answer.
#[derive(Clone, Debug, Serialize)]
pub struct FindingItem {
    check: &'static str,
    severity: &'static str,
    environment: Arc<str>,
    environment_id: Arc<str>,
    subject: Arc<str>,
    message: String,
    evidence: Vec<String>,
    fix: FixItem,
    /// Whether the baseline has it; `None` without one.
    in_baseline: Option<bool>,
    /// Why it is silenced; `None` if it is not.
    silenced: Option<String>,
}

/// What to do about a finding.
#[derive(Clone, Debug, Serialize)]
struct FixItem {
    advice: &'static str,
    command: Option<String>,
    option: Option<OptionItem>,
}

/// An option of Beanstalk's.
#[derive(Clone, Debug, Serialize)]
struct OptionItem {
    namespace: &'static str,
    name: &'static str,
    value: &'static str,
}

/// A check that could not be decided.
#[derive(Clone, Debug, Serialize)]
pub struct UndecidedItem {
    check: &'static str,
    /// `None` where the environments could not be listed.
    environment: Option<Arc<str>>,
    reason: String,
}

/// What identifies a finding from one run to the next: no figure, and no text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
pub struct FindingIdentity {
    check: String,
    environment: String,
    subject: String,
}

impl FindingItem {
    /// Returns a finding of an environment.
    pub fn new(finding: &Finding, environment: &Environment) -> Self {
        let option = |fix: &Fix| match fix {
            Fix::Option { namespace, name, value } => Some(OptionItem { namespace, name, value }),
            Fix::Setting { .. } => None,
        };
        let fix = finding.fix.as_ref();
        Self {
            check: finding.check.id,
            severity: finding.severity().as_str(),
            environment: Arc::clone(&environment.name),
            environment_id: Arc::clone(&environment.key.id),
            subject: Arc::clone(finding.subject.id()),
            message: finding.summary.clone(),
            evidence: finding.evidence.clone(),
            fix: FixItem {
                advice: finding.check.advice,
                command: fix.and_then(|fix| fix.command(environment)),
                option: fix.and_then(option),
            },
            in_baseline: None,
            silenced: None,
        }
    }

    /// With the reason why it is silenced.
    pub fn silenced(self, reason: &str) -> Self {
        Self { silenced: Some(reason.to_owned()), ..self }
    }

    /// With whether the baseline has it.
    pub fn in_baseline(self, is_known: Option<bool>) -> Self {
        Self { in_baseline: is_known, ..self }
    }
}

impl UndecidedItem {
    /// Returns a check that could not be decided for an environment.
    pub fn new(undecided: &Undecided, environment: &Environment) -> Self {
        let environment = Some(Arc::clone(&environment.name));
        Self { check: undecided.check.id, environment, reason: undecided.why.to_string() }
    }

    /// Returns a check that could not be decided because no environment could be listed.
    pub fn without_environment(check: &'static str, reason: &str) -> Self {
        Self { check, environment: None, reason: reason.to_owned() }
    }
}

impl FindingIdentity {
    /// Returns what identifies this finding.
    pub fn new(finding: &Finding, environment: &Environment) -> Self {
        let (check, environment) = (finding.check.id.to_owned(), environment.name.to_string());
        Self { check, environment, subject: finding.subject.id().to_string() }
    }
}
