//! `PutAlarmMuteRule`, `GetAlarmMuteRule`, `ListAlarmMuteRules`, `DeleteAlarmMuteRule` (API reference, and botocore's
//! model for lengths and what is required).
//!
//! The texts of the refusals are UNVERIFIED, and so is that a target has to exist when the rule is put ("must match
//! existing alarms", API reference).

use super::parameters::{invalid, missing, not_found, only, optional, required, text, texts, whole};
use crate::sim::physics::View;
use crate::sim::region::{MuteRule, MuteWindows, Region};
use crate::sim::services::operation::Moment;
use crate::sim::wire::document::{Value, map};
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;

/// The most alarms of one rule.
const MOST_TARGETS: usize = 100;

pub(super) fn put_alarm_mute_rule(region: &mut Region, moment: Moment<'_>, input: &Value) -> Result<(), Refusal> {
    only(input, &["Name", "Description", "Rule", "MuteTargets", "Tags", "StartDate", "ExpireDate"])?;
    let name = required(input, "Name", 255)?;
    let schedule = input.get("Rule").and_then(|rule| rule.get("Schedule")).ok_or_else(|| missing("Rule.Schedule"))?;
    only(schedule, &["Expression", "Duration", "Timezone"])?;
    let expression = required(schedule, "Expression", 256)?;
    let duration = required(schedule, "Duration", 50)?;
    let zone = optional(schedule, "Timezone", 1, 50)?;
    let windows = MuteWindows::parse(expression, duration, zone).map_err(invalid)?;
    let instant = |name: &str| input.get(name).and_then(Value::number).map(|seconds| (seconds * 1000.0) as i64);
    let (start, expire) = (instant("StartDate"), instant("ExpireDate"));
    if expire.is_some_and(|expire| expire <= start.unwrap_or(moment.now)) {
        return Err(invalid(
            "The parameter ExpireDate must be later than the parameter StartDate and the current time.",
        ));
    }
    let rule = MuteRule {
        arn: region.arn("cloudwatch", &format!("alarm-mute-rule:{name}")),
        name: name.to_owned(),
        description: optional(input, "Description", 0, 1024)?.map(str::to_owned),
        expression: expression.to_owned(),
        duration: duration.to_owned(),
        zone: zone.map(str::to_owned),
        windows,
        targets: targets(region, input)?,
        start,
        expire,
        updated: moment.now,
    };
    region.mute_rules.insert(name.to_owned(), rule);
    Ok(())
}

/// Is idempotent: a rule that does not exist is deleted with success (API reference).
pub(super) fn delete_alarm_mute_rule(region: &mut Region, _: Moment<'_>, input: &Value) -> Result<(), Refusal> {
    only(input, &["AlarmMuteRuleName"])?;
    let name = required(input, "AlarmMuteRuleName", 255)?;
    region.mute_rules.remove(name);
    Ok(())
}

pub(super) fn get_alarm_mute_rule(view: View<'_>, input: &Value) -> Result<Value, Refusal> {
    only(input, &["AlarmMuteRuleName"])?;
    let name = required(input, "AlarmMuteRuleName", 255)?;
    let rule = view.region.mute_rules.get(name).ok_or_else(|| not_found(format!("The mute rule {name}")))?;
    let written = |text: &str| Value::from(text);
    let mut schedule =
        vec![("Expression".to_owned(), written(&rule.expression)), ("Duration".to_owned(), written(&rule.duration))];
    schedule.extend(rule.zone.as_deref().map(|zone| ("Timezone".to_owned(), written(zone))));
    let mut answer =
        vec![("Name".to_owned(), written(&rule.name)), ("Rule".to_owned(), map([("Schedule", Value::Map(schedule))]))];
    answer.extend(rule.description.as_deref().map(|text| ("Description".to_owned(), written(text))));
    answer.extend(rule.targets.as_ref().map(|targets| {
        let names = Value::List(targets.iter().map(|name| written(name)).collect());
        ("MuteTargets".to_owned(), map([("AlarmNames", names)]))
    }));
    answer.extend(rule.start.map(|at| ("StartDate".to_owned(), time(at))));
    answer.extend(summary(rule, view.now));
    Ok(Value::Map(answer))
}

pub(super) fn list_alarm_mute_rules(view: View<'_>, input: &Value) -> Result<Value, Refusal> {
    only(input, &["AlarmName", "Statuses", "MaxRecords", "NextToken"])?;
    let alarm = optional(input, "AlarmName", 1, 255)?;
    if let Some(name) = alarm.filter(|name| view.region.alarm(name).is_none()) {
        return Err(not_found(format!("The alarm {name}")));
    }
    let statuses = texts(input, "Statuses");
    if let Some(status) = statuses.iter().find(|status| !["SCHEDULED", "ACTIVE", "EXPIRED"].contains(*status)) {
        return Err(invalid(format!("The value {status} for parameter Statuses is not supported.")));
    }
    let rules: Vec<_> = view
        .region
        .mute_rules
        .values()
        .filter(|rule| alarm.is_none_or(|alarm| rule.targets_alarm(alarm)))
        .filter(|rule| statuses.is_empty() || statuses.contains(&rule.status(view.now)))
        .collect();
    let size = whole(input, "MaxRecords", 1, 100)?.unwrap_or(50);
    let question = format!("ListAlarmMuteRules {alarm:?} {statuses:?}");
    let position = Position::read(text(input, "NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::bad_request("InvalidNextToken", "The next token specified is invalid."))?;
    let (range, next) = position.page(&question, rules.len(), size);
    let summaries = rules[range].iter().map(|rule| Value::Map(summary(rule, view.now)));
    let mut answer = vec![("AlarmMuteRuleSummaries".to_owned(), Value::List(summaries.collect()))];
    answer.extend(next.map(|token| ("NextToken".to_owned(), token.into())));
    Ok(Value::Map(answer))
}

/// What a summary has, which the whole answer has too.
fn summary(rule: &MuteRule, now: i64) -> Vec<(String, Value)> {
    let kind = if rule.windows.is_one() { "ONE_TIME" } else { "RECURRING" };
    let mut summary = vec![
        ("AlarmMuteRuleArn".to_owned(), rule.arn.as_str().into()),
        ("Status".to_owned(), rule.status(now).into()),
        ("MuteType".to_owned(), kind.into()),
        ("LastUpdatedTimestamp".to_owned(), time(rule.updated)),
    ];
    summary.extend(rule.expire.map(|at| ("ExpireDate".to_owned(), time(at))));
    summary
}

fn time(at: i64) -> Value {
    Value::Time(at as f64 / 1000.0)
}

/// The names of the alarms; none: of all there are.
fn targets(region: &Region, input: &Value) -> Result<Option<Vec<String>>, Refusal> {
    let Some(given) = input.get("MuteTargets") else { return Ok(None) };
    only(given, &["AlarmNames"])?;
    let names = given.get("AlarmNames").ok_or_else(|| missing("MuteTargets.AlarmNames"))?.entries();
    if names.len() > MOST_TARGETS {
        let message =
            format!("The collection MuteTargets.AlarmNames must not have a size greater than {MOST_TARGETS}.");
        return Err(Refusal::validation(message));
    }
    let name = |name: &Value| {
        let name = name.text().filter(|name| (1..=255).contains(&name.chars().count()));
        let name = name.ok_or_else(|| Refusal::validation("An alarm name must have between 1 and 255 characters."))?;
        let exists = region.alarm(name).is_some();
        if exists { Ok(name.to_owned()) } else { Err(invalid(format!("The alarm {name} does not exist."))) }
    };
    names.iter().map(name).collect::<Result<_, _>>().map(Some)
}
