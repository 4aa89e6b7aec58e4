//! How an environment wants to be deployed to: its option settings, understood.

use crate::sim::physics::health::Status;
use crate::sim::region::{Environment, OptionSetting, value_of};
use crate::sim::scenario::spec::Kind;

/// What Beanstalk adds to the command timeout (milliseconds).
const GRACE: i64 = 240_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    AllAtOnce,
    Rolling,
    RollingWithAdditionalBatch,
    Immutable,
    TrafficSplitting,
}

/// The options of the namespaces `command` and `trafficsplitting`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) policy: Policy,
    /// Instances in a batch.
    pub(super) batch: usize,
    /// Milliseconds, with what Beanstalk adds.
    pub(super) timeout: i64,
    pub(super) ignore_health: bool,
    /// How many checks in a row have to be passed, and the worst health that passes.
    pub(super) checks: u32,
    pub(super) worst: Status,
    /// The share of traffic that a split sends to the new version, and for how long.
    pub(super) percent: f64,
    pub(super) evaluation: i64,
}

impl Manner {
    /// By the options that are deployed when it begins.
    pub(super) fn of(environment: &Environment, options: &[OptionSetting], instances: usize) -> Self {
        let command = |name| value_of(options, "aws:elasticbeanstalk:command", name);
        let number = |text: Option<&str>, default: i64| text.and_then(|text| text.parse().ok()).unwrap_or(default);
        let splitting = |name| value_of(options, "aws:elasticbeanstalk:trafficsplitting", name);
        let size = number(command("BatchSize"), 100).max(1) as usize;
        // Whether Beanstalk rounds a percentage down is UNVERIFIED; a batch has at least one instance.
        let batch = if command("BatchSizeType") == Some("Fixed") { size } else { instances * size / 100 };
        let threshold = value_of(options, "aws:elasticbeanstalk:healthreporting:system", "HealthCheckSuccessThreshold");
        Self {
            policy: policy(environment, command("DeploymentPolicy")),
            batch: batch.clamp(1, instances.max(1)),
            timeout: number(command("Timeout"), 600) * 1000 + GRACE,
            ignore_health: command("IgnoreHealthCheck") == Some("true"),
            checks: match environment.kind {
                _ if !environment.enhanced => 1,
                Kind::Worker => 18,
                _ => 12,
            },
            worst: match threshold {
                Some("Warning") => Status::Warning,
                Some("Degraded") => Status::Degraded,
                Some("Severe") => Status::Severe,
                _ => Status::Ok,
            },
            percent: number(splitting("NewVersionPercent"), 10).clamp(1, 100) as f64 / 100.0,
            evaluation: number(splitting("EvaluationTime"), 5) * 60_000,
        }
    }
}

/// A policy that the environment cannot follow falls back to the nearest that it can (an assumption).
fn policy(environment: &Environment, given: Option<&str>) -> Policy {
    let balanced = matches!(environment.kind, Kind::Application | Kind::ApplicationShared);
    match given {
        Some("TrafficSplitting") if balanced => Policy::TrafficSplitting,
        Some("Immutable" | "TrafficSplitting") => Policy::Immutable,
        Some("Rolling") if environment.kind != Kind::Single => Policy::Rolling,
        Some("RollingWithAdditionalBatch") if environment.kind != Kind::Single => Policy::RollingWithAdditionalBatch,
        _ => Policy::AllAtOnce,
    }
}
