//! Environments: their instances, target groups and names, and the load balancer that Beanstalk makes for each.

use super::{
    Environment, HealthChange, Pair, RECOMMENDED_PLATFORM_VERSION, Region, WrittenEvent, load_balancers, pools,
    target_groups,
};
use crate::sim::physics::noise;
use crate::sim::scenario::spec::{
    ActionSpec, BalancerType, EnvironmentSpec, HealthChangeSpec, Kind, ListenerSpec, LoadBalancerSpec, ProcessSpec,
    RuleSpec,
};

impl Region {
    /// Adds an environment with its instances and target groups; its load balancer comes later, because it refers to them.
    pub(super) fn add_environment(&mut self, spec: &EnvironmentSpec) {
        let place = self.environments.len();
        let id = spec.id.clone().unwrap_or_else(|| self.environment_id(&spec.name));
        let tags = tags(spec, &id);
        let pool = self.add_pool(&pools::Wanted {
            key: &spec.name,
            count: spec.instances,
            zones: spec.zones,
            instance_type: &spec.instance_type,
            timeline: &spec.timeline,
            environment: Some(place),
            oldest: spec.created.0,
        });
        let instance_group = self.add_instance_security_group(spec, &id, &tags);
        let environment = self.environment_of(spec, id, tags, pool, instance_group);
        self.index.environment_keys.insert(spec.name.clone(), place);
        self.index_environment(&environment, place);
        self.environments.push(environment);
        if matches!(spec.kind, Kind::Application | Kind::ApplicationShared | Kind::Network) {
            self.add_processes(place, spec);
        }
    }

    /// By its id, and by its name: of several of one name, the first that is not terminated.
    fn index_environment(&mut self, environment: &Environment, place: usize) {
        self.index.environments.insert(environment.id.clone(), place);
        let known = self.index.environments.get(&environment.name);
        if known.is_none_or(|known| self.environments[*known].status == "Terminated") {
            self.index.environments.insert(environment.name.clone(), place);
        }
    }

    fn environment_of(
        &self,
        spec: &EnvironmentSpec,
        id: String,
        tags: Vec<Pair>,
        pool: usize,
        instance_group: String,
    ) -> Environment {
        Environment {
            entity: noise::hash(self.seed, &spec.name),
            deployment: 1 + noise::below(self.seed, &format!("deployment {}", spec.name), 90),
            deployed: self.epoch - spec.deployed.0,
            created: self.epoch - spec.created.0,
            platform: spec.platform.clone(),
            platform_version: spec.platform_version.clone().unwrap_or_else(|| RECOMMENDED_PLATFORM_VERSION.to_owned()),
            cname: (spec.kind != Kind::Worker).then(|| self.cname(spec)),
            endpoint: self.pools[pool].instances.first().map(|instance| public_address(&instance.address)),
            scaling_group: self.stack_name(&id, "AWSEBAutoScalingGroup"),
            max_instances: spec.max_instances.unwrap_or(spec.instances.max(1) * 2),
            scaling_health_check: spec.scaling_health_check.clone(),
            scaling_grace_seconds: spec.scaling_grace_seconds,
            suspended: spec.suspended_processes.clone(),
            scheduled_actions: spec.scheduled_actions.clone(),
            public_addresses: spec.public_addresses,
            updates_fail: spec.updates_fail.clone(),
            websocket: spec.websocket.clone(),
            events: spec.event.iter().map(written).collect(),
            balancer_key: spec.load_balancer.clone(),
            processes: Vec::new(),
            load_balancer: None,
            options: Vec::new(),
            scripted: Vec::new(),
            updates: Vec::new(),
            deploys: Vec::new(),
            configured: Vec::new(),
            options_set: spec.options.keys().filter_map(|key| key.rsplit_once('/')).map(owned).collect(),
            files_overrides: Vec::new(),
            turnovers: Vec::new(),
            key: spec.name.clone(),
            name: spec.listed().to_owned(),
            application: spec.application.clone(),
            description: spec.description.clone(),
            version: spec.version.clone(),
            kind: spec.kind,
            status: spec.status.clone(),
            abortable: spec.abortable,
            enhanced: spec.health == "enhanced",
            health_status: spec.health_status.clone(),
            causes: spec.causes.clone(),
            health_changes: health_changes(spec),
            traffic: spec.traffic.clone(),
            tags,
            pool,
            instance_group,
            id,
        }
    }

    pub(super) fn cname(&self, spec: &EnvironmentSpec) -> String {
        spec.cname.clone().unwrap_or_else(|| format!("{}.{}.elasticbeanstalk.com", spec.name, self.name))
    }

    fn add_processes(&mut self, place: usize, spec: &EnvironmentSpec) {
        let default = [ProcessSpec { name: "default".to_owned(), ..ProcessSpec::default() }];
        let processes = if spec.process.is_empty() { &default[..] } else { &spec.process };
        for (number, process) in processes.iter().enumerate() {
            let key = format!("{}/{}", spec.name, process.name);
            let mut traffic = process.traffic.clone().unwrap_or_else(|| spec.traffic.clone());
            if number > 0 && process.traffic.is_none() {
                traffic.peak *= 0.1;
            }
            let group = self.add_target_group(target_groups::Wanted {
                name: self.target_group_name(&key),
                key,
                settings: &process.settings,
                live: &process.live,
                network: spec.kind == Kind::Network,
                tags: if spec.tagged { self.environments[place].tags.clone() } else { Vec::new() },
                pool: self.environments[place].pool,
                environment: Some(place),
                by_hand: None,
                process: &process.name,
                traffic,
            });
            if number == 0 {
                self.index.target_groups.insert(spec.name.clone(), group);
            }
            self.environments[place].processes.push(group);
        }
    }

    /// Makes the load balancer of an environment that has one to itself and does not write it out.
    pub(super) fn add_dedicated_load_balancer(&mut self, spec: &EnvironmentSpec) {
        let kind = match spec.kind {
            Kind::Application if spec.load_balancer.is_none() => BalancerType::Application,
            Kind::Network if spec.load_balancer.is_none() => BalancerType::Network,
            Kind::Classic => BalancerType::Classic,
            _ => return,
        };
        let Some(place) = self.index.environment_keys.get(&spec.name).copied() else { return };
        let listener = if kind == BalancerType::Classic { Vec::new() } else { listeners(spec) };
        let ports: Vec<u16> = listener.iter().map(|listener| listener.port).collect();
        let environment = &self.environments[place];
        let (created, id) = (environment.created + 90_000, environment.id.clone());
        let tags = if spec.tagged { environment.tags.clone() } else { Vec::new() };
        let name = match kind {
            BalancerType::Classic => {
                let letters = noise::letters(self.seed, &format!("classic {id}"), 13);
                format!("awseb-e-{}-AWSEBLoa-{letters}", &id[2..3])
            }
            _ => self.load_balancer_name(&spec.name),
        };
        let security_groups = match kind {
            BalancerType::Network => Vec::new(),
            _ => vec![self.add_load_balancer_security_group(&spec.name, Some(place), (&ports, &process_ports(spec)))],
        };
        let option = |name: &str| spec.options.get(name).cloned();
        let balancer = LoadBalancerSpec {
            key: format!("of {}", spec.name),
            kind,
            attributes: spec.attributes.clone(),
            listener,
            zones: spec.load_balancer_zones.unwrap_or(spec.zones),
            ip_address_type: option("aws:elbv2:loadbalancer/IpAddressType").unwrap_or_else(|| "ipv4".to_owned()),
            ..LoadBalancerSpec::default()
        };
        let balancer =
            self.add_load_balancer(load_balancers::Wanted { spec: &balancer, name, tags, security_groups, created });
        self.front(place, balancer);
    }

    /// Puts a load balancer in front of an environment.
    pub(super) fn front(&mut self, environment: usize, balancer: usize) {
        let endpoint = self.load_balancers[balancer].dns_name.clone();
        let environment = &mut self.environments[environment];
        environment.load_balancer = Some(balancer);
        environment.endpoint = Some(endpoint);
    }
}

/// The tags that Beanstalk puts on an environment and what it makes for it, and the user's own.
fn tags(spec: &EnvironmentSpec, id: &str) -> Vec<Pair> {
    let own = [
        ("elasticbeanstalk:environment-name", spec.listed()),
        ("elasticbeanstalk:environment-id", id),
        ("Name", spec.listed()),
    ];
    own.into_iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .chain(spec.tags.iter().map(|(key, value)| (key.clone(), value.clone())))
        .collect()
}

/// An address of a documentation range, for an Elastic IP.
fn public_address(private: &str) -> String {
    let last = private.rsplit('.').next().unwrap_or("10");
    format!("203.0.113.{last}")
}

fn owned((namespace, name): (&str, &str)) -> (String, String) {
    (namespace.to_owned(), name.to_owned())
}

fn written(spec: &crate::sim::scenario::spec::EventSpec) -> WrittenEvent {
    WrittenEvent {
        at: spec.at.0,
        severity: spec.severity.clone().unwrap_or_else(|| "INFO".to_owned()),
        message: spec.message.clone(),
        version: spec.version.clone(),
    }
}

fn health_changes(spec: &EnvironmentSpec) -> Vec<HealthChange> {
    let change = |spec: &HealthChangeSpec| HealthChange {
        at: spec.at.0,
        status: spec.health_status.clone(),
        causes: spec.causes.clone(),
    };
    let mut changes: Vec<HealthChange> = spec.health_change.iter().map(change).collect();
    changes.sort_by_key(|change| change.at);
    changes
}

/// Port 80, and 443 where there is a certificate; other processes get a rule for their paths.
fn listeners(spec: &EnvironmentSpec) -> Vec<ListenerSpec> {
    let forward = |to: String| ActionSpec { forward: Some(to), ..ActionSpec::default() };
    let rules: Vec<RuleSpec> = spec
        .process
        .iter()
        .filter(|process| !process.paths.is_empty())
        .enumerate()
        .map(|(number, process)| RuleSpec {
            priority: number as u32 + 1,
            paths: process.paths.clone(),
            action: forward(format!("{}/{}", spec.name, process.name)),
            ..RuleSpec::default()
        })
        .collect();
    let network = spec.kind == Kind::Network;
    let rules_on = |port: u16| if spec.rules_missing_on.contains(&port) { Vec::new() } else { rules.clone() };
    let plain = ListenerSpec {
        port: 80,
        protocol: network.then(|| "TCP".to_owned()),
        default: forward(spec.name.clone()),
        rule: rules_on(80),
        ..ListenerSpec::default()
    };
    let Some(certificate) = &spec.certificate else { return vec![plain] };
    let secure = ListenerSpec {
        port: 443,
        protocol: Some(if network { "TLS" } else { "HTTPS" }.to_owned()),
        certificate: Some(certificate.clone()),
        additional_certificates: spec.additional_certificates.clone(),
        policy: spec.policy.clone(),
        default: forward(spec.name.clone()),
        rule: rules_on(443),
    };
    let redirect = ActionSpec { redirect: Some("https".to_owned()), ..ActionSpec::default() };
    let first = if spec.redirect { ListenerSpec { default: redirect, rule: Vec::new(), ..plain } } else { plain };
    vec![first, secure]
}

/// The ports of the processes.
fn process_ports(spec: &EnvironmentSpec) -> Vec<u16> {
    let ports = spec.process.iter().map(|process| process.settings.port.unwrap_or(80));
    let ports: Vec<_> = ports.collect();
    if ports.is_empty() { vec![80] } else { ports }
}
