//! The rows. Fields that several operations share have a name of their own.

use super::row::{AllowedOn, ApiWrite, ParameterShape, ParameterSpec};
use crate::model::Service;

/// The rows as statics, and [`WRITES`] with all of them.
macro_rules! writes {
    ($($(#[doc = $doc:literal])* $name:ident = $row:expr;)*) => {
        $($(#[doc = $doc])* pub static $name: ApiWrite = $row;)*

        /// All rows.
        pub static WRITES: &[&ApiWrite] = &[$(&$name),*];
    };
}

writes! {
    /// Deploys a version, or sets and removes options.
    UPDATE_ENVIRONMENT = row(Service::Beanstalk, "UpdateEnvironment", &[
        text("EnvironmentId"),
        text("VersionLabel").optional(),
        list("OptionSettings", &OPTION_SETTING).optional(),
        list("OptionsToRemove", &OPTION_NAME).optional(),
    ]);
    /// Stops the update in progress.
    ABORT_ENVIRONMENT_UPDATE = row(Service::Beanstalk, "AbortEnvironmentUpdate", &[text("EnvironmentId")]);
    /// Restarts the application servers.
    RESTART_APP_SERVER = row(Service::Beanstalk, "RestartAppServer", &[text("EnvironmentId")]);
    /// Exchanges the CNAMEs of two environments.
    SWAP_ENVIRONMENT_CNAMES = row(Service::Beanstalk, "SwapEnvironmentCNAMEs", &[
        text("SourceEnvironmentId"),
        text("DestinationEnvironmentId"),
    ]);
    /// Creates the bucket that Beanstalk has in the region, or names it if it is there.
    CREATE_STORAGE_LOCATION = row(Service::Beanstalk, "CreateStorageLocation", &[]);
    /// Puts a file into a bucket. The checksum is compared by S3.
    PUT_OBJECT = ApiWrite {
        allowed_on: AllowedOn::BeanstalkBuckets,
        ..row(Service::S3, "PutObject", &[
            text("Bucket"),
            text("Key"),
            with("Body", ParameterShape::File),
            text("ContentType").optional(),
            text("ChecksumSHA256"),
        ])
    };
    /// Creates an application version from a bundle in S3.
    CREATE_APPLICATION_VERSION = row(Service::Beanstalk, "CreateApplicationVersion", &[
        text("ApplicationName"),
        text("VersionLabel"),
        text("Description").optional(),
        with("SourceBundle", ParameterShape::Structure(S3_LOCATION)),
        with("Process", ParameterShape::Flag),
    ]);
    /// Asks whether Beanstalk would accept options. Changes nothing.
    VALIDATE_CONFIGURATION_SETTINGS = ApiWrite {
        changes: false,
        ..row(Service::Beanstalk, "ValidateConfigurationSettings", &[
            text("ApplicationName"),
            text("EnvironmentName"),
            list("OptionSettings", &OPTION_SETTING),
        ])
    };
    /// Sets fields of a target group's health check.
    MODIFY_TARGET_GROUP = of_load_balancers("ModifyTargetGroup", &[
        text("TargetGroupArn"),
        text("HealthCheckProtocol").optional(),
        text("HealthCheckPort").optional(),
        text("HealthCheckPath").optional(),
        number("HealthCheckIntervalSeconds").optional(),
        number("HealthCheckTimeoutSeconds").optional(),
        number("HealthyThresholdCount").optional(),
        number("UnhealthyThresholdCount").optional(),
        with("Matcher", ParameterShape::Structure(MATCHER)).optional(),
    ]);
    /// Sets attributes of a target group.
    MODIFY_TARGET_GROUP_ATTRIBUTES = of_load_balancers("ModifyTargetGroupAttributes", &[
        text("TargetGroupArn"),
        list("Attributes", &KEY_VALUE),
    ]);
    /// Sets attributes of a load balancer.
    MODIFY_LOAD_BALANCER_ATTRIBUTES = of_load_balancers("ModifyLoadBalancerAttributes", &[
        text("LoadBalancerArn"),
        list("Attributes", &KEY_VALUE),
    ]);
    /// Sets attributes of a listener.
    MODIFY_LISTENER_ATTRIBUTES = of_load_balancers("ModifyListenerAttributes", &[
        text("ListenerArn"),
        list("Attributes", &KEY_VALUE),
    ]);
    /// Sets fields of a listener.
    MODIFY_LISTENER = of_load_balancers("ModifyListener", &[
        text("ListenerArn"),
        text("SslPolicy").optional(),
        list("Certificates", &CERTIFICATE).optional(),
        list("DefaultActions", &ACTION).optional(),
    ]);
    /// Creates a listener.
    CREATE_LISTENER = of_load_balancers("CreateListener", &[
        text("LoadBalancerArn"),
        text("Protocol"),
        number("Port"),
        text("SslPolicy"),
        list("Certificates", &CERTIFICATE),
        list("DefaultActions", &ACTION),
    ]);
    /// Deletes a listener.
    DELETE_LISTENER = of_load_balancers("DeleteListener", &[text("ListenerArn")]);
    /// Creates a rule of a listener.
    CREATE_RULE = of_load_balancers("CreateRule", &[
        text("ListenerArn"),
        list("Conditions", &CONDITION),
        number("Priority"),
        list("Actions", &ACTION),
    ]);
    /// Sets the actions of a rule.
    MODIFY_RULE = of_load_balancers("ModifyRule", &[text("RuleArn"), list("Actions", &ACTION)]);
    /// Deletes a rule.
    DELETE_RULE = of_load_balancers("DeleteRule", &[text("RuleArn")]);
    /// Sets the security groups of a load balancer.
    SET_SECURITY_GROUPS = of_load_balancers("SetSecurityGroups", &[
        text("LoadBalancerArn"),
        list("SecurityGroups", &ParameterShape::Text),
    ]);
    /// Creates a security group.
    CREATE_SECURITY_GROUP = row(Service::Ec2, "CreateSecurityGroup", &[
        text("GroupName"),
        text("Description").sent_as("GroupDescription"),
        text("VpcId"),
    ]);
    /// Deletes a security group.
    DELETE_SECURITY_GROUP = row(Service::Ec2, "DeleteSecurityGroup", &[text("GroupId")]);
    /// Adds rules for incoming traffic to a security group.
    AUTHORIZE_SECURITY_GROUP_INGRESS = row(Service::Ec2, "AuthorizeSecurityGroupIngress", &[
        text("GroupId"),
        list("IpPermissions", &PERMISSION),
    ]);
    /// Removes rules for incoming traffic from a security group.
    REVOKE_SECURITY_GROUP_INGRESS = row(Service::Ec2, "RevokeSecurityGroupIngress", &[
        text("GroupId"),
        list("IpPermissions", &PERMISSION),
    ]);
    /// Terminates an instance, in whose place the group launches another.
    TERMINATE_INSTANCE_IN_AUTO_SCALING_GROUP = row(Service::AutoScaling, "TerminateInstanceInAutoScalingGroup", &[
        text("InstanceId"),
        with("ShouldDecrementDesiredCapacity", ParameterShape::Flag),
    ]);
    /// Creates or replaces a rule that mutes the actions of alarms. AWS checks the permission on the rule and each alarm,
    /// and its documents give two forms of a rule's ARN: the policy allows it on everything.
    PUT_ALARM_MUTE_RULE = row(Service::CloudWatch, "PutAlarmMuteRule", &[
        text("Name"),
        text("Description").optional(),
        with("Rule", ParameterShape::Structure(MUTE_RULE)),
        with("MuteTargets", ParameterShape::Structure(MUTE_TARGETS)),
        with("StartDate", ParameterShape::Time).optional(),
        with("ExpireDate", ParameterShape::Time).optional(),
    ]);
    /// Creates a metric alarm, or replaces the one of its name.
    PUT_METRIC_ALARM = row(Service::CloudWatch, "PutMetricAlarm", &[
        text("AlarmName"),
        text("AlarmDescription").optional(),
        with("ActionsEnabled", ParameterShape::Flag),
        list("OKActions", &ParameterShape::Text).optional(),
        list("AlarmActions", &ParameterShape::Text).optional(),
        list("InsufficientDataActions", &ParameterShape::Text).optional(),
        text("MetricName").optional(),
        text("Namespace").optional(),
        text("Statistic").optional(),
        text("ExtendedStatistic").optional(),
        list("Dimensions", &DIMENSION).optional(),
        number("Period").optional(),
        number("EvaluationPeriods"),
        number("DatapointsToAlarm").optional(),
        with("Threshold", ParameterShape::Double),
        text("ComparisonOperator"),
        text("TreatMissingData").optional(),
        list("Metrics", &METRIC_QUERY).optional(),
    ]);
    /// Deletes alarms.
    DELETE_ALARMS = row(Service::CloudWatch, "DeleteAlarms", &[list("AlarmNames", &ParameterShape::Text)]);
    /// Deletes a rule that mutes the actions of alarms.
    DELETE_ALARM_MUTE_RULE = row(Service::CloudWatch, "DeleteAlarmMuteRule", &[text("AlarmMuteRuleName")]);
}

/// A setting of a Beanstalk option.
static OPTION_SETTING: ParameterShape =
    ParameterShape::Structure(&[text("Namespace"), text("OptionName"), text("Value")]);
/// A Beanstalk option.
static OPTION_NAME: ParameterShape = ParameterShape::Structure(&[text("Namespace"), text("OptionName")]);
static S3_LOCATION: &[ParameterSpec] = &[text("S3Bucket"), text("S3Key")];
/// An attribute.
static KEY_VALUE: ParameterShape = ParameterShape::Structure(&[text("Key"), text("Value")]);
static MATCHER: &[ParameterSpec] = &[text("HttpCode")];
static CERTIFICATE: ParameterShape = ParameterShape::Structure(&[text("CertificateArn")]);
/// A condition of a rule.
static CONDITION: ParameterShape = ParameterShape::Structure(&[text("Field"), list("Values", &ParameterShape::Text)]);
/// An action of a listener or a rule.
static ACTION: ParameterShape = ParameterShape::Structure(&[
    text("Type"),
    text("TargetGroupArn").optional(),
    with("ForwardConfig", ParameterShape::Structure(FORWARD_CONFIG)).optional(),
    with("RedirectConfig", ParameterShape::Structure(REDIRECT_CONFIG)).optional(),
]);
static FORWARD_CONFIG: &[ParameterSpec] = &[
    list("TargetGroups", &WEIGHTED_GROUP),
    with("TargetGroupStickinessConfig", ParameterShape::Structure(STICKINESS)).optional(),
];
static WEIGHTED_GROUP: ParameterShape =
    ParameterShape::Structure(&[text("TargetGroupArn"), number("Weight").optional()]);
static STICKINESS: &[ParameterSpec] = &[with("Enabled", ParameterShape::Flag), number("DurationSeconds").optional()];
static REDIRECT_CONFIG: &[ParameterSpec] = &[
    text("Protocol").optional(),
    text("Port").optional(),
    text("Host").optional(),
    text("Path").optional(),
    text("Query").optional(),
    text("StatusCode"),
];
/// A rule of a security group.
static PERMISSION: ParameterShape = ParameterShape::Structure(&[
    text("IpProtocol"),
    number("FromPort").optional(),
    number("ToPort").optional(),
    list("IpRanges", &IPV4_RANGE).optional(),
    list("Ipv6Ranges", &IPV6_RANGE).optional(),
    list("PrefixListIds", &PREFIX_LIST).optional(),
    list("UserIdGroupPairs", &GROUP_PAIR).sent_as("Groups").optional(),
]);
static IPV4_RANGE: ParameterShape = ParameterShape::Structure(&[text("CidrIp")]);
static IPV6_RANGE: ParameterShape = ParameterShape::Structure(&[text("CidrIpv6")]);
static PREFIX_LIST: ParameterShape = ParameterShape::Structure(&[text("PrefixListId")]);
static GROUP_PAIR: ParameterShape = ParameterShape::Structure(&[text("GroupId"), text("UserId").optional()]);
/// A dimension of a metric.
static DIMENSION: ParameterShape = ParameterShape::Structure(&[text("Name"), text("Value")]);
/// A metric or an expression of an alarm.
static METRIC_QUERY: ParameterShape = ParameterShape::Structure(&[
    text("Id"),
    with("MetricStat", ParameterShape::Structure(METRIC_STAT)).optional(),
    text("Expression").optional(),
    text("Label").optional(),
    with("ReturnData", ParameterShape::Flag),
]);
static METRIC_STAT: &[ParameterSpec] =
    &[with("Metric", ParameterShape::Structure(METRIC)), number("Period"), text("Stat")];
static METRIC: &[ParameterSpec] = &[text("MetricName"), text("Namespace"), list("Dimensions", &DIMENSION).optional()];
static MUTE_RULE: &[ParameterSpec] = &[with("Schedule", ParameterShape::Structure(SCHEDULE))];
static SCHEDULE: &[ParameterSpec] = &[text("Expression"), text("Duration"), text("Timezone").optional()];
static MUTE_TARGETS: &[ParameterSpec] = &[list("AlarmNames", &ParameterShape::Text)];

const fn row(service: Service, operation: &'static str, parameters: &'static [ParameterSpec]) -> ApiWrite {
    ApiWrite { service, operation, parameters, changes: true, allowed_on: AllowedOn::Everything }
}

const fn of_load_balancers(operation: &'static str, parameters: &'static [ParameterSpec]) -> ApiWrite {
    ApiWrite { allowed_on: AllowedOn::BeanstalkLoadBalancers, ..row(Service::Elb, operation, parameters) }
}

const fn text(name: &'static str) -> ParameterSpec {
    with(name, ParameterShape::Text)
}

const fn number(name: &'static str) -> ParameterSpec {
    with(name, ParameterShape::Number)
}

const fn list(name: &'static str, of: &'static ParameterShape) -> ParameterSpec {
    with(name, ParameterShape::List(of))
}

const fn with(name: &'static str, shape: ParameterShape) -> ParameterSpec {
    ParameterSpec { name, form_name: name, shape, required: true }
}
