//! What the checks of one environment read: the snapshot, its place in it, and the values that several of them share.

use std::cell::OnceCell;
use std::time::Duration;

use super::declared::Declared;
use super::values::counting::{counted, proven, targets};
use super::values::doubts::{health_doubt, targets_doubt};
use super::values::drifting::{Drifting, drifting};
use super::values::figures::{RowFigures, figures};
use super::values::https::{Tls, tls};
use super::values::stickiness::{Stickiness, stickiness};
use super::values::traffic::{CheckFigures, check_figures};
use crate::change::PlanInputs;
use crate::model::{
    Balancer, ConfigurationSettings, Doubt, Environment, EnvironmentLink, Inventory, Key, Known, LinkedGroup, Listener,
    LoadBalancer, Moment, Reliability, Snapshot, TargetCounts, TargetGroup,
};

/// How long a command may take on an instance, unless the environment's option `Timeout` differs.
pub const COMMAND_TIMEOUT: Duration = Duration::from_secs(600);

/// An environment that is not linked yet.
static UNLINKED: EnvironmentLink = EnvironmentLink {
    balancer: Balancer::Unknown,
    load_balancer: None,
    classic_name: None,
    groups: Vec::new(),
    disagreements: Vec::new(),
};

/// The values of an environment that are expensive to compute: each is computed when it is used, unless it is known
/// before.
#[derive(Clone, Debug, Default)]
pub struct EnvironmentValues {
    /// Its targets.
    pub targets: OnceCell<Known<TargetCounts>>,
    /// Its stickiness.
    pub stickiness: OnceCell<Known<Stickiness>>,
    /// How its live values compare with their options.
    pub drift: OnceCell<Known<Drifting>>,
    /// The HTTPS listener that leads to it.
    pub tls: OnceCell<Known<Option<Tls>>>,
    /// Its requests, errors and times.
    pub figures: OnceCell<Known<RowFigures>>,
    /// What its load balancer counted over a quarter of an hour.
    pub check_figures: OnceCell<Known<CheckFigures>>,
}

/// What the checks of one environment read.
pub struct Inputs<'a> {
    /// What was read.
    pub snapshot: &'a Snapshot,
    /// Which of it can be relied on.
    pub reliability: &'a dyn Reliability,
    /// The environment.
    pub environment: &'a Environment,
    /// Its place.
    pub link: &'a EnvironmentLink,
    declared: Declared<'a>,
    values: EnvironmentValues,
    health_doubt: OnceCell<Option<Doubt>>,
    targets_doubt: OnceCell<Option<Doubt>>,
}

impl<'a> Inputs<'a> {
    /// Returns the inputs of an environment; `None` if it is not in the snapshot.
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, reliability: &'a dyn Reliability, key: &Key<Environment>) -> Option<Self> {
        let environment = snapshot.environment(key)?;
        let link = snapshot.link(key).unwrap_or(&UNLINKED);
        let (health_doubt, targets_doubt) = (OnceCell::new(), OnceCell::new());
        let values = EnvironmentValues::default();
        let declared = Declared::default();
        Some(Self { snapshot, reliability, environment, link, declared, values, health_doubt, targets_doubt })
    }

    /// The same, with values that were found before.
    #[must_use]
    pub fn with_values(self, values: EnvironmentValues) -> Self {
        Self { values, ..self }
    }

    /// The same, with what the configuration says of the environment.
    #[must_use]
    pub fn with_declared(self, declared: Declared<'a>) -> Self {
        Self { declared, ..self }
    }

    /// What the configuration says of the environment.
    #[must_use]
    pub fn declared(&self) -> Declared<'a> {
        self.declared
    }

    /// The moment.
    #[must_use]
    pub fn now(&self) -> Moment {
        self.reliability.now()
    }

    /// Which environment.
    #[must_use]
    pub fn key(&self) -> &'a Key<Environment> {
        &self.environment.key
    }

    /// What was read, by id.
    #[must_use]
    pub fn inventory(&self) -> &'a Inventory {
        &self.snapshot.inventory
    }

    /// Its Application Load Balancer, if it has one that is known.
    #[must_use]
    pub fn load_balancer(&self) -> Option<&'a Key<LoadBalancer>> {
        self.basis().load_balancer()
    }

    /// The target groups that are proven to be its own.
    pub fn proven(&self) -> impl Iterator<Item = &'a LinkedGroup> + use<'a> {
        proven(self.link)
    }

    /// The target groups of it whose targets count.
    #[must_use]
    pub fn counted(&self) -> Vec<&'a Key<TargetGroup>> {
        counted(self.snapshot, self.link)
    }

    /// The target groups that are proven to be its own, as they were last listed.
    #[must_use]
    pub fn groups(&self) -> Vec<&'a TargetGroup> {
        self.proven().filter_map(|group| self.snapshot.inventory.target_groups.get(&group.key)).collect()
    }

    /// How long a command may take on an instance, by its option or its default; `None` if its settings were not read.
    #[must_use]
    pub fn command_timeout(&self) -> Option<Duration> {
        let value = self.settings()?.get("aws:elasticbeanstalk:command", "Timeout");
        Some(value.and_then(|value| value.parse().ok()).map_or(COMMAND_TIMEOUT, Duration::from_secs))
    }

    /// Its option settings, if they were read.
    #[must_use]
    pub fn settings(&self) -> Option<&'a ConfigurationSettings> {
        self.basis().settings()
    }

    /// The listeners of its Application Load Balancer, if they were read.
    #[must_use]
    pub fn listeners(&self) -> Option<&'a [Listener]> {
        self.inventory().listeners.get(self.load_balancer()?).map(Vec::as_slice)
    }

    /// Its settings, live and as options.
    #[must_use]
    pub fn basis(&self) -> PlanInputs<'a> {
        PlanInputs { snapshot: self.snapshot, environment: self.environment }
    }

    /// Its targets by state.
    #[must_use]
    pub fn targets(&self) -> &Known<TargetCounts> {
        self.values.targets.get_or_init(|| targets(self.snapshot, self.key(), self.link))
    }

    /// Its stickiness.
    #[must_use]
    pub fn stickiness(&self) -> &Known<Stickiness> {
        self.values.stickiness.get_or_init(|| stickiness(self.snapshot, self.key(), self.link))
    }

    /// How its live values compare with their options.
    #[must_use]
    pub fn drift(&self) -> &Known<Drifting> {
        self.values.drift.get_or_init(|| drifting(self.snapshot, self.environment, self.link))
    }

    /// The HTTPS listener that leads to it.
    #[must_use]
    pub fn tls(&self) -> &Known<Option<Tls>> {
        self.values.tls.get_or_init(|| tls(self.snapshot, self.link))
    }

    /// Its requests, errors and times.
    #[must_use]
    pub fn figures(&self) -> &Known<RowFigures> {
        self.values.figures.get_or_init(|| figures(self.snapshot, self.key()))
    }

    /// What its load balancer counted over a quarter of an hour.
    #[must_use]
    pub fn check_figures(&self) -> &Known<CheckFigures> {
        self.values.check_figures.get_or_init(|| check_figures(self.snapshot, self.key()))
    }

    /// Why its health and its status cannot be relied on.
    #[must_use]
    pub fn health_doubt(&self) -> Option<Doubt> {
        *self.health_doubt.get_or_init(|| health_doubt(self.snapshot, self.reliability, self.environment))
    }

    /// Why its targets cannot be relied on.
    #[must_use]
    pub fn targets_doubt(&self) -> Option<Doubt> {
        *self.targets_doubt.get_or_init(|| targets_doubt(self.snapshot, self.reliability, self.environment, self.link))
    }
}
