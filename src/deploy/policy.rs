//! How an update is rolled out: the deployment policy and what follows from it for the number of batches.

use crate::model::ConfigurationSettings;

const COMMAND: &str = "aws:elasticbeanstalk:command";
const SPLITTING: &str = "aws:elasticbeanstalk:trafficsplitting";

/// The deployment policy (`aws:elasticbeanstalk:command`, `DeploymentPolicy`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// All instances at once.
    #[default]
    AllAtOnce,
    /// Batch by batch.
    Rolling,
    /// Batch by batch, with a batch more while it lasts.
    RollingWithAdditionalBatch,
    /// New instances beside the old ones.
    Immutable,
    /// New instances beside the old ones, with a share of the requests for a while.
    TrafficSplitting,
}

impl Policy {
    /// The policy of AWS's word.
    #[must_use]
    pub fn from_wire(word: &str) -> Option<Self> {
        Some(match word {
            "AllAtOnce" => Self::AllAtOnce,
            "Rolling" => Self::Rolling,
            "RollingWithAdditionalBatch" => Self::RollingWithAdditionalBatch,
            "Immutable" => Self::Immutable,
            "TrafficSplitting" => Self::TrafficSplitting,
            _ => return None,
        })
    }

    /// AWS's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AllAtOnce => "AllAtOnce",
            Self::Rolling => "Rolling",
            Self::RollingWithAdditionalBatch => "RollingWithAdditionalBatch",
            Self::Immutable => "Immutable",
            Self::TrafficSplitting => "TrafficSplitting",
        }
    }

    /// Returns the name for a title.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::AllAtOnce => "All at once",
            Self::Rolling => "Rolling",
            Self::RollingWithAdditionalBatch => "Rolling with additional batch",
            Self::Immutable => "Immutable",
            Self::TrafficSplitting => "Traffic splitting",
        }
    }
}

/// The size of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BatchSize {
    Percent(u32),
    Instances(u32),
}

/// How an update is rolled out, from the option settings or their defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rollout {
    /// The policy.
    pub policy: Policy,
    size: BatchSize,
    /// Traffic splitting: the share of requests that the new version gets.
    pub new_version_percent: u32,
    /// Traffic splitting: for how many minutes.
    pub evaluation_minutes: u32,
    /// Whether the instances' health is not waited for.
    pub ignores_health: bool,
}

impl Rollout {
    /// Returns the rollout that these settings ask for.
    #[must_use]
    pub fn of(settings: &ConfigurationSettings) -> Self {
        let text = |namespace, name| settings.get(namespace, name).filter(|value| !value.is_empty());
        let number = |namespace, name, otherwise| {
            text(namespace, name).and_then(|value| value.parse().ok()).unwrap_or(otherwise)
        };
        let size = number(COMMAND, "BatchSize", 100);
        Self {
            policy: text(COMMAND, "DeploymentPolicy").and_then(Policy::from_wire).unwrap_or_default(),
            size: match text(COMMAND, "BatchSizeType") {
                Some("Fixed") => BatchSize::Instances(size),
                _ => BatchSize::Percent(size),
            },
            new_version_percent: number(SPLITTING, "NewVersionPercent", 10),
            evaluation_minutes: number(SPLITTING, "EvaluationTime", 5),
            ignores_health: text(COMMAND, "IgnoreHealthCheck") == Some("true"),
        }
    }

    /// Returns how many of so many instances are one batch. That a share is rounded down is UNVERIFIED.
    #[must_use]
    pub fn batch_of(&self, instances: u32) -> u32 {
        match self.policy {
            Policy::Rolling | Policy::RollingWithAdditionalBatch => match self.size {
                BatchSize::Percent(percent) => instances * percent / 100,
                BatchSize::Instances(size) => size,
            },
            _ => instances,
        }
        .clamp(1, instances.max(1))
    }

    /// Returns in how many batches so many instances are updated; `None` where there are no batches.
    #[must_use]
    pub fn batches_of(&self, instances: u32) -> Option<u32> {
        let batches = matches!(self.policy, Policy::Rolling | Policy::RollingWithAdditionalBatch);
        (batches && instances > 0).then(|| instances.div_ceil(self.batch_of(instances)) + self.additional())
    }

    /// How many batches there are beyond those of the instances.
    #[must_use]
    pub fn additional(&self) -> u32 {
        u32::from(self.policy == Policy::RollingWithAdditionalBatch)
    }

    /// How many instances may be out of service at a time without anything being wrong.
    #[must_use]
    pub fn out_of_service(&self, instances: u32) -> u32 {
        match self.policy {
            Policy::AllAtOnce => instances,
            Policy::Rolling => self.batch_of(instances),
            _ => 0,
        }
    }

    /// Returns the policy and the size of a batch: `Rolling, 33 %`.
    #[must_use]
    pub fn words(&self) -> String {
        match (self.policy, self.size) {
            (Policy::Rolling | Policy::RollingWithAdditionalBatch, BatchSize::Percent(percent)) => {
                format!("{}, {percent} %", self.policy.words())
            }
            (Policy::Rolling | Policy::RollingWithAdditionalBatch, BatchSize::Instances(size)) => {
                format!("{}, {size} at a time", self.policy.words())
            }
            (Policy::TrafficSplitting, _) => {
                format!("{}, {} % for {}m", self.policy.words(), self.new_version_percent, self.evaluation_minutes)
            }
            _ => self.policy.words().to_owned(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Key, OptionSetting, ScopeId};

    /// Settings with these options of `aws:elasticbeanstalk:command`.
    pub fn settings(options: &[(&str, &str)]) -> ConfigurationSettings {
        let option = |(name, value): &(&str, &str)| OptionSetting {
            namespace: COMMAND.into(),
            name: (*name).into(),
            value: Some((*value).into()),
        };
        let environment = Key::new(ScopeId(0), "e-1");
        ConfigurationSettings { environment, options: options.iter().map(option).collect() }
    }

    #[test]
    fn a_share_of_the_instances_makes_a_batch_and_the_last_one_may_be_smaller() {
        let rollout = Rollout::of(&settings(&[("DeploymentPolicy", "Rolling"), ("BatchSize", "40")]));
        assert_eq!((rollout.batch_of(6), rollout.batches_of(6)), (2, Some(3)));
        assert_eq!((rollout.batch_of(7), rollout.batches_of(7)), (2, Some(4)));
        assert_eq!((rollout.batch_of(1), rollout.batches_of(1)), (1, Some(1)));
        let fixed = [("DeploymentPolicy", "Rolling"), ("BatchSize", "4"), ("BatchSizeType", "Fixed")];
        assert_eq!(Rollout::of(&settings(&fixed)).batches_of(6), Some(2));
    }

    #[test]
    fn settings_that_say_nothing_mean_all_at_once() {
        let rollout = Rollout::of(&settings(&[("DeploymentPolicy", ""), ("BatchSize", "")]));
        assert_eq!((rollout.policy, rollout.batches_of(4)), (Policy::AllAtOnce, None));
        assert_eq!(rollout.out_of_service(4), 4);
    }
}
