//! Targets by state: the one rule by which every screen, table and answer counts them.

use std::{fmt, ops};

use super::{Target, TargetState, counted};

/// Targets by state, over one target group or several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TargetCounts {
    /// Those that pass their health check.
    pub healthy: u32,
    /// Those that should be healthy: all but the draining ones. A stopped instance and a zone that the load balancer lacks
    /// are wrong, so unused targets are among them.
    pub expected: u32,
    /// Those being deregistered, whether healthy or not.
    pub draining: u32,
    /// Those being registered, or before the end of their first health check.
    pub initial: u32,
    /// Those that fail their health check.
    pub unhealthy: u32,
    /// Those whose health the load balancer does not know.
    pub unavailable: u32,
    /// Those that get no traffic.
    pub unused: u32,
}

impl TargetCounts {
    /// Counts one more target.
    pub fn add(&mut self, state: &TargetState) {
        let count = match state {
            TargetState::Healthy => &mut self.healthy,
            TargetState::Draining | TargetState::UnhealthyDraining => {
                self.draining += 1;
                return;
            }
            TargetState::Initial => &mut self.initial,
            TargetState::Unused => &mut self.unused,
            TargetState::Unhealthy => &mut self.unhealthy,
            TargetState::Unavailable | TargetState::Other(_) => &mut self.unavailable,
        };
        *count += 1;
        self.expected += 1;
    }

    /// Whether targets are expected and none is healthy.
    #[must_use]
    pub fn is_without_healthy(&self) -> bool {
        self.expected > 0 && self.healthy == 0
    }

    /// Whether a target fails its health check, or is of unknown health.
    #[must_use]
    pub fn has_unhealthy(&self) -> bool {
        self.unhealthy + self.unavailable > 0
    }

    /// Whether targets come or go.
    #[must_use]
    pub fn is_moving(&self) -> bool {
        self.initial + self.draining > 0
    }

    /// Returns the state that describes them best: of those that fail if one does or none is healthy, then of those without
    /// traffic, then of those being registered or deregistered.
    #[must_use]
    pub fn worst_state(&self) -> TargetState {
        match () {
            () if self.is_without_healthy() || self.has_unhealthy() => TargetState::Unhealthy,
            () if self.unused > 0 => TargetState::Unused,
            () if self.is_moving() => TargetState::Initial,
            () => TargetState::Healthy,
        }
    }

    /// Summarizes them: `2 of 3 targets healthy`.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("{} of {} healthy", self.healthy, counted(self.expected, "target"))
    }
}

impl ops::AddAssign for TargetCounts {
    fn add_assign(&mut self, other: Self) {
        self.healthy += other.healthy;
        self.expected += other.expected;
        self.draining += other.draining;
        self.initial += other.initial;
        self.unhealthy += other.unhealthy;
        self.unavailable += other.unavailable;
        self.unused += other.unused;
    }
}

/// For a cell: `2/3 ↓1`, of which the last part are the draining ones.
impl fmt::Display for TargetCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.healthy, self.expected)?;
        if self.draining > 0 { write!(f, " ↓{}", self.draining) } else { Ok(()) }
    }
}

impl<'a> FromIterator<&'a Target> for TargetCounts {
    fn from_iter<T: IntoIterator<Item = &'a Target>>(targets: T) -> Self {
        let mut counts = Self::default();
        targets.into_iter().for_each(|target| counts.add(&target.state));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_drains_is_not_expected_to_be_healthy_and_everything_else_is() {
        let states = [
            TargetState::Healthy,
            TargetState::Healthy,
            TargetState::Initial,
            TargetState::Unhealthy,
            TargetState::Unavailable,
            TargetState::Unused,
            TargetState::Draining,
            TargetState::UnhealthyDraining,
            TargetState::Other("tired".into()),
        ];
        let mut counts = TargetCounts::default();
        states.iter().for_each(|state| counts.add(state));
        let of_states = TargetCounts { initial: 1, unhealthy: 1, unavailable: 2, unused: 1, ..TargetCounts::default() };
        assert_eq!(counts, TargetCounts { healthy: 2, expected: 7, draining: 2, ..of_states });
        assert_eq!(counts.to_string(), "2/7 ↓2");
        assert_eq!(counts.summary(), "2 of 7 targets healthy");
        let mut twice = counts;
        twice += counts;
        assert_eq!(
            twice,
            states.iter().chain(&states).fold(TargetCounts::default(), |mut all, state| {
                all.add(state);
                all
            })
        );
        let one = TargetCounts { healthy: 1, expected: 1, ..TargetCounts::default() };
        let with = |more: fn(&mut TargetCounts)| {
            let mut counts = one;
            more(&mut counts);
            counts.worst_state()
        };
        assert_eq!((one.worst_state(), with(|it| it.healthy = 0)), (TargetState::Healthy, TargetState::Unhealthy));
        assert_eq!(
            (with(|it| it.unhealthy = 1), with(|it| it.unavailable = 1)),
            (TargetState::Unhealthy, TargetState::Unhealthy)
        );
        assert_eq!(
            (with(|it| (it.unused, it.draining) = (1, 1)), with(|it| it.draining = 1)),
            (TargetState::Unused, TargetState::Initial)
        );
        assert_eq!((one.to_string(), one.summary()), ("1/1".to_owned(), "1 of 1 target healthy".to_owned()));
    }
}
