//! The instances of a pool at an instant: which are there, what they run, and what is wrong with that.
//!
//! Everything is read from the tracks that deploys leave; an instance that no deploy touched runs the first release.

use super::targets::{Front, NO_FRONT, State, condition};
use crate::sim::region::{Instance, Move, Pool, Release};

/// How long EC2 takes to start an instance, and to end one (milliseconds; assumptions).
const STARTING: i64 = 25_000;
const ENDING: i64 = 30_000;
/// How long a terminated instance is still listed by EC2 (milliseconds).
const LISTED: i64 = 3_600_000;

/// Whether an instance belongs to its environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Launching,
    Here,
    /// The Auto Scaling group is about to terminate it.
    Leaving,
    Gone,
}

/// Returns the presence of an instance at a scenario time; without a deployment the front decides.
pub fn presence(pool: &Pool, front: Front<'_>, place: usize, time: i64) -> Presence {
    let track = &pool.instances[place].track;
    let gone = track.last(time, |what| match what {
        Move::Terminated => Some(Presence::Gone),
        Move::Leaves => Some(Presence::Leaving),
        _ => None,
    });
    if let Some((_, presence)) = gone {
        return presence;
    }
    if track.is_new() {
        let launched = track.last(time, |what| matches!(what, Move::Launched { .. }).then_some(()));
        return match launched {
            None => Presence::Gone,
            Some((at, ())) if time - at < STARTING => Presence::Launching,
            Some(_) => Presence::Here,
        };
    }
    // While a deploy is busy with it, what the target group shows is the deploy's doing.
    if track.until(time).last().is_some_and(|(_, what)| *what != Move::Done) {
        return Presence::Here;
    }
    match condition(pool, front, place, time).state {
        State::Absent | State::Terminated => Presence::Gone,
        State::Registering => Presence::Launching,
        State::Draining => Presence::Leaving,
        _ => Presence::Here,
    }
}

/// Returns the state of an instance in EC2's words and numbers; `None`: it is not listed.
pub fn ec2_state(pool: &Pool, place: usize, time: i64) -> Option<(u16, &'static str)> {
    let track = &pool.instances[place].track;
    let ended = track.last(time, |what| (what == Move::Terminated).then_some(()));
    match (ended, presence(pool, NO_FRONT, place, time)) {
        (Some((at, ())), _) if time - at < ENDING => Some((32, "shutting-down")),
        (Some((at, ())), _) if time - at < LISTED => Some((48, "terminated")),
        (Some(_), _) => None,
        (None, Presence::Launching) if track.is_new() => Some((0, "pending")),
        (None, Presence::Gone) if track.is_new() => None,
        (None, _) => Some((16, "running")),
    }
}

/// Is the instance in the temporary Auto Scaling group of a deploy?
pub fn temporary(instance: &Instance, time: i64) -> bool {
    let group = instance.track.last(time, |what| match what {
        Move::Launched { temporary } => Some(temporary),
        Move::Attached => Some(false),
        _ => None,
    });
    group.is_some_and(|(_, temporary)| temporary)
}

/// The place of the release that an instance runs, or ran until its application was stopped.
pub fn runs(instance: &Instance, time: i64) -> Option<usize> {
    let running = instance.track.last(time, |what| if let Move::Runs(release) = what { Some(release) } else { None });
    match running {
        Some((_, release)) => Some(release),
        None if instance.track.is_new() => None,
        None => Some(0),
    }
}

/// How an instance took the last deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deployment {
    InProgress,
    Deployed,
    Failed,
}

/// The last deployment on an instance: its release, how it went, and since when; none: the first release, long ago.
pub fn deployment(instance: &Instance, time: i64) -> Option<(i64, usize, Deployment)> {
    let found = instance.track.last(time, |what| match what {
        Move::Started(release) => Some((release, Deployment::InProgress)),
        Move::Finished { release, well: true } => Some((release, Deployment::Deployed)),
        Move::Finished { release, well: false } => Some((release, Deployment::Failed)),
        _ => None,
    });
    found.map(|(at, (release, deployment))| (at, release, deployment))
}

/// When the command began that ended last, and when that was.
pub fn last_command(instance: &Instance, time: i64) -> Option<(i64, i64)> {
    let (ended, ()) = instance.track.last(time, |what| matches!(what, Move::Finished { .. }).then_some(()))?;
    let (began, ()) = instance.track.last(ended, |what| matches!(what, Move::Started(_)).then_some(()))?;
    Some((began, ended))
}

/// For which part of a stretch of time the application of an instance is down between two releases.
pub fn down(instance: &Instance, from: i64, to: i64) -> f64 {
    let mut stopped = None;
    let mut total = 0;
    for (at, what) in instance.track.until(to) {
        match what {
            Move::Stopped => stopped = Some(*at),
            Move::Runs(_) => total += stopped.take().map_or(0, |since: i64| (*at - since.max(from)).max(0)),
            _ => {}
        }
    }
    total += stopped.map_or(0, |since| (to - since.max(from)).max(0));
    total as f64 / (to - from).max(1) as f64
}

/// What is wrong with how an instance answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flaw {
    pub server_errors: f64,
    pub client_errors: f64,
    pub slowdown: f64,
}

impl Flaw {
    pub const NONE: Self = Self { server_errors: 0.0, client_errors: 0.0, slowdown: 1.0 };
}

/// Which releases the fleet runs at an instant, and what follows for each instance.
pub struct Mix<'a> {
    pool: &'a Pool,
    /// None where no release can have a flaw.
    running: Option<Vec<Option<usize>>>,
}

impl<'a> Mix<'a> {
    pub fn at(pool: &'a Pool, time: i64) -> Self {
        let flawed = pool.releases.iter().any(|release| release.version.flawed());
        let one = |place: usize| match presence(pool, NO_FRONT, place, time) {
            Presence::Gone => None,
            _ => runs(&pool.instances[place], time),
        };
        Self { pool, running: flawed.then(|| (0..pool.instances.len()).map(one).collect()) }
    }

    pub fn flaw(&self, place: usize) -> Flaw {
        let Some(running) = &self.running else { return Flaw::NONE };
        let Some(release) = running[place].map(|release| self.pool.release(release)) else { return Flaw::NONE };
        let version = &release.version;
        if !version.flawed() {
            return Flaw::NONE;
        }
        let enough = self.share(running, release) + 1e-9 >= version.errors_from;
        let errors = |share: f64| if enough { share } else { 0.0 };
        Flaw {
            server_errors: errors(version.server_errors),
            client_errors: errors(version.client_errors),
            slowdown: version.slowdown,
        }
    }

    /// The share of the fleet that runs the version of a release.
    fn share(&self, running: &[Option<usize>], wanted: &Release) -> f64 {
        let label = |release: &usize| &self.pool.release(*release).version.label;
        let there = running.iter().flatten();
        let same = there.clone().filter(|release| *label(release) == wanted.version.label).count();
        same as f64 / there.count().max(1) as f64
    }
}
