//! Requests and answers: the traffic of one target group in one minute, or in ten seconds.
//!
//! Requests are spread evenly over the targets in service, so fewer of them have more to do. When no target is
//! healthy the load balancer uses all of them.

use super::load::{load, occurrences};
use super::members::{self, Deployment, Mix, Presence};
use super::noise::unit;
use super::targets::{Answers, Condition, Front, NO_FRONT, State, condition};
use super::{View, noise, stickiness};
use crate::sim::region::{Environment, Pool, Side, TargetGroup};
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::TrafficSpec;

static IDLE: TrafficSpec =
    TrafficSpec { peak: 0.0, median: Span(60), redirects: 0.0, client_errors: 0.0, server_errors: 0.0 };

/// Traffic that goes through one target group, or straight to an environment that has none.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    pub pool: &'a Pool,
    front: Front<'a>,
    traffic: &'a TrafficSpec,
    entity: u64,
    /// Where the load comes from: a target group and its twin have it in common.
    load_entity: u64,
    environment: Option<&'a Environment>,
}

impl<'a> Flow<'a> {
    pub fn of_group(view: View<'a>, group: &'a TargetGroup) -> Self {
        let pool = &view.region.pools[group.pool];
        let original = group.twin.map_or(group, |twin| &view.region.target_groups[twin.of]);
        Self {
            pool,
            front: group.into(),
            traffic: &group.traffic,
            entity: group.entity,
            load_entity: original.entity,
            environment: pool.environment.map(|place| &view.region.environments[place]),
        }
    }

    /// For a classic load balancer, and for instances with nothing in front.
    pub fn of_environment(view: View<'a>, environment: &'a Environment) -> Self {
        Self {
            pool: &view.region.pools[environment.pool],
            front: NO_FRONT,
            traffic: &environment.traffic,
            entity: environment.entity,
            load_entity: environment.entity,
            environment: Some(environment),
        }
    }

    /// For a whole pool: through its first target group, if it has one.
    pub fn of_pool(view: View<'a>, pool: &'a Pool) -> Self {
        let idle = Self { pool, front: NO_FRONT, traffic: &IDLE, entity: 0, load_entity: 0, environment: None };
        match (pool.group, pool.environment) {
            (Some(group), _) => Self::of_group(view, &view.region.target_groups[group]),
            (None, Some(environment)) => Self::of_environment(view, &view.region.environments[environment]),
            (None, None) => idle,
        }
    }

    pub fn condition(&self, target: usize, time: i64) -> Condition {
        condition(self.pool, self.front, target, time)
    }

    pub fn presence(&self, target: usize, time: i64) -> Presence {
        members::presence(self.pool, self.front, target, time)
    }

    /// The same instances, seen from the other target groups of a traffic split.
    pub fn twin(&self) -> Self {
        Self { front: Front { side: Side::Twin, ..self.front }, ..*self }
    }

    /// Its share of the environment's traffic.
    fn share(&self, time: i64) -> f64 {
        self.environment.map_or(1.0, |environment| environment.share(self.front.side, time))
    }

    /// Does the minute from a time on belong to a deploy?
    fn in_deploy(&self, from: i64) -> bool {
        let deploy = self.environment.and_then(|environment| environment.deploy(from + 60_000));
        deploy.is_some_and(|deploy| from < deploy.settled)
    }
}

/// What was counted in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Counts {
    pub requests: f64,
    /// Answers of targets by class, from 2xx to 5xx.
    pub answers: [f64; 4],
    /// Answers of the load balancer itself.
    pub elb_502: f64,
    pub elb_503: f64,
    pub elb_504: f64,
    /// Requests sent to targets although none was healthy.
    pub fail_open: f64,
    /// Requests that a stickiness cookie should have led and did not.
    pub not_sticky: f64,
    pub healthy: f64,
    pub unhealthy: f64,
    /// Seconds, weighted by answers: divide by `timed`.
    pub median_sum: f64,
    pub timed: f64,
}

impl Counts {
    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        let mut answers = self.answers;
        for (sum, more) in answers.iter_mut().zip(other.answers) {
            *sum += more;
        }
        Self {
            requests: self.requests + other.requests,
            answers,
            elb_502: self.elb_502 + other.elb_502,
            elb_503: self.elb_503 + other.elb_503,
            elb_504: self.elb_504 + other.elb_504,
            fail_open: self.fail_open + other.fail_open,
            not_sticky: self.not_sticky + other.not_sticky,
            healthy: self.healthy + other.healthy,
            unhealthy: self.unhealthy + other.unhealthy,
            median_sum: self.median_sum + other.median_sum,
            timed: self.timed + other.timed,
        }
    }

    /// The median time of an answer in seconds; none if nothing was answered.
    pub fn median(&self) -> Option<f64> {
        (self.timed > 0.0).then(|| self.median_sum / self.timed)
    }
}

/// The time within which a share of the answers came, given their median: a log-normal distribution.
pub fn percentile(median: f64, percent: f64) -> f64 {
    // Quantiles of the standard normal distribution.
    const TABLE: [(f64, f64); 11] = [
        (0.0, -3.5),
        (10.0, -1.2816),
        (25.0, -0.6745),
        (50.0, 0.0),
        (75.0, 0.6745),
        (85.0, 1.0364),
        (90.0, 1.2816),
        (95.0, 1.6449),
        (99.0, 2.3263),
        (99.9, 3.0902),
        (100.0, 3.7),
    ];
    let above = TABLE.iter().position(|(known, _)| *known >= percent).unwrap_or(TABLE.len() - 1).max(1);
    let ((from, low), (to, high)) = (TABLE[above - 1], TABLE[above]);
    let quantile = low + (high - low) * ((percent - from) / (to - from)).clamp(0.0, 1.0);
    median * (0.9 * quantile).exp()
}

/// What a minute (numbered from the Unix epoch) was like, in one zone or in all.
pub fn minute(view: View<'_>, flow: &Flow<'_>, minute: i64, zone: Option<usize>) -> Counts {
    let from = minute * 60_000 - view.region.epoch;
    if !flow.in_deploy(from) {
        return Stretch::new(flow, from, 60_000, minute, minute).all(zone);
    }
    // A lot happens within a minute of a deploy; so it is made of what the instances' agents report.
    let tens = (0..6).map(|ten| ten_seconds(view, flow, minute * 6 + ten).all(zone));
    let none = Counts { healthy: f64::INFINITY, ..Counts::default() };
    tens.fold(none, |sum, ten| Counts {
        healthy: sum.healthy.min(ten.healthy),
        unhealthy: sum.unhealthy.max(ten.unhealthy),
        ..sum.plus(ten)
    })
}

/// Ten seconds (numbered from the Unix epoch), as instances report them to enhanced health.
pub fn ten_seconds<'a>(view: View<'_>, flow: &'a Flow<'a>, step: i64) -> Stretch<'a> {
    Stretch::new(flow, step * 10_000 - view.region.epoch, 10_000, step.div_euclid(6), step ^ (1 << 40))
}

/// A stretch of time, as far as all targets have it in common.
pub struct Stretch<'a> {
    flow: &'a Flow<'a>,
    conditions: Vec<Condition>,
    mix: Mix<'a>,
    from: i64,
    to: i64,
    /// Requests, and the targets among which they are shared.
    expected: f64,
    serving: usize,
    /// What part each of them gets, where 1 is an even one.
    parts: Vec<f64>,
    fail_open: bool,
    /// How busy a target is, where 1 is usual at the peak.
    pressure: f64,
    /// Distinguishes its noise from that of others.
    step: i64,
}

impl<'a> Stretch<'a> {
    fn new(flow: &'a Flow<'a>, from: i64, lasts: i64, minute: i64, step: i64) -> Self {
        let time = from + lasts / 2;
        let conditions: Vec<Condition> =
            (0..flow.pool.instances.len()).map(|target| flow.condition(target, time)).collect();
        let is = |wanted: fn(&State) -> bool| conditions.iter().filter(|one| wanted(&one.state)).count();
        let healthy = is(|state| *state == State::Healthy);
        let unhealthy = is(|state| matches!(state, State::Unhealthy(_)));
        let serving = if healthy == 0 { unhealthy } else { healthy };
        let parts = parts(flow, &conditions, healthy == 0, time);
        let load = load(flow.load_entity, minute);
        let fewer = flow.pool.original as f64 * flow.share(time) / serving.max(1) as f64;
        Self {
            flow,
            mix: Mix::at(flow.pool, time),
            conditions,
            from,
            to: from + lasts,
            expected: flow.traffic.peak * load * flow.share(time) * lasts as f64 / 1000.0,
            serving,
            parts,
            fail_open: healthy == 0,
            pressure: load * fewer.clamp(0.5, 2.5),
            step,
        }
    }

    /// All targets of a zone, or of all zones.
    fn all(&self, zone: Option<usize>) -> Counts {
        let unanswered = self.serving == 0 && zone.is_none();
        let lost = if unanswered { occurrences(self.expected, self.flow.entity, self.step, 3) } else { 0.0 };
        let unanswered = Counts { elb_503: lost, ..Counts::default() };
        let there = |target: &usize| zone.is_none_or(|zone| zone == self.flow.pool.instances[*target].zone);
        let targets = (0..self.conditions.len()).filter(there);
        targets.map(|target| self.of(target)).fold(unanswered, Counts::plus)
    }

    /// The part of one target.
    pub fn of(&self, target: usize) -> Counts {
        let (healthy, unhealthy) = match self.conditions[target].state {
            State::Healthy => (1.0, 0.0),
            State::Unhealthy(_) => (0.0, 1.0),
            _ => (0.0, 0.0),
        };
        let mut counts = Counts { healthy, unhealthy, ..Counts::default() };
        if is_serving(self.conditions[target], self.fail_open) {
            let entity = self.entity(target);
            let share =
                self.expected / self.serving as f64 * self.parts[target] * (0.97 + 0.06 * unit(entity, self.step, 4));
            counts = counts.plus(self.answered(target, occurrences(share, entity, self.step, 5)));
        }
        counts.fail_open = if self.fail_open { counts.requests } else { 0.0 };
        counts
    }

    fn entity(&self, target: usize) -> u64 {
        self.flow.entity ^ self.flow.pool.instances[target].entity
    }

    /// How one target answers its share.
    fn answered(&self, target: usize, requests: f64) -> Counts {
        let (flow, entity, step) = (self.flow, self.entity(target), self.step);
        let instance = &flow.pool.instances[target];
        let mut counts = Counts { requests, ..Counts::default() };
        let astray = stickiness::astray(flow.front.in_force.at(self.from), self.from);
        counts.not_sticky = occurrences(requests * astray, entity, step, 10).min(requests);
        let down = if instance.track.is_empty() { 0.0 } else { members::down(instance, self.from, self.to) };
        match self.conditions[target].answers {
            Answers::TimesOut => counts.elb_504 = requests,
            Answers::Refuses => counts.elb_502 = requests,
            Answers::Code(500..) if down == 0.0 => counts.answers[3] = requests,
            // Another code fails the health check, at its own path; the rest of the application is healthy.
            Answers::Code(_) | Answers::Well => counts.answers = self.mostly_well(target, requests, down),
        }
        counts.timed = counts.answers.iter().sum();
        let median = flow.traffic.median.0 as f64 / 1000.0;
        // No two instances are equally fast, and a busy one is slower.
        let pace = 0.94 + 0.12 * unit(instance.entity, 0, 12);
        let busy = 0.8 + 0.35 * self.pressure + 0.1 * unit(entity, step, 9);
        counts.median_sum = counts.timed * median * pace * busy * self.mix.flaw(target).slowdown;
        counts
    }

    /// Answers by class, from 2xx to 5xx.
    fn mostly_well(&self, target: usize, requests: f64, down: f64) -> [f64; 4] {
        let (traffic, flaw) = (self.flow.traffic, self.mix.flaw(target));
        let some = |share: f64, stream| occurrences(requests * share, self.entity(target), self.step, stream);
        let five = (some(traffic.server_errors + flaw.server_errors, 8) + some(down, 17)).min(requests);
        let four = some(traffic.client_errors + flaw.client_errors, 7).min(requests - five);
        let three = some(traffic.redirects, 6).min(requests - five - four);
        [requests - five - four - three, three, four, five]
    }
}

/// Does a target get requests? When none is healthy the load balancer asks all of them.
fn is_serving(condition: Condition, fail_open: bool) -> bool {
    match condition.state {
        State::Healthy => true,
        State::Unhealthy(_) => fail_open,
        _ => false,
    }
}

/// What part of the requests each target gets, where 1 is an even one.
fn parts(flow: &Flow<'_>, conditions: &[Condition], fail_open: bool, time: i64) -> Vec<f64> {
    let settings = flow.front.in_force.at(time);
    let weight = |(condition, entity): (&Condition, u64)| {
        if is_serving(*condition, fail_open) { stickiness::lean(settings, flow.entity ^ entity, time) } else { 0.0 }
    };
    let entities = flow.pool.instances.iter().map(|instance| instance.entity);
    let weights: Vec<f64> = conditions.iter().zip(entities).map(weight).collect();
    let serving = weights.iter().filter(|weight| **weight > 0.0).count() as f64;
    let mean = weights.iter().sum::<f64>() / serving.max(1.0);
    weights.into_iter().map(|weight| if mean > 0.0 { weight / mean } else { 1.0 }).collect()
}

/// How busy an instance's processor is, as a share.
pub fn processor(view: View<'_>, flow: &Flow<'_>, target: usize) -> f64 {
    let minute = view.now.div_euclid(60_000);
    let entity = noise::mix(flow.pool.instances[target].entity);
    let busy = (flow.traffic.peak / flow.pool.original.max(1) as f64 / 60.0).min(0.6);
    let command = members::deployment(&flow.pool.instances[target], view.time());
    let deploying = if matches!(command, Some((_, _, Deployment::InProgress))) { 0.45 } else { 0.0 };
    let noise = 0.05 * unit(entity, view.now.div_euclid(10_000), 11);
    (0.03 + busy * load(flow.load_entity, minute) + deploying + noise).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_rise() {
        let all: Vec<f64> = [10.0, 50.0, 90.0, 99.0, 99.9].map(|percent| percentile(0.1, percent)).to_vec();
        assert!(all.is_sorted(), "{all:?}");
        assert!((all[1] - 0.1).abs() < 1e-9);
    }
}
