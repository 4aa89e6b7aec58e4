//! A restart of the application servers: the instances stay, and run what they ran.
//!
//! It goes in the batches of a rolling deployment, without taking instances out of service (Developer Guide, deployment
//! policies; that the other policies restart all at once is UNVERIFIED). Targets answer nothing for some seconds.

use super::{Ending, PlannedDeploy, Policy, Script};
use crate::sim::physics::members;
use crate::sim::region::{Configure, Environment, Move, Order, Region};

/// Computes the course of a restart, given the deployments before it.
pub fn restart(region: &Region, environment: &Environment, at: i64, request_id: &str) -> PlannedDeploy {
    let pool = region.pools[environment.pool].clone();
    let before = environment.deploys.iter().rev().find(|deploy| deploy.succeeded);
    let release = before.map_or(0, |deploy| deploy.release);
    let mut script = Script::new(region, environment, (pool, release), (at, request_id));
    script.abortable_until = at;
    script.restart_all();
    let mut planned = script.planned(at, None, Ending::Well);
    planned.deploy.configures = true;
    planned
}

/// Computes the course of an update of options that the application servers read when they start: environment properties.
pub fn reconfigure(region: &Region, environment: &Environment, order: &Configure) -> PlannedDeploy {
    let pool = region.pools[environment.pool].clone();
    let before = environment.deploys.iter().rev().find(|deploy| deploy.succeeded);
    let release = before.map_or(0, |deploy| deploy.release);
    let mut script = Script::new(region, environment, (pool, release), (order.at, &order.request_id));
    script.configures = true;
    script.say("INFO", "Environment update is starting.");
    script.pass(2_000, 4_000);
    script.say("INFO", format!("Updating environment {}'s configuration settings.", environment.name));
    script.pass(3_000, 6_000);
    script.abortable_until = script.now;
    script.restart_in_batches();
    let begun =
        Order { at: order.at, version: String::new(), request_id: order.request_id.clone(), aborted: order.aborted };
    script.finish(Ending::Well, &begun)
}

impl Script<'_> {
    fn restart_all(&mut self) {
        self.say("INFO", "restartAppServer is starting.");
        self.pass(2_000, 4_000);
        self.restart_in_batches();
        self.say("INFO", "Restarted application server on all ec2 instances.");
        self.pass(400, 1_200);
    }

    fn restart_in_batches(&mut self) {
        let batch = match self.manner.policy {
            Policy::Rolling | Policy::RollingWithAdditionalBatch => self.manner.batch,
            Policy::AllAtOnce | Policy::Immutable | Policy::TrafficSplitting => self.old.len().max(1),
        };
        let batches: Vec<Vec<usize>> = self.old.chunks(batch).map(<[usize]>::to_vec).collect();
        for batch in batches {
            self.restart_batch(&batch);
        }
    }

    fn restart_batch(&mut self, places: &[usize]) {
        let mut ended = self.now;
        for place in places.iter().copied() {
            let stops = self.now + (self.draw(place, 41) * 1_500.0) as i64;
            let runs = stops + 2_000 + (self.draw(place, 42) * 2_500.0) as i64;
            let release = members::runs(&self.pool.instances[place], stops).unwrap_or_default();
            self.note(place, stops, Move::Stopped);
            self.note(place, runs, Move::Runs(release));
            ended = ended.max(runs);
        }
        self.now = ended;
        self.pass(3_000, 6_000);
    }
}
