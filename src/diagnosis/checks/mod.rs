//! The table of checks: one row each, in the order in which findings of equal severity are listed. What is likelier to be a
//! cause comes first.

pub(super) mod alarms;
pub(super) mod certificates;
pub(super) mod configuration;
pub(super) mod connections;
pub(super) mod counts;
pub(super) mod deploys;
pub(super) mod detection;
pub(super) mod egress;
pub(super) mod elsewhere;
pub(super) mod exposure;
pub(super) mod group;
pub(super) mod health;
pub(super) mod health_checks;
pub(super) mod https;
pub(super) mod ingress;
mod listening;
pub(super) mod membership;
pub(super) mod names;
pub(super) mod options;
pub(super) mod platforms;
pub(super) mod probed;
pub(super) mod redirects;
pub(super) mod returning;
pub(super) mod routing;
pub(super) mod scaling;
pub(super) mod scheduled;
pub(super) mod sharing;
pub(super) mod skew;
pub(super) mod sockets;
pub(super) mod stickiness;
pub(super) mod targets;
pub(super) mod timeouts;
pub(super) mod traffic;
pub(super) mod updates;

use super::check::Check;
use super::finding::CheckRun;
use super::inputs::Inputs;

/// What a check does: it adds what it found, or that it could not decide.
pub(super) type Judge = fn(&Inputs<'_>, &mut CheckRun<'_>);

/// All checks.
pub(super) static TABLE: &[(&Check, Judge)] = &[
    (&targets::NO_HEALTHY_TARGET, targets::no_healthy_target),
    (&health::HEALTH, health::health),
    (&targets::FAILING_TARGET, targets::failing_target),
    (&targets::UNAVAILABLE_TARGET, targets::unavailable_target),
    (&targets::UNUSED_TARGET, targets::unused_target),
    (&updates::ABORTED_UPDATE, updates::aborted_update),
    (&updates::STUCK_UPDATE, updates::stuck_update),
    (&updates::MIXED_VERSIONS, updates::mixed_versions),
    (&counts::FAIL_OPEN, counts::fail_open),
    (&traffic::ERRORS, traffic::errors),
    (&alarms::RAISED_ALARM, alarms::raised_alarm),
    (&counts::CONNECTION_ERRORS, counts::connection_errors),
    (&counts::BAD_GATEWAY, counts::bad_gateway),
    (&counts::GATEWAY_TIMEOUT, counts::gateway_timeout),
    (&counts::REJECTED, counts::rejected),
    (&connections::CONNECTIONS_NEAR_LIMIT, connections::connections_near_limit),
    (&deploys::FAILED_DEPLOYMENT, deploys::failed_deployment),
    (&probed::PROBED_ANSWER, probed::probed_answer),
    (&probed::PROBED_SOCKETS, probed::probed_sockets),
    (&probed::PROBED_CERTIFICATE, probed::probed_certificate),
    (&probed::PROBED_ORIGIN, probed::probed_origin),
    (&ingress::CLOSED_PORT, ingress::closed_port),
    (&egress::CLOSED_EGRESS, egress::closed_egress),
    (&scaling::KEPT_FAILING, scaling::kept_failing),
    (&scaling::FULL_GROUP, scaling::full_group),
    (&group::SUSPENDED_PROCESSES, group::suspended_processes),
    (&group::SHORT_GRACE, group::short_grace),
    (&scheduled::FOREIGN_ACTIONS, scheduled::foreign_actions),
    (&scaling::SINGLE_ZONE, scaling::single_zone),
    (&membership::STRAY_INSTANCE, membership::stray_instance),
    (&elsewhere::FOREIGN_TARGET_GROUP, elsewhere::foreign_target_group),
    (&membership::ALONE_IN_PRODUCTION, membership::alone_in_production),
    (&group::SINGLE_INSTANCE, group::single_instance),
    (&certificates::CERTIFICATE, certificates::certificate),
    (&names::UNCOVERED_NAME, names::uncovered_name),
    (&https::NO_HTTPS, https::no_https),
    (&https::OLD_TLS, https::old_tls),
    (&redirects::PLAIN_HTTP, redirects::plain_http),
    (&egress::DEFAULT_GROUP, egress::default_group),
    (&sharing::SHARED_SECURITY_GROUP, sharing::shared_security_group),
    (&exposure::EXPOSED_INSTANCES, exposure::exposed_instances),
    (&health_checks::CHECK_PROTOCOL, health_checks::check_protocol),
    (&redirects::REDIRECTED_CHECK, redirects::redirected_check),
    (&health_checks::LONG_TIMEOUT, health_checks::long_timeout),
    (&detection::SLOW_DETECTION, detection::slow_detection),
    (&health_checks::IGNORED_URL, health_checks::ignored_url),
    (&routing::SHADOWED_RULES, routing::shadowed_rules),
    (&options::UNDEFINED_RULE, options::undefined_rule),
    (&routing::DEAD_SPARE, routing::dead_spare),
    (&routing::PROCESS_IN_NO_RULE, routing::process_in_no_rule),
    (&sharing::PORT_WITHOUT_RULE, sharing::port_without_rule),
    (&sockets::IDLE_SOCKETS, sockets::idle_sockets),
    (&sockets::FALLBACK_WITHOUT_STICKINESS, sockets::fallback_without_stickiness),
    (&stickiness::STICKY_WITHOUT_CROSS_ZONE, stickiness::sticky_without_cross_zone),
    (&stickiness::WEIGHTED_WITHOUT_STICKINESS, stickiness::weighted_without_stickiness),
    (&stickiness::MIXED_STICKINESS, stickiness::mixed_stickiness),
    (&skew::SKEW, skew::skew),
    (&counts::NOT_STICKY, counts::not_sticky),
    (&sockets::SHORT_DRAINING, sockets::short_draining),
    (&timeouts::LONG_DRAINING, timeouts::long_draining),
    (&timeouts::TARGET_OPTIMIZER, timeouts::target_optimizer),
    (&timeouts::PROTOCOL_VERSION, timeouts::protocol_version),
    (&deploys::NO_SPARE, deploys::no_spare),
    (&options::VERSION_GONE, options::version_gone),
    (&returning::NO_WAY_BACK, returning::no_way_back),
    (&returning::PREVIOUS_EXPIRES, returning::previous_expires),
    (&deploys::IGNORED_HEALTH, deploys::ignored_health),
    (&deploys::IMMUTABLE_CONFIGURATION, deploys::immutable_configuration),
    (&deploys::BASIC_HEALTH, deploys::basic_health),
    (&alarms::SILENT_ALARM, alarms::silent_alarm),
    (&alarms::ALARM_WITHOUT_DATA, alarms::alarm_without_data),
    (&options::UNMANAGED_PLATFORM, options::unmanaged_platform),
    (&platforms::NEWER_PLATFORM, platforms::newer_platform),
    (&configuration::DRIFT, configuration::drifting),
    (&configuration::LINKS, configuration::links),
    (&alarms::MISSING_DATA, alarms::missing_data),
    (&alarms::NO_ALARM, alarms::no_alarm),
];

/// Returns all checks, in the order of the table.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    TABLE.iter().map(|(check, _)| *check)
}
