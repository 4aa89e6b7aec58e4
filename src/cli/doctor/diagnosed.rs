//! What the checks found of one environment, beside a baseline.

use std::sync::Arc;

use serde::Serialize;

use super::baseline::Baseline;
use crate::cli::failure::Failure;
use crate::cli::findings::{FindingItem, UndecidedItem};
use crate::cli::output;
use crate::diagnosis::{Diagnosis, Finding, Undecided};
use crate::model::{Environment, Key};

/// What the checks found of one environment.
pub struct Diagnosed {
    /// Which.
    pub environment: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// The findings, each with whether the baseline has it.
    pub findings: Vec<(Finding, bool)>,
    /// What could not be decided.
    pub undecided: Vec<Undecided>,
    /// What was found and is silenced.
    pub silenced_items: Vec<FindingItem>,
    /// The findings, as the answer has them.
    pub finding_items: Vec<FindingItem>,
    /// The same of what could not be decided.
    pub undecided_items: Vec<UndecidedItem>,
}

impl Diagnosed {
    /// Returns what was found, beside a baseline.
    pub fn of(environment: &Environment, diagnosis: Diagnosis, baseline: Option<&Baseline>) -> Self {
        let is_known = |finding: &Finding| baseline.map(|baseline| baseline.has(finding, environment));
        let item = |finding: &Finding| FindingItem::new(finding, environment).in_baseline(is_known(finding));
        let finding_items = diagnosis.findings.iter().map(item).collect();
        let undecided_items = diagnosis.undecided.iter().map(|it| UndecidedItem::new(it, environment)).collect();
        let silenced = |(finding, reason): &(Finding, String)| item(finding).silenced(reason);
        let silenced_items = diagnosis.silenced.iter().map(silenced).collect();
        let with_known = |finding: Finding| {
            let is_known = is_known(&finding).unwrap_or_default();
            (finding, is_known)
        };
        Self {
            environment: environment.key.clone(),
            name: Arc::clone(&environment.name),
            findings: diagnosis.findings.into_iter().map(with_known).collect(),
            undecided: diagnosis.undecided,
            silenced_items,
            finding_items,
            undecided_items,
        }
    }

    /// Returns a line of JSON for each finding and each undecided check.
    pub fn lines(&self) -> Result<String, Failure> {
        let findings = output::json_lines(self.finding_items.iter().map(DoctorLine::Finding))?;
        let silenced = output::json_lines(self.silenced_items.iter().map(DoctorLine::Silenced))?;
        Ok(findings + &silenced + &output::json_lines(self.undecided_items.iter().map(DoctorLine::Undecided))?)
    }
}

/// A line of JSON.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DoctorLine<'a> {
    /// A finding.
    Finding(&'a FindingItem),
    /// A finding that is silenced.
    Silenced(&'a FindingItem),
    /// A check that could not be decided.
    Undecided(&'a UndecidedItem),
}
