//! What can be asked of AWS: one [`Source`] for each thing that has its own age.

use std::sync::Arc;

use super::{
    ApplicationVersion, AutoScalingGroup, Environment, Instance, Key, Listener, LoadBalancer, Measure, ScopeId,
    SecurityGroup, TargetGroup,
};

/// An AWS service that we call: the unit of a budget and of a badge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Elastic Beanstalk.
    Beanstalk,
    /// Elastic Load Balancing v2.
    Elb,
    /// `CloudWatch`.
    CloudWatch,
    /// EC2.
    Ec2,
    /// Amazon EC2 Auto Scaling.
    AutoScaling,
    /// The Security Token Service.
    Sts,
    /// The Certificate Manager.
    Acm,
}

impl Service {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 7] =
        [Self::Beanstalk, Self::Elb, Self::CloudWatch, Self::Ec2, Self::AutoScaling, Self::Sts, Self::Acm];

    /// The name that people use, for badges and sentences.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Beanstalk => "Beanstalk",
            Self::Elb => "ELB",
            Self::CloudWatch => "CloudWatch",
            Self::Ec2 => "EC2",
            Self::AutoScaling => "Auto Scaling",
            Self::Sts => "STS",
            Self::Acm => "ACM",
        }
    }

    /// The prefix of its IAM actions.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Beanstalk => "elasticbeanstalk",
            Self::Elb => "elasticloadbalancing",
            Self::CloudWatch => "cloudwatch",
            Self::Ec2 => "ec2",
            Self::AutoScaling => "autoscaling",
            Self::Sts => "sts",
            Self::Acm => "acm",
        }
    }

    /// The prefix of its endpoint, by which the configuration names it: that of its IAM actions but for `CloudWatch`.
    #[must_use]
    pub fn endpoint_prefix(self) -> &'static str {
        if self == Self::CloudWatch { "monitoring" } else { self.prefix() }
    }

    /// Its place in an array of all services.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}

/// Something that is read by itself and has its own age and its own fault.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// Who we are: `GetCallerIdentity`.
    Identity(ScopeId),
    /// All environments.
    Environments(ScopeId),
    /// All load balancers.
    LoadBalancers(ScopeId),
    /// All target groups.
    TargetGroups(ScopeId),
    /// The newest events of all environments.
    Events(ScopeId),
    /// The newest events of one environment.
    History(Key<Environment>),
    /// The versions of an application, whose name stands in place of an id.
    Versions(Key<ApplicationVersion>),
    /// All certificates of ACM.
    Certificates(ScopeId),
    /// The tags of a load balancer.
    LoadBalancerTags(Key<LoadBalancer>),
    /// The tags of a target group.
    TargetGroupTags(Key<TargetGroup>),
    /// What Beanstalk made for an environment.
    Resources(Key<Environment>),
    /// An Auto Scaling group, by name.
    AutoScalingGroup(Key<AutoScalingGroup>),
    /// A security group, with its rules.
    SecurityGroup(Key<SecurityGroup>),
    /// The listeners of a load balancer.
    Listeners(Key<LoadBalancer>),
    /// The rules of a listener.
    Rules(Key<Listener>),
    /// The health of a target group's targets.
    TargetHealth(Key<TargetGroup>),
    /// A target group's attributes.
    TargetGroupAttributes(Key<TargetGroup>),
    /// A load balancer's attributes.
    LoadBalancerAttributes(Key<LoadBalancer>),
    /// A listener's attributes.
    ListenerAttributes(Key<Listener>),
    /// The option settings of an environment.
    Settings(Key<Environment>),
    /// Enhanced health of an environment.
    EnvironmentHealth(Key<Environment>),
    /// Enhanced health of an environment's instances.
    InstancesHealth(Key<Environment>),
    /// An instance of EC2.
    Instance(Key<Instance>),
    /// The instance of EC2 that has this private address, which stands in place of its id.
    InstanceAt(Key<Instance>),
    /// Figures of the load balancer in front of an environment.
    Metrics(Key<Environment>, Measure),
}

impl Source {
    /// The service that answers.
    #[must_use]
    pub fn service(&self) -> Service {
        match self {
            Self::Identity(_) => Service::Sts,
            Self::Environments(_)
            | Self::Events(_)
            | Self::History(_)
            | Self::Versions(_)
            | Self::Resources(_)
            | Self::Settings(_)
            | Self::EnvironmentHealth(_)
            | Self::InstancesHealth(_) => Service::Beanstalk,
            Self::AutoScalingGroup(_) => Service::AutoScaling,
            Self::Certificates(_) => Service::Acm,
            Self::Instance(_) | Self::InstanceAt(_) | Self::SecurityGroup(_) => Service::Ec2,
            Self::Metrics(..) => Service::CloudWatch,
            _ => Service::Elb,
        }
    }

    /// Whether it tells what belongs to what.
    #[must_use]
    pub fn is_evidence(&self) -> bool {
        matches!(
            self,
            Self::Environments(_)
                | Self::LoadBalancers(_)
                | Self::TargetGroups(_)
                | Self::LoadBalancerTags(_)
                | Self::TargetGroupTags(_)
                | Self::Resources(_)
                | Self::AutoScalingGroup(_)
                | Self::Listeners(_)
                | Self::Rules(_)
                | Self::Settings(_)
        )
    }

    /// The operation that reads it, as AWS spells it.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        match self {
            Self::Identity(_) => "GetCallerIdentity",
            Self::Environments(_) => "DescribeEnvironments",
            Self::LoadBalancers(_) => "DescribeLoadBalancers",
            Self::TargetGroups(_) => "DescribeTargetGroups",
            Self::Events(_) | Self::History(_) => "DescribeEvents",
            Self::Versions(_) => "DescribeApplicationVersions",
            Self::Certificates(_) => "ListCertificates",
            Self::LoadBalancerTags(_) | Self::TargetGroupTags(_) => "DescribeTags",
            Self::Resources(_) => "DescribeEnvironmentResources",
            Self::AutoScalingGroup(_) => "DescribeAutoScalingGroups",
            Self::SecurityGroup(_) => "DescribeSecurityGroups",
            Self::Listeners(_) => "DescribeListeners",
            Self::Rules(_) => "DescribeRules",
            Self::TargetHealth(_) => "DescribeTargetHealth",
            Self::TargetGroupAttributes(_) => "DescribeTargetGroupAttributes",
            Self::LoadBalancerAttributes(_) => "DescribeLoadBalancerAttributes",
            Self::ListenerAttributes(_) => "DescribeListenerAttributes",
            Self::Settings(_) => "DescribeConfigurationSettings",
            Self::EnvironmentHealth(_) => "DescribeEnvironmentHealth",
            Self::InstancesHealth(_) => "DescribeInstancesHealth",
            Self::Instance(_) | Self::InstanceAt(_) => "DescribeInstances",
            Self::Metrics(..) => "GetMetricData",
        }
    }

    /// What is asked about, by id or ARN; `None` for what covers a region.
    #[must_use]
    pub fn subject(&self) -> Option<&Arc<str>> {
        match self {
            Self::Identity(_)
            | Self::Environments(_)
            | Self::LoadBalancers(_)
            | Self::TargetGroups(_)
            | Self::Events(_)
            | Self::Certificates(_) => None,
            Self::LoadBalancerTags(key) | Self::Listeners(key) | Self::LoadBalancerAttributes(key) => Some(&key.id),
            Self::TargetGroupTags(key) | Self::TargetHealth(key) | Self::TargetGroupAttributes(key) => Some(&key.id),
            Self::Resources(key)
            | Self::Settings(key)
            | Self::EnvironmentHealth(key)
            | Self::InstancesHealth(key)
            | Self::History(key)
            | Self::Metrics(key, _) => Some(&key.id),
            Self::Versions(key) => Some(&key.id),
            Self::AutoScalingGroup(key) => Some(&key.id),
            Self::SecurityGroup(key) => Some(&key.id),
            Self::Rules(key) | Self::ListenerAttributes(key) => Some(&key.id),
            Self::Instance(key) | Self::InstanceAt(key) => Some(&key.id),
        }
    }

    /// How many of these one call can read. More than one only where the API takes a list
    /// (`DescribeTags` at most 20, `DescribeAutoScalingGroups` at most 100 a page; `DescribeInstances` and
    /// `DescribeSecurityGroups` by our choice).
    #[must_use]
    pub fn most_in_a_call(&self) -> usize {
        match self {
            Self::LoadBalancerTags(_) | Self::TargetGroupTags(_) => 20,
            Self::AutoScalingGroup(_) => 50,
            Self::Instance(_) | Self::SecurityGroup(_) => 100,
            // As many as fit into 500 series, which the cost of each tells.
            Self::Metrics(..) => 500,
            _ => 1,
        }
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
