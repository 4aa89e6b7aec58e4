//! The attributes that load balancers and target groups come with, and their defaults (the API's own pages).
//!
//! Which attributes are returned depends on the type of the load balancer.

use super::values::{Balancer, Pair};

const TARGET_GROUP: &[(&str, &str)] = &[
    ("deregistration_delay.timeout_seconds", "300"),
    ("stickiness.enabled", "false"),
    ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
    ("target_group_health.dns_failover.minimum_healthy_targets.count", "1"),
    ("target_group_health.dns_failover.minimum_healthy_targets.percentage", "off"),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.count", "1"),
    ("target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage", "off"),
];

const APPLICATION_TARGET_GROUP: &[(&str, &str)] = &[
    ("stickiness.type", "lb_cookie"),
    ("stickiness.lb_cookie.duration_seconds", "86400"),
    ("stickiness.app_cookie.cookie_name", ""),
    ("stickiness.app_cookie.duration_seconds", "86400"),
    ("load_balancing.algorithm.type", "round_robin"),
    ("load_balancing.algorithm.anomaly_mitigation", "off"),
    ("slow_start.duration_seconds", "0"),
];

const NETWORK_TARGET_GROUP: &[(&str, &str)] = &[
    ("stickiness.type", "source_ip"),
    ("deregistration_delay.connection_termination.enabled", "false"),
    ("preserve_client_ip.enabled", "true"),
    ("proxy_protocol_v2.enabled", "false"),
    ("target_health_state.unhealthy.connection_termination.enabled", "true"),
    ("target_health_state.unhealthy.draining_interval_seconds", "0"),
];

const LOAD_BALANCER: &[(&str, &str)] = &[
    ("deletion_protection.enabled", "false"),
    ("access_logs.s3.enabled", "false"),
    ("access_logs.s3.bucket", ""),
    ("access_logs.s3.prefix", ""),
    ("ipv6.deny_all_igw_traffic", "false"),
    ("zonal_shift.config.enabled", "false"),
];

const APPLICATION_LOAD_BALANCER: &[(&str, &str)] = &[
    ("load_balancing.cross_zone.enabled", "true"),
    ("idle_timeout.timeout_seconds", "60"),
    ("client_keep_alive.seconds", "3600"),
    ("routing.http2.enabled", "true"),
    ("routing.http.drop_invalid_header_fields.enabled", "false"),
    ("routing.http.desync_mitigation_mode", "defensive"),
    ("routing.http.preserve_host_header.enabled", "false"),
    ("routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"),
    ("routing.http.x_amzn_tls_kx.enabled", "false"),
    ("routing.http.xff_client_port.enabled", "false"),
    ("routing.http.xff_header_processing.mode", "append"),
    ("waf.fail_open.enabled", "false"),
    ("connection_logs.s3.enabled", "false"),
    ("connection_logs.s3.bucket", ""),
    ("connection_logs.s3.prefix", ""),
    ("health_check_logs.s3.enabled", "false"),
    ("health_check_logs.s3.bucket", ""),
    ("health_check_logs.s3.prefix", ""),
];

const NETWORK_LOAD_BALANCER: &[(&str, &str)] = &[
    ("load_balancing.cross_zone.enabled", "false"),
    ("dns_record.client_routing_policy", "any_availability_zone"),
    ("secondary_ips.auto_assigned.per_subnet", "0"),
];

/// The attributes of a listener of an application load balancer; none is set.
const LISTENER: &[(&str, &str)] = &[
    ("routing.http.response.server.enabled", "true"),
    ("routing.http.response.strict_transport_security.header_value", ""),
    ("routing.http.response.content_security_policy.header_value", ""),
    ("routing.http.response.x_content_type_options.header_value", ""),
    ("routing.http.response.x_frame_options.header_value", ""),
];

/// The attributes of a listener of a network load balancer.
const NETWORK_LISTENER: &[(&str, &str)] = &[("tcp.idle_timeout.seconds", "350")];

pub(super) fn of_target_group(network: bool) -> Vec<Pair> {
    pairs(TARGET_GROUP, if network { NETWORK_TARGET_GROUP } else { APPLICATION_TARGET_GROUP })
}

pub(super) fn of_load_balancer(kind: Balancer) -> Vec<Pair> {
    match kind {
        Balancer::Application => pairs(LOAD_BALANCER, APPLICATION_LOAD_BALANCER),
        Balancer::Network => pairs(LOAD_BALANCER, NETWORK_LOAD_BALANCER),
        Balancer::Classic => Vec::new(),
    }
}

pub(super) fn of_listener(kind: Balancer) -> Vec<Pair> {
    pairs(&[], if kind == Balancer::Network { NETWORK_LISTENER } else { LISTENER })
}

fn pairs(common: &[(&str, &str)], own: &[(&str, &str)]) -> Vec<Pair> {
    common.iter().chain(own).map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Sets an attribute, or adds one that is not known here.
pub(super) fn set(attributes: &mut Vec<Pair>, key: &str, value: impl Into<String>) {
    let value = value.into();
    match attributes.iter_mut().find(|(known, _)| known == key) {
        Some((_, old)) => *old = value,
        None => attributes.push((key.to_owned(), value)),
    }
}
