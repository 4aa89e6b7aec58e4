//! The tables of what Beanstalk knows: applications, environments, processes, and what happens to them.
//!
//! The defaults are those of an ordinary production environment, so that a scenario says only what is special.

use super::{GroupSettings, TrafficSpec};
use crate::sim::scenario::span::Span;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct ApplicationSpec {
    pub(in crate::sim) name: String,
    pub(in crate::sim) description: Option<String>,
    pub(in crate::sim) versions: Vec<String>,
    pub(in crate::sim) version: Vec<VersionSpec>,
}

/// A version of an application, and what is wrong with it: causes, not outcomes.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct VersionSpec {
    pub(in crate::sim) label: String,
    /// The shares of its answers that are 5xx and 4xx, beside those of the traffic itself.
    pub(in crate::sim) server_errors: f64,
    pub(in crate::sim) client_errors: f64,
    /// They begin when this share of the fleet runs it, as when together the instances use up the database's connections.
    pub(in crate::sim) errors_from: f64,
    /// How many times as long its answers take.
    pub(in crate::sim) slowdown: f64,
    /// What it answers health checks with, if not with success.
    pub(in crate::sim) health_code: Option<u16>,
    /// It never answers health checks.
    pub(in crate::sim) health_hangs: bool,
    /// The deploy command fails on this instance, counted from 1 in the order of the deploy.
    pub(in crate::sim) fails_on: Option<usize>,
    /// On these the command fails after the application was replaced, and Beanstalk goes on as if it had not.
    pub(in crate::sim) failed_instances: Vec<usize>,
    /// Whether events mention those failures.
    pub(in crate::sim) reports_failures: bool,
    /// From when on the application has this version no more.
    pub(in crate::sim) deleted: Option<Span>,
}

impl VersionSpec {
    pub(in crate::sim) fn new(label: &str) -> Self {
        Self { label: label.to_owned(), ..Self::default() }
    }

    /// Does it answer otherwise than a version should?
    pub(in crate::sim) fn flawed(&self) -> bool {
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
        }
    }
}

/// A deploy that begins by itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct DeploySpec {
    pub(in crate::sim) environment: String,
    pub(in crate::sim) version: String,
    pub(in crate::sim) at: Span,
    /// When someone aborts it.
    pub(in crate::sim) aborted: Option<Span>,
}

/// An update of options that begins by itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct UpdateSpec {
    pub(in crate::sim) environment: String,
    pub(in crate::sim) at: Span,
    pub(in crate::sim) options: BTreeMap<String, String>,
    /// A managed update of the platform, which replaces the instances.
    pub(in crate::sim) managed: bool,
    /// Why it fails, in the words of the service that refuses.
    pub(in crate::sim) fails: Option<String>,
    /// When someone aborts it.
    pub(in crate::sim) aborted: Option<Span>,
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
    /// By this the scenario refers to it.
    pub(in crate::sim) name: String,
    /// What AWS calls it, where another environment has the same name; otherwise `name`.
    pub(in crate::sim) called: Option<String>,
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
    /// Whether what the status speaks of can be aborted.
    pub(in crate::sim) abortable: bool,
    pub(in crate::sim) health: String,
    pub(in crate::sim) health_status: Option<String>,
    pub(in crate::sim) causes: Vec<String>,
    pub(in crate::sim) health_change: Vec<HealthChangeSpec>,
    pub(in crate::sim) tagged: bool,
    pub(in crate::sim) tags: BTreeMap<String, String>,
    pub(in crate::sim) instances: usize,
    pub(in crate::sim) max_instances: Option<usize>,
    /// What the Auto Scaling group goes by: `EC2` or `ELB`.
    pub(in crate::sim) scaling_health_check: String,
    /// Processes of its Auto Scaling group that someone has suspended.
    pub(in crate::sim) suspended_processes: Vec<String>,
    /// Every update of its options that a client sends fails, for this reason.
    pub(in crate::sim) updates_fail: Option<String>,
    pub(in crate::sim) zones: usize,
    /// The zones of its own load balancer, where they are not those of its instances.
    pub(in crate::sim) load_balancer_zones: Option<usize>,
    /// Ports of listeners that lack the environment's rules.
    pub(in crate::sim) rules_missing_on: Vec<u16>,
    pub(in crate::sim) instance_type: String,
    pub(in crate::sim) traffic: TrafficSpec,
    pub(in crate::sim) process: Vec<ProcessSpec>,
    pub(in crate::sim) options: BTreeMap<String, String>,
    pub(in crate::sim) attributes: BTreeMap<String, String>,
    pub(in crate::sim) timeline: Vec<EpisodeSpec>,
    pub(in crate::sim) event: Vec<EventSpec>,
}

impl EnvironmentSpec {
    /// The name by which AWS lists it.
    pub(in crate::sim) fn listed(&self) -> &str {
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
            kind: Kind::Application,
            load_balancer: None,
            cname: None,
            hosts: Vec::new(),
            certificate: None,
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
            suspended_processes: Vec::new(),
            updates_fail: None,
            zones: 2,
            load_balancer_zones: None,
            rules_missing_on: Vec::new(),
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

/// From a time on, what Beanstalk says of an environment's health; without a status it is what the region concludes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct HealthChangeSpec {
    pub(in crate::sim) at: Span,
    pub(in crate::sim) health_status: Option<String>,
    pub(in crate::sim) causes: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::sim) struct EventSpec {
    pub(in crate::sim) at: Span,
    pub(in crate::sim) severity: Option<String>,
    pub(in crate::sim) message: String,
}
