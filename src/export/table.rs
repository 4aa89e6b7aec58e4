//! The options of Beanstalk that an exported file may hold and that a project's own files are checked against: their ranges
//! and their defaults.
//!
//! What the table of settings controls comes from there; the rest is listed here. (Beanstalk Developer Guide, general
//! options.) A namespace that is not listed is not checked and not exported, environment properties among them.

use crate::change::settings::{LOAD_BALANCER_NAMESPACE, ObjectKind, SettingKind, settings_of};

/// The namespace of environment properties, whose values may be secret.
pub const PROPERTIES_NAMESPACE: &str = "aws:elasticbeanstalk:application:environment";
const PROCESS_PREFIX: &str = "aws:elasticbeanstalk:environment:process:";
const LISTENER_PREFIX: &str = "aws:elbv2:listener:";
const RULE_PREFIX: &str = "aws:elbv2:listenerrule:";
/// The namespace of the deployment policy.
pub const COMMAND_NAMESPACE: &str = "aws:elasticbeanstalk:command";
const SPLITTING_NAMESPACE: &str = "aws:elasticbeanstalk:trafficsplitting";
const ENVIRONMENT_NAMESPACE: &str = "aws:elasticbeanstalk:environment";

/// What a group of options belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OptionGroup {
    /// The load balancer itself.
    LoadBalancer,
    /// A listener, by its port or as `default`.
    Listener,
    /// A rule of a listener.
    Rule,
    /// A process, which is a target group.
    Process,
    /// How versions are deployed.
    Deployment,
    /// Options that are checked in a project's files and never exported.
    Checked,
}

/// The values of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueRange {
    /// As those of a setting.
    Setting(SettingKind),
    /// Any text; lists, names and ARNs.
    Text,
}

/// An option.
#[derive(Clone, Copy, Debug)]
pub struct ExportOptionFacts {
    /// As Beanstalk spells it.
    pub name: &'static str,
    /// Its values.
    pub range: ValueRange,
    /// What it is while it is unset; empty if Beanstalk has no default.
    pub default: &'static str,
    /// Whether a live value that differs is exported in place of the option's.
    pub follows_live: bool,
    /// Whether it is exported.
    pub is_exported: bool,
}

impl ValueRange {
    /// Whether the value is in the range.
    #[must_use]
    pub fn accepts(self, value: &str) -> bool {
        match self {
            Self::Setting(kind) => kind.accept(value).is_some(),
            Self::Text => true,
        }
    }

    /// Describes what is allowed.
    #[must_use]
    pub fn allowed(self) -> String {
        match self {
            Self::Setting(kind) => kind.allowed(),
            Self::Text => "any text".into(),
        }
    }

    /// Whether two values are the same.
    #[must_use]
    pub fn is_same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Setting(kind) => kind.comparison().is_same(one, other),
            Self::Text => one == other,
        }
    }
}

impl OptionGroup {
    /// The group of a namespace; `None` if the table does not have the namespace.
    #[must_use]
    pub fn from_namespace(namespace: &str) -> Option<Self> {
        let named = |prefix| namespace.strip_prefix(prefix).is_some_and(|name| !name.is_empty());
        Some(match namespace {
            LOAD_BALANCER_NAMESPACE => Self::LoadBalancer,
            COMMAND_NAMESPACE | SPLITTING_NAMESPACE => Self::Deployment,
            _ if named(PROCESS_PREFIX) => Self::Process,
            _ if named(LISTENER_PREFIX) => Self::Listener,
            _ if named(RULE_PREFIX) => Self::Rule,
            _ if CHECKED.iter().any(|(name, _)| *name == namespace) => Self::Checked,
            _ => return None,
        })
    }
}

const fn row(name: &'static str, kind: SettingKind, default: &'static str) -> ExportOptionFacts {
    ExportOptionFacts { name, range: ValueRange::Setting(kind), default, follows_live: false, is_exported: true }
}

const fn text(name: &'static str, default: &'static str) -> ExportOptionFacts {
    ExportOptionFacts { name, range: ValueRange::Text, default, follows_live: false, is_exported: true }
}

impl ExportOptionFacts {
    const fn kept(self) -> Self {
        Self { is_exported: false, ..self }
    }

    const fn live(self) -> Self {
        Self { follows_live: true, ..self }
    }
}

/// Security groups and shared load balancers are of one VPC, so a file with them would fit no other environment.
const BALANCER: &[ExportOptionFacts] = &[
    row("IpAddressType", SettingKind::Choice(&["ipv4", "dualstack"]), ""),
    text("ManagedSecurityGroup", "").kept(),
    text("SecurityGroups", "").kept(),
    text("SharedLoadBalancer", "").kept(),
];

const LISTENER: &[ExportOptionFacts] = &[
    row("ListenerEnabled", SettingKind::Flag, "true").live(),
    row("Protocol", SettingKind::Choice(&["HTTP", "HTTPS", "TCP", "TLS"]), "HTTP").live(),
    text("DefaultProcess", "default"),
    text("Rules", ""),
];

const RULE: &[ExportOptionFacts] = &[
    text("HostHeaders", ""),
    text("PathPatterns", ""),
    row("Priority", SettingKind::Integer(1, 1000), "1"),
    text("Process", "default"),
];

const PROCESS: &[ExportOptionFacts] = &[
    row("Port", SettingKind::Integer(1, 65535), "80"),
    row("Protocol", SettingKind::Choice(&["HTTP", "HTTPS", "TCP"]), "HTTP"),
];

const COMMAND: &[ExportOptionFacts] = &[
    row(
        "DeploymentPolicy",
        SettingKind::Choice(&["AllAtOnce", "Rolling", "RollingWithAdditionalBatch", "Immutable", "TrafficSplitting"]),
        "AllAtOnce",
    ),
    row("BatchSizeType", SettingKind::Choice(&["Percentage", "Fixed"]), "Percentage"),
    row("BatchSize", SettingKind::Integer(1, 10_000), "100"),
    row("Timeout", SettingKind::Integer(1, 3600), "600"),
    row("IgnoreHealthCheck", SettingKind::Flag, "false"),
];

const SPLITTING: &[ExportOptionFacts] = &[
    row("NewVersionPercent", SettingKind::Integer(1, 100), "10"),
    row("EvaluationTime", SettingKind::Integer(3, 600), "5"),
];

/// Namespaces that are only checked.
const CHECKED: &[(&str, &[ExportOptionFacts])] = &[
    (
        ENVIRONMENT_NAMESPACE,
        &[
            row("EnvironmentType", SettingKind::Choice(&["LoadBalanced", "SingleInstance"]), "LoadBalanced").kept(),
            text("ServiceRole", "").kept(),
            row("LoadBalancerType", SettingKind::Choice(&["classic", "application", "network"]), "classic").kept(),
            row("LoadBalancerIsShared", SettingKind::Flag, "false").kept(),
            text("ExternalExtensionsS3Bucket", "").kept(),
            text("ExternalExtensionsS3Key", "").kept(),
        ],
    ),
    (
        "aws:elasticbeanstalk:environment:proxy",
        &[row("ProxyServer", SettingKind::Choice(&["nginx", "apache", "none"]), "nginx").kept()],
    ),
    (
        "aws:autoscaling:asg",
        &[
            row("MinSize", SettingKind::Integer(1, 10_000), "1").kept(),
            row("MaxSize", SettingKind::Integer(1, 10_000), "4").kept(),
            row("Cooldown", SettingKind::Integer(0, 10_000), "360").kept(),
            text("Availability Zones", "Any").kept(),
            text("Custom Availability Zones", "").kept(),
            row("EnableCapacityRebalancing", SettingKind::Flag, "false").kept(),
        ],
    ),
];

/// The options of a namespace, in the order in which they are written; empty if the table does not have the namespace.
#[must_use]
pub fn option_rows(namespace: &str) -> Vec<ExportOptionFacts> {
    let of = |object, rest: &[ExportOptionFacts]| {
        let settings = settings_of(object).filter_map(|facts| facts.option);
        let rows = settings.map(|option| row(option.name, option.kind, option.default).live());
        rest.iter().copied().chain(rows).collect()
    };
    match OptionGroup::from_namespace(namespace) {
        Some(OptionGroup::LoadBalancer) => of(ObjectKind::LoadBalancer, BALANCER),
        Some(OptionGroup::Listener) => of(ObjectKind::Listener, LISTENER),
        Some(OptionGroup::Process) => of(ObjectKind::TargetGroup, PROCESS),
        Some(OptionGroup::Rule) => RULE.to_vec(),
        Some(OptionGroup::Deployment) if namespace == COMMAND_NAMESPACE => COMMAND.to_vec(),
        Some(OptionGroup::Deployment) => SPLITTING.to_vec(),
        Some(OptionGroup::Checked) => {
            CHECKED.iter().find(|(name, _)| *name == namespace).map_or_else(Vec::new, |(_, rows)| rows.to_vec())
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const NAMESPACES: &[(&str, OptionGroup, usize)] = &[
        ("aws:elbv2:loadbalancer", OptionGroup::LoadBalancer, 8),
        ("aws:elbv2:listener:default", OptionGroup::Listener, 6),
        ("aws:elbv2:listener:443", OptionGroup::Listener, 6),
        ("aws:elbv2:listenerrule:site", OptionGroup::Rule, 4),
        ("aws:elasticbeanstalk:environment:process:default", OptionGroup::Process, 12),
        ("aws:elasticbeanstalk:command", OptionGroup::Deployment, 5),
        ("aws:elasticbeanstalk:trafficsplitting", OptionGroup::Deployment, 2),
        ("aws:autoscaling:asg", OptionGroup::Checked, 6),
    ];

    #[test]
    fn every_option_of_a_namespace_is_there_once_with_a_default_in_its_range() {
        for (namespace, group, count) in NAMESPACES {
            assert_eq!(OptionGroup::from_namespace(namespace), Some(*group), "{namespace}");
            let rows = option_rows(namespace);
            let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
            assert_eq!((rows.len(), names.len()), (*count, *count), "{namespace}");
            for row in rows {
                let is_right = row.default.is_empty() || row.range.accepts(row.default);
                assert!(is_right, "{namespace} {}: {}", row.name, row.default);
            }
        }
    }

    #[test]
    fn properties_and_unfinished_names_are_no_namespaces_of_the_table() {
        for namespace in [PROPERTIES_NAMESPACE, "aws:elbv2:listener:", "aws:elasticbeanstalk:environment:process:", ""]
        {
            assert_eq!(OptionGroup::from_namespace(namespace), None, "{namespace}");
            assert!(option_rows(namespace).is_empty(), "{namespace}");
        }
    }
}
