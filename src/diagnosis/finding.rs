//! What checks answer: findings, and what they could not decide.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::check::{Check, FindingSeverity, Grade};
use super::fix::Fix;
use crate::model::{
    Alarm, Certificate, Doubt, DoubtCause, Environment, Key, Known, Listener, LoadBalancer, Rule, Service, TargetGroup,
};

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingSubject {
    /// The environment as a whole.
    Environment(Key<Environment>),
    /// A load balancer.
    LoadBalancer(Key<LoadBalancer>),
    /// A listener.
    Listener(Key<Listener>),
    /// A rule.
    Rule(Key<Rule>),
    /// A target group.
    TargetGroup(Key<TargetGroup>),
    /// A certificate.
    Certificate(Key<Certificate>),
    /// An alarm.
    Alarm(Key<Alarm>),
}

impl FindingSubject {
    /// Its id or ARN.
    #[must_use]
    pub fn id(&self) -> &Arc<str> {
        match self {
            Self::Environment(key) => &key.id,
            Self::LoadBalancer(key) => &key.id,
            Self::Listener(key) => &key.id,
            Self::Rule(key) => &key.id,
            Self::TargetGroup(key) => &key.id,
            Self::Certificate(key) => &key.id,
            Self::Alarm(key) => &key.id,
        }
    }
}

/// Something that a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The check.
    pub check: &'static Check,
    /// How bad it is, and by which threshold.
    pub grade: Grade,
    /// What it is about.
    pub subject: FindingSubject,
    /// What was found, with its figures: a sentence without its full stop, names of AWS's made safe to show.
    pub summary: String,
    /// What shows it, a line each.
    pub evidence: Vec<String>,
    /// The change that would end it, where there is one.
    pub fix: Option<Fix>,
}

impl Finding {
    /// What it is the same by from one reading to the next: the check and the subject, and no figure.
    #[must_use]
    pub fn identity(&self) -> (&'static str, &FindingSubject) {
        (self.check.id, &self.subject)
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> FindingSeverity {
        self.grade.severity
    }
}

/// Why a check could not decide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// What it needs cannot be relied on.
    Doubt(Doubt),
    /// Its data were read, and are not enough.
    TooLittle(&'static str),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Doubt(doubt) => f.write_str(&doubt.reason()),
            Self::TooLittle(words) => f.write_str(words),
        }
    }
}

/// A check that could not decide, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Undecided {
    /// The check.
    pub check: &'static Check,
    /// Why.
    pub why: Why,
}

/// The results of the checks for one environment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnosis {
    /// What was found, by severity and then in the order of the table.
    pub findings: Vec<Finding>,
    /// What could not be decided, in the order of the table.
    pub undecided: Vec<Undecided>,
    /// What was found and is silenced, each with the reason.
    pub silenced: Vec<(Finding, String)>,
}

/// The checks that are silenced in an environment, each with the reason.
pub type SilencedChecks<'a> = BTreeMap<&'a str, &'a str>;

impl Diagnosis {
    /// The finding that needs attention most.
    #[must_use]
    pub fn most_urgent(&self) -> Option<&Finding> {
        let urgent = self.findings.iter().filter(|finding| finding.grade.attention.is_some());
        urgent.min_by_key(|finding| finding.grade.attention)
    }

    /// The findings of a check.
    pub fn of(&self, check: &'static Check) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.check.id == check.id)
    }

    /// Sets aside what silenced checks found.
    #[must_use]
    pub fn silence(mut self, silenced: &SilencedChecks<'_>) -> Self {
        for finding in std::mem::take(&mut self.findings) {
            match silenced.get(finding.check.id) {
                Some(reason) => self.silenced.push((finding, (*reason).to_owned())),
                None => self.findings.push(finding),
            }
        }
        self
    }

    /// Keeps what some checks answered.
    pub(super) fn retain(&mut self, is_kept: impl Fn(&Check) -> bool) {
        self.findings.retain(|it| is_kept(it.check));
        self.undecided.retain(|it| is_kept(it.check));
        self.silenced.retain(|(it, _)| is_kept(it.check));
    }

    /// Puts the worst first, and leaves those of equal severity in the order of the table.
    pub(super) fn sort(&mut self) {
        self.findings.sort_by_key(Finding::severity);
    }
}

/// One check while it runs: it adds its answers to the diagnosis.
#[derive(Debug)]
pub struct CheckRun<'a> {
    check: &'static Check,
    diagnosis: &'a mut Diagnosis,
    is_detailed: bool,
}

impl<'a> CheckRun<'a> {
    /// A check that is about to run; `is_detailed` where its evidence is wanted.
    pub(super) fn new(check: &'static Check, diagnosis: &'a mut Diagnosis, is_detailed: bool) -> Self {
        Self { check, diagnosis, is_detailed }
    }

    /// Whether evidence is wanted that costs something to gather.
    pub(super) fn is_detailed(&self) -> bool {
        self.is_detailed
    }

    /// Adds a finding.
    pub(super) fn found(&mut self, grade: Grade, subject: FindingSubject, summary: String, evidence: Vec<String>) {
        self.diagnosis.findings.push(Finding { check: self.check, grade, subject, summary, evidence, fix: None });
    }

    /// Adds a finding with its evidence, and the change that would end it if there is one.
    pub(super) fn found_whole(
        &mut self,
        grade: Grade,
        subject: FindingSubject,
        summary: String,
        (evidence, fix): (Vec<String>, Option<Fix>),
    ) {
        self.diagnosis.findings.push(Finding { check: self.check, grade, subject, summary, evidence, fix });
    }

    /// Adds a finding that a change would end.
    pub(super) fn found_with_fix(&mut self, grade: Grade, subject: FindingSubject, summary: String, fix: Fix) {
        let (check, evidence) = (self.check, Vec::new());
        self.diagnosis.findings.push(Finding { check, grade, subject, summary, evidence, fix: Some(fix) });
    }

    /// Adds that it could not decide; once is enough.
    pub(super) fn undecided(&mut self, why: Why) {
        if self.diagnosis.undecided.last().is_none_or(|last| last.check.id != self.check.id) {
            self.diagnosis.undecided.push(Undecided { check: self.check, why });
        }
    }

    /// Adds that it could not decide, if there is a doubt.
    pub(super) fn doubted(&mut self, doubt: Option<Doubt>) {
        if let Some(doubt) = doubt {
            self.undecided(Why::Doubt(doubt));
        }
    }

    /// Returns a value of this service's that is known; adds that it could not decide if it may exist and is not.
    pub(super) fn known<T: Copy>(&mut self, service: Service, known: &Known<T>) -> Option<T> {
        let cause = match known {
            Known::Read(value) => return Some(*value),
            Known::Absent => return None,
            Known::Pending => DoubtCause::Unread,
            Known::Failed(kind) => DoubtCause::Failed(*kind),
        };
        self.undecided(Why::Doubt(Doubt { service, cause, read_at: None }));
        None
    }
}
