//! How old each kind of reading may become, as configured.

use std::time::Duration;

use crate::config::{self, Config};
use crate::model::Source;

/// How old a reading may become: while somebody looks at it, and while nobody does.
pub type Cadence = config::Cadence;

macro_rules! cadences {
    ($($name:ident $help:literal),+ $(,)?) => {
        /// How old each kind may become. The names are those of the configuration's `[cadence]`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Cadences {
            $(#[doc = $help] pub $name: Cadence,)+
        }

        impl Cadences {
            /// The cadences that a configuration gives; a kind that it does not know is read once an hour.
            #[must_use]
            pub fn new(config: &Config) -> Self {
                let hourly = Cadence { visible: HOUR, background: HOUR };
                Self { $($name: config.cadence(stringify!($name)).unwrap_or(hourly),)+ }
            }

            /// The names, for a test that the configuration knows them all.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];
        }
    };
}

const HOUR: Duration = Duration::from_secs(3600);

cadences! {
    environments "`DescribeEnvironments`.",
    events "`DescribeEvents`.",
    inventory "`DescribeLoadBalancers`, `DescribeTargetGroups`.",
    target_health "`DescribeTargetHealth`.",
    attributes "Attributes of target groups and load balancers.",
    listeners "Listeners and their rules.",
    health "Enhanced health of an environment and its instances.",
    resources "`DescribeEnvironmentResources`.",
    instances "Auto Scaling groups and instances.",
    tags "Tags of load balancers and target groups.",
    settings "Option settings.",
    certificates "Certificates.",
    metrics "Figures of `CloudWatch`, which charges for them.",
}

impl Cadences {
    /// The cadence of a source.
    #[must_use]
    pub fn of_source(&self, source: &Source) -> Cadence {
        match source {
            Source::Environments(_) => self.environments,
            Source::Events(_) => self.events,
            Source::LoadBalancers(_) | Source::TargetGroups(_) | Source::SecurityGroup(_) => self.inventory,
            Source::Certificates(_) => self.certificates,
            Source::LoadBalancerTags(_) | Source::TargetGroupTags(_) => self.tags,
            Source::Resources(_) => self.resources,
            Source::AutoScalingGroup(_) | Source::Instance(_) | Source::InstanceAt(_) => self.instances,
            Source::Listeners(_) | Source::Rules(_) => self.listeners,
            Source::TargetHealth(_) => self.target_health,
            Source::TargetGroupAttributes(_) | Source::LoadBalancerAttributes(_) | Source::ListenerAttributes(_) => {
                self.attributes
            }
            Source::EnvironmentHealth(_) | Source::InstancesHealth(_) => self.health,
            Source::Metrics(..) => self.metrics,
            Source::Identity(_) | Source::History(_) | Source::Versions(_) | Source::Settings(_) => self.settings,
        }
    }
}

/// The cadence for what is on screen, or for what is not.
#[must_use]
pub fn of(cadence: Cadence, visible: bool) -> Duration {
    if visible { cadence.visible } else { cadence.background }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_knows_every_cadence() {
        let config = config::defaults();
        for name in Cadences::NAMES {
            assert!(config.cadence(name).is_some(), "{name}");
        }
    }
}
