//! Immutable deploys: new instances in a temporary Auto Scaling group take the place of the old ones.
//!
//! They are registered in the same target groups, so there are up to twice as many targets for a while.

use super::{Ending, Script};
use crate::sim::physics::noise;
use crate::sim::region::{Move, Side, Temporary};

impl Script<'_> {
    pub(super) fn immutable(&mut self) -> Ending {
        self.say(
            "INFO",
            "Immutable deployment policy enabled. Launching one instance with the new settings to verify health.",
        );
        self.pass(3_000, 6_000);
        let name = self.temporary_group(false);
        let test = self.launch(1, true);
        if let Err((failed, commanded)) = self.bring_up(&test, Side::Main) {
            return self.revert(&failed, commanded);
        }
        if self.old.len() > 1 {
            self.say("INFO", "Test instance passed health checks. Launching remaining new instances.");
            self.pass(2_000, 4_000);
            let rest = self.launch(self.old.len() - 1, true);
            if let Err((failed, commanded)) = self.bring_up(&rest, Side::Main) {
                return self.revert(&failed, commanded);
            }
        }
        if self.old.len() > 1 {
            self.say("INFO", "Successfully launched all instances.");
            self.pass(2_000, 4_000);
        }
        self.hand_over(&name);
        self.say("INFO", "Deployment succeeded. Terminating old instances and temporary Auto Scaling group.");
        self.retire_old();
        Ending::Well
    }

    /// Creates the temporary group and returns its name.
    pub(super) fn temporary_group(&mut self, split: bool) -> String {
        let key = format!("{} temporary {}", self.environment.id, self.number);
        let suffix = noise::letters(self.region.seed, &key, 12);
        let name = format!("awseb-{}-immutable-stack-AWSEBAutoScalingGroup-1{suffix}", self.environment.id);
        self.temporary = Some(Temporary { name: name.clone(), from: self.now, until: i64::MAX, split });
        self.say("INFO", format!("Created temporary auto scaling group {name}."));
        self.pass(1_000, 3_000);
        name
    }

    /// Waits until launched instances run the version and pass; otherwise those that did not, and whether the command
    /// was at fault.
    pub(super) fn bring_up(&mut self, places: &[usize], side: Side) -> Result<(), (Vec<usize>, bool)> {
        let deadline = self.now + self.manner.timeout;
        self.pass(45_000, 60_000);
        let failed = self.command(places);
        if !failed.is_empty() {
            return Err((failed, true));
        }
        let ids = self.ids(places, "").replace(' ', "");
        self.say("INFO", format!("Adding new instance(s) ({ids}) to the load balancer."));
        self.pass(500, 1_500);
        for place in places {
            self.note(*place, self.now, Move::Registered(side));
        }
        self.say("INFO", format!("Waiting for instance(s) ({ids}) to pass health checks."));
        if self.manner.ignore_health {
            self.pass(28_000, 32_000);
            return Ok(());
        }
        let Some(passed) = self.passes(places, side, deadline) else {
            self.now = deadline;
            return Err((places.to_vec(), false));
        };
        self.now = passed;
        self.pass(900, 2_600);
        Ok(())
    }

    /// The new instances are moved to the permanent group; from here on the deploy cannot be aborted.
    pub(super) fn hand_over(&mut self, name: &str) {
        self.abortable_until = self.now;
        self.say("INFO", format!("Detached new instance(s) from temporary auto scaling group {name}."));
        self.pass(4_000, 8_000);
        for place in self.new.clone() {
            self.note(place, self.now, Move::Attached);
        }
        let permanent = &self.environment.scaling_group;
        self.say("INFO", format!("Attached new instance(s) to the permanent auto scaling group {permanent}."));
        self.pass(4_000, 8_000);
        self.say("INFO", "Starting post-deployment configuration on new instances.");
        self.pass(1_000, 2_000);
        self.say("INFO", "Waiting for post-deployment configuration to complete.");
        self.pass(7_000, 12_000);
    }

    pub(super) fn retire_old(&mut self) {
        let old = self.old.clone();
        self.now = self.terminate(&old, Side::Main);
        self.pass(4_000, 9_000);
        let until = self.now;
        if let Some(temporary) = &mut self.temporary {
            temporary.until = until;
        }
        self.pass(2_000, 5_000);
    }

    pub(super) fn revert(&mut self, failed: &[usize], commanded: bool) -> Ending {
        self.abortable_until = self.now;
        self.blame(failed, commanded);
        let what = if self.configures { "configuration" } else { "application" };
        self.say("ERROR", format!("Failed to deploy {what}."));
        self.remove_new();
        Ending::Reverted
    }
}
