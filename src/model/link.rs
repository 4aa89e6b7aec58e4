//! Which load balancer and which target groups are an environment's: a pure function over what has been read.
//!
//! Every piece of evidence may be missing or denied; what is there is used, and kept with the link. The steps: find the
//! load balancer of each environment; see who shares one; then give each environment the target groups that are its own.

use super::{Map, Set};
use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::sync::Arc;

use super::{
    Balancer, BalancerKind, ConfigurationSettings, Environment, EnvironmentLink, Evidence, EvidenceSet, Inventory, Key,
    LinkedGroup, LoadBalancer, TargetGroup, Tier, Topology, balancer_kind, forwarded_target_groups, load_balancer_name,
};

const ENVIRONMENT_ID_TAG: &str = "elasticbeanstalk:environment-id";
const SHARED_COUNT_TAG: &str = "elasticbeanstalk:shared-elb-environment-count";

/// Links everything that is known.
#[must_use]
pub fn link(inventory: &Inventory) -> Topology {
    let index = Index::new(inventory);
    let mut links: Map<_, _> = inventory
        .environments
        .values()
        .map(|environment| (environment.key.clone(), place(&index, environment)))
        .collect();
    let users = users(&links);
    for (key, link) in &mut links {
        if let Some(environment) = inventory.environments.get(key).filter(|it| !it.is_terminated()) {
            take_groups(&index, &users, environment, link);
        }
    }
    let owners: Map<_, _> =
        links.iter().flat_map(|(key, link)| link.groups.iter().map(|group| (group.key.clone(), key.clone()))).collect();
    let groups = index.groups.into_iter().map(|(key, groups)| (key.clone(), by_name(&groups))).collect();
    let unowned = unowned(inventory, &users, &owners);
    Topology { links, users, owners, groups, unowned }
}

/// A host name, which is the same in any case.
#[derive(Clone, Copy)]
struct Caseless<'a>(&'a str);

impl PartialEq for Caseless<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for Caseless<'_> {}

impl Hash for Caseless<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.bytes().for_each(|byte| state.write_u8(byte.to_ascii_lowercase()));
    }
}

/// A target group and the environment that its own tag names.
type Tagged<'a> = (&'a TargetGroup, Option<&'a str>);

/// What is looked up many times, found once.
struct Index<'a> {
    inventory: &'a Inventory,
    by_dns_name: Map<Caseless<'a>, &'a Key<LoadBalancer>>,
    groups: Map<&'a Key<LoadBalancer>, Vec<Tagged<'a>>>,
    tagged_groups: Map<&'a str, Vec<&'a TargetGroup>>,
    tagged_balancers: Map<&'a str, &'a Key<LoadBalancer>>,
}

impl<'a> Index<'a> {
    fn new(inventory: &'a Inventory) -> Self {
        let balancers = || inventory.load_balancers.values();
        let mut groups: Map<_, Vec<_>> = Map::default();
        let mut tagged_groups: Map<_, Vec<_>> = Map::default();
        for group in inventory.target_groups.values() {
            let tag = environment_tag(inventory, &group.key.id);
            for load_balancer in &group.load_balancers {
                groups.entry(load_balancer).or_default().push((group, tag));
            }
            if let Some(id) = tag {
                tagged_groups.entry(id).or_default().push(group);
            }
        }
        Self {
            inventory,
            by_dns_name: balancers().filter_map(|it| Some((Caseless(it.dns_name.as_deref()?), &it.key))).collect(),
            groups,
            tagged_groups,
            tagged_balancers: balancers()
                .filter_map(|it| Some((environment_tag(inventory, &it.key.id)?, &it.key)))
                .collect(),
        }
    }

    fn tag_of(&self, group: &TargetGroup) -> Option<&'a str> {
        environment_tag(self.inventory, &group.key.id)
    }
}

fn environment_tag<'a>(inventory: &'a Inventory, arn: &Arc<str>) -> Option<&'a str> {
    inventory.tags.get(arn)?.get(ENVIRONMENT_ID_TAG).map(|id| &**id)
}

/// The kind of the environment and its load balancer; the target groups come later.
fn place(index: &Index<'_>, environment: &Environment) -> EnvironmentLink {
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
    let resources = index.inventory.resources.get(&environment.key);
    let mut candidates = Candidates::default();
    for name in resources.iter().flat_map(|it| &it.load_balancers) {
        if balancer_kind(name) == BalancerKind::Classic {
            let classic_name = Some(load_balancer_name(name).into());
            return EnvironmentLink { balancer: Balancer::Classic, classic_name, ..EnvironmentLink::default() };
        }
        candidates.add(Key::new(environment.key.scope, Arc::clone(name)), Evidence::Resources);
    }
    for group in index.tagged_groups.get(&*environment.key.id).into_iter().flatten() {
        for load_balancer in &group.load_balancers {
            candidates.add(load_balancer.clone(), Evidence::TargetGroupTag);
        }
    }
    for load_balancer in scaled_groups(index, environment).flat_map(|group| &group.load_balancers) {
        candidates.add(load_balancer.clone(), Evidence::AutoScalingGroup);
    }
    if let Some(load_balancer) = index.tagged_balancers.get(&*environment.key.id) {
        candidates.add((*load_balancer).clone(), Evidence::LoadBalancerTag);
    }
    if let Some(load_balancer) = endpoint.and_then(|it| index.by_dns_name.get(&Caseless(it))) {
        candidates.add((*load_balancer).clone(), Evidence::DnsName);
    }
    candidates.settle(index, environment)
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

    fn settle(mut self, index: &Index<'_>, environment: &Environment) -> EnvironmentLink {
        let disagreements = self.disagreements(environment);
        self.0.truncate(1);
        let load_balancer = self.0.pop();
        let balancer = match &load_balancer {
            Some((key, _)) => match balancer_kind(&key.id) {
                BalancerKind::Application => Balancer::Application,
                BalancerKind::Network => Balancer::Network,
                BalancerKind::Gateway | BalancerKind::Classic => Balancer::Unknown,
            },
            None => without_balancer(index, environment),
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
fn without_balancer(index: &Index<'_>, environment: &Environment) -> Balancer {
    let endpoint = environment.endpoint_url.as_deref();
    if endpoint.is_some_and(|it| it.parse::<IpAddr>().is_ok()) {
        return Balancer::Single;
    }
    match index.inventory.resources.get(&environment.key) {
        Some(resources) if resources.cluster.is_some() => Balancer::Cluster,
        Some(resources) if !resources.queues.is_empty() => Balancer::Worker,
        Some(resources) if resources.load_balancers.is_empty() && !resources.instances.is_empty() => Balancer::Single,
        _ if endpoint.is_some_and(is_classic_dns_name) && index.knows_balancers() => Balancer::Classic,
        _ => Balancer::Unknown,
    }
}

impl Index<'_> {
    fn knows_balancers(&self) -> bool {
        !self.inventory.load_balancers.is_empty()
    }
}

/// A classic balancer's DNS name is under the region, `….<region>.elb.amazonaws.com`, as an ALB's is; but Beanstalk names
/// its classic ones `awseb-e-<c>-AWSEBLoa-…` (Beanstalk CLI and public transcripts; UNVERIFIED for every age of platform).
fn is_classic_dns_name(endpoint: &str) -> bool {
    endpoint.contains(".elb.") && endpoint.to_ascii_lowercase().contains("-awsebloa-")
}

/// The target groups that the environment's Auto Scaling groups register with.
fn scaled_groups<'a>(index: &'a Index<'_>, environment: &Environment) -> impl Iterator<Item = &'a TargetGroup> {
    let resources = index.inventory.resources.get(&environment.key);
    let scope = environment.key.scope;
    resources
        .into_iter()
        .flat_map(|it| &it.auto_scaling_groups)
        .filter_map(move |name| index.inventory.auto_scaling_groups.get(&Key::new(scope, Arc::clone(name))))
        .flat_map(|group| &group.target_groups)
        .filter_map(|key| index.inventory.target_groups.get(key))
}

type Users = Map<Key<LoadBalancer>, Vec<Key<Environment>>>;

fn users(links: &Map<Key<Environment>, EnvironmentLink>) -> Users {
    let mut users: Users = Map::default();
    for (environment, link) in links {
        if let Some((load_balancer, _)) = &link.load_balancer {
            users.entry(load_balancer.clone()).or_default().push(environment.clone());
        }
    }
    users.values_mut().for_each(|users| users.sort());
    users
}

/// Whether the load balancer is not, or not surely, the environment's alone.
fn is_shared(index: &Index<'_>, users: &Users, environment: &Environment, key: &Key<LoadBalancer>) -> bool {
    if users.get(key).is_some_and(|users| users.len() > 1) {
        return true;
    }
    if index.inventory.tags.get(&key.id).is_some_and(|tags| tags.contains_key(SHARED_COUNT_TAG)) {
        return true;
    }
    if let Some(shared) =
        index.inventory.settings.get(&environment.key).and_then(ConfigurationSettings::load_balancer_is_shared)
    {
        return shared;
    }
    if environment_tag(index.inventory, &key.id) == Some(&*environment.key.id) {
        return false;
    }
    index.inventory.load_balancers.get(key).is_some_and(|it| !it.is_named_by_beanstalk())
}

fn take_groups(index: &Index<'_>, users: &Users, environment: &Environment, link: &mut EnvironmentLink) {
    let mut found = Groups::default();
    for group in index.tagged_groups.get(&*environment.key.id).into_iter().flatten() {
        found.add(group, Evidence::TargetGroupTag);
    }
    for group in scaled_groups(index, environment) {
        match index.tag_of(group) {
            Some(other) if *other != *environment.key.id => link.disagreements.push(format!(
                "{}: target group {} is used by its Auto Scaling group, but tagged with {other}",
                environment.name, group.name
            )),
            _ => found.add(group, Evidence::AutoScalingGroup),
        }
    }
    if let Some((load_balancer, _)) = &link.load_balancer {
        let shared = is_shared(index, users, environment, load_balancer);
        if shared && link.balancer == Balancer::Application {
            link.balancer = Balancer::ApplicationShared;
        }
        if shared {
            found.add_all(host_rule_groups(index, environment, load_balancer), Evidence::HostRule);
        } else {
            found.add_all(own_groups(index, environment, load_balancer), Evidence::OnlyEnvironment);
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

/// The groups on a load balancer that is the environment's alone, without those that are evidently somebody else's: tagged
/// for another environment, or without Beanstalk's tag where a sibling has it.
fn own_groups<'a>(
    index: &'a Index<'_>,
    environment: &'a Environment,
    load_balancer: &Key<LoadBalancer>,
) -> impl Iterator<Item = &'a TargetGroup> {
    let groups = index.groups.get(load_balancer).map_or(&[][..], Vec::as_slice);
    let tags_work = groups.iter().any(|(_, tag)| tag.is_some());
    let is_own = move |(group, tag): &Tagged<'_>| match tag {
        Some(id) => **id == *environment.key.id,
        None => !(tags_work && index.inventory.tags.contains_key(&group.key.id)),
    };
    groups.iter().filter(move |tagged| is_own(tagged)).map(|(group, _)| *group)
}

/// The groups that a rule for the environment's CNAME forwards to, weighted ones too.
fn host_rule_groups<'a>(
    index: &'a Index<'_>,
    environment: &Environment,
    load_balancer: &Key<LoadBalancer>,
) -> Vec<&'a TargetGroup> {
    let Some(cname) = environment.cname.as_deref() else { return Vec::new() };
    let listeners = index.inventory.listeners.get(load_balancer).into_iter().flatten();
    let rules = listeners.filter_map(|listener| index.inventory.rules.get(&listener.key)).flatten();
    rules
        .filter(|rule| {
            rule.conditions
                .iter()
                .filter(|condition| &*condition.field == "host-header")
                .any(|condition| condition.values.iter().any(|value| value.eq_ignore_ascii_case(cname)))
        })
        .flat_map(|rule| forwarded_target_groups(&rule.actions))
        .filter_map(|forward| index.inventory.target_groups.get(&forward.target_group))
        .filter(|group| index.tag_of(group).is_none_or(|id| *id == *environment.key.id))
        .collect()
}

fn by_name(groups: &[Tagged<'_>]) -> Vec<Key<TargetGroup>> {
    let mut groups = groups.to_vec();
    groups.sort_by(|(one, _), (other, _)| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    groups.into_iter().map(|(group, _)| group.key.clone()).collect()
}

fn unowned(
    inventory: &Inventory,
    users: &Users,
    owners: &Map<Key<TargetGroup>, Key<Environment>>,
) -> Vec<Key<LoadBalancer>> {
    let by_group: Set<_> = owners
        .keys()
        .filter_map(|key| inventory.target_groups.get(key))
        .flat_map(|group| &group.load_balancers)
        .collect();
    let mut unowned: Vec<_> = inventory
        .load_balancers
        .values()
        .filter(|it| !users.contains_key(&it.key) && !by_group.contains(&it.key))
        .collect();
    unowned.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    unowned.into_iter().map(|it| it.key.clone()).collect()
}
