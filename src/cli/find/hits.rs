//! What a query matches among the things that were read: exactly, else nearly.
//!
//! What is hit is a place: an environment and its load balancer, or a load balancer that no environment owns. A shared
//! load balancer is as many places as it has environments.

use std::sync::Arc;

use super::fuzzy::Fuzzy;
use super::query::Query;
use crate::app::polling::Known;
use crate::model::{Environment, Key, LoadBalancer, TargetGroup};

/// No more near hits than this.
const MOST_NEAR: usize = 10;

/// What a query belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The environment, if there is one.
    pub environment: Option<Key<Environment>>,
    /// Its load balancer, or one that nobody owns.
    pub load_balancer: Option<Key<LoadBalancer>>,
    /// The target group that was hit.
    pub group: Option<Key<TargetGroup>>,
}

/// A place, and how the query leads there.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The field that matched.
    pub matched: &'static str,
    /// Its value.
    pub value: Arc<str>,
    /// 1 for an exact hit, less for a near one.
    pub score: f64,
    /// Where.
    pub place: Place,
}

/// All hits, best first; near ones only if there is no exact one.
pub fn hits(known: &Known<'_>, query: &Query) -> Vec<Hit> {
    let mut hits = Hits { known, found: Vec::new() };
    match query {
        Query::Name(_) => {
            hits.names(query);
            if hits.found.is_empty() {
                hits.near(query);
            }
        }
        Query::Arn(arn) => hits.arn(arn),
        Query::Routing(arn) => hits.routing(arn, query),
        Query::Instance(id) => hits.instance(id, "instance_id"),
        Query::Address(address) => {
            hits.names(query);
            hits.address(address);
        }
    }
    let mut found = hits.found;
    let name = |hit: &Hit| {
        hit.place
            .environment
            .as_ref()
            .and_then(|key| known.inventory.environments.get(key))
            .map(|it| Arc::clone(&it.name))
    };
    found.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| name(one).cmp(&name(other))));
    if found.iter().any(|hit| hit.score < 1.0) {
        found.truncate(MOST_NEAR);
    }
    found
}

struct Hits<'a> {
    known: &'a Known<'a>,
    found: Vec<Hit>,
}

impl Hits<'_> {
    /// Each place once: what is asked first is what the query most likely meant.
    fn add(&mut self, matched: &'static str, value: &Arc<str>, score: f64, places: Vec<Place>) {
        for place in places {
            let same = |hit: &&mut Hit| {
                (&hit.place.environment, &hit.place.load_balancer) == (&place.environment, &place.load_balancer)
            };
            match self.found.iter_mut().find(same) {
                Some(known) if known.score >= score => {}
                Some(known) => *known = Hit { matched, value: Arc::clone(value), score, place },
                None => self.found.push(Hit { matched, value: Arc::clone(value), score, place }),
            }
        }
    }

    fn names(&mut self, query: &Query) {
        let Known { inventory, .. } = *self.known;
        let text = query.as_str();
        for environment in inventory.environments.values() {
            let is_cname = environment.cname.as_ref().filter(|cname| query.is_host(cname));
            let place = || vec![self.environment(&environment.key)];
            if *environment.name == *text {
                self.add("environment", &environment.name, 1.0, place());
            } else if *environment.key.id == *text {
                self.add("environment_id", &environment.key.id, 1.0, place());
            } else if let Some(cname) = is_cname {
                self.add("cname", cname, 1.0, place());
            }
        }
        for load_balancer in inventory.load_balancers.values() {
            let places = || self.load_balancer(&load_balancer.key);
            if *load_balancer.name == *text {
                self.add("load_balancer_name", &load_balancer.name, 1.0, places());
            } else if let Some(name) = load_balancer.dns_name.as_ref().filter(|name| query.is_host(name)) {
                self.add("dns_name", name, 1.0, places());
            }
        }
        for group in inventory.target_groups.values().filter(|group| *group.name == *text) {
            self.add("target_group_name", &group.name, 1.0, self.group(&group.key));
        }
        for environment in inventory.environments.values() {
            if let Some(url) = environment.endpoint_url.as_ref().filter(|url| query.is_host(url)) {
                self.add("endpoint_url", url, 1.0, vec![self.environment(&environment.key)]);
            }
        }
    }

    fn near(&mut self, query: &Query) {
        let Known { inventory, .. } = *self.known;
        let Some(mut fuzzy) = Fuzzy::new(query.as_str()) else { return };
        for environment in inventory.environments.values() {
            if let Some(score) = fuzzy.score(&environment.name) {
                self.add("environment", &environment.name, score, vec![self.environment(&environment.key)]);
            }
        }
        for load_balancer in inventory.load_balancers.values() {
            if let Some(score) = fuzzy.score(&load_balancer.name) {
                self.add("load_balancer_name", &load_balancer.name, score, self.load_balancer(&load_balancer.key));
            }
        }
        for group in inventory.target_groups.values() {
            if let Some(score) = fuzzy.score(&group.name) {
                self.add("target_group_name", &group.name, score, self.group(&group.key));
            }
        }
    }

    fn arn(&mut self, arn: &str) {
        let Known { inventory, topology, scope, .. } = *self.known;
        let load_balancer: Key<LoadBalancer> = Key::new(scope, arn);
        let is_used = !topology.environments_of(&load_balancer).is_empty();
        if is_used || inventory.load_balancers.contains_key(&load_balancer) {
            self.add("load_balancer_arn", &load_balancer.id, 1.0, self.load_balancer(&load_balancer));
        }
        let group: Key<TargetGroup> = Key::new(scope, arn);
        if inventory.target_groups.contains_key(&group) {
            self.add("target_group_arn", &group.id, 1.0, self.group(&group));
        }
        let environment = inventory.environments.values().find(|it| it.arn.as_deref() == Some(arn));
        if let Some(environment) = environment {
            self.add("environment_arn", &group.id, 1.0, vec![self.environment(&environment.key)]);
        }
    }

    /// The ARN itself tells the load balancer; that the listener is still there is known once the listeners are read.
    fn routing(&mut self, arn: &str, query: &Query) {
        let Known { inventory, topology, scope, .. } = *self.known;
        let Some(load_balancer) = query.load_balancer(scope) else { return };
        let listeners = inventory.listeners.get(&load_balancer);
        let is_known = listeners.is_some()
            || inventory.load_balancers.contains_key(&load_balancer)
            || !topology.environments_of(&load_balancer).is_empty();
        let is_gone = listeners.is_some_and(|listeners| {
            let listener = crate::model::listener_of_rule(arn).unwrap_or_else(|| arn.into());
            listeners.iter().all(|known| known.key.id != listener)
        });
        if is_known && !is_gone {
            let matched = if crate::model::listener_of_rule(arn).is_some() { "rule_arn" } else { "listener_arn" };
            self.add(matched, &arn.into(), 1.0, self.load_balancer(&load_balancer));
        }
    }

    /// By the tag that Beanstalk puts on its instances, else by the target groups, else by Beanstalk's own list.
    fn instance(&mut self, id: &str, matched: &'static str) {
        let Known { inventory, scope, .. } = *self.known;
        let instance = inventory.instances.get(&Key::new(scope, id));
        let value = Arc::from(id);
        if let Some(environment) = instance.and_then(|it| inventory.environment_named(it.environment_name.as_deref()?))
        {
            return self.add(matched, &value, 1.0, vec![self.environment(&environment.key)]);
        }
        self.target(id, &value, matched);
        for resources in inventory.resources.values().filter(|it| it.instances.iter().any(|known| **known == *id)) {
            self.add(matched, &value, 1.0, vec![self.environment(&resources.environment)]);
        }
    }

    fn address(&mut self, address: &str) {
        let Known { inventory, .. } = *self.known;
        for instance in inventory.instances.values().filter(|it| it.private_ip.as_deref() == Some(address)) {
            let before = self.found.len();
            self.instance(&instance.key.id, "private_ip");
            self.found[before..].iter_mut().for_each(|hit| hit.value = address.into());
        }
        self.target(address, &address.into(), "private_ip");
    }

    fn target(&mut self, id: &str, value: &Arc<str>, matched: &'static str) {
        for (group, targets) in &self.known.inventory.targets {
            if targets.iter().any(|target| *target.id == *id) {
                self.add(matched, value, 1.0, self.group(group));
            }
        }
    }

    fn environment(&self, key: &Key<Environment>) -> Place {
        let link = self.known.topology.link(key);
        let load_balancer = link.and_then(|link| link.load_balancer.as_ref()).map(|(key, _)| key.clone());
        Place { environment: Some(key.clone()), load_balancer, group: None }
    }

    fn load_balancer(&self, key: &Key<LoadBalancer>) -> Vec<Place> {
        let environments = self.known.topology.environments_of(key);
        if environments.is_empty() {
            return vec![Place { load_balancer: Some(key.clone()), ..Place::default() }];
        }
        environments.iter().map(|environment| self.environment(environment)).collect()
    }

    /// The group's own environment; else those of the load balancer that it hangs on; else the group alone.
    fn group(&self, key: &Key<TargetGroup>) -> Vec<Place> {
        let Known { inventory, topology, .. } = *self.known;
        let places = match (topology.owner_of(key), inventory.target_groups.get(key)) {
            (Some(owner), _) => vec![self.environment(owner)],
            (None, Some(group)) if !group.load_balancers.is_empty() => {
                group.load_balancers.iter().flat_map(|load_balancer| self.load_balancer(load_balancer)).collect()
            }
            _ => vec![Place::default()],
        };
        places.into_iter().map(|place| Place { group: Some(key.clone()), ..place }).collect()
    }
}
