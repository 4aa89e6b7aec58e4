//! One line of the Fleet: everything that its columns show, compare and filter by, computed when something changes and
//! not when it is drawn.

use std::sync::Arc;

use crate::app::CheckSettings;
use crate::diagnosis::{
    Attention, Drifting, EnvironmentValues, FindingTally, Inputs, Judgement, RowFigures, Stickiness, Tls, health_of,
};
use crate::model::{
    Balancer, Doubt, Environment, EnvironmentStatus, Inventory, Key, Known, Moment, Reliability, Snapshot, Source,
    Strength, TargetCounts, TargetGroup, Tier, resource_name,
};

/// One environment of the Fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct FleetRow {
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
    /// What else it is found by: names and addresses of what is in front of it and behind it.
    pub reachable: Arc<str>,
    /// Its operational status.
    pub status: EnvironmentStatus,
    /// The word of its health: of enhanced health, else the colour.
    pub health: Arc<str>,
    /// How bad that is: 0 is worst.
    pub health_rank: u8,
    /// Its tier.
    pub tier: Option<Tier>,
    /// The load balancer in front of it.
    pub balancer: Balancer,
    /// The load balancer's name.
    pub load_balancer: Option<Arc<str>>,
    /// The strength of the link.
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
    /// How many alarms of it are in ALARM.
    pub alarms: Known<usize>,
    /// How many findings it has, without those that are silenced.
    pub findings: FindingTally,
    /// Its requests, errors and times.
    pub figures: Known<RowFigures>,
    /// When Beanstalk last recorded an event for it.
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
    /// Why its alarms cannot be relied on.
    pub alarms_doubt: Option<Doubt>,
}

/// Makes the row of an environment, whose attention leaves silenced findings out; `None` if it is not known (any more).
#[must_use]
pub fn row(
    snapshot: &Snapshot,
    reliability: &dyn Reliability,
    checks: &CheckSettings,
    key: &Key<Environment>,
) -> Option<FleetRow> {
    let Snapshot { inventory, topology, .. } = snapshot;
    let inputs = checks.inputs(snapshot, reliability, key)?;
    let environment = inputs.environment;
    let load_balancer = inputs.link.load_balancer.as_ref();
    let (health, health_rank) = health_of(environment);
    let judgement = Judgement::with_findings(&inputs, &checks.silenced(&environment.name));
    Some(FleetRow {
        key: key.clone(),
        name: Arc::clone(&environment.name),
        application: Arc::clone(&environment.application),
        version: environment.version.clone(),
        arriving: arriving(inventory, environment),
        platform: environment.platform.clone(),
        cname: environment.cname.clone(),
        reachable: super::reachable::reachable(&inputs),
        status: environment.status.clone(),
        health,
        health_rank,
        tier: environment.tier.clone(),
        balancer: inputs.link.balancer,
        load_balancer: load_balancer.map(|(key, _)| balancer_name(inventory, key)),
        strength: load_balancer.map(|(_, evidence)| evidence.strength()),
        sharers: load_balancer.map_or(0, |(key, _)| topology.environments_of(key).len()),
        groups: groups(&inputs),
        targets: *inputs.targets(),
        stickiness: *inputs.stickiness(),
        drift: *inputs.drift(),
        tls: *inputs.tls(),
        alarms: alarms(&inputs),
        findings: judgement.findings.unwrap_or_default(),
        figures: *inputs.figures(),
        last_event: inventory.last_event(&environment.key),
        updated: environment.updated,
        mixed_versions: judgement.mixed_versions,
        attention: judgement.attention,
        health_doubt: judgement.health_doubt,
        targets_doubt: judgement.targets_doubt,
        alarms_doubt: judgement.alarms_doubt,
    })
}

fn balancer_name(inventory: &Inventory, key: &Key<crate::model::LoadBalancer>) -> Arc<str> {
    let known = inventory.load_balancers.get(key);
    known.map_or_else(|| crate::model::load_balancer_name(&key.id).into(), |it| Arc::clone(&it.name))
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

/// How many alarms of the environment are in ALARM, where that was listed to the end.
fn alarms(inputs: &Inputs<'_>) -> Known<usize> {
    let (snapshot, source) = (inputs.snapshot, Source::RaisedAlarms(inputs.snapshot.scope));
    match snapshot.reads.fault(&source) {
        _ if snapshot.reads.is_whole(&source) => Known::Read(snapshot.raised_alarms(inputs.environment).len()),
        Some(fault) => Known::Failed(fault.kind),
        None => Known::Pending,
    }
}

/// The names of the target groups, and how sure it is that they are the environment's.
fn groups(inputs: &Inputs<'_>) -> Vec<(Arc<str>, Strength)> {
    let name = |key: &Key<TargetGroup>| {
        let known = inputs.inventory().target_groups.get(key);
        known.map_or_else(|| resource_name(&key.id).into(), |group| Arc::clone(&group.name))
    };
    inputs.link.groups.iter().map(|group| (name(&group.key), group.evidence.strength())).collect()
}

impl FleetRow {
    /// Returns whether it needs attention.
    #[must_use]
    pub fn needs_attention(&self) -> bool {
        matches!(self.attention, Attention::Needs(..))
    }

    /// Returns whether it needs attention, or that is unknown.
    #[must_use]
    pub fn may_need_attention(&self) -> bool {
        matches!(self.attention, Attention::Needs(..) | Attention::Unknown(_))
    }

    /// Returns the values of its columns, so that judging it again does not compute them again.
    #[must_use]
    pub fn values(&self) -> EnvironmentValues {
        EnvironmentValues {
            targets: self.targets.into(),
            stickiness: self.stickiness.into(),
            drift: self.drift.into(),
            tls: self.tls.into(),
            figures: self.figures.into(),
            ..EnvironmentValues::default()
        }
    }

    /// Puts another judgement in place of the last one; whether it differs.
    pub(super) fn judge(&mut self, judgement: Judgement) -> bool {
        let Judgement { attention, health_doubt, targets_doubt, mixed_versions, findings, alarms_doubt } = judgement;
        let findings = findings.unwrap_or(self.findings);
        let new = (attention, health_doubt, targets_doubt, mixed_versions, findings, alarms_doubt);
        let own = (
            &mut self.attention,
            &mut self.health_doubt,
            &mut self.targets_doubt,
            &mut self.mixed_versions,
            &mut self.findings,
            &mut self.alarms_doubt,
        );
        let differs = (*own.0, *own.1, *own.2, *own.3, *own.4, *own.5) != new;
        (*own.0, *own.1, *own.2, *own.3, *own.4, *own.5) = new;
        differs
    }

    /// Returns its rank, 0 is worst: bad, then unknown, then under way, then the rest.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self.attention {
            Attention::Needs(_, rank) => rank,
            Attention::Unknown(_) => 4,
            Attention::Unread | Attention::Fine => self.quiet_rank(),
        }
    }

    /// Returns the rank of a row that needs no attention: 5 or more.
    fn quiet_rank(&self) -> u8 {
        let is_moving = self.targets.value().is_some_and(TargetCounts::is_moving);
        let targets = if is_moving { 7 } else { 8 };
        let status = if self.status == EnvironmentStatus::Ready { 8 } else { 6 };
        self.health_rank.min(targets).min(status).max(5)
    }
}
