//! How long the last deploys of an environment took, by Beanstalk's events.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::deploy::event::read;
use crate::deploy::sign::VerdictSign;
use crate::model::{Environment, EnvironmentEvent, Moment};

/// How many of the last deploys count.
const LAST: usize = 5;

/// The last deploys of an environment that its events show from beginning to end, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PastDeploys {
    /// How long each took that ended well.
    pub took: Vec<Duration>,
    /// How many did not end well.
    pub failed: usize,
}

/// What is known of one update.
#[derive(Debug, Default)]
struct PastUpdate {
    began: Option<Moment>,
    ended: Option<(Moment, bool)>,
    deploys: bool,
}

impl PastDeploys {
    /// Reads them from events in any order. An update counts as a deploy if an event of it says that a version was
    /// deployed, or that it failed to be.
    #[must_use]
    pub fn from_events<'a>(environment: &Environment, events: impl Iterator<Item = &'a EnvironmentEvent>) -> Self {
        let mut updates: BTreeMap<Arc<str>, PastUpdate> = BTreeMap::new();
        for event in events.filter(|it| it.environment.as_ref() == Some(&environment.name)) {
            let Some(id) = event.request_id.clone() else { continue };
            let Some(reading) = read(event) else { continue };
            let update = updates.entry(id).or_default();
            match reading.sign {
                VerdictSign::Starting => update.began = Some(event.at),
                VerdictSign::Completed => update.ended = Some((event.at, true)),
                VerdictSign::CompletedWithErrors | VerdictSign::Failed => update.ended = Some((event.at, false)),
                _ => {}
            }
            let words = ["New application version was deployed", "Failed to deploy application"];
            update.deploys |= words.iter().any(|words| event.message.contains(words));
        }
        let mut whole: Vec<_> =
            updates.into_values().filter(|it| it.deploys).filter_map(|it| Some((it.began?, it.ended?))).collect();
        whole.sort_by_key(|(began, _)| std::cmp::Reverse(began.0));
        whole.truncate(LAST);
        let well = whole.iter().filter(|(_, (_, is_well))| *is_well);
        let took: Vec<_> = well.map(|(began, (ended, _))| ended.since(*began)).collect();
        Self { failed: whole.len() - took.len(), took }
    }

    /// Returns the range of them in words; that it is not known, if none is.
    #[must_use]
    pub fn words(&self) -> String {
        let minutes = |it: &Duration| it.as_secs().div_ceil(60).max(1);
        let (shortest, longest) = (self.took.iter().map(minutes).min(), self.took.iter().map(minutes).max());
        let failed = match self.failed {
            0 => String::new(),
            1 => "; one did not end well".to_owned(),
            failed => format!("; {failed} did not end well"),
        };
        match (self.took.len(), shortest, longest) {
            (1, Some(least), _) => format!("The last deploy took {least} min{failed}"),
            (count, Some(least), Some(most)) if least == most => {
                format!("The last {count} deploys took {least} min{failed}")
            }
            (count, Some(least), Some(most)) => format!("The last {count} deploys took {least} to {most} min{failed}"),
            _ => format!("How long it takes is not known: the events show no deploy from beginning to end{failed}"),
        }
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

    fn past(events: &[EnvironmentEvent]) -> PastDeploys {
        let environment = Environment::new(Key::new(ScopeId(0), "e-1"), "web", "shop", EnvironmentStatus::Ready);
        PastDeploys::from_events(&environment, events.iter())
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
        assert_eq!(past, PastDeploys { took: [541, 420].map(Duration::from_secs).to_vec(), failed: 1 });
        assert_eq!(past.words(), "The last 2 deploys took 7 to 10 min; one did not end well");
    }

    #[test]
    fn the_last_five_count_and_none_is_said_to_be_none() {
        let seven: Vec<_> = (0..7).flat_map(|it| deploy(&format!("r{it}"), it * 1_000, 60 * (it + 1))).collect();
        assert_eq!(past(&seven).words(), "The last 5 deploys took 3 to 7 min");
        assert_eq!(past(&deploy("a", 0, 60)).words(), "The last deploy took 1 min");
        assert!(past(&[]).words().starts_with("How long it takes is not known"));
        let other = EnvironmentEvent { environment: Some("api".into()), ..event("a", 0, STARTING) };
        assert_eq!(past(&[other]), PastDeploys::default());
    }
}
