//! Load balancers with their listeners and rules, and which target groups they thereby serve.
//!
//! A target group belongs to the load balancer that forwards to it, as at AWS: nothing else attaches it.

use super::listening::OLD_POLICY;
use super::{Balancer, Listener, LoadBalancer, Pair, Region, Rule, RuleAction, attributes};
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::{ActionSpec, BalancerType, ListenerSpec, LoadBalancerSpec, RuleSpec};

/// What the environments define about a load balancer and its own table does not.
pub(super) struct Wanted<'a> {
    pub(super) spec: &'a LoadBalancerSpec,
    pub(super) name: String,
    pub(super) tags: Vec<Pair>,
    pub(super) security_groups: Vec<String>,
    pub(super) created: i64,
}

impl Region {
    pub(super) fn add_load_balancer(&mut self, wanted: Wanted<'_>) -> usize {
        let Wanted { spec, name, .. } = wanted;
        let (kind, path) = match spec.kind {
            BalancerType::Application => (Balancer::Application, "app/"),
            BalancerType::Network => (Balancer::Network, "net/"),
            BalancerType::Classic => (Balancer::Classic, ""),
        };
        let tail = self.tail("loadbalancer", &spec.key);
        let full_name = if kind == Balancer::Classic { name.clone() } else { format!("{path}{name}/{tail}") };
        let place = self.load_balancers.len();
        let listeners: Vec<Listener> =
            spec.listener.iter().map(|listener| self.listener_of(&full_name, listener)).collect();
        let mut balancer_attributes = attributes::of_load_balancer(kind);
        for (key, value) in &spec.attributes {
            attributes::set(&mut balancer_attributes, key, value.clone());
        }
        self.load_balancers.push(LoadBalancer {
            key: spec.key.clone(),
            kind,
            arn: self.arn("elasticloadbalancing", &format!("loadbalancer/{full_name}")),
            dns_name: spec.dns.clone().unwrap_or_else(|| self.dns_name(&name, &spec.scheme)),
            name,
            scheme: spec.scheme.clone(),
            state: spec.state.clone(),
            created: wanted.created,
            zones: spec.zones.clamp(1, self.zones.len()),
            dual_stack: spec.ip_address_type == "dualstack",
            security_groups: wanted.security_groups,
            attributes: balancer_attributes,
            tags: wanted.tags,
            listeners,
            target_groups: Vec::new(),
        });
        self.attach(place);
        self.index_load_balancer(place);
        place
    }

    fn index_load_balancer(&mut self, place: usize) {
        let balancer = &self.load_balancers[place];
        for name in [balancer.arn.as_str(), &balancer.name, balancer.dimension()] {
            self.index.load_balancers.insert(name.to_owned(), place);
        }
        for (number, listener) in balancer.listeners.iter().enumerate() {
            self.index.listeners.insert(listener.arn.clone(), (place, number));
        }
    }

    fn listener_of(&mut self, load_balancer: &str, spec: &ListenerSpec) -> Listener {
        let path = format!("{load_balancer}/{}", self.tail("listener", &format!("{load_balancer} {}", spec.port)));
        let certificate = spec.certificate.as_deref().and_then(|key| self.use_certificate(key));
        let additional = &spec.additional_certificates;
        let additional_certificates = additional.iter().filter_map(|key| self.use_certificate(key)).collect();
        let secure = certificate.is_some();
        let mut rules: Vec<Rule> = spec.rule.iter().map(|rule| self.rule_of(&path, rule)).collect();
        rules.sort_by_key(|rule| rule.priority);
        rules.push(Rule {
            arn: self.rule_arn(&path, "default"),
            priority: None,
            hosts: Vec::new(),
            paths: Vec::new(),
            action: self.action_of(&spec.default),
        });
        Listener {
            arn: self.arn("elasticloadbalancing", &format!("listener/{path}")),
            port: spec.port,
            protocol: spec.protocol.clone().unwrap_or_else(|| if secure { "HTTPS" } else { "HTTP" }.to_owned()),
            policy: secure.then(|| spec.policy.clone().unwrap_or_else(|| OLD_POLICY.to_owned())),
            certificate,
            additional_certificates,
            rules,
            lives: i64::MIN..i64::MAX,
            made_by: None,
            defaults: Vec::new(),
        }
    }

    pub fn rule_arn(&self, listener: &str, priority: &str) -> String {
        let tail = self.tail("rule", &format!("{listener} {priority}"));
        self.arn("elasticloadbalancing", &format!("listener-rule/{listener}/{tail}"))
    }

    fn rule_of(&self, listener: &str, spec: &RuleSpec) -> Rule {
        Rule {
            arn: self.rule_arn(listener, &spec.priority.to_string()),
            priority: Some(spec.priority),
            hosts: spec.hosts.clone(),
            paths: spec.paths.clone(),
            action: self.action_of(&spec.action),
        }
    }

    fn action_of(&self, spec: &ActionSpec) -> RuleAction {
        let one = spec.forward.iter().map(|to| (to, 1));
        let split = spec.split.iter().map(|share| (&share.to, share.weight));
        let to: Vec<(usize, u32)> =
            one.chain(split).filter_map(|(to, weight)| Some((self.target_group(to)?, weight))).collect();
        match spec.fixed_response {
            _ if !to.is_empty() => RuleAction::Forward { to, sticky: spec.sticky.map(|span| span.0 / 1000) },
            Some(status) => RuleAction::Fixed(status),
            None if spec.redirect.is_some() => RuleAction::RedirectToHttps(301),
            None => RuleAction::Fixed(404),
        }
    }

    /// Notes on both sides which target groups the listeners forward to.
    pub fn attach(&mut self, place: usize) {
        let balancer = &mut self.load_balancers[place];
        let zones = balancer.zones;
        for rule in balancer.listeners.iter().flat_map(|listener| &listener.rules) {
            let RuleAction::Forward { to, .. } = &rule.action else { continue };
            for (group, _) in to {
                if !balancer.target_groups.contains(group) {
                    balancer.target_groups.push(*group);
                }
                let group = &mut self.target_groups[*group];
                (group.load_balancer, group.zones) = (Some(place), Some(zones));
            }
        }
    }

    /// Adds a load balancer that the scenario names: unowned, shared, or dedicated with explicit listeners.
    pub(super) fn add_named_load_balancer(&mut self, spec: &LoadBalancerSpec) {
        let sharing = self.environments_on(&spec.key, true);
        let owner = self.environments_on(&spec.key, false).first().copied();
        let name = spec.name.clone().unwrap_or_else(|| match owner {
            Some(owner) => self.load_balancer_name(&self.environments[owner].key),
            None => spec.key.clone(),
        });
        let mut tags: Vec<Pair> = owner.map_or_else(Vec::new, |owner| self.environments[owner].tags.clone());
        if !sharing.is_empty() {
            tags.push(("elasticbeanstalk:shared-elb-environment-count".to_owned(), sharing.len().to_string()));
        }
        tags.extend(spec.tags.iter().map(|(key, value)| (key.clone(), value.clone())));
        let group_key = owner.map_or_else(|| format!("lb {}", spec.key), |owner| self.environments[owner].key.clone());
        let ports: Vec<u16> = spec.listener.iter().map(|listener| listener.port).collect();
        let processes = owner.iter().flat_map(|owner| &self.environments[*owner].processes);
        let process_ports: Vec<_> = processes.map(|group| self.target_groups[*group].port).collect();
        let security_group = self.add_load_balancer_security_group(&group_key, owner, (&ports, &process_ports));
        let created = owner.map_or(self.epoch - Span::days(500).0, |owner| self.environments[owner].created + 90_000);
        let place = self.add_load_balancer(Wanted { spec, name, tags, security_groups: vec![security_group], created });
        for environment in sharing.into_iter().chain(owner) {
            self.front(environment, place);
        }
    }

    fn environments_on(&self, key: &str, shared: bool) -> Vec<usize> {
        let on = |(place, environment): (usize, &super::Environment)| {
            let is_shared = environment.kind == crate::sim::scenario::spec::Kind::ApplicationShared;
            (environment.balancer_key.as_deref() == Some(key) && is_shared == shared).then_some(place)
        };
        self.environments.iter().enumerate().filter_map(on).collect()
    }
}
