//! What exists: environments, load balancers and what lies between them, as plain values; and the pure
//! functions that keep and link them.
//!
//! Nothing here knows AWS's SDK, a clock, a file or a terminal. Values enter through [`Batch`]es, are kept
//! by the [`Inventory`] and linked by [`link()`] into a [`Topology`]; a [`Snapshot`] holds both, and each reading's age.

mod alarm;
pub mod api_reads;
mod application;
mod arn;
mod batch;
mod by_name;
mod collections;
mod count;
mod doubt;
mod environment;
mod fault;
mod figure;
mod front;
mod health;
mod health_status;
mod instance;
mod inventory;
mod key;
mod known;
mod last_events;
mod lasting;
mod linking;
mod listener;
mod load_balancer;
mod measure;
mod merging;
mod metric;
mod moment;
mod mute_rule;
mod option_description;
mod price;
mod probe_finding;
mod process;
mod read_error;
mod reads;
mod relink;
mod security_group;
mod seen;
mod series;
mod service;
mod serving;
mod settings;
mod snapshot;
mod source;
mod tails;
mod target;
mod target_counts;
mod target_group;
#[cfg(test)]
mod tests;
mod text;
mod topology;
mod unlisted;
mod url;
mod version;
mod wire_enum;

pub use alarm::{
    Alarm, AlarmEvaluation, AlarmEvent, AlarmEventKind, AlarmExpression, AlarmMetric, AlarmState, AlarmSubjects,
    EnvironmentAlarms, concerning,
};
pub use api_reads::{AllowedBy, ApiRead};
pub use application::{Application, LifecycleRule, PlatformVersion, is_newer_version, platform_of};
pub use arn::{
    BalancerKind, balancer_kind, listener_of_rule, load_balancer_name, load_balancer_of, region_of, resource,
    resource_name,
};
pub use batch::{Answer, Ask, Batch, Covers, MetricQuestion, Names, ReadOutcome, Seq};
pub use collections::{Map, Set};
pub use count::{counted, plural};
pub use doubt::{Doubt, DoubtCause, Reliability};
pub use environment::{
    AutoScalingGroup, Environment, EnvironmentEvent, EnvironmentResources, EnvironmentStatus, ScheduledAction,
    Severity, Tier, UPDATE_STARTS,
};
pub use fault::{CREDENTIALS_FOR, Fault, FaultKind, failed_call};
pub use figure::{FIGURE_WIDTH, FigureUnit, figure, figure_parts, tick};
pub use front::{Front, adds_up, with_front};
pub use health::{
    ApplicationMetrics, Deployment, EnvironmentHealth, InstanceCounts, InstanceHealth, Latency, StatusCodes,
    runs_different,
};
pub use health_status::{HealthColour, HealthStatus};
pub use instance::Instance;
pub use inventory::{Delta, Inventory};
pub use key::{Key, Scope, ScopeId, Scopes, Tagged};
pub use known::Known;
pub use lasting::ReportedFaults;
pub use linking::{Relinked, link, relink};
pub use listener::{
    Certificate, Condition, Listener, Priority, Rule, RuleAction, TlsPolicy, WeightedTargetGroup,
    forwarded_target_groups,
};
pub use load_balancer::{LoadBalancer, LoadBalancerState, Scheme};
pub use measure::{Chart, ChartLine, ChartUnit, Measure, Range};
pub use metric::{Absence, DimensionSets, Metric, MetricFacts, NAMESPACE, PROVISIONAL, Statistic, Unit};
pub use moment::{Moment, span_words};
pub use mute_rule::{MuteRule, MuteStatus};
pub use option_description::{ChangeSeverity, OptionDescription, OptionDescriptions, OptionPattern, OptionValueType};
pub use price::DOLLARS_PER_SERIES;
pub use probe_finding::{PROBE_COUNTS_FOR, ProbeFinding, ProbeRecord, ProbeSeverity};
pub use process::processes_of;
pub use read_error::{ReadError, Unanswered};
pub use reads::{Read, Reads};
pub use relink::Relink;
pub use security_group::{Egress, Ingress, SecurityGroup, TrafficSource};
pub use seen::Seen;
pub use series::{MOST_VALUES, Measured, MetricAnswer, Metrics, Series, SeriesKey, Window};
pub use service::Service;
pub use serving::{leads_to, serves, serves_by_default};
pub use settings::{ConfigurationSettings, OptionList, OptionSets, OptionSetting};
pub use snapshot::{Snapshot, SnapshotChange};
pub use source::{CadenceGroup, Identity, SOURCES, Source, SourceRow};
pub use tails::{LOGS_ONLY_READY, LogTail, Tails};
pub use target::{Target, TargetReason, TargetState};
pub use target_counts::TargetCounts;
pub use target_group::{Attributes, HealthCheck, TargetGroup, duration_words, span_of_seconds};
pub use text::{clean, is_hostile, shortened, without_escapes};
pub use topology::{Balancer, EnvironmentLink, Evidence, EvidenceSet, LinkedGroup, Strength, Topology};
pub use url::masked_url;
pub use version::{ApplicationVersion, ObjectLocation, VersionStatus};
