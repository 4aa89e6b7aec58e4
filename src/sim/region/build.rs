//! Builds a region from a scenario, in the order in which things refer to each other.

use super::{Alarm, Application, Region, Zone};
use crate::sim::generate;
use crate::sim::physics::noise;
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::{ActionSpec, AlarmSpec, Kind, LoadBalancerSpec, RuleSpec, Spec};

impl Region {
    /// The region as it is when the scenario begins, at `epoch` (milliseconds since the Unix epoch).
    pub(in crate::sim) fn build(spec: &Spec, epoch: i64) -> Self {
        let spec = &generate::expand(spec);
        let mut region = Self::bare(spec, epoch);
        for certificate in &spec.certificate {
            region.add_certificate(certificate);
        }
        for group in &spec.target_group {
            region.add_foreign_target_group(group);
        }
        for environment in &spec.environment {
            region.add_environment(environment);
        }
        for balancer in &spec.load_balancer {
            let shared = region.with_rules_of_environments(balancer, spec);
            region.add_named_load_balancer(&shared);
        }
        for environment in &spec.environment {
            region.add_dedicated_load_balancer(environment);
        }
        for (place, environment) in spec.environment.iter().enumerate() {
            region.environments[place].options = region.options(place, environment);
        }
        region.add_applications(spec);
        for alarm in &spec.alarm {
            region.add_alarm(alarm);
        }
        region
    }

    fn bare(spec: &Spec, epoch: i64) -> Self {
        let seed = spec.seed;
        let settings = &spec.region;
        let partition = format!("arn:aws:sts::{}:", settings.account);
        let user = noise::symbols(seed, "caller", 16, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
        let session = settings.caller.rsplit('/').next().unwrap_or_default();
        Self {
            name: settings.name.clone(),
            account: settings.account.clone(),
            caller_arn: format!("{partition}{}", settings.caller),
            caller_id: format!("AROA{user}:{session}"),
            seed,
            epoch,
            vpc: format!("vpc-0{}", noise::hex(seed, "vpc", 16)),
            zones: (0..settings.zones).map(|number| zone(&settings.name, seed, number)).collect(),
            ..Self::default()
        }
    }

    /// Beanstalk adds a rule per environment to a shared load balancer, for the environment's own host names.
    fn with_rules_of_environments(&self, balancer: &LoadBalancerSpec, spec: &Spec) -> LoadBalancerSpec {
        let mut with = balancer.clone();
        let sharing = spec.environment.iter().filter(|environment| {
            environment.kind == Kind::ApplicationShared && environment.load_balancer.as_ref() == Some(&balancer.key)
        });
        for (number, environment) in sharing.enumerate() {
            let mut hosts = vec![self.cname(environment)];
            hosts.extend(environment.hosts.iter().cloned());
            for listener in with.listener.iter_mut().filter(|listener| listener.default.redirect.is_none()) {
                listener.rule.push(RuleSpec {
                    priority: number as u32 + 1,
                    hosts: hosts.clone(),
                    paths: Vec::new(),
                    action: ActionSpec { forward: Some(environment.name.clone()), ..ActionSpec::default() },
                });
            }
        }
        with
    }

    fn add_applications(&mut self, spec: &Spec) {
        for written in &spec.application {
            self.applications.push(Application {
                name: written.name.clone(),
                description: written.description.clone(),
                created: self.epoch - Span::days(500).0,
                versions: self.dated(&written.versions),
            });
        }
        for place in 0..self.environments.len() {
            let environment = &self.environments[place];
            let version = (environment.version.clone(), environment.deployed - 600_000);
            let name = environment.application.clone();
            let known = self.applications.iter_mut().find(|application| application.name == name);
            match known {
                Some(application) if application.versions.iter().any(|(label, _)| *label == version.0) => {}
                Some(application) => application.versions.push(version),
                None => self.applications.push(Application {
                    name,
                    description: None,
                    created: environment.created - 3_600_000,
                    versions: vec![version],
                }),
            }
        }
        for application in &mut self.applications {
            application.versions.sort_by_key(|(_, created)| *created);
        }
    }

    /// Versions three days apart, the last one a day old.
    fn dated(&self, labels: &[String]) -> Vec<(String, i64)> {
        let newest = self.epoch - Span::days(1).0;
        let age = |number: usize| Span::days(3 * (labels.len() - 1 - number) as i64).0;
        labels.iter().enumerate().map(|(number, label)| (label.clone(), newest - age(number))).collect()
    }

    fn add_alarm(&mut self, spec: &AlarmSpec) {
        let balancer = spec
            .load_balancer
            .as_deref()
            .and_then(|key| self.load_balancers.iter().find(|balancer| balancer.key == key));
        let group = spec.target_group.as_deref().and_then(|key| self.target_group(key));
        let namespace = spec.namespace.clone().unwrap_or_else(|| "AWS/ApplicationELB".to_owned());
        let mut dimensions = Vec::new();
        if let Some(group) = group.map(|place| &self.target_groups[place]) {
            dimensions.push(("TargetGroup".to_owned(), group.dimension().to_owned()));
            if let Some(balancer) = group.load_balancer.map(|place| &self.load_balancers[place]) {
                dimensions.push(("LoadBalancer".to_owned(), balancer.dimension().to_owned()));
            }
        } else if let Some(balancer) = balancer {
            let classic = namespace == "AWS/ELB";
            let (name, value) = if classic {
                ("LoadBalancerName", balancer.name.as_str())
            } else {
                ("LoadBalancer", balancer.dimension())
            };
            dimensions.push((name.to_owned(), value.to_owned()));
        }
        self.alarms.push(Alarm {
            arn: self.arn("cloudwatch", &format!("alarm:{}", spec.name)),
            name: spec.name.clone(),
            namespace,
            metric: spec.metric.clone(),
            statistic: spec.statistic.clone().unwrap_or_else(|| "Sum".to_owned()),
            threshold: spec.threshold,
            dimensions,
            state: spec.state.clone().unwrap_or_else(|| "OK".to_owned()),
            since: self.epoch - spec.since.unwrap_or(Span::days(4)).0,
        });
    }
}

fn zone(region: &str, seed: u64, number: usize) -> Zone {
    let letter = char::from(b'a' + number as u8);
    let short: String = region.split('-').map(|part| if part.len() > 2 { &part[..1] } else { part }).collect();
    Zone {
        name: format!("{region}{letter}"),
        id: format!("{short}-az{}", number + 1),
        subnet: format!("subnet-0{}", noise::hex(seed, &format!("subnet {number}"), 16)),
        cidr: format!("10.0.{}.0/19", number * 32),
    }
}
