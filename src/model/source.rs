//! What is read from AWS: one [`Source`] for each thing that has its own age, one row for each kind of source.
//!
//! A row contains all that is known of a kind before it is read: the operation, and by that the service and the permission;
//! how many one call reads; how old it may become; whether it links. How an answer becomes values is in `aws`.

use std::sync::Arc;

use super::api_reads::{self, ApiRead};
use super::{
    Alarm, ApplicationVersion, AutoScalingGroup, Environment, Instance, Key, Listener, LoadBalancer, Measure, ScopeId,
    SecurityGroup, Service, TargetGroup,
};

/// The facts of a kind of source before it is read.
#[derive(Debug)]
pub struct SourceRow {
    /// The kind's name.
    pub kind: &'static str,
    /// The operation that reads it.
    pub read: &'static ApiRead,
    /// How many of its kind one call reads at the most.
    pub most_in_a_call: usize,
    /// The cadence that limits its age.
    pub cadence: CadenceGroup,
    /// Whether it is evidence of what belongs to what.
    pub is_evidence: bool,
}

/// What may become equally old: the configuration gives each a cadence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CadenceGroup {
    /// Environments.
    Environments,
    /// Events of environments.
    Events,
    /// The lists of load balancers and target groups, and security groups.
    Inventory,
    /// The health of targets.
    TargetHealth,
    /// Attributes of target groups, load balancers and listeners.
    Attributes,
    /// Listeners and their rules.
    Listeners,
    /// Enhanced health of environments and their instances.
    Health,
    /// What Beanstalk made for an environment.
    Resources,
    /// Auto Scaling groups and instances.
    Instances,
    /// Tags of load balancers and target groups.
    Tags,
    /// Option settings, and what changes as rarely.
    Settings,
    /// Certificates.
    Certificates,
    /// Figures of `CloudWatch`.
    Metrics,
    /// Alarms.
    Alarms,
}

/// Defines the enum of sources, and the table of their facts.
macro_rules! sources {
    ($($(#[doc = $doc:literal])* $kind:ident($subject:ty $(, $more:ty)?) = $row:expr;)*) => {
        /// Something that is read separately and has its own age and its own fault.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Source {
            $($(#[doc = $doc])* $kind($subject $(, $more)?),)*
        }

        /// All rows, in the order of the kinds.
        pub static SOURCES: &[SourceRow] = &[$(SourceRow { kind: stringify!($kind), ..$row }),*];

        enum Kind {
            $($kind),*
        }

        impl Source {
            /// The row of its kind.
            #[must_use]
            pub fn row(&self) -> &'static SourceRow {
                match self {
                    $(Self::$kind(..) => &SOURCES[Kind::$kind as usize],)*
                }
            }

            /// Returns the subject, by id or ARN; `None` for sources that cover a region.
            #[must_use]
            pub fn subject(&self) -> Option<&Arc<str>> {
                match self {
                    $(Self::$kind(subject, ..) => subject.id(),)*
                }
            }
        }
    };
}

sources! {
    /// Who we are.
    Identity(ScopeId) = row(&api_reads::GET_CALLER_IDENTITY, CadenceGroup::Settings);
    /// All environments.
    Environments(ScopeId) = row(&api_reads::DESCRIBE_ENVIRONMENTS, CadenceGroup::Environments).evidence();
    /// All load balancers.
    LoadBalancers(ScopeId) = row(&api_reads::DESCRIBE_LOAD_BALANCERS, CadenceGroup::Inventory).evidence();
    /// All target groups.
    TargetGroups(ScopeId) = row(&api_reads::DESCRIBE_TARGET_GROUPS, CadenceGroup::Inventory).evidence();
    /// The newest events of all environments.
    Events(ScopeId) = row(&api_reads::DESCRIBE_EVENTS, CadenceGroup::Events);
    /// The newest events of one environment.
    History(Key<Environment>) = row(&api_reads::DESCRIBE_EVENTS, CadenceGroup::Settings);
    /// The versions of an application, whose name is in place of an id.
    Versions(Key<ApplicationVersion>) = row(&api_reads::DESCRIBE_APPLICATION_VERSIONS, CadenceGroup::Settings);
    /// All applications.
    Applications(ScopeId) = row(&api_reads::DESCRIBE_APPLICATIONS, CadenceGroup::Settings);
    /// The versions of platforms that AWS recommends.
    PlatformVersions(ScopeId) = row(&api_reads::LIST_PLATFORM_VERSIONS, CadenceGroup::Settings);
    /// The scheduled actions of all Auto Scaling groups.
    ScheduledActions(ScopeId) = row(&api_reads::DESCRIBE_SCHEDULED_ACTIONS, CadenceGroup::Settings);
    /// All certificates of ACM.
    Certificates(ScopeId) = row(&api_reads::LIST_CERTIFICATES, CadenceGroup::Certificates);
    /// The alarms that are in ALARM.
    RaisedAlarms(ScopeId) = row(&api_reads::DESCRIBE_ALARMS, CadenceGroup::Alarms);
    /// All alarms, whatever their state.
    Alarms(ScopeId) = row(&api_reads::DESCRIBE_ALARMS, CadenceGroup::Alarms);
    /// What happened to an alarm, the newest first.
    AlarmHistory(Key<Alarm>) = row(&api_reads::DESCRIBE_ALARM_HISTORY, CadenceGroup::Alarms);
    /// The tags of a load balancer.
    LoadBalancerTags(Key<LoadBalancer>) = row(&api_reads::DESCRIBE_TAGS, CadenceGroup::Tags).evidence().at_once(TAGS);
    /// The tags of a target group.
    TargetGroupTags(Key<TargetGroup>) = row(&api_reads::DESCRIBE_TAGS, CadenceGroup::Tags).evidence().at_once(TAGS);
    /// What Beanstalk made for an environment.
    Resources(Key<Environment>) = row(&api_reads::DESCRIBE_ENVIRONMENT_RESOURCES, CadenceGroup::Resources).evidence();
    /// An Auto Scaling group, by name.
    AutoScalingGroup(Key<AutoScalingGroup>) =
        row(&api_reads::DESCRIBE_AUTO_SCALING_GROUPS, CadenceGroup::Instances).evidence().at_once(50);
    /// A security group, with its rules.
    SecurityGroup(Key<SecurityGroup>) =
        row(&api_reads::DESCRIBE_SECURITY_GROUPS, CadenceGroup::Inventory).at_once(OF_EC2);
    /// The listeners of a load balancer.
    Listeners(Key<LoadBalancer>) = row(&api_reads::DESCRIBE_LISTENERS, CadenceGroup::Listeners).evidence();
    /// The rules of a listener.
    Rules(Key<Listener>) = row(&api_reads::DESCRIBE_RULES, CadenceGroup::Listeners).evidence();
    /// The health of a target group's targets.
    TargetHealth(Key<TargetGroup>) = row(&api_reads::DESCRIBE_TARGET_HEALTH, CadenceGroup::TargetHealth);
    /// A target group's attributes.
    TargetGroupAttributes(Key<TargetGroup>) =
        row(&api_reads::DESCRIBE_TARGET_GROUP_ATTRIBUTES, CadenceGroup::Attributes);
    /// A load balancer's attributes.
    LoadBalancerAttributes(Key<LoadBalancer>) =
        row(&api_reads::DESCRIBE_LOAD_BALANCER_ATTRIBUTES, CadenceGroup::Attributes);
    /// A listener's attributes.
    ListenerAttributes(Key<Listener>) = row(&api_reads::DESCRIBE_LISTENER_ATTRIBUTES, CadenceGroup::Attributes);
    /// The certificates of a listener beside its default one.
    ListenerCertificates(Key<Listener>) = row(&api_reads::DESCRIBE_LISTENER_CERTIFICATES, CadenceGroup::Certificates);
    /// The option settings of an environment.
    Settings(Key<Environment>) = row(&api_reads::DESCRIBE_CONFIGURATION_SETTINGS, CadenceGroup::Settings).evidence();
    /// The options that an environment may have.
    OptionDescriptions(Key<Environment>) =
        row(&api_reads::DESCRIBE_CONFIGURATION_OPTIONS, CadenceGroup::Settings);
    /// Enhanced health of an environment.
    EnvironmentHealth(Key<Environment>) = row(&api_reads::DESCRIBE_ENVIRONMENT_HEALTH, CadenceGroup::Health);
    /// Enhanced health of an environment's instances.
    InstancesHealth(Key<Environment>) = row(&api_reads::DESCRIBE_INSTANCES_HEALTH, CadenceGroup::Health);
    /// An instance of EC2.
    Instance(Key<Instance>) = row(&api_reads::DESCRIBE_INSTANCES, CadenceGroup::Instances).at_once(OF_EC2);
    /// The instance of EC2 that has this private address, which is in place of its id.
    InstanceAt(Key<Instance>) = row(&api_reads::DESCRIBE_INSTANCES, CadenceGroup::Instances);
    /// Figures of the load balancer in front of an environment. The cost of each is its number of series.
    Metrics(Key<Environment>, Measure) = row(&api_reads::GET_METRIC_DATA, CadenceGroup::Metrics).at_once(SERIES);
}

/// `DescribeTags` takes no more.
const TAGS: usize = 20;
/// EC2 would take more; answers stay small.
const OF_EC2: usize = 100;
/// `GetMetricData` takes no more series.
const SERIES: usize = 500;

const fn row(read: &'static ApiRead, cadence: CadenceGroup) -> SourceRow {
    SourceRow { kind: "", read, most_in_a_call: 1, cadence, is_evidence: false }
}

impl SourceRow {
    const fn evidence(mut self) -> Self {
        self.is_evidence = true;
        self
    }

    const fn at_once(mut self, most: usize) -> Self {
        self.most_in_a_call = most;
        self
    }
}

impl Source {
    /// The service that answers.
    #[must_use]
    pub fn service(&self) -> Service {
        self.row().read.service
    }

    /// Returns whether it is evidence of what belongs to what.
    #[must_use]
    pub fn is_evidence(&self) -> bool {
        self.row().is_evidence
    }

    /// The operation that reads it, as AWS spells it.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.row().read.operation
    }

    /// How many of its kind one call reads at the most.
    #[must_use]
    pub fn most_in_a_call(&self) -> usize {
        self.row().most_in_a_call
    }
}

/// What a source asks about.
trait SourceSubject {
    /// Its id; `None` if it is a whole region.
    fn id(&self) -> Option<&Arc<str>>;
}

impl SourceSubject for ScopeId {
    fn id(&self) -> Option<&Arc<str>> {
        None
    }
}

impl<T> SourceSubject for Key<T> {
    fn id(&self) -> Option<&Arc<str>> {
        Some(&self.id)
    }
}

/// Who calls: `GetCallerIdentity`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The account's number.
    pub account: Option<Arc<str>>,
    /// The caller's ARN.
    pub arn: Option<Arc<str>>,
}
