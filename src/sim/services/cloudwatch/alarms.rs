//! `DescribeAlarms`, `DescribeAlarmHistory` (API reference, and botocore's model for what there is).
//!
//! The history of a deleted alarm is not kept, and alarms have no contributors here.

use super::parameters::{only, text, texts, whole};
use crate::sim::physics::{View, alarms};
use crate::sim::region::{Alarm, AlarmMetric, Evaluation, Pair, Queried, Watches, alarm_state};
use crate::sim::wire::document::{Value, map};
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;

/// The most names of one request (API reference).
const MOST_NAMES: usize = 100;
const FILTERS: [&str; 9] = [
    "AlarmNames",
    "AlarmNamePrefix",
    "AlarmTypes",
    "ChildrenOfAlarmName",
    "ParentsOfAlarmName",
    "StateValue",
    "ActionPrefix",
    "MaxRecords",
    "NextToken",
];

pub(super) fn describe_alarms(view: View<'_>, input: &Value) -> Result<Value, Refusal> {
    only(input, &FILTERS)?;
    let names = texts(input, "AlarmNames");
    if names.len() > MOST_NAMES {
        let message = format!("The collection AlarmNames must not have a size greater than {MOST_NAMES}.");
        return Err(Refusal::validation(message));
    }
    let prefix = text(input, "AlarmNamePrefix");
    if !names.is_empty() && prefix.is_some() {
        let message = "AlarmNamePrefix and AlarmNames cannot be specified together.";
        return Err(Refusal::bad_request("InvalidParameterCombination", message));
    }
    for family in ["ChildrenOfAlarmName", "ParentsOfAlarmName"] {
        if text(input, family).is_some() {
            return Err(Refusal::validation(format!("The parameter {family} is not simulated.")));
        }
    }
    let state = wanted_state(input)?;
    let types = types(input)?;
    let action = text(input, "ActionPrefix");
    let is_meant = |alarm: &&Alarm| {
        types.contains(&alarm.kind())
            && (names.is_empty() || names.contains(&alarm.name.as_str()))
            && prefix.is_none_or(|prefix| alarm.name.starts_with(prefix))
            && action.is_none_or(|prefix| alarm.actions.iter().flatten().any(|it| it.starts_with(prefix)))
            && state.is_none_or(|state| alarms::state(view, alarm).state == state)
    };
    let mut found: Vec<&Alarm> = view.region.alarms.iter().filter(is_meant).collect();
    found.sort_by_key(|alarm| !alarm.is_composite());
    let size = whole(input, "MaxRecords", 1, 100)?.unwrap_or(50);
    let question = format!("DescribeAlarms {names:?} {prefix:?} {state:?} {types:?} {action:?}");
    let (range, next) = page(view, input, &question, found.len(), size)?;
    let described = |composite: bool| {
        let page = found[range.clone()].iter().filter(|alarm| alarm.is_composite() == composite);
        Value::List(page.map(|alarm| describe(view, alarm)).collect())
    };
    let mut answer =
        vec![("CompositeAlarms".to_owned(), described(true)), ("MetricAlarms".to_owned(), described(false))];
    answer.extend(next.map(|token| ("NextToken".to_owned(), token.into())));
    Ok(Value::Map(answer))
}

fn wanted_state(input: &Value) -> Result<Option<&'static str>, Refusal> {
    let Some(given) = text(input, "StateValue") else { return Ok(None) };
    let unknown = || Refusal::validation(format!("The value {given} for parameter StateValue is not supported."));
    alarm_state(given).map(Some).ok_or_else(unknown)
}

/// Composite alarms are left out unless they are asked for.
fn types(input: &Value) -> Result<Vec<&str>, Refusal> {
    let types = texts(input, "AlarmTypes");
    match types.iter().find(|kind| !["MetricAlarm", "CompositeAlarm"].contains(kind)) {
        Some(kind) => Err(Refusal::validation(format!("The value {kind} for parameter AlarmTypes is not supported."))),
        None if types.is_empty() => Ok(vec!["MetricAlarm"]),
        None => Ok(types),
    }
}

fn page(
    view: View<'_>,
    input: &Value,
    question: &str,
    total: usize,
    size: usize,
) -> Result<(std::ops::Range<usize>, Option<String>), Refusal> {
    let position = Position::read(text(input, "NextToken"), question, view.now)
        .map_err(|ForeignToken| Refusal::bad_request("InvalidNextToken", "The next token specified is invalid."))?;
    Ok(position.page(question, total, size))
}

fn time(at: i64) -> Value {
    Value::Time(at as f64 / 1000.0)
}

fn list(texts: &[String]) -> Value {
    Value::List(texts.iter().map(|it| it.as_str().into()).collect())
}

fn describe(view: View<'_>, alarm: &Alarm) -> Value {
    let now = alarms::state(view, alarm);
    let [ok, on_alarm, insufficient] = &alarm.actions;
    let mut answer = vec![
        ("AlarmName".to_owned(), alarm.name.as_str().into()),
        ("AlarmArn".to_owned(), alarm.arn.as_str().into()),
        ("AlarmConfigurationUpdatedTimestamp".to_owned(), time(alarm.configured)),
        ("ActionsEnabled".to_owned(), Value::Flag(alarm.actions_enabled)),
        ("OKActions".to_owned(), list(ok)),
        ("AlarmActions".to_owned(), list(on_alarm)),
        ("InsufficientDataActions".to_owned(), list(insufficient)),
        ("StateValue".to_owned(), now.state.into()),
        ("StateReason".to_owned(), now.reason.into()),
        ("StateUpdatedTimestamp".to_owned(), time(now.at)),
        ("StateTransitionedTimestamp".to_owned(), time(now.at)),
    ];
    answer.extend(alarm.description.as_deref().map(|text| ("AlarmDescription".to_owned(), text.into())));
    match &alarm.watches {
        Watches::Composite(_, rule) => answer.push(("AlarmRule".to_owned(), rule.as_str().into())),
        Watches::Metric(metric, evaluation) => {
            let statistic = if metric.statistic.starts_with('p') { "ExtendedStatistic" } else { "Statistic" };
            answer.extend(named(metric));
            answer.push((statistic.to_owned(), metric.statistic.as_str().into()));
            answer.push(("Period".to_owned(), Value::Integer(metric.period)));
            answer.extend(metric.unit.as_deref().map(|unit| ("Unit".to_owned(), unit.into())));
            answer.extend(evaluated(evaluation));
        }
        Watches::Math(queries, evaluation) => {
            let queries = queries.iter().map(|query| {
                let mut it = vec![("Id".to_owned(), query.id.as_str().into())];
                it.extend(query.label.as_deref().map(|label| ("Label".to_owned(), label.into())));
                it.push(("ReturnData".to_owned(), Value::Flag(query.returned)));
                it.push(match &query.queried {
                    Queried::Expression(text, _) => ("Expression".to_owned(), text.as_str().into()),
                    Queried::Metric(metric) => ("MetricStat".to_owned(), stat(metric)),
                });
                Value::Map(it)
            });
            answer.push(("Metrics".to_owned(), Value::List(queries.collect())));
            answer.extend(evaluated(evaluation));
        }
    }
    Value::Map(answer)
}

fn named(metric: &AlarmMetric) -> Vec<(String, Value)> {
    let dimension = |(name, value): &Pair| map([("Name", name.as_str().into()), ("Value", value.as_str().into())]);
    vec![
        ("Namespace".to_owned(), metric.namespace.as_str().into()),
        ("MetricName".to_owned(), metric.name.as_str().into()),
        ("Dimensions".to_owned(), Value::List(metric.dimensions.iter().map(dimension).collect())),
    ]
}

/// An alarm on an expression has no metric of its own: it has the queries that the expression is made of (API reference,
/// `MetricAlarm`).
fn stat(metric: &AlarmMetric) -> Value {
    let mut stat = vec![
        ("Metric".to_owned(), Value::Map(named(metric))),
        ("Period".to_owned(), Value::Integer(metric.period)),
        ("Stat".to_owned(), metric.statistic.as_str().into()),
    ];
    stat.extend(metric.unit.as_deref().map(|unit| ("Unit".to_owned(), unit.into())));
    Value::Map(stat)
}

fn evaluated(evaluation: &Evaluation) -> Vec<(String, Value)> {
    let mut fields = vec![
        ("EvaluationPeriods".to_owned(), Value::Integer(evaluation.periods as i64)),
        ("Threshold".to_owned(), Value::Float(evaluation.threshold)),
        ("ComparisonOperator".to_owned(), evaluation.comparison.as_str().into()),
    ];
    fields.extend(evaluation.datapoints.map(|it| ("DatapointsToAlarm".to_owned(), Value::Integer(it as i64))));
    fields.extend(evaluation.missing.as_deref().map(|it| ("TreatMissingData".to_owned(), it.into())));
    fields
}

/// An entry of an alarm's history.
struct Entry<'a> {
    at: i64,
    alarm: &'a Alarm,
    kind: &'static str,
    summary: String,
    data: String,
}

pub(super) fn describe_alarm_history(view: View<'_>, input: &Value) -> Result<Value, Refusal> {
    const KNOWN: [&str; 8] =
        ["AlarmName", "AlarmTypes", "HistoryItemType", "StartDate", "EndDate", "MaxRecords", "NextToken", "ScanBy"];
    only(input, &KNOWN)?;
    let (name, kind) = (text(input, "AlarmName"), text(input, "HistoryItemType"));
    if let Some(kind) = kind.filter(|kind| !["ConfigurationUpdate", "StateUpdate", "Action"].contains(kind)) {
        return Err(Refusal::validation(format!("The value {kind} for parameter HistoryItemType is not supported.")));
    }
    let is_oldest_first = match text(input, "ScanBy") {
        None | Some("TimestampDescending") => false,
        Some("TimestampAscending") => true,
        Some(other) => {
            return Err(Refusal::validation(format!("The value {other} for parameter ScanBy is not supported.")));
        }
    };
    let types = types(input)?;
    let instant = |name: &str| input.get(name).and_then(Value::number).map(|seconds| (seconds * 1000.0) as i64);
    let (from, until) = (instant("StartDate"), instant("EndDate"));
    let meant = view.region.alarms.iter().filter(|alarm| types.contains(&alarm.kind()));
    let meant = meant.filter(|alarm| name.is_none_or(|name| alarm.name == name));
    let mut entries: Vec<_> = meant.flat_map(|alarm| history(view, alarm)).collect();
    entries.retain(|entry| kind.is_none_or(|kind| entry.kind == kind));
    entries.retain(|entry| from.is_none_or(|from| entry.at >= from) && until.is_none_or(|until| entry.at < until));
    entries.sort_by_key(|entry| entry.at);
    if !is_oldest_first {
        entries.reverse();
    }
    let size = whole(input, "MaxRecords", 1, 100)?.unwrap_or(100);
    let question = format!("DescribeAlarmHistory {name:?} {kind:?} {types:?} {from:?} {until:?} {is_oldest_first}");
    let (range, next) = page(view, input, &question, entries.len(), size)?;
    let item = |entry: &Entry<'_>| {
        map([
            ("AlarmName", entry.alarm.name.as_str().into()),
            ("AlarmType", entry.alarm.kind().into()),
            ("Timestamp", time(entry.at)),
            ("HistoryItemType", entry.kind.into()),
            ("HistorySummary", entry.summary.as_str().into()),
            ("HistoryData", entry.data.as_str().into()),
        ])
    };
    let mut answer = vec![("AlarmHistoryItems".to_owned(), Value::List(entries[range].iter().map(item).collect()))];
    answer.extend(next.map(|token| ("NextToken".to_owned(), token.into())));
    Ok(Value::Map(answer))
}

/// The edits, the changes of state, and the actions that those ran unless they were muted.
fn history<'a>(view: View<'_>, alarm: &'a Alarm) -> Vec<Entry<'a>> {
    let edits = alarm.edits.iter().filter(|(at, _)| *at <= view.now).map(|(at, what)| Entry {
        at: *at,
        alarm,
        kind: "ConfigurationUpdate",
        summary: format!("Alarm \"{}\" {what}", alarm.name),
        data: serde_json::json!({"version": "1.0", "type": if *what == "created" { "Create" } else { "Update" }})
            .to_string(),
    });
    let mut entries: Vec<_> = edits.collect();
    let changes = alarms::changes(view, alarm);
    for pair in changes.windows(2) {
        let [before, after] = pair else { continue };
        let side = |state: &str, reason: &str| serde_json::json!({"stateValue": state, "stateReason": reason});
        let (old, new) = (side(before.state, &before.reason), side(after.state, &after.reason));
        entries.push(Entry {
            at: after.at,
            alarm,
            kind: "StateUpdate",
            summary: format!("Alarm updated from {} to {}", before.state, after.state),
            data: serde_json::json!({"version": "1.0", "oldState": old, "newState": new}).to_string(),
        });
        let is_muted = view.region.mute_rules.values().any(|rule| {
            rule.targets_alarm(&alarm.name) && rule.updated <= after.at && rule.status(after.at) == "ACTIVE"
        });
        let actions = alarm.actions_of(after.state).iter().filter(|_| alarm.actions_enabled && !is_muted);
        entries.extend(actions.map(|action| Entry {
            at: after.at,
            alarm,
            kind: "Action",
            summary: format!("Successfully executed action {action}"),
            data: serde_json::json!({"actionState": "Succeeded", "notificationResource": action}).to_string(),
        }));
    }
    entries
}
