//! Which finding is the likeliest cause: what explains another finding comes before it, and weighs as much.

use crate::diagnosis::checks::checks;
use crate::diagnosis::finding::Finding;

/// Checks whose findings may explain those of others: the cause, and what may follow from it.
pub(in crate::diagnosis) const EXPLAINS: &[(&str, &[&str])] = &[
    ("no-way-to-targets", &["no-healthy-target", "failing-target"]),
    ("health-check-redirected", &["no-healthy-target", "failing-target"]),
    ("suspended-scaling-processes", &["failed-target-is-kept"]),
    ("target-connection-errors", &["bad-gateway", "server-errors"]),
    ("bad-gateway", &["server-errors"]),
    ("gateway-timeout", &["server-errors"]),
    ("health-check-protocol", &["no-healthy-target", "failing-target"]),
    (
        "no-healthy-target",
        &[
            "environment-health",
            "fail-open",
            "target-connection-errors",
            "server-errors",
            "scaling-at-maximum",
            "failed-target-is-kept",
        ],
    ),
    ("failing-target", &["environment-health", "server-errors", "scaling-at-maximum", "failed-target-is-kept"]),
    ("unavailable-target", &["environment-health"]),
    ("unused-target", &["environment-health"]),
    ("aborted-update", &["environment-health", "mixed-versions"]),
    ("stuck-update", &["environment-health", "mixed-versions"]),
    ("failed-deployment", &["environment-health", "mixed-versions"]),
    ("mixed-versions", &["environment-health"]),
    ("server-errors", &["environment-health"]),
];

const HEALTH: &str = "environment-health";

/// Returns what a check's findings may explain.
fn explained_by(cause: &str) -> &'static [&'static str] {
    EXPLAINS.iter().find(|(id, _)| *id == cause).map_or(&[], |(_, explained)| explained)
}

/// Returns whether a finding may be the cause of another, through others if need be. No check explains itself.
fn explains(cause: &str, effect: &str) -> bool {
    explained_by(cause).iter().any(|id| *id == effect || explains(id, effect))
}

/// Returns whether a finding may be why the environment's health is bad.
pub(super) fn may_explain_health(finding: &Finding) -> bool {
    explains(finding.check.id, HEALTH)
}

/// Puts the likeliest cause first: by the severity of the worst that it explains, what explains something before what
/// explains nothing, causes before their effects, then in the order of the table.
pub(super) fn sort(findings: &mut [Finding]) {
    let found: Vec<_> = findings.iter().map(|it| (it.check.id, it.severity())).collect();
    let order: Vec<_> = checks().map(|check| check.id).collect();
    let key = |finding: &Finding| {
        let id = finding.check.id;
        let effects = || found.iter().filter(|(other, _)| explains(id, other));
        let weight = effects().map(|(_, severity)| *severity).fold(finding.severity(), std::cmp::Ord::min);
        let causes = found.iter().filter(|(other, _)| explains(other, id)).count();
        (weight, effects().next().is_none(), causes, order.iter().position(|other| *other == id))
    };
    findings.sort_by_cached_key(key);
}
