//! One line of the Fleet: everything that its columns show, compare and filter by, computed when something changes and
//! not when it is drawn.

use std::sync::Arc;

use super::attention::Attention;
use super::figures::{Figures, figures};
use super::judgement::{Judgement, is_proven, proof_sources};
use crate::change::{Basis, Reason, drift_report};
use crate::model::{
    Attributes, Balancer, Doubt, Environment, EnvironmentLink, EnvironmentStatus, HealthColour, HealthStatus,
    Inventory, Key, Known, LinkedGroup, Listener, Moment, Snapshot, Source, Strength, TargetCounts, TargetGroup, Tier,
    resource_name, serves,
};
use crate::polling::Freshness;

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
    /// Whether it needs attention.
    pub attention: Attention,
    /// Why its health and its status cannot be relied on.
    pub health_doubt: Option<Doubt>,
    /// Why its targets cannot be relied on.
    pub targets_doubt: Option<Doubt>,
}

/// Makes the row of an environment; `None` if it is not known (any more).
#[must_use]
pub fn row(known: &Snapshot, freshness: &Freshness<'_>, key: &Key<Environment>) -> Option<Row> {
    let Snapshot { inventory, topology, .. } = known;
    let environment = inventory.environments.get(key)?;
    let none = EnvironmentLink::default();
    let link = topology.link(key).unwrap_or(&none);
    let load_balancer = link.load_balancer.as_ref();
    let (health, health_rank) = health(environment);
    let facts = Facts { snapshot: known, link, environment: key };
    let targets = facts.targets();
    let judgement = Judgement::new(known, freshness, environment, targets.value().copied());
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
        targets,
        stickiness: facts.stickiness(),
        drift: facts.drift(environment),
        tls: facts.tls(),
        figures: figures(known, key),
        last_event: inventory.last_event(&environment.key),
        updated: environment.updated,
        mixed_versions: judgement.mixed_versions,
        attention: judgement.attention,
        health_doubt: judgement.health_doubt,
        targets_doubt: judgement.targets_doubt,
    })
}

fn balancer_name(inventory: &Inventory, key: &Key<crate::model::LoadBalancer>) -> Arc<str> {
    let known = inventory.load_balancers.get(key);
    known.map_or_else(|| crate::model::load_balancer_name(&key.id).into(), |it| Arc::clone(&it.name))
}

/// The word of the health and how bad it is, worst 0. Enhanced health speaks first; basic health has only a colour.
fn health(environment: &Environment) -> (Arc<str>, u8) {
    let colour = environment.health.as_ref().filter(|colour| **colour != HealthColour::Grey);
    match (&environment.health_status, colour) {
        (Some(HealthStatus::NoData), None) => (HealthStatus::NoData.as_str().into(), 5),
        (Some(status), _) if *status != HealthStatus::NoData => (status.as_str().into(), rank_of_status(status)),
        (_, Some(colour)) => (colour.as_str().into(), rank_of_colour(colour)),
        (_, None) => (environment.health.as_ref().map_or("Unknown", HealthColour::as_str).into(), 5),
    }
}

fn rank_of_status(status: &HealthStatus) -> u8 {
    match status {
        HealthStatus::Severe => 0,
        HealthStatus::Suspended => 1,
        HealthStatus::Degraded => 2,
        HealthStatus::Warning => 3,
        HealthStatus::Unknown | HealthStatus::NoData | HealthStatus::Other(_) => 5,
        HealthStatus::Pending => 6,
        HealthStatus::Info => 7,
        HealthStatus::Ok => 8,
    }
}

fn rank_of_colour(colour: &HealthColour) -> u8 {
    match colour {
        HealthColour::Red => 1,
        HealthColour::Yellow => 3,
        HealthColour::Grey | HealthColour::Other(_) => 5,
        HealthColour::Green => 8,
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

struct Facts<'a> {
    snapshot: &'a Snapshot,
    link: &'a EnvironmentLink,
    environment: &'a Key<Environment>,
}

impl Facts<'_> {
    /// Not read yet, or failed.
    fn missing<T>(&self, source: &Source) -> Known<T> {
        self.snapshot.reads.fault(source).map_or(Known::Pending, |fault| Known::Failed(fault.kind))
    }

    fn groups(&self) -> Vec<(Arc<str>, Strength)> {
        let name = |key: &Key<TargetGroup>| {
            let known = self.snapshot.inventory.target_groups.get(key);
            known.map_or_else(|| resource_name(&key.id).into(), |group| Arc::clone(&group.name))
        };
        self.link.groups.iter().map(|group| (name(&group.key), group.evidence.strength())).collect()
    }

    /// The groups that are proven to be the environment's: others are not counted.
    fn proven(&self) -> impl Iterator<Item = &LinkedGroup> {
        self.link.groups.iter().filter(|group| is_proven(group))
    }

    /// Why no group is proven: what would prove one is still being read, or failed; nothing once all of it was read.
    fn proof<T>(&self) -> Known<T> {
        let mut failed = Known::Absent;
        for source in proof_sources(self.snapshot, self.environment, self.link) {
            match self.snapshot.reads.get(&source) {
                Some(reading) if reading.at.is_some() => {}
                Some(reading) if reading.fault.is_some() => failed = self.missing(&source),
                _ => return Known::Pending,
            }
        }
        failed
    }

    /// Whether the tags of a group that nothing proves yet are still to be read.
    fn awaits_tags(&self, group: &LinkedGroup) -> bool {
        let reading = self.snapshot.reads.get(&Source::TargetGroupTags(group.key.clone()));
        !is_proven(group) && reading.is_none_or(|reading| !reading.is_tried())
    }

    fn targets(&self) -> Known<TargetCounts> {
        if self.link.groups.is_empty() {
            return Known::Absent;
        }
        if self.link.groups.iter().any(|group| self.awaits_tags(group)) {
            return Known::Pending;
        }
        let mut counts = None;
        for group in self.proven() {
            let Some(targets) = self.snapshot.inventory.targets.get(&group.key) else {
                return self.missing(&Source::TargetHealth(group.key.clone()));
            };
            *counts.get_or_insert_with(TargetCounts::default) += targets.iter().collect();
        }
        counts.map_or_else(|| self.proof(), Known::Read)
    }

    fn stickiness(&self) -> Known<Stickiness> {
        if self.link.groups.is_empty() || !self.link.balancer.is_application() {
            return Known::Absent;
        }
        let mut all: Option<Stickiness> = None;
        for group in self.proven() {
            let Some(attributes) = self.snapshot.inventory.target_group_attributes.get(&group.key) else {
                return self.missing(&Source::TargetGroupAttributes(group.key.clone()));
            };
            let one = stickiness_of(attributes);
            all = Some(all.map_or(one, |all| if all == one { all } else { Stickiness::Mixed }));
        }
        all.map_or_else(|| self.proof(), Known::Read)
    }

    fn drift(&self, environment: &Environment) -> Known<Drifting> {
        if self.link.groups.is_empty() || !self.link.balancer.is_application() {
            return Known::Absent;
        }
        let Some(report) = drift_report(&Basis { snapshot: self.snapshot, environment }) else {
            return self.missing(&Source::Settings(environment.key.clone()));
        };
        let is_unread = report.not_compared.iter().any(|it| it.reason == Reason::Unread);
        let fault = || {
            self.compared().into_iter().find_map(|source| self.snapshot.reads.fault(&source)).map(|fault| fault.kind)
        };
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
        let listeners =
            balancer.clone().flat_map(|key| self.snapshot.inventory.listeners.get(key).into_iter().flatten());
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
        let Some(listeners) = self.snapshot.inventory.listeners.get(load_balancer) else {
            return self.missing(&Source::Listeners(load_balancer.clone()));
        };
        let secure = || listeners.iter().filter(|listener| listener.is_secure());
        let serves = |listener: &&Listener| serves(&self.snapshot.inventory, self.link, listener);
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
            |arn| self.snapshot.inventory.certificates.get(&Key::new(listener.key.scope, Arc::clone(arn)))?.not_after;
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

impl Row {
    /// Whether somebody should look at it.
    #[must_use]
    pub fn needs_attention(&self) -> bool {
        matches!(self.attention, Attention::Needs(_))
    }

    /// Whether it needs attention, or that is not known.
    #[must_use]
    pub fn may_need_attention(&self) -> bool {
        matches!(self.attention, Attention::Needs(_) | Attention::Unknown(_))
    }

    /// Puts another judgement in place of the last one; whether it differs.
    pub(super) fn judge(&mut self, judgement: Judgement) -> bool {
        let Judgement { attention, health_doubt, targets_doubt, mixed_versions } = judgement;
        let new = (attention, health_doubt, targets_doubt, mixed_versions);
        let differs = (self.attention, self.health_doubt, self.targets_doubt, self.mixed_versions) != new;
        (self.attention, self.health_doubt, self.targets_doubt, self.mixed_versions) = new;
        differs
    }

    /// How bad it is, 0 is worst: what is bad, then what is unknown, then what is under way, then the rest.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self.attention {
            Attention::Needs(reason) => reason.rank(),
            Attention::Unknown(_) => 4,
            Attention::Unread | Attention::Fine => self.quiet_rank(),
        }
    }

    /// The rank of what needs no attention: 5 or more.
    fn quiet_rank(&self) -> u8 {
        let is_moving = self.targets.value().is_some_and(TargetCounts::is_moving);
        let targets = if is_moving { 7 } else { 8 };
        let status = if self.status == EnvironmentStatus::Ready { 8 } else { 6 };
        self.health_rank.min(targets).min(status).max(5)
    }
}
