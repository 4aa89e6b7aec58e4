//! Rules between settings: what ELB refuses, or what would not work, of values that are each in their range.
//!
//! A rule counts only if one of its settings is changed: the present state is not ours to refuse. (Application Load
//! Balancer user guide; API reference.)

use super::field::{Object, PlanInputs};
use super::rows::ChangeRow;
use crate::model::{Key, RuleAction, TargetGroup};

/// The state that the rows lead to, of one object.
struct After<'a> {
    rows: &'a [ChangeRow],
    object: &'a Object,
    other: &'a dyn Fn(&str) -> Option<String>,
}

impl After<'_> {
    fn changes(&self, keys: &[&str]) -> bool {
        self.rows.iter().any(|row| row.object == *self.object && keys.contains(&row.facts.key))
    }

    fn value(&self, key: &str) -> Option<String> {
        let row = self.rows.iter().find(|row| row.object == *self.object && row.facts.key == key);
        row.map_or_else(|| (self.other)(key), |row| row.wanted.as_deref().map(str::to_owned))
    }

    fn is(&self, key: &str, value: &str) -> bool {
        self.value(key).as_deref() == Some(value)
    }

    fn number(&self, key: &str) -> Option<i64> {
        self.value(key)?.parse().ok()
    }
}

/// The first rule that these rows break, in words.
pub(super) fn broken(basis: &PlanInputs<'_>, rows: &[ChangeRow]) -> Option<String> {
    let mut objects: Vec<_> = rows.iter().map(|row| &row.object).collect();
    objects.sort();
    objects.dedup();
    objects.into_iter().find_map(|object| {
        let fields = basis.fields(object);
        let live = |key: &str| fields.iter().find(|it| it.facts.key == key)?.live.as_deref().map(str::to_owned);
        let options = |key: &str| {
            let field = fields.iter().find(|it| it.facts.key == key)?;
            let option = field.option.as_ref().map(|it| it.effective().to_owned());
            option.or_else(|| field.live.as_deref().map(str::to_owned))
        };
        let is_update = rows.iter().any(|row| row.option.is_some());
        let after = |other| After { rows, object, other };
        of_object(basis, &after(&live)).or_else(|| is_update.then(|| of_object(basis, &after(&options))).flatten())
    })
}

fn of_object(basis: &PlanInputs<'_>, after: &After<'_>) -> Option<String> {
    match after.object {
        Object::TargetGroup(group) => check(after)
            .or_else(|| cookie(after))
            .or_else(|| algorithm(after))
            .or_else(|| thresholds(after))
            .or_else(|| weighted(basis, after, group)),
        Object::LoadBalancer(_) => logs(after),
        Object::Listener(..) => None,
    }
}

fn check(after: &After<'_>) -> Option<String> {
    let (interval, timeout) = ("health_check.interval", "health_check.timeout");
    let (every, within) = (after.number(interval)?, after.number(timeout)?);
    let is_broken = after.changes(&[interval, timeout]) && within >= every;
    is_broken.then(|| format!("{timeout} ({within}) has to be smaller than {interval} ({every})"))
}

fn cookie(after: &After<'_>) -> Option<String> {
    let name = "stickiness.app_cookie.cookie_name";
    let is_by_application = after.is("stickiness.type", "app_cookie");
    let is_nameless = after.value(name).is_none_or(|it| it.is_empty());
    if after.changes(&["stickiness.type", name]) && is_by_application && is_nameless {
        return Some(format!("stickiness.type app_cookie needs {name}"));
    }
    let zone = "load_balancing.cross_zone.enabled";
    let is_broken = after.is("stickiness.enabled", "true") && after.is(zone, "false");
    (after.changes(&["stickiness.enabled", zone]) && is_broken).then(|| format!("stickiness needs tg:{zone} to be on"))
}

fn algorithm(after: &After<'_>) -> Option<String> {
    let (kind, anomaly) = ("load_balancing.algorithm.type", "load_balancing.algorithm.anomaly_mitigation");
    let slow = "slow_start.duration_seconds";
    if !after.changes(&[kind, anomaly, slow]) {
        return None;
    }
    if after.is(anomaly, "on") && !after.is(kind, "weighted_random") {
        return Some(format!("{anomaly} on needs {kind} weighted_random"));
    }
    let is_slow = after.number(slow).is_some_and(|seconds| seconds != 0);
    let is_plain = after.value(kind).is_none_or(|it| it == "round_robin");
    (is_slow && !is_plain).then(|| format!("{slow} needs {kind} round_robin"))
}

/// DNS must not give a zone up after its requests already went to unhealthy targets.
fn thresholds(after: &After<'_>) -> Option<String> {
    ["count", "percentage"].into_iter().find_map(|unit| {
        let dns = format!("target_group_health.dns_failover.minimum_healthy_targets.{unit}");
        let routing = format!("target_group_health.unhealthy_state_routing.minimum_healthy_targets.{unit}");
        let is_broken = after.changes(&[&dns, &routing]) && after.number(&dns)? < after.number(&routing)?;
        is_broken.then(|| format!("{dns} must not be smaller than {routing}"))
    })
}

/// What ELB refuses of a target group that shares a rule with others.
fn weighted(basis: &PlanInputs<'_>, after: &After<'_>, group: &Key<TargetGroup>) -> Option<String> {
    if !after.changes(&["stickiness.enabled", "stickiness.type"]) || !after.is("stickiness.enabled", "true") {
        return None;
    }
    let is_by_application = after.is("stickiness.type", "app_cookie");
    actions(basis).find_map(|action| match action {
        RuleAction::Forward { groups, group_stickiness } if groups.len() > 1 => {
            let is_in = groups.iter().any(|it| it.target_group == *group);
            match (is_in, group_stickiness, is_by_application) {
                (true, None, _) => Some("a rule divides requests between this target group and others: switch on the stickiness of the groups in that rule first".to_owned()),
                (true, _, true) => Some("a rule divides requests between this target group and others: app_cookie does not work there".to_owned()),
                _ => None,
            }
        }
        _ => None,
    })
}

fn actions<'a>(basis: &PlanInputs<'a>) -> impl Iterator<Item = &'a RuleAction> {
    let inventory = &basis.snapshot.inventory;
    basis.listeners().iter().flat_map(move |listener| {
        let rules = inventory.rules.get(&listener.key).into_iter().flatten();
        listener.default_actions.iter().chain(rules.flat_map(|rule| &rule.actions))
    })
}

fn logs(after: &After<'_>) -> Option<String> {
    ["access_logs", "connection_logs", "health_check_logs"].into_iter().find_map(|logs| {
        let (enabled, bucket) = (format!("{logs}.s3.enabled"), format!("{logs}.s3.bucket"));
        let is_nowhere = after.value(&bucket).is_none_or(|it| it.is_empty());
        let is_broken = after.changes(&[&enabled, &bucket]) && after.is(&enabled, "true") && is_nowhere;
        is_broken.then(|| format!("{enabled} needs {bucket}"))
    })
}
