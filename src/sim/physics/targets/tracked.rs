//! The condition of a target as a deploy leaves it: registered or not, its application replaced, its checks passed.

use super::{Answers, Condition, Front, LINGERING, NO_FRONT, REGISTRATION, State, episode};
use crate::sim::region::{HealthCheck, Move, Pool, Side, Track};

/// The condition of a target that a deploy has touched.
pub(super) fn tracked(pool: &Pool, front: Front<'_>, track: &Track, target: usize, time: i64) -> Condition {
    let moved = track.last(time, |what| match what {
        Move::Registered(side) if side == front.side => Some(true),
        Move::Deregistered(side) if side == front.side => Some(false),
        _ => None,
    });
    let ended = track.last(time, |what| (what == Move::Terminated).then_some(()));
    match (moved, ended) {
        (None, _) if track.is_new() || front.side == Side::Twin => Condition::new(State::Absent, 0),
        (Some((at, false)), _) if time - at < front.delay => {
            Condition { answers: answers(pool, track, target, time), ..Condition::new(State::Draining, at) }
        }
        (Some((at, false)), _) => Condition::new(State::Absent, at + front.delay),
        (_, Some((at, ()))) if time - at < LINGERING => Condition::new(State::Terminated, at),
        (_, Some((at, ()))) => Condition::new(State::Absent, at + LINGERING),
        (Some((at, true)), None) if time - at < REGISTRATION => Condition::new(State::Registering, at),
        (Some((at, true)), None) => {
            let begins = Condition::new(State::Checking, at + REGISTRATION);
            Condition { answers: answers(pool, track, target, time), ..checked(pool, front, target, begins, time) }
        }
        (None, None) => {
            let first = track.all().first().map_or(time, |(at, _)| *at);
            let before = episode(pool, front, target, first - 1).map_or(Condition::WELL, |(_, condition)| condition);
            let began = before.since.unwrap_or(i64::MIN / 2);
            let state = if matches!(before.state, State::Unhealthy(_)) { before.state } else { State::Healthy };
            let begins = Condition { since: Some(began), ..Condition::new(state, began) };
            Condition { answers: answers(pool, track, target, time), ..checked(pool, front, target, begins, time) }
        }
    }
}

/// How requests are answered: not at all well while the application is replaced.
fn answers(pool: &Pool, track: &Track, target: usize, time: i64) -> Answers {
    let running = track.last(time, |what| match what {
        Move::Stopped => Some(Answers::Code(502)),
        Move::Runs(_) => Some(Answers::Well),
        _ => None,
    });
    running.map_or_else(|| before_release(pool, track, target), |(_, answers)| answers)
}

/// How an instance answered until a deploy replaced its application.
fn before_release(pool: &Pool, track: &Track, target: usize) -> Answers {
    let first = track.all().first().map_or(0, |(at, _)| *at);
    episode(pool, NO_FRONT, target, first - 1).map_or(Answers::Well, |(_, condition)| condition.answers)
}

/// What the health check makes of the answers since a state began.
fn checked(pool: &Pool, front: Front<'_>, target: usize, begins: Condition, time: i64) -> Condition {
    let track = &pool.instances[target].track;
    let began = begins.since.unwrap_or_default();
    let mut now = begins;
    let mut answers = before_release(pool, track, target);
    let mut from = began;
    for (at, what) in track.until(time) {
        let next = match what {
            Move::Stopped => Answers::Code(502),
            Move::Runs(release) => to_checks(pool, *release),
            _ => continue,
        };
        now = after(now, answers, front.check, from, *at);
        answers = next;
        from = began.max(*at);
    }
    after(now, answers, front.check, from, time + 1)
}

/// How a release answers health checks.
fn to_checks(pool: &Pool, release: usize) -> Answers {
    let version = &pool.release(release).version;
    match version.health_code {
        _ if version.health_hangs => Answers::TimesOut,
        Some(code) => Answers::Code(code),
        None => Answers::Well,
    }
}

/// The state after answers of one kind from a time until another.
fn after(now: Condition, answers: Answers, check: &HealthCheck, from: i64, until: i64) -> Condition {
    let well = answers == Answers::Well;
    let (checks, becomes) = match now.state {
        State::Checking if well => (1, State::Healthy),
        State::Unhealthy(_) if well => (check.healthy, State::Healthy),
        State::Checking | State::Healthy if !well => (check.unhealthy, State::Unhealthy(answers)),
        _ => return now,
    };
    let turns = from.saturating_add(check.interval * i64::from(checks));
    if turns < until { Condition::new(becomes, turns) } else { now }
}
