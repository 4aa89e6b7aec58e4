//! Why a plan is dangerous, and what there is to know before it is agreed to.

use super::field::{Basis, Field, Object};
use super::plan::{Plan, Row};
use super::request::Route;
use super::serves::sharers;
use super::settings::{Danger, ObjectKind, Place};
use crate::model::{EnvironmentStatus, Key};

/// Why it is dangerous.
pub(super) fn dangers(plan: &Plan) -> Vec<String> {
    let mut dangers: Vec<_> = plan.rows.iter().filter(|row| row.is_written()).filter_map(of_row).collect();
    if dangers.is_empty() && plan.is_empty() {
        return dangers;
    }
    if plan.serves.environments.len() > 1 {
        dangers.push(format!("it concerns more than one environment: {}", plan.serves));
    }
    if plan.rows.iter().any(|row| row.elb) && plan.standing.status != EnvironmentStatus::Ready {
        let status = plan.standing.status.as_str();
        dangers.push(format!("the environment is {status}: the update may lay its own values over it"));
    }
    dangers
}

fn of_row(row: &Row) -> Option<String> {
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

/// What there is to know beforehand.
pub(super) fn warnings(basis: &Basis<'_>, plan: &Plan) -> Vec<String> {
    if plan.is_empty() {
        return Vec::new();
    }
    let mut warnings = Vec::new();
    if plan.updates() {
        warnings.push("a value that is set like this overrides .ebextensions until it is removed".to_owned());
        warnings.extend(siblings(basis, plan));
    }
    if plan.route == Route::Elb && plan.rows.iter().any(|row| row.elb && row.facts.option.is_some()) {
        warnings.push("Beanstalk keeps its own value, and may lay it over this one again".to_owned());
    }
    if sharers(basis) > 1 && plan.load_balancer.is_none() {
        warnings.push("the load balancer serves other environments too; this target group does not".to_owned());
    }
    if is_watched_by_scaling(basis) && plan.rows.iter().any(|row| matches!(row.facts.place, Place::HealthCheck(..))) {
        warnings.push("the Auto Scaling group goes by this health check: instances that fail it are terminated".into());
    }
    warnings
}

/// Drift beside what is written: whether the update resets it is not documented.
fn siblings(basis: &Basis<'_>, plan: &Plan) -> Option<String> {
    let is_ours = |field: &Field| plan.rows.iter().any(|row| row.object == field.object && row.key == field.key);
    let mut objects: Vec<&Object> =
        plan.rows.iter().filter(|row| row.option.is_some()).map(|row| &row.object).collect();
    objects.sort();
    objects.dedup();
    let fields = objects.into_iter().flat_map(|object| basis.fields(object));
    let keys: Vec<_> = fields.filter(|field| field.drifts() && !is_ours(field)).map(|field| field.key).collect();
    (!keys.is_empty())
        .then(|| format!("the update may put these back to their options' values too: {}", keys.join(", ")))
}

fn is_watched_by_scaling(basis: &Basis<'_>) -> bool {
    let resources = basis.inventory.resources.get(&basis.environment.key);
    let mut names = resources.into_iter().flat_map(|it| &it.auto_scaling_groups);
    names.any(|name| {
        let group = basis.inventory.auto_scaling_groups.get(&Key::new(basis.environment.key.scope, name.clone()));
        group.is_some_and(|it| it.health_check_type.as_deref().is_some_and(|kind| kind.contains("ELB")))
    })
}
