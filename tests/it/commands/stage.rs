//! A region without faults and a home for the audit log: what commands that write are run on.

use std::process::Command;

use beanpole::sim::{Faults, World};
use serde_json::Value;
use tempfile::TempDir;

use super::run::{Ran, Region, run};
use crate::support::wire::WRITES;

/// A region, and the directory for state.
pub struct Stage {
    pub region: Region,
    pub state: TempDir,
}

impl Stage {
    /// The region of a scenario.
    pub fn written(scenario: &str) -> Self {
        let region = Region::written(scenario);
        region.world.as_ref().unwrap().set_faults(Faults::none());
        Self { region, state: TempDir::new().unwrap() }
    }

    pub fn world(&self) -> &World {
        self.region.world.as_ref().unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.region.command(arguments);
        command.env("XDG_STATE_HOME", self.state.path());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        run(self.command(arguments))
    }

    /// The answer as JSON of a command that ends with this status.
    pub fn json(&self, arguments: &[&str], status: i32) -> Value {
        let ran = self.run(&[arguments, &["-o", "json"]].concat());
        assert_eq!(ran.status, Some(status), "{arguments:?}: {}{}", ran.out, ran.err);
        ran.json()
    }

    /// Returns how many calls wrote.
    pub fn writes(&self) -> usize {
        let is_write = |name: &str| WRITES.iter().any(|write| name.starts_with(write));
        self.region.calls().iter().filter(|(name, _)| is_write(name)).map(|(_, times)| times).sum()
    }
}
