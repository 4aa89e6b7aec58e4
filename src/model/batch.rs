//! What comes back from a fetch: an answer for the sources that were asked, or a fault.

use std::sync::Arc;

use super::{
    Alarm, AlarmEvent, Application, ApplicationVersion, Attributes, AutoScalingGroup, Certificate,
    ConfigurationSettings, Environment, EnvironmentEvent, EnvironmentHealth, EnvironmentResources, Fault, Identity,
    Instance, InstanceHealth, Key, Listener, LoadBalancer, MetricAnswer, Moment, OptionDescriptions, PlatformVersion,
    Rule, ScheduledAction, SecurityGroup, SeriesKey, Source, Tagged, Target, TargetGroup, Window,
};

/// The number of a request, given when it begins, so that an older answer never lies over a newer one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seq(pub u64);

/// What an answer covers. Only `All` removes what it does not contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Covers {
    /// Everything of its kind within its source.
    All,
    /// Only what it names.
    Only,
    /// The pages before a fault; what is missing may exist.
    Partial(Arc<Fault>),
}

/// The content of an answer, one variant for each kind of [`Source`].
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Who we are.
    Identity(Identity),
    /// Environments.
    Environments(Vec<Environment>),
    /// Load balancers.
    LoadBalancers(Vec<LoadBalancer>),
    /// Target groups.
    TargetGroups(Vec<TargetGroup>),
    /// Events, newest first.
    Events(Vec<EnvironmentEvent>),
    /// The versions of an application.
    Versions(Key<ApplicationVersion>, Vec<ApplicationVersion>),
    /// Applications.
    Applications(Vec<Application>),
    /// The versions of platforms that AWS recommends.
    PlatformVersions(Vec<PlatformVersion>),
    /// The scheduled actions of all Auto Scaling groups.
    ScheduledActions(Vec<ScheduledAction>),
    /// Certificates.
    Certificates(Vec<Certificate>),
    /// The alarms that are in ALARM.
    RaisedAlarms(Vec<Alarm>),
    /// All alarms.
    Alarms(Vec<Alarm>),
    /// What happened to an alarm, the newest first.
    AlarmHistory(Key<Alarm>, Vec<AlarmEvent>),
    /// Tags; an object that was requested and has none is contained with none.
    Tags(Vec<(Key<Tagged>, Attributes)>),
    /// An environment's resources.
    Resources(EnvironmentResources),
    /// Auto Scaling groups.
    AutoScalingGroups(Vec<AutoScalingGroup>),
    /// Security groups.
    SecurityGroups(Vec<SecurityGroup>),
    /// A load balancer's listeners.
    Listeners(Key<LoadBalancer>, Vec<Listener>),
    /// A listener's rules.
    Rules(Key<Listener>, Vec<Rule>),
    /// A target group's targets.
    TargetHealth(Key<TargetGroup>, Vec<Target>),
    /// A target group's attributes.
    TargetGroupAttributes(Key<TargetGroup>, Attributes),
    /// A load balancer's attributes.
    LoadBalancerAttributes(Key<LoadBalancer>, Attributes),
    /// A listener's attributes.
    ListenerAttributes(Key<Listener>, Attributes),
    /// A listener's certificates beside its default one.
    ListenerCertificates(Key<Listener>, Vec<Key<Certificate>>),
    /// An environment's option settings.
    Settings(ConfigurationSettings),
    /// The options that an environment may have.
    OptionDescriptions(OptionDescriptions),
    /// Enhanced health of an environment.
    EnvironmentHealth(EnvironmentHealth),
    /// Enhanced health of an environment's instances.
    InstancesHealth(Key<Environment>, Vec<InstanceHealth>),
    /// Instances of EC2.
    Instances(Vec<Instance>),
    /// Figures of load balancers.
    Metrics(MetricAnswer),
}

/// An answer, with what it covers and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// What it covers.
    pub covers: Covers,
    /// The content.
    pub answer: Answer,
}

/// One call to make: sources of one kind, as many as [`Source::most_in_a_call`] allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What to read.
    pub sources: Vec<Source>,
    /// Its number, given when it begins.
    pub seq: Seq,
    /// The names that go with a [`Source::Settings`] and a [`Source::OptionDescriptions`], which Beanstalk does not take by id.
    pub names: Option<Names>,
    /// From when on, for [`Source::Events`]; `None` for the newest.
    pub since: Option<Moment>,
    /// The series that go with [`Source::Metrics`].
    pub metrics: Option<MetricQuestion>,
}

impl Ask {
    /// A call for these sources, which need nothing beyond themselves.
    #[must_use]
    pub fn new(sources: Vec<Source>, seq: Seq) -> Self {
        Self { sources, seq, names: None, since: None, metrics: None }
    }
}

/// Which series to read, each once, over which stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricQuestion {
    /// The series, at most 500.
    pub series: Vec<SeriesKey>,
    /// The stretch.
    pub window: Window,
}

/// An environment by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The application's.
    pub application: Arc<str>,
    /// The environment's.
    pub environment: Arc<str>,
}

/// How a fetch ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOutcome {
    /// What was asked.
    pub sources: Vec<Source>,
    /// When it began, in order.
    pub seq: Seq,
    /// When the answer came.
    pub at: Moment,
    /// How many HTTP requests it took, pages included.
    pub requests: u32,
    /// The answer, or why there is none.
    pub result: Result<Batch, Arc<Fault>>,
}

impl ReadOutcome {
    /// Why nothing came, or not all of it.
    #[must_use]
    pub fn fault(&self) -> Option<&Arc<Fault>> {
        match &self.result {
            Err(fault) | Ok(Batch { covers: Covers::Partial(fault), .. }) => Some(fault),
            Ok(_) => None,
        }
    }
}
