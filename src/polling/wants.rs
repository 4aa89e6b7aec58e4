//! The one planner: from the snapshot and the questions to what should be read. For the screen and the commands alike.

use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use super::Cadences;
use super::cadences::{Cadence, of};
use super::measures::series_of;
use crate::model::{
    Balancer, Environment, EnvironmentLink, EnvironmentStatus, Inventory, Key, Listener, LoadBalancer, Map, Measure,
    Set, Snapshot, Source, Strength, TargetGroup, Tier, serves_by_default,
};

/// How often an update is looked at.
pub(super) const LOOK: Duration = Duration::from_secs(10);
/// How often what an update changes more slowly is looked at.
pub(super) const SLOW_LOOK: Duration = Duration::from_secs(30);

/// A source that should not become older than its cadence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// What.
    pub source: Source,
    /// Whether it is on screen now.
    pub visible: bool,
    /// How old it may become.
    pub cadence: Duration,
    /// How many series of `CloudWatch` it costs; 0 for all that is free.
    pub cost: u32,
}

/// The most environments that are read one by one where a listing would contain all.
const MOST_ASKED_EACH: usize = 20;

/// A question of a screen or a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Each environment with its load balancer and target groups, with the fewest calls.
    Linked,
    /// The same, with proof for each link.
    Proven,
    /// What the columns of these rows show, visible or not.
    Rows {
        /// The environments.
        environments: Vec<Key<Environment>>,
        /// Whether they are on screen.
        visible: bool,
    },
    /// Beanstalk's causes for the health of this environment.
    Causes(Key<Environment>),
    /// The option settings of these environments, in the background: to compare them for drift.
    Options(Vec<Key<Environment>>),
    /// Everything about one environment.
    Tree(Key<Environment>),
    /// One load balancer, used by an environment or not: its listeners, rules, target groups and targets.
    Balancer(Key<LoadBalancer>),
    /// Every present setting of one environment, and the proof of who owns its objects.
    Settings(Key<Environment>),
    /// The outbound rules of the security groups of one environment's load balancer, for a change of a port.
    Egress(Key<Environment>),
    /// Requests, errors and times of these environments, which cost money.
    Figures {
        /// The environments.
        environments: Vec<Key<Environment>>,
        /// Whether they are on screen.
        visible: bool,
    },
    /// Figures of one environment, as the charts on screen show them.
    Measures(Key<Environment>, Vec<Measure>),
    /// The events of one environment from before we looked; later ones come with the listing of all.
    History(Key<Environment>),
    /// How an update of this environment goes: as fresh as its budget allows.
    Deploy(Key<Environment>),
    /// The application versions that this environment can run.
    Versions(Key<Environment>),
    /// These, as often as what a change of settings does is looked at.
    ImpactWatch(Vec<Source>),
    /// All that the checks of one environment read.
    Checks(Key<Environment>),
    /// All alarms, whatever their state, and what happened to those of one environment.
    Alarms(Key<Environment>),
    /// Who we are, what happened last, which alarms are in ALARM, which certificates there are.
    Surroundings,
    /// Just these, and the environments with them, as they change: what was written is awaited.
    Soon(Vec<Source>),
    /// Just these: what a command asks for beyond the others.
    These(Vec<Source>),
}

/// What should be read for these questions; each source once, visible if one of them is.
#[must_use]
pub fn wants(snapshot: &Snapshot, cadences: &Cadences, questions: &[Question]) -> Vec<Want> {
    let is_base_known = snapshot.is_base_tried();
    let mut planner = Planner { snapshot, cadences, is_base_known, badly_updated: OnceCell::new(), wants: Vec::new() };
    for question in questions {
        match question {
            Question::Linked => planner.linked(),
            Question::Proven => planner.proven(),
            Question::Rows { environments, visible } => {
                environments.iter().for_each(|environment| planner.row(environment, *visible));
            }
            Question::Causes(environment) => planner.causes(environment),
            Question::Options(environments) => environments.iter().for_each(|it| planner.options(it)),
            Question::Tree(environment) => planner.tree(environment),
            Question::Balancer(load_balancer) => planner.balancer(load_balancer),
            Question::Settings(environment) => planner.settings(environment),
            Question::Egress(environment) => planner.egress(environment),
            Question::Figures { environments, visible } => {
                let measure = if *visible { Measure::Row } else { Measure::Coarse };
                environments.iter().for_each(|environment| planner.measure(environment, measure, *visible));
            }
            Question::Measures(environment, measures) => {
                measures.iter().for_each(|measure| planner.measure(environment, *measure, true));
            }
            Question::Deploy(environment) => planner.deploy(environment),
            Question::Versions(environment) => planner.versions(environment),
            Question::History(environment) => {
                planner.want(Source::History(environment.clone()), true, cadences.settings);
            }
            Question::ImpactWatch(sources) => planner.impact(sources),
            Question::Checks(environment) => planner.checks(environment),
            Question::Alarms(environment) => planner.alarms(environment),
            Question::Surroundings => planner.surroundings(),
            Question::Soon(sources) => {
                planner.want_within(Source::Environments(snapshot.scope), true, LOOK);
                sources.iter().for_each(|source| planner.want_within(source.clone(), true, LOOK));
            }
            Question::These(sources) => {
                let cadence = cadences.inventory;
                sources.iter().for_each(|source| planner.want(source.clone(), true, cadence));
            }
        }
    }
    merge(planner.wants)
}

/// Keeps each source once, at its first place: visible if any question is, and at the shortest cadence. The order is
/// that of the questions, and the schedule keeps to it among what was never read: what links goes before the rest.
fn merge(wants: Vec<Want>) -> Vec<Want> {
    let mut places: Map<Source, usize> = Map::default();
    let mut merged: Vec<Want> = Vec::with_capacity(wants.len());
    for want in wants {
        match places.entry(want.source.clone()) {
            Entry::Occupied(place) => {
                let known = &mut merged[*place.get()];
                known.visible |= want.visible;
                known.cadence = known.cadence.min(want.cadence);
            }
            Entry::Vacant(place) => {
                place.insert(merged.len());
                merged.push(want);
            }
        }
    }
    merged
}

pub(super) struct Planner<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) cadences: &'a Cadences,
    pub(super) is_base_known: bool,
    /// The environments whose last update went badly, once a reader asks for them.
    pub(super) badly_updated: OnceCell<Set<Arc<str>>>,
    wants: Vec<Want>,
}

impl Planner<'_> {
    pub(super) fn want(&mut self, source: Source, visible: bool, cadence: Cadence) {
        self.want_within(source, visible, of(cadence, visible));
    }

    pub(super) fn want_within(&mut self, source: Source, visible: bool, cadence: Duration) {
        self.wants.push(Want { source, visible, cadence, cost: 0 });
    }

    pub(super) fn measure(&mut self, environment: &Key<Environment>, measure: Measure, visible: bool) {
        let cadences = self.cadences;
        let cost = series_of(self.snapshot, environment, measure).len() as u32;
        if cost > 0 {
            let source = Source::Metrics(environment.clone(), measure);
            // A period of five minutes brings nothing new before it ends.
            let period = Duration::from_secs(u64::from(measure.period()));
            let cadence = of(cadences.metrics, visible).max(period.min(Duration::from_mins(5)));
            self.wants.push(Want { source, visible, cadence, cost });
        }
    }

    /// Three calls for a region of dedicated ALBs; a second round only for what they leave open.
    fn linked(&mut self) {
        let Snapshot { inventory, topology, .. } = self.snapshot;
        let (scope, cadences) = (self.snapshot.scope, self.cadences);
        self.want(Source::Environments(scope), true, cadences.environments);
        self.want(Source::LoadBalancers(scope), true, cadences.inventory);
        self.want(Source::TargetGroups(scope), true, cadences.inventory);
        if !self.is_base_known {
            return;
        }
        let mut shared = Set::default();
        // Where the load balancers could not be listed, all environments are open, and each would cost a call.
        let is_listed = self.snapshot.reads.is_whole(&Source::LoadBalancers(scope));
        let may_ask_each = is_listed || inventory.environments.len() <= MOST_ASKED_EACH;
        // Of the others nothing more is to be learned: a large region is not walked through with every answer.
        for key in topology.unsettled() {
            let Some((environment, link)) = inventory.environments.get(key).zip(topology.link(key)) else { continue };
            match &link.load_balancer {
                Some((load_balancer, _)) if link.balancer == Balancer::ApplicationShared => {
                    if shared.insert(load_balancer) {
                        self.shared_tags(load_balancer);
                    }
                    self.shared(environment, load_balancer, link);
                }
                None if may_ask_each && link.balancer == Balancer::Unknown && is_alive(environment) => {
                    self.unknown(environment);
                }
                _ => {}
            }
        }
    }

    /// Plans the resources of an environment without a known endpoint. Where Beanstalk denies them, because that call
    /// needs many permissions, the tags of the target groups may help.
    fn unknown(&mut self, environment: &Environment) {
        self.resources(environment);
        if self.is_tried(&Source::Resources(environment.key.clone())) {
            for group in self.snapshot.inventory.target_groups.keys() {
                self.want(Source::TargetGroupTags(group.clone()), true, self.cadences.tags);
            }
        }
    }

    pub(super) fn is_tried(&self, source: &Source) -> bool {
        self.snapshot.reads.is_tried(source)
    }

    /// Plans the tags of the target groups on a shared ALB: they show who owns them.
    fn shared_tags(&mut self, load_balancer: &Key<LoadBalancer>) {
        let Snapshot { topology, .. } = self.snapshot;
        let cadences = self.cadences;
        for group in topology.groups_on(load_balancer) {
            self.want(Source::TargetGroupTags(group.clone()), true, cadences.tags);
        }
        self.want(Source::LoadBalancerTags(load_balancer.clone()), true, cadences.tags);
    }

    /// Plans an environment's Auto Scaling group and the rules, if the tags on a shared ALB do not mention it.
    fn shared(&mut self, environment: &Environment, load_balancer: &Key<LoadBalancer>, link: &EnvironmentLink) {
        if link.groups.iter().any(|group| group.evidence.strength() == Strength::Proven) {
            return;
        }
        let mut groups = self.snapshot.topology.groups_on(load_balancer).iter();
        if groups.all(|group| self.is_tried(&Source::TargetGroupTags(group.clone()))) {
            self.resources(environment);
            self.rules(load_balancer);
        }
    }

    /// Beanstalk's own word, and the Auto Scaling groups that it names.
    pub(super) fn resources(&mut self, environment: &Environment) {
        let Snapshot { inventory, .. } = self.snapshot;
        let (scope, cadences) = (self.snapshot.scope, self.cadences);
        self.want(Source::Resources(environment.key.clone()), true, cadences.resources);
        let resources = inventory.resources.get(&environment.key);
        for name in resources.into_iter().flat_map(|it| &it.auto_scaling_groups) {
            self.want(Source::AutoScalingGroup(Key::new(scope, name.clone())), true, cadences.instances);
        }
    }

    pub(super) fn rules(&mut self, load_balancer: &Key<LoadBalancer>) {
        let Snapshot { inventory, .. } = self.snapshot;
        let cadences = self.cadences;
        self.want(Source::Listeners(load_balancer.clone()), true, cadences.listeners);
        for listener in inventory.listeners.get(load_balancer).into_iter().flatten() {
            self.want(Source::Rules(listener.key.clone()), true, cadences.listeners);
        }
    }

    /// The rules of a load balancer, and the targets and attributes of its target groups.
    fn balancer(&mut self, load_balancer: &Key<LoadBalancer>) {
        let Planner { snapshot, cadences, .. } = *self;
        self.rules(load_balancer);
        for group in snapshot.topology.groups_on(load_balancer) {
            self.want(Source::TargetHealth(group.clone()), true, cadences.target_health);
            self.want(Source::TargetGroupAttributes(group.clone()), true, cadences.attributes);
        }
    }

    /// The tags of everything, twenty a call.
    fn proven(&mut self) {
        if self.is_base_known {
            for group in self.snapshot.inventory.target_groups.keys() {
                self.want(Source::TargetGroupTags(group.clone()), false, self.cadences.tags);
            }
        }
    }

    fn tree(&mut self, key: &Key<Environment>) {
        let Snapshot { inventory, topology, .. } = self.snapshot;
        let (scope, cadences) = (self.snapshot.scope, self.cadences);
        let Some(environment) = inventory.environments.get(key) else { return };
        self.row(key, true);
        if environment.has_enhanced_health() {
            self.want(Source::EnvironmentHealth(key.clone()), true, cadences.health);
            self.want(Source::InstancesHealth(key.clone()), true, cadences.health);
        }
        self.resources(environment);
        self.want(Source::Settings(key.clone()), true, cadences.settings);
        let Some(link) = topology.link(key) else { return };
        if let Some((load_balancer, _)) = &link.load_balancer {
            self.want(Source::LoadBalancerTags(load_balancer.clone()), true, cadences.tags);
            self.want(Source::LoadBalancerAttributes(load_balancer.clone()), true, cadences.attributes);
            self.rules(load_balancer);
            if link.balancer != Balancer::ApplicationShared {
                self.unowned(load_balancer);
            }
        }
        for group in &link.groups {
            self.want(Source::TargetGroupTags(group.key.clone()), true, cadences.tags);
            self.instances(&group.key);
        }
        self.want(Source::Certificates(scope), true, cadences.certificates);
    }

    /// Plans target groups that are not owned by the environment on the environment's own load balancer: its requests go there too.
    fn unowned(&mut self, load_balancer: &Key<LoadBalancer>) {
        let Snapshot { topology, .. } = self.snapshot;
        let cadences = self.cadences;
        for group in topology.groups_on(load_balancer) {
            self.want(Source::TargetHealth(group.clone()), true, cadences.target_health);
            self.want(Source::TargetGroupTags(group.clone()), true, cadences.tags);
            self.instances(group);
        }
    }

    /// Zone, address and type of the targets.
    pub(super) fn instances(&mut self, group: &Key<TargetGroup>) {
        let Snapshot { inventory, .. } = self.snapshot;
        let (scope, cadences) = (self.snapshot.scope, self.cadences);
        for target in inventory.targets.get(group).into_iter().flatten() {
            if target.id.starts_with("i-") {
                let instance = Source::Instance(Key::new(scope, target.id.clone()));
                self.want(instance, true, cadences.instances);
            }
        }
    }

    /// The histories only of alarms that concern the environment: each costs a call.
    fn alarms(&mut self, key: &Key<Environment>) {
        let (snapshot, cadence) = (self.snapshot, self.cadences.alarms);
        self.want(Source::Alarms(snapshot.scope), true, cadence);
        for alarm in snapshot.environment(key).into_iter().flat_map(|it| snapshot.alarms(it)) {
            self.want(Source::AlarmHistory(alarm.key.clone()), true, cadence);
        }
    }

    fn surroundings(&mut self) {
        let (scope, cadences) = (self.snapshot.scope, self.cadences);
        self.want(Source::Identity(scope), true, cadences.settings);
        self.want(Source::Events(scope), false, cadences.events);
        self.want(Source::RaisedAlarms(scope), true, cadences.alarms);
        self.want(Source::Certificates(scope), false, cadences.certificates);
    }
}

/// Returns the listeners whose rules decide whether they serve an environment: the default action of the others does.
pub fn rules_wanted<'a>(
    inventory: &'a Inventory,
    link: &'a EnvironmentLink,
    load_balancer: &Key<LoadBalancer>,
) -> impl Iterator<Item = &'a Listener> {
    let listeners = inventory.listeners.get(load_balancer).into_iter().flatten();
    listeners.filter(|listener| !link.groups.is_empty() && !serves_by_default(link, listener))
}

/// Whether it is worth asking Beanstalk for its resources.
fn is_alive(environment: &Environment) -> bool {
    environment.tier != Some(Tier::Worker)
        && !matches!(environment.status, EnvironmentStatus::Terminated | EnvironmentStatus::Terminating)
}
