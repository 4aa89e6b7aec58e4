//! Who is asked for what, and how they answer: the traffic of one target group in one minute.
//!
//! A daily curve (quiet at four in the morning UTC, busy at four in the afternoon), a slow wave and a little noise,
//! spread evenly over the targets in service. When no target is healthy the load balancer asks all of them.

use super::noise::unit;
use super::targets::{Answers, Condition, DEFAULT_CHECK, Front, State, condition};
use super::{View, noise};
use crate::sim::region::{Environment, Pool, TargetGroup};
use crate::sim::scenario::span::Span;
use crate::sim::scenario::spec::TrafficSpec;

/// What stands in for a target group where there is none.
const NO_FRONT: Front<'_> = Front { check: &DEFAULT_CHECK, delay: 20_000 };
static IDLE: TrafficSpec =
    TrafficSpec { peak: 0.0, median: Span(60), redirects: 0.0, client_errors: 0.0, server_errors: 0.0 };

/// Traffic that goes through one target group, or straight to an environment that has none.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Flow<'a> {
    pub(in crate::sim) pool: &'a Pool,
    front: Front<'a>,
    traffic: &'a TrafficSpec,
    entity: u64,
    sticky: bool,
}

impl<'a> Flow<'a> {
    pub(in crate::sim) fn of_group(view: View<'a>, group: &'a TargetGroup) -> Self {
        Self {
            pool: &view.region.pools[group.pool],
            front: group.into(),
            traffic: &group.traffic,
            entity: group.entity,
            sticky: group.sticky(),
        }
    }

    /// For a classic load balancer, and for instances with nothing in front.
    pub(in crate::sim) fn of_environment(view: View<'a>, environment: &'a Environment) -> Self {
        Self {
            pool: &view.region.pools[environment.pool],
            front: NO_FRONT,
            traffic: &environment.traffic,
            entity: environment.entity,
            sticky: false,
        }
    }

    /// For a whole pool: through its first target group, if it has one.
    pub(in crate::sim) fn of_pool(view: View<'a>, pool: &'a Pool) -> Self {
        let idle = Self { pool, front: NO_FRONT, traffic: &IDLE, entity: 0, sticky: false };
        match (pool.group, pool.environment) {
            (Some(group), _) => Self::of_group(view, &view.region.target_groups[group]),
            (None, Some(environment)) => Self::of_environment(view, &view.region.environments[environment]),
            (None, None) => idle,
        }
    }

    pub(in crate::sim) fn condition(&self, target: usize, time: i64) -> Condition {
        condition(self.pool, self.front, target, time)
    }
}

/// What was counted in a stretch of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::sim) struct Counts {
    pub(in crate::sim) requests: f64,
    /// Answers of targets by class, from 2xx to 5xx.
    pub(in crate::sim) answers: [f64; 4],
    /// Answers of the load balancer itself.
    pub(in crate::sim) elb_502: f64,
    pub(in crate::sim) elb_503: f64,
    pub(in crate::sim) elb_504: f64,
    /// Requests sent to targets although none was healthy.
    pub(in crate::sim) fail_open: f64,
    /// Requests that a stickiness cookie should have led and did not.
    pub(in crate::sim) not_sticky: f64,
    pub(in crate::sim) healthy: f64,
    pub(in crate::sim) unhealthy: f64,
    /// Seconds, weighted by answers: divide by `timed`.
    pub(in crate::sim) median_sum: f64,
    pub(in crate::sim) timed: f64,
}

impl Counts {
    /// Both together.
    pub(in crate::sim) fn plus(self, other: Self) -> Self {
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
    pub(in crate::sim) fn median(&self) -> Option<f64> {
        (self.timed > 0.0).then(|| self.median_sum / self.timed)
    }
}

/// The time within which a share of the answers came, given their median: a log-normal distribution.
pub(in crate::sim) fn percentile(median: f64, percent: f64) -> f64 {
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

/// The load of a minute as a share of the peak.
fn load(entity: u64, minute: i64) -> f64 {
    let hour = minute.rem_euclid(1440) as f64 / 60.0;
    let day = 0.5 - 0.5 * ((hour - 4.0) / 24.0 * std::f64::consts::TAU).cos();
    let (step, within) = (minute.div_euclid(17), minute.rem_euclid(17) as f64 / 17.0);
    let wave = unit(entity, step, 1) * (1.0 - within) + unit(entity, step + 1, 1) * within;
    ((0.25 + 0.75 * day) * (0.85 + 0.2 * wave) * (0.97 + 0.06 * unit(entity, minute, 2))).min(1.0)
}

/// A whole number near an expected one: the rest decides whether there is one more.
fn count(expected: f64, draw: f64) -> f64 {
    (expected + draw).floor()
}

/// What a minute (numbered from the Unix epoch) was like, in one zone or in all.
pub(in crate::sim) fn minute(view: View<'_>, flow: &Flow<'_>, minute: i64, zone: Option<usize>) -> Counts {
    let time = minute * 60_000 + 30_000 - view.region.epoch;
    let stretch = Stretch::new(flow, time, minute, minute, 60.0);
    let unanswered = stretch.serving == 0 && zone.is_none();
    let lost = if unanswered { count(stretch.expected, unit(flow.entity, minute, 3)) } else { 0.0 };
    let nobody = Counts { elb_503: lost, ..Counts::default() };
    let there = |target: &usize| zone.is_none_or(|zone| zone == flow.pool.instances[*target].zone);
    let targets = (0..flow.pool.instances.len()).filter(there);
    targets.map(|target| stretch.of(flow, target)).fold(nobody, Counts::plus)
}

/// What the ten seconds before an evaluation of enhanced health were like for one instance.
pub(in crate::sim) fn ten_seconds(view: View<'_>, flow: &Flow<'_>, step: i64, target: usize) -> Counts {
    let time = step * 10_000 - view.region.epoch;
    Stretch::new(flow, time, step / 6, step ^ (1 << 40), 10.0).of(flow, target)
}

/// A stretch of time, as far as all targets have it in common.
struct Stretch {
    conditions: Vec<Condition>,
    /// Requests, and the targets among which they are shared.
    expected: f64,
    serving: usize,
    fail_open: bool,
    load: f64,
    /// What tells its noise from that of others.
    step: i64,
}

impl Stretch {
    fn new(flow: &Flow<'_>, time: i64, minute: i64, step: i64, seconds: f64) -> Self {
        let conditions: Vec<Condition> =
            (0..flow.pool.instances.len()).map(|target| flow.condition(target, time)).collect();
        let is = |wanted: fn(&State) -> bool| conditions.iter().filter(|one| wanted(&one.state)).count();
        let healthy = is(|state| *state == State::Healthy);
        let unhealthy = is(|state| matches!(state, State::Unhealthy(_)));
        let load = load(flow.entity, minute);
        Self {
            conditions,
            expected: flow.traffic.peak * load * seconds,
            serving: if healthy == 0 { unhealthy } else { healthy },
            fail_open: healthy == 0,
            load,
            step,
        }
    }

    /// The part of one target.
    fn of(&self, flow: &Flow<'_>, target: usize) -> Counts {
        let condition = &self.conditions[target];
        let (healthy, unhealthy) = match condition.state {
            State::Healthy => (1.0, 0.0),
            State::Unhealthy(_) => (0.0, 1.0),
            _ => (0.0, 0.0),
        };
        let mut counts = Counts { healthy, unhealthy, ..Counts::default() };
        if healthy + if self.fail_open { unhealthy } else { 0.0 } > 0.0 {
            let entity = flow.entity ^ flow.pool.instances[target].entity;
            let share = self.expected / self.serving as f64 * (0.94 + 0.12 * unit(entity, self.step, 4));
            let requests = count(share, unit(entity, self.step, 5));
            counts = counts.plus(answered(flow, condition, requests, entity, self.step, self.load));
        }
        counts.fail_open = if self.fail_open { counts.requests } else { 0.0 };
        counts
    }
}

/// How one target answers its share.
fn answered(flow: &Flow<'_>, condition: &Condition, requests: f64, entity: u64, step: i64, load: f64) -> Counts {
    let mut counts = Counts { requests, ..Counts::default() };
    let draw = |stream| unit(entity, step, stream);
    if flow.sticky {
        counts.not_sticky = count(requests * 0.02, draw(10));
    }
    match condition.answers {
        Answers::TimesOut => counts.elb_504 = requests,
        Answers::Refuses => counts.elb_502 = requests,
        Answers::Code(500..) => counts.answers[3] = requests,
        // Another code fails the health check, at its own path; the rest of the application is well.
        Answers::Code(_) | Answers::Well => {
            let some = |share: f64, stream| count(requests * share, draw(stream)).min(requests);
            let traffic = flow.traffic;
            let [three, four, five] =
                [some(traffic.redirects, 6), some(traffic.client_errors, 7), some(traffic.server_errors, 8)];
            counts.answers = [(requests - three - four - five).max(0.0), three, four, five];
        }
    }
    counts.timed = counts.answers.iter().sum();
    let median = flow.traffic.median.0 as f64 / 1000.0;
    counts.median_sum = counts.timed * median * (0.8 + 0.35 * load + 0.1 * draw(9));
    counts
}

/// How busy an instance's processor is, as a share.
pub(in crate::sim) fn processor(view: View<'_>, flow: &Flow<'_>, target: usize) -> f64 {
    let minute = view.now.div_euclid(60_000);
    let entity = noise::mix(flow.pool.instances[target].entity);
    let busy = (flow.traffic.peak / flow.pool.instances.len().max(1) as f64 / 60.0).min(0.6);
    0.03 + busy * load(flow.entity, minute) + 0.05 * unit(entity, view.now.div_euclid(10_000), 11)
}

#[cfg(test)]
mod tests {
    use super::{load, percentile};

    #[test]
    fn the_night_is_quieter_than_the_afternoon() {
        let mean = |hour: i64| (0..60).map(|minute| load(5, hour * 60 + minute)).sum::<f64>() / 60.0;
        assert!(mean(4) < 0.35 && mean(16) > 0.75, "{} {}", mean(4), mean(16));
    }

    #[test]
    fn percentiles_rise() {
        let all: Vec<f64> = [10.0, 50.0, 90.0, 99.0, 99.9].map(|percent| percentile(0.1, percent)).to_vec();
        assert!(all.is_sorted(), "{all:?}");
        assert!((all[1] - 0.1).abs() < 1e-9);
    }
}
