//! `PutMetricAlarm`, `PutCompositeAlarm`, `SetAlarmState`, `DeleteAlarms` (API reference, and botocore's model for lengths
//! and what is required).
//!
//! Anomaly bands, queries of `PromQL`, evaluation faster than a minute and suppressors of composite alarms are refused. The
//! texts of the refusals are UNVERIFIED.

use super::parameters::{self, at_most, invalid, missing, only, optional, required, text, texts};
use crate::sim::physics::{View, alarms, metrics};
use crate::sim::region::{
    Alarm, AlarmChange, AlarmMetric, AlarmPast, AlarmQuery, AlarmRule, Comparison, Evaluation, Expression, Queried,
    Region, Watches, alarm_state,
};
use crate::sim::services::operation::Moment;
use crate::sim::wire::document::Value;
use crate::sim::wire::refusal::Refusal;
use std::sync::{Mutex, PoisonError};

/// The most queries of an alarm (`CloudWatch` service quotas: ten metrics, and expressions on them).
const MOST_QUERIES: usize = 20;
const ACTIONS: [&str; 3] = ["OKActions", "AlarmActions", "InsufficientDataActions"];
const OF_METRIC: [&str; 18] = [
    "AlarmName",
    "AlarmDescription",
    "ActionsEnabled",
    "MetricName",
    "Namespace",
    "Statistic",
    "ExtendedStatistic",
    "Dimensions",
    "Period",
    "Unit",
    "EvaluationPeriods",
    "DatapointsToAlarm",
    "Threshold",
    "ComparisonOperator",
    "TreatMissingData",
    "EvaluateLowSampleCountPercentile",
    "Metrics",
    "Tags",
];

pub(super) fn put_metric_alarm(region: &mut Region, moment: Moment<'_>, input: &Value) -> Result<(), Refusal> {
    only(input, &[&OF_METRIC[..], &ACTIONS[..]].concat())?;
    let evaluation = evaluation(input)?;
    let watches = match input.get("Metrics") {
        Some(given) => {
            let own = ["MetricName", "Namespace", "Dimensions", "Period", "Unit", "Statistic", "ExtendedStatistic"];
            if let Some(name) = own.into_iter().find(|name| input.get(name).is_some()) {
                let message = format!("The parameter {name} must not be used with Metrics.");
                return Err(Refusal::bad_request("InvalidParameterCombination", message));
            }
            Watches::Math(queries(given)?, evaluation)
        }
        None => Watches::Metric(own_metric(input)?, evaluation),
    };
    put(region, moment, input, watches)
}

pub(super) fn put_composite_alarm(region: &mut Region, moment: Moment<'_>, input: &Value) -> Result<(), Refusal> {
    only(input, &[&["AlarmName", "AlarmDescription", "ActionsEnabled", "AlarmRule", "Tags"], &ACTIONS[..]].concat())?;
    let (name, text) = (required(input, "AlarmName", 255)?, required(input, "AlarmRule", 10_240)?);
    let rule = AlarmRule::parse(text).ok_or_else(|| Refusal::validation("AlarmRule is not a valid rule."))?;
    for child in rule.names() {
        let alarm = region.alarm(child).ok_or_else(|| {
            Refusal::validation(format!("AlarmRule contains the alarm {child}, which does not exist."))
        })?;
        let reaches = |it: &Alarm| matches!(&it.watches, Watches::Composite(rule, _) if rule.names().contains(&name));
        if child == name || reaches(alarm) {
            return Err(Refusal::validation("AlarmRule makes a cycle."));
        }
    }
    put(region, moment, input, Watches::Composite(rule, text.to_owned()))
}

/// An alarm of this name is replaced, and keeps its state (API reference).
fn put(region: &mut Region, moment: Moment<'_>, input: &Value, watches: Watches) -> Result<(), Refusal> {
    let name = required(input, "AlarmName", 255)?;
    let description = optional(input, "AlarmDescription", 0, 1024)?.map(str::to_owned);
    let actions = [actions(input, ACTIONS[0])?, actions(input, ACTIONS[1])?, actions(input, ACTIONS[2])?];
    let place = region.alarms.iter().position(|alarm| alarm.name == name);
    let unchecked = || AlarmChange {
        at: moment.now,
        state: "INSUFFICIENT_DATA",
        reason: "Unchecked: Initial alarm creation".to_owned(),
    };
    let (mut edits, changes, what) = match place.map(|place| &region.alarms[place]) {
        Some(alarm) if alarm.is_composite() != matches!(watches, Watches::Composite(..)) => {
            return Err(Refusal::validation(format!("An alarm of another type has the name {name} already.")));
        }
        Some(alarm) => {
            let past = alarms::changes(View { region, now: moment.now }, alarm);
            (alarm.edits.clone(), past, "updated")
        }
        None => (Vec::new(), vec![unchecked()], "created"),
    };
    edits.push((moment.now, what));
    let alarm = Alarm {
        name: name.to_owned(),
        arn: region.arn("cloudwatch", &format!("alarm:{name}")),
        description,
        watches,
        actions_enabled: !input.get("ActionsEnabled").is_some_and(Value::is_false),
        actions,
        configured: moment.now,
        edits,
        follows: true,
        past: Mutex::new(AlarmPast { until: moment.now.div_euclid(60_000), changes }),
    };
    match place {
        Some(place) => region.alarms[place] = alarm,
        None => region.alarms.push(alarm),
    }
    Ok(())
}

/// Until the alarm is evaluated again.
pub(super) fn set_alarm_state(region: &mut Region, moment: Moment<'_>, input: &Value) -> Result<(), Refusal> {
    only(input, &["AlarmName", "StateValue", "StateReason", "StateReasonData"])?;
    let (name, given) = (required(input, "AlarmName", 255)?, required(input, "StateValue", 20)?);
    let reason = optional(input, "StateReason", 0, 1023)?.ok_or_else(|| missing("StateReason"))?.to_owned();
    let unknown = || Refusal::validation(format!("The value {given} for parameter StateValue is not supported."));
    let state = alarm_state(given).ok_or_else(unknown)?;
    let alarm = region.alarm(name).ok_or_else(|| no_alarm(name))?;
    let mut changes = alarms::changes(View { region, now: moment.now }, alarm);
    changes.push(AlarmChange { at: moment.now, state, reason });
    let mut past = alarm.past.lock().unwrap_or_else(PoisonError::into_inner);
    past.changes = changes;
    Ok(())
}

/// All of them, or none: one that does not exist is an error (API reference: `ResourceNotFound`).
pub(super) fn delete_alarms(region: &mut Region, _: Moment<'_>, input: &Value) -> Result<(), Refusal> {
    only(input, &["AlarmNames"])?;
    let given = input.get("AlarmNames").ok_or_else(|| missing("AlarmNames"))?;
    at_most("AlarmNames", given.entries(), 100)?;
    let names = texts(input, "AlarmNames");
    if let Some(name) = names.iter().find(|name| region.alarm(name).is_none()) {
        return Err(no_alarm(name));
    }
    let is_composite = |name: &&&str| region.alarm(name).is_some_and(Alarm::is_composite);
    if names.iter().filter(is_composite).count() > 1 {
        return Err(Refusal::validation("Only one composite alarm can be deleted at a time."));
    }
    region.alarms.retain(|alarm| !names.contains(&alarm.name.as_str()));
    Ok(())
}

fn no_alarm(name: &str) -> Refusal {
    Refusal::new(404, "ResourceNotFound", format!("The alarm {name} does not exist."))
}

fn actions(input: &Value, name: &str) -> Result<Vec<String>, Refusal> {
    at_most(name, input.get(name).map(Value::entries).unwrap_or_default(), 5)?;
    let actions = texts(input, name);
    match actions.iter().find(|action| !action.starts_with("arn:aws:") || action.split(':').count() < 6) {
        Some(action) => Err(Refusal::validation(format!("Invalid arn syntax: {action}"))),
        None => Ok(actions.into_iter().map(str::to_owned).collect()),
    }
}

fn evaluation(input: &Value) -> Result<Evaluation, Refusal> {
    let periods = parameters::whole(input, "EvaluationPeriods", 1, 10_080)?;
    let periods = periods.ok_or_else(|| missing("EvaluationPeriods"))?;
    let datapoints = parameters::whole(input, "DatapointsToAlarm", 1, periods)?;
    let threshold = input.get("Threshold").ok_or_else(|| missing("Threshold"))?;
    let threshold = threshold.number().ok_or_else(|| invalid("The parameter Threshold must be a number."))?;
    let operator = required(input, "ComparisonOperator", 255)?;
    let unknown = || invalid(format!("The value {operator} for parameter ComparisonOperator is not simulated."));
    let comparison = Comparison::parse(operator).ok_or_else(unknown)?;
    let treatment = optional(input, "TreatMissingData", 1, 255)?;
    if let Some(other) = treatment.filter(|it| !["missing", "ignore", "breaching", "notBreaching"].contains(it)) {
        let message = format!("The value {other} for parameter TreatMissingData is not supported.");
        return Err(Refusal::validation(message));
    }
    Ok(Evaluation { periods, datapoints, threshold, comparison, missing: treatment.map(str::to_owned) })
}

fn own_metric(input: &Value) -> Result<AlarmMetric, Refusal> {
    let statistic = match (text(input, "Statistic"), text(input, "ExtendedStatistic")) {
        (Some(plain), None) if !plain.starts_with('p') => plain,
        (None, Some(percentile)) if percentile.starts_with('p') => percentile,
        (None, None) => return Err(missing("Statistic")),
        (Some(_), Some(_)) => {
            let message = "Statistic and ExtendedStatistic must not both be set.";
            return Err(Refusal::bad_request("InvalidParameterCombination", message));
        }
        (Some(other), None) | (None, Some(other)) => return Err(no_statistic(other)),
    };
    metric(input, statistic, input)
}

fn metric(named: &Value, statistic: &str, timed: &Value) -> Result<AlarmMetric, Refusal> {
    if metrics::Statistic::parse(statistic).is_none() {
        return Err(no_statistic(statistic));
    }
    let namespace = required(named, "Namespace", 255)?;
    let period = parameters::whole(timed, "Period", 1, 604_800)?.ok_or_else(|| missing("Period"))? as i64;
    if period % 60 != 0 {
        return Err(invalid("The parameter Period must be a multiple of 60; shorter ones are not simulated."));
    }
    let given = named.get("Dimensions").map(Value::entries).unwrap_or_default();
    at_most("Dimensions", given, 30)?;
    let pair = |it: &Value| {
        only(it, &["Name", "Value"])?;
        Ok((required(it, "Name", 255)?.to_owned(), required(it, "Value", 1024)?.to_owned()))
    };
    Ok(AlarmMetric {
        namespace: namespace.to_owned(),
        name: required(named, "MetricName", 255)?.to_owned(),
        dimensions: given.iter().map(pair).collect::<Result<_, Refusal>>()?,
        statistic: statistic.to_owned(),
        period,
        unit: text(timed, "Unit").map(str::to_owned),
    })
}

fn no_statistic(statistic: &str) -> Refusal {
    invalid(format!("The value {statistic} for parameter Statistic is not supported."))
}

fn queries(given: &Value) -> Result<Vec<AlarmQuery>, Refusal> {
    at_most("Metrics", given.entries(), MOST_QUERIES)?;
    let queries = given.entries().iter().map(query).collect::<Result<Vec<_>, _>>()?;
    let known = |id: &str| queries.iter().filter(|query| query.id == id).count();
    for query in &queries {
        if known(&query.id) > 1 {
            return Err(Refusal::validation(format!("The Id {} is used more than once.", query.id)));
        }
        let Queried::Expression(text, expression) = &query.queried else { continue };
        if let Some(id) = expression.ids().into_iter().find(|id| known(id) == 0 || *id == query.id) {
            let message = format!("Error in expression '{}' [{text}]: unknown Id {id}", query.id);
            return Err(Refusal::validation(message));
        }
    }
    if queries.iter().filter(|query| query.returned).count() != 1 {
        return Err(Refusal::validation("Exactly one element of the metrics list should return data."));
    }
    if !queries.iter().any(|query| matches!(query.queried, Queried::Metric(_))) {
        return Err(Refusal::validation("At least one element of the metrics list must be a MetricStat."));
    }
    Ok(queries)
}

fn query(given: &Value) -> Result<AlarmQuery, Refusal> {
    only(given, &["Id", "MetricStat", "Expression", "Label", "ReturnData"])?;
    let id = required(given, "Id", 255)?;
    if !id.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Err(Refusal::validation(format!("The Id {id} does not begin with a small letter.")));
    }
    let queried = match (given.get("MetricStat"), optional(given, "Expression", 1, 2048)?) {
        (Some(stat), None) => {
            only(stat, &["Metric", "Period", "Stat", "Unit"])?;
            let named = stat.get("Metric").ok_or_else(|| missing("MetricStat.Metric"))?;
            only(named, &["Namespace", "MetricName", "Dimensions"])?;
            Queried::Metric(metric(named, required(stat, "Stat", 255)?, stat)?)
        }
        (None, Some(text)) => {
            let error = || Refusal::validation(format!("Error in expression '{id}' [{text}]: it is not simulated"));
            Queried::Expression(text.to_owned(), Expression::parse(text).ok_or_else(error)?)
        }
        _ => return Err(Refusal::validation(format!("Query {id} must have either a MetricStat or an Expression."))),
    };
    let returned = !given.get("ReturnData").is_some_and(Value::is_false);
    Ok(AlarmQuery { id: id.to_owned(), label: text(given, "Label").map(str::to_owned), returned, queried })
}
