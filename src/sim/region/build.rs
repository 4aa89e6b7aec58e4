//! Builds a region from a scenario, in the order in which things refer to each other.

use super::{Application, Configure, Order, Region, Release, Zone};
use std::collections::BTreeMap;

use crate::sim::generate;
use crate::sim::physics::noise;
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::{
    ActionSpec, ApplicationSpec, Kind, ListenerSpec, LoadBalancerSpec, RuleSpec, Spec, VersionSpec,
};

impl Region {
    /// The region as it is when the scenario begins, at `epoch` (milliseconds since the Unix epoch).
    pub fn build(spec: &Spec, epoch: i64) -> Self {
        let spec = &generate::expand(spec);
        let mut region = Self::bare(spec, epoch);
        region.add_default_security_group();
        for certificate in &spec.certificate {
            region.add_certificate(certificate);
        }
        let (by_hand, plain): (Vec<_>, Vec<_>) =
            spec.target_group.iter().partition(|group| group.instances_of.is_some());
        for group in plain {
            region.add_foreign_target_group(group);
        }
        for environment in &spec.environment {
            region.add_environment(environment);
        }
        for group in by_hand {
            region.add_target_group_by_hand(group);
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
        region.add_alarms(spec);
        region.add_deploys(spec);
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
            resets_siblings: spec.resets_siblings,
            opens_https: spec.opens_https,
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
            let has_rules = |listener: &&mut ListenerSpec| {
                listener.default.redirect.is_none() && !environment.rules_missing_on.contains(&listener.port)
            };
            for listener in with.listener.iter_mut().filter(has_rules) {
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
                versions: self.dated(written),
                versions_kept: written.versions_kept,
                versions_kept_days: written.versions_kept_days,
                bundles: BTreeMap::new(),
            });
        }
        for place in 0..self.environments.len() {
            let environment = &self.environments[place];
            let version = (VersionSpec::new(&environment.version), environment.deployed - 600_000);
            let name = environment.application.clone();
            let known = self.applications.iter_mut().find(|application| application.name == name);
            match known {
                Some(application) if application.version(&version.0.label).is_some() => {}
                Some(application) => application.versions.push(version),
                None => self.applications.push(Application {
                    name,
                    description: None,
                    created: environment.created - 3_600_000,
                    versions: vec![version],
                    versions_kept: None,
                    versions_kept_days: None,
                    bundles: BTreeMap::new(),
                }),
            }
        }
        for application in &mut self.applications {
            application.versions.sort_by_key(|(_, created)| *created);
        }
        let bucket = self.storage_location();
        self.storage.make_bucket(&bucket);
    }

    /// Versions three days apart, the last one a day old.
    fn dated(&self, application: &ApplicationSpec) -> Vec<(VersionSpec, i64)> {
        let described = |label: &String| application.version.iter().find(|version| version.label == *label);
        let plain = application
            .versions
            .iter()
            .map(|label| described(label).cloned().unwrap_or_else(|| VersionSpec::new(label)));
        let more = application.version.iter().filter(|version| !application.versions.contains(&version.label)).cloned();
        let versions: Vec<VersionSpec> = plain.chain(more).collect();
        let newest = self.epoch - Span::days(1).0;
        let last = versions.len().saturating_sub(1);
        let age = |number: usize| Span::days(3 * (last - number) as i64).0;
        versions.into_iter().enumerate().map(|(number, version)| (version, newest - age(number))).collect()
    }

    /// Adds what the environments run, and the deployments that the scenario starts.
    fn add_deploys(&mut self, spec: &Spec) {
        for place in 0..self.environments.len() {
            let environment = &self.environments[place];
            let version = self.application(&environment.application).and_then(|one| one.version(&environment.version));
            let version = version.cloned().unwrap_or_else(|| VersionSpec::new(&environment.version));
            self.pools[environment.pool].releases = vec![Release { version, deployment: environment.deployment }];
        }
        for (number, deploy) in spec.deploy.iter().enumerate() {
            let Some(place) = self.index.environment_keys.get(&deploy.environment).copied() else { continue };
            self.environments[place].scripted.push(Order {
                at: deploy.at.0,
                version: deploy.version.clone(),
                request_id: noise::uuid(self.seed, &format!("deploy {number}")),
                aborted: deploy.aborted.map(|span| span.0),
            });
        }
        self.add_updates(spec);
        for place in 0..self.environments.len() {
            let environment = &self.environments[place];
            let has_files = !self.pools[environment.pool].releases[0].version.options.is_empty();
            if has_files || !environment.scripted.is_empty() || !environment.updates.is_empty() {
                self.deploy_all(place);
                self.listen(place);
            }
        }
    }

    /// Adds the updates of options that the scenario starts.
    fn add_updates(&mut self, spec: &Spec) {
        for (number, update) in spec.update.iter().enumerate() {
            let Some(place) = self.index.environment_keys.get(&update.environment).copied() else { continue };
            let options = update.options.iter().map(|(key, value)| {
                let (namespace, name) = key.rsplit_once('/').unwrap_or(("", key));
                (namespace.to_owned(), name.to_owned(), Some(value.clone()))
            });
            let configure = Configure {
                at: update.at.0,
                request_id: noise::uuid(self.seed, &format!("update {number}")),
                options: options.collect(),
                fails: update.fails.clone(),
                aborted: update.aborted.map(|span| span.0),
                managed: update.managed,
            };
            self.environments[place].updates.push(configure);
        }
    }
}

fn zone(region: &str, seed: u64, number: usize) -> Zone {
    let letter = char::from(b'a' + number as u8);
    let short: String = region
        .split('-')
        .map(|part| part.chars().take(if part.len() > 2 { 1 } else { 2 }).collect::<String>())
        .collect();
    Zone {
        name: format!("{region}{letter}"),
        id: format!("{short}-az{}", number + 1),
        subnet: format!("subnet-0{}", noise::hex(seed, &format!("subnet {number}"), 16)),
        cidr: format!("10.0.{}.0/19", number * 32),
    }
}
