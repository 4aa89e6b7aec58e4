//! The answer of `doctor`: findings, undecided checks and errors; and what its status follows.

use serde::Serialize;

use super::diagnosed::{Diagnosed, DoctorLine};
use crate::cli::failure::{ExitStatus, Failure, status_of};
use crate::cli::findings::{FindingItem, UndecidedItem};
use crate::cli::output;
use crate::cli::problem::{Problem, decisive};
use crate::diagnosis::{FindingSeverity, Why, checks};
use crate::model::DoubtCause;

/// The whole answer; without findings if the environments could not be listed.
#[derive(Serialize)]
pub struct DoctorAnswer {
    findings: Option<Vec<FindingItem>>,
    /// What was found and is silenced; nothing else follows from it.
    silenced: Vec<FindingItem>,
    undecided: Vec<UndecidedItem>,
    errors: Vec<Problem>,
    /// The environments, each with what was found.
    #[serde(skip)]
    pub diagnosed: Vec<Diagnosed>,
}

impl DoctorAnswer {
    /// Returns the answer; `None`: no environment could be listed, and no check be decided.
    pub fn new(diagnosed: Option<Vec<Diagnosed>>, errors: Vec<Problem>) -> Self {
        let Some(mut diagnosed) = diagnosed else {
            let reason = decisive(&errors).map_or_else(|| "not read".to_owned(), |it| it.error.sentence());
            let undecided = checks().map(|check| UndecidedItem::without_environment(check.id, &reason));
            let (silenced, diagnosed) = (Vec::new(), Vec::new());
            return Self { findings: None, silenced, undecided: undecided.collect(), errors, diagnosed };
        };
        let findings = diagnosed.iter_mut().flat_map(|it| std::mem::take(&mut it.finding_items)).collect();
        let undecided = diagnosed.iter_mut().flat_map(|it| std::mem::take(&mut it.undecided_items)).collect();
        let silenced = diagnosed.iter().flat_map(|it| &it.silenced_items).cloned().collect();
        Self { findings: Some(findings), silenced, undecided, errors, diagnosed }
    }

    /// Returns whether there is a critical finding that no baseline has.
    pub fn has_new_critical(&self) -> bool {
        let mut findings = self.diagnosed.iter().flat_map(|it| &it.findings);
        findings.any(|(finding, is_known)| finding.severity() == FindingSeverity::Critical && !is_known)
    }

    /// Returns the status for a fault that keeps a critical check from being decided: what the user can mend comes first.
    pub fn undecided_status(&self, errors: &[Problem]) -> Option<ExitStatus> {
        let undecided = self.diagnosed.iter().flat_map(|it| &it.undecided);
        let critical = undecided.filter(|it| it.check.severity() == FindingSeverity::Critical);
        let statuses = critical.filter_map(|it| match &it.why {
            Why::Doubt(doubt) => match doubt.cause {
                DoubtCause::Failed(kind) => Some(status_of(kind)),
                // It would have been read, had nothing failed.
                DoubtCause::Unread | DoubtCause::Unproven => decisive(errors).map(|it| status_of(it.error.kind())),
                DoubtCause::Stale | DoubtCause::NoData => None,
            },
            Why::TooLittle(_) => None,
        });
        statuses.min_by_key(|status| *status as u8)
    }

    /// Prints the last line of JSON.
    pub fn last_line(&self) -> Result<(), Failure> {
        #[derive(Serialize)]
        struct Last<'a> {
            errors: &'a [Problem],
        }
        if self.findings.is_none() {
            output::result(&output::json_lines(self.undecided.iter().map(DoctorLine::Undecided))?)?;
        }
        output::json_line(&Last { errors: &self.errors })
    }
}
