//! Targets by state: the one rule by which every screen, table and answer counts them.

use super::{Target, TargetState};

/// Targets by state, over one target group or several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TargetCounts {
    /// Healthy ones.
    pub healthy: u32,
    /// All but the draining ones: what should be healthy.
    pub total: u32,
    /// On their way out, whether healthy or not.
    pub draining: u32,
    /// On their way in.
    pub initial: u32,
    /// Failing, or of unknown health.
    pub unhealthy: u32,
    /// Getting no traffic.
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
            TargetState::Unhealthy | TargetState::Unavailable | TargetState::Other(_) => &mut self.unhealthy,
        };
        *count += 1;
        self.total += 1;
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
        let expected = TargetCounts { healthy: 2, total: 7, draining: 2, initial: 1, unhealthy: 3, unused: 1 };
        assert_eq!(counts, expected);
    }
}
