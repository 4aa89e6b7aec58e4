//! What is wrong, or worth knowing: the table of checks, what each answers of an environment, and what follows from it.
//!
//! A check finds something, finds nothing, or is undecided, because what it needs is old, unreadable or too little. Its
//! thresholds, severities and sentences are in its row of the table and nowhere else: the Fleet's rows, their order, their
//! colours and their sentence read it, as the commands do. Everything here is pure; a finding is the same from one reading
//! to the next by its check and its subject.

mod attention;
mod check;
mod checks;
mod declared;
mod diagnose;
mod finding;
mod fix;
mod history;
mod inputs;
mod sentence;
mod side_by_side;
mod status_codes;
mod tally;
#[cfg(test)]
mod tests;
mod values;
mod why;

pub use attention::{Attention, AttentionSummary, Judgement};
pub use check::{Check, FindingSeverity, Grade, Threshold, Topic};
pub use checks::alarms::severity_of_alarms;
pub use checks::certificates::severity_of_expiry;
pub use checks::checks;
pub use checks::configuration::severity_of_drift;
pub use checks::stickiness::severity_of_stickiness;
pub use checks::traffic::severity_of_errors;
pub use declared::Declared;
pub use diagnose::{diagnose, findings_about, findings_before_deploy};
pub use finding::{Diagnosis, Finding, FindingSubject, SilencedChecks, Undecided, Why};
pub use fix::Fix;
pub use history::{HistoryInputs, HistoryItem, OwnChange, judged_words};
pub use inputs::{EnvironmentValues, Inputs};
pub use sentence::row_sentence;
pub use side_by_side::{CNAME, SideRow, side_by_side, swap_notes};
pub use status_codes::{STATUS_CODES, StatusCode, status_code};
pub use tally::{FindingTally, OpenChecks};
pub use values::answers::status_advice;
pub use values::drifting::Drifting;
pub use values::figures::{RowFigures, TREND, error_share, figures};
pub use values::health::health_of;
pub use values::https::Tls;
pub use values::stickiness::{Stickiness, stickiness_of};
pub use values::traffic::CheckFigures;
pub use why::{
    JournalChange, WhyAction, WhyAlarm, WhyChange, WhyChangeKind, WhyContext, WhyPage, WhyTarget, WhyTrigger,
};
