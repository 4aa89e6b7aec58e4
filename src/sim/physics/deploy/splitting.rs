//! Traffic-splitting deploys: as many new instances as old ones get a share of the traffic for a while, then all.
//!
//! Beanstalk's guide documents no more than that. A second target group in a weighted forward is the only way in which a
//! load balancer can do it; its life, the texts of the events and the rollback to one group are assumptions (UNVERIFIED).

use super::{Ending, Script};
use crate::sim::physics::health::{STEP, Status};
use crate::sim::region::{Move, Side};

/// How many bad checks in a row end the evaluation.
const BAD_CHECKS: u32 = 3;

impl Script<'_> {
    pub(super) fn traffic_splitting(&mut self) -> Ending {
        let percent = (self.manner.percent * 100.0).round();
        let minutes = self.manner.evaluation / 60_000;
        self.say("INFO", "Traffic splitting deployment policy enabled. Launching new instances with the new version.");
        self.pass(3_000, 6_000);
        let name = self.temporary_group(true);
        self.shares.push((self.now, 0.0));
        let new = self.launch(self.old.len(), true);
        if let Err((failed, commanded)) = self.bring_up(&new, Side::Twin) {
            return self.revert(&failed, commanded);
        }
        self.shares.push((self.now, self.manner.percent));
        self.say("INFO", format!("Sending {percent} % of traffic to the new instances for {minutes} minute(s)."));
        if let Some(failed) = self.evaluate(&new) {
            return self.revert(&failed, false);
        }
        self.shares.push((self.now, 1.0));
        self.say("INFO", "Evaluation completed. Sending all traffic to the new instances.");
        self.pass(2_000, 4_000);
        self.hand_over(&name);
        // The environment keeps its own target groups: the new instances are registered there, and the others go.
        for place in new.iter().copied() {
            self.note(place, self.now, Move::Registered(Side::Main));
        }
        self.now = self.in_service(&new, Side::Main, self.now + 120_000);
        self.shares.push((self.now, 0.0));
        for place in new {
            self.note(place, self.now, Move::Deregistered(Side::Twin));
        }
        self.say("INFO", "Deployment succeeded. Terminating old instances and temporary Auto Scaling group.");
        self.retire_old();
        Ending::Well
    }

    /// Watches the new instances; returns those that were unhealthy for too long.
    fn evaluate(&mut self, new: &[usize]) -> Option<Vec<usize>> {
        let until = self.now + self.manner.evaluation;
        let worst = if self.manner.ignore_health { Status::Suspended } else { self.manner.worst };
        let mut bad = 0;
        let mut step = (self.now + STEP - 1).div_euclid(STEP) * STEP;
        while step < until {
            let ill = self.ill(new, Side::Twin, worst, step);
            bad = if ill.is_empty() { 0 } else { bad + 1 };
            if bad >= BAD_CHECKS {
                self.now = step;
                self.pass(900, 2_600);
                return Some(ill);
            }
            step += STEP;
        }
        self.now = until;
        None
    }
}
