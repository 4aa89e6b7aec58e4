//! The settings of an Application Load Balancer: its attributes.
//!
//! (`ModifyLoadBalancerAttributes`; options: `aws:elbv2:loadbalancer`.)

use super::{Danger, ObjectKind, SettingFacts, SettingKind};

const fn attribute(key: &'static str, kind: SettingKind, default: &'static str, about: &'static str) -> SettingFacts {
    SettingFacts::attribute(ObjectKind::LoadBalancer, key, kind, default, about)
}

pub(super) const SETTINGS: &[SettingFacts] = &[
    attribute(
        "idle_timeout.timeout_seconds",
        SettingKind::Integer(1, 4000),
        "60",
        "after how many silent seconds a connection is cut, a WebSocket's too",
    )
    .dangerous(Danger::Lowered)
    .own_option("IdleTimeout", SettingKind::Integer(1, 3600), "60"),
    attribute(
        "client_keep_alive.seconds",
        SettingKind::Integer(60, 604_800),
        "3600",
        "for how many seconds a client may use one connection",
    ),
    attribute("routing.http2.enabled", SettingKind::Flag, "true", "whether clients may speak HTTP/2"),
    attribute(
        "routing.http.drop_invalid_header_fields.enabled",
        SettingKind::Flag,
        "false",
        "whether headers with invalid names are left out",
    ),
    attribute(
        "routing.http.desync_mitigation_mode",
        SettingKind::Choice(&["monitor", "defensive", "strictest"]),
        "defensive",
        "what becomes of requests that may smuggle another",
    ),
    attribute(
        "routing.http.preserve_host_header.enabled",
        SettingKind::Flag,
        "false",
        "whether targets get the Host header as the client sent it",
    ),
    attribute(
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
        SettingKind::Flag,
        "false",
        "whether targets receive the client's TLS version and cipher",
    ),
    attribute(
        "routing.http.x_amzn_tls_kx.enabled",
        SettingKind::Flag,
        "false",
        "whether targets get the key exchange group of the client's TLS connection",
    ),
    attribute(
        "routing.http.xff_client_port.enabled",
        SettingKind::Flag,
        "false",
        "whether X-Forwarded-For carries the client's port",
    ),
    attribute(
        "routing.http.xff_header_processing.mode",
        SettingKind::Choice(&["append", "preserve", "remove"]),
        "append",
        "what becomes of X-Forwarded-For",
    ),
    attribute(
        "waf.fail_open.enabled",
        SettingKind::Flag,
        "false",
        "whether requests pass while the web application firewall cannot be reached",
    ),
    attribute(
        "deletion_protection.enabled",
        SettingKind::Flag,
        "false",
        "whether the load balancer refuses to be deleted; Beanstalk then cannot terminate or rebuild the environment",
    )
    .dangerous(Danger::Always),
    attribute("access_logs.s3.enabled", SettingKind::Flag, "false", "whether requests are logged to S3")
        .option("AccessLogsS3Enabled", "false"),
    attribute("access_logs.s3.bucket", SettingKind::Bucket, "", "the bucket of the access logs")
        .option("AccessLogsS3Bucket", ""),
    attribute("access_logs.s3.prefix", SettingKind::Prefix, "", "how the names of the access logs begin")
        .option("AccessLogsS3Prefix", ""),
    attribute("connection_logs.s3.enabled", SettingKind::Flag, "false", "whether connections are logged to S3"),
    attribute("connection_logs.s3.bucket", SettingKind::Bucket, "", "the bucket of the connection logs"),
    attribute("connection_logs.s3.prefix", SettingKind::Prefix, "", "how the names of the connection logs begin"),
    attribute("health_check_logs.s3.enabled", SettingKind::Flag, "false", "whether health checks are logged to S3"),
    attribute("health_check_logs.s3.bucket", SettingKind::Bucket, "", "the bucket of the health check logs"),
    attribute("health_check_logs.s3.prefix", SettingKind::Prefix, "", "how the names of the health check logs begin"),
    attribute(
        "ipv6.deny_all_igw_traffic",
        SettingKind::Flag,
        "false",
        "whether traffic through an internet gateway is refused",
    ),
    attribute(
        "zonal_shift.config.enabled",
        SettingKind::Flag,
        "false",
        "whether traffic may be shifted away from a zone that is impaired",
    ),
];
