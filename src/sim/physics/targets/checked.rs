//! The result of health checks on a target: a walk over everything that changed its answers, or the checks.
//!
//! Counts of failed and passed checks continue when a check is changed and its result is not (UNVERIFIED).

use super::condition::{Condition, Front, NO_FRONT, State};
use super::episodes::{answers, began, episode, occurrences};
use crate::sim::region::{Answers, HealthCheck, Move, Pool, Track};

/// What the checks make of a target between two times, given what it was at the first.
pub(super) fn checked(
    pool: &Pool,
    front: Front<'_>,
    target: usize,
    begins: Condition,
    (from, time): (i64, i64),
) -> Condition {
    let mut points = points(pool, front, target, from, time);
    points.insert(0, from);
    let ends = points.iter().copied().skip(1).chain([time + 1]);
    let mut now = begins;
    let mut series = (from, None);
    for (start, end) in points.iter().copied().zip(ends) {
        let settings = front.in_force.at(start);
        let verdict = settings.verdict(to_check(pool, target, start));
        if series.1 != Some(verdict.is_none()) {
            series = (start, Some(verdict.is_none()));
        }
        now = after(now, verdict, &settings.check, series.0, (start, end));
    }
    now
}

/// The times, after one and up to another, at which checks may come out otherwise.
fn points(pool: &Pool, front: Front<'_>, target: usize, from: i64, to: i64) -> Vec<i64> {
    let changes = front.in_force.later.iter().map(|(at, _)| *at);
    let moves = pool.instances[target].track.until(to).iter().map(|(at, _)| *at);
    let failures = pool.episodes.iter().filter(|episode| episode.target == target).flat_map(|episode| {
        let lasts = episode.lasts.unwrap_or_default();
        occurrences(episode, from - lasts, to).flat_map(move |began| [began, began + lasts])
    });
    let mut points: Vec<i64> =
        changes.chain(moves).chain(failures).filter(|point| *point > from && *point <= to).collect();
    points.sort_unstable();
    points.dedup();
    points
}

/// How the application of a target answers health checks at a time, wherever these ask.
fn to_check(pool: &Pool, target: usize, time: i64) -> Answers {
    let track = &pool.instances[target].track;
    let failure = failure(pool, target, time);
    let moved = track.last(time, |what| match what {
        Move::Stopped => Some(Answers::Code(502)),
        Move::Runs(release) => Some(to_checks(pool, release)),
        _ => None,
    });
    let failing = failure.map_or(Answers::Well, |(_, answers)| answers);
    match (track.until(time).last(), moved) {
        (None, _) => failing,
        (Some((done, Move::Done)), _) if failure.is_some_and(|(began, _)| began > *done) => failing,
        (Some(_), Some((_, answers))) => answers,
        (Some(_), None) => before_release(pool, track, target),
    }
}

/// The failure of the scenario that a target suffers from at a time, and when it began.
fn failure(pool: &Pool, target: usize, time: i64) -> Option<(i64, Answers)> {
    let of_target = pool.episodes.iter().filter(|episode| episode.target == target);
    let current = of_target.filter_map(|episode| {
        let began = began(episode, time)?;
        let lasts = episode.lasts.unwrap_or(i64::MAX / 2);
        let answers = answers(episode);
        (time - began < lasts && answers != Answers::Well).then_some((began, answers))
    });
    current.max_by_key(|(began, _)| *began)
}

/// The condition after checks that came out the same since a time, in a stretch in which nothing changes.
fn after(
    now: Condition,
    verdict: Option<Answers>,
    check: &HealthCheck,
    since: i64,
    (start, end): (i64, i64),
) -> Condition {
    let (checks, becomes) = match (now.state, verdict) {
        (State::Checking, None) => (1, State::Healthy),
        (State::Unhealthy(_), None) => (check.healthy, State::Healthy),
        (State::Checking | State::Healthy, Some(why)) => (check.unhealthy, State::Unhealthy(why)),
        // The reason that is returned is that of the last check.
        (State::Unhealthy(_), Some(why)) => return Condition { state: State::Unhealthy(why), ..now },
        _ => return now,
    };
    let turns = (since + check.interval * i64::from(checks)).max(start);
    if turns < end { Condition::new(becomes, turns) } else { now }
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
