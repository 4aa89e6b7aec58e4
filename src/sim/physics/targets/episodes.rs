//! What the scenario's episodes make of a target, by the health check that was there from the beginning.

use super::condition::{Condition, Front, LINGERING, REGISTRATION, State};
use crate::sim::region::{Answers, Episode, HealthCheck, Pool, Side};
use crate::sim::scenario::spec::Becomes;

pub(super) fn untouched(front: Front<'_>, condition: Option<Condition>) -> Condition {
    match front.side {
        Side::Main | Side::ByHand => condition.unwrap_or(Condition::WELL),
        Side::Twin => Condition { state: State::Absent, answers: Answers::Well, since: None },
    }
}

/// When the episode began that decides about a target.
pub(super) fn began_last(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Option<i64> {
    episode(pool, front, target, time).and_then(|(began, _)| began)
}

/// What the scenario's episodes make of a target, and when that began.
pub(super) fn episode(pool: &Pool, front: Front<'_>, target: usize, time: i64) -> Option<(Option<i64>, Condition)> {
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
pub(super) fn began(episode: &Episode, time: i64) -> Option<i64> {
    let age = time - episode.at;
    let repeated = episode.every.filter(|every| *every > 0).map_or(0, |every| age / every * every);
    (age >= 0).then_some(episode.at + repeated)
}

/// A target that will register later is not there yet.
pub(super) fn before(episode: &Episode) -> Option<Condition> {
    (episode.becomes == Becomes::Registering).then_some(Condition {
        state: State::Absent,
        answers: Answers::Well,
        since: None,
    })
}

pub(super) fn effect(episode: &Episode, front: Front<'_>, began: i64, time: i64) -> Option<Condition> {
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
pub(super) fn answers(episode: &Episode) -> Answers {
    match episode.becomes {
        Becomes::Failing => Answers::Code(episode.code),
        Becomes::TimingOut => Answers::TimesOut,
        Becomes::Refusing => Answers::Refuses,
        Becomes::Draining | Becomes::Registering | Becomes::Terminated => Answers::Well,
    }
}

/// Uses the first health check; the effect of a changed one is computed in `checked`.
pub(super) fn failing(
    answers: Answers,
    episode: &Episode,
    check: &HealthCheck,
    began: i64,
    age: i64,
) -> Option<Condition> {
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

pub(super) fn draining(episode: &Episode, front: Front<'_>, began: i64, age: i64) -> Option<Condition> {
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

pub(super) fn registering(began: i64, age: i64, lasts: i64) -> Option<Condition> {
    let state = if age < REGISTRATION { State::Registering } else { State::Checking };
    (age < lasts).then_some(Condition::new(state, began))
}

/// When an episode begins, between two times, and perhaps once before them.
pub(super) fn occurrences(episode: &Episode, from: i64, to: i64) -> impl Iterator<Item = i64> + use<> {
    let every = episode.every.filter(|every| *every > 0);
    let skipped = every.map_or(0, |every| ((from - episode.at) / every).max(0) * every);
    let first = episode.at + skipped;
    std::iter::successors(Some(first), move |began| every.map(|every| began + every))
        .take_while(move |began| *began <= to)
}
