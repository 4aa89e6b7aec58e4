//! How old each kind of reading may become, as configured.

use std::time::Duration;

use crate::config::{self, Config};
use crate::model::{CadenceGroup, Source};

/// How old a reading may become: while it is on screen, and while it is not.
pub type Cadence = config::CadenceSettings;

macro_rules! cadences {
    ($($name:ident $group:ident $help:literal),+ $(,)?) => {
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

            /// The cadence of a source.
            #[must_use]
            pub fn of_source(&self, source: &Source) -> Cadence {
                match source.row().cadence {
                    $(CadenceGroup::$group => self.$name,)+
                }
            }
        }
    };
}

const HOUR: Duration = Duration::from_secs(3600);

cadences! {
    environments Environments "Environments.",
    events Events "Events of environments.",
    inventory Inventory "The lists of load balancers and target groups, and security groups.",
    target_health TargetHealth "The health of targets.",
    attributes Attributes "Attributes of target groups, load balancers and listeners.",
    listeners Listeners "Listeners and their rules.",
    health Health "Enhanced health of an environment and its instances.",
    resources Resources "What Beanstalk made for an environment.",
    instances Instances "Auto Scaling groups and instances.",
    tags Tags "Tags of load balancers and target groups.",
    settings Settings "Option settings.",
    certificates Certificates "Certificates.",
    alarms Alarms "Alarms.",
    metrics Metrics "Figures of `CloudWatch`, which charges for them.",
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
