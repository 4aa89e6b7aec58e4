//! The why page as a value: one environment, its most likely cause first, what shows it, what changed last, what acts on it.
//!
//! A screen draws it and `beanpole why` prints it; neither decides anything of its own. What diagnosis may not read itself,
//! the journal and what is silenced, is handed in.

mod actions;
mod changes;
mod likeliest;
mod targets;

use std::sync::Arc;

#[cfg(test)]
pub(super) use likeliest::EXPLAINS;

pub use actions::WhyAction;
pub use changes::{JournalChange, WhyChange, WhyChangeKind, WhyTrigger};
pub use targets::WhyTarget;

use super::check::FindingSeverity;
use super::checks::health::HEALTH;
use super::diagnose::diagnose_by;
use super::finding::{Finding, SilencedChecks, Undecided};
use super::inputs::Inputs;
use super::values::health::{has_no_health, health_of};
use crate::model::{Alarm, Environment, EnvironmentStatus, Key, Moment, Source, TargetCounts, clean};

/// What a page is made of beside the snapshot.
#[derive(Clone, Copy, Debug, Default)]
pub struct WhyContext<'a> {
    /// The changes of this environment that our own journal has, in any order.
    pub journal: &'a [JournalChange],
    /// The checks that are silenced in this environment.
    pub silenced: Option<&'a SilencedChecks<'a>>,
}

/// The why page of an environment.
#[derive(Clone, Debug, PartialEq)]
pub struct WhyPage {
    /// The environment.
    pub environment: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// The word of its health.
    pub health: Arc<str>,
    /// How bad that is; `None` if it is good, or not known.
    pub severity: Option<FindingSeverity>,
    /// Its operational status.
    pub status: EnvironmentStatus,
    /// The label of its version.
    pub version: Option<Arc<str>>,
    /// Its targets by state, if they are known.
    pub counts: Option<TargetCounts>,
    /// The health first, then the most likely cause: a sentence without its full stop.
    pub headline: String,
    /// What was found, the likeliest cause first.
    pub findings: Vec<Finding>,
    /// What was found and is silenced, each with the reason.
    pub silenced: Vec<(Finding, String)>,
    /// What could not be decided.
    pub undecided: Vec<Undecided>,
    /// The targets that get no requests, and why; the worst first.
    pub targets: Vec<WhyTarget>,
    /// The causes that Beanstalk gives.
    pub causes: Vec<Arc<str>>,
    /// The alarms in ALARM; `None` if they are not known.
    pub alarms: Option<Vec<WhyAlarm>>,
    /// What changed, the newest first; what has no time of its own is at the end.
    pub changes: Vec<WhyChange>,
    /// The change after which the trouble began.
    pub trigger: Option<WhyTrigger>,
    /// What can be done about it, the likeliest help first.
    pub actions: Vec<WhyAction>,
}

/// An alarm in ALARM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyAlarm {
    /// Its name.
    pub name: Arc<str>,
    /// Since when.
    pub since: Option<Moment>,
}

impl WhyPage {
    /// Returns the page of an environment, by what its checks read.
    #[must_use]
    pub fn new(inputs: &Inputs<'_>, context: WhyContext<'_>) -> Self {
        let mut diagnosis = diagnose_by(inputs, |_| true, true);
        let severity = diagnosis.of(&HEALTH).next().map(Finding::severity);
        if let Some(silenced) = context.silenced {
            diagnosis = diagnosis.silence(silenced);
        }
        likeliest::sort(&mut diagnosis.findings);
        let environment = inputs.environment;
        let (causes, targets) = (causes(inputs), targets::of(inputs));
        let changes = changes::of(inputs, context.journal);
        let trigger = changes::trigger(inputs, &changes, severity.is_some() || !targets.is_empty());
        let actions = actions::of(inputs, &diagnosis.findings, &changes, trigger);
        Self {
            environment: environment.key.clone(),
            name: Arc::clone(&environment.name),
            health: health_of(environment).0,
            severity,
            status: environment.status.clone(),
            version: environment.version.clone(),
            counts: inputs.targets().value().copied(),
            headline: headline(inputs, &diagnosis.findings, &causes),
            findings: diagnosis.findings,
            silenced: diagnosis.silenced,
            undecided: diagnosis.undecided,
            targets,
            causes,
            alarms: in_alarm(inputs),
            changes,
            trigger,
            actions,
        }
    }
}

impl WhyPage {
    /// The finding that the page is about: the cause that its headline names, else the first.
    #[must_use]
    pub fn main_finding(&self) -> Option<&Finding> {
        cause(&self.findings).or(self.findings.first())
    }
}

/// Beanstalk's causes, where they were read recently: old ones may be over.
fn causes(inputs: &Inputs<'_>) -> Vec<Arc<str>> {
    let source = Source::EnvironmentHealth(inputs.key().clone());
    let health = inputs.inventory().environment_health.get(inputs.key());
    let recent = health.filter(|_| inputs.reliability.is_recent(&source));
    recent.map(|it| it.causes.iter().map(|cause| clean(cause).into()).collect()).unwrap_or_default()
}

/// The alarms in ALARM; `None` if they were not read to the end.
fn in_alarm(inputs: &Inputs<'_>) -> Option<Vec<WhyAlarm>> {
    let snapshot = inputs.snapshot;
    let raised = |alarm: &Alarm| WhyAlarm { name: clean(&alarm.name).into(), since: alarm.since };
    let is_read = snapshot.reads.is_whole(&Source::RaisedAlarms(snapshot.scope));
    is_read.then(|| snapshot.raised_alarms(inputs.environment).into_iter().map(raised).collect())
}

/// The finding that is named as the cause: of bad health only what may be one.
fn cause(findings: &[Finding]) -> Option<&Finding> {
    let is_bad = findings.iter().any(|it| it.check.id == HEALTH.id);
    findings.iter().find(|it| it.check.id != HEALTH.id && (!is_bad || likeliest::may_explain_health(it)))
}

/// The health first, then the cause: of bad health only what may be one, else what was found first.
fn headline(inputs: &Inputs<'_>, findings: &[Finding], causes: &[Arc<str>]) -> String {
    let bad = findings.iter().find(|it| it.check.id == HEALTH.id);
    let first = cause(findings);
    let cause = match (first, bad) {
        (Some(finding), _) => finding.summary.clone(),
        (None, Some(_)) => match causes.first() {
            Some(cause) => format!("Beanstalk says: {}", cause.trim_end_matches('.')),
            None => "no check explains it".into(),
        },
        (None, None) => quiet(inputs),
    };
    let health = bad.map_or_else(|| health_words(inputs), |finding| finding.summary.clone());
    // A lesser finding must not be the headline of an environment whose targets are unknown.
    match inputs.targets_doubt().filter(|_| bad.is_none() && first.is_some()) {
        Some(doubt) => format!("{health} · its targets are not known ({}) · {cause}", doubt.reason()),
        None => format!("{health} · {cause}"),
    }
}

fn health_words(inputs: &Inputs<'_>) -> String {
    let health = health_of(inputs.environment).0;
    let health = clean(&health);
    match inputs.health_doubt() {
        Some(doubt) => format!("health was {health}, not known now ({})", doubt.reason()),
        None if has_no_health(inputs.environment) => format!("{health}: Beanstalk has no health data"),
        None => health.into_owned(),
    }
}

/// Nothing was found: that is fine only if the targets are known.
fn quiet(inputs: &Inputs<'_>) -> String {
    let status = &inputs.environment.status;
    match inputs.targets_doubt() {
        Some(doubt) => format!("its targets are not known ({})", doubt.reason()),
        None if *status != EnvironmentStatus::Ready => status.as_str().to_lowercase(),
        None => "nothing found".into(),
    }
}
