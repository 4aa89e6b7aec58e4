//! The one planner: from what is known and what is asked to what should be read. For the screen and the commands alike.

use std::collections::HashSet;
use std::time::Duration;

use super::Ledger;
use crate::model::{
    Balancer, Environment, EnvironmentLink, EnvironmentStatus, Inventory, Key, LoadBalancer, ScopeId, Source, Strength,
    TargetGroup, Tier, Topology,
};

/// A source that should not become older than its cadence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// What.
    pub source: Source,
    /// Whether somebody looks at it now.
    pub visible: bool,
    /// How old it may become.
    pub cadence: Duration,
}

/// How often each kind is read: while somebody looks, and in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cadences {
    /// `DescribeEnvironments`, `DescribeEvents`.
    pub environments: Duration,
    /// `DescribeLoadBalancers`, `DescribeTargetGroups`.
    pub inventory: Duration,
    /// `DescribeTargetHealth`: visible, background.
    pub target_health: (Duration, Duration),
    /// Attributes, listeners, rules: visible, background.
    pub attributes: (Duration, Duration),
    /// Enhanced health.
    pub health: Duration,
    /// Tags, resources and Auto Scaling groups.
    pub evidence: Duration,
    /// Option settings, certificates.
    pub settings: Duration,
}

impl Default for Cadences {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            environments: seconds(15),
            inventory: seconds(60),
            target_health: (seconds(10), seconds(300)),
            attributes: (seconds(300), seconds(3600)),
            health: seconds(10),
            evidence: seconds(900),
            settings: seconds(3600),
        }
    }
}

/// What somebody wants to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Each environment with its load balancer and target groups, for the fewest calls.
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
    /// Everything about one environment.
    Tree(Key<Environment>),
    /// Who we are, what happened last, which certificates there are.
    Surroundings,
}

/// What should be read for these questions; each source once, visible if one of them is.
#[must_use]
pub fn wants(
    scope: ScopeId,
    inventory: &Inventory,
    topology: &Topology,
    ledger: &Ledger,
    cadences: &Cadences,
    questions: &[Question],
) -> Vec<Want> {
    let mut planner = Planner { scope, inventory, topology, ledger, cadences, wants: Vec::new() };
    for question in questions {
        match question {
            Question::Linked => planner.linked(),
            Question::Proven => planner.proven(),
            Question::Rows { environments, visible } => {
                environments.iter().for_each(|environment| planner.row(environment, *visible));
            }
            Question::Tree(environment) => planner.tree(environment),
            Question::Surroundings => planner.surroundings(),
        }
    }
    merge(planner.wants)
}

/// Each source once: visible if any is, and at the shortest cadence.
fn merge(mut wants: Vec<Want>) -> Vec<Want> {
    // Stable, so that equals stay in the order in which they were asked for: the schedule keeps to it.
    wants.sort_by_key(|want| (!want.visible, want.cadence));
    let mut seen = HashSet::with_capacity(wants.len());
    wants.retain(|want| seen.insert(want.source.clone()));
    wants
}

struct Planner<'a> {
    scope: ScopeId,
    inventory: &'a Inventory,
    topology: &'a Topology,
    ledger: &'a Ledger,
    cadences: &'a Cadences,
    wants: Vec<Want>,
}

impl Planner<'_> {
    fn want(&mut self, source: Source, visible: bool, cadence: Duration) {
        self.wants.push(Want { source, visible, cadence });
    }

    /// Three calls for a region of dedicated ALBs; a second round only for what they leave open.
    fn linked(&mut self) {
        let Cadences { environments, inventory, .. } = *self.cadences;
        self.want(Source::Environments(self.scope), true, environments);
        self.want(Source::LoadBalancers(self.scope), true, inventory);
        self.want(Source::TargetGroups(self.scope), true, inventory);
        if !self.is_base_known() {
            return;
        }
        for environment in self.inventory.environments.values() {
            let Some(link) = self.topology.link(&environment.key) else { continue };
            match &link.load_balancer {
                Some((load_balancer, _)) if link.balancer == Balancer::ApplicationShared => {
                    self.shared(environment, load_balancer, link);
                }
                None if link.balancer == Balancer::Unknown && is_alive(environment) => self.resources(environment, true),
                _ => {}
            }
        }
    }

    /// The three that everything else hangs on. A denied one must not keep the others from being asked.
    fn is_base_known(&self) -> bool {
        [Source::Environments(self.scope), Source::LoadBalancers(self.scope), Source::TargetGroups(self.scope)]
            .iter()
            .all(|source| self.ledger.reading(source).is_some_and(super::Reading::is_tried))
    }

    /// Whose the target groups on a shared ALB are: by their tags; if those say nothing, by the Auto Scaling group; and
    /// by the rules, which the tree needs anyway.
    fn shared(&mut self, environment: &Environment, load_balancer: &Key<LoadBalancer>, link: &EnvironmentLink) {
        let evidence = self.cadences.evidence;
        let groups = self.topology.groups_on(load_balancer).to_vec();
        let tried = groups.iter().all(|group| self.is_tried(&Source::TargetGroupTags(group.clone())));
        for group in groups {
            self.want(Source::TargetGroupTags(group), true, evidence);
        }
        self.want(Source::LoadBalancerTags(load_balancer.clone()), true, evidence);
        let proven = link.groups.iter().any(|group| group.evidence.strength() == Strength::Proven);
        if tried && !proven {
            self.resources(environment, true);
            self.rules(load_balancer, true);
        }
    }

    fn is_tried(&self, source: &Source) -> bool {
        self.ledger.reading(source).is_some_and(super::Reading::is_tried)
    }

    /// Beanstalk's own word, and the Auto Scaling groups that it names.
    fn resources(&mut self, environment: &Environment, visible: bool) {
        let evidence = self.cadences.evidence;
        self.want(Source::Resources(environment.key.clone()), visible, evidence);
        let Some(resources) = self.inventory.resources.get(&environment.key) else { return };
        for name in &resources.auto_scaling_groups {
            self.want(Source::AutoScalingGroup(Key::new(self.scope, name.clone())), visible, evidence);
        }
    }

    fn rules(&mut self, load_balancer: &Key<LoadBalancer>, visible: bool) {
        let cadence = self.attributes(visible);
        self.want(Source::Listeners(load_balancer.clone()), visible, cadence);
        for listener in self.inventory.listeners.get(load_balancer).into_iter().flatten() {
            self.want(Source::Rules(listener.key.clone()), visible, cadence);
        }
    }

    /// The tags of everything, twenty a call.
    fn proven(&mut self) {
        if !self.is_base_known() {
            return;
        }
        let evidence = self.cadences.evidence;
        for group in self.inventory.target_groups.keys() {
            self.want(Source::TargetGroupTags(group.clone()), false, evidence);
        }
    }

    fn attributes(&self, visible: bool) -> Duration {
        let (seen, unseen) = self.cadences.attributes;
        if visible { seen } else { unseen }
    }

    fn row(&mut self, environment: &Key<Environment>, visible: bool) {
        let Some(link) = self.topology.link(environment) else { return };
        let (seen, unseen) = self.cadences.target_health;
        let cadence = if visible { seen } else { unseen };
        for group in &link.groups {
            self.want(Source::TargetHealth(group.key.clone()), visible, cadence);
        }
        let attributes = self.attributes(visible);
        if !link.balancer.is_application() {
            return;
        }
        for group in &link.groups {
            self.want(Source::TargetGroupAttributes(group.key.clone()), visible, attributes);
        }
        if let Some((load_balancer, _)) = &link.load_balancer {
            self.want(Source::Listeners(load_balancer.clone()), visible, attributes);
        }
    }

    fn tree(&mut self, key: &Key<Environment>) {
        let Some(environment) = self.inventory.environments.get(key) else { return };
        let Cadences { health, settings, evidence, .. } = *self.cadences;
        self.row(key, true);
        if environment.has_enhanced_health() {
            self.want(Source::EnvironmentHealth(key.clone()), true, health);
            self.want(Source::InstancesHealth(key.clone()), true, health);
        }
        self.resources(environment, true);
        self.want(Source::Settings(key.clone()), true, settings);
        let Some(link) = self.topology.link(key) else { return };
        if let Some((load_balancer, _)) = &link.load_balancer {
            let attributes = self.attributes(true);
            self.want(Source::LoadBalancerTags(load_balancer.clone()), true, evidence);
            self.want(Source::LoadBalancerAttributes(load_balancer.clone()), true, attributes);
            self.rules(load_balancer, true);
        }
        for group in &link.groups {
            self.want(Source::TargetGroupTags(group.key.clone()), true, evidence);
            self.instances(&group.key);
        }
        self.want(Source::Certificates(self.scope), true, settings);
    }

    /// Zone, address and type of the targets. An instance's facts do not change while it runs.
    fn instances(&mut self, group: &Key<TargetGroup>) {
        let cadence = self.cadences.settings;
        for target in self.inventory.targets.get(group).into_iter().flatten() {
            if target.id.starts_with("i-") {
                self.want(Source::Instance(Key::new(self.scope, target.id.clone())), true, cadence);
            }
        }
    }

    fn surroundings(&mut self) {
        let Cadences { environments, settings, .. } = *self.cadences;
        self.want(Source::Identity(self.scope), true, settings);
        self.want(Source::Events(self.scope), false, environments);
        self.want(Source::Certificates(self.scope), false, settings);
    }
}

/// Whether it is worth asking Beanstalk for its resources.
fn is_alive(environment: &Environment) -> bool {
    environment.tier != Some(Tier::Worker)
        && !matches!(environment.status, EnvironmentStatus::Terminated | EnvironmentStatus::Terminating)
}
