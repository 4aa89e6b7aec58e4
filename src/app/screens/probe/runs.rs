//! The probes that were started here: the last one of each environment, with what it has seen so far.

use crate::model::{Environment, Key, Map, Moment, ProbeFinding, ProbeRecord};
use crate::probe::{Observation, ProbeOptions, ProbePart, ProbeTarget, diagnose};

/// The last probe of each environment.
#[derive(Clone, Debug, Default)]
pub struct ProbeRuns {
    runs: Map<Key<Environment>, ProbeRun>,
    started: u64,
}

/// A probe.
#[derive(Clone, Debug)]
pub struct ProbeRun {
    /// Which one it is, of all that were started.
    pub id: u64,
    /// What was asked of it.
    pub options: ProbeOptions,
    /// What is probed.
    pub target: ProbeTarget,
    /// When it was started.
    pub began: Moment,
    /// What was seen so far.
    pub seen: Observation,
    /// The part that is under way; `None` before the first one and after the last one.
    pub part: Option<ProbePart>,
    /// How it ended, if it has.
    pub end: Option<(Moment, ProbeEnd)>,
    /// What was found, the worst first; nothing before its end.
    pub findings: Vec<ProbeFinding>,
}

/// How a probe ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeEnd {
    /// It has seen everything that was asked for.
    Complete,
    /// Nothing was reached.
    Unreachable,
    /// The user cancelled it.
    Cancelled,
}

/// What a probe under way has seen.
#[derive(Clone, Debug)]
pub struct ProbeNews {
    /// Of which environment.
    pub environment: Key<Environment>,
    /// Which probe.
    pub id: u64,
    /// The part that begins; `None` after the last one.
    pub part: Option<ProbePart>,
    /// What was seen before it.
    pub seen: Observation,
}

impl ProbeRun {
    /// A probe that begins now.
    #[must_use]
    pub fn new(options: ProbeOptions, target: ProbeTarget, now: Moment) -> Self {
        let (seen, findings) = (Observation::nothing(), Vec::new());
        Self { id: 0, options, target, began: now, seen, part: None, end: None, findings }
    }

    /// Returns whether it is under way.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.end.is_none()
    }

    /// Returns what is kept of it; `None` before its end, and of one that was cancelled.
    #[must_use]
    pub fn record(&self) -> Option<ProbeRecord> {
        let (at, end) = self.end?;
        let unreachable = match end {
            ProbeEnd::Complete => None,
            ProbeEnd::Unreachable => self.seen.unreachable().map(ToString::to_string),
            ProbeEnd::Cancelled => return None,
        };
        Some(ProbeRecord { at, url: self.target.url.clone(), findings: self.findings.clone(), unreachable })
    }
}

impl ProbeRuns {
    /// Returns the last probe of an environment.
    #[must_use]
    pub fn of(&self, environment: &Key<Environment>) -> Option<&ProbeRun> {
        self.runs.get(environment)
    }

    /// Begins a probe, in place of an earlier one, and returns its id.
    pub(in crate::app) fn begin(&mut self, environment: Key<Environment>, run: ProbeRun) -> u64 {
        self.started += 1;
        self.runs.insert(environment, ProbeRun { id: self.started, ..run });
        self.started
    }

    /// Ends the probe of an environment before its time.
    pub(in crate::app) fn cancel(&mut self, environment: &Key<Environment>, now: Moment) {
        if let Some(run) = self.runs.get_mut(environment).filter(|run| run.is_under_way()) {
            run.end = Some((now, ProbeEnd::Cancelled));
        }
    }

    /// Handles what a probe has seen. Returns what is to be kept, if that was its end.
    pub(in crate::app) fn apply(&mut self, news: ProbeNews, now: Moment) -> Option<ProbeRecord> {
        let run = self.runs.get_mut(&news.environment).filter(|run| run.id == news.id && run.is_under_way())?;
        (run.part, run.seen) = (news.part, news.seen);
        if run.part.is_some() {
            return None;
        }
        let end = if run.seen.unreachable().is_some() { ProbeEnd::Unreachable } else { ProbeEnd::Complete };
        run.end = Some((now, end));
        run.findings = diagnose(&run.seen, &run.target.circumstances);
        run.record()
    }
}
