//! A scenario as it is written, once checked: one struct for each table of the TOML file.
//!
//! `schema` defines which keys and values are allowed and explains them; here are only their types and defaults.

mod balancing;
mod beanstalk;
mod episode;

pub use balancing::*;
pub use beanstalk::*;
pub use episode::*;

use super::span::Span;
use crate::sim::faults::{Allowance, Broken, Unreadability};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Spec {
    pub description: String,
    pub seed: u64,
    /// Whether an update of options resets what drifts beside what it changes.
    pub resets_siblings: bool,
    /// Whether Beanstalk opens port 443 with the listener that it makes there.
    pub opens_https: bool,
    pub region: RegionSpec,
    pub faults: FaultsSpec,
    pub certificate: Vec<CertificateSpec>,
    pub load_balancer: Vec<LoadBalancerSpec>,
    pub target_group: Vec<TargetGroupSpec>,
    pub application: Vec<ApplicationSpec>,
    pub environment: Vec<EnvironmentSpec>,
    pub deploy: Vec<DeploySpec>,
    pub update: Vec<UpdateSpec>,
    pub alarm: Vec<AlarmSpec>,
    pub composite_alarm: Vec<CompositeAlarmSpec>,
    pub fleet: Option<FleetSpec>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct RegionSpec {
    pub name: String,
    pub account: String,
    pub caller: String,
    pub zones: usize,
}

impl Default for RegionSpec {
    fn default() -> Self {
        Self {
            name: "eu-west-1".to_owned(),
            account: "471108151234".to_owned(),
            caller: "assumed-role/prod-admin/demo".to_owned(),
            zones: 3,
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct FaultsSpec {
    pub latency: Span,
    pub deny: Vec<String>,
    /// What the caller is allowed, by name.
    pub policy: Option<String>,
    pub throttle: BTreeMap<String, Allowance>,
    pub expired: Vec<WindowSpec>,
    pub unreachable: Vec<UnreachableSpec>,
    pub unreadable: Vec<UnreadableSpec>,
    pub broken: BTreeMap<String, Broken>,
    pub internal: BTreeMap<String, u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct WindowSpec {
    pub from: Span,
    pub until: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UnreachableSpec {
    pub service: Option<String>,
    pub how: Unreachability,
    pub from: Span,
    pub until: Option<Span>,
}

/// An input that cannot be read: an operation, perhaps about one object only.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UnreadableSpec {
    pub action: String,
    pub object: Option<String>,
    pub how: Unreadability,
    pub from: Span,
    pub until: Option<Span>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unreachability {
    #[default]
    Refused,
    Timeout,
    Reset,
    Cut,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AlarmSpec {
    pub name: String,
    pub namespace: Option<String>,
    pub metric: String,
    pub statistic: Option<String>,
    pub threshold: f64,
    pub load_balancer: Option<String>,
    /// The environment whose load balancer it looks at.
    pub load_balancer_of: Option<String>,
    pub target_group: Option<String>,
    pub environment: Option<String>,
    pub expression: Option<String>,
    pub action: Option<String>,
    /// Minutes that have to breach; two unless it is given.
    pub periods: Option<usize>,
    pub missing: Option<String>,
    /// Dictates the state. Without it the state follows the metric.
    pub state: Option<String>,
    pub since: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CompositeAlarmSpec {
    pub name: String,
    pub rule: String,
    pub action: Option<String>,
}

/// A fleet that is generated rather than written out.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct FleetSpec {
    pub environments: usize,
    pub applications: usize,
    pub shared_load_balancers: usize,
    /// Shares of all environments.
    pub shared: f64,
    pub worker: f64,
    pub single: f64,
    pub classic: f64,
    pub network: f64,
    pub unhealthy: f64,
}

impl Default for FleetSpec {
    fn default() -> Self {
        Self {
            environments: 0,
            applications: 1,
            shared_load_balancers: 1,
            shared: 0.10,
            worker: 0.05,
            single: 0.05,
            classic: 0.05,
            network: 0.05,
            unhealthy: 0.04,
        }
    }
}
