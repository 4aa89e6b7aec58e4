//! One line of the Fleet: everything that its columns show, compare and filter by, computed when something changes and
//! not when it is drawn.

use std::sync::Arc;

use super::figures::{Figures, figures};
use crate::app::polling::Ledger;
use crate::change::{Basis, Reason, drift_report};
use crate::model::{
    Attributes, Balancer, Environment, EnvironmentLink, EnvironmentStatus, FaultKind, HealthColour, HealthStatus,
    Inventory, Key, Listener, Moment, Source, Strength, TargetGroup, TargetState, Tier, Topology, resource_name,
    serves,
};

/// What is known of something that costs a call of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Known<T> {
    /// It does not apply to this environment.
    #[default]
    Absent,
    /// Not read yet.
    Pending,
    /// Could not be read, and why.
    Failed(FaultKind),
    /// Read.
    Read(T),
}

impl<T> Known<T> {
    /// The value, if it was read.
    #[must_use]
    pub fn value(&self) -> Option<&T> {
        if let Self::Read(value) = self { Some(value) } else { None }
    }
}

/// Targets by state, over all target groups of an environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TargetCounts {
    /// Healthy ones.
    pub healthy: u32,
    /// All but the draining ones: what should be healthy.
    pub total: u32,
    /// On their way out.
    pub draining: u32,
    /// On their way in.
    pub initial: u32,
    /// Failing.
    pub unhealthy: u32,
    /// Getting no traffic.
    pub unused: u32,
}

/// Whether clients stay with their target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stickiness {
    /// No group is sticky.
    Off,
    /// All are, by the load balancer's cookie, for this many seconds at the most.
    LoadBalancerCookie(u64),
    /// All are, by the application's cookie.
    ApplicationCookie,
    /// Some are.
    Mixed,
}

/// The HTTPS side of a load balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The first secure port.
    pub port: i32,
    /// When its certificate stops being valid, if that is known.
    pub not_after: Option<Moment>,
}

/// How live values compare with Beanstalk's options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drifting {
    /// How many are not what their options say.
    pub values: usize,
    /// How many things could not be compared: not read, or not clear whose options they are.
    pub unknown: usize,
    /// How many things were changed or made directly, and Beanstalk has no option for them.
    pub outside: usize,
}

/// One environment of the Fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Which.
    pub key: Key<Environment>,
    /// Its name.
    pub name: Arc<str>,
    /// Its application.
    pub application: Arc<str>,
    /// Its version's label.
    pub version: Option<Arc<str>>,
    /// The version that is on its way: what instances run already, where Beanstalk still calls another one deployed.
    pub arriving: Option<Arc<str>>,
    /// Its platform.
    pub platform: Option<Arc<str>>,
    /// Its host name.
    pub cname: Option<Arc<str>>,
    /// Its operational status.
    pub status: EnvironmentStatus,
    /// The word of its health: of enhanced health, else the colour.
    pub health: Arc<str>,
    /// How bad that is: 0 is worst.
    pub health_rank: u8,
    /// Its tier.
    pub tier: Option<Tier>,
    /// What stands in front of it.
    pub balancer: Balancer,
    /// The load balancer's name.
    pub load_balancer: Option<Arc<str>>,
    /// How sure that is.
    pub strength: Option<Strength>,
    /// How many environments the load balancer serves, as far as known.
    pub sharers: usize,
    /// The names of its target groups, and how sure it is that they are its own.
    pub groups: Vec<(Arc<str>, Strength)>,
    /// Its targets.
    pub targets: Known<TargetCounts>,
    /// Its stickiness.
    pub stickiness: Known<Stickiness>,
    /// How its live values compare with their options.
    pub drift: Known<Drifting>,
    /// The HTTPS listener that leads to it.
    pub tls: Known<Option<Tls>>,
    /// Its requests, errors and times.
    pub figures: Known<Figures>,
    /// When Beanstalk last told something about it.
    pub last_event: Option<Moment>,
    /// When it last changed, by `DateUpdated`.
    pub updated: Option<Moment>,
    /// Whether its instances run different versions.
    pub mixed_versions: bool,
}

/// Makes the row of an environment; `None` if it is not known (any more).
#[must_use]
pub fn row(inventory: &Inventory, topology: &Topology, ledger: &Ledger, key: &Key<Environment>) -> Option<Row> {
    let environment = inventory.environments.get(key)?;
    let none = EnvironmentLink::default();
    let link = topology.link(key).unwrap_or(&none);
    let load_balancer = link.load_balancer.as_ref();
    let (health, health_rank) = health(environment);
    let facts = Facts { inventory, ledger, link };
    Some(Row {
        key: key.clone(),
        name: Arc::clone(&environment.name),
        application: Arc::clone(&environment.application),
        version: environment.version.clone(),
        arriving: arriving(inventory, environment),
        platform: environment.platform.clone(),
        cname: environment.cname.clone(),
        status: environment.status.clone(),
        health,
        health_rank,
        tier: environment.tier.clone(),
        balancer: link.balancer,
        load_balancer: load_balancer.map(|(key, _)| balancer_name(inventory, key)),
        strength: load_balancer.map(|(_, evidence)| evidence.strength()),
        sharers: load_balancer.map_or(0, |(key, _)| topology.environments_of(key).len()),
        groups: facts.groups(),
        targets: facts.targets(),
        stickiness: facts.stickiness(),
        drift: facts.drift(topology, environment),
        tls: facts.tls(),
        figures: figures(inventory, topology, ledger, key),
        last_event: inventory.last_event(&environment.name),
        updated: environment.updated,
        mixed_versions: has_mixed_versions(inventory, key),
    })
}

fn balancer_name(inventory: &Inventory, key: &Key<crate::model::LoadBalancer>) -> Arc<str> {
    let known = inventory.load_balancers.get(key);
    known.map_or_else(|| crate::model::load_balancer_name(&key.id).into(), |it| Arc::clone(&it.name))
}

/// The word of the health and how bad it is, worst 0. Enhanced health speaks first; basic health has only a colour.
fn health(environment: &Environment) -> (Arc<str>, u8) {
    if let Some(status) = environment.health_status.as_ref().filter(|status| **status != HealthStatus::NoData) {
        let rank = match status {
            HealthStatus::Severe => 0,
            HealthStatus::Suspended => 1,
            HealthStatus::Degraded => 2,
            HealthStatus::Warning => 3,
            HealthStatus::Unknown | HealthStatus::NoData | HealthStatus::Other(_) => 5,
            HealthStatus::Pending => 6,
            HealthStatus::Info => 7,
            HealthStatus::Ok => 8,
        };
        return (status.as_str().into(), rank);
    }
    match &environment.health {
        Some(colour) => {
            let rank = match colour {
                HealthColour::Red => 1,
                HealthColour::Yellow => 3,
                HealthColour::Grey | HealthColour::Other(_) => 5,
                HealthColour::Green => 8,
            };
            (colour.as_str().into(), rank)
        }
        None => ("Unknown".into(), 5),
    }
}

/// During an update, the newest deployment's label on any instance if it is not the environment's.
fn arriving(inventory: &Inventory, environment: &Environment) -> Option<Arc<str>> {
    if environment.status != EnvironmentStatus::Updating {
        return None;
    }
    let instances = inventory.instances_health.get(&environment.key).into_iter().flatten();
    let newest = instances.filter_map(|it| it.deployment.as_ref()).max_by_key(|deployment| deployment.id)?;
    newest.version.clone().filter(|version| environment.version.as_ref() != Some(version))
}

fn has_mixed_versions(inventory: &Inventory, key: &Key<Environment>) -> bool {
    let versions = inventory.instances_health.get(key).into_iter().flatten();
    let mut labels = versions.filter_map(|instance| instance.deployment.as_ref()?.version.as_ref());
    labels.next().is_some_and(|first| labels.any(|label| label != first))
}

struct Facts<'a> {
    inventory: &'a Inventory,
    ledger: &'a Ledger,
    link: &'a EnvironmentLink,
}

impl Facts<'_> {
    /// Not read yet, or failed, as the ledger has it.
    fn missing<T>(&self, source: &Source) -> Known<T> {
        self.ledger.fault(source).map_or(Known::Pending, |fault| Known::Failed(fault.kind))
    }

    fn groups(&self) -> Vec<(Arc<str>, Strength)> {
        let name = |key: &Key<TargetGroup>| {
            let known = self.inventory.target_groups.get(key);
            known.map_or_else(|| resource_name(&key.id).into(), |group| Arc::clone(&group.name))
        };
        self.link.groups.iter().map(|group| (name(&group.key), group.evidence.strength())).collect()
    }

    fn targets(&self) -> Known<TargetCounts> {
        if self.link.groups.is_empty() {
            return Known::Absent;
        }
        let mut counts = TargetCounts::default();
        for group in &self.link.groups {
            let Some(targets) = self.inventory.targets.get(&group.key) else {
                return self.missing(&Source::TargetHealth(group.key.clone()));
            };
            targets.iter().for_each(|target| counts.add(&target.state));
        }
        Known::Read(counts)
    }

    fn stickiness(&self) -> Known<Stickiness> {
        if self.link.groups.is_empty() || !self.link.balancer.is_application() {
            return Known::Absent;
        }
        let mut all: Option<Stickiness> = None;
        for group in &self.link.groups {
            let Some(attributes) = self.inventory.target_group_attributes.get(&group.key) else {
                return self.missing(&Source::TargetGroupAttributes(group.key.clone()));
            };
            let one = stickiness_of(attributes);
            all = Some(all.map_or(one, |all| if all == one { all } else { Stickiness::Mixed }));
        }
        all.map_or(Known::Absent, Known::Read)
    }

    fn drift(&self, topology: &Topology, environment: &Environment) -> Known<Drifting> {
        if self.link.groups.is_empty() || !self.link.balancer.is_application() {
            return Known::Absent;
        }
        let Some(report) = drift_report(&Basis { inventory: self.inventory, topology, environment }) else {
            return self.missing(&Source::Settings(environment.key.clone()));
        };
        let is_unread = report.not_compared.iter().any(|it| it.reason == Reason::Unread);
        let fault =
            || self.compared().into_iter().find_map(|source| self.ledger.fault(&source)).map(|fault| fault.kind);
        let fault = if is_unread { fault() } else { None };
        // Half of the comparison is no proof that nothing drifts.
        if report.drift.is_empty() && is_unread {
            return fault.map_or(Known::Pending, Known::Failed);
        }
        let unclear = report.not_compared.iter().filter(|it| it.reason == Reason::AmbiguousProcess).count();
        let (unknown, outside) = (unclear + usize::from(fault.is_some()), report.outside().count());
        Known::Read(Drifting { values: report.drift.len(), unknown, outside })
    }

    /// What is compared with the options.
    fn compared(&self) -> Vec<Source> {
        let groups = self.link.groups.iter().map(|group| Source::TargetGroupAttributes(group.key.clone()));
        let balancer = self.link.load_balancer.iter().map(|(key, _)| key);
        let listeners = balancer.clone().flat_map(|key| self.inventory.listeners.get(key).into_iter().flatten());
        let rules = listeners.map(|listener| Source::Rules(listener.key.clone()));
        let own =
            balancer.flat_map(|key| [Source::LoadBalancerAttributes(key.clone()), Source::Listeners(key.clone())]);
        groups.chain(own).chain(rules).collect()
    }

    fn tls(&self) -> Known<Option<Tls>> {
        let Some((load_balancer, _)) = self.link.load_balancer.as_ref().filter(|_| self.link.balancer.is_application())
        else {
            return Known::Absent;
        };
        let Some(listeners) = self.inventory.listeners.get(load_balancer) else {
            return self.missing(&Source::Listeners(load_balancer.clone()));
        };
        let secure = || listeners.iter().filter(|listener| listener.is_secure());
        let serves = |listener: &&Listener| serves(self.inventory, self.link, listener);
        if let Some(listener) = secure().find(|listener| serves(listener) == Some(true)) {
            return Known::Read(Some(self.presented(listener)));
        }
        match secure().find(|listener| serves(listener).is_none()) {
            None => Known::Read(None),
            Some(_) if self.link.groups.is_empty() => Known::Absent,
            Some(listener) => self.missing(&Source::Rules(listener.key.clone())),
        }
    }

    fn presented(&self, listener: &Listener) -> Tls {
        let not_after =
            |arn| self.inventory.certificates.get(&Key::new(listener.key.scope, Arc::clone(arn)))?.not_after;
        Tls { port: listener.port.unwrap_or(443), not_after: listener.certificates.first().and_then(not_after) }
    }
}

/// What a target group's attributes say about stickiness.
#[must_use]
pub fn stickiness_of(attributes: &Attributes) -> Stickiness {
    let get = |key: &str| attributes.get(key).map(|value| &**value);
    if get("stickiness.enabled") != Some("true") {
        return Stickiness::Off;
    }
    if get("stickiness.type") == Some("app_cookie") {
        return Stickiness::ApplicationCookie;
    }
    let seconds = get("stickiness.lb_cookie.duration_seconds").and_then(|value| value.parse().ok());
    Stickiness::LoadBalancerCookie(seconds.unwrap_or(86_400))
}

impl TargetCounts {
    fn add(&mut self, state: &TargetState) {
        let count = match state {
            TargetState::Healthy => &mut self.healthy,
            TargetState::Draining | TargetState::UnhealthyDraining => {
                self.draining += 1;
                return;
            }
            TargetState::Initial => &mut self.initial,
            TargetState::Unused => &mut self.unused,
            TargetState::Unhealthy | TargetState::Unavailable | TargetState::Other(_) => &mut self.unhealthy,
        };
        *count += 1;
        self.total += 1;
    }
}

/// An update may take this long before it needs attention: Beanstalk's default command timeout and its own 240 s.
const LONGEST_UPDATE: std::time::Duration = std::time::Duration::from_secs(600 + 240);

impl Row {
    /// Whether somebody should look at it: product.md's *attention*, as far as a row knows.
    #[must_use]
    pub fn needs_attention(&self, now: Moment) -> bool {
        self.rank() <= 3 || self.is_stuck(now) || self.mixed_versions
    }

    /// How bad it is, 0 is worst: its health, or its targets where they are worse.
    #[must_use]
    pub fn rank(&self) -> u8 {
        let targets = match self.targets.value() {
            Some(counts) if counts.total > 0 && counts.healthy == 0 => 0,
            Some(counts) if counts.unhealthy > 0 => 2,
            Some(counts) if counts.unused > 0 => 3,
            Some(counts) if counts.initial > 0 || counts.draining > 0 => 7,
            _ => 8,
        };
        let status = match self.status {
            EnvironmentStatus::Aborting => 3,
            EnvironmentStatus::Ready => 8,
            _ => 6,
        };
        self.health_rank.min(targets).min(status)
    }

    /// Whether it is updating for longer than an update may take.
    #[must_use]
    pub fn is_stuck(&self, now: Moment) -> bool {
        self.status == EnvironmentStatus::Updating && self.updated.is_some_and(|at| now.since(at) > LONGEST_UPDATE)
    }
}
