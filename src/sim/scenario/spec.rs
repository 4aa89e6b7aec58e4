//! A scenario as it is written, once checked: one struct for each table of the TOML file.
//!
//! `schema` says which keys and values are allowed and explains them; here are only their types and defaults.

use super::span::Span;
use crate::sim::faults::{Allowance, Broken};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct Spec {
    pub(in crate::sim) description: String,
    pub(in crate::sim) seed: u64,
    pub(in crate::sim) region: RegionSpec,
    pub(in crate::sim) faults: FaultsSpec,
    pub(in crate::sim) certificate: Vec<CertificateSpec>,
    pub(in crate::sim) load_balancer: Vec<LoadBalancerSpec>,
    pub(in crate::sim) target_group: Vec<TargetGroupSpec>,
    pub(in crate::sim) application: Vec<ApplicationSpec>,
    pub(in crate::sim) environment: Vec<EnvironmentSpec>,
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
    pub(in crate::sim) throttle: BTreeMap<String, Allowance>,
    pub(in crate::sim) expired: Vec<WindowSpec>,
    pub(in crate::sim) unreachable: Vec<UnreachableSpec>,
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

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::sim) enum Unreachability {
    #[default]
    Refused,
    Timeout,
    Reset,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct CertificateSpec {
    pub(in crate::sim) key: String,
    pub(in crate::sim) domain: String,
    pub(in crate::sim) names: Vec<String>,
    pub(in crate::sim) expires: Span,
    pub(in crate::sim) algorithm: String,
    #[serde(rename = "type")]
    pub(in crate::sim) kind: String,
    pub(in crate::sim) status: String,
}

impl Default for CertificateSpec {
    fn default() -> Self {
        Self {
            key: String::new(),
            domain: String::new(),
            names: Vec::new(),
            expires: Span::days(200),
            algorithm: "RSA_2048".to_owned(),
            kind: "AMAZON_ISSUED".to_owned(),
            status: "ISSUED".to_owned(),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::sim) enum BalancerType {
    #[default]
    Application,
    Network,
    Classic,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct LoadBalancerSpec {
    pub(in crate::sim) key: String,
    pub(in crate::sim) name: Option<String>,
    #[serde(rename = "type")]
    pub(in crate::sim) kind: BalancerType,
    pub(in crate::sim) scheme: String,
    pub(in crate::sim) state: String,
    pub(in crate::sim) dns: Option<String>,
    pub(in crate::sim) zones: usize,
    pub(in crate::sim) attributes: BTreeMap<String, String>,
    pub(in crate::sim) tags: BTreeMap<String, String>,
    pub(in crate::sim) listener: Vec<ListenerSpec>,
}

impl Default for LoadBalancerSpec {
    fn default() -> Self {
        Self {
            key: String::new(),
            name: None,
            kind: BalancerType::Application,
            scheme: "internet-facing".to_owned(),
            state: "active".to_owned(),
            dns: None,
            zones: 2,
            attributes: BTreeMap::new(),
            tags: BTreeMap::new(),
            listener: Vec::new(),
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct ListenerSpec {
    pub(in crate::sim) port: u16,
    pub(in crate::sim) protocol: Option<String>,
    pub(in crate::sim) certificate: Option<String>,
    pub(in crate::sim) policy: Option<String>,
    pub(in crate::sim) default: ActionSpec,
    pub(in crate::sim) rule: Vec<RuleSpec>,
}

/// Exactly one of the first four is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct ActionSpec {
    pub(in crate::sim) forward: Option<String>,
    pub(in crate::sim) split: Vec<ShareSpec>,
    pub(in crate::sim) redirect: Option<String>,
    pub(in crate::sim) fixed_response: Option<u16>,
    /// Group stickiness of a split.
    pub(in crate::sim) sticky: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct ShareSpec {
    pub(in crate::sim) to: String,
    pub(in crate::sim) weight: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct RuleSpec {
    pub(in crate::sim) priority: u32,
    pub(in crate::sim) hosts: Vec<String>,
    pub(in crate::sim) paths: Vec<String>,
    pub(in crate::sim) action: ActionSpec,
}

/// The settings that target groups and processes share; what is not given has the default of ELB or of Beanstalk.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct GroupSettings {
    pub(in crate::sim) port: Option<u16>,
    pub(in crate::sim) protocol: Option<String>,
    pub(in crate::sim) stickiness: Option<Span>,
    pub(in crate::sim) deregistration_delay: Option<Span>,
    pub(in crate::sim) health_check: HealthCheckSpec,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct HealthCheckSpec {
    pub(in crate::sim) path: Option<String>,
    pub(in crate::sim) interval: Option<Span>,
    pub(in crate::sim) timeout: Option<Span>,
    pub(in crate::sim) healthy: Option<u32>,
    pub(in crate::sim) unhealthy: Option<u32>,
    pub(in crate::sim) matcher: Option<String>,
}

/// A target group that no environment made.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct TargetGroupSpec {
    pub(in crate::sim) key: String,
    pub(in crate::sim) name: Option<String>,
    #[serde(flatten)]
    pub(in crate::sim) settings: GroupSettings,
    pub(in crate::sim) attributes: BTreeMap<String, String>,
    pub(in crate::sim) tags: BTreeMap<String, String>,
    pub(in crate::sim) targets: usize,
    pub(in crate::sim) zones: usize,
    pub(in crate::sim) traffic: TrafficSpec,
    pub(in crate::sim) timeline: Vec<EpisodeSpec>,
}

impl Default for TargetGroupSpec {
    fn default() -> Self {
        Self {
            key: String::new(),
            name: None,
            settings: GroupSettings::default(),
            attributes: BTreeMap::new(),
            tags: BTreeMap::new(),
            targets: 1,
            zones: 2,
            traffic: TrafficSpec::default(),
            timeline: Vec::new(),
        }
    }
}

/// What clients ask for, and how the application answers when it is well.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct TrafficSpec {
    /// Requests per second at the busiest hour.
    pub(in crate::sim) peak: f64,
    /// Half of the answers take less.
    pub(in crate::sim) median: Span,
    /// The share of 3xx, 4xx and 5xx answers.
    pub(in crate::sim) redirects: f64,
    pub(in crate::sim) client_errors: f64,
    pub(in crate::sim) server_errors: f64,
}

impl Default for TrafficSpec {
    fn default() -> Self {
        Self { peak: 0.0, median: Span(60), redirects: 0.0, client_errors: 0.004, server_errors: 0.0 }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct ApplicationSpec {
    pub(in crate::sim) name: String,
    pub(in crate::sim) description: Option<String>,
    pub(in crate::sim) versions: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sim) enum Kind {
    #[default]
    Application,
    ApplicationShared,
    Network,
    Classic,
    Single,
    Worker,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct EnvironmentSpec {
    pub(in crate::sim) name: String,
    pub(in crate::sim) id: Option<String>,
    pub(in crate::sim) application: String,
    pub(in crate::sim) description: Option<String>,
    pub(in crate::sim) version: String,
    pub(in crate::sim) deployed: Span,
    pub(in crate::sim) created: Span,
    pub(in crate::sim) platform: String,
    pub(in crate::sim) kind: Kind,
    pub(in crate::sim) load_balancer: Option<String>,
    pub(in crate::sim) cname: Option<String>,
    pub(in crate::sim) hosts: Vec<String>,
    pub(in crate::sim) certificate: Option<String>,
    pub(in crate::sim) policy: Option<String>,
    pub(in crate::sim) redirect: bool,
    pub(in crate::sim) status: String,
    pub(in crate::sim) health: String,
    pub(in crate::sim) health_status: Option<String>,
    pub(in crate::sim) causes: Vec<String>,
    pub(in crate::sim) tagged: bool,
    pub(in crate::sim) tags: BTreeMap<String, String>,
    pub(in crate::sim) instances: usize,
    pub(in crate::sim) max_instances: Option<usize>,
    pub(in crate::sim) zones: usize,
    pub(in crate::sim) instance_type: String,
    pub(in crate::sim) traffic: TrafficSpec,
    pub(in crate::sim) process: Vec<ProcessSpec>,
    pub(in crate::sim) options: BTreeMap<String, String>,
    pub(in crate::sim) attributes: BTreeMap<String, String>,
    pub(in crate::sim) timeline: Vec<EpisodeSpec>,
    pub(in crate::sim) event: Vec<EventSpec>,
}

impl Default for EnvironmentSpec {
    fn default() -> Self {
        Self {
            name: String::new(),
            id: None,
            application: String::new(),
            description: None,
            version: "v1".to_owned(),
            deployed: Span::days(3),
            created: Span::days(400),
            platform: "Node.js 20".to_owned(),
            kind: Kind::Application,
            load_balancer: None,
            cname: None,
            hosts: Vec::new(),
            certificate: None,
            policy: None,
            redirect: false,
            status: "Ready".to_owned(),
            health: "enhanced".to_owned(),
            health_status: None,
            causes: Vec::new(),
            tagged: true,
            tags: BTreeMap::new(),
            instances: 2,
            max_instances: None,
            zones: 2,
            instance_type: "t3.small".to_owned(),
            traffic: TrafficSpec::default(),
            process: Vec::new(),
            options: BTreeMap::new(),
            attributes: BTreeMap::new(),
            timeline: Vec::new(),
            event: Vec::new(),
        }
    }
}

/// A process of an environment: a target group on an application or network load balancer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct ProcessSpec {
    pub(in crate::sim) name: String,
    #[serde(flatten)]
    pub(in crate::sim) settings: GroupSettings,
    /// Paths that a rule sends to this process.
    pub(in crate::sim) paths: Vec<String>,
    /// Attributes of the target group that differ from the options: drift.
    pub(in crate::sim) live: BTreeMap<String, String>,
    pub(in crate::sim) traffic: Option<TrafficSpec>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::sim) enum Becomes {
    #[default]
    Failing,
    TimingOut,
    Refusing,
    Draining,
    Registering,
    Terminated,
}

/// Something that happens to some targets.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct EpisodeSpec {
    pub(in crate::sim) at: Span,
    pub(in crate::sim) targets: Vec<usize>,
    pub(in crate::sim) becomes: Becomes,
    pub(in crate::sim) code: Option<u16>,
    #[serde(rename = "for")]
    pub(in crate::sim) lasts: Option<Span>,
    pub(in crate::sim) every: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct EventSpec {
    pub(in crate::sim) at: Span,
    pub(in crate::sim) severity: Option<String>,
    pub(in crate::sim) message: String,
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
