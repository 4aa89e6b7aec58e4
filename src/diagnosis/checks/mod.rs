//! The table of checks: one row each, in the order in which findings of equal severity are listed. What is likelier to be a
//! cause comes first.

pub(super) mod certificates;
pub(super) mod configuration;
pub(super) mod health;
pub(super) mod routing;
pub(super) mod stickiness;
pub(super) mod targets;
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
    (&traffic::ERRORS, traffic::errors),
    (&certificates::CERTIFICATE, certificates::certificate),
    (&routing::PROCESS_IN_NO_RULE, routing::process_in_no_rule),
    (&stickiness::MIXED_STICKINESS, stickiness::mixed_stickiness),
    (&configuration::DRIFT, configuration::drifting),
    (&configuration::LINKS, configuration::links),
];

/// Returns all checks, in the order of the table.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    TABLE.iter().map(|(check, _)| *check)
}
