//! The settings of a target group behind an Application Load Balancer, and of its health check.
//!
//! (`ModifyTargetGroupAttributes`, `ModifyTargetGroup`; options: `aws:elasticbeanstalk:environment:process`.)

use super::{Danger, Meaning, ObjectKind, Place, SettingFacts, SettingKind};
use crate::model::HealthCheck;

/// By quota an Application Load Balancer has a thousand targets, so no group has more.
const MOST_TARGETS: u32 = 1000;

/// A week.
const LONGEST_COOKIE: u32 = 604_800;

const fn attribute(key: &'static str, kind: SettingKind, default: &'static str, about: &'static str) -> SettingFacts {
    SettingFacts::attribute(ObjectKind::TargetGroup, key, kind, default, about)
}

const fn check(
    key: &'static str,
    (parameter, read): (&'static str, fn(&HealthCheck) -> Option<String>),
    kind: SettingKind,
    default: &'static str,
    about: &'static str,
) -> SettingFacts {
    let place = Place::HealthCheck(parameter, read);
    SettingFacts { place, ..attribute(key, kind, default, about) }.dangerous(Danger::Always)
}

macro_rules! number {
    ($parameter:literal, $field:ident) => {
        ($parameter, |check| check.$field.map(|number| number.to_string()))
    };
}

macro_rules! text {
    ($parameter:literal, $field:ident) => {
        ($parameter, |check| check.$field.as_deref().map(str::to_owned))
    };
}

pub(super) const SETTINGS: &[SettingFacts] = &[
    check(
        "health_check.path",
        text!("HealthCheckPath", path),
        SettingKind::Path,
        "/",
        "what the health check asks a target for",
    )
    .option("HealthCheckPath", "/"),
    check(
        "health_check.interval",
        number!("HealthCheckIntervalSeconds", interval),
        SettingKind::Integer(5, 300),
        "30",
        "seconds between two checks of a target",
    )
    .option("HealthCheckInterval", "15"),
    check(
        "health_check.timeout",
        number!("HealthCheckTimeoutSeconds", timeout),
        SettingKind::Integer(2, 120),
        "5",
        "seconds after which a check without an answer has failed",
    )
    .own_option("HealthCheckTimeout", SettingKind::Integer(1, 60), "5"),
    check(
        "health_check.healthy_threshold",
        number!("HealthyThresholdCount", healthy_threshold),
        SettingKind::Integer(2, 10),
        "5",
        "checks in a row that make a target healthy again",
    )
    .option("HealthyThresholdCount", "3"),
    check(
        "health_check.unhealthy_threshold",
        number!("UnhealthyThresholdCount", unhealthy_threshold),
        SettingKind::Integer(2, 10),
        "2",
        "failed checks in a row that make a target unhealthy",
    )
    .option("UnhealthyThresholdCount", "5"),
    check(
        "health_check.matcher",
        text!("Matcher", matcher),
        SettingKind::Codes(200, 499),
        "200",
        "the status codes of a target that is well",
    )
    .option("MatcherHTTPCode", "200"),
    check(
        "health_check.port",
        text!("HealthCheckPort", port),
        SettingKind::KeywordOrInteger("traffic-port", 1, 65535),
        "traffic-port",
        "the port that the health check asks",
    ),
    check(
        "health_check.protocol",
        text!("HealthCheckProtocol", protocol),
        SettingKind::Choice(&["HTTP", "HTTPS"]),
        "HTTP",
        "the protocol that the health check speaks",
    ),
    attribute(
        "deregistration_delay.timeout_seconds",
        SettingKind::Integer(0, 3600),
        "300",
        "how many seconds a target that leaves may finish its requests",
    )
    .dangerous(Danger::Lowered)
    .option("DeregistrationDelay", "20"),
    attribute("stickiness.enabled", SettingKind::Flag, "false", "whether a client stays with its target")
        .dangerous(Danger::Off)
        .option("StickinessEnabled", "false"),
    attribute(
        "stickiness.type",
        SettingKind::Choice(&["lb_cookie", "app_cookie"]),
        "lb_cookie",
        "whose cookie selects the target: the load balancer's, or the application's",
    )
    .dangerous(Danger::Always)
    .own_option("StickinessType", SettingKind::Choice(&["lb_cookie"]), "lb_cookie")
    .means(Meaning::Sticky),
    attribute(
        "stickiness.lb_cookie.duration_seconds",
        SettingKind::Integer(1, LONGEST_COOKIE),
        "86400",
        "how many seconds a client stays with its target by the load balancer's cookie",
    )
    .option("StickinessLBCookieDuration", "86400")
    .means(Meaning::StickyByCookie),
    attribute(
        "stickiness.app_cookie.cookie_name",
        SettingKind::CookieName,
        "",
        "the application's cookie that stickiness of the type app_cookie follows",
    ),
    attribute(
        "stickiness.app_cookie.duration_seconds",
        SettingKind::Integer(1, LONGEST_COOKIE),
        "86400",
        "how many seconds a client stays with its target by the application's cookie",
    ),
    attribute(
        "load_balancing.algorithm.type",
        SettingKind::Choice(&["round_robin", "least_outstanding_requests", "weighted_random"]),
        "round_robin",
        "how the next target is chosen",
    ),
    attribute(
        "load_balancing.algorithm.anomaly_mitigation",
        SettingKind::Choice(&["on", "off"]),
        "off",
        "whether a target that answers worse than the others gets less; with weighted_random only",
    ),
    attribute(
        "slow_start.duration_seconds",
        SettingKind::KeywordOrInteger("0", 30, 900),
        "0",
        "over how many seconds a new target gets up to its share; with round_robin only",
    ),
    attribute(
        "load_balancing.cross_zone.enabled",
        SettingKind::Choice(&["true", "false", "use_load_balancer_configuration"]),
        "use_load_balancer_configuration",
        "whether targets in every zone get requests from every zone",
    ),
    health(
        "target_group_health.dns_failover.minimum_healthy_targets.count",
        SettingKind::KeywordOrInteger("off", 1, MOST_TARGETS),
        "1",
    )
    .about("fewer healthy targets than this in a zone, and DNS no longer names the zone"),
    health(
        "target_group_health.dns_failover.minimum_healthy_targets.percentage",
        SettingKind::KeywordOrInteger("off", 1, 100),
        "off",
    )
    .about("a smaller percentage of healthy targets in a zone, and DNS no longer names the zone"),
    health(
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
        SettingKind::Integer(1, MOST_TARGETS),
        "1",
    )
    .about("fewer healthy targets than this, and requests go to unhealthy ones too"),
    health(
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
        SettingKind::KeywordOrInteger("off", 1, 100),
        "off",
    )
    .about("a smaller percentage of healthy targets, and requests go to unhealthy ones too"),
];

const fn health(key: &'static str, kind: SettingKind, default: &'static str) -> SettingFacts {
    attribute(key, kind, default, "").dangerous(Danger::Always)
}

impl SettingFacts {
    const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }
}
