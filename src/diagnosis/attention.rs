//! Which environments need attention: those with a finding that requires it. What cannot be relied on never counts as fine,
//! and what was bad when it was last seen stays so.

use super::check::Check;
use super::checks::updates::MIXED_VERSIONS;
use super::diagnose::diagnose_by;
use super::finding::{Diagnosis, SilencedChecks};
use super::inputs::Inputs;
use super::tally::FindingTally;
use super::values::health::has_no_health;
use crate::model::{Doubt, DoubtCause, Service, Source};

/// Whether an environment needs attention.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Attention {
    /// It does: the check that found the most urgent reason, and its rank, of which 0 comes first.
    Needs(&'static Check, u8),
    /// It may: something by which that is judged cannot be relied on.
    Unknown(Doubt),
    /// Something by which that is judged was not read yet, and is going to be.
    #[default]
    Unread,
    /// It does not.
    Fine,
}

/// Whether an environment needs attention, and what of it cannot be relied on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// Whether it needs attention.
    pub attention: Attention,
    /// Why its health and its status cannot be relied on.
    pub health_doubt: Option<Doubt>,
    /// Why its targets cannot be relied on.
    pub targets_doubt: Option<Doubt>,
    /// Whether its instances run different versions.
    pub mixed_versions: bool,
    /// How many findings it has; `None` if only what needs attention was looked for.
    pub findings: Option<FindingTally>,
    /// Why its alarms cannot be relied on.
    pub alarms_doubt: Option<Doubt>,
}

impl Judgement {
    /// Judges an environment by the checks that may need attention.
    #[must_use]
    pub fn new(inputs: &Inputs<'_>, silenced: &SilencedChecks<'_>) -> Self {
        let diagnosis = diagnose_by(inputs, Check::may_need_attention, false).silence(silenced);
        Self::of(inputs, &diagnosis, None)
    }

    /// Judges an environment by all checks, and counts what they find.
    #[must_use]
    pub fn with_findings(inputs: &Inputs<'_>, silenced: &SilencedChecks<'_>) -> Self {
        let mut diagnosis = diagnose_by(inputs, |_| true, false).silence(silenced);
        let findings = FindingTally::new(&diagnosis);
        diagnosis.retain(Check::may_need_attention);
        Self::of(inputs, &diagnosis, Some(findings))
    }

    /// The same, with the diagnosis that it follows from.
    #[must_use]
    pub fn with_reason(inputs: &Inputs<'_>, silenced: &SilencedChecks<'_>) -> (Self, Diagnosis) {
        let diagnosis = diagnose_by(inputs, Check::may_need_attention, false).silence(silenced);
        (Self::of(inputs, &diagnosis, None), diagnosis)
    }

    fn of(inputs: &Inputs<'_>, diagnosis: &Diagnosis, findings: Option<FindingTally>) -> Self {
        let urgent = diagnosis.most_urgent().and_then(|finding| Some((finding.check, finding.grade.attention?)));
        let attention = urgent.map_or_else(|| without_reason(inputs), |(check, rank)| Attention::Needs(check, rank));
        Self {
            attention,
            health_doubt: inputs.health_doubt(),
            targets_doubt: inputs.targets_doubt(),
            mixed_versions: diagnosis.of(&MIXED_VERSIONS).next().is_some(),
            findings,
            alarms_doubt: inputs.reliability.doubt(&Source::RaisedAlarms(inputs.snapshot.scope)),
        }
    }
}

/// Only the health and the targets of every environment are read, so that only they make it unknown.
fn without_reason(inputs: &Inputs<'_>) -> Attention {
    match inputs.health_doubt().or(inputs.targets_doubt()) {
        Some(Doubt { cause: DoubtCause::Unread, .. }) => Attention::Unread,
        Some(doubt) => Attention::Unknown(doubt),
        None if has_no_health(inputs.environment) => {
            Attention::Unknown(Doubt { service: Service::Beanstalk, cause: DoubtCause::NoData, read_at: None })
        }
        None => Attention::Fine,
    }
}

/// How many environments need attention, of how many that is not known, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttentionSummary {
    /// How many need it.
    pub needs: usize,
    /// How many may need it.
    pub unknown: usize,
    /// How many were not read yet.
    pub unread: usize,
    /// Why it is not known, the most frequent reason first.
    pub reasons: Vec<(String, usize)>,
}

impl AttentionSummary {
    /// Adds another environment.
    pub fn add(&mut self, attention: &Attention) {
        match attention {
            Attention::Needs(..) => self.needs += 1,
            Attention::Unread => self.unread += 1,
            Attention::Fine => {}
            Attention::Unknown(doubt) => {
                self.unknown += 1;
                let reason = doubt.reason();
                match self.reasons.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, count)) => *count += 1,
                    None => self.reasons.push((reason, 1)),
                }
            }
        }
    }

    /// Puts the most frequent reason first.
    pub fn sort(&mut self) {
        self.reasons.sort_by(|one, other| (other.1, &one.0).cmp(&(one.1, &other.0)));
    }

    /// Whether no environment needs attention or may need it.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.needs + self.unknown + self.unread == 0
    }

    /// Describes how many need attention; empty if none does.
    #[must_use]
    pub fn need_words(&self) -> String {
        match self.needs {
            0 => String::new(),
            1 => "1 needs attention".into(),
            needs => format!("{needs} need attention"),
        }
    }

    /// Describes for how many that is unknown, with as many reasons as requested; empty if there are none.
    #[must_use]
    pub fn unknown_words(&self, reasons: usize) -> String {
        let mut words = String::new();
        if self.unknown > 0 {
            let shown: Vec<_> = self.reasons.iter().take(reasons).map(|(reason, _)| reason.as_str()).collect();
            let more = if self.reasons.len() > reasons && reasons > 0 { ", …" } else { "" };
            words = match reasons {
                0 => format!("{} unknown", self.unknown),
                _ => format!("{} unknown ({}{more})", self.unknown, shown.join(", ")),
            };
        }
        if self.unread > 0 {
            let gap = if words.is_empty() { "" } else { ", " };
            words = format!("{words}{gap}{} not read yet", self.unread);
        }
        words
    }
}
