//! Why a plan is dangerous, and what there is to know before it is confirmed.

use std::sync::Arc;

use super::field::{Field, Object, PlanInputs};
use super::request::{EnvironmentState, Route};
use super::rows::{ChangeRow, ChangeRows};
use super::serves::{Serves, sharers};
use super::settings::{Danger, ObjectKind, Place};
use crate::model::{EnvironmentStatus, Key};

/// Why it is dangerous to write these rows, a sentence each without its full stop.
pub(super) fn dangers(rows: &ChangeRows, serves: &Serves, state: &EnvironmentState) -> Vec<String> {
    let mut dangers: Vec<_> = rows.iter().filter(|row| row.is_written()).filter_map(of_row).collect();
    if dangers.is_empty() && rows.is_idle() {
        return dangers;
    }
    if serves.environments.len() > 1 {
        dangers.push(format!("it concerns more than one environment: {serves}"));
    }
    if rows.iter().any(|row| row.elb) && state.status != EnvironmentStatus::Ready {
        let status = state.status.as_str();
        dangers.push(format!("the environment is {status}: the update may lay its own values over it"));
    }
    dangers
}

fn of_row(row: &ChangeRow) -> Option<String> {
    let wanted = row.wanted.as_deref()?;
    if !row.facts.is_dangerous(row.seen.as_deref(), wanted) {
        return None;
    }
    let key = &row.key;
    Some(match (row.facts.danger, row.facts.place, row.facts.object) {
        (Danger::Off, ..) => format!("{key} is switched off: clients lose their target"),
        (Danger::Lowered, ..) => format!("{key} is lowered: what lasts longer is cut off"),
        (_, Place::HealthCheck(..), _) => format!("{key}: a wrong health check takes every target out of service"),
        (_, _, ObjectKind::Listener) => format!("{key}: a wrong listener keeps every client out"),
        _ => format!("{key} changes how clients find their target, or what is done when targets fail"),
    })
}

/// Returns the remarks to know beforehand.
pub(super) fn warnings(basis: &PlanInputs<'_>, route: Route, rows: &ChangeRows) -> Vec<String> {
    if rows.is_idle() {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    if rows.updates() {
        warnings.push("a value that is set like this overrides .ebextensions until it is removed".to_owned());
        warnings.extend(siblings(basis, rows));
    }
    if route == Route::Elb && rows.iter().any(|row| row.elb && row.facts.option.is_some()) {
        warnings.push("Beanstalk keeps its own value, and may lay it over this one again".to_owned());
    }
    if sharers(basis) > 1 && rows.load_balancer().is_none() {
        warnings.push("the load balancer serves other environments too; this target group does not".to_owned());
    }
    let is_check = |row: &ChangeRow| row.is_written() && matches!(row.facts.place, Place::HealthCheck(..));
    if rows.iter().any(is_check) {
        warnings.extend(scaling(basis).map(str::to_owned));
    }
    warnings.extend(rows.iter().filter_map(|row| super::egress::note(basis, row)));
    warnings
}

/// Drift beside what is written: whether the update resets it is not documented.
fn siblings(basis: &PlanInputs<'_>, rows: &ChangeRows) -> Option<String> {
    let is_ours = |field: &Field| rows.iter().any(|row| row.object == field.object && row.key == field.key);
    let mut objects: Vec<&Object> = rows.iter().filter(|row| row.option.is_some()).map(|row| &row.object).collect();
    objects.sort();
    objects.dedup();
    let fields = objects.into_iter().flat_map(|object| basis.fields(object));
    let keys: Vec<_> = fields.filter(|field| field.drifts() && !is_ours(field)).map(|field| field.key).collect();
    (!keys.is_empty())
        .then(|| format!("the update may put these back to their options' values too: {}", keys.join(", ")))
}

/// Describes what the Auto Scaling group does to instances that fail the health check, if anything. `HealthCheckType` is
/// `EC2`, or a list with `ELB` in it (Auto Scaling API, `DescribeAutoScalingGroups`).
fn scaling(basis: &PlanInputs<'_>) -> Option<&'static str> {
    let key = &basis.environment.key;
    let resources = basis.snapshot.inventory.resources.get(key);
    let names = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
    let group =
        |name: &Arc<str>| basis.snapshot.inventory.auto_scaling_groups.get(&Key::new(key.scope, Arc::clone(name)));
    let kinds: Vec<_> = names.map(|name| group(name)?.health_check_type.as_deref()).collect();
    if kinds.iter().flatten().any(|kind| kind.contains("ELB")) {
        return Some(
            "a wrong health check terminates instances: the Auto Scaling group (HealthCheckType ELB) replaces what the load \
             balancer calls unhealthy",
        );
    }
    (kinds.is_empty() || kinds.contains(&None)).then_some(
        "the Auto Scaling group could not be read, so that it is not known whether a wrong health check terminates \
         instances (HealthCheckType ELB)",
    )
}
