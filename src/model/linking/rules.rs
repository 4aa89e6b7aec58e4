//! The rules of linking: what each piece of evidence proves about one environment.

use std::net::IpAddr;
use std::sync::Arc;

use super::filing::Filing;
use super::index::{Index, environment_tag, lower_case};
use crate::model::{
    Balancer, BalancerKind, ConfigurationSettings, Environment, EnvironmentLink, Evidence, EvidenceSet, Inventory, Key,
    LinkedGroup, LoadBalancer, TargetGroup, Tier, balancer_kind, forwarded_target_groups, load_balancer_name,
};

const SHARED_COUNT_TAG: &str = "elasticbeanstalk:shared-elb-environment-count";

/// Which environments use which load balancer.
pub(super) type Users = Filing<Key<Environment>, Key<LoadBalancer>>;

/// What the rules look at.
#[derive(Clone, Copy)]
pub(super) struct Facts<'a> {
    pub inventory: &'a Inventory,
    pub index: &'a Index,
}

impl<'a> Facts<'a> {
    /// The target groups whose own tag names the environment.
    fn tagged_groups(self, environment: &Key<Environment>) -> impl Iterator<Item = &'a TargetGroup> {
        self.groups(self.index.tagged_groups.under(&*environment.id))
    }

    /// Returns the target groups that a load balancer uses.
    fn groups_on(self, load_balancer: &Key<LoadBalancer>) -> impl Iterator<Item = &'a TargetGroup> + Clone {
        self.groups(self.index.groups_on.under(load_balancer))
    }

    fn groups(self, keys: &'a [Key<TargetGroup>]) -> impl Iterator<Item = &'a TargetGroup> + Clone {
        keys.iter().filter_map(move |key| self.inventory.target_groups.get(key))
    }

    /// The environment that the target group's own tag names.
    fn tag_of(self, group: &TargetGroup) -> Option<Arc<str>> {
        environment_tag(self.inventory, &group.key)
    }
}

/// The kind of the environment and its load balancer; the target groups come later.
pub(super) fn place(facts: Facts<'_>, environment: &Environment) -> EnvironmentLink {
    // Another of its name may have its load balancer by now.
    if environment.is_terminated() {
        return EnvironmentLink::default();
    }
    match environment.tier {
        Some(Tier::Worker) => return of_kind(Balancer::Worker),
        Some(Tier::Cluster) => return of_kind(Balancer::Cluster),
        _ => {}
    }
    let endpoint = environment.endpoint_url.as_deref();
    let resources = facts.inventory.resources.get(&environment.key);
    let mut candidates = Candidates::default();
    for name in resources.iter().flat_map(|it| &it.load_balancers) {
        if balancer_kind(name) == BalancerKind::Classic {
            let classic_name = Some(load_balancer_name(name).into());
            return EnvironmentLink { balancer: Balancer::Classic, classic_name, ..EnvironmentLink::default() };
        }
        candidates.add(Key::new(environment.key.scope, Arc::clone(name)), Evidence::Resources);
    }
    for group in facts.tagged_groups(&environment.key) {
        for load_balancer in &group.load_balancers {
            candidates.add(load_balancer.clone(), Evidence::TargetGroupTag);
        }
    }
    for load_balancer in scaled_groups(facts, environment).flat_map(|group| &group.load_balancers) {
        candidates.add(load_balancer.clone(), Evidence::AutoScalingGroup);
    }
    if let Some(load_balancer) = facts.index.tagged_balancers.under(&*environment.key.id).first() {
        candidates.add(load_balancer.clone(), Evidence::LoadBalancerTag);
    }
    if let Some(load_balancer) = endpoint.and_then(|it| facts.index.balancers_at.under(&*lower_case(it)).first()) {
        candidates.add(load_balancer.clone(), Evidence::DnsName);
    }
    candidates.settle(facts, environment)
}

fn of_kind(balancer: Balancer) -> EnvironmentLink {
    EnvironmentLink { balancer, ..EnvironmentLink::default() }
}

/// Load balancers that may be an environment's, in the order in which evidence was found: strongest first.
#[derive(Default)]
struct Candidates(Vec<(Key<LoadBalancer>, EvidenceSet)>);

impl Candidates {
    fn add(&mut self, key: Key<LoadBalancer>, evidence: Evidence) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, set)) => *set = set.with(evidence),
            None => self.0.push((key, EvidenceSet::default().with(evidence))),
        }
    }

    fn settle(mut self, facts: Facts<'_>, environment: &Environment) -> EnvironmentLink {
        let disagreements = self.disagreements(environment);
        self.0.truncate(1);
        let load_balancer = self.0.pop();
        let balancer = match &load_balancer {
            Some((key, _)) => match balancer_kind(&key.id) {
                BalancerKind::Application => Balancer::Application,
                BalancerKind::Network => Balancer::Network,
                BalancerKind::Gateway | BalancerKind::Classic => Balancer::Unknown,
            },
            None => without_balancer(facts, environment),
        };
        EnvironmentLink { balancer, load_balancer, disagreements, ..EnvironmentLink::default() }
    }

    fn disagreements(&self, environment: &Environment) -> Vec<String> {
        let words = |set: EvidenceSet| set.iter().map(Evidence::as_str).collect::<Vec<_>>().join(", ");
        let Some(((first, by), others)) = self.0.split_first() else { return Vec::new() };
        others
            .iter()
            .map(|(other, other_by)| {
                format!(
                    "{}: {} by {}, but {} by {}",
                    environment.name,
                    load_balancer_name(&first.id),
                    words(*by),
                    load_balancer_name(&other.id),
                    words(*other_by)
                )
            })
            .collect()
    }
}

/// What an environment is for which no load balancer was found.
fn without_balancer(facts: Facts<'_>, environment: &Environment) -> Balancer {
    let endpoint = environment.endpoint_url.as_deref();
    if endpoint.is_some_and(|it| it.parse::<IpAddr>().is_ok()) {
        return Balancer::Single;
    }
    match facts.inventory.resources.get(&environment.key) {
        Some(resources) if resources.cluster.is_some() => Balancer::Cluster,
        Some(resources) if !resources.queues.is_empty() => Balancer::Worker,
        Some(resources) if resources.load_balancers.is_empty() && !resources.instances.is_empty() => Balancer::Single,
        _ if endpoint.is_some_and(is_classic_dns_name) && !facts.inventory.load_balancers.is_empty() => {
            Balancer::Classic
        }
        _ => Balancer::Unknown,
    }
}

/// Returns whether it is a Classic Load Balancer's DNS name: `….<region>.elb.amazonaws.com`, as an ALB's is, but
/// Beanstalk names classic ones `awseb-e-<c>-AWSEBLoa-…` (Beanstalk CLI, public transcripts; UNVERIFIED for old platforms).
fn is_classic_dns_name(endpoint: &str) -> bool {
    endpoint.contains(".elb.") && endpoint.to_ascii_lowercase().contains("-awsebloa-")
}

/// The target groups that the environment's Auto Scaling groups register with.
fn scaled_groups<'a>(facts: Facts<'a>, environment: &Environment) -> impl Iterator<Item = &'a TargetGroup> {
    let resources = facts.inventory.resources.get(&environment.key);
    let scope = environment.key.scope;
    resources
        .into_iter()
        .flat_map(|it| &it.auto_scaling_groups)
        .filter_map(move |name| facts.inventory.auto_scaling_groups.get(&Key::new(scope, Arc::clone(name))))
        .flat_map(|group| &group.target_groups)
        .filter_map(|key| facts.inventory.target_groups.get(key))
}

/// Whether the load balancer is not, or not surely, the environment's alone.
fn is_shared(facts: Facts<'_>, users: &Users, environment: &Environment, key: &Key<LoadBalancer>) -> bool {
    if users.under(key).len() > 1 {
        return true;
    }
    if facts.inventory.tags_of(key).is_some_and(|tags| tags.contains_key(SHARED_COUNT_TAG)) {
        return true;
    }
    if let Some(shared) =
        facts.inventory.settings.get(&environment.key).and_then(ConfigurationSettings::load_balancer_is_shared)
    {
        return shared;
    }
    if environment_tag(facts.inventory, key).as_ref() == Some(&environment.key.id) {
        return false;
    }
    facts.inventory.load_balancers.get(key).is_some_and(|it| !it.is_named_by_beanstalk())
}

/// Gives an environment that is placed the target groups that are its own.
pub(super) fn take_groups(facts: Facts<'_>, users: &Users, environment: &Environment, link: &mut EnvironmentLink) {
    let mut found = Groups::default();
    for group in facts.tagged_groups(&environment.key) {
        found.add(group, Evidence::TargetGroupTag);
    }
    for group in scaled_groups(facts, environment) {
        match facts.tag_of(group) {
            Some(other) if *other != *environment.key.id => link.disagreements.push(format!(
                "{}: target group {} is used by its Auto Scaling group, but tagged with {other}",
                environment.name, group.name
            )),
            _ => found.add(group, Evidence::AutoScalingGroup),
        }
    }
    if let Some((load_balancer, _)) = &link.load_balancer {
        let shared = is_shared(facts, users, environment, load_balancer);
        if shared && link.balancer == Balancer::Application {
            link.balancer = Balancer::ApplicationShared;
        }
        if shared {
            found.add_all(host_rule_groups(facts, environment, load_balancer), Evidence::HostRule);
        } else {
            found.add_all(own_groups(facts, environment, load_balancer), Evidence::OnlyEnvironment);
        }
    }
    link.groups = found.settle();
}

/// An environment's target groups as they are found, each with all its evidence. Few: a list, not a map.
#[derive(Default)]
struct Groups<'a>(Vec<(&'a TargetGroup, EvidenceSet)>);

impl<'a> Groups<'a> {
    fn add(&mut self, group: &'a TargetGroup, evidence: Evidence) {
        match self.0.iter_mut().find(|(known, _)| known.key == group.key) {
            Some((_, set)) => *set = set.with(evidence),
            None => self.0.push((group, EvidenceSet::default().with(evidence))),
        }
    }

    fn add_all(&mut self, groups: impl IntoIterator<Item = &'a TargetGroup>, evidence: Evidence) {
        groups.into_iter().for_each(|group| self.add(group, evidence));
    }

    fn settle(mut self) -> Vec<LinkedGroup> {
        self.0.sort_by(|(one, _), (other, _)| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
        self.0.into_iter().map(|(group, evidence)| LinkedGroup { key: group.key.clone(), evidence }).collect()
    }
}

/// The groups on a load balancer that is the environment's alone, without those that are evidently another's: tagged
/// for another environment, or without Beanstalk's tag where a sibling has it.
fn own_groups<'a>(
    facts: Facts<'a>,
    environment: &'a Environment,
    load_balancer: &Key<LoadBalancer>,
) -> impl Iterator<Item = &'a TargetGroup> {
    let groups = facts.groups_on(load_balancer);
    let tags_work = groups.clone().any(|group| facts.tag_of(group).is_some());
    groups.filter(move |group| match facts.tag_of(group) {
        Some(id) => id == environment.key.id,
        None => !(tags_work && facts.inventory.tags_of(&group.key).is_some()),
    })
}

/// The groups that a rule for the environment's CNAME forwards to, weighted ones too.
fn host_rule_groups<'a>(
    facts: Facts<'a>,
    environment: &Environment,
    load_balancer: &Key<LoadBalancer>,
) -> Vec<&'a TargetGroup> {
    let Some(cname) = environment.cname.as_deref() else { return Vec::new() };
    let listeners = facts.inventory.listeners.get(load_balancer).into_iter().flatten();
    let rules = listeners.filter_map(|listener| facts.inventory.rules.get(&listener.key)).flatten();
    rules
        .filter(|rule| {
            rule.conditions
                .iter()
                .filter(|condition| &*condition.field == "host-header")
                .any(|condition| condition.values.iter().any(|value| value.eq_ignore_ascii_case(cname)))
        })
        .flat_map(|rule| forwarded_target_groups(&rule.actions))
        .filter_map(|forward| facts.inventory.target_groups.get(&forward.target_group))
        .filter(|group| facts.tag_of(group).is_none_or(|id| *id == *environment.key.id))
        .collect()
}
