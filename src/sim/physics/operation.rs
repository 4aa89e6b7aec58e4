//! What an environment is doing at an instant, and which version it is supposed to run.

use super::View;
use crate::sim::region::{Deploy, Environment, Release};

/// An environment's operation.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    pub status: &'a str,
    pub abortable: bool,
    /// When the environment was last updated, milliseconds since the Unix epoch.
    pub updated: i64,
    /// What the environment runs as far as Beanstalk is concerned: the last release that was deployed to its end.
    pub release: &'a Release,
    /// The deploy that is in progress.
    pub deploy: Option<&'a Deploy>,
}

impl Operation<'_> {
    pub fn version(&self) -> &str {
        &self.release.version.label
    }
}

pub fn of<'a>(view: View<'a>, environment: &'a Environment) -> Operation<'a> {
    let (time, epoch) = (view.time(), view.region.epoch);
    let pool = &view.region.pools[environment.pool];
    let done = environment.deploys.iter().rev().find(|deploy| deploy.succeeded && deploy.ended <= time);
    let quiet = Operation {
        status: &environment.status,
        abortable: environment.abortable && matches!(environment.status.as_str(), "Updating" | "Launching"),
        updated: environment.deployed,
        release: pool.release(done.map_or(0, |deploy| deploy.release)),
        deploy: None,
    };
    let Some(deploy) = environment.deploy(time) else { return quiet };
    if deploy.ended <= time {
        return Operation { updated: epoch + deploy.ended, ..quiet };
    }
    let aborted = deploy.aborted.filter(|at| *at <= time);
    Operation {
        status: if aborted.is_some() { "Aborting" } else { "Updating" },
        abortable: aborted.is_none() && time < deploy.abortable_until,
        updated: epoch + aborted.unwrap_or(deploy.begun),
        deploy: Some(deploy),
        ..quiet
    }
}
