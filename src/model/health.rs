//! Enhanced and basic health, of an environment and of its instances.

use std::sync::Arc;
use std::time::Duration;

use super::{Environment, HealthColour, HealthStatus, Instance, Key, Moment};

/// The latency of requests within the slice, in seconds on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    /// The average of the slowest 1 %.
    pub p99: Option<f64>,
    /// The average of the slowest 10 %.
    pub p90: Option<f64>,
    /// The average of the slower half.
    pub p50: Option<f64>,
}

/// Requests by status. Counts, although the API reference says percentages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusCodes {
    /// 200..299.
    pub status_2xx: i32,
    /// 300..399.
    pub status_3xx: i32,
    /// 400..499.
    pub status_4xx: i32,
    /// 500..599.
    pub status_5xx: i32,
}

/// What the proxy on the instances saw in a slice of about ten seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ApplicationMetrics {
    /// The slice's length.
    pub duration: Duration,
    /// Requests within the slice (a count, although the API reference says per second).
    pub request_count: i32,
    /// By status.
    pub status_codes: Option<StatusCodes>,
    /// Absent without requests.
    pub latency: Latency,
}

impl ApplicationMetrics {
    /// Requests a second over the slice.
    #[must_use]
    pub fn requests_per_second(&self) -> f64 {
        let seconds = if self.duration.is_zero() { 10.0 } else { self.duration.as_secs_f64() };
        f64::from(self.request_count) / seconds
    }
}

/// How many instances have which health.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InstanceCounts {
    /// Ok and Info.
    pub well: i32,
    /// Warning, Degraded and Severe.
    pub ill: i32,
    /// Pending, Unknown and No data.
    pub unknown: i32,
}

/// `DescribeEnvironmentHealth`.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvironmentHealth {
    /// Whose.
    pub environment: Key<Environment>,
    /// The word.
    pub status: Option<HealthStatus>,
    /// The colour.
    pub colour: Option<HealthColour>,
    /// Why, in Beanstalk's words.
    pub causes: Vec<Arc<str>>,
    /// Requests and latency.
    pub metrics: Option<ApplicationMetrics>,
    /// Instances by health.
    pub instances: InstanceCounts,
    /// When Beanstalk computed it.
    pub refreshed_at: Option<Moment>,
}

/// What version an instance runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// The version's label.
    pub version: Option<Arc<str>>,
    /// The number of the deployment.
    pub id: Option<i64>,
    /// `In Progress`, `Deployed` or `Failed`.
    pub status: Option<Arc<str>>,
    /// When.
    pub at: Option<Moment>,
}

/// One instance of `DescribeInstancesHealth`.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceHealth {
    /// The instance.
    pub instance: Key<Instance>,
    /// The word.
    pub status: Option<HealthStatus>,
    /// Why, in Beanstalk's words.
    pub causes: Vec<Arc<str>>,
    /// When it was launched.
    pub launched_at: Option<Moment>,
    /// Requests and latency.
    pub metrics: Option<ApplicationMetrics>,
    /// The share of the processor that is not idle, 0..=100.
    pub cpu_percent: Option<f64>,
    /// The load over one minute.
    pub load: Option<f64>,
    /// The version it runs.
    pub deployment: Option<Deployment>,
    /// Its zone.
    pub availability_zone: Option<Arc<str>>,
    /// Its type.
    pub instance_type: Option<Arc<str>>,
}

impl InstanceHealth {
    /// An instance of which nothing more is known.
    #[must_use]
    pub fn new(instance: Key<Instance>) -> Self {
        Self {
            instance,
            status: None,
            causes: Vec::new(),
            launched_at: None,
            metrics: None,
            cpu_percent: None,
            load: None,
            deployment: None,
            availability_zone: None,
            instance_type: None,
        }
    }
}

/// Returns whether these instances run different versions, or different deployments of one. What an instance is just
/// being given does not count.
#[must_use]
pub fn runs_different(instances: &[InstanceHealth]) -> bool {
    let deployments = instances.iter().filter_map(|instance| instance.deployment.as_ref());
    let mut settled = deployments.filter(|it| it.status.as_deref() != Some("In Progress"));
    let Some(first) = settled.next() else { return false };
    let differs =
        |one: Option<&Arc<str>>, other: Option<&Arc<str>>| one.zip(other).is_some_and(|(one, other)| one != other);
    settled.any(|it| {
        let is_other_id = it.id.zip(first.id).is_some_and(|(one, other)| one != other);
        is_other_id || differs(it.version.as_ref(), first.version.as_ref())
    })
}
