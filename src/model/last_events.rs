//! When each environment last had an event.
//!
//! Beanstalk's events have the name of their environment and not its id. Names are reused: an event belongs to the newest
//! environment of its name that existed then.

use std::cmp::Reverse;
use std::time::Duration;

use super::{Environment, EnvironmentEvent, Key, Map, Moment, Set};

/// An environment's first events may be a little older than its creation date.
const SLACK: Duration = Duration::from_secs(10);

/// The environments that are listed.
type Environments = Map<Key<Environment>, Environment>;

/// When each environment last had an event.
#[derive(Clone, Debug, Default)]
pub(super) struct LastEvents(Map<Key<Environment>, Moment>);

impl LastEvents {
    /// When this environment last had an event.
    pub(super) fn get(&self, environment: &Key<Environment>) -> Option<Moment> {
        self.0.get(environment).copied()
    }

    /// Notes events. Returns the environments that they are of.
    pub(super) fn note(&mut self, events: &[EnvironmentEvent], environments: &Environments) -> Vec<Key<Environment>> {
        let names = events.iter().filter_map(|event| event.environment.as_deref()).collect();
        let namesakes = Namesakes::new(&names, environments);
        let mut noted = Vec::new();
        for event in events {
            let Some(owner) = event.environment.as_deref().and_then(|name| namesakes.owner(name, event.at)) else {
                continue;
            };
            let last = self.0.entry(owner.key.clone()).or_insert(event.at);
            *last = event.at.max(*last);
            noted.push(owner.key.clone());
        }
        noted
    }

    /// Notes again the events of environments of these names, after one of them came to be known: an event may have been
    /// taken for one of an earlier environment of its name, or for none.
    pub(super) fn note_again(&mut self, names: &Set<&str>, events: &[EnvironmentEvent], environments: &Environments) {
        let namesakes = Namesakes::new(names, environments);
        let is_owner = |environment: &Environment, at: Moment| {
            namesakes.owner(&environment.name, at).is_none_or(|owner| owner.key == environment.key)
        };
        self.0.retain(|key, at| environments.get(key).is_some_and(|environment| is_owner(environment, *at)));
        let is_of_these = |event: &&EnvironmentEvent| event.environment.as_deref().is_some_and(|it| names.contains(it));
        let events: Vec<_> = events.iter().filter(is_of_these).cloned().collect();
        self.note(&events, environments);
    }
}

/// The environments of some names.
struct Namesakes<'a>(Map<&'a str, Vec<&'a Environment>>);

impl<'a> Namesakes<'a> {
    fn new(names: &Set<&str>, environments: &'a Environments) -> Self {
        let mut by_name: Map<&str, Vec<&Environment>> = Map::default();
        for environment in environments.values().filter(|it| names.contains(&*it.name)) {
            by_name.entry(&environment.name).or_default().push(environment);
        }
        Self(by_name)
    }

    /// The environment whose event it was.
    fn owner(&self, name: &str, at: Moment) -> Option<&'a Environment> {
        let existed = |it: &&&Environment| it.created.is_none_or(|created| created <= at.plus(SLACK));
        let newest = |it: &&&Environment| (it.created, !it.is_ending(), Reverse(it.key.id.clone()));
        self.0.get(name)?.iter().filter(existed).max_by_key(newest).copied()
    }
}
