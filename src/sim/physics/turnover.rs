//! Instances that come and go although nothing is deployed: Auto Scaling replaces one, or keeps to other sizes.
//!
//! How long each step takes is an assumption; that a new instance is registered when its application runs, too.

use super::events::Event;
use super::noise;
use super::targets::{Front, NO_FRONT, State, condition};
use crate::sim::region::{Environment, Move, Pool, Region, Side, Turnover};

/// From the launch of an instance until its application runs, and until its target is registered (milliseconds).
const BOOTS: i64 = 52_000;
const REGISTERS: i64 = 54_000;
/// How long afterwards something may still change because of it (milliseconds).
const SETTLING: i64 = 180_000;

/// A turnover while it is computed.
pub struct Turning<'a> {
    region: &'a Region,
    environment: &'a Environment,
    pool: Pool,
    fronts: Vec<Front<'a>>,
    at: i64,
    events: Vec<Event>,
    ends: i64,
}

impl<'a> Turning<'a> {
    /// A turnover of an environment's instances that begins at a time of the scenario.
    pub fn begin(region: &'a Region, environment: usize, at: i64) -> Self {
        let environment = &region.environments[environment];
        let groups = environment.processes.iter().map(|group| Front::from(&region.target_groups[*group]));
        let mut fronts: Vec<Front<'a>> = groups.collect();
        if fronts.is_empty() {
            fronts.push(NO_FRONT);
        }
        let pool = region.pools[environment.pool].clone();
        Self { region, environment, pool, fronts, at, events: Vec::new(), ends: at }
    }

    /// Terminates an instance and launches another.
    pub fn exchange(&mut self, place: usize) {
        self.terminate(place);
        self.launch();
    }

    /// Launches and terminates until there are so many; the oldest instances go first.
    pub fn keep_between(&mut self, least: usize, most: usize) {
        let there: Vec<usize> = (0..self.pool.instances.len()).filter(|place| self.stays(*place)).collect();
        for _ in there.len()..least {
            self.launch();
        }
        let surplus = if self.is_suspended("Terminate") { 0 } else { there.len().saturating_sub(most.max(least)) };
        for place in there.iter().take(surplus) {
            self.terminate(*place);
        }
    }

    /// Returns whether no instance comes or goes.
    pub fn is_still(&self) -> bool {
        self.ends == self.at
    }

    /// Returns the pool with everything that happened to it, and the turnover's events.
    pub fn end(self) -> (Pool, Turnover) {
        let settled = self.ends + SETTLING;
        (self.pool, Turnover { begun: self.at, settled, events: self.events, health: Vec::new() })
    }

    /// Returns whether an instance is there and is not about to be ended.
    fn stays(&self, place: usize) -> bool {
        let track = &self.pool.instances[place].track;
        let leaves = track.last(self.at, |what| matches!(what, Move::Leaves | Move::Terminated).then_some(()));
        if leaves.is_some() {
            return false;
        }
        if track.is_new() {
            return track.until(self.at).iter().any(|(_, what)| matches!(what, Move::Launched { .. }));
        }
        let state = condition(&self.pool, self.fronts[0], place, self.at).state;
        !matches!(state, State::Absent | State::Terminated | State::Draining)
    }

    fn terminate(&mut self, place: usize) {
        let draining = self.fronts.iter().map(|front| front.delay(self.at)).max().unwrap_or_default();
        let gone = self.at + draining + 4_000;
        let track = &mut self.pool.instances[place].track;
        for what in [Move::Deregistered(Side::Main), Move::Leaves] {
            track.add(self.at, what);
        }
        track.add(gone, Move::Terminated);
        let id = self.pool.instances[place].id.clone();
        self.record_event(gone, place, format!("Removed instance [{id}] from your environment."));
    }

    fn is_suspended(&self, process: &str) -> bool {
        self.environment.suspended.iter().any(|suspended| suspended == process)
    }

    /// Auto Scaling launches an instance, if it may, and registers it, if it may.
    fn launch(&mut self) {
        if self.is_suspended("Launch") {
            return;
        }
        let place = self.pool.instances.len();
        // Deploys are numbered from one, so no other instance has this key.
        let mut instance = self.region.launched_instance(&self.pool, 0, place, self.at);
        let deployed = self.environment.deploys.iter().rev().find(|it| it.succeeded && it.ended <= self.at);
        let release = deployed.map_or(0, |deploy| deploy.release);
        instance.track.add(self.at, Move::Launched { temporary: false });
        instance.track.add(self.at + BOOTS, Move::Runs(release));
        if !self.is_suspended("AddToLoadBalancer") {
            instance.track.add(self.at + REGISTERS, Move::Registered(Side::Main));
        }
        let id = instance.id.clone();
        self.pool.instances.push(instance);
        self.record_event(self.at + REGISTERS, place, format!("Added instance [{id}] to your environment."));
    }

    /// An event that Beanstalk's health monitoring writes some seconds later.
    fn record_event(&mut self, at: i64, place: usize, message: String) {
        let late = (noise::unit(self.pool.instances[place].entity, self.at, 33) * 15_000.0) as i64;
        let at_epoch = self.region.epoch + at + late;
        self.events.push(Event::new(at_epoch, "INFO", message));
        self.ends = self.ends.max(at + late);
    }
}
