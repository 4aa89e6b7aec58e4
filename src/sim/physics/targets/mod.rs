//! The state of a target at any instant, from the episodes of its pool and the health check of its group.
//!
//! Deployments count too: they register, deregister, stop and start (the instance's track). What began last counts.
//!
//! A target goes out after `unhealthy` failed checks in a row and comes back after `healthy` passed ones, but a newly
//! registered one after a single check, as the User Guide for Application Load Balancers says.

mod checked;
mod condition;
mod episodes;
mod tracked;

pub use crate::sim::region::Answers;
use crate::sim::region::Pool;
use condition::LINGERING;
pub use condition::{Condition, Front, NO_FRONT, State};
use episodes::occurrences;
use tracked::in_its_zone;

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
