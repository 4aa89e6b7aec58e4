//! The condition of a target: by the scenario as long as no deployment changes it, and else as the deployment leaves it:
//! registered or not, its application replaced, its checks passed.

use super::checked::{before_release, checked};
use super::condition::{Condition, Front, LINGERING, REGISTRATION, State};
use super::episodes::{began_last, episode, occurrences, untouched};
use crate::sim::region::{Answers, Move, Pool, Side, Track};
use crate::sim::scenario::spec::Becomes;

/// The condition as it is where the load balancer has the target's zone.
pub(super) fn in_its_zone(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Condition {
    let track = pool.instances.get(target).map(|instance| &instance.track);
    let Some(track) = track.filter(|track| !track.is_empty()) else { return scripted(pool, front, target, time) };
    match track.until(time).last() {
        None if track.is_new() => Condition { state: State::Absent, answers: Answers::Well, since: None },
        None => scripted(pool, front, target, time),
        // What the scenario does to an instance counts again when the deploy has let go of it.
        Some((at, Move::Done)) if began_last(pool, front, target, time).is_some_and(|began| began > *at) => {
            scripted(pool, front, target, time)
        }
        Some(_) => tracked(pool, front, track, target, time),
    }
}

/// The condition of a target with which no deploy is busy, by the health check that is in force.
fn scripted(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Condition {
    let plain = untouched(front, episode(pool, front, target, time).map(|(_, condition)| condition));
    match front.in_force.first_change() {
        Some(change) if change <= time => again(pool, front, target, plain, change, time),
        _ => plain,
    }
}

/// The condition of a target after its health check was changed, given the one by the check that it came with.
fn again(pool: &Pool, front: Front<'_>, target: usize, plain: Condition, change: i64, time: i64) -> Condition {
    if !matches!(plain.state, State::Healthy | State::Unhealthy(_) | State::Checking) {
        return plain;
    }
    let (begins, from) = match registered(pool, front, target, time).filter(|(at, _)| *at > change) {
        Some((at, from)) => (Condition::new(State::Checking, at + REGISTRATION), from),
        None => (in_its_zone(pool, front, target, change - 1), change),
    };
    Condition { answers: plain.answers, ..checked(pool, front, target, begins, (from, time)) }
}

/// When the scenario registered a target last, and from when on it is ready to be checked.
fn registered(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Option<(i64, i64)> {
    let ready = |at: i64, lasts: Option<i64>| {
        let waits = lasts.map_or(0, |lasts| (lasts - front.in_force.at(at).check.interval).max(0));
        (at, at + waits)
    };
    let of_target = pool.episodes.iter().filter(|episode| episode.target == target);
    let registrations = of_target.flat_map(|episode| {
        let lasts = episode.lasts.unwrap_or_default();
        occurrences(episode, time - lasts, time).filter_map(move |began| match episode.becomes {
            Becomes::Registering => Some(ready(began, episode.lasts)),
            Becomes::Draining if episode.lasts.is_some() => Some(ready(began + lasts, None)),
            _ => None,
        })
    });
    registrations.filter(|(at, _)| *at <= time).max()
}

/// The condition of a target that a deploy has touched.
fn tracked(pool: &Pool, front: Front<'_>, track: &Track, target: usize, time: i64) -> Condition {
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

/// Returns how requests are answered: badly while the application is replaced.
fn answers(pool: &Pool, track: &Track, target: usize, time: i64) -> Answers {
    let running = track.last(time, |what| match what {
        Move::Stopped => Some(Answers::Code(502)),
        Move::Runs(_) => Some(Answers::Well),
        _ => None,
    });
    running.map_or_else(|| before_release(pool, track, target), |(_, answers)| answers)
}
