//! The API reads that beanpole may call: one row each.
//!
//! Sources, faults, the requests themselves and the policies all name an operation by its row. The API writes have a table
//! of their own, in `change`.

use super::Service;

/// An operation of AWS's API that reads.
#[derive(Debug, PartialEq, Eq)]
pub struct ApiRead {
    /// The service.
    pub service: Service,
    /// The operation, as AWS spells it.
    pub operation: &'static str,
    /// The IAM action without its service, which is the operation's name but for S3.
    pub action: &'static str,
    /// The policy that allows it.
    pub allowed_by: AllowedBy,
}

/// The policy that allows a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllowedBy {
    /// None: AWS answers every caller.
    NoPolicy,
    /// Both, the one for reading and the one for reading and writing.
    ReadOnly,
    /// The one for reading and writing alone: what it answers is needed only in order to write.
    ReadWrite,
    /// That one, on the objects of the buckets that Beanstalk has.
    ReadWriteOfBuckets,
}

impl ApiRead {
    /// Its IAM action.
    #[must_use]
    pub fn permission(&self) -> String {
        format!("{}:{}", self.service.prefix(), self.action)
    }
}

/// The rows as statics, and [`READS`] with all of them.
macro_rules! reads {
    ($($(#[doc = $doc:literal])* $name:ident = $row:expr;)*) => {
        $($(#[doc = $doc])* pub static $name: ApiRead = $row;)*

        /// All rows.
        pub static READS: &[&ApiRead] = &[$(&$name),*];
    };
}

reads! {
    /// Who the caller is.
    GET_CALLER_IDENTITY = row(Service::Sts, "GetCallerIdentity").allowed_by(AllowedBy::NoPolicy);
    /// Environments.
    DESCRIBE_ENVIRONMENTS = row(Service::Beanstalk, "DescribeEnvironments");
    /// Events of environments.
    DESCRIBE_EVENTS = row(Service::Beanstalk, "DescribeEvents");
    /// The versions of an application.
    DESCRIBE_APPLICATION_VERSIONS = row(Service::Beanstalk, "DescribeApplicationVersions");
    /// Applications, with the rules by which their versions are deleted.
    DESCRIBE_APPLICATIONS = row(Service::Beanstalk, "DescribeApplications");
    /// The versions of platforms.
    LIST_PLATFORM_VERSIONS = row(Service::Beanstalk, "ListPlatformVersions");
    /// What Beanstalk made for an environment.
    DESCRIBE_ENVIRONMENT_RESOURCES = row(Service::Beanstalk, "DescribeEnvironmentResources");
    /// The option settings of an environment.
    DESCRIBE_CONFIGURATION_SETTINGS = row(Service::Beanstalk, "DescribeConfigurationSettings");
    /// What options an environment may have, with their ranges.
    DESCRIBE_CONFIGURATION_OPTIONS =
        row(Service::Beanstalk, "DescribeConfigurationOptions").allowed_by(AllowedBy::ReadWrite);
    /// Enhanced health of an environment.
    DESCRIBE_ENVIRONMENT_HEALTH = row(Service::Beanstalk, "DescribeEnvironmentHealth");
    /// Enhanced health of an environment's instances.
    DESCRIBE_INSTANCES_HEALTH = row(Service::Beanstalk, "DescribeInstancesHealth");
    /// Makes the instances of an environment upload their logs. Changes nothing about the environment.
    REQUEST_ENVIRONMENT_INFO = row(Service::Beanstalk, "RequestEnvironmentInfo");
    /// Where the uploaded logs are.
    RETRIEVE_ENVIRONMENT_INFO = row(Service::Beanstalk, "RetrieveEnvironmentInfo");
    /// Load balancers.
    DESCRIBE_LOAD_BALANCERS = row(Service::Elb, "DescribeLoadBalancers");
    /// A load balancer's attributes.
    DESCRIBE_LOAD_BALANCER_ATTRIBUTES = row(Service::Elb, "DescribeLoadBalancerAttributes");
    /// The listeners of a load balancer.
    DESCRIBE_LISTENERS = row(Service::Elb, "DescribeListeners");
    /// All certificates of a listener.
    DESCRIBE_LISTENER_CERTIFICATES = row(Service::Elb, "DescribeListenerCertificates");
    /// A listener's attributes.
    DESCRIBE_LISTENER_ATTRIBUTES = row(Service::Elb, "DescribeListenerAttributes");
    /// The rules of a listener.
    DESCRIBE_RULES = row(Service::Elb, "DescribeRules");
    /// Target groups.
    DESCRIBE_TARGET_GROUPS = row(Service::Elb, "DescribeTargetGroups");
    /// A target group's attributes.
    DESCRIBE_TARGET_GROUP_ATTRIBUTES = row(Service::Elb, "DescribeTargetGroupAttributes");
    /// The health of a target group's targets.
    DESCRIBE_TARGET_HEALTH = row(Service::Elb, "DescribeTargetHealth");
    /// The tags of load balancers and target groups.
    DESCRIBE_TAGS = row(Service::Elb, "DescribeTags");
    /// The TLS policies that a listener can have.
    DESCRIBE_SSL_POLICIES = row(Service::Elb, "DescribeSSLPolicies").allowed_by(AllowedBy::ReadWrite);
    /// Auto Scaling groups.
    DESCRIBE_AUTO_SCALING_GROUPS = row(Service::AutoScaling, "DescribeAutoScalingGroups");
    /// What is to change the sizes of Auto Scaling groups at set times.
    DESCRIBE_SCHEDULED_ACTIONS = row(Service::AutoScaling, "DescribeScheduledActions");
    /// Instances of EC2.
    DESCRIBE_INSTANCES = row(Service::Ec2, "DescribeInstances");
    /// Security groups, with their rules.
    DESCRIBE_SECURITY_GROUPS = row(Service::Ec2, "DescribeSecurityGroups");
    /// Certificates.
    LIST_CERTIFICATES = row(Service::Acm, "ListCertificates");
    /// Figures of metrics.
    GET_METRIC_DATA = row(Service::CloudWatch, "GetMetricData");
    /// Alarms.
    DESCRIBE_ALARMS = row(Service::CloudWatch, "DescribeAlarms");
    /// What happened to an alarm.
    DESCRIBE_ALARM_HISTORY = row(Service::CloudWatch, "DescribeAlarmHistory");
    /// The names of the rules that mute alarms.
    LIST_ALARM_MUTE_RULES = row(Service::CloudWatch, "ListAlarmMuteRules");
    /// A rule that mutes alarms.
    GET_ALARM_MUTE_RULE = row(Service::CloudWatch, "GetAlarmMuteRule");
    /// The size and the checksum of an object.
    HEAD_OBJECT = ApiRead {
        action: "GetObject",
        ..row(Service::S3, "HeadObject").allowed_by(AllowedBy::ReadWriteOfBuckets)
    };
}

const fn row(service: Service, operation: &'static str) -> ApiRead {
    ApiRead { service, operation, action: operation, allowed_by: AllowedBy::ReadOnly }
}

impl ApiRead {
    const fn allowed_by(mut self, policy: AllowedBy) -> Self {
        self.allowed_by = policy;
        self
    }
}
