//! What changed, on one time axis: Beanstalk's events, our own journal, and what differs from Beanstalk's options.
//!
//! Beanstalk's events name no caller. One whose request is in our journal is ours, and its caller is known; of the others
//! it is only known that they were not made from this machine.

use std::sync::Arc;
use std::time::Duration;

use crate::change::drift;
use crate::deploy::{VerdictSign, sign_of};
use crate::diagnosis::inputs::Inputs;
use crate::model::{AlarmEventKind, EnvironmentEvent, EnvironmentStatus, Moment, TargetState, clean};

/// How long after a change trouble may still be its effect.
const RECENT: Duration = Duration::from_mins(30);
/// How many events of an environment are looked through.
const MOST_EVENTS: usize = 500;

/// What kind of change it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyChangeKind {
    /// A version was deployed.
    Deploy,
    /// Option settings were changed.
    Settings,
    /// The platform was updated.
    Platform,
    /// An update failed, was aborted or was put back.
    Trouble,
    /// Another operation: a restart, a swap of CNAMEs, a rebuild.
    Operation,
    /// A change of our own that no event reports.
    Own,
    /// A verdict on an update that was followed.
    Verdict,
    /// An alarm went into another state.
    Alarm,
    /// A live value that is not what its option says.
    Drift,
}

impl WhyChangeKind {
    /// The word of the JSON answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Settings => "settings",
            Self::Platform => "platform",
            Self::Trouble => "trouble",
            Self::Operation => "operation",
            Self::Own => "own",
            Self::Verdict => "verdict",
            Self::Alarm => "alarm",
            Self::Drift => "drift",
        }
    }

    /// Whether somebody did it, so that trouble may be its effect, and by whom is a question.
    #[must_use]
    pub fn is_deed(self) -> bool {
        !matches!(self, Self::Verdict | Self::Alarm | Self::Drift)
    }
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhyChange {
    /// When; `None` if that is not known.
    pub at: Option<Moment>,
    /// What kind.
    pub kind: WhyChangeKind,
    /// By whom; `None`: not from this machine.
    pub by: Option<Arc<str>>,
    /// What it did.
    pub what: String,
    /// The version that was deployed.
    pub version: Option<Arc<str>>,
}

/// A change just before the trouble began. One follows the other; that is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WhyTrigger {
    /// Its place among the changes.
    pub change: usize,
    /// How long after it the trouble began.
    pub after: Duration,
}

/// A change that our own journal has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalChange {
    /// When it began.
    pub at: Moment,
    /// What kind: one of our own, or a verdict that was kept.
    pub kind: WhyChangeKind,
    /// Who made it, by his ARN; `None` if that was not known.
    pub by: Option<Arc<str>>,
    /// What it did.
    pub what: String,
    /// The requests that it sent.
    pub request_ids: Vec<Arc<str>>,
}

/// Returns what changed, the newest first; drift, which has no time, is at the end.
pub(super) fn of(inputs: &Inputs<'_>, journal: &[JournalChange]) -> Vec<WhyChange> {
    let name = &*inputs.environment.name;
    let own = inputs.inventory().events.iter().filter(|event| event.environment.as_deref() == Some(name));
    let events: Vec<_> = own.take(MOST_EVENTS).collect();
    let ours = |event: &EnvironmentEvent| {
        let id = event.request_id.as_ref()?;
        journal.iter().find(|change| change.request_ids.contains(id))
    };
    let mut changes: Vec<_> = events.iter().filter_map(|event| change(event, ours(event))).collect();
    let is_reported = |change: &JournalChange| {
        let ids = events.iter().filter(|event| kind(event).is_some()).filter_map(|event| event.request_id.as_ref());
        ids.into_iter().any(|id| change.request_ids.contains(id))
    };
    changes.extend(journal.iter().filter(|change| !is_reported(change)).map(|change| WhyChange {
        at: Some(change.at),
        kind: change.kind,
        by: change.by.clone().or_else(|| change.kind.is_deed().then(|| "this machine".into())),
        what: clean(&change.what).into_owned(),
        version: None,
    }));
    changes.extend(begun(inputs, &events));
    changes.extend(alarms(inputs));
    changes.sort_by_key(|change| std::cmp::Reverse(change.at));
    changes.dedup_by(|later, earlier| later.what == earlier.what && later.at == earlier.at);
    changes.extend(drifted(inputs));
    changes
}

/// The beginning of an update that has not ended: its end is what reports every other one.
fn begun(inputs: &Inputs<'_>, events: &[&EnvironmentEvent]) -> Option<WhyChange> {
    if inputs.environment.status == EnvironmentStatus::Ready {
        return None;
    }
    let event = events.iter().find(|event| sign_of(&event.message) == Some(VerdictSign::Starting))?;
    let (at, version) = (Some(event.at), event.version.clone());
    Some(WhyChange { at, kind: WhyChangeKind::Operation, by: None, what: "an update began".into(), version })
}

/// The alarms that went into another state, as far as their histories were read.
fn alarms(inputs: &Inputs<'_>) -> Vec<WhyChange> {
    let histories = &inputs.inventory().alarm_history;
    let mut found = Vec::new();
    for alarm in inputs.snapshot.alarms(inputs.environment) {
        let events = histories.get(&alarm.key).into_iter().flatten();
        let states = events.filter(|event| event.kind == AlarmEventKind::State);
        found.extend(states.map(|event| WhyChange {
            at: event.at,
            kind: WhyChangeKind::Alarm,
            by: None,
            what: format!("{}: {}", clean(&alarm.name), clean(&event.summary)),
            version: None,
        }));
    }
    found
}

fn drifted(inputs: &Inputs<'_>) -> Vec<WhyChange> {
    let one = |what: String| WhyChange { at: None, kind: WhyChangeKind::Drift, by: None, what, version: None };
    drift(&inputs.basis()).into_iter().flatten().map(|it| one(clean(&it.sentence()).into_owned())).collect()
}

/// Returns what kind of change an event reports; `None` if it reports none that is over or was begun.
fn kind(event: &EnvironmentEvent) -> Option<WhyChangeKind> {
    Some(match sign_of(&event.message)? {
        VerdictSign::VersionDeployed => WhyChangeKind::Deploy,
        VerdictSign::SettingsDeployed => WhyChangeKind::Settings,
        VerdictSign::PlatformUpdate => WhyChangeKind::Platform,
        VerdictSign::Failed | VerdictSign::Aborted | VerdictSign::Reverted | VerdictSign::CompletedWithErrors => {
            WhyChangeKind::Trouble
        }
        VerdictSign::OtherDone => WhyChangeKind::Operation,
        _ => return None,
    })
}

fn change(event: &EnvironmentEvent, ours: Option<&JournalChange>) -> Option<WhyChange> {
    let kind = kind(event)?;
    let version = event.version.clone();
    let what = match (kind, &version) {
        (WhyChangeKind::Deploy, Some(label)) => format!("deployed {}", clean(label)),
        (WhyChangeKind::Deploy, None) => "a version was deployed".into(),
        (WhyChangeKind::Settings, _) => "option settings changed".into(),
        _ => clean(event.message.trim_end_matches('.')).into_owned(),
    };
    let what = ours.map_or(what.clone(), |ours| format!("{what} ({})", clean(&ours.what)));
    let by = ours.map(|ours| ours.by.clone().unwrap_or_else(|| "this machine".into()));
    Some(WhyChange { at: Some(event.at), kind, by, what, version })
}

/// Returns the last change before the trouble began, if it began within half an hour of it.
pub(super) fn trigger(inputs: &Inputs<'_>, changes: &[WhyChange], is_bad: bool) -> Option<WhyTrigger> {
    let began = began(inputs).filter(|_| is_bad)?;
    let is_cause = |change: &WhyChange| change.kind.is_deed() && change.kind != WhyChangeKind::Trouble;
    let before = |change: &WhyChange| change.at.filter(|at| *at <= began && began.since(*at) <= RECENT);
    let (place, at) = changes
        .iter()
        .enumerate()
        .filter(|(_, change)| is_cause(change))
        .find_map(|(place, change)| Some((place, before(change)?)))?;
    Some(WhyTrigger { change: place, after: began.since(at) })
}

/// When the trouble began: by the first event of the stretch of bad health that lasts until now, else by a target whose
/// change was seen.
fn began(inputs: &Inputs<'_>) -> Option<Moment> {
    let name = &*inputs.environment.name;
    let own = inputs.inventory().events.iter().filter(|event| event.environment.as_deref() == Some(name));
    let healths = own.filter_map(|event| Some((event.health()?, event.at)));
    let bad = healths.take_while(|(health, _)| !matches!(*health, "Ok" | "Info" | "GREEN"));
    let of_health = bad.last().map(|(_, at)| at);
    of_health.or_else(|| {
        let groups = inputs.counted();
        let of_group = |group| inputs.inventory().targets.get(group).into_iter().flatten().map(move |it| (group, it));
        let failing = groups.into_iter().flat_map(of_group);
        let seen = failing.filter_map(|(group, target)| {
            let is_failing = target.state == TargetState::Unhealthy;
            inputs.inventory().seen(group, target).filter(|seen| is_failing && seen.exact)
        });
        seen.map(|seen| seen.at).min()
    })
}
