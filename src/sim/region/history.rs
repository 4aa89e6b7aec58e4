//! The writes that the region accepted, and their effects: the deployments of each environment, computed again.
//!
//! A write is a line in a log with its moment. All its effects are a function of the scenario and that log,
//! so the whole story of an environment is computed again, past and future, when a line is added.

use super::track::{Deploy, Order, Release, Side, Temporary};
use super::write::{Configure, Wanted, Write};
use super::{Pool, Region, Twin};
use crate::sim::physics::turnover::Turning;
use crate::sim::physics::{View, deploy, events};

impl Region {
    /// Adds an accepted write to the log, and computes its effects.
    pub fn write(&mut self, write: Write) {
        let environment = write.environment;
        let other = match &write.what {
            Wanted::Swap { other, .. } => Some(*other),
            _ => None,
        };
        self.writes.push(write);
        for environment in std::iter::once(environment).chain(other) {
            self.deploy_all(environment);
            self.listen(environment);
        }
    }

    /// Computes all deployments of an environment.
    pub(super) fn deploy_all(&mut self, place: usize) {
        self.forget_deploys(place);
        self.deploy_files(place);
        let mut others = self.orders_of_others(place).into_iter().peekable();
        for order in self.orders(place) {
            while let Some(earlier) = others.next_if(|earlier| earlier.at <= order.at) {
                self.carry_out(place, &earlier);
            }
            let environment = &self.environments[place];
            // An order during another update is refused, the scenario's own too.
            let busy = environment.deploys.last().is_some_and(|last| last.ended > order.at);
            let application = self.application(&environment.application);
            let version = application.and_then(|application| application.version_at(&order.version, order.at)).cloned();
            if let (false, true, Some(version)) = (busy, environment.status == "Ready", version) {
                let planned = deploy::plan(self, environment, &version, &order);
                self.install(place, planned);
                self.deploy_files(place);
            }
        }
        others.for_each(|order| self.carry_out(place, &order));
        for number in 0..self.environments[place].deploys.len() {
            let view = View { region: self, now: self.epoch };
            let health = events::of_deploy(view, &self.environments[place], number);
            self.environments[place].deploys[number].health = health;
        }
        for number in 0..self.environments[place].turnovers.len() {
            let view = View { region: self, now: self.epoch };
            let health = events::of_turnover(view, &self.environments[place], number);
            self.environments[place].turnovers[number].health = health;
        }
    }

    /// Carries out writes that deploy no version.
    fn carry_out(&mut self, place: usize, write: &Write) {
        match &write.what {
            Wanted::Options(order) => self.configure_unless_busy(place, order),
            Wanted::Restart { request_id } => self.restart_unless_busy(place, write.at, request_id),
            Wanted::Swap { .. } => self.swap_unless_busy(place, write),
            Wanted::Replacement { instance } => self.replace(place, *instance, write.at),
            Wanted::Version { .. } | Wanted::Abort => {}
        }
    }

    /// Returns the requested updates, in order, each with its abort.
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
        // The first abort after an order is meant for it, unless it has ended by then, which the computed story decides.
        let aborts = || writes().filter(|write| matches!(write.what, Wanted::Abort)).map(|write| write.at);
        for order in &mut orders {
            order.aborted = aborts().filter(|at| *at >= order.at).chain(order.aborted).min();
        }
        orders
    }

    fn orders_of_others(&self, place: usize) -> Vec<Write> {
        let is_other = |write: &&Write| !matches!(write.what, Wanted::Version { .. } | Wanted::Abort);
        let concerns = |write: &&Write| {
            write.environment == place || matches!(write.what, Wanted::Swap { other, .. } if other == place)
        };
        let written = self.writes.iter().filter(concerns).filter(is_other).cloned();
        let scripted = self.environments[place].updates.iter().map(|update| Write {
            at: update.at,
            environment: place,
            what: Wanted::Options(update.clone()),
        });
        let mut orders: Vec<Write> = written.chain(scripted).collect();
        orders.sort_by_key(|order| order.at);
        orders
    }

    /// Whether an operation would be refused.
    pub(super) fn is_busy(&self, place: usize, at: i64) -> bool {
        let environment = &self.environments[place];
        environment.deploys.last().is_some_and(|last| last.ended > at) || environment.status != "Ready"
    }

    fn restart_unless_busy(&mut self, place: usize, at: i64, request_id: &str) {
        if !self.is_busy(place, at) {
            let planned = deploy::restart(self, &self.environments[place], at, request_id);
            self.install(place, planned);
        }
    }

    fn replace(&mut self, place: usize, instance: usize, at: i64) {
        let pool = self.environments[place].pool;
        let mut turning = Turning::begin(self, place, at);
        turning.exchange(instance);
        let (changed, turnover) = turning.end();
        self.keep_pool(pool, changed);
        self.environments[place].turnovers.push(turnover);
    }

    fn configure_unless_busy(&mut self, place: usize, order: &Configure) {
        if self.is_busy(place, order.at) {
            return;
        }
        let aborts = self.writes.iter().filter(|it| it.environment == place && matches!(it.what, Wanted::Abort));
        let aborted = aborts.map(|write| write.at).filter(|at| *at >= order.at).chain(order.aborted).min();
        let (mut configured, deploy) = self.configure(place, order, aborted);
        let lands = configured.lands();
        let interrupts = self.interrupts(place, order).filter(|_| !configured.aborted);
        if let Some(plan) = interrupts {
            let planned = plan(self, &self.environments[place], &Configure { aborted, ..order.clone() });
            configured.ended = planned.deploy.ended;
            configured.aborted = !planned.deploy.succeeded;
            configured.failed = configured.aborted && planned.deploy.aborted.is_none();
            self.environments[place].configured.push(configured);
            self.install(place, planned);
        } else {
            let environment = &mut self.environments[place];
            environment.configured.push(configured);
            environment.deploys.push(deploy);
        }
        let environment = &self.environments[place];
        for group in environment.processes.clone() {
            self.tell_in_force(group);
        }
        if let Some(at) = lands {
            self.scale(place, at);
        }
    }

    /// The course of an update that interrupts more than the load balancer, if it does.
    fn interrupts(&self, place: usize, order: &Configure) -> Option<deploy::Interruption> {
        match () {
            () if self.replaces_instances(place, order) => Some(deploy::renew),
            () if self.restarts_servers(place, order) => Some(deploy::reconfigure),
            () => None,
        }
    }

    /// Instances come and go until there are as many as the sizes allow.
    fn scale(&mut self, place: usize, at: i64) {
        let [least, most] = ["MinSize", "MaxSize"].map(|name| self.size_at(place, name, at));
        let mut turning = Turning::begin(self, place, at);
        turning.keep_between(least, most);
        if turning.is_still() {
            return;
        }
        let (changed, turnover) = turning.end();
        let pool = self.environments[place].pool;
        self.keep_pool(pool, changed);
        self.environments[place].turnovers.push(turnover);
    }

    /// The pool as it has become, with instances that can be found.
    fn keep_pool(&mut self, place: usize, pool: Pool) {
        for (number, instance) in pool.instances.iter().enumerate() {
            self.index.instances.entry(instance.id.clone()).or_insert((place, number));
        }
        self.pools[place] = pool;
    }

    fn forget_deploys(&mut self, place: usize) {
        let environment = &mut self.environments[place];
        environment.deploys.clear();
        environment.configured.clear();
        environment.files_overrides.clear();
        environment.turnovers.clear();
        let groups = environment.processes.clone();
        let pool = &mut self.pools[environment.pool];
        for instance in pool.instances.drain(pool.original..) {
            self.index.instances.remove(&instance.id);
        }
        for instance in &mut pool.instances {
            instance.track = super::Track::default();
        }
        pool.releases.truncate(1);
        for group in groups {
            self.tell_in_force(group);
            for twin in self.target_groups[group].twins.clone() {
                self.target_groups[twin].twin = Some(Twin { of: group, from: 0, until: 0 });
            }
        }
    }

    fn install(&mut self, place: usize, planned: deploy::PlannedDeploy) {
        let environment = &mut self.environments[place];
        let (number, pool) = (environment.deploys.len() + 1, environment.pool);
        let split = planned.deploy.temporary.clone().filter(|temporary| temporary.split);
        environment.deploys.push(planned.deploy);
        self.keep_pool(pool, planned.pool);
        let Some(split) = split else { return };
        for group in self.environments[place].processes.clone() {
            let twin = self.twin(group, number);
            self.target_groups[twin].twin = Some(Twin { of: group, from: split.from, until: split.until });
        }
    }
}

impl super::Environment {
    /// The last deploy that began, at a time of the scenario.
    pub fn deploy(&self, time: i64) -> Option<&Deploy> {
        self.deploys.iter().rev().find(|deploy| deploy.begun <= time)
    }

    /// The temporary Auto Scaling group that there is at a time.
    pub fn temporary(&self, time: i64) -> Option<&Temporary> {
        let temporary = self.deploy(time)?.temporary.as_ref();
        temporary.filter(|group| (group.from..group.until).contains(&time))
    }

    /// The share of the traffic that a target group of this side gets.
    pub fn share(&self, side: Side, time: i64) -> f64 {
        let shares = self.deploy(time).map(|deploy| deploy.shares.as_slice()).unwrap_or_default();
        let twin = shares.iter().rev().find(|(from, _)| *from <= time).map_or(0.0, |(_, share)| *share);
        match side {
            Side::Main => 1.0 - twin,
            Side::Twin => twin,
            Side::ByHand => 1.0,
        }
    }
}

impl super::Pool {
    /// The release in a place of the list; the first one, should there be no such place.
    pub fn release(&self, place: usize) -> &Release {
        &self.releases[place.min(self.releases.len() - 1)]
    }
}
