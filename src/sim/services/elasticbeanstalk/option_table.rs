//! The options that Beanstalk knows, with their types, ranges, defaults, and what a change of them interrupts.
//!
//! (Developer Guide, general options; the example answers of `DescribeConfigurationOptions` in the AWS CLI's reference. A
//! severity that is in neither of them follows from what the option makes, and is UNVERIFIED.)

use crate::sim::scenario::spec::Kind;

/// What an option takes.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// A whole number, both ends included.
    Number(i32, i32),
    /// One of these words.
    Words(&'static [&'static str]),
    /// `200`, `200,202`, `200-299`.
    Codes(u16, u16),
    /// `true` or `false`.
    Flag,
    /// Any text.
    Text,
    /// A text of at most so many characters.
    Short(i32),
    /// A text that matches this expression, with its label.
    Pattern(&'static str, &'static str),
    /// Texts, separated by commas.
    List,
    /// A document.
    Json,
}

/// What a change of an option interrupts.
#[derive(Clone, Copy)]
pub(super) enum Interrupts {
    Nothing,
    Servers,
    Environment,
}

/// An option.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) default: Option<&'static str>,
    pub(super) takes: Takes,
    pub(super) interrupts: Interrupts,
}

impl Interrupts {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Nothing => "NoInterruption",
            Self::Servers => "RestartApplicationServer",
            Self::Environment => "RestartEnvironment",
        }
    }
}

const fn row(name: &'static str, default: Option<&'static str>, takes: Takes) -> Row {
    Row { name, default, takes, interrupts: Interrupts::Nothing }
}

impl Row {
    const fn replaces(self) -> Self {
        Self { interrupts: Interrupts::Environment, ..self }
    }

    const fn restarts(self) -> Self {
        Self { interrupts: Interrupts::Servers, ..self }
    }
}

use Takes::{Codes, Flag, Json, List, Number, Pattern, Short, Text, Words};

const SCALING: &[Row] = &[
    row("Availability Zones", Some("Any"), Words(&["Any", "Any 1", "Any 2", "Any 3"])),
    row("Cooldown", Some("360"), Number(0, 10_000)),
    row("Custom Availability Zones", None, List),
    row("EnableCapacityRebalancing", Some("false"), Flag),
    row("MaxSize", Some("4"), Number(1, 10_000)),
    row("MinSize", Some("1"), Number(1, 10_000)),
];
const LAUNCH: &[Row] = &[
    row("DisableIMDSv1", Some("false"), Flag).replaces(),
    row("EC2KeyName", None, Text).replaces(),
    row("IamInstanceProfile", None, Text).replaces(),
    row("ImageId", None, Pattern("^ami-[0-9a-f]{8,17}$", "an AMI's id")).replaces(),
    row("InstanceType", Some("t3.micro"), Words(INSTANCE_TYPES)).replaces(),
    row("MonitoringInterval", Some("5 minute"), Words(&["1 minute", "5 minute"])).replaces(),
    row("RootVolumeSize", None, Number(1, 16_384)).replaces(),
    row("RootVolumeType", None, Words(&["gp2", "gp3", "io1", "standard"])).replaces(),
    row("SSHSourceRestriction", None, Text),
    row("SecurityGroups", None, List).replaces(),
];
const INSTANCES: &[Row] = &[
    row("EnableSpot", Some("false"), Flag).replaces(),
    row("InstanceTypes", None, List).replaces(),
    row("SpotFleetOnDemandAboveBasePercentage", Some("70"), Number(0, 100)).replaces(),
    row("SpotFleetOnDemandBase", Some("0"), Number(0, 10_000)).replaces(),
    row("SupportedArchitectures", None, List).replaces(),
];
const INSTANCE_TYPES: &[&str] = &[
    "t2.micro",
    "t3.micro",
    "t3.small",
    "t3.medium",
    "t3.large",
    "t4g.micro",
    "t4g.small",
    "m5.large",
    "m5.xlarge",
    "m6i.large",
    "m7g.large",
    "c5.large",
    "c6i.large",
    "r5.large",
    "c5.xlarge",
    "c5.2xlarge",
];
const TRIGGER: &[Row] = &[
    row("BreachDuration", Some("5"), Number(1, 600)),
    row("EvaluationPeriods", Some("1"), Number(1, 600)),
    row("LowerBreachScaleIncrement", Some("-1"), Text),
    row("LowerThreshold", Some("2000000"), Number(0, 20_000_000)),
    row("MeasureName", Some("NetworkOut"), Words(MEASURES)),
    row("Period", Some("5"), Number(1, 600)),
    row("Statistic", Some("Average"), Words(&["Minimum", "Maximum", "Sum", "Average"])),
    row("Unit", Some("Bytes"), Text),
    row("UpperBreachScaleIncrement", Some("1"), Text),
    row("UpperThreshold", Some("6000000"), Number(0, 20_000_000)),
];
const MEASURES: &[&str] = &[
    "CPUUtilization",
    "NetworkIn",
    "NetworkOut",
    "DiskWriteOps",
    "DiskReadBytes",
    "DiskReadOps",
    "DiskWriteBytes",
    "Latency",
    "RequestCount",
    "HealthyHostCount",
    "UnhealthyHostCount",
    "TargetResponseTime",
];
const ROLLING: &[Row] = &[
    row("MaxBatchSize", None, Number(1, 10_000)),
    row("MinInstancesInService", None, Number(0, 9_999)),
    row("PauseTime", None, Pattern("^PT(\\d+H)?(\\d+M)?(\\d+S)?$", "a duration of ISO 8601")),
    row("RollingUpdateEnabled", Some("false"), Flag),
    row("RollingUpdateType", Some("Time"), Words(&["Time", "Health", "Immutable"])),
    row("Timeout", Some("PT30M"), Text),
];
const COMMAND: &[Row] = &[
    row("BatchSize", Some("100"), Number(1, 10_000)),
    row("BatchSizeType", Some("Percentage"), Words(&["Percentage", "Fixed"])),
    row("DeploymentPolicy", Some("AllAtOnce"), Words(POLICIES)),
    row("IgnoreHealthCheck", Some("false"), Flag),
    row("Timeout", Some("600"), Number(1, 3600)),
];
const POLICIES: &[&str] = &["AllAtOnce", "Rolling", "RollingWithAdditionalBatch", "Immutable", "TrafficSplitting"];
const SPLITTING: &[Row] =
    &[row("EvaluationTime", Some("5"), Number(3, 600)), row("NewVersionPercent", Some("10"), Number(1, 100))];
const NETWORK: &[Row] = &[
    row("AssociatePublicIpAddress", None, Flag).replaces(),
    row("DBSubnets", None, List),
    row("ELBScheme", Some("public"), Text).replaces(),
    row("ELBSubnets", None, List).replaces(),
    row("Subnets", None, List).replaces(),
    row("VPCId", None, Text).replaces(),
];
const ENVIRONMENT: &[Row] = &[
    row("EnvironmentType", Some("LoadBalanced"), Words(&["LoadBalanced", "SingleInstance"])).replaces(),
    row("ExternalExtensionsS3Bucket", None, Text),
    row("LoadBalancerIsShared", Some("false"), Flag).replaces(),
    row("LoadBalancerType", Some("classic"), Words(&["classic", "application", "network"])).replaces(),
    row("ServiceRole", None, Text),
];
const REPORTING: &[Row] = &[
    row("ConfigDocument", None, Json),
    row("EnhancedHealthAuthEnabled", Some("true"), Flag),
    row("HealthCheckSuccessThreshold", Some("Ok"), Words(&["Ok", "Warning", "Degraded", "Severe"])),
    row("SystemType", Some("basic"), Words(&["basic", "enhanced"])),
];
const LOGS: &[Row] = &[
    row("DeleteOnTerminate", Some("false"), Flag).replaces(),
    row("RetentionInDays", Some("7"), Words(RETENTIONS)).replaces(),
    row("StreamLogs", Some("false"), Flag).replaces(),
];
const RETENTIONS: &[&str] = &["1", "3", "5", "7", "14", "30", "60", "90", "120", "150", "180", "365", "400", "545"];
const MANAGED: &[Row] = &[
    row("ManagedActionsEnabled", Some("false"), Flag),
    row("PreferredStartTime", None, Pattern("^(Sun|Mon|Tue|Wed|Thu|Fri|Sat):\\d\\d:\\d\\d$", "day:hour:minute")),
    row("ServiceRoleForManagedUpdates", None, Text),
];
const BALANCER: &[Row] = &[
    row("AccessLogsS3Bucket", None, Text),
    row("AccessLogsS3Enabled", Some("false"), Flag),
    row("AccessLogsS3Prefix", None, Text),
    row("IdleTimeout", None, Number(1, 3600)),
    row("IpAddressType", None, Words(&["ipv4", "dualstack"])),
    row("ManagedSecurityGroup", None, Text),
    row("SecurityGroups", None, List),
    row("SharedLoadBalancer", None, Text).replaces(),
];
const LISTENER: &[Row] = &[
    row("DefaultProcess", Some("default"), Text),
    row("ListenerEnabled", Some("true"), Flag),
    row("Protocol", Some("HTTP"), Text),
    row("Rules", None, List),
    row("SSLCertificateArns", None, Text),
    row("SSLPolicy", None, Text),
];
const LISTENER_RULE: &[Row] = &[
    row("HostHeaders", None, List),
    row("PathPatterns", None, List),
    row("Priority", Some("1"), Number(1, 1000)),
    row("Process", Some("default"), Text),
];
const PROCESS: &[Row] = &[
    row("DeregistrationDelay", Some("20"), Number(0, 3600)),
    row("HealthCheckInterval", Some("15"), Number(5, 300)),
    row("HealthCheckPath", Some("/"), Text),
    row("HealthCheckTimeout", Some("5"), Number(1, 60)),
    row("HealthyThresholdCount", Some("3"), Number(2, 10)),
    row("MatcherHTTPCode", Some("200"), Codes(200, 499)),
    row("Port", Some("80"), Number(1, 65_535)),
    row("Protocol", Some("HTTP"), Text),
    row("StickinessEnabled", Some("false"), Flag),
    row("StickinessLBCookieDuration", Some("86400"), Number(1, 604_800)),
    row("StickinessType", Some("lb_cookie"), Words(&["lb_cookie"])),
    row("UnhealthyThresholdCount", Some("5"), Number(2, 10)),
];

/// The rows of each namespace that has one name.
const TABLES: &[(&str, &[Row])] = &[
    ("aws:autoscaling:asg", SCALING),
    ("aws:autoscaling:launchconfiguration", LAUNCH),
    ("aws:autoscaling:trigger", TRIGGER),
    ("aws:autoscaling:updatepolicy:rollingupdate", ROLLING),
    ("aws:ec2:instances", INSTANCES),
    ("aws:ec2:vpc", NETWORK),
    ("aws:elasticbeanstalk:application", &[row("Application Healthcheck URL", None, Text)]),
    ("aws:elasticbeanstalk:cloudwatch:logs", LOGS),
    ("aws:elasticbeanstalk:command", COMMAND),
    ("aws:elasticbeanstalk:environment", ENVIRONMENT),
    (
        "aws:elasticbeanstalk:environment:proxy",
        &[row("ProxyServer", Some("nginx"), Words(&["nginx", "apache", "none"])).restarts()],
    ),
    ("aws:elasticbeanstalk:healthreporting:system", REPORTING),
    ("aws:elasticbeanstalk:managedactions", MANAGED),
    (
        "aws:elasticbeanstalk:managedactions:platformupdate",
        &[row("InstanceRefreshEnabled", Some("false"), Flag), row("UpdateLevel", None, Words(&["patch", "minor"]))],
    ),
    (
        "aws:elasticbeanstalk:sns:topics",
        &[
            row("Notification Endpoint", None, Text),
            row("Notification Protocol", Some("email"), Words(&["email", "email-json", "http", "https", "sqs"])),
            row("Notification Topic ARN", None, Text),
            row("Notification Topic Name", None, Text),
        ],
    ),
    ("aws:elasticbeanstalk:trafficsplitting", SPLITTING),
    ("aws:elasticbeanstalk:xray", &[row("XRayEnabled", Some("false"), Flag).restarts()]),
    ("aws:elbv2:loadbalancer", BALANCER),
];

/// An environment property: any name, any text.
pub(super) const PROPERTY: Row = row("", None, Short(4096)).restarts();

/// The options of a namespace.
pub(super) fn rows(namespace: &str) -> &'static [Row] {
    let families: [(&str, &'static [Row]); 3] = [
        ("aws:elasticbeanstalk:environment:process:", PROCESS),
        ("aws:elbv2:listener:", LISTENER),
        ("aws:elbv2:listenerrule:", LISTENER_RULE),
    ];
    let family =
        families.into_iter().find(|(family, _)| namespace.strip_prefix(family).is_some_and(|it| !it.is_empty()));
    let table = || TABLES.iter().find(|(name, _)| *name == namespace).map(|(_, rows)| *rows);
    family.map(|(_, rows)| rows).or_else(table).unwrap_or_default()
}

/// The namespaces that an environment of this kind has, apart from those of its processes, listeners and rules.
pub(super) fn namespaces(kind: Kind) -> impl Iterator<Item = &'static str> {
    let is_alb = matches!(kind, Kind::Application | Kind::ApplicationShared);
    let has = move |name: &&str| match *name {
        "aws:elasticbeanstalk:trafficsplitting" => is_alb,
        "aws:elbv2:loadbalancer" => is_alb || kind == Kind::Network,
        _ => true,
    };
    TABLES.iter().map(|(name, _)| *name).filter(has)
}

/// An option of a namespace.
pub(super) fn find(namespace: &str, name: &str) -> Option<Row> {
    rows(namespace).iter().find(|row| row.name == name).copied()
}
