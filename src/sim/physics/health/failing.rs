//! Requests that fail, as the agents on the instances notice them.
//!
//! An agent counts in stretches of ten seconds, and health looks at the last three: so a version that fails shows after
//! one evaluation or two. The shares at which that is a warning and more are assumptions (UNVERIFIED).

use super::super::members::Mix;
use super::{STEP, Status};
use crate::sim::region::{Environment, Pool};

/// Requests per second and instance, below which there are too few to judge.
const TOO_FEW: f64 = 0.2;
/// The share of 4xx answers that is too many.
const CLIENT_ERRORS: f64 = 0.1;

/// The requests that fail at one evaluation.
pub struct Failing<'a> {
    stretches: Option<[Mix<'a>; 3]>,
}

impl<'a> Failing<'a> {
    pub fn at(pool: &'a Pool, environment: &Environment, time: i64) -> Self {
        let flawed = pool.releases.iter().any(|release| release.version.flawed());
        let enough = environment.traffic.peak / pool.original.max(1) as f64 >= TOO_FEW;
        let middle = |number: i64| Mix::at(pool, time - STEP / 2 - number * STEP);
        Self { stretches: (flawed && enough).then(|| [middle(0), middle(1), middle(2)]) }
    }

    /// The shares of 5xx and 4xx answers of an instance.
    pub fn shares(&self, place: usize) -> (f64, f64) {
        let Some(stretches) = &self.stretches else { return (0.0, 0.0) };
        let flaws = stretches.iter().map(|mix| mix.flaw(place));
        let (server, client) =
            flaws.fold((0.0, 0.0), |(server, client), flaw| (server + flaw.server_errors, client + flaw.client_errors));
        (server / 3.0, client / 3.0)
    }

    pub fn status(&self, place: usize) -> Status {
        let (server, client) = self.shares(place);
        status(server, client)
    }
}

pub(super) fn status(server: f64, client: f64) -> Status {
    match server {
        0.25.. => Status::Severe,
        0.05.. => Status::Degraded,
        0.01.. => Status::Warning,
        _ if client >= CLIENT_ERRORS => Status::Warning,
        _ => Status::Ok,
    }
}

pub(super) fn cause(server: f64, client: f64) -> Option<String> {
    if server >= 0.01 {
        return Some(format!("{:.1} % of the requests are failing with HTTP 5xx.", server * 100.0));
    }
    (client >= CLIENT_ERRORS).then(|| format!("{:.1} % of the requests are failing with HTTP 4xx.", client * 100.0))
}
