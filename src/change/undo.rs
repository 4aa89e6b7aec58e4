//! The inverse of a change that is in the log: the same settings of the same objects, with before and after exchanged.
//!
//! The expected live value is what the change left, not the present one: so that any later change is a conflict,
//! found by `write/` like any other. A setting that has its old value already is left as it is.

use std::sync::Arc;

use super::draft::PlanMistake;
use super::field::{Object, PlanInputs};
use super::modify::OptionName;
use super::plan::Plan;
use super::request::{OptionChange, Route, ValueChange};
use super::resolve::listener;
use super::rows::{ChangeRow, OptionRow};
use super::settings::{ObjectKind, SettingFacts, find};
use crate::model::{EnvironmentStatus, Key, LoadBalancer, TargetGroup};

/// A change that is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its id.
    pub id: Arc<str>,
    /// By which way it went.
    pub route: Route,
    /// What it changed.
    pub changes: Vec<ValueChange>,
    /// The target group that it changed.
    pub target_group: Option<Key<TargetGroup>>,
    /// The load balancer that it changed.
    pub load_balancer: Option<Key<LoadBalancer>>,
}

/// The plan that puts a change back.
///
/// # Errors
/// When it cannot be put back.
pub fn undo(basis: &PlanInputs<'_>, past: &Past) -> Result<Plan, PlanMistake> {
    let rows = past.changes.iter().map(|change| row(basis, past, change)).collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() {
        return Err(PlanMistake::Nothing);
    }
    let mut plan = Plan::of(basis, past.route, rows, Some(Arc::clone(&past.id)));
    plan.warnings.extend(past.changes.iter().zip(&plan.rows).filter_map(|(change, row)| not_exactly(change, row)));
    Ok(plan)
}

/// Undoing sets Beanstalk's option to its old value, but does not restore a direct change that differed from it.
fn not_exactly(change: &ValueChange, row: &ChangeRow) -> Option<String> {
    let (before, option, key) = (change.before.as_deref()?, row.option.as_ref()?, &row.key);
    let option_value = option.wanted.as_deref().or(row.facts.option.map(|it| it.default))?;
    let words =
        format!("{key} becomes {option_value} with its option; it was {before} before, which the option had not made");
    (!row.facts.is_same(before, option_value)).then_some(words)
}

fn row(basis: &PlanInputs<'_>, past: &Past, change: &ValueChange) -> Result<ChangeRow, PlanMistake> {
    let unknown = || PlanMistake::NotUndoable(format!("{} is no setting that is known", change.key));
    let named = find(&change.key).map_err(|_| unknown())?;
    let object = match named.facts.object {
        ObjectKind::TargetGroup => past.target_group.clone().map(Object::TargetGroup),
        ObjectKind::LoadBalancer => past.load_balancer.clone().map(Object::LoadBalancer),
        ObjectKind::Listener => Some(listener(basis, named.port.unwrap_or_default())?),
    };
    let object = object.ok_or_else(unknown)?;
    let (before, after) = (change.before.as_deref(), change.after.as_deref());
    let mut row = ChangeRow {
        facts: named.facts,
        key: change.key.clone(),
        seen: after.map(Arc::from),
        wanted: before.map(Arc::from),
        elb: past.route != Route::Beanstalk && before != after,
        option: None,
        object,
    };
    in_range(row.facts, &row.key, before)?;
    let live = basis.live(&row.object, row.facts);
    row.elb &= !row.is_same(live.as_deref(), before);
    // Where an option was unset, its default is as good an outcome as the value that a file was to give it.
    let default = row.facts.option.map(|it| it.default);
    if change.option.as_ref().is_some_and(|it| it.after.is_none()) && row.is_same(live.as_deref(), default) {
        row.seen.clone_from(&live);
    }
    if row.elb && before.is_none() {
        return Err(PlanMistake::NotUndoable(format!("what {} was before is not known", row.key)));
    }
    if let Some(option) = &change.option {
        in_option_range(row.facts, &row.key, option)?;
        row.option = inverse(basis, &row, option);
    }
    if past.route == Route::Beanstalk {
        let default = row.facts.option.map(|it| it.default);
        let left = change.option.as_ref().map(|it| it.before.as_deref().or(default).unwrap_or_default());
        row.wanted = left.map(Arc::from).or(row.wanted);
    }
    if !row.is_written() {
        row.seen = live;
    }
    Ok(row)
}

/// What was in the log may have been changed there: nothing is sent that is out of range.
fn in_range(facts: &SettingFacts, key: &str, value: Option<&str>) -> Result<(), PlanMistake> {
    let is_good = value.is_none_or(|value| facts.kind.accept(value).as_deref() == Some(value));
    let out = || {
        PlanMistake::NotUndoable(format!("what {key} was before is out of its range: {}", value.unwrap_or_default()))
    };
    is_good.then_some(()).ok_or_else(out)
}

fn in_option_range(facts: &SettingFacts, key: &str, change: &OptionChange) -> Result<(), PlanMistake> {
    let option = facts.option.filter(|option| option.name == change.name);
    let takes = |value: &str| option.is_some_and(|option| option.kind.accept(value).as_deref() == Some(value));
    let is_good = option.is_some() && change.before.as_deref().is_none_or(takes);
    is_good.then_some(()).ok_or_else(|| PlanMistake::NotUndoable(format!("the option of {key} was not what it can be")))
}

/// What is done to the option, unless it is back already. While the environment is updated, the options that are deployed
/// are those from before.
fn inverse(basis: &PlanInputs<'_>, row: &ChangeRow, change: &OptionChange) -> Option<OptionRow> {
    let namespace = basis.namespace(&row.object).filter(|it| **it == *change.namespace);
    let name = row.facts.option?.name;
    let now = basis.settings()?.get(&change.namespace, name).filter(|value| !value.is_empty());
    let is_ready = basis.environment.status == EnvironmentStatus::Ready;
    if is_ready && row.is_same(now, change.before.as_deref()) {
        return None;
    }
    Some(OptionRow {
        option: OptionName { namespace: namespace.unwrap_or_else(|| change.namespace.as_str().into()), name },
        seen: change.after.as_deref().map(Arc::from),
        wanted: change.before.as_deref().map(Arc::from),
    })
}
