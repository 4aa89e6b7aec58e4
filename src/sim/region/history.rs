//! What was asked of the region and accepted, and what follows: the deploys of each environment, told anew.
//!
//! A write is a line in a log with its moment. Everything that comes of it is a function of the scenario and that log,
//! so the whole story of an environment is told again, past and future, when a line is added.

use super::configuring::Configure;
use super::track::{Deploy, Order, Release, Side, Temporary};
use super::{Region, Twin};
use crate::sim::physics::{View, deploy, events};

/// A write that was accepted; scenario time.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Write {
    pub(in crate::sim) at: i64,
    /// The environment's place.
    pub(in crate::sim) environment: usize,
    pub(in crate::sim) what: Wanted,
}

/// What a write wants.
#[derive(Clone, Debug)]
pub(in crate::sim) enum Wanted {
    /// This version on all instances.
    Version { label: String, request_id: String },
    /// These options.
    Options(Configure),
    /// An end to the update that is in progress.
    Abort,
}

impl Region {
    /// Adds an accepted write to the log, and tells what comes of it.
    pub(in crate::sim) fn write(&mut self, write: Write) {
        let environment = write.environment;
        self.writes.push(write);
        self.deploy_all(environment);
        self.listen(environment);
    }

    /// Tells all deploys of an environment.
    pub(super) fn deploy_all(&mut self, place: usize) {
        self.forget_deploys(place);
        let mut options = self.orders_of_options(place).into_iter().peekable();
        for order in self.orders(place) {
            while let Some(earlier) = options.next_if(|earlier| earlier.at <= order.at) {
                self.configure_unless_busy(place, &earlier);
            }
            let environment = &self.environments[place];
            // Whoever comes while another update is in progress is refused, the scenario's own orders too.
            let busy = environment.deploys.last().is_some_and(|last| last.ended > order.at);
            let application = self.application(&environment.application);
            let version = application.and_then(|application| application.version(&order.version)).cloned();
            if let (false, true, Some(version)) = (busy, environment.status == "Ready", version) {
                let told = deploy::tell(self, environment, &version, &order);
                self.install(place, told);
            }
        }
        options.for_each(|order| self.configure_unless_busy(place, &order));
        for number in 0..self.environments[place].deploys.len() {
            let view = View { region: self, now: self.epoch };
            let health = events::of_deploy(view, &self.environments[place], number);
            self.environments[place].deploys[number].health = health;
        }
    }

    /// The updates that were asked for, in their order, each with its abort.
    fn orders(&self, place: usize) -> Vec<Order> {
        let mut orders = self.environments[place].scripted.clone();
        let writes = || self.writes.iter().filter(|write| write.environment == place);
        for write in writes() {
            if let Wanted::Version { label, request_id } = &write.what {
                let (version, request_id) = (label.clone(), request_id.clone());
                orders.push(Order { at: write.at, version, request_id, aborted: None });
            }
        }
        orders.sort_by_key(|order| order.at);
        // The first abort after an order is meant for it, unless it has ended by then, which the story itself tells.
        let aborts = || writes().filter(|write| matches!(write.what, Wanted::Abort)).map(|write| write.at);
        for order in &mut orders {
            order.aborted = aborts().filter(|at| *at >= order.at).chain(order.aborted).min();
        }
        orders
    }

    fn orders_of_options(&self, place: usize) -> Vec<Configure> {
        let writes = self.writes.iter().filter(|write| write.environment == place);
        let options = |write: &Write| if let Wanted::Options(order) = &write.what { Some(order.clone()) } else { None };
        writes.filter_map(options).collect()
    }

    fn configure_unless_busy(&mut self, place: usize, order: &Configure) {
        let is_busy = self.environments[place].deploys.last().is_some_and(|last| last.ended > order.at);
        if is_busy || self.environments[place].status != "Ready" {
            return;
        }
        let aborts = self.writes.iter().filter(|it| it.environment == place && matches!(it.what, Wanted::Abort));
        let aborted = aborts.map(|write| write.at).filter(|at| *at >= order.at).min();
        let (configured, deploy) = self.configure(place, order, aborted);
        let environment = &mut self.environments[place];
        environment.configured.push(configured);
        environment.deploys.push(deploy);
    }

    fn forget_deploys(&mut self, place: usize) {
        let environment = &mut self.environments[place];
        environment.deploys.clear();
        environment.configured.clear();
        let pool = &mut self.pools[environment.pool];
        for instance in pool.instances.drain(pool.original..) {
            self.index.instances.remove(&instance.id);
        }
        for instance in &mut pool.instances {
            instance.track = super::Track::default();
        }
        pool.releases.truncate(1);
        for group in environment.processes.clone() {
            for twin in self.target_groups[group].twins.clone() {
                self.target_groups[twin].twin = Some(Twin { of: group, from: 0, until: 0 });
            }
        }
    }

    fn install(&mut self, place: usize, told: deploy::Told) {
        let environment = &mut self.environments[place];
        let (number, pool) = (environment.deploys.len() + 1, environment.pool);
        let split = told.deploy.temporary.clone().filter(|temporary| temporary.split);
        environment.deploys.push(told.deploy);
        for (number, instance) in told.pool.instances.iter().enumerate() {
            self.index.instances.entry(instance.id.clone()).or_insert((pool, number));
        }
        self.pools[pool] = told.pool;
        let Some(split) = split else { return };
        for group in self.environments[place].processes.clone() {
            let twin = self.twin(group, number);
            self.target_groups[twin].twin = Some(Twin { of: group, from: split.from, until: split.until });
        }
    }
}

impl super::Environment {
    /// The last deploy that began, at a time of the scenario.
    pub(in crate::sim) fn deploy(&self, time: i64) -> Option<&Deploy> {
        self.deploys.iter().rev().find(|deploy| deploy.begun <= time)
    }

    /// The temporary Auto Scaling group that there is at a time.
    pub(in crate::sim) fn temporary(&self, time: i64) -> Option<&Temporary> {
        let temporary = self.deploy(time)?.temporary.as_ref();
        temporary.filter(|group| (group.from..group.until).contains(&time))
    }

    /// The share of the traffic that a target group of this side gets.
    pub(in crate::sim) fn share(&self, side: Side, time: i64) -> f64 {
        let shares = self.deploy(time).map(|deploy| deploy.shares.as_slice()).unwrap_or_default();
        let twin = shares.iter().rev().find(|(from, _)| *from <= time).map_or(0.0, |(_, share)| *share);
        match side {
            Side::Main => 1.0 - twin,
            Side::Twin => twin,
        }
    }
}

impl super::Pool {
    /// The release in a place of the list; the first one, should there be no such place.
    pub(in crate::sim) fn release(&self, place: usize) -> &Release {
        &self.releases[place.min(self.releases.len() - 1)]
    }
}
