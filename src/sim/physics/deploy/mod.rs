//! The course of a deployment: computed once, from its beginning to its end, when it is accepted.
//!
//! A script moves through the deploy as Beanstalk's workflow does: it notes what happens to which instance (the tracks),
//! which events are written, and waits for the load balancer's checks and for health by looking at what it has noted so
//! far. Nothing in it is an outcome: whether a deploy succeeds follows from how its version behaves.

mod abort;
mod in_place;
mod manner;
mod renewing;
mod replacing;
mod restart;
mod splitting;

pub use manner::Policy;
pub use renewing::renew;
pub use restart::{reconfigure, restart};

use super::events::Event;
use super::health::{Failing, STEP, Status};
use super::noise;
use super::targets::{Front, NO_FRONT, State, condition};
use crate::sim::region::{
    Configure, Deploy, Environment, Move, OptionSetting, Order, Pool, Region, Release, Side, Temporary,
};
use crate::sim::scenario::spec::VersionSpec;
use manner::Manner;

/// How long after a deploy something may still change because of it (milliseconds).
const SETTLING: i64 = 180_000;

/// A deploy, and the pool with everything that the deploy did to it.
pub struct PlannedDeploy {
    pub deploy: Deploy,
    pub pool: Pool,
}

/// Computes the course of an update of options that interrupts more than the load balancer.
pub type Interruption = fn(&Region, &Environment, &Configure) -> PlannedDeploy;

/// Computes the course of a deployment, given those before it.
pub fn plan(region: &Region, environment: &Environment, version: &VersionSpec, order: &Order) -> PlannedDeploy {
    let mut pool = region.pools[environment.pool].clone();
    let deployment = pool.releases.last().map_or(1, |release| release.deployment + 1);
    pool.releases.push(Release { version: version.clone(), deployment });
    let release = pool.releases.len() - 1;
    let mut script = Script::new(region, environment, (pool, release), (order.at, &order.request_id));
    let ending = script.run();
    script.finish(ending, order)
}

/// How a deploy ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Well,
    /// The environment keeps what was deployed so far.
    Failed,
    /// The environment is as it was before.
    Reverted,
}

/// A deployment while it is computed. Times are milliseconds of scenario time.
struct Script<'a> {
    region: &'a Region,
    environment: &'a Environment,
    pool: Pool,
    fronts: Vec<Front<'a>>,
    manner: Manner,
    /// The options that are deployed when it begins.
    options: Vec<OptionSetting>,
    request_id: &'a str,
    /// Which of the environment's deploys it is.
    number: usize,
    release: usize,
    /// As far as the story has come.
    now: i64,
    /// The instances that are there when it begins, and those that it launched.
    old: Vec<usize>,
    new: Vec<usize>,
    /// How many instances have run the command so far.
    commands: usize,
    events: Vec<Event>,
    temporary: Option<Temporary>,
    shares: Vec<(i64, f64)>,
    abortable_until: i64,
    /// It changes options and no version.
    configures: bool,
}

impl<'a> Script<'a> {
    fn new(
        region: &'a Region,
        environment: &'a Environment,
        (pool, release): (Pool, usize),
        (at, request_id): (i64, &'a str),
    ) -> Self {
        let groups = environment.processes.iter().map(|group| Front::from(&region.target_groups[*group]));
        let mut fronts: Vec<Front<'a>> = groups.collect();
        if fronts.is_empty() {
            fronts.push(NO_FRONT);
        }
        let there = |place: &usize| {
            let state = condition(&pool, fronts[0], *place, at).state;
            !matches!(state, State::Absent | State::Terminated | State::Draining)
        };
        let old: Vec<usize> = (0..pool.instances.len()).filter(there).collect();
        let options = region.environment_place(&environment.id).map(|it| region.options_at(it, at)).unwrap_or_default();
        Self {
            region,
            environment,
            manner: Manner::of(environment, &options, old.len()),
            options,
            fronts,
            request_id,
            number: environment.deploys.len() + 1,
            release,
            now: at,
            old,
            new: Vec::new(),
            commands: 0,
            events: Vec::new(),
            temporary: None,
            shares: Vec::new(),
            abortable_until: i64::MAX,
            configures: false,
            pool,
        }
    }

    fn run(&mut self) -> Ending {
        self.say("INFO", "Environment update is starting.");
        self.pass(2_000, 4_000);
        let ending = match self.manner.policy {
            Policy::AllAtOnce => self.all_at_once(),
            Policy::Rolling => self.rolling(0),
            Policy::RollingWithAdditionalBatch => self.rolling(self.manner.batch),
            Policy::Immutable => self.immutable(),
            Policy::TrafficSplitting => self.traffic_splitting(),
        };
        self.abortable_until = self.abortable_until.min(self.now);
        ending
    }

    fn finish(mut self, ending: Ending, order: &Order) -> PlannedDeploy {
        let aborted = order.aborted.filter(|at| (order.at..self.abortable_until).contains(at));
        match aborted {
            Some(at) => self.abort(at),
            None => self.conclude(ending),
        }
        self.planned(order.at, aborted, ending)
    }

    /// The story, from its beginning to now.
    fn planned(mut self, begun: i64, aborted: Option<i64>, ending: Ending) -> PlannedDeploy {
        let ended = self.now;
        for place in 0..self.pool.instances.len() {
            let last = self.pool.instances[place].track.all().last().copied();
            if last.is_some_and(|(at, what)| at >= begun && what != Move::Terminated) {
                self.note(place, ended, Move::Done);
            }
        }
        let deploy = Deploy {
            begun,
            ended,
            aborted,
            abortable_until: self.abortable_until,
            succeeded: aborted.is_none() && ending == Ending::Well,
            release: self.release,
            events: self.events,
            temporary: self.temporary,
            shares: self.shares,
            health: Vec::new(),
            settled: ended + SETTLING,
            configures: self.configures,
        };
        PlannedDeploy { deploy, pool: self.pool }
    }

    fn conclude(&mut self, ending: Ending) {
        match ending {
            Ending::Well => {
                let done = if self.configures {
                    "Successfully deployed new configuration to environment."
                } else {
                    "New application version was deployed to running EC2 instances."
                };
                self.say("INFO", done);
                self.pass(400, 1_200);
                self.say("INFO", "Environment update completed successfully.");
            }
            Ending::Failed | Ending::Reverted => {
                if ending == Ending::Reverted {
                    self.say("INFO", "The environment was reverted to the previous configuration setting.");
                    self.pass(400, 1_200);
                }
                self.say(
                    "ERROR",
                    "Update environment operation is complete, but with errors. For more information, see troubleshooting documentation.",
                );
            }
        }
    }

    /// An event of the operation, now.
    fn say(&mut self, severity: &'static str, message: impl Into<String>) {
        let event = Event::new(self.region.epoch + self.now, severity, message);
        self.events.push(Event { request_id: Some(self.request_id.to_owned()), ..event });
    }

    /// An event that Beanstalk's health monitoring writes, not the operation.
    fn remark(&mut self, at: i64, message: String) {
        self.events.push(Event::new(self.region.epoch + at, "INFO", message));
    }

    /// Writes one event for instances that come together.
    fn remark_on(&mut self, at: i64, places: &[usize], what: &str, preposition: &str) {
        let (ids, plural) = (self.ids(places, ""), if places.len() == 1 { "" } else { "s" });
        self.remark(at, format!("{what} instance{plural} [{ids}] {preposition} your environment."));
    }

    fn note(&mut self, place: usize, at: i64, what: Move) {
        self.pool.instances[place].track.add(at, what);
    }

    /// Lets some time pass, between two limits.
    fn pass(&mut self, least: i64, most: i64) {
        let entity = self.environment.entity ^ self.number as u64;
        self.now += least + (noise::unit(entity, self.now, 21) * (most - least) as f64) as i64;
    }

    /// A number in 0..1 for an instance in this deploy.
    fn draw(&self, place: usize, stream: u64) -> f64 {
        noise::unit(self.pool.instances[place].entity, self.number as i64, stream)
    }

    fn id(&self, place: usize) -> &str {
        &self.pool.instances[place].id
    }

    /// Ids with a comma between, each put between two signs.
    fn ids(&self, places: &[usize], around: &str) -> String {
        let each: Vec<String> = places.iter().map(|place| format!("{around}{}{around}", self.id(*place))).collect();
        each.join(", ")
    }

    /// How long it takes until the last target group has let a target go.
    fn draining(&self) -> i64 {
        self.fronts.iter().map(|front| front.delay(self.now)).max().unwrap_or_default()
    }

    /// When instances have been fine for long enough; none: not before the deadline.
    fn passes(&self, places: &[usize], side: Side, deadline: i64) -> Option<i64> {
        let mut step = (self.now + STEP - 1).div_euclid(STEP) * STEP;
        let mut passed = 0;
        while step <= deadline {
            let fine = self.ill(places, side, self.manner.worst, step).is_empty();
            passed = if fine { passed + 1 } else { 0 };
            if passed >= self.manner.checks {
                return Some(step);
            }
            step += STEP;
        }
        None
    }

    /// The instances that are not in service, or answer worse than they may.
    fn ill(&self, places: &[usize], side: Side, worst: Status, time: i64) -> Vec<usize> {
        let failing = Failing::at(&self.pool, self.environment, time);
        let fine = |place: usize| self.healthy(place, side, time) && failing.status(place) <= worst;
        places.iter().copied().filter(|place| !fine(*place)).collect()
    }

    /// Healthy for the load balancer, in all target groups of a side.
    fn healthy(&self, place: usize, side: Side, time: i64) -> bool {
        let state = |front: &Front<'a>| condition(&self.pool, Front { side, ..*front }, place, time).state;
        self.fronts.iter().all(|front| state(front) == State::Healthy)
    }

    /// When all of some instances are healthy for the load balancer, at the latest at the deadline.
    fn in_service(&self, places: &[usize], side: Side, deadline: i64) -> i64 {
        let mut time = self.now;
        while time < deadline && !places.iter().all(|place| self.healthy(*place, side, time)) {
            time += 1_000;
        }
        time
    }

    /// Launches instances; returns their places.
    fn launch(&mut self, count: usize, temporary: bool) -> Vec<usize> {
        let mut places = Vec::new();
        for _ in 0..count {
            let number = self.new.len();
            let instance = self.region.launched_instance(&self.pool, self.number, number, self.now);
            let place = self.pool.instances.len();
            self.pool.instances.push(instance);
            self.note(place, self.now, Move::Launched { temporary });
            self.new.push(place);
            places.push(place);
        }
        if let Some(first) = places.first().copied() {
            let at = self.now + 30_000 + (self.draw(first, 31) * 20_000.0) as i64;
            self.remark_on(at, &places, "Added", "to");
        }
        places
    }

    /// Returns whether an instance is registered on a side now. The first ones are, unless a deployment changed that.
    fn registered(&self, place: usize, side: Side) -> bool {
        let track = &self.pool.instances[place].track;
        let moved = track.last(self.now, |what| match what {
            Move::Registered(of) if of == side => Some(true),
            Move::Deregistered(of) if of == side => Some(false),
            _ => None,
        });
        moved.map_or(side == Side::Main && !track.is_new(), |(_, registered)| registered)
    }

    /// Takes instances out of service and ends them. The time does not move: returns when all are gone.
    fn terminate(&mut self, places: &[usize], side: Side) -> i64 {
        let gone = self.now + self.draining() + 4_000;
        for place in places.iter().copied() {
            if self.registered(place, side) {
                self.note(place, self.now, Move::Deregistered(side));
            }
            self.note(place, self.now, Move::Leaves);
            self.note(place, gone, Move::Terminated);
        }
        if let Some(first) = places.first().copied() {
            self.remark_on(gone + (self.draw(first, 32) * 15_000.0) as i64, places, "Removed", "from");
        }
        gone
    }
}
