//! The tables of what Beanstalk knows: applications, environments, processes, and what happens to them.
//!
//! The defaults are those of an ordinary production environment, so that a scenario contains only what is special.

use super::{EpisodeSpec, GroupSettings, TrafficSpec};
use crate::sim::scenario::span::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ApplicationSpec {
    pub name: String,
    pub description: Option<String>,
    pub versions: Vec<String>,
    pub version: Vec<VersionSpec>,
    /// How many versions its lifecycle rule keeps.
    pub versions_kept: Option<usize>,
    /// For how many days its lifecycle rule keeps a version.
    pub versions_kept_days: Option<usize>,
}

/// A version of an application, and what is wrong with it: causes, not outcomes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub struct VersionSpec {
    pub label: String,
    /// The shares of its answers that are 5xx and 4xx, beside those of the traffic itself.
    pub server_errors: f64,
    pub client_errors: f64,
    /// They begin when this share of the fleet runs it, as when together the instances use up the database's connections.
    pub errors_from: f64,
    /// How many times as long its answers take.
    pub slowdown: f64,
    /// What it answers health checks with, if not with success.
    pub health_code: Option<u16>,
    /// It never answers health checks.
    pub health_hangs: bool,
    /// The deploy command fails on this instance, counted from 1 in the order of the deploy.
    pub fails_on: Option<usize>,
    /// On these the command fails after the application was replaced, and Beanstalk continues as if it had not.
    pub failed_instances: Vec<usize>,
    /// Whether events mention those failures.
    pub reports_failures: bool,
    /// From when on the application has this version no more.
    pub deleted: Option<Span>,
    /// The option settings in its files: `namespace/Option` and value.
    pub options: BTreeMap<String, String>,
}

impl VersionSpec {
    pub fn new(label: &str) -> Self {
        Self { label: label.to_owned(), ..Self::default() }
    }

    /// Does it answer otherwise than a version should?
    pub fn flawed(&self) -> bool {
        self.server_errors > 0.0 || self.client_errors > 0.0 || self.slowdown > 1.0
    }
}

impl Default for VersionSpec {
    fn default() -> Self {
        Self {
            label: String::new(),
            server_errors: 0.0,
            client_errors: 0.0,
            errors_from: 0.0,
            slowdown: 1.0,
            health_code: None,
            health_hangs: false,
            fails_on: None,
            failed_instances: Vec::new(),
            reports_failures: true,
            deleted: None,
            options: BTreeMap::new(),
        }
    }
}

/// A deployment that the scenario starts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DeploySpec {
    pub environment: String,
    pub version: String,
    pub at: Span,
    /// When it is aborted.
    pub aborted: Option<Span>,
}

/// An update of options that the scenario starts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct UpdateSpec {
    pub environment: String,
    pub at: Span,
    pub options: BTreeMap<String, String>,
    /// A managed update of the platform, which replaces the instances.
    pub managed: bool,
    /// Why it fails, in the refusing service's text.
    pub fails: Option<String>,
    /// When it is aborted.
    pub aborted: Option<Span>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Application,
    ApplicationShared,
    Network,
    Classic,
    Single,
    Worker,
}

#[expect(clippy::struct_excessive_bools, reason = "what a scenario says of an environment is independent of the rest")]
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub struct EnvironmentSpec {
    /// By this the scenario refers to it.
    pub name: String,
    /// What AWS calls it, where another environment has the same name; otherwise `name`.
    pub called: Option<String>,
    pub id: Option<String>,
    pub application: String,
    pub description: Option<String>,
    pub version: String,
    pub deployed: Span,
    pub created: Span,
    pub platform: String,
    /// The version of the platform, if not the recommended one.
    pub platform_version: Option<String>,
    pub kind: Kind,
    pub load_balancer: Option<String>,
    pub cname: Option<String>,
    pub hosts: Vec<String>,
    pub certificate: Option<String>,
    /// Those of its HTTPS listener beside the default one.
    pub additional_certificates: Vec<String>,
    pub policy: Option<String>,
    pub redirect: bool,
    pub status: String,
    /// Whether the operation that the status shows can be aborted.
    pub abortable: bool,
    pub health: String,
    pub health_status: Option<String>,
    pub causes: Vec<String>,
    pub health_change: Vec<HealthChangeSpec>,
    pub tagged: bool,
    pub tags: BTreeMap<String, String>,
    pub instances: usize,
    pub max_instances: Option<usize>,
    /// What the Auto Scaling group goes by: `EC2` or `ELB`.
    pub scaling_health_check: String,
    /// For how many seconds after its launch the health of an instance does not count; Beanstalk sets 0.
    pub scaling_grace_seconds: usize,
    /// Processes of its Auto Scaling group that are suspended.
    pub suspended_processes: Vec<String>,
    /// Scheduled actions of its Auto Scaling group, by name.
    pub scheduled_actions: Vec<String>,
    /// Whether its instances have public addresses.
    pub public_addresses: bool,
    /// The ranges that the security group of its instances admits on port 80, beside its load balancer.
    pub instances_admit: Vec<String>,
    /// Every update of its options that a client sends fails, for this reason.
    pub updates_fail: Option<String>,
    pub zones: usize,
    /// The zones of its own load balancer, where they are not those of its instances.
    pub load_balancer_zones: Option<usize>,
    /// Ports of listeners that lack the environment's rules.
    pub rules_missing_on: Vec<u16>,
    pub instance_type: String,
    pub traffic: TrafficSpec,
    /// The path of the application's WebSocket; at `/socket.io/` it has the polling of Engine.IO too.
    pub websocket: Option<String>,
    pub process: Vec<ProcessSpec>,
    pub options: BTreeMap<String, String>,
    pub attributes: BTreeMap<String, String>,
    pub timeline: Vec<EpisodeSpec>,
    pub event: Vec<EventSpec>,
}

impl EnvironmentSpec {
    /// The name by which AWS lists it.
    pub fn listed(&self) -> &str {
        self.called.as_deref().unwrap_or(&self.name)
    }
}

impl Default for EnvironmentSpec {
    fn default() -> Self {
        Self {
            name: String::new(),
            called: None,
            id: None,
            application: String::new(),
            description: None,
            version: "v1".to_owned(),
            deployed: Span::days(3),
            created: Span::days(400),
            platform: "Node.js 20".to_owned(),
            platform_version: None,
            kind: Kind::Application,
            load_balancer: None,
            cname: None,
            hosts: Vec::new(),
            certificate: None,
            additional_certificates: Vec::new(),
            policy: None,
            redirect: false,
            status: "Ready".to_owned(),
            abortable: true,
            health: "enhanced".to_owned(),
            health_status: None,
            causes: Vec::new(),
            health_change: Vec::new(),
            tagged: true,
            tags: BTreeMap::new(),
            instances: 2,
            max_instances: None,
            scaling_health_check: "EC2".to_owned(),
            scaling_grace_seconds: 0,
            suspended_processes: Vec::new(),
            scheduled_actions: Vec::new(),
            public_addresses: false,
            instances_admit: Vec::new(),
            updates_fail: None,
            zones: 2,
            load_balancer_zones: None,
            rules_missing_on: Vec::new(),
            instance_type: "t3.small".to_owned(),
            traffic: TrafficSpec::default(),
            websocket: None,
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
pub struct ProcessSpec {
    pub name: String,
    #[serde(flatten)]
    pub settings: GroupSettings,
    /// Paths that a rule sends to this process.
    pub paths: Vec<String>,
    /// Attributes of the target group that differ from the options: drift.
    pub live: BTreeMap<String, String>,
    pub traffic: Option<TrafficSpec>,
}

/// The environment's health in Beanstalk from a time on; without a status the region computes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct HealthChangeSpec {
    pub at: Span,
    pub health_status: Option<String>,
    pub causes: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct EventSpec {
    pub at: Span,
    pub severity: Option<String>,
    pub message: String,
    /// The version that it names.
    pub version: Option<String>,
}
