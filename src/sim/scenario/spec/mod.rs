//! A scenario as it is written, once checked: one struct for each table of the TOML file.
//!
//! `schema` says which keys and values are allowed and explains them; here are only their types and defaults.

mod balancing;
mod beanstalk;

pub(in crate::sim) use balancing::*;
pub(in crate::sim) use beanstalk::*;

use super::span::Span;
use crate::sim::faults::{Allowance, Broken, Unreadability};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct Spec {
    pub(in crate::sim) description: String,
    pub(in crate::sim) seed: u64,
    /// Whether an update of options resets what drifts beside what it changes.
    pub(in crate::sim) resets_siblings: bool,
    /// Whether Beanstalk opens port 443 with the listener that it makes there.
    pub(in crate::sim) opens_https: bool,
    pub(in crate::sim) region: RegionSpec,
    pub(in crate::sim) faults: FaultsSpec,
    pub(in crate::sim) certificate: Vec<CertificateSpec>,
    pub(in crate::sim) load_balancer: Vec<LoadBalancerSpec>,
    pub(in crate::sim) target_group: Vec<TargetGroupSpec>,
    pub(in crate::sim) application: Vec<ApplicationSpec>,
    pub(in crate::sim) environment: Vec<EnvironmentSpec>,
    pub(in crate::sim) deploy: Vec<DeploySpec>,
    pub(in crate::sim) update: Vec<UpdateSpec>,
    pub(in crate::sim) alarm: Vec<AlarmSpec>,
    pub(in crate::sim) fleet: Option<FleetSpec>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct RegionSpec {
    pub(in crate::sim) name: String,
    pub(in crate::sim) account: String,
    pub(in crate::sim) caller: String,
    pub(in crate::sim) zones: usize,
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
pub(in crate::sim) struct FaultsSpec {
    pub(in crate::sim) latency: Span,
    pub(in crate::sim) deny: Vec<String>,
    /// What the caller is allowed, by name.
    pub(in crate::sim) policy: Option<String>,
    pub(in crate::sim) throttle: BTreeMap<String, Allowance>,
    pub(in crate::sim) expired: Vec<WindowSpec>,
    pub(in crate::sim) unreachable: Vec<UnreachableSpec>,
    pub(in crate::sim) unreadable: Vec<UnreadableSpec>,
    pub(in crate::sim) broken: BTreeMap<String, Broken>,
    pub(in crate::sim) internal: BTreeMap<String, u32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct WindowSpec {
    pub(in crate::sim) from: Span,
    pub(in crate::sim) until: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct UnreachableSpec {
    pub(in crate::sim) service: Option<String>,
    pub(in crate::sim) how: Unreachability,
    pub(in crate::sim) from: Span,
    pub(in crate::sim) until: Option<Span>,
}

/// An input that cannot be read: an operation, perhaps about one object only.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct UnreadableSpec {
    pub(in crate::sim) action: String,
    pub(in crate::sim) object: Option<String>,
    pub(in crate::sim) how: Unreadability,
    pub(in crate::sim) from: Span,
    pub(in crate::sim) until: Option<Span>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::sim) enum Unreachability {
    #[default]
    Refused,
    Timeout,
    Reset,
    Cut,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct AlarmSpec {
    pub(in crate::sim) name: String,
    pub(in crate::sim) namespace: Option<String>,
    pub(in crate::sim) metric: String,
    pub(in crate::sim) statistic: Option<String>,
    pub(in crate::sim) threshold: f64,
    pub(in crate::sim) load_balancer: Option<String>,
    pub(in crate::sim) target_group: Option<String>,
    pub(in crate::sim) environment: Option<String>,
    pub(in crate::sim) expression: Option<String>,
    pub(in crate::sim) action: Option<String>,
    pub(in crate::sim) state: Option<String>,
    pub(in crate::sim) since: Option<Span>,
}

/// A fleet that is generated rather than written out.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct FleetSpec {
    pub(in crate::sim) environments: usize,
    pub(in crate::sim) applications: usize,
    pub(in crate::sim) shared_load_balancers: usize,
    /// Shares of all environments.
    pub(in crate::sim) shared: f64,
    pub(in crate::sim) worker: f64,
    pub(in crate::sim) single: f64,
    pub(in crate::sim) classic: f64,
    pub(in crate::sim) network: f64,
    pub(in crate::sim) unhealthy: f64,
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
