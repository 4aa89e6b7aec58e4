//! What exists in the region: built from a scenario, and grown by deploys; what happens is `physics`' business.
//!
//! Entities refer to each other by their place in the region's lists, and everything that AWS invents (ids, ARNs,
//! addresses) follows from the seed. What a deploy makes stays in the lists, with the times at which it is there.

mod attributes;
mod build;
mod certificates;
mod configuring;
mod environments;
mod history;
mod identity;
mod in_force;
mod laid;
mod listening;
mod load_balancers;
mod lookup;
mod mute_windows;
mod muting;
mod options;
mod pools;
mod security;
mod target_groups;
mod track;

pub(in crate::sim) use configuring::Configure;
pub(in crate::sim) use history::{Wanted, Write};
#[cfg(test)]
pub(in crate::sim) use in_force::Stickiness;
pub(in crate::sim) use in_force::{History, Settings};
pub(in crate::sim) use laid::{Configured, Laid, On};
pub(in crate::sim) use listening::NewListener;
pub(in crate::sim) use mute_windows::MuteWindows;
pub(in crate::sim) use muting::MuteRule;
pub(in crate::sim) use security::{Ingress, Peer, SecurityGroup};
pub(in crate::sim) use track::{Deploy, Move, Order, Release, Side, Temporary, Track, Turnover};

use super::scenario::spec::{Becomes, Kind, TrafficSpec, VersionSpec};
use lookup::Index;
use std::collections::BTreeMap;

/// How a managed update of the platform begins.
pub(in crate::sim) const MANAGED: &str = "Managed platform update is in-progress.";

/// A key and its value, as tags and attributes are.
pub(in crate::sim) type Pair = (String, String);

/// A simulated region. Times are milliseconds since the Unix epoch.
#[derive(Debug, Default)]
pub(in crate::sim) struct Region {
    pub(in crate::sim) name: String,
    pub(in crate::sim) account: String,
    pub(in crate::sim) caller_arn: String,
    pub(in crate::sim) caller_id: String,
    pub(in crate::sim) seed: u64,
    /// When the scenario began.
    pub(in crate::sim) epoch: i64,
    pub(in crate::sim) vpc: String,
    pub(in crate::sim) zones: Vec<Zone>,
    pub(in crate::sim) certificates: Vec<Certificate>,
    pub(in crate::sim) pools: Vec<Pool>,
    pub(in crate::sim) target_groups: Vec<TargetGroup>,
    pub(in crate::sim) load_balancers: Vec<LoadBalancer>,
    pub(in crate::sim) environments: Vec<Environment>,
    pub(in crate::sim) applications: Vec<Application>,
    pub(in crate::sim) security_groups: Vec<SecurityGroup>,
    pub(in crate::sim) alarms: Vec<Alarm>,
    /// By their names.
    pub(in crate::sim) mute_rules: BTreeMap<String, MuteRule>,
    /// What was asked for and accepted, in its order.
    writes: Vec<Write>,
    /// What was written to load balancers themselves, in its order.
    laid: Vec<Laid>,
    /// Whether an update of options resets what drifts beside what it changes (UNVERIFIED what Beanstalk does).
    resets_siblings: bool,
    /// Whether Beanstalk opens port 443 with the listener that it makes there (UNVERIFIED what Beanstalk does).
    opens_https: bool,
    index: Index,
}

#[derive(Debug)]
pub(in crate::sim) struct Zone {
    pub(in crate::sim) name: String,
    pub(in crate::sim) id: String,
    pub(in crate::sim) subnet: String,
    pub(in crate::sim) cidr: String,
}

#[derive(Debug)]
pub(in crate::sim) struct Certificate {
    pub(in crate::sim) key: String,
    pub(in crate::sim) arn: String,
    pub(in crate::sim) domain: String,
    pub(in crate::sim) names: Vec<String>,
    pub(in crate::sim) not_before: i64,
    pub(in crate::sim) not_after: i64,
    pub(in crate::sim) algorithm: String,
    pub(in crate::sim) kind: String,
    pub(in crate::sim) status: String,
    pub(in crate::sim) in_use: bool,
}

/// Instances that belong together (an Auto Scaling group), and what happens to them.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Pool {
    pub(in crate::sim) instances: Vec<Instance>,
    pub(in crate::sim) episodes: Vec<Episode>,
    pub(in crate::sim) environment: Option<usize>,
    /// The first target group in which the instances are registered.
    pub(in crate::sim) group: Option<usize>,
    pub(in crate::sim) instance_type: String,
    pub(in crate::sim) name: String,
    /// How many instances there are without any deploy.
    pub(in crate::sim) original: usize,
    /// What instances run: the first one unless a deploy says otherwise.
    pub(in crate::sim) releases: Vec<Release>,
}

#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Instance {
    pub(in crate::sim) id: String,
    pub(in crate::sim) zone: usize,
    pub(in crate::sim) address: String,
    pub(in crate::sim) launched: i64,
    pub(in crate::sim) entity: u64,
    pub(in crate::sim) track: Track,
}

/// Something that happens to one target; milliseconds of scenario time.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Episode {
    pub(in crate::sim) target: usize,
    pub(in crate::sim) at: i64,
    pub(in crate::sim) lasts: Option<i64>,
    pub(in crate::sim) every: Option<i64>,
    pub(in crate::sim) becomes: Becomes,
    pub(in crate::sim) code: u16,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::sim) struct HealthCheck {
    pub(in crate::sim) protocol: String,
    /// A number, or `traffic-port`.
    pub(in crate::sim) port: String,
    pub(in crate::sim) path: Option<String>,
    /// Milliseconds.
    pub(in crate::sim) interval: i64,
    pub(in crate::sim) timeout: i64,
    pub(in crate::sim) healthy: u32,
    pub(in crate::sim) unhealthy: u32,
    pub(in crate::sim) matcher: Option<String>,
}

#[derive(Debug, Default)]
pub(in crate::sim) struct TargetGroup {
    pub(in crate::sim) key: String,
    pub(in crate::sim) arn: String,
    pub(in crate::sim) name: String,
    pub(in crate::sim) protocol: String,
    /// `HTTP1`, `HTTP2` or `GRPC`.
    pub(in crate::sim) protocol_version: String,
    pub(in crate::sim) port: u16,
    /// The health check and the attributes that it came with.
    pub(in crate::sim) check: HealthCheck,
    pub(in crate::sim) attributes: Vec<Pair>,
    /// Both, at any time, with what was written over them.
    pub(in crate::sim) in_force: History,
    /// The paths that the application behind it answers with success; to others it says 404.
    pub(in crate::sim) serves: Vec<String>,
    pub(in crate::sim) tags: Vec<Pair>,
    pub(in crate::sim) pool: usize,
    pub(in crate::sim) process: String,
    /// None: attached to nothing.
    pub(in crate::sim) load_balancer: Option<usize>,
    /// How many of the region's zones that load balancer has.
    pub(in crate::sim) zones: Option<usize>,
    /// The instances of an environment that someone registered by hand, by their places; none: all of the pool.
    pub(in crate::sim) by_hand: Option<Vec<usize>>,
    pub(in crate::sim) traffic: TrafficSpec,
    pub(in crate::sim) entity: u64,
    /// What traffic splits put beside it.
    pub(in crate::sim) twins: Vec<usize>,
    /// What it was made for, if a traffic split made it.
    pub(in crate::sim) twin: Option<Twin>,
}

/// A target group that takes a share of another one's traffic for a while; scenario time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Twin {
    pub(in crate::sim) of: usize,
    pub(in crate::sim) from: i64,
    pub(in crate::sim) until: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Balancer {
    Application,
    Network,
    Classic,
}

#[derive(Debug)]
pub(in crate::sim) struct LoadBalancer {
    pub(in crate::sim) key: String,
    pub(in crate::sim) kind: Balancer,
    /// For a classic one too, although no answer carries it.
    pub(in crate::sim) arn: String,
    pub(in crate::sim) name: String,
    pub(in crate::sim) dns_name: String,
    pub(in crate::sim) scheme: String,
    pub(in crate::sim) state: String,
    pub(in crate::sim) created: i64,
    pub(in crate::sim) zones: usize,
    /// It has addresses of IPv6 too.
    pub(in crate::sim) dual_stack: bool,
    pub(in crate::sim) security_groups: Vec<String>,
    pub(in crate::sim) attributes: Vec<Pair>,
    pub(in crate::sim) tags: Vec<Pair>,
    pub(in crate::sim) listeners: Vec<Listener>,
    pub(in crate::sim) target_groups: Vec<usize>,
}

#[derive(Debug)]
pub(in crate::sim) struct Listener {
    pub(in crate::sim) arn: String,
    pub(in crate::sim) port: u16,
    pub(in crate::sim) protocol: String,
    pub(in crate::sim) certificate: Option<String>,
    pub(in crate::sim) policy: Option<String>,
    /// In the order of their priority, the default rule last.
    pub(in crate::sim) rules: Vec<Rule>,
    /// When it is there; scenario time.
    pub(in crate::sim) lives: std::ops::Range<i64>,
    /// The environment whose options make it, and so say too whether it is there.
    pub(in crate::sim) made_by: Option<usize>,
    /// What its default rule was reported to do since, each from a time on.
    pub(in crate::sim) defaults: Vec<(i64, RuleAction)>,
}

#[derive(Debug)]
pub(in crate::sim) struct Rule {
    pub(in crate::sim) arn: String,
    /// None: the default rule.
    pub(in crate::sim) priority: Option<u32>,
    pub(in crate::sim) hosts: Vec<String>,
    pub(in crate::sim) paths: Vec<String>,
    pub(in crate::sim) action: RuleAction,
}

#[derive(Clone, Debug)]
pub(in crate::sim) enum RuleAction {
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
pub(in crate::sim) struct Environment {
    /// By this the scenario refers to it; unlike the name, it is its own.
    pub(super) key: String,
    pub(in crate::sim) name: String,
    pub(in crate::sim) id: String,
    pub(in crate::sim) application: String,
    pub(in crate::sim) description: Option<String>,
    pub(in crate::sim) version: String,
    pub(in crate::sim) deployment: u64,
    pub(in crate::sim) deployed: i64,
    pub(in crate::sim) created: i64,
    pub(in crate::sim) platform: String,
    pub(in crate::sim) kind: Kind,
    pub(in crate::sim) endpoint: Option<String>,
    pub(in crate::sim) cname: Option<String>,
    pub(in crate::sim) status: String,
    /// Whether what the status speaks of can be aborted.
    pub(in crate::sim) abortable: bool,
    pub(in crate::sim) enhanced: bool,
    /// Health that the scenario dictates.
    pub(in crate::sim) health_status: Option<String>,
    pub(in crate::sim) causes: Vec<String>,
    /// What the scenario dictates instead, each from a time on; the oldest first.
    pub(in crate::sim) health_changes: Vec<HealthChange>,
    pub(in crate::sim) pool: usize,
    pub(in crate::sim) load_balancer: Option<usize>,
    /// The key of a load balancer that the scenario writes out.
    pub(in crate::sim) balancer_key: Option<String>,
    pub(in crate::sim) processes: Vec<usize>,
    pub(in crate::sim) scaling_group: String,
    pub(in crate::sim) max_instances: usize,
    /// What the Auto Scaling group goes by: `EC2` or `ELB`.
    pub(in crate::sim) scaling_health_check: String,
    /// Processes of the Auto Scaling group that do not run.
    pub(in crate::sim) suspended: Vec<String>,
    /// Why every update of its options that a client sends fails, if the scenario says so.
    pub(in crate::sim) updates_fail: Option<String>,
    pub(in crate::sim) instance_group: String,
    pub(in crate::sim) tags: Vec<Pair>,
    pub(in crate::sim) traffic: TrafficSpec,
    pub(in crate::sim) options: Vec<OptionSetting>,
    pub(in crate::sim) events: Vec<WrittenEvent>,
    pub(in crate::sim) entity: u64,
    /// Deploys that the scenario itself begins, and updates of options.
    pub(in crate::sim) scripted: Vec<Order>,
    pub(in crate::sim) updates: Vec<Configure>,
    /// All deploys, past and to come, in their order.
    pub(in crate::sim) deploys: Vec<Deploy>,
    /// Those of them that change options.
    pub(in crate::sim) configured: Vec<Configured>,
    /// Instances that came and went without a deploy.
    pub(in crate::sim) turnovers: Vec<Turnover>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::sim) struct OptionSetting {
    pub(in crate::sim) namespace: String,
    pub(in crate::sim) name: String,
    /// None: not set; such an option comes back without a value.
    pub(in crate::sim) value: Option<String>,
    /// The logical id of the resource in the environment's stack.
    pub(in crate::sim) resource: Option<&'static str>,
}

/// From a time of the scenario on, the health that it dictates.
#[derive(Clone, Debug)]
pub(in crate::sim) struct HealthChange {
    pub(in crate::sim) at: i64,
    pub(in crate::sim) status: Option<String>,
    pub(in crate::sim) causes: Vec<String>,
}

/// An event that the scenario itself has written down; scenario time.
#[derive(Debug)]
pub(in crate::sim) struct WrittenEvent {
    pub(in crate::sim) at: i64,
    pub(in crate::sim) severity: String,
    pub(in crate::sim) message: String,
}

#[derive(Debug)]
pub(in crate::sim) struct Application {
    pub(in crate::sim) name: String,
    pub(in crate::sim) description: Option<String>,
    pub(in crate::sim) created: i64,
    /// Newest last, with the time of each.
    pub(in crate::sim) versions: Vec<(VersionSpec, i64)>,
}

#[derive(Debug)]
pub(in crate::sim) struct Alarm {
    pub(in crate::sim) name: String,
    pub(in crate::sim) arn: String,
    pub(in crate::sim) namespace: String,
    pub(in crate::sim) metric: String,
    pub(in crate::sim) statistic: String,
    pub(in crate::sim) threshold: f64,
    pub(in crate::sim) dimensions: Vec<Pair>,
    /// An expression of the metric that it looks at, in place of the metric itself.
    pub(in crate::sim) expression: Option<String>,
    /// What it does: ARNs.
    pub(in crate::sim) actions: Vec<String>,
    pub(in crate::sim) state: String,
    pub(in crate::sim) since: i64,
}
