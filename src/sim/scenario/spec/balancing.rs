//! The tables of load balancing: certificates, load balancers, listeners, rules, target groups, traffic.
//!
//! A process of an environment is a target group too, so the settings of both are one struct.

use super::EpisodeSpec;
use crate::sim::scenario::span::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct CertificateSpec {
    pub key: String,
    pub domain: String,
    pub names: Vec<String>,
    pub expires: Span,
    pub algorithm: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub status: String,
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
pub enum BalancerType {
    #[default]
    Application,
    Network,
    Classic,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct LoadBalancerSpec {
    pub key: String,
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub kind: BalancerType,
    pub scheme: String,
    pub state: String,
    pub dns: Option<String>,
    pub zones: usize,
    pub ip_address_type: String,
    pub attributes: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    pub listener: Vec<ListenerSpec>,
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
pub struct ListenerSpec {
    pub port: u16,
    pub protocol: Option<String>,
    pub certificate: Option<String>,
    /// Those beside the default one.
    pub additional_certificates: Vec<String>,
    pub policy: Option<String>,
    pub default: ActionSpec,
    pub rule: Vec<RuleSpec>,
}

/// Exactly one of the first four is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActionSpec {
    pub forward: Option<String>,
    pub split: Vec<ShareSpec>,
    pub redirect: Option<String>,
    pub fixed_response: Option<u16>,
    /// Group stickiness of a split.
    pub sticky: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ShareSpec {
    pub to: String,
    pub weight: u32,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct RuleSpec {
    pub priority: u32,
    pub hosts: Vec<String>,
    pub paths: Vec<String>,
    pub action: ActionSpec,
}

/// The settings that target groups and processes share; what is not given has the default of ELB or of Beanstalk.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GroupSettings {
    pub port: Option<u16>,
    pub protocol: Option<String>,
    pub protocol_version: Option<String>,
    pub stickiness: Option<Span>,
    pub deregistration_delay: Option<Span>,
    pub health_check: HealthCheckSpec,
    /// Paths that the application answers with success, beside `/` and that of its health check.
    pub serves: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HealthCheckSpec {
    pub path: Option<String>,
    pub interval: Option<Span>,
    pub timeout: Option<Span>,
    pub healthy: Option<u32>,
    pub unhealthy: Option<u32>,
    pub matcher: Option<String>,
}

/// A target group that no environment made.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct TargetGroupSpec {
    pub key: String,
    pub name: Option<String>,
    #[serde(flatten)]
    pub settings: GroupSettings,
    pub attributes: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    pub targets: usize,
    /// Its targets are instances of this environment, registered by hand.
    pub instances_of: Option<String>,
    /// Which of them, counted from 1; without any, all that were there at the beginning.
    pub instances: Vec<usize>,
    pub zones: usize,
    pub traffic: TrafficSpec,
    pub timeline: Vec<EpisodeSpec>,
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

/// The requests of clients, and the answers of the healthy application.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct TrafficSpec {
    /// Requests per second at the busiest hour.
    pub peak: f64,
    /// Half of the answers take less.
    pub median: Span,
    /// The share of 3xx, 4xx and 5xx answers.
    pub redirects: f64,
    pub client_errors: f64,
    pub server_errors: f64,
}

impl Default for TrafficSpec {
    fn default() -> Self {
        Self { peak: 0.0, median: Span(60), redirects: 0.0, client_errors: 0.004, server_errors: 0.0 }
    }
}
