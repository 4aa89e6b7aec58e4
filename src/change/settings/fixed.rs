//! What is shown and cannot be edited: options whose change makes another resource, and what ELB itself does not change.

use super::ObjectKind;

/// Something that is shown.
#[derive(Clone, Copy, Debug)]
pub struct FixedFacts {
    /// The kind of object that has it.
    pub object: ObjectKind,
    /// Its key in `set`, for which the reason is given.
    pub key: &'static str,
    /// What it is, in a fragment.
    pub about: &'static str,
    /// The option, with the fixed namespace that it has if it does not follow from the object.
    pub option: Option<(Option<&'static str>, &'static str)>,
    /// Why it cannot be edited: what a change would replace.
    pub why: &'static str,
}

#[expect(clippy::unnecessary_wraps, reason = "the table reads better with it")]
/// The option is the process's, the load balancer's or the listener's own.
const fn own(name: &'static str) -> Option<(Option<&'static str>, &'static str)> {
    Some((None, name))
}

#[expect(clippy::unnecessary_wraps, reason = "the table reads better with it")]
const fn of(namespace: &'static str, name: &'static str) -> Option<(Option<&'static str>, &'static str)> {
    Some((Some(namespace), name))
}

const fn row(
    object: ObjectKind,
    key: &'static str,
    about: &'static str,
    option: Option<(Option<&'static str>, &'static str)>,
    why: &'static str,
) -> FixedFacts {
    FixedFacts { object, key, about, option, why }
}

const ENVIRONMENT: &str = "aws:elasticbeanstalk:environment";
const GROUP: ObjectKind = ObjectKind::TargetGroup;
const BALANCER: ObjectKind = ObjectKind::LoadBalancer;
const LISTENER: ObjectKind = ObjectKind::Listener;

/// All that is shown and cannot be edited.
pub const FIXED: &[FixedFacts] = &[
    row(GROUP, "port", "the port of the targets", own("Port"), "another port replaces the target group"),
    row(
        GROUP,
        "protocol",
        "the protocol of the targets",
        own("Protocol"),
        "another protocol replaces the target group",
    ),
    row(
        GROUP,
        "target_control_port",
        "the port of the target optimizer, by which targets say how many requests they take",
        None,
        "ELB takes it only when the target group is made",
    ),
    row(GROUP, "health_check.enabled", "whether targets are checked", None, "ELB always checks instances"),
    row(
        GROUP,
        "lambda.multi_value_headers.enabled",
        "headers as lists",
        None,
        "only the target group of a Lambda function has it",
    ),
    row(
        BALANCER,
        "load_balancing.cross_zone.enabled",
        "whether every zone serves every zone",
        None,
        "it is always on for an Application Load Balancer; a target group may switch it off for itself",
    ),
    row(
        BALANCER,
        "scheme",
        "who reaches it",
        of("aws:ec2:vpc", "ELBScheme"),
        "another scheme replaces the load balancer",
    ),
    row(
        BALANCER,
        "vpc",
        "the network",
        of("aws:ec2:vpc", "VPCId"),
        "another VPC replaces the load balancer and all instances",
    ),
    row(
        BALANCER,
        "type",
        "the type of the load balancer",
        of(ENVIRONMENT, "LoadBalancerType"),
        "Beanstalk takes another type only for a new environment",
    ),
    row(
        BALANCER,
        "environment_type",
        "whether there is a load balancer at all",
        of(ENVIRONMENT, "EnvironmentType"),
        "another type of environment makes or deletes the load balancer",
    ),
    row(
        BALANCER,
        "shared",
        "whether others may use the load balancer",
        of(ENVIRONMENT, "LoadBalancerIsShared"),
        "Beanstalk takes another load balancer only for a new environment",
    ),
    row(
        BALANCER,
        "ip_address_type",
        "IPv4 alone, or both",
        own("IpAddressType"),
        "it is no attribute: SetIpAddressType changes it, which beanpole does not call",
    ),
    row(LISTENER, "port", "the port", None, "Beanstalk knows a listener by its port: another port is another listener"),
    row(
        LISTENER,
        "protocol",
        "HTTP or HTTPS",
        own("Protocol"),
        "another protocol drops or needs certificate and policy: make another listener",
    ),
];
