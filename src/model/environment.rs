//! Elastic Beanstalk's own nouns: environments, their resources and their events.

use std::sync::Arc;

use super::wire_enum::wire_enum;
use super::{HealthColour, HealthStatus, Key, Moment, TargetGroup};

wire_enum! {
    /// The operational status of an environment (`DescribeEnvironments`, `Status`). Only `Ready` takes a new operation.
    EnvironmentStatus {
        /// Waiting for an operation.
        Ready = "Ready",
        /// Being created.
        Launching = "Launching",
        /// An update is under way.
        Updating = "Updating",
        /// An update is being aborted.
        Aborting = "Aborting",
        /// Being linked from another environment.
        LinkingFrom = "LinkingFrom",
        /// Being linked to another environment.
        LinkingTo = "LinkingTo",
        /// Being deleted.
        Terminating = "Terminating",
        /// Deleted; still listed for a while.
        Terminated = "Terminated",
    }
}

wire_enum! {
    /// The tier's name.
    Tier {
        /// Answers HTTP requests.
        Web = "WebServer",
        /// Takes messages from a queue; has no load balancer.
        Worker = "Worker",
        /// Runs on an EKS cluster.
        Cluster = "Cluster",
    }
}

wire_enum! {
    /// The severity of an environment's event, from least to worst.
    Severity {
        /// TRACE.
        Trace = "TRACE",
        /// DEBUG.
        Debug = "DEBUG",
        /// INFO.
        Info = "INFO",
        /// WARN.
        Warn = "WARN",
        /// ERROR.
        Error = "ERROR",
        /// FATAL.
        Fatal = "FATAL",
    }
}

impl Severity {
    /// How bad: TRACE is 0, FATAL 5. A word that is not known counts as INFO.
    #[must_use]
    pub fn rank(&self) -> u8 {
        match self {
            Self::Trace => 0,
            Self::Debug => 1,
            Self::Info | Self::Other(_) => 2,
            Self::Warn => 3,
            Self::Error => 4,
            Self::Fatal => 5,
        }
    }
}

/// An environment, from `DescribeEnvironments`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its id (`e-…`).
    pub key: Key<Environment>,
    /// Its name, unique within the region while it lives.
    pub name: Arc<str>,
    /// The application it belongs to.
    pub application: Arc<str>,
    /// The label of the version that Beanstalk calls deployed; the old one until the end of an immutable update.
    pub version: Option<Arc<str>>,
    /// The platform: the solution stack's name, else the platform ARN.
    pub platform: Option<Arc<str>>,
    /// The ARN of the version of the platform.
    pub platform_arn: Option<Arc<str>>,
    /// The load balancer's DNS name, or the instance's address if it is a single one.
    pub endpoint_url: Option<Arc<str>>,
    /// The environment's own host name.
    pub cname: Option<Arc<str>>,
    /// When it was created.
    pub created: Option<Moment>,
    /// When its configuration or version last changed.
    pub updated: Option<Moment>,
    /// Its operational status.
    pub status: EnvironmentStatus,
    /// Whether `AbortEnvironmentUpdate` would be taken.
    pub abortable: bool,
    /// The colour, which basic health has too.
    pub health: Option<HealthColour>,
    /// The word of enhanced health; absent with basic health.
    pub health_status: Option<HealthStatus>,
    /// Web server, worker or cluster.
    pub tier: Option<Tier>,
    /// Its ARN.
    pub arn: Option<Arc<str>>,
}

impl Environment {
    /// An environment of which nothing more is known.
    #[must_use]
    pub fn new(key: Key<Environment>, name: &str, application: &str, status: EnvironmentStatus) -> Self {
        Self {
            key,
            name: name.into(),
            application: application.into(),
            version: None,
            platform: None,
            platform_arn: None,
            endpoint_url: None,
            cname: None,
            created: None,
            updated: None,
            status,
            abortable: false,
            health: None,
            health_status: None,
            tier: None,
            arn: None,
        }
    }

    /// Whether what links it differs from what links the same environment as it was read before.
    pub(super) fn is_elsewhere(&self, other: &Self) -> bool {
        let place = |it: &Self| (it.endpoint_url.clone(), it.tier.clone(), it.cname.clone(), it.is_terminated());
        place(self) != place(other)
    }

    /// Whether it is terminated: it is still listed for a while, and owns nothing any more.
    #[must_use]
    pub fn is_terminated(&self) -> bool {
        self.status == EnvironmentStatus::Terminated
    }

    /// Whether it is terminated, or being terminated: its name may be another's.
    #[must_use]
    pub fn is_ending(&self) -> bool {
        matches!(self.status, EnvironmentStatus::Terminating | EnvironmentStatus::Terminated)
    }

    /// Whether it has enhanced health, so that `DescribeEnvironmentHealth` would answer.
    #[must_use]
    pub fn has_enhanced_health(&self) -> bool {
        self.health_status.as_ref().is_some_and(|status| *status != HealthStatus::NoData)
    }

    /// The word for its health: of enhanced health, else the colour; `None` if neither is known.
    #[must_use]
    pub fn health_word(&self) -> Option<Arc<str>> {
        let enhanced = self.health_status.as_ref().filter(|_| self.has_enhanced_health()).map(HealthStatus::as_str);
        enhanced.or(self.health.as_ref().map(HealthColour::as_str)).map(Into::into)
    }

    /// Returns whether its instances should be read, according to the list of environments: its health is not good, though
    /// nothing is being done to it.
    #[must_use]
    pub fn is_suspect(&self) -> bool {
        self.is_calm() && self.health_status != Some(HealthStatus::Ok)
    }

    /// Returns whether nothing is being done to it, and its instances report what they run.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.status == EnvironmentStatus::Ready && self.has_enhanced_health()
    }
}

/// What `DescribeEnvironmentResources` names: live data, one environment a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvironmentResources {
    /// Whose resources these are.
    pub environment: Key<Environment>,
    /// ARNs of ALBs and NLBs, plain names of classic ones.
    pub load_balancers: Vec<Arc<str>>,
    /// The Auto Scaling groups; two during an immutable update.
    pub auto_scaling_groups: Vec<Arc<str>>,
    /// The instances' ids.
    pub instances: Vec<Arc<str>>,
    /// The queues' names; not empty for a worker.
    pub queues: Vec<Arc<str>>,
    /// The EKS cluster of the cluster tier.
    pub cluster: Option<Arc<str>>,
}

/// An Auto Scaling group, with the target groups that it registers its instances with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AutoScalingGroup {
    /// Its name, unique in the region.
    pub key: Key<AutoScalingGroup>,
    /// The target groups that it registers its instances with.
    pub target_groups: Vec<Key<TargetGroup>>,
    /// The classic load balancers that it registers its instances with.
    pub classic_names: Vec<Arc<str>>,
    /// `EC2`, or `ELB`: then an instance that fails the target group's check is terminated.
    pub health_check_type: Option<Arc<str>>,
    /// The smallest and the largest size, and the size wanted now.
    pub size: (i32, i32, i32),
    /// Its instances' ids.
    pub instances: Vec<Arc<str>>,
    /// Those of them that it is terminating.
    pub leaving: Vec<Arc<str>>,
    /// The processes that are suspended (`Launch`, `ReplaceUnhealthy` ...).
    pub suspended: Vec<Arc<str>>,
    /// How many seconds after its launch the health of an instance does not count.
    pub grace_seconds: Option<i32>,
}

/// What is to change the size of an Auto Scaling group at set times (`DescribeScheduledActions`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduledAction {
    /// Its ARN.
    pub key: Key<ScheduledAction>,
    /// Its name, unique in the group.
    pub name: Arc<str>,
    /// The Auto Scaling group.
    pub group: Key<AutoScalingGroup>,
}

impl ScheduledAction {
    /// Whether a stack of Beanstalk made it: `CloudFormation` puts the stack's name, which begins with `awseb-`, before
    /// the names of what it makes. UNVERIFIED for scheduled actions.
    #[must_use]
    pub fn is_of_beanstalk(&self) -> bool {
        self.name.starts_with("awseb-")
    }
}

/// The text of Beanstalk's event when an update begins (from observed environments; the text is not documented).
pub const UPDATE_STARTS: &str = "Environment update is starting.";

/// The text of Beanstalk's event when a failed update was rolled back (aws-toolkit-visual-studio #77).
const REVERTED: &str = "The environment was reverted to the previous configuration setting.";

/// An event of an environment (`DescribeEvents`). Events have no id of their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnvironmentEvent {
    /// When, to the millisecond.
    pub at: Moment,
    /// How bad.
    pub severity: Severity,
    /// The environment's name; absent on an application's own events.
    pub environment: Option<Arc<str>>,
    /// The application's name.
    pub application: Option<Arc<str>>,
    /// The version's label, if the event is about one.
    pub version: Option<Arc<str>>,
    /// The text.
    pub message: Arc<str>,
    /// The request that caused it.
    pub request_id: Option<Arc<str>>,
}

impl EnvironmentEvent {
    /// An event of which only the text is known, and that it informs.
    #[must_use]
    pub fn new(at: Moment, message: &str) -> Self {
        Self {
            at,
            severity: Severity::Info,
            environment: None,
            application: None,
            version: None,
            message: message.into(),
            request_id: None,
        }
    }

    /// Returns whether it reports that an update was rolled back to the previous configuration.
    #[must_use]
    pub fn is_revert(&self) -> bool {
        self.message.starts_with(REVERTED) || self.message.contains("'UPDATE_ROLLBACK_COMPLETE'")
    }

    /// The health that the environment has since this event, if the event is about that.
    #[must_use]
    pub fn health(&self) -> Option<&str> {
        let change = self.message.strip_prefix("Environment health has ")?;
        let (_, health) = change.split_once("transitioned").or_else(|| change.split_once("been set"))?;
        let (_, health) = health.split_once(" to ")?;
        Some(health.split_once('.').map_or(health, |(word, _)| word).trim())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_says_which_health_it_brings() {
        let health = |message: &str| {
            let event = EnvironmentEvent::new(Moment::EPOCH, message);
            event.health().map(str::to_owned)
        };
        let severe = "Environment health has transitioned from Ok to Severe. 100.0 % of the requests to it fail.";
        assert_eq!(health(severe).as_deref(), Some("Severe"));
        assert_eq!(health("Environment health has transitioned to No Data.").as_deref(), Some("No Data"));
        assert_eq!(health("Environment health has been set to RED").as_deref(), Some("RED"));
        assert_eq!(health("Environment update is starting."), None);
    }
}
