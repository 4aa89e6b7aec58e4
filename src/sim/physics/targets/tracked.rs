//! The condition of a target as a deploy leaves it: registered or not, its application replaced, its checks passed.

use super::checked::checked;
use super::{Answers, Condition, Front, LINGERING, NO_FRONT, REGISTRATION, State, episode, scripted};
use crate::sim::region::{Move, Pool, Side, Track};

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
        (Some((at, false)), _) if time - at < front.delay(at) => {
            Condition { answers: answers(pool, track, target, time), ..Condition::new(State::Draining, at) }
        }
        (Some((at, false)), _) => Condition::new(State::Absent, at + front.delay(at)),
        (_, Some((at, ()))) if time - at < LINGERING => Condition::new(State::Terminated, at),
        (_, Some((at, ()))) => Condition::new(State::Absent, at + LINGERING),
        (Some((at, true)), None) if time - at < REGISTRATION => Condition::new(State::Registering, at),
        (Some((at, true)), None) => {
            let begins = Condition::new(State::Checking, at + REGISTRATION);
            let answers = answers(pool, track, target, time);
            Condition { answers, ..checked(pool, front, target, begins, (at + REGISTRATION, time)) }
        }
        (None, None) => {
            let first = track.all().first().map_or(time, |(at, _)| *at);
            let before = scripted(pool, front, target, first - 1);
            let state = if matches!(before.state, State::Unhealthy(_)) { before.state } else { State::Healthy };
            let answers = answers(pool, track, target, time);
            Condition { answers, ..checked(pool, front, target, Condition { state, ..before }, (first, time)) }
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
pub(super) fn before_release(pool: &Pool, track: &Track, target: usize) -> Answers {
    let first = track.all().first().map_or(0, |(at, _)| *at);
    episode(pool, NO_FRONT, target, first - 1).map_or(Answers::Well, |(_, condition)| condition.answers)
}

/// How a release answers health checks.
pub(super) fn to_checks(pool: &Pool, release: usize) -> Answers {
    let version = &pool.release(release).version;
    match version.health_code {
        _ if version.health_hangs => Answers::TimesOut,
        Some(code) => Answers::Code(code),
        None => Answers::Well,
    }
}
