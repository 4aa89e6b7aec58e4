//! How long the last deploys of an environment took, by Beanstalk's events and by what our own journal has kept.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::change::{PastRollback, UpdateRecord};
use crate::deploy::event::read;
use crate::deploy::sign::VerdictSign;
use crate::model::{Environment, EnvironmentEvent, Moment, span_words};

/// How long after a rollback was begun its deploy may begin: aborting and waiting may take long.
const ROLLBACK_BEGINS: Duration = Duration::from_hours(2);

/// How many of the last deploys count.
const LAST: usize = 5;

/// The last deploys of an environment that its events show from beginning to end, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastDeploys {
    /// How long each took that ended well.
    pub took: Vec<Duration>,
    /// How many did not end well.
    pub failed: usize,
    /// How many were rolled back from this machine, whether they ended well or not.
    pub rolled_back: usize,
}

/// A deploy from its beginning to its end.
#[derive(Debug)]
struct PastDeploy {
    began: Moment,
    ended: Moment,
    is_well: bool,
    version: Option<Arc<str>>,
}

/// What is known of one update.
#[derive(Debug, Default)]
struct PastUpdate {
    began: Option<Moment>,
    ended: Option<(Moment, bool)>,
    deploys: bool,
    version: Option<Arc<str>>,
}

impl PastDeploys {
    /// Reads them from events in any order. An update counts as a deploy if an event of it says that a version was
    /// deployed, or that it failed to be.
    #[must_use]
    pub fn from_events<'a>(environment: &Environment, events: impl Iterator<Item = &'a EnvironmentEvent>) -> Self {
        Self::new(environment, events, (&[], &[]))
    }

    /// Reads them from events in any order and from the journal: updates that were followed to their verdict, and rollbacks.
    /// The deploy that a rollback makes counts for the rollback alone.
    #[must_use]
    pub fn new<'a>(
        environment: &Environment,
        events: impl Iterator<Item = &'a EnvironmentEvent>,
        (records, rollbacks): (&[UpdateRecord], &[PastRollback]),
    ) -> Self {
        let mut updates: BTreeMap<Arc<str>, PastUpdate> = BTreeMap::new();
        for event in events.filter(|it| it.environment.as_ref() == Some(&environment.name)) {
            let Some(id) = event.request_id.clone() else { continue };
            let Some(reading) = read(event) else { continue };
            let update = updates.entry(id).or_default();
            update.version = event.version.clone().or(update.version.take());
            match reading.sign {
                VerdictSign::Starting => update.began = Some(event.at),
                VerdictSign::Completed => update.ended = Some((event.at, true)),
                VerdictSign::CompletedWithErrors | VerdictSign::Failed => update.ended = Some((event.at, false)),
                _ => {}
            }
            let words = ["New application version was deployed", "Failed to deploy application"];
            update.deploys |= words.iter().any(|words| event.message.contains(words));
        }
        let is_new = |record: &&UpdateRecord| {
            let is_own = record.environment_id == environment.key.id && record.is_deploy();
            is_own && record.request_id.as_ref().is_none_or(|id| !updates.contains_key(id))
        };
        let kept: Vec<_> = records.iter().filter(is_new).filter_map(of_record).collect();
        let of_events = updates.into_values().filter(|it| it.deploys).filter_map(PastUpdate::whole);
        let mut whole: Vec<_> = of_events.chain(kept).filter(|it| !it.rolls_back(records, rollbacks)).collect();
        whole.sort_by_key(|it| std::cmp::Reverse(it.began));
        whole.truncate(LAST);
        let well = whole.iter().filter(|it| it.is_well);
        let took: Vec<_> = well.map(|it| it.ended.since(it.began)).collect();
        let rolled_back = whole.iter().filter(|it| it.was_rolled_back(records, rollbacks)).count();
        Self { failed: whole.len() - took.len(), took, rolled_back }
    }

    /// Returns the range of them in words; that it is not known, if none is.
    #[must_use]
    pub fn words(&self) -> String {
        let (shortest, longest) = (self.took.iter().min(), self.took.iter().max());
        let (shortest, longest) = (shortest.copied().map(span_words), longest.copied().map(span_words));
        let some = |count: usize, one: &str, several: &str| match count {
            0 => String::new(),
            1 => format!("; one {one}"),
            count => format!("; {count} {several}"),
        };
        let failed = some(self.failed, "did not end well", "did not end well");
        let failed = failed + &some(self.rolled_back, "was rolled back", "were rolled back");
        match (self.took.len(), shortest, longest) {
            (1, Some(least), _) => format!("The last deploy took {least}{failed}"),
            (count, Some(least), Some(most)) if least == most => {
                format!("The last {count} deploys took {least}{failed}")
            }
            (count, Some(least), Some(most)) => format!("The last {count} deploys took {least} to {most}{failed}"),
            _ => format!("How long it takes is not known: the events show no deploy from beginning to end{failed}"),
        }
    }
}

impl PastUpdate {
    /// The update, if both its ends were seen.
    fn whole(self) -> Option<PastDeploy> {
        let (ended, is_well) = self.ended?;
        Some(PastDeploy { began: self.began?, ended, is_well, version: self.version })
    }
}

fn of_record(record: &UpdateRecord) -> Option<PastDeploy> {
    let is_well = !matches!(&*record.verdict, "failed" | "aborted" | "timeout");
    let (began, ended) = (Moment(record.began), Moment(record.ended?));
    Some(PastDeploy { began, ended, is_well, version: record.to.clone() })
}

impl PastDeploy {
    /// Whether it is the deploy of a rollback.
    fn rolls_back(&self, records: &[UpdateRecord], rollbacks: &[PastRollback]) -> bool {
        let is_version = |to: &Arc<str>| self.version.as_ref() == Some(to);
        let is_recorded = |it: &UpdateRecord| {
            it.removes.is_some() && it.to.as_ref().is_some_and(is_version) && Moment(it.began) == self.began
        };
        let is_ours =
            |it: &PastRollback| is_version(&it.to) && self.began >= it.at && self.began.since(it.at) <= ROLLBACK_BEGINS;
        records.iter().any(is_recorded) || rollbacks.iter().any(is_ours)
    }

    /// Whether a rollback removed its version before another deploy could have.
    fn was_rolled_back(&self, records: &[UpdateRecord], rollbacks: &[PastRollback]) -> bool {
        let is_version = |from: &Arc<str>| self.version.as_ref() == Some(from);
        let is_recorded =
            |it: &UpdateRecord| it.removes.as_ref().is_some_and(is_version) && Moment(it.began) > self.began;
        let is_ours = |it: &PastRollback| is_version(&it.from) && it.at > self.began;
        records.iter().any(is_recorded) || rollbacks.iter().any(is_ours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{EnvironmentStatus, Key, ScopeId};

    const STARTING: &str = "Environment update is starting.";
    const DEPLOYED: &str = "New application version was deployed to running EC2 instances.";
    const WELL: &str = "Environment update completed successfully.";
    const BADLY: &str = "Update environment operation is complete, but with errors. For more information, see troubleshooting documentation.";

    fn event(request: &str, second: u64, message: &str) -> EnvironmentEvent {
        EnvironmentEvent {
            environment: Some("web".into()),
            request_id: Some(request.into()),
            ..EnvironmentEvent::new(Moment::EPOCH.plus(Duration::from_secs(second)), message)
        }
    }

    fn environment() -> Environment {
        Environment::new(Key::new(ScopeId(0), "e-1"), "web", "shop", EnvironmentStatus::Ready)
    }

    fn past(events: &[EnvironmentEvent]) -> PastDeploys {
        PastDeploys::from_events(&environment(), events.iter())
    }

    fn deploy(request: &str, begins: u64, takes: u64) -> [EnvironmentEvent; 3] {
        let end = begins + takes;
        [event(request, end, WELL), event(request, end - 1, DEPLOYED), event(request, begins, STARTING)]
    }

    #[test]
    fn deploys_that_ended_well_make_the_range_and_others_are_counted() {
        let mut events = [deploy("c", 9_000, 541), deploy("a", 0, 420)].concat();
        events.extend([
            event("b", 5_300, BADLY),
            event("b", 5_200, "Failed to deploy application."),
            event("b", 5_000, STARTING),
        ]);
        // A change of options is no deploy; one that is under way has no end; one whose beginning is lost counts neither.
        events.extend([event("d", 10_060, WELL), event("d", 10_000, STARTING), event("e", 20_000, STARTING)]);
        events.extend([event("f", 100, WELL), event("f", 99, DEPLOYED)]);
        let past = past(&events);
        assert_eq!(past, PastDeploys { took: [541, 420].map(Duration::from_secs).to_vec(), failed: 1, rolled_back: 0 });
        assert_eq!(past.words(), "The last 2 deploys took 7m00s to 9m01s; one did not end well");
    }

    #[test]
    fn the_last_five_count_and_none_is_said_to_be_none() {
        let seven: Vec<_> = (0..7).flat_map(|it| deploy(&format!("r{it}"), it * 1_000, 60 * (it + 1))).collect();
        assert_eq!(past(&seven).words(), "The last 5 deploys took 3m00s to 7m00s");
        assert_eq!(past(&deploy("a", 0, 60)).words(), "The last deploy took 1m00s");
        assert!(past(&[]).words().starts_with("How long it takes is not known"));
        let other = EnvironmentEvent { environment: Some("api".into()), ..event("a", 0, STARTING) };
        assert_eq!(past(&[other]), PastDeploys::default());
    }

    /// The deploy of a rollback is none of those that are counted.
    #[test]
    fn a_deploy_that_was_rolled_back_is_said_to_be() {
        let rollback =
            PastRollback { at: Moment::EPOCH.plus(Duration::from_secs(1_000)), from: "v2".into(), to: "v1".into() };
        let environment = environment();
        let labelled = |request: &str, from: u64, label: &str| {
            deploy(request, from, 300)
                .into_iter()
                .map(|it| EnvironmentEvent { version: Some(label.into()), ..it })
                .collect::<Vec<_>>()
        };
        let events = [labelled("a", 0, "v2"), labelled("b", 1_010, "v1")].concat();
        let found = PastDeploys::new(&environment, events.iter(), (&[], &[rollback]));
        assert_eq!(
            found.words(),
            "The last deploy took 5m00s; one was rolled back",
            "the rollback's own is none of them"
        );
    }
}
