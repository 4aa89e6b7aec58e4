//! The matches of a query among the objects that were read: exact ones, else near ones.
//!
//! A hit is a place: an environment and its load balancer, or a load balancer that no environment owns. A shared
//! load balancer is as many places as it has environments.

use std::sync::Arc;

use super::fuzzy::Fuzzy;
use super::query::Query;
use super::wildcard::matches_pattern;
use crate::model::Snapshot;
use crate::model::{
    Certificate, Environment, EnvironmentLink, Key, Listener, LoadBalancer, Rule, TargetGroup, leads_to,
    listener_of_rule, serves,
};

/// No more near hits than this.
const MOST_NEAR: usize = 10;
/// The score of a name that a wildcard matches.
const BY_WILDCARD: f64 = 0.9;

/// A place that a query matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundPlace {
    /// The environment, if there is one.
    pub environment: Option<Key<Environment>>,
    /// Its load balancer, or one that no environment owns.
    pub load_balancer: Option<Key<LoadBalancer>>,
    /// The target groups that were hit.
    pub groups: Vec<Key<TargetGroup>>,
}

/// A place, and how the query leads there.
#[derive(Clone, Debug, PartialEq)]
pub struct FindHit {
    /// The field that matched.
    pub matched: &'static str,
    /// Its value.
    pub value: Arc<str>,
    /// 1 for an exact hit, less for a near one.
    pub score: f64,
    /// Where.
    pub place: FoundPlace,
}

/// All hits, best first; near ones only if there is no exact one.
pub fn hits(known: &Snapshot, query: &Query) -> Vec<FindHit> {
    let mut hits = Hits { known, found: Vec::new() };
    match query {
        Query::Name(_) => {
            hits.names(query);
            if hits.found.is_empty() {
                hits.versions(query);
            }
            if hits.found.is_empty() {
                hits.hosts(query);
            }
            if hits.found.is_empty() {
                hits.near(query);
            }
        }
        Query::Arn(arn) => hits.arn(arn),
        Query::Certificate(arn) => hits.certificate(&Key::new(known.scope, arn.as_str()), "certificate_arn"),
        Query::Routing(arn) => hits.routing(arn, query),
        Query::Instance(id) => hits.instance(id, "instance_id"),
        Query::Address(address) => {
            hits.names(query);
            hits.address(address);
        }
    }
    let mut found = hits.found;
    let name = |hit: &FindHit| {
        hit.place
            .environment
            .as_ref()
            .and_then(|key| known.inventory.environments.get(key))
            .map(|it| Arc::clone(&it.name))
    };
    found.sort_by(|one, other| {
        other
            .score
            .total_cmp(&one.score)
            .then_with(|| (name(one).is_none(), name(one)).cmp(&(name(other).is_none(), name(other))))
    });
    if found.iter().any(|hit| hit.score < 1.0) {
        found.truncate(MOST_NEAR);
    }
    found
}

impl FoundPlace {
    fn take_groups(&mut self, groups: Vec<Key<TargetGroup>>) {
        let new: Vec<_> = groups.into_iter().filter(|group| !self.groups.contains(group)).collect();
        self.groups.extend(new);
    }
}

struct Hits<'a> {
    known: &'a Snapshot,
    found: Vec<FindHit>,
}

impl Hits<'_> {
    /// Adds each place once: the first is what the query most likely meant.
    fn add(&mut self, matched: &'static str, value: &Arc<str>, score: f64, places: Vec<FoundPlace>) {
        for place in places {
            let same = |hit: &&mut FindHit| {
                (&hit.place.environment, &hit.place.load_balancer) == (&place.environment, &place.load_balancer)
            };
            match self.found.iter_mut().find(same) {
                Some(known) if known.score >= score => known.place.take_groups(place.groups),
                Some(known) => {
                    let before = std::mem::take(&mut known.place.groups);
                    *known = FindHit { matched, value: Arc::clone(value), score, place };
                    known.place.take_groups(before);
                }
                None => self.found.push(FindHit { matched, value: Arc::clone(value), score, place }),
            }
        }
    }

    fn names(&mut self, query: &Query) {
        let Snapshot { inventory, .. } = self.known;
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

    /// The living environments that run the version of this label.
    fn versions(&mut self, query: &Query) {
        for environment in self.known.inventory.environments.values().filter(|it| !it.is_ending()) {
            if let Some(label) = environment.version.as_ref().filter(|label| ***label == *query.as_str()) {
                self.add("version", label, 1.0, vec![self.environment(&environment.key)]);
            }
        }
    }

    fn near(&mut self, query: &Query) {
        let Snapshot { inventory, .. } = self.known;
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
        let Snapshot { inventory, topology, scope, .. } = self.known;
        let load_balancer: Key<LoadBalancer> = Key::new(*scope, arn);
        let is_used = !topology.environments_of(&load_balancer).is_empty();
        if is_used || inventory.load_balancers.contains_key(&load_balancer) {
            self.add("load_balancer_arn", &load_balancer.id, 1.0, self.load_balancer(&load_balancer));
        }
        let group: Key<TargetGroup> = Key::new(*scope, arn);
        if inventory.target_groups.contains_key(&group) {
            self.add("target_group_arn", &group.id, 1.0, self.group(&group));
        }
        let environment = inventory.environments.values().find(|it| it.arn.as_deref() == Some(arn));
        if let Some(environment) = environment {
            self.add("environment_arn", &group.id, 1.0, vec![self.environment(&environment.key)]);
        }
    }

    /// The ARN itself contains the load balancer; whether the listener still exists is known once the listeners are read.
    fn routing(&mut self, arn: &str, query: &Query) {
        let Snapshot { inventory, topology, scope, .. } = self.known;
        let Some(load_balancer) = query.load_balancer(*scope) else { return };
        let listener = listener_of_rule(arn).unwrap_or_else(|| arn.into());
        let listeners = inventory.listeners.get(&load_balancer);
        let is_known = listeners.is_some()
            || inventory.load_balancers.contains_key(&load_balancer)
            || !topology.environments_of(&load_balancer).is_empty();
        let found = listeners.and_then(|listeners| listeners.iter().find(|known| known.key.id == listener));
        let is_gone = listeners.is_some() && found.is_none();
        if is_known && !is_gone {
            let matched = if listener_of_rule(arn).is_some() { "rule_arn" } else { "listener_arn" };
            let served = found.map(|listener| self.served_by(listener, arn)).unwrap_or_default();
            let places = if served.is_empty() { self.load_balancer(&load_balancer) } else { served };
            self.add(matched, &arn.into(), 1.0, places);
        }
    }

    /// The environments to which a listener leads, or the rule of it that has this ARN.
    fn served_by(&self, listener: &Listener, arn: &str) -> Vec<FoundPlace> {
        let Snapshot { inventory, .. } = self.known;
        let rules = inventory.rules.get(&listener.key).into_iter().flatten();
        match rules.into_iter().find(|rule| *rule.key.id == *arn) {
            Some(rule) => self.reached(&listener.load_balancer, |link| leads_to(link, &rule.actions)),
            None => self.reached(&listener.load_balancer, |link| serves(inventory, link, listener) == Some(true)),
        }
    }

    /// The environments on a load balancer that are reached.
    fn reached(
        &self,
        load_balancer: &Key<LoadBalancer>,
        is_reached: impl Fn(&EnvironmentLink) -> bool,
    ) -> Vec<FoundPlace> {
        let topology = &self.known.topology;
        let environments = topology.environments_of(load_balancer).iter();
        let reached = environments.filter(|key| topology.link(key).is_some_and(&is_reached));
        reached.map(|key| self.environment(key)).collect()
    }

    /// The rules for a host name and the certificates that are good for it: those that name it, else those whose
    /// wildcards match it.
    fn hosts(&mut self, query: &Query) {
        let Some(host) = query.host() else { return };
        self.rules_for(host, str::eq_ignore_ascii_case, 1.0);
        self.certificates_for(host, str::eq_ignore_ascii_case, 1.0);
        if self.found.is_empty() {
            self.rules_for(host, matches_pattern, BY_WILDCARD);
            self.certificates_for(host, matches_pattern, BY_WILDCARD);
        }
    }

    fn rules_for(&mut self, host: &str, is_named: fn(&str, &str) -> bool, score: f64) {
        let inventory = &self.known.inventory;
        let listeners = inventory.listeners.values().flatten();
        let rules =
            listeners.flat_map(|it| inventory.rules.get(&it.key).into_iter().flatten().map(move |rule| (it, rule)));
        for (listener, rule) in rules {
            let conditions = rule.conditions.iter().filter(|it| &*it.field == "host-header");
            if let Some(value) = conditions.flat_map(|it| &it.values).find(|value| is_named(value, host)) {
                self.add("rule_host", value, score, self.behind_rule(listener, rule));
            }
        }
    }

    fn behind_rule(&self, listener: &Listener, rule: &Rule) -> Vec<FoundPlace> {
        let places = self.reached(&listener.load_balancer, |link| leads_to(link, &rule.actions));
        if places.is_empty() { self.alone(&listener.load_balancer) } else { places }
    }

    fn certificates_for(&mut self, host: &str, is_named: fn(&str, &str) -> bool, score: f64) {
        let inventory = &self.known.inventory;
        for certificate in inventory.certificates.values() {
            let mut names = certificate.domain.iter().chain(&certificate.names);
            if let Some(name) = names.find(|name| is_named(name, host)) {
                let places = self.presenting(&certificate.key);
                self.add("certificate_name", name, score, places);
            }
        }
    }

    fn certificate(&mut self, key: &Key<Certificate>, matched: &'static str) {
        let places = self.presenting(key);
        let is_known = self.known.inventory.certificates.contains_key(key);
        if is_known || places.iter().any(|place| place.load_balancer.is_some()) {
            self.add(matched, &key.id, 1.0, places);
        }
    }

    /// The environments whose listeners present a certificate; one place without anything if none does.
    fn presenting(&self, certificate: &Key<Certificate>) -> Vec<FoundPlace> {
        let listeners = self.known.inventory.listeners.values().flatten();
        let presenting = listeners.filter(|listener| listener.certificates.contains(&certificate.id));
        let mut places: Vec<_> = presenting
            .flat_map(|listener| {
                let served = self.served_by(listener, &listener.key.id);
                if served.is_empty() { self.alone(&listener.load_balancer) } else { served }
            })
            .collect();
        if places.is_empty() {
            places.push(FoundPlace::default());
        }
        places
    }

    /// A load balancer with its environment if it is one environment's, else alone.
    fn alone(&self, key: &Key<LoadBalancer>) -> Vec<FoundPlace> {
        match self.known.topology.environments_of(key) {
            [environment] => vec![self.environment(environment)],
            _ => vec![FoundPlace { load_balancer: Some(key.clone()), ..FoundPlace::default() }],
        }
    }

    /// Finds an instance by its Beanstalk tag and by the target groups, else by Beanstalk's own list.
    fn instance(&mut self, id: &str, matched: &'static str) {
        let Snapshot { inventory, scope, .. } = self.known;
        let instance = inventory.instances.get(&Key::new(*scope, id));
        let value = Arc::from(id);
        let tagged = instance.and_then(|it| inventory.environment_named(it.environment_name.as_deref()?));
        if let Some(environment) = tagged {
            self.add(matched, &value, 1.0, vec![self.environment(&environment.key)]);
        }
        self.target(id, &value, matched);
        if tagged.is_some() {
            return;
        }
        for resources in inventory.resources.values().filter(|it| it.instances.iter().any(|known| **known == *id)) {
            self.add(matched, &value, 1.0, vec![self.environment(&resources.environment)]);
        }
    }

    fn address(&mut self, address: &str) {
        let Snapshot { inventory, .. } = self.known;
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
                self.add(matched, value, 1.0, self.group_with_target(group));
            }
        }
    }

    /// Returns the group's own environment, else the load balancers that use it, else the group alone.
    fn group_with_target(&self, key: &Key<TargetGroup>) -> Vec<FoundPlace> {
        let Snapshot { inventory, topology, .. } = self.known;
        let owner = topology.owner_of(key).map(|owner| self.environment(owner));
        let balancers = || inventory.target_groups.get(key).map_or(&[][..], |group| &group.load_balancers);
        let mut places: Vec<_> = match owner {
            Some(place) => vec![place],
            None => balancers().iter().flat_map(|load_balancer| self.alone(load_balancer)).collect(),
        };
        if places.is_empty() {
            places.push(FoundPlace::default());
        }
        places.into_iter().map(|place| FoundPlace { groups: vec![key.clone()], ..place }).collect()
    }

    fn environment(&self, key: &Key<Environment>) -> FoundPlace {
        let link = self.known.topology.link(key);
        let load_balancer = link.and_then(|link| link.load_balancer.as_ref()).map(|(key, _)| key.clone());
        FoundPlace { environment: Some(key.clone()), load_balancer, groups: Vec::new() }
    }

    fn load_balancer(&self, key: &Key<LoadBalancer>) -> Vec<FoundPlace> {
        let environments = self.known.topology.environments_of(key);
        if environments.is_empty() {
            return vec![FoundPlace { load_balancer: Some(key.clone()), ..FoundPlace::default() }];
        }
        environments.iter().map(|environment| self.environment(environment)).collect()
    }

    /// Returns the group's own environment; else those of the load balancer that uses it; else the group alone.
    fn group(&self, key: &Key<TargetGroup>) -> Vec<FoundPlace> {
        let Snapshot { inventory, topology, .. } = self.known;
        let places = match (topology.owner_of(key), inventory.target_groups.get(key)) {
            (Some(owner), _) => vec![self.environment(owner)],
            (None, Some(group)) if !group.load_balancers.is_empty() => {
                group.load_balancers.iter().flat_map(|load_balancer| self.load_balancer(load_balancer)).collect()
            }
            _ => vec![FoundPlace::default()],
        };
        places.into_iter().map(|place| FoundPlace { groups: vec![key.clone()], ..place }).collect()
    }
}
