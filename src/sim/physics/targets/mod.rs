//! The state of a target at any instant, from the episodes of its pool and the health check of its group.
//!
//! Deploys have a word too: they register, deregister, stop and start (the instance's track). What began last counts.
//!
//! A target goes out after `unhealthy` failed checks in a row and comes back after `healthy` passed ones, but a newly
//! registered one after a single check, as the User Guide for Application Load Balancers says.

mod checked;
mod tracked;

pub use crate::sim::region::Answers;
use crate::sim::region::{Episode, HealthCheck, History, Instance, Move, Pool, Settings, Side, TargetGroup};
use crate::sim::scenario::spec::Becomes;

/// How long registration itself takes, before health checks begin (milliseconds; an assumption).
const REGISTRATION: i64 = 3_000;
/// How long a terminated instance stays in its target group (milliseconds; an assumption).
const LINGERING: i64 = 60_000;

/// What is in force where no target group is.
static DEFAULT: History = History {
    first: Settings {
        check: HealthCheck {
            protocol: String::new(),
            port: String::new(),
            path: None,
            interval: 15_000,
            timeout: 5_000,
            healthy: 3,
            unhealthy: 5,
            matcher: None,
        },
        delay: 20_000,
        stickiness: None,
        well: Answers::Well,
        elsewhere: false,
    },
    later: Vec::new(),
};

/// What is in front of a pool: what decides about its targets, and on which side they are registered.
#[derive(Clone, Copy, Debug)]
pub struct Front<'a> {
    pub in_force: &'a History,
    pub side: Side,
    /// How many of the region's zones the load balancer has; none: all.
    pub zones: Option<usize>,
    /// The places of those that are registered at all; none: all.
    pub by_hand: Option<&'a [usize]>,
}

/// What stands in for a target group where there is none.
pub const NO_FRONT: Front<'_> = Front { in_force: &DEFAULT, side: Side::Main, zones: None, by_hand: None };

impl Front<'_> {
    /// How long a target drains that was taken out at a time.
    pub fn delay(&self, time: i64) -> i64 {
        self.in_force.at(time).delay
    }

    /// Whether the load balancer has the zone of an instance.
    fn reaches(&self, instance: &Instance) -> bool {
        self.zones.is_none_or(|zones| instance.zone < zones)
    }
}

impl<'a> From<&'a TargetGroup> for Front<'a> {
    fn from(group: &'a TargetGroup) -> Self {
        Self { in_force: &group.in_force, side: group.side(), zones: group.zones, by_hand: group.by_hand.as_deref() }
    }
}

/// A target's state, in the words of `DescribeTargetHealth`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Healthy,
    Registering,
    Checking,
    Unhealthy(Answers),
    Draining,
    /// Registered, in a zone that the load balancer does not have.
    OutOfZone,
    /// The instance is shutting down.
    Terminated,
    /// Not registered at all.
    Absent,
}

/// A target at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Condition {
    pub state: State,
    pub answers: Answers,
    /// When the state began, scenario time; none: before anything was written down.
    pub since: Option<i64>,
}

impl Condition {
    const WELL: Self = Self { state: State::Healthy, answers: Answers::Well, since: None };

    const fn new(state: State, since: i64) -> Self {
        Self { state, answers: Answers::Well, since: Some(since) }
    }

    pub fn registered(self) -> bool {
        self.state != State::Absent
    }
}

/// The condition of a target at an instant of scenario time.
pub fn condition(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Condition {
    if front.by_hand.is_some_and(|places| !places.contains(&target)) {
        return Condition { state: State::Absent, answers: Answers::Well, since: None };
    }
    let found = in_its_zone(pool, front, target, time);
    let is_out = pool.instances.get(target).is_some_and(|instance| !front.reaches(instance));
    match found.state {
        State::Healthy | State::Registering | State::Checking | State::Unhealthy(_) if is_out => {
            Condition { state: State::OutOfZone, since: None, ..found }
        }
        _ => found,
    }
}

/// The condition as it is where the load balancer has the target's zone.
fn in_its_zone(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Condition {
    let track = pool.instances.get(target).map(|instance| &instance.track);
    let Some(track) = track.filter(|track| !track.is_empty()) else { return scripted(pool, front, target, time) };
    match track.until(time).last() {
        None if track.is_new() => Condition { state: State::Absent, answers: Answers::Well, since: None },
        None => scripted(pool, front, target, time),
        // What the scenario does to an instance counts again when the deploy has let go of it.
        Some((at, Move::Done)) if began_last(pool, front, target, time).is_some_and(|began| began > *at) => {
            scripted(pool, front, target, time)
        }
        Some(_) => tracked::tracked(pool, front, track, target, time),
    }
}

/// The condition of a target with which no deploy is busy, by the health check that is in force.
fn scripted(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Condition {
    let plain = untouched(front, episode(pool, front, target, time).map(|(_, condition)| condition));
    match front.in_force.first_change() {
        Some(change) if change <= time => checked::again(pool, front, target, plain, change, time),
        _ => plain,
    }
}

fn untouched(front: Front<'_>, condition: Option<Condition>) -> Condition {
    match front.side {
        Side::Main | Side::ByHand => condition.unwrap_or(Condition::WELL),
        Side::Twin => Condition { state: State::Absent, answers: Answers::Well, since: None },
    }
}

/// When the episode began that decides about a target.
fn began_last(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Option<i64> {
    episode(pool, front, target, time).and_then(|(began, _)| began)
}

/// What the scenario's episodes make of a target, and when that began.
fn episode(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Option<(Option<i64>, Condition)> {
    pool.episodes
        .iter()
        .filter(|episode| episode.target == target)
        .filter_map(|episode| {
            let began = began(episode, time);
            let effect = match began {
                Some(began) => effect(episode, front, began, time),
                None => before(episode),
            };
            effect.map(|condition| (began, condition))
        })
        .max_by_key(|(began, _)| *began)
}

/// When the current occurrence of an episode began.
fn began(episode: &Episode, time: i64) -> Option<i64> {
    let age = time - episode.at;
    let repeated = episode.every.filter(|every| *every > 0).map_or(0, |every| age / every * every);
    (age >= 0).then_some(episode.at + repeated)
}

/// A target that will register later is not there yet.
fn before(episode: &Episode) -> Option<Condition> {
    (episode.becomes == Becomes::Registering).then_some(Condition {
        state: State::Absent,
        answers: Answers::Well,
        since: None,
    })
}

fn effect(episode: &Episode, front: Front<'_>, began: i64, time: i64) -> Option<Condition> {
    let age = time - began;
    match episode.becomes {
        Becomes::Failing | Becomes::TimingOut | Becomes::Refusing => {
            failing(answers(episode), episode, &front.in_force.first.check, began, age)
        }
        Becomes::Draining => draining(episode, front, began, age),
        Becomes::Registering => {
            registering(began, age, episode.lasts.unwrap_or(front.in_force.at(began).check.interval))
        }
        Becomes::Terminated if age < LINGERING => Some(Condition::new(State::Terminated, began)),
        Becomes::Terminated => Some(Condition::new(State::Absent, began + LINGERING)),
    }
}

/// How a target answers while a failure of the scenario lasts.
fn answers(episode: &Episode) -> Answers {
    match episode.becomes {
        Becomes::Failing => Answers::Code(episode.code),
        Becomes::TimingOut => Answers::TimesOut,
        Becomes::Refusing => Answers::Refuses,
        Becomes::Draining | Becomes::Registering | Becomes::Terminated => Answers::Well,
    }
}

/// By the check that was there from the beginning; what another one makes of it is reported in `checked`.
fn failing(answers: Answers, episode: &Episode, check: &HealthCheck, began: i64, age: i64) -> Option<Condition> {
    let down = check.interval * i64::from(check.unhealthy);
    let up = check.interval * i64::from(check.healthy);
    let lasts = episode.lasts.unwrap_or(i64::MAX / 2);
    let still = age < lasts;
    let out = age >= down && age < lasts + up && lasts >= down;
    if !still && !out {
        return None;
    }
    Some(Condition {
        state: if out { State::Unhealthy(answers) } else { State::Healthy },
        answers: if still { answers } else { Answers::Well },
        since: out.then_some(began + down),
    })
}

fn draining(episode: &Episode, front: Front<'_>, began: i64, age: i64) -> Option<Condition> {
    let delay = front.delay(began);
    if age < delay {
        return Some(Condition::new(State::Draining, began));
    }
    match episode.lasts {
        Some(lasts) if age >= lasts => {
            registering(began + lasts, age - lasts, front.in_force.at(began + lasts).check.interval)
        }
        _ => Some(Condition::new(State::Absent, began + delay)),
    }
}

fn registering(began: i64, age: i64, lasts: i64) -> Option<Condition> {
    let state = if age < REGISTRATION { State::Registering } else { State::Checking };
    (age < lasts).then_some(Condition::new(state, began))
}

/// The instants, after `from` and up to `to`, at which something may change: what events are looked for at.
pub fn turning_points(pool: &Pool, front: Front<'_>, from: i64, to: i64) -> Vec<i64> {
    let mut points = Vec::new();
    for settings in front.in_force.all() {
        let check = &settings.check;
        let down = check.interval * i64::from(check.unhealthy);
        let up = check.interval * i64::from(check.healthy);
        for episode in &pool.episodes {
            let lasts = episode.lasts.unwrap_or(0);
            let longest = lasts + up + down + settings.delay + check.interval;
            let after =
                [0, down, lasts, lasts + up, lasts + down, lasts + check.interval, settings.delay, check.interval];
            for began in occurrences(episode, from - longest, to) {
                points.extend(after.map(|after| began + after));
                points.push(began + LINGERING);
            }
        }
        for (change, _) in &front.in_force.later {
            points.extend([0, down, up, check.interval].map(|after| change + after));
        }
    }
    points.retain(|point| (from + 1..=to).contains(point));
    points.sort_unstable();
    points.dedup();
    points
}

/// When an episode begins, between two times, and perhaps once before them.
fn occurrences(episode: &Episode, from: i64, to: i64) -> impl Iterator<Item = i64> + use<> {
    let every = episode.every.filter(|every| *every > 0);
    let skipped = every.map_or(0, |every| ((from - episode.at) / every).max(0) * every);
    let first = episode.at + skipped;
    std::iter::successors(Some(first), move |began| every.map(|every| began + every))
        .take_while(move |began| *began <= to)
}

#[cfg(test)]
mod tests {
    use super::{Answers, Front, State, condition, turning_points};
    use crate::sim::region::{Episode, Instance, Pool};
    use crate::sim::scenario::spec::Becomes;

    fn pool(becomes: Becomes, at: i64, lasts: Option<i64>, every: Option<i64>) -> Pool {
        Pool {
            instances: vec![Instance::default()],
            episodes: vec![Episode { target: 0, at, lasts, every, becomes, code: 502 }],
            ..Pool::default()
        }
    }

    const FRONT: Front<'_> = super::NO_FRONT;

    fn states(pool: &Pool, times: &[i64]) -> Vec<State> {
        times.iter().map(|seconds| condition(pool, FRONT, 0, seconds * 1000).state).collect()
    }

    #[test]
    fn a_failing_target_goes_out_after_five_checks_and_comes_back_after_three() {
        let pool = pool(Becomes::Failing, 100_000, Some(240_000), None);
        let out = State::Unhealthy(Answers::Code(502));
        assert_eq!(
            states(&pool, &[99, 100, 174, 175, 384, 385]),
            [State::Healthy, State::Healthy, State::Healthy, out, out, State::Healthy]
        );
        assert_eq!(condition(&pool, FRONT, 0, 120_000).answers, Answers::Code(502));
        assert_eq!(condition(&pool, FRONT, 0, 350_000).answers, Answers::Well);
    }

    #[test]
    fn a_short_failure_is_never_noticed_by_the_health_check() {
        let pool = pool(Becomes::Failing, 0, Some(60_000), None);
        assert_eq!(states(&pool, &[0, 59, 80]), [State::Healthy; 3]);
    }

    #[test]
    fn a_new_target_needs_one_check() {
        let pool = pool(Becomes::Registering, 10_000, None, None);
        assert_eq!(
            states(&pool, &[9, 10, 14, 24, 25]),
            [State::Absent, State::Registering, State::Checking, State::Checking, State::Healthy]
        );
    }

    #[test]
    fn a_draining_target_goes_and_returns() {
        let pool = pool(Becomes::Draining, 0, Some(60_000), Some(300_000));
        assert_eq!(
            states(&pool, &[0, 19, 20, 59, 60, 76, 300]),
            [
                State::Draining,
                State::Draining,
                State::Absent,
                State::Absent,
                State::Registering,
                State::Healthy,
                State::Draining
            ]
        );
    }

    #[test]
    fn turning_points_lie_in_the_window_asked_for() {
        let pool = pool(Becomes::Failing, 0, Some(240_000), Some(900_000));
        let points = turning_points(&pool, FRONT, 900_000, 1_800_000);
        assert!(points.contains(&975_000) && points.contains(&1_800_000), "{points:?}");
        assert!(points.iter().all(|point| (900_001..=1_800_000).contains(point)), "{points:?}");
    }
}
