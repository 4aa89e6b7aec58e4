//! How many instances serve at the worst moment of a deploy, by the definitions of the policies.
//!
//! Never more than will: where Beanstalk does not say, the fewer are taken. A target that is registered again is healthy
//! after one check that passes, so after an interval of its health check at the latest.

use std::time::Duration;

use crate::deploy::policy::{Policy, Rollout};

/// How long Beanstalk waits for instances whose health it ignores, at the least. UNVERIFIED.
const UNWATCHED: Duration = Duration::from_secs(28);
/// How long the command takes on the instances of a batch, at the least. UNVERIFIED.
const COMMAND: Duration = Duration::from_secs(16);
/// From the registration of a target to its first check.
const REGISTRATION: Duration = Duration::from_secs(3);
/// From the end of the wait for new instances until the old ones are taken out of service, at the least. UNVERIFIED.
const HAND_OVER: Duration = Duration::from_secs(16);
/// Traffic splitting: how long it waits for the new instances in the environment's own target groups. UNVERIFIED.
const LAST_WAIT: Duration = Duration::from_secs(120);

/// The instances of an environment before a deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FleetBefore {
    /// How many there are.
    pub instances: u32,
    /// How many of them serve: healthy in every target group.
    pub healthy: u32,
    /// How long a target is drained, in the slowest of the target groups.
    pub draining: Duration,
    /// Between two health checks, in the slowest of the target groups.
    pub interval: Duration,
    /// Whether a load balancer is in front, so that a batch is taken out of service before it is updated.
    pub is_balanced: bool,
}

impl FleetBefore {
    /// How long a target takes to be healthy after it was registered, at most.
    fn until_healthy(&self) -> Duration {
        REGISTRATION + self.interval
    }

    /// Returns how many instances serve at the worst moment of a deploy that goes well. With all at once it is none: the
    /// application is away on each for some seconds, and nothing keeps those apart.
    #[must_use]
    pub fn worst(&self, rollout: &Rollout) -> u32 {
        let batch = rollout.batch_of(self.instances);
        let out = |batches: u32| self.healthy.saturating_sub(batch.saturating_mul(batches));
        match rollout.policy {
            Policy::AllAtOnce => 0,
            Policy::Rolling => out(1 + self.unsettled(rollout)),
            // The batch that is launched first makes up for the one that is out; but Beanstalk does not wait for it to be healthy.
            Policy::RollingWithAdditionalBatch => out(self.unsettled(rollout)),
            Policy::Immutable if rollout.ignores_health && self.until_healthy() > UNWATCHED + HAND_OVER => 0,
            Policy::TrafficSplitting if self.until_healthy() > LAST_WAIT => 0,
            Policy::Immutable | Policy::TrafficSplitting => self.healthy,
        }
    }

    /// How many batches are not healthy again when the next one is taken out: none, unless their health is ignored.
    fn unsettled(&self, rollout: &Rollout) -> u32 {
        let late = self.until_healthy().saturating_sub(UNWATCHED);
        if !rollout.ignores_health || late.is_zero() || !self.is_balanced {
            return 0;
        }
        let cycle = self.draining + COMMAND + UNWATCHED;
        let more = late.as_secs() / cycle.as_secs().max(1);
        1 + u32::try_from(more).unwrap_or(u32::MAX - 1)
    }

    /// Returns how long all batches drain together; nothing where no instance is taken out of service before it is
    /// updated, or all are drained at once at the end.
    #[must_use]
    pub fn drains(&self, rollout: &Rollout) -> Option<(u32, Duration)> {
        if !self.is_balanced || self.instances == 0 {
            return None;
        }
        match rollout.policy {
            Policy::AllAtOnce => None,
            // The additional batch is drained when it goes.
            Policy::Rolling | Policy::RollingWithAdditionalBatch => {
                let batches = rollout.batches_of(self.instances)?;
                Some((batches, self.draining.saturating_mul(batches)))
            }
            Policy::Immutable | Policy::TrafficSplitting => Some((1, self.draining)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::policy::tests::settings;

    fn fleet(instances: u32, healthy: u32) -> FleetBefore {
        let (draining, interval) = (Duration::from_secs(20), Duration::from_secs(15));
        FleetBefore { instances, healthy, draining, interval, is_balanced: true }
    }

    fn rollout(policy: &str, size: &str, ignores: bool) -> Rollout {
        let kind = if size.ends_with('%') { "Percentage" } else { "Fixed" };
        let ignores = if ignores { "true" } else { "false" };
        Rollout::of(&settings(&[
            ("DeploymentPolicy", policy),
            ("BatchSizeType", kind),
            ("BatchSize", size.trim_end_matches('%')),
            ("IgnoreHealthCheck", ignores),
        ]))
    }

    /// Derived by hand from the policies' definitions: a rolling deploy is short of a batch, an additional batch makes up
    /// for it, new instances beside the old ones leave those alone, and all at once leaves none for some seconds.
    #[test]
    fn the_worst_moment_of_ten_fleets() {
        for (policy, size, (instances, healthy), worst) in [
            ("AllAtOnce", "100%", (4, 4), 0),
            ("Rolling", "50%", (4, 4), 2),
            // 33 % of 7 is 2.31: a batch of 2.
            ("Rolling", "33%", (7, 7), 5),
            // Less than one is one.
            ("Rolling", "10%", (4, 4), 3),
            // A batch as large as the fleet leaves none.
            ("Rolling", "9", (6, 6), 0),
            // Two of ten fail already: the batch may be of the healthy ones.
            ("Rolling", "3", (10, 8), 5),
            ("RollingWithAdditionalBatch", "2", (6, 6), 6),
            ("Immutable", "100%", (3, 3), 3),
            ("Immutable", "100%", (5, 4), 4),
            ("TrafficSplitting", "100%", (2, 2), 2),
        ] {
            let worst_here = fleet(instances, healthy).worst(&rollout(policy, size, false));
            assert_eq!(worst_here, worst, "{policy} {size} of {instances}, {healthy} healthy");
        }
    }

    #[test]
    fn where_health_is_ignored_the_next_batch_may_come_before_the_last_is_back() {
        let slow = |policy, interval| {
            let fleet = FleetBefore { interval: Duration::from_secs(interval), ..fleet(8, 8) };
            fleet.worst(&rollout(policy, "2", true))
        };
        // Healthy within 18 seconds, and 28 are waited.
        assert_eq!((slow("Rolling", 15), slow("RollingWithAdditionalBatch", 15)), (6, 8));
        // 28 and 3 for the registration are 31.
        assert_eq!((slow("Rolling", 25), slow("Rolling", 26)), (6, 4));
        assert_eq!((slow("RollingWithAdditionalBatch", 60), slow("Rolling", 60)), (6, 4));
        // 303 seconds, of which 275 are late: four cycles of 64 pass meanwhile.
        assert_eq!(slow("Rolling", 300), 0);
        assert_eq!((slow("Immutable", 41), slow("Immutable", 42)), (8, 0));
        assert_eq!((slow("TrafficSplitting", 117), slow("TrafficSplitting", 118)), (8, 0));
        let unbalanced = FleetBefore { is_balanced: false, interval: Duration::from_secs(60), ..fleet(8, 8) };
        assert_eq!(unbalanced.worst(&rollout("Rolling", "2", true)), 6);
    }

    #[test]
    fn every_batch_is_drained_and_with_new_instances_the_old_ones_once() {
        let drains =
            |policy, size| fleet(6, 6).drains(&rollout(policy, size, false)).map(|(times, all)| (times, all.as_secs()));
        assert_eq!(drains("AllAtOnce", "100%"), None);
        assert_eq!(drains("Rolling", "2"), Some((3, 60)));
        assert_eq!(drains("RollingWithAdditionalBatch", "2"), Some((4, 80)));
        assert_eq!((drains("Immutable", "2"), drains("TrafficSplitting", "2")), (Some((1, 20)), Some((1, 20))));
        let unbalanced = FleetBefore { is_balanced: false, ..fleet(6, 6) };
        assert_eq!(unbalanced.drains(&rollout("Rolling", "2", false)), None);
        assert_eq!(fleet(0, 0).drains(&rollout("Rolling", "2", false)), None);
    }
}
