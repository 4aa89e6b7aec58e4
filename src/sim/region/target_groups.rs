//! Target groups: of an environment's processes, with Beanstalk's defaults, and unowned ones, with ELB's.

use super::{HealthCheck, History, Pair, Region, TargetGroup, Twin, attributes, in_force};
use crate::sim::physics::noise;
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::{GroupSettings, TargetGroupSpec, TrafficSpec};
use std::collections::BTreeMap;

/// What a target group is made from.
pub(super) struct Wanted<'a> {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) settings: &'a GroupSettings,
    /// Attributes and `health_check.*` values that are live whatever the option settings are.
    pub(super) live: &'a BTreeMap<String, String>,
    pub(super) network: bool,
    pub(super) tags: Vec<Pair>,
    pub(super) pool: usize,
    pub(super) environment: Option<usize>,
    /// The places of the instances that were registered by hand.
    pub(super) by_hand: Option<Vec<usize>>,
    pub(super) process: &'a str,
    pub(super) traffic: TrafficSpec,
}

impl Region {
    pub(super) fn add_target_group(&mut self, wanted: Wanted<'_>) -> usize {
        let tail = self.tail("targetgroup", &wanted.key);
        let protocol =
            wanted.settings.protocol.clone().unwrap_or_else(|| if wanted.network { "TCP" } else { "HTTP" }.to_owned());
        let mut group = TargetGroup {
            arn: self.arn("elasticloadbalancing", &format!("targetgroup/{}/{tail}", wanted.name)),
            check: health_check(&wanted, &protocol),
            in_force: History::default(),
            serves: wanted.settings.serves.clone(),
            attributes: attributes_of(&wanted),
            entity: noise::hash(self.seed, &wanted.key),
            port: wanted.settings.port.unwrap_or(80),
            key: wanted.key,
            name: wanted.name,
            protocol,
            protocol_version: wanted.settings.protocol_version.clone().unwrap_or_else(|| "HTTP1".to_owned()),
            tags: wanted.tags,
            pool: wanted.pool,
            process: wanted.process.to_owned(),
            load_balancer: None,
            zones: None,
            by_hand: wanted.by_hand,
            traffic: wanted.traffic,
            twins: Vec::new(),
            twin: None,
        };
        group.serves.extend(["/".to_owned(), in_force::path(&group.check).to_owned()]);
        for (key, value) in wanted.live {
            match key.strip_prefix("health_check.") {
                Some(_) => in_force::live(&mut group.check, key, value),
                None => attributes::set(&mut group.attributes, key, value),
            }
        }
        group.serves.push(in_force::path(&group.check).to_owned());
        let place = self.target_groups.len();
        for name in [&group.arn, &group.name, &group.key] {
            self.index.target_groups.insert(name.clone(), place);
        }
        self.index.target_groups.insert(group.dimension().to_owned(), place);
        if group.by_hand.is_none() {
            self.pools[group.pool].group.get_or_insert(place);
        }
        self.target_groups.push(group);
        self.tell_in_force(place);
        place
    }

    /// The target group that a traffic split puts beside another one. How Beanstalk names it is UNVERIFIED.
    pub(super) fn twin(&mut self, of: usize, deploy: usize) -> usize {
        let key = format!("{} deploy {deploy}", self.target_groups[of].key);
        if let Some(place) = self.target_group(&key) {
            return place;
        }
        let original = &self.target_groups[of];
        let name = self.target_group_name(&key);
        let twin = TargetGroup {
            arn: self.arn("elasticloadbalancing", &format!("targetgroup/{name}/{}", self.tail("targetgroup", &key))),
            check: original.check.clone(),
            attributes: original.attributes.clone(),
            in_force: History::default(),
            serves: original.serves.clone(),
            entity: noise::hash(self.seed, &key),
            port: original.port,
            protocol: original.protocol.clone(),
            protocol_version: original.protocol_version.clone(),
            tags: original.tags.clone(),
            pool: original.pool,
            process: original.process.clone(),
            load_balancer: original.load_balancer,
            zones: original.zones,
            by_hand: None,
            traffic: original.traffic.clone(),
            twins: Vec::new(),
            twin: Some(Twin { of, from: 0, until: 0 }),
            key,
            name,
        };
        let place = self.target_groups.len();
        for name in [&twin.arn, &twin.name, &twin.key] {
            self.index.target_groups.insert(name.clone(), place);
        }
        self.index.target_groups.insert(twin.dimension().to_owned(), place);
        if let Some(balancer) = twin.load_balancer {
            self.load_balancers[balancer].target_groups.push(place);
        }
        self.target_groups[of].twins.push(place);
        self.target_groups.push(twin);
        self.tell_in_force(place);
        place
    }

    /// A target group that no environment made, with targets of its own.
    pub(super) fn add_foreign_target_group(&mut self, spec: &TargetGroupSpec) {
        let pool = self.add_pool(&super::pools::Wanted {
            key: &spec.key,
            count: spec.targets,
            zones: spec.zones,
            instance_type: "t3.micro",
            timeline: &spec.timeline,
            environment: None,
            oldest: Span::days(30).0,
        });
        self.add_unowned_target_group(spec, pool, None);
    }

    /// Adds a target group that no environment made, with instances of one registered by hand.
    pub(super) fn add_target_group_by_hand(&mut self, spec: &TargetGroupSpec) {
        let environment = spec.instances_of.as_deref().and_then(|key| self.environment_of_key(key));
        let Some(pool) = environment.map(|environment| environment.pool) else { return };
        let places = if spec.instances.is_empty() {
            (0..self.pools[pool].instances.len()).collect()
        } else {
            spec.instances.iter().map(|number| number.saturating_sub(1)).collect()
        };
        self.add_unowned_target_group(spec, pool, Some(places));
    }

    fn add_unowned_target_group(&mut self, spec: &TargetGroupSpec, pool: usize, by_hand: Option<Vec<usize>>) {
        self.add_target_group(Wanted {
            key: spec.key.clone(),
            name: spec.name.clone().unwrap_or_else(|| spec.key.clone()),
            settings: &spec.settings,
            live: &spec.attributes,
            network: matches!(spec.settings.protocol.as_deref(), Some("TCP" | "TLS")),
            tags: spec.tags.iter().map(|(key, value)| (key.clone(), value.clone())).collect(),
            pool,
            environment: None,
            by_hand,
            process: "",
            traffic: spec.traffic.clone(),
        });
    }
}

/// Beanstalk's defaults are not ELB's: 15 s instead of 30, out after 5 failures instead of 2, back after 3 instead of 5.
fn health_check(wanted: &Wanted<'_>, protocol: &str) -> HealthCheck {
    let spec = &wanted.settings.health_check;
    let (interval, healthy, unhealthy) = if wanted.environment.is_some() { (15, 3, 5) } else { (30, 5, 2) };
    let http = !wanted.network;
    HealthCheck {
        protocol: protocol.to_owned(),
        port: "traffic-port".to_owned(),
        path: http.then(|| spec.path.clone().unwrap_or_else(|| "/".to_owned())),
        interval: spec.interval.unwrap_or(Span::seconds(interval)).0,
        timeout: spec.timeout.unwrap_or(Span::seconds(5)).0,
        healthy: spec.healthy.unwrap_or(healthy),
        unhealthy: spec.unhealthy.unwrap_or(unhealthy),
        matcher: http.then(|| spec.matcher.clone().unwrap_or_else(|| "200".to_owned())),
    }
}

fn attributes_of(wanted: &Wanted<'_>) -> Vec<Pair> {
    let mut list = attributes::of_target_group(wanted.network);
    let default_delay = if wanted.environment.is_some() { 20 } else { 300 };
    let delay = wanted.settings.deregistration_delay.unwrap_or(Span::seconds(default_delay));
    attributes::set(&mut list, "deregistration_delay.timeout_seconds", (delay.0 / 1000).to_string());
    if let Some(duration) = wanted.settings.stickiness {
        attributes::set(&mut list, "stickiness.enabled", "true");
        if !wanted.network {
            attributes::set(&mut list, "stickiness.lb_cookie.duration_seconds", (duration.0 / 1000).to_string());
        }
    }
    list
}
