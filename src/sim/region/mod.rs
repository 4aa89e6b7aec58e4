//! What exists in the region: built from a scenario, and grown by deploys; what happens is `physics`' business.
//!
//! Entities refer to each other by their place in the region's lists, and everything that AWS invents (ids, ARNs,
//! addresses) follows from the seed. What a deploy makes stays in the lists, with the times at which it is there.

mod alarm_rule;
mod alarming;
mod alarms;
mod answers;
mod attributes;
mod build;
mod bundle;
mod certificates;
mod configuring;
mod environments;
mod event;
mod history;
mod identity;
mod in_force;
mod index;
mod listening;
mod load_balancers;
mod lookup;
mod metric_math;
mod mute_windows;
mod muting;
mod options;
mod overrides;
mod overriding;
mod pools;
mod securing;
mod security;
mod settings;
mod storage;
mod swapping;
mod target_groups;
mod track;
mod values;
mod version_files;
mod versions;
mod write;

pub use alarm_rule::AlarmRule;
pub use alarms::{
    Alarm, AlarmChange, AlarmMetric, AlarmPast, AlarmQuery, Comparison, Evaluation, Queried, Watches, alarm_state,
};
pub use answers::Answers;
pub use bundle::Bundle;
pub use event::Event;
pub use listening::NewListener;
pub use lookup::value_of;
pub use metric_math::Expression;
pub use mute_windows::MuteWindows;
pub use muting::MuteRule;
pub use overrides::{Configured, On, Override};
pub use security::{Ingress, Peer, SecurityGroup};
#[cfg(test)]
pub use settings::Stickiness;
pub use settings::{History, Settings};
pub use storage::{Storage, StoredObject, Upload};
pub use track::{Deploy, Move, Order, Release, Side, Temporary, Track, Turnover};
pub use values::{Balancer, HealthCheck, OptionSetting, Pair};
pub use write::{Configure, Wanted, Write};

use super::scenario::spec::{Becomes, Kind, TrafficSpec, VersionSpec};
use index::Index;
use std::collections::BTreeMap;

/// The version of every platform that AWS recommends.
pub const RECOMMENDED_PLATFORM_VERSION: &str = "6.6.2";

/// How a managed update of the platform begins.
pub const MANAGED: &str = "Managed platform update is in-progress.";

/// A simulated region. Times are milliseconds since the Unix epoch.
#[derive(Debug, Default)]
pub struct Region {
    pub name: String,
    pub account: String,
    pub caller_arn: String,
    pub caller_id: String,
    pub seed: u64,
    /// When the scenario began.
    pub epoch: i64,
    pub vpc: String,
    pub zones: Vec<Zone>,
    pub certificates: Vec<Certificate>,
    pub pools: Vec<Pool>,
    pub target_groups: Vec<TargetGroup>,
    pub load_balancers: Vec<LoadBalancer>,
    pub environments: Vec<Environment>,
    pub applications: Vec<Application>,
    /// What is in S3.
    pub storage: Storage,
    pub security_groups: Vec<SecurityGroup>,
    pub alarms: Vec<Alarm>,
    /// By their names.
    pub mute_rules: BTreeMap<String, MuteRule>,
    /// The accepted requests, in order.
    writes: Vec<Write>,
    /// What was written to load balancers themselves, in its order.
    overrides: Vec<Override>,
    /// Whether an update of options resets what drifts beside what it changes (UNVERIFIED what Beanstalk does).
    resets_siblings: bool,
    /// Whether Beanstalk opens port 443 with the listener that it makes there (UNVERIFIED what Beanstalk does).
    opens_https: bool,
    index: Index,
}

#[derive(Debug)]
pub struct Zone {
    pub name: String,
    pub id: String,
    pub subnet: String,
    pub cidr: String,
}

#[derive(Debug)]
pub struct Certificate {
    pub key: String,
    pub arn: String,
    pub domain: String,
    pub names: Vec<String>,
    pub not_before: i64,
    pub not_after: i64,
    pub algorithm: String,
    pub kind: String,
    pub status: String,
    pub in_use: bool,
}

/// Instances that belong together (an Auto Scaling group), and what happens to them.
#[derive(Clone, Debug, Default)]
pub struct Pool {
    pub instances: Vec<Instance>,
    pub episodes: Vec<Episode>,
    pub environment: Option<usize>,
    /// The first target group in which the instances are registered.
    pub group: Option<usize>,
    pub instance_type: String,
    pub name: String,
    /// How many instances there are without any deploy.
    pub original: usize,
    /// What instances run: the first one unless a deployment replaces it.
    pub releases: Vec<Release>,
}

#[derive(Clone, Debug, Default)]
pub struct Instance {
    pub id: String,
    pub zone: usize,
    pub address: String,
    pub launched: i64,
    pub entity: u64,
    pub track: Track,
}

/// Something that happens to one target; milliseconds of scenario time.
#[derive(Clone, Debug)]
pub struct Episode {
    pub target: usize,
    pub at: i64,
    pub lasts: Option<i64>,
    pub every: Option<i64>,
    pub becomes: Becomes,
    pub code: u16,
}

#[derive(Debug, Default)]
pub struct TargetGroup {
    pub key: String,
    pub arn: String,
    pub name: String,
    pub protocol: String,
    /// `HTTP1`, `HTTP2` or `GRPC`.
    pub protocol_version: String,
    pub port: u16,
    /// The health check and the attributes that it came with.
    pub check: HealthCheck,
    pub attributes: Vec<Pair>,
    /// Both, at any time, with their overrides.
    pub in_force: History,
    /// The paths that the application behind it answers with success; others get 404.
    pub serves: Vec<String>,
    pub tags: Vec<Pair>,
    pub pool: usize,
    pub process: String,
    /// None: attached to nothing.
    pub load_balancer: Option<usize>,
    /// How many of the region's zones that load balancer has.
    pub zones: Option<usize>,
    /// The instances of an environment that were registered by hand, by their places; `None`: all of the pool.
    pub by_hand: Option<Vec<usize>>,
    pub traffic: TrafficSpec,
    pub entity: u64,
    /// What traffic splits put beside it.
    pub twins: Vec<usize>,
    /// What it was made for, if a traffic split made it.
    pub twin: Option<Twin>,
}

/// A target group that takes a share of another one's traffic for a while; scenario time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twin {
    pub of: usize,
    pub from: i64,
    pub until: i64,
}

#[derive(Debug)]
pub struct LoadBalancer {
    pub key: String,
    pub kind: Balancer,
    /// For a classic one too, although no answer carries it.
    pub arn: String,
    pub name: String,
    pub dns_name: String,
    pub scheme: String,
    pub state: String,
    pub created: i64,
    pub zones: usize,
    /// It has addresses of IPv6 too.
    pub dual_stack: bool,
    pub security_groups: Vec<String>,
    pub attributes: Vec<Pair>,
    pub tags: Vec<Pair>,
    pub listeners: Vec<Listener>,
    pub target_groups: Vec<usize>,
}

#[derive(Debug)]
pub struct Listener {
    pub arn: String,
    pub port: u16,
    pub protocol: String,
    pub certificate: Option<String>,
    /// The ARNs of those beside the default one, for other names (SNI).
    pub additional_certificates: Vec<String>,
    pub policy: Option<String>,
    /// In the order of their priority, the default rule last.
    pub rules: Vec<Rule>,
    /// When it is there; scenario time.
    pub lives: std::ops::Range<i64>,
    /// The environment whose options create it, and so decide whether it is there.
    pub made_by: Option<usize>,
    /// The actions that its default rule was given since, each from a time on.
    pub defaults: Vec<(i64, RuleAction)>,
}

#[derive(Debug)]
pub struct Rule {
    pub arn: String,
    /// None: the default rule.
    pub priority: Option<u32>,
    pub hosts: Vec<String>,
    pub paths: Vec<String>,
    pub action: RuleAction,
}

#[derive(Clone, Debug)]
pub enum RuleAction {
    Forward {
        /// Target group and weight.
        to: Vec<(usize, u32)>,
        /// Group stickiness in seconds.
        sticky: Option<i64>,
    },
    /// To the same place over HTTPS, with this status.
    RedirectToHttps(u16),
    Fixed(u16),
}

#[derive(Debug)]
pub struct Environment {
    /// By this the scenario refers to it; unlike the name, it is its own.
    pub(super) key: String,
    pub name: String,
    pub id: String,
    pub application: String,
    pub description: Option<String>,
    pub version: String,
    pub deployment: u64,
    pub deployed: i64,
    pub created: i64,
    pub platform: String,
    pub platform_version: String,
    pub kind: Kind,
    pub endpoint: Option<String>,
    pub cname: Option<String>,
    pub status: String,
    /// Whether the operation that the status shows can be aborted.
    pub abortable: bool,
    pub enhanced: bool,
    /// Health that the scenario dictates.
    pub health_status: Option<String>,
    pub causes: Vec<String>,
    /// What the scenario dictates instead, each from a time on; the oldest first.
    pub health_changes: Vec<HealthChange>,
    pub pool: usize,
    pub load_balancer: Option<usize>,
    /// The key of a load balancer that the scenario writes out.
    pub balancer_key: Option<String>,
    pub processes: Vec<usize>,
    pub scaling_group: String,
    pub max_instances: usize,
    /// What the Auto Scaling group goes by: `EC2` or `ELB`.
    pub scaling_health_check: String,
    /// For how many seconds after its launch the health of an instance does not count there.
    pub scaling_grace_seconds: usize,
    /// Processes of the Auto Scaling group that do not run.
    pub suspended: Vec<String>,
    /// Names of scheduled actions of its Auto Scaling group.
    pub scheduled_actions: Vec<String>,
    /// Whether its instances have public addresses.
    pub public_addresses: bool,
    /// Why every update of its options that a client sends fails, if the scenario wants that.
    pub updates_fail: Option<String>,
    pub instance_group: String,
    pub tags: Vec<Pair>,
    pub traffic: TrafficSpec,
    /// The path of the application's WebSocket.
    pub websocket: Option<String>,
    pub options: Vec<OptionSetting>,
    pub events: Vec<WrittenEvent>,
    pub entity: u64,
    /// Deploys that the scenario itself begins, and updates of options.
    pub scripted: Vec<Order>,
    pub updates: Vec<Configure>,
    /// All deploys, past and to come, in their order.
    pub deploys: Vec<Deploy>,
    /// Those of them that change options.
    pub configured: Vec<Configured>,
    /// The options that were set through the API when it was created: namespace and name.
    pub options_set: Vec<(String, String)>,
    /// What the files of its versions wrote to what is live.
    pub files_overrides: Vec<Override>,
    /// Instances that came and went without a deploy.
    pub turnovers: Vec<Turnover>,
}

/// From a time of the scenario on, the health that it dictates.
#[derive(Clone, Debug)]
pub struct HealthChange {
    pub at: i64,
    pub status: Option<String>,
    pub causes: Vec<String>,
}

/// An event that the scenario itself has written down; scenario time.
#[derive(Debug)]
pub struct WrittenEvent {
    pub at: i64,
    pub severity: String,
    pub message: String,
    pub version: Option<String>,
}

#[derive(Debug)]
pub struct Application {
    pub name: String,
    pub description: Option<String>,
    pub created: i64,
    /// Newest last, with the time of each.
    pub versions: Vec<(VersionSpec, i64)>,
    /// How many versions its lifecycle rule keeps.
    pub versions_kept: Option<usize>,
    /// For how many days its lifecycle rule keeps a version.
    pub versions_kept_days: Option<usize>,
    /// What clients made versions from, by label.
    pub bundles: BTreeMap<String, Bundle>,
}
