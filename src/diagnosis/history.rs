//! What happened to an environment, on one time axis: deploys and settings updates of Beanstalk's events, our own journal,
//! verdicts, changes of alarms, and drift.
//!
//! The events of one update are one item, found by their request. Beanstalk names no caller: who it was is known only where
//! our journal has the request.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::change::UpdateRecord;
use crate::deploy::{VerdictSign, sign_of};
use crate::model::{AlarmEvent, AlarmEventKind, EnvironmentEvent, Moment, clean};

/// Something that happened. The order of the fields is that of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryItem {
    /// When it began; none of drift, of which that is not known.
    pub at: Option<Moment>,
    /// What kind: `deploy`, `settings`, `platform`, `operation`, `own`, `verdict`, `alarm`, `drift`.
    pub kind: &'static str,
    /// Who did it; none if it was not done from this machine.
    pub by: Option<Arc<str>>,
    /// What.
    pub what: String,
    /// How it ended; none if that is not known, or it has no end.
    pub outcome: Option<Arc<str>>,
    /// How many seconds it took, if its end is known.
    pub seconds: Option<u64>,
    /// The id in our journal.
    pub id: Option<Arc<str>>,
}

/// A change that our own journal has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnChange {
    /// Its id.
    pub id: Arc<str>,
    /// When it began.
    pub at: Moment,
    /// Who made it.
    pub by: Option<Arc<str>>,
    /// What it did.
    pub what: String,
    /// How it ended; none if it did not.
    pub outcome: Option<Arc<str>>,
    /// The requests that it sent.
    pub request_ids: Vec<Arc<str>>,
}

/// What the history is made of.
#[derive(Clone, Copy, Debug)]
pub struct HistoryInputs<'a> {
    /// The environment's name.
    pub environment: &'a str,
    /// Beanstalk's events.
    pub events: &'a [EnvironmentEvent],
    /// Our own changes.
    pub own: &'a [OwnChange],
    /// The verdicts that were kept.
    pub verdicts: &'a [UpdateRecord],
    /// The alarms, by name, with their history.
    pub alarms: &'a [(Arc<str>, Vec<AlarmEvent>)],
    /// The values that drifted, in sentences.
    pub drift: &'a [String],
}

/// What the events of one request show.
#[derive(Debug, Default)]
struct EventGroup<'a> {
    first: Option<&'a EnvironmentEvent>,
    began: Option<Moment>,
    ended: Option<Moment>,
    kind: Option<&'static str>,
    outcome: Option<&'static str>,
    version: Option<Arc<str>>,
    words: Option<&'a str>,
}

impl HistoryInputs<'_> {
    /// Returns what happened, the newest first; what has no time is at the end.
    #[must_use]
    pub fn items(&self) -> Vec<HistoryItem> {
        let (mut items, reported) = self.updates();
        let is_reported = |change: &&OwnChange| change.request_ids.iter().any(|id| reported.contains(id));
        items.extend(self.own.iter().filter(|change| !is_reported(change)).map(own_item));
        items.extend(self.verdicts.iter().map(|record| self.verdict(record)));
        items.extend(self.alarms.iter().flat_map(|(name, events)| events.iter().filter_map(|it| alarm(name, it))));
        items.sort_by_key(|item| std::cmp::Reverse(item.at));
        items.extend(self.drift.iter().map(|words| HistoryItem {
            at: None,
            kind: "drift",
            by: None,
            what: words.clone(),
            outcome: None,
            seconds: None,
            id: None,
        }));
        items
    }

    /// The updates and other operations by Beanstalk's events, and the requests that they are.
    fn updates(&self) -> (Vec<HistoryItem>, Vec<Arc<str>>) {
        let own = |event: &&EnvironmentEvent| event.environment.as_deref() == Some(self.environment);
        let mut events: Vec<_> = self.events.iter().filter(own).collect();
        events.sort_by_key(|event| event.at);
        let mut groups: BTreeMap<Arc<str>, EventGroup<'_>> = BTreeMap::new();
        for event in &events {
            if let Some(id) = &event.request_id {
                groups.entry(Arc::clone(id)).or_default().add(event);
            }
        }
        let requests = groups.iter().filter(|(_, group)| group.is_operation()).map(|(id, _)| Arc::clone(id)).collect();
        let of_groups = groups.iter().filter(|(_, group)| group.is_operation()).map(|(id, group)| {
            let ours = self.own.iter().find(|change| change.request_ids.contains(id));
            group.item(ours)
        });
        // An event that names no request is an item of its own, if it says that something was done.
        let alone = events.iter().filter(|event| event.request_id.is_none()).filter_map(|event| {
            let mut group = EventGroup::default();
            group.add(event);
            (group.ended.is_some() && group.is_operation()).then(|| group.item(None))
        });
        (of_groups.chain(alone).collect(), requests)
    }

    fn verdict(&self, record: &UpdateRecord) -> HistoryItem {
        let is_it = |change: &&OwnChange| record.request_id.iter().any(|id| change.request_ids.contains(id));
        let ours = self.own.iter().find(is_it);
        HistoryItem {
            at: Some(Moment(record.ended.unwrap_or(record.began))),
            kind: "verdict",
            by: None,
            what: judged_words(record),
            outcome: Some(Arc::clone(&record.verdict)),
            seconds: record.took().map(|took| took.as_secs()),
            id: ours.map(|change| Arc::clone(&change.id)),
        }
    }
}

/// Returns what a verdict is about and its two strongest reasons, in words.
#[must_use]
pub fn judged_words(record: &UpdateRecord) -> String {
    let version = |label: &Option<Arc<str>>| label.as_deref().map_or("?".into(), clean).into_owned();
    let what = match &record.removes {
        Some(removed) => format!("rollback {} → {}", clean(removed), version(&record.to)),
        None if record.is_deploy() => format!("{} → {}", version(&record.from), version(&record.to)),
        None => format!("update ({})", clean(&record.kind)),
    };
    let reasons: Vec<_> = record.reasons.iter().take(2).map(|words| clean(words).into_owned()).collect();
    if reasons.is_empty() { what } else { format!("{what}: {}", reasons.join("; ")) }
}

impl<'a> EventGroup<'a> {
    fn add(&mut self, event: &'a EnvironmentEvent) {
        self.first = self.first.or(Some(event));
        self.version = event.version.clone().or(self.version.take());
        let Some(sign) = sign_of(&event.message) else { return };
        if matches!(sign, VerdictSign::Starting | VerdictSign::OtherOperation) {
            self.began = self.began.or(Some(event.at));
        }
        let (kind, outcome) = match sign {
            VerdictSign::VersionDeployed => (Some("deploy"), None),
            VerdictSign::SettingsDeployed => (Some("settings"), None),
            VerdictSign::PlatformUpdate => (Some("platform"), None),
            VerdictSign::OtherOperation => (Some("operation"), None),
            VerdictSign::OtherDone => (Some("operation"), Some("succeeded")),
            VerdictSign::Completed => (None, Some("succeeded")),
            VerdictSign::Failed | VerdictSign::CompletedWithErrors => (None, Some("failed")),
            VerdictSign::Aborted => (None, Some("aborted")),
            VerdictSign::Reverted => (Some("settings"), Some("reverted")),
            _ => (None, None),
        };
        if event.message.contains("Failed to deploy application") {
            self.kind = Some("deploy");
        }
        self.kind = self.kind.or(kind);
        if let Some(outcome) = outcome {
            self.ended = Some(event.at);
            // The first bad word is the one that explains the others.
            let is_worse = matches!(self.outcome, None | Some("succeeded")) || outcome == "reverted";
            self.outcome = if is_worse { Some(outcome) } else { self.outcome };
        }
        if matches!(sign, VerdictSign::OtherOperation | VerdictSign::OtherDone) {
            self.words = Some(&event.message);
        }
    }

    fn is_operation(&self) -> bool {
        self.began.is_some() || self.ended.is_some()
    }

    fn item(&self, ours: Option<&OwnChange>) -> HistoryItem {
        let kind = self.kind.unwrap_or("operation");
        let version = self.version.as_deref().map(|label| clean(label).into_owned());
        let what = match (kind, version) {
            ("deploy", Some(label)) => format!("deploy of {label}"),
            ("deploy", None) => "deploy of a version".to_owned(),
            ("settings", _) => "update of option settings".to_owned(),
            ("platform", _) => "update of the platform".to_owned(),
            _ => {
                let words = self.words.map_or("an update of the environment", |words| words.trim_end_matches('.'));
                clean(words).into_owned()
            }
        };
        let what = ours.map_or(what.clone(), |ours| format!("{what} ({})", clean(&ours.what)));
        HistoryItem {
            at: self.began.or_else(|| self.first.map(|event| event.at)),
            kind,
            by: ours.map(by),
            what,
            outcome: self.outcome.map(Into::into),
            seconds: self.began.zip(self.ended).map(|(began, ended)| ended.since(began).as_secs()),
            id: ours.map(|ours| Arc::clone(&ours.id)),
        }
    }
}

/// Our own caller is known, or at least that it was this machine.
fn by(change: &OwnChange) -> Arc<str> {
    change.by.clone().unwrap_or_else(|| "this machine".into())
}

fn own_item(change: &OwnChange) -> HistoryItem {
    HistoryItem {
        at: Some(change.at),
        kind: "own",
        by: Some(by(change)),
        what: clean(&change.what).into_owned(),
        outcome: change.outcome.clone(),
        seconds: None,
        id: Some(Arc::clone(&change.id)),
    }
}

/// A change of an alarm's state; its configuration is no news of the environment.
fn alarm(name: &str, event: &AlarmEvent) -> Option<HistoryItem> {
    let is_state = event.kind == AlarmEventKind::State;
    is_state.then(|| HistoryItem {
        at: event.at,
        kind: "alarm",
        by: None,
        what: format!("{}: {}", clean(name), clean(&event.summary)),
        outcome: None,
        seconds: None,
        id: None,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::change::RecordedFigures;

    fn at(seconds: u64) -> Moment {
        Moment::EPOCH.plus(Duration::from_secs(seconds))
    }

    fn event(seconds: u64, request: Option<&str>, message: &str) -> EnvironmentEvent {
        EnvironmentEvent {
            environment: Some("web".into()),
            request_id: request.map(Into::into),
            ..EnvironmentEvent::new(at(seconds), message)
        }
    }

    const STARTS: &str = "Environment update is starting.";
    const DEPLOYED: &str = "New application version was deployed to running EC2 instances.";
    const WELL: &str = "Environment update completed successfully.";
    const BADLY: &str = "Update environment operation is complete, but with errors. For more information, see \
                         troubleshooting documentation.";

    fn own(id: &str, seconds: u64, request: &str) -> OwnChange {
        OwnChange {
            id: id.into(),
            at: at(seconds),
            by: Some("arn:aws:iam::1:user/me".into()),
            what: format!("change {id}"),
            outcome: Some("applied".into()),
            request_ids: vec![request.into()],
        }
    }

    fn record() -> UpdateRecord {
        UpdateRecord {
            environment: "web".into(),
            environment_id: "e-1".into(),
            kind: "deploy".into(),
            from: Some("v1".into()),
            to: Some("v2".into()),
            removes: None,
            request_id: Some("r-1".into()),
            began: at(100).0,
            ended: Some(at(520).0),
            verdict: "worse".into(),
            reasons: vec!["5xx 9%".into(), "p99 2 s".into(), "more".into()],
            before: RecordedFigures::default(),
            after: RecordedFigures::default(),
        }
    }

    /// Kind, outcome, seconds, id and whether it is known by whom.
    fn shown(item: &HistoryItem) -> (&str, Option<&str>, Option<u64>, Option<&str>, bool) {
        (item.kind, item.outcome.as_deref(), item.seconds, item.id.as_deref(), item.by.is_some())
    }

    #[test]
    fn the_events_of_an_update_are_one_item_and_the_journal_says_whose_it_was() {
        let deployed = EnvironmentEvent { version: Some("v2".into()), ..event(510, Some("r-1"), DEPLOYED) };
        let events = [
            event(100, Some("r-1"), STARTS),
            deployed,
            event(520, Some("r-1"), WELL),
            event(700, Some("r-2"), STARTS),
            event(760, Some("r-2"), "The environment was reverted to the previous configuration setting."),
            event(761, Some("r-2"), BADLY),
            event(900, Some("r-3"), "restartAppServer is starting."),
            event(1_000, None, "Environment health has transitioned from Ok to Severe."),
            EnvironmentEvent { environment: Some("other".into()), ..event(1, Some("r-9"), STARTS) },
        ];
        let changes = [own("one", 99, "r-1"), own("alone", 50, "r-none")];
        let alarms = [(
            "web-5xx".into(),
            vec![AlarmEvent { at: Some(at(600)), kind: AlarmEventKind::State, summary: "OK to ALARM".into() }],
        )];
        let inputs = HistoryInputs {
            environment: "web",
            events: &events,
            own: &changes,
            verdicts: &[record()],
            alarms: &alarms,
            drift: &["stickiness differs".to_owned()],
        };
        let items = inputs.items();
        assert_eq!(
            items.iter().map(shown).collect::<Vec<_>>(),
            [
                ("operation", None, None, None, false),
                ("settings", Some("reverted"), Some(61), None, false),
                ("alarm", None, None, None, false),
                ("verdict", Some("worse"), Some(420), Some("one"), false),
                ("deploy", Some("succeeded"), Some(420), Some("one"), true),
                ("own", Some("applied"), None, Some("alone"), true),
                ("drift", None, None, None, false),
            ]
        );
        assert_eq!(items[4].what, "deploy of v2 (change one)");
        assert_eq!(items[3].what, "v1 → v2: 5xx 9%; p99 2 s");
        assert_eq!(items[0].what, "restartAppServer is starting");
    }
}
