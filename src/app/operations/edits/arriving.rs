//! What was written is awaited, value by value, until it is live: the screen never shows as live what was only sent.

use std::sync::Arc;
use std::time::Duration;

use crate::change::settings::{Place, SettingFacts};
use crate::change::{ChangeRows, Object, Operation, PlanInputs};
use crate::model::{Environment, EnvironmentStatus, Inventory, Key, Moment, Snapshot, Source, TargetGroup, clean};

/// How long a live value is shown after it arrived.
const SHOWN_AFTERWARDS: Duration = Duration::from_secs(10 * 60);
/// A value that was written directly and is not live after this time was overwritten, or never applied.
const PATIENCE: Duration = Duration::from_secs(60);

/// The state of an awaited value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It is not live yet.
    Awaited,
    /// It is live, since this moment as far as we saw.
    Live(Moment),
    /// It did not arrive: this is live, seen at that moment.
    Missing(Option<Arc<str>>, Moment),
}

/// A value that was written.
#[derive(Clone, Debug)]
pub struct Awaited {
    /// The object that has it.
    pub object: Object,
    /// The facts of the setting.
    pub facts: &'static SettingFacts,
    /// Its key.
    pub key: String,
    /// What was live before.
    pub before: Option<Arc<str>>,
    /// What is to be live.
    pub wanted: Option<Arc<str>>,
    /// Its state.
    pub arrival: Arrival,
}

/// The values of one change.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// The environment.
    pub environment: Key<Environment>,
    /// When it was sent, or confirmed.
    pub since: Moment,
    /// Whether an update of the environment brings it.
    pub updates: bool,
    /// When that update was first seen to be over.
    ready: Option<Moment>,
    /// Whether it was seen under way.
    begun: bool,
    /// The values.
    pub values: Vec<Awaited>,
}

impl Arriving {
    /// The settings that an operation changes, from its confirmation on. Values that are live already are not awaited.
    #[must_use]
    pub fn new(operation: &Operation, now: Moment) -> Self {
        let rows = operation.rows().into_iter().flat_map(|rows| rows.iter());
        let written = rows.filter(|row| row.is_written() && row.seen != row.wanted);
        let value = |row: &crate::change::ChangeRow| Awaited {
            object: row.object.clone(),
            facts: row.facts,
            key: row.key.clone(),
            before: row.seen.clone(),
            wanted: row.wanted.clone(),
            arrival: Arrival::Awaited,
        };
        Self {
            environment: operation.subject.key.clone(),
            since: now,
            updates: operation.rows().is_some_and(ChangeRows::updates),
            ready: None,
            begun: false,
            values: written.map(value).collect(),
        }
    }

    /// Whether nothing is awaited any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.values.iter().all(|value| value.arrival != Arrival::Awaited)
    }

    /// Returns whether it is still worth showing.
    #[must_use]
    pub fn is_worth_telling(&self, now: Moment) -> bool {
        !self.values.is_empty() && (!self.is_over() || now.since(self.since) < SHOWN_AFTERWARDS)
    }

    /// Returns the sources that show whether it has arrived.
    pub fn sources(&self) -> impl Iterator<Item = Source> {
        self.values.iter().filter(|value| value.arrival == Arrival::Awaited).map(Awaited::source)
    }

    /// Applies what was read. Returns whether anything arrived, or turned out not to.
    pub fn observe(&mut self, snapshot: &Snapshot) -> bool {
        let now = snapshot.moment;
        let Some(environment) = snapshot.environment(&self.environment) else { return false };
        let is_ready = environment.status == EnvironmentStatus::Ready;
        self.begun |= !is_ready;
        if is_ready && self.begun {
            self.ready.get_or_insert(now);
        }
        let basis = PlanInputs { snapshot, environment };
        let (deadline, since) = (self.deadline(), self.since);
        let mut any = false;
        for value in self.values.iter_mut().filter(|value| value.arrival == Arrival::Awaited) {
            let read = snapshot.reads.read_at(&value.source()).filter(|at| *at >= since);
            let live = basis.live(&value.object, value.facts);
            let is_live = live.as_deref().zip(value.wanted.as_deref()).is_some_and(|(a, b)| value.facts.is_same(a, b));
            if let Some(at) = read.filter(|_| is_live) {
                value.arrival = Arrival::Live(at);
                any = true;
            } else if let Some(at) = read.filter(|at| *at > deadline && now > deadline) {
                value.arrival = Arrival::Missing(live, at);
                any = true;
            }
        }
        any
    }

    /// Describes what did not arrive, and what is live instead.
    #[must_use]
    pub fn missing_words(&self, inventory: &Inventory) -> Vec<String> {
        let name = inventory.environments.get(&self.environment).map(|it| clean(&it.name).into_owned());
        let words = |value: &Awaited| {
            let Arrival::Missing(live, _) = &value.arrival else { return None };
            let text = |value: &Option<Arc<str>>| clean(value.as_deref().unwrap_or("not there")).into_owned();
            let (live, wanted) = (text(live), text(&value.wanted));
            let (name, key) = (name.as_deref().unwrap_or_default(), &value.key);
            Some(format!("{name}: {key} is {live}, not {wanted} as was sent"))
        };
        self.values.iter().filter_map(words).collect()
    }

    /// After this a reading that shows something else is believed.
    fn deadline(&self) -> Moment {
        match (self.updates, self.ready) {
            (false, _) => self.since.plus(PATIENCE),
            (true, Some(ready)) => ready,
            // Not even seen to begin: as long as the longest update may take to be seen.
            (true, None) => self.since.plus(if self.begun { Duration::from_secs(3600) } else { 5 * PATIENCE }),
        }
    }
}

impl Awaited {
    fn source(&self) -> Source {
        source(&self.object, self.facts)
    }
}

/// Returns the source that contains the live value of a setting.
fn source(object: &Object, facts: &SettingFacts) -> Source {
    let of_groups = |key: &Key<TargetGroup>| Source::TargetGroups(key.scope);
    match (object, facts.place) {
        (Object::TargetGroup(key), Place::Attribute) => Source::TargetGroupAttributes(key.clone()),
        (Object::TargetGroup(key), _) => of_groups(key),
        (Object::LoadBalancer(key), _) => Source::LoadBalancerAttributes(key.clone()),
        (Object::Listener(key, ..), Place::Attribute) => Source::ListenerAttributes(key.clone()),
        (Object::Listener(_, balancer, _), _) => Source::Listeners(balancer.clone()),
    }
}
