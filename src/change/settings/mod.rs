//! The one table of settings: what can be edited on a target group, a load balancer and a listener, with its range, its
//! danger, and the Beanstalk option that controls it.
//!
//! The form, `set`, drift and the ranges use it. What is shown and not edited is in [`FIXED`].

mod facts;
mod find;
mod fixed;
mod kind;
mod listener;
mod load_balancer;
mod normal;
mod target_group;

pub use facts::{Danger, Meaning, ObjectKind, OptionFacts, Place, SettingFacts};
pub use find::{KeyMistake, Named, find, keys};
pub use fixed::{FIXED, FixedFacts};
pub use kind::{Comparison, SettingKind};
pub use normal::is_same_value;

/// The namespace of the load balancer's options.
pub const LOAD_BALANCER_NAMESPACE: &str = "aws:elbv2:loadbalancer";

/// The namespace of a process's options.
#[must_use]
pub fn process_namespace(process: &str) -> String {
    format!("aws:elasticbeanstalk:environment:process:{process}")
}

/// The namespace of a listener's options.
#[must_use]
pub fn listener_namespace(port: i32) -> String {
    if port == 80 { "aws:elbv2:listener:default".into() } else { format!("aws:elbv2:listener:{port}") }
}

/// The namespace of the options of a listener's rule.
#[must_use]
pub fn rule_namespace(rule: &str) -> String {
    format!("aws:elbv2:listenerrule:{rule}")
}

/// All settings: those of a target group first, then the load balancer's, then a listener's.
pub fn settings() -> impl Iterator<Item = &'static SettingFacts> {
    target_group::SETTINGS.iter().chain(load_balancer::SETTINGS).chain(listener::SETTINGS)
}

/// The settings of one kind of object.
pub fn settings_of(object: ObjectKind) -> impl Iterator<Item = &'static SettingFacts> {
    settings().filter(move |facts| facts.object == object)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_key_and_each_option_of_an_object_is_there_once() {
        let keys: BTreeSet<_> = settings().map(|facts| (facts.object, facts.key)).collect();
        assert_eq!(keys.len(), settings().count());
        let named = || settings().filter_map(|facts| Some((facts.object, facts.option?.name)));
        assert_eq!(named().collect::<BTreeSet<_>>().len(), named().count());
    }

    #[test]
    fn a_default_is_in_its_range() {
        for facts in settings() {
            let is_unset = facts.default.is_empty();
            assert!(is_unset || facts.kind.accept(facts.default).as_deref() == Some(facts.default), "{}", facts.key);
            let Some(option) = facts.option else { continue };
            let default = option.kind.accept(option.default);
            assert!(option.default.is_empty() || default.as_deref() == Some(option.default), "{}", option.name);
        }
    }

    /// What the options of a resource are whose change makes another resource (domain 2.5, 2.7).
    #[test]
    fn no_option_in_the_table_replaces_a_resource() {
        let replacing = [
            "Port",
            "Protocol",
            "ELBScheme",
            "VPCId",
            "LoadBalancerType",
            "LoadBalancerIsShared",
            "SharedLoadBalancer",
            "EnvironmentType",
        ];
        for facts in settings() {
            assert!(facts.option.is_none_or(|option| !replacing.contains(&option.name)), "{}", facts.key);
        }
        for name in ["Port", "Protocol", "ELBScheme", "VPCId", "LoadBalancerType", "EnvironmentType"] {
            let row = FIXED.iter().find(|row| row.option.is_some_and(|(_, option)| option == name));
            assert!(row.is_some_and(|row| !row.why.is_empty()), "{name} is not shown");
        }
    }

    #[test]
    fn every_attribute_that_an_alb_has_is_there() {
        const GROUP: &[&str] = &[
            "deregistration_delay.timeout_seconds",
            "stickiness.enabled",
            "stickiness.type",
            "stickiness.lb_cookie.duration_seconds",
            "stickiness.app_cookie.cookie_name",
            "stickiness.app_cookie.duration_seconds",
            "load_balancing.algorithm.type",
            "load_balancing.algorithm.anomaly_mitigation",
            "slow_start.duration_seconds",
            "load_balancing.cross_zone.enabled",
            "target_group_health.dns_failover.minimum_healthy_targets.count",
            "target_group_health.dns_failover.minimum_healthy_targets.percentage",
            "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
            "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
            "lambda.multi_value_headers.enabled",
            "health_check.protocol",
            "health_check.port",
            "health_check.path",
            "health_check.interval",
            "health_check.timeout",
            "health_check.healthy_threshold",
            "health_check.unhealthy_threshold",
            "health_check.matcher",
            "health_check.enabled",
        ];
        const BALANCER: &[&str] = &[
            "idle_timeout.timeout_seconds",
            "client_keep_alive.seconds",
            "routing.http2.enabled",
            "routing.http.drop_invalid_header_fields.enabled",
            "routing.http.desync_mitigation_mode",
            "routing.http.preserve_host_header.enabled",
            "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
            "routing.http.x_amzn_tls_kx.enabled",
            "routing.http.xff_client_port.enabled",
            "routing.http.xff_header_processing.mode",
            "waf.fail_open.enabled",
            "deletion_protection.enabled",
            "load_balancing.cross_zone.enabled",
            "access_logs.s3.enabled",
            "access_logs.s3.bucket",
            "access_logs.s3.prefix",
            "connection_logs.s3.enabled",
            "connection_logs.s3.bucket",
            "connection_logs.s3.prefix",
            "health_check_logs.s3.enabled",
            "health_check_logs.s3.bucket",
            "health_check_logs.s3.prefix",
            "ipv6.deny_all_igw_traffic",
            "zonal_shift.config.enabled",
        ];
        for (object, keys) in [(ObjectKind::TargetGroup, GROUP), (ObjectKind::LoadBalancer, BALANCER)] {
            for key in keys {
                let is_edited = settings_of(object).any(|facts| facts.key == *key);
                let is_shown = FIXED.iter().any(|row| row.object == object && row.key == *key);
                assert!(is_edited ^ is_shown, "{key}: edited {is_edited}, shown {is_shown}");
            }
        }
    }

    #[test]
    fn danger_follows_from_what_changes() {
        let of = |key: &str| settings().find(|facts| facts.key == key).unwrap();
        assert!(of("stickiness.enabled").is_dangerous(Some("true"), "false"));
        assert!(!of("stickiness.enabled").is_dangerous(Some("false"), "true"));
        let delay = of("deregistration_delay.timeout_seconds");
        assert!(delay.is_dangerous(Some("300"), "20") && !delay.is_dangerous(Some("20"), "300"));
        assert!(delay.is_dangerous(None, "300"));
        assert!(of("health_check.path").is_dangerous(Some("/"), "/healthz"));
    }
}
