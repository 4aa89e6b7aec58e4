//! The table of checks is whole, and each check is tried on both sides of each of its thresholds, and undecided.

use std::collections::BTreeSet;

use super::alarm_cases::ALARM_CASES;
use super::cases::{CASES, Case};
use super::certificate_cases::CERTIFICATE_CASES;
use super::detection_cases::DETECTION_CASES;
use super::exposure_cases::EXPOSURE_CASES;
use super::foreign_cases::FOREIGN_CASES;
use super::further_cases::FURTHER_CASES;
use super::latest_cases::LATEST_CASES;
use super::more_cases::MORE_CASES;
use super::probe_cases::PROBE_CASES;
use super::stage::{Answered, Stage};
use super::upkeep_cases::UPKEEP_CASES;
use crate::diagnosis::{FindingSeverity, checks};
use crate::model::SOURCES;

#[test]
fn every_check_has_all_of_it() {
    let mut ids = BTreeSet::new();
    for check in checks() {
        let id = check.id;
        assert!(ids.insert(id), "{id} is there twice");
        assert!(id.split('-').all(|word| !word.is_empty() && word.chars().all(|it| it.is_ascii_lowercase())), "{id}");
        assert!(!check.grades.is_empty() && !check.inputs.is_empty(), "{id}");
        for kind in check.inputs {
            assert!(SOURCES.iter().any(|row| row.kind == *kind), "{id} reads {kind}, which is no source");
        }
        let ranks: Vec<_> = check.grades.iter().filter_map(|grade| grade.attention).collect();
        assert!(check.grades.is_sorted_by_key(|grade| grade.severity) && ranks.is_sorted(), "{id}: the worst first");
        for grade in check.grades {
            assert_eq!(grade.when.contains("{}"), grade.threshold.is_some(), "{id}: {}", grade.when);
            assert!(!grade.condition().contains("{}"), "{id}: {}", grade.condition());
        }
        for sentence in [check.sentence, check.explanation, check.advice] {
            assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{id}: {sentence}");
            assert!(!sentence.contains("  "), "{id}: {sentence}");
        }
        assert!(!check.needs.is_empty() && !check.needs.ends_with('.'), "{id}: {}", check.needs);
    }
}

fn cases() -> impl Iterator<Item = &'static Case> {
    let further = FURTHER_CASES.iter().chain(ALARM_CASES).chain(LATEST_CASES).chain(UPKEEP_CASES);
    CASES
        .iter()
        .chain(PROBE_CASES)
        .chain(CERTIFICATE_CASES)
        .chain(EXPOSURE_CASES)
        .chain(DETECTION_CASES)
        .chain(FOREIGN_CASES)
        .chain(MORE_CASES)
        .chain(further)
}

fn answer(case: &Case) -> Answered {
    let mut stage = Stage::new();
    (case.change)(&mut stage);
    stage.answer(case.check)
}

#[test]
fn every_case_is_answered_as_expected() {
    let wrong: Vec<_> = cases()
        .filter(|case| answer(case) != case.expected)
        .map(|case| format!("{}, {}: {:?} instead of {:?}", case.check, case.what, answer(case), case.expected))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_check_has_a_case_for_each_of_its_answers() {
    for check in checks() {
        let expected: Vec<_> = cases().filter(|case| case.check == check.id).map(|case| case.expected).collect();
        let severities: BTreeSet<FindingSeverity> = check.grades.iter().map(|grade| grade.severity).collect();
        for answer in severities.into_iter().map(Answered::Found).chain([Answered::Clear, Answered::Undecided]) {
            assert!(expected.contains(&answer), "{} has no case that is {answer:?}", check.id);
        }
    }
    assert!(cases().all(|case| checks().any(|check| check.id == case.check)));
}

#[test]
fn a_healthy_environment_raises_nothing_and_nothing_is_undecided_but_what_is_not_read_of_it() {
    let diagnosis = Stage::new().diagnosis();
    assert_eq!(diagnosis.findings, []);
    // Metrics are not on the stage.
    let undecided: Vec<_> = diagnosis.undecided.iter().map(|it| it.check.id).collect();
    let expected = [
        "fail-open",
        "server-errors",
        "target-connection-errors",
        "bad-gateway",
        "gateway-timeout",
        "rejected-connections",
        "cookie-not-kept",
    ];
    assert_eq!(undecided, expected);
}

#[test]
fn the_worst_finding_comes_first_and_equals_are_in_the_order_of_the_table() {
    let order: Vec<_> = checks().map(|check| check.id).collect();
    for case in cases() {
        let mut stage = Stage::new();
        (case.change)(&mut stage);
        let findings = stage.diagnosis().findings;
        let keys = findings.iter().map(|it| (it.severity(), order.iter().position(|id| *id == it.check.id)));
        assert!(keys.is_sorted(), "{}, {}", case.check, case.what);
        let identities: BTreeSet<_> = findings.iter().map(|it| (it.check.id, it.subject.clone())).collect();
        assert_eq!(identities.len(), findings.len(), "{}, {}: a finding is there twice", case.check, case.what);
        for finding in &findings {
            assert!(finding.check.grades.contains(&finding.grade), "{}", finding.check.id);
            assert!(!finding.summary.ends_with('.') && !finding.summary.is_empty(), "{}", finding.summary);
        }
    }
}
