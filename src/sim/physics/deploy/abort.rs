//! What an abort leaves of a deploy: what has happened stays, commands that run are run to their end.
//!
//! A deploy to the instances that are there simply stops, so that two versions may remain; one that launched new
//! instances removes them. What Beanstalk writes when it begins to abort is not known, so it writes nothing (UNVERIFIED).

use super::in_place::MIXED;
use super::{Policy, Script};
use crate::sim::region::{Move, Side};

impl Script<'_> {
    /// Ends the deployment at a time, with another result.
    pub(super) fn abort(&mut self, at: i64) {
        self.forget_after(at);
        self.now = at;
        match self.manner.policy {
            Policy::Immutable | Policy::TrafficSplitting => self.remove_new(),
            // An update of options can be aborted only before the first instance is touched.
            _ if self.configures => {}
            Policy::AllAtOnce | Policy::Rolling | Policy::RollingWithAdditionalBatch => self.stop(),
        }
        if self.configures {
            self.say("INFO", "The environment was reverted to the previous configuration setting.");
        }
        self.pass(600, 1_800);
    }

    fn forget_after(&mut self, at: i64) {
        let limit = self.region.epoch + at;
        self.events.retain(|event| event.at <= limit);
        self.shares.retain(|(from, _)| *from <= at);
        let release = self.release;
        for instance in &mut self.pool.instances {
            let began = instance.track.until(at).iter().any(|(_, what)| *what == Move::Started(release));
            instance.track.keep(|moved, what| {
                let of_command = matches!(what, Move::Stopped | Move::Runs(_) | Move::Finished { .. });
                moved <= at || began && of_command
            });
        }
        let launched = |place: &usize| !self.pool.instances[*place].track.is_empty();
        self.new = self.new.iter().copied().filter(launched).collect();
        let first = self.new.first().copied().unwrap_or(self.pool.instances.len());
        let kept = if self.new.is_empty() { self.old_count() } else { first + self.new.len() };
        self.pool.instances.truncate(kept);
    }

    /// Instances that were there before this deploy launched any.
    fn old_count(&self) -> usize {
        self.region.pools[self.environment.pool].instances.len()
    }

    /// Commands end, what was taken out of service comes back, and additional instances go.
    fn stop(&mut self) {
        let commands = self.pool.instances.iter().filter_map(|instance| {
            let (ended, what) = instance.track.all().last()?;
            matches!(what, Move::Finished { .. }).then_some(*ended)
        });
        self.now = commands.fold(self.now, i64::max);
        self.pass(1_500, 4_000);
        let away: Vec<usize> = self.old.iter().copied().filter(|place| !self.registered(*place, Side::Main)).collect();
        for place in &away {
            self.note(*place, self.now, Move::Registered(Side::Main));
        }
        let extra = self.new.clone();
        let gone = if extra.is_empty() { self.now } else { self.terminate(&extra, Side::Main) };
        self.now = self.in_service(&away, Side::Main, self.now + 120_000).max(gone);
        self.say("WARN", MIXED);
    }

    /// New instances and their Auto Scaling group go; the old ones were never touched.
    pub(super) fn remove_new(&mut self) {
        self.pass(1_500, 4_000);
        let split = self.manner.policy == Policy::TrafficSplitting;
        if split {
            self.shares.push((self.now, 0.0));
        }
        let new = self.new.clone();
        self.now = self.terminate(&new, if split { Side::Twin } else { Side::Main });
        self.pass(5_000, 12_000);
        let until = self.now;
        if let Some(temporary) = &mut self.temporary {
            temporary.until = until;
        }
    }
}
