//! The tables of what is in front: certificates, load balancers, listeners, rules, target groups, traffic.
//!
//! A process of an environment is a target group too, so the settings of both are one struct.

use super::EpisodeSpec;
use crate::sim::scenario::span::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    pub(in crate::sim) ip_address_type: String,
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
            ip_address_type: "ipv4".to_owned(),
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
    pub(in crate::sim) protocol_version: Option<String>,
    pub(in crate::sim) stickiness: Option<Span>,
    pub(in crate::sim) deregistration_delay: Option<Span>,
    pub(in crate::sim) health_check: HealthCheckSpec,
    /// Paths that the application answers with success, beside `/` and that of its health check.
    pub(in crate::sim) serves: Vec<String>,
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
    /// Its targets are instances of this environment, registered by hand.
    pub(in crate::sim) instances_of: Option<String>,
    /// Which of them, counted from 1; without any, all that were there at the beginning.
    pub(in crate::sim) instances: Vec<usize>,
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
            instances_of: None,
            instances: Vec::new(),
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
