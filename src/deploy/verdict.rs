//! A verdict: in one word, with its reasons and its figures.

use super::figures::Figures;
use super::rules::RuleSignal;
use super::statistics::percent;
use crate::model::Moment;

/// The word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VerdictKind {
    /// Clearly fewer errors, or clearly faster, and nothing worse.
    Better,
    /// No clear difference.
    Same,
    /// Clearly worse in at least one respect.
    Worse,
    /// Too little data.
    Unclear,
    /// The update did not do what it should, whatever the figures are.
    Failed,
    /// An abort was requested.
    Aborted,
    /// It took longer than was waited for.
    Timeout,
}

impl VerdictKind {
    /// The word of the JSON lines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Same => "same",
            Self::Worse => "worse",
            Self::Unclear => "unclear",
            Self::Failed => "failed",
            Self::Aborted => "aborted",
            Self::Timeout => "timeout",
        }
    }

    /// Returns whether a pipeline may continue.
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(self, Self::Better | Self::Same | Self::Unclear)
    }
}

/// Which way a reason points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Leaning {
    /// For the update.
    Better,
    /// Against it.
    Worse,
    /// It makes the verdict unclear.
    Unclear,
    /// Neither; worth knowing.
    Note,
}

impl Leaning {
    /// The word of the JSON lines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Unclear => "unclear",
            Self::Note => "note",
        }
    }
}

/// A reason, with its numbers in its text.
#[derive(Clone, Debug, PartialEq)]
pub struct VerdictReason {
    /// What it rests on.
    pub signal: RuleSignal,
    /// Which way it points.
    pub leaning: Leaning,
    /// Whether it waits for confirmation.
    pub early: bool,
    /// When it was seen, or since when it is so; `None` if it concerns the compared minutes as a whole, or no time.
    pub at: Option<Moment>,
    /// A sentence without its full stop.
    pub words: String,
    /// If it compares shares of requests: the share now and the one before, both 0..=1.
    pub shares: Option<(f64, f64)>,
}

impl VerdictReason {
    /// Whether it compares the load balancer's figures of before with those of after.
    #[must_use]
    pub fn compares(&self) -> bool {
        let is_figure = !matches!(self.signal, RuleSignal::Outcome | RuleSignal::Evidence);
        is_figure && !self.early && self.at.is_none() && matches!(self.leaning, Leaning::Worse | Leaning::Better)
    }

    /// A reason that is not early.
    pub(super) fn new(signal: RuleSignal, leaning: Leaning, words: impl Into<String>) -> Self {
        Self { signal, leaning, early: false, at: None, words: words.into(), shares: None }
    }
}

/// What is to be thought of an update.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// In one word.
    pub kind: VerdictKind,
    /// Whether it rests on early signals only.
    pub early: bool,
    /// Whether it stays as it is.
    pub is_final: bool,
    /// Why; the strongest first.
    pub reasons: Vec<VerdictReason>,
    /// The figures of the ten minutes before.
    pub before: Figures,
    /// The figures with the new version.
    pub after: Figures,
}

impl Verdict {
    /// Nothing is known yet.
    #[must_use]
    pub fn nothing() -> Self {
        Self {
            kind: VerdictKind::Unclear,
            early: false,
            is_final: false,
            reasons: Vec::new(),
            before: Figures::default(),
            after: Figures::default(),
        }
    }

    /// What was waited for did not come.
    #[must_use]
    pub fn timed_out(words: &str) -> Self {
        let reasons = vec![VerdictReason::new(RuleSignal::Outcome, Leaning::Worse, words)];
        Self { kind: VerdictKind::Timeout, is_final: true, reasons, ..Self::nothing() }
    }

    /// It could not be followed to its end.
    #[must_use]
    pub fn unreadable(words: &str) -> Self {
        let reasons = vec![VerdictReason::new(RuleSignal::Outcome, Leaning::Unclear, words)];
        Self { is_final: true, reasons, ..Self::nothing() }
    }

    /// `WORSE (early)`, `same so far`, `better`.
    #[must_use]
    pub fn words(&self) -> String {
        let word = match self.kind {
            VerdictKind::Worse | VerdictKind::Failed => self.kind.as_str().to_uppercase(),
            kind => kind.as_str().to_owned(),
        };
        match (self.is_final, self.early) {
            (_, true) => format!("{word} (early)"),
            (true, false) => word,
            (false, false) => format!("{word} so far"),
        }
    }

    /// Returns it in one sentence without its full stop: `WORSE: 1.5 % of the requests fail with 5xx since v19 (0.02 % before)`,
    /// with the first of the reasons against it that has a share of the requests, else with the strongest. `version`: the
    /// one that is being deployed.
    #[must_use]
    pub fn headline(&self, version: Option<&str>) -> String {
        let words = self.words();
        let errors = [RuleSignal::TargetErrors, RuleSignal::InstanceErrors];
        let is_share = |it: &&VerdictReason| it.leaning == Leaning::Worse && errors.contains(&it.signal);
        let share = self.reasons.iter().find(is_share).filter(|_| version.is_some() && self.kind == VerdictKind::Worse);
        let Some(reason) = share.or(self.reasons.first()) else { return words };
        let gist = match (reason.signal, reason.shares, version) {
            (RuleSignal::InstanceErrors, Some((now, usual)), Some(version)) => {
                format!("{} of the requests to {version} fail with 5xx ({} is usual)", percent(now), percent(usual))
            }
            (RuleSignal::TargetErrors, Some((now, before)), Some(version)) => {
                format!("{} of the requests fail with 5xx since {version} ({} before)", percent(now), percent(before))
            }
            _ => reason.words.clone(),
        };
        format!("{words}: {gist}")
    }

    /// Returns whether it equals another, apart from the figures.
    pub(super) fn says(&self, other: &Self) -> bool {
        let gist = |it: &Self| (it.kind, it.early, it.is_final);
        let weighs = |it: &Self| -> Vec<(RuleSignal, Leaning)> {
            it.reasons.iter().filter(|it| it.leaning != Leaning::Note).map(|it| (it.signal, it.leaning)).collect()
        };
        gist(self) == gist(other) && weighs(self) == weighs(other)
    }
}
