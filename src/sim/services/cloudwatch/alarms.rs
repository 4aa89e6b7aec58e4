//! `DescribeAlarms`: metric alarms of the scenario; there are no composite ones.

use super::parameters::{text, texts, whole};
use crate::sim::physics::View;
use crate::sim::region::Alarm;
use crate::sim::wire::document::{Value, map};
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;

/// The most names of one request (API reference).
const MOST_NAMES: usize = 100;

pub(super) fn describe_alarms(view: View<'_>, input: &Value) -> Result<Value, Refusal> {
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
    let state = text(input, "StateValue");
    let types = texts(input, "AlarmTypes");
    let metric_alarms = types.is_empty() || types.contains(&"MetricAlarm");
    let alarms: Vec<&Alarm> = view
        .region
        .alarms
        .iter()
        .filter(|_| metric_alarms)
        .filter(|alarm| names.is_empty() || names.contains(&alarm.name.as_str()))
        .filter(|alarm| prefix.is_none_or(|prefix| alarm.name.starts_with(prefix)))
        .filter(|alarm| state.is_none_or(|state| alarm.state == state))
        .collect();
    let size = whole(input, "MaxRecords", 1, 100)?.unwrap_or(50);
    let question = format!("DescribeAlarms {names:?} {prefix:?} {state:?} {types:?}");
    let position = Position::read(text(input, "NextToken"), &question, view.now)
        .map_err(|ForeignToken| Refusal::bad_request("InvalidNextToken", "The next token specified is invalid."))?;
    let (range, next) = position.page(&question, alarms.len(), size);
    let mut answer = vec![
        ("CompositeAlarms".to_owned(), Value::List(Vec::new())),
        ("MetricAlarms".to_owned(), Value::List(alarms[range].iter().map(|alarm| describe(alarm)).collect())),
    ];
    answer.extend(next.map(|token| ("NextToken".to_owned(), token.into())));
    Ok(Value::Map(answer))
}

fn describe(alarm: &Alarm) -> Value {
    let since = Value::Time(alarm.since as f64 / 1000.0);
    let dimensions = alarm
        .dimensions
        .iter()
        .map(|(name, value)| map([("Name", name.as_str().into()), ("Value", value.as_str().into())]));
    let dimensions = Value::List(dimensions.collect());
    let mut answer = vec![
        ("AlarmName".to_owned(), alarm.name.as_str().into()),
        ("AlarmArn".to_owned(), alarm.arn.as_str().into()),
        ("AlarmConfigurationUpdatedTimestamp".to_owned(), since.clone()),
        ("ActionsEnabled".to_owned(), Value::Flag(true)),
        ("OKActions".to_owned(), Value::List(Vec::new())),
        ("AlarmActions".to_owned(), Value::List(alarm.actions.iter().map(|it| it.as_str().into()).collect())),
        ("InsufficientDataActions".to_owned(), Value::List(Vec::new())),
        ("StateValue".to_owned(), alarm.state.as_str().into()),
        ("StateReason".to_owned(), reason(alarm).into()),
        ("StateUpdatedTimestamp".to_owned(), since.clone()),
        ("StateTransitionedTimestamp".to_owned(), since),
        ("EvaluationPeriods".to_owned(), Value::Integer(2)),
        ("Threshold".to_owned(), Value::Float(alarm.threshold)),
        ("ComparisonOperator".to_owned(), "GreaterThanThreshold".into()),
        ("TreatMissingData".to_owned(), "notBreaching".into()),
    ];
    answer.extend(match &alarm.expression {
        Some(expression) => vec![("Metrics".to_owned(), queries(alarm, expression, dimensions))],
        None => vec![
            ("MetricName".to_owned(), alarm.metric.as_str().into()),
            ("Namespace".to_owned(), alarm.namespace.as_str().into()),
            ("Statistic".to_owned(), alarm.statistic.as_str().into()),
            ("Dimensions".to_owned(), dimensions),
            ("Period".to_owned(), Value::Integer(60)),
        ],
    });
    Value::Map(answer)
}

/// An alarm on an expression has no metric of its own: it has the queries that the expression is made of (API reference,
/// `MetricAlarm`).
fn queries(alarm: &Alarm, expression: &str, dimensions: Value) -> Value {
    let metric = map([
        ("Namespace", alarm.namespace.as_str().into()),
        ("MetricName", alarm.metric.as_str().into()),
        ("Dimensions", dimensions),
    ]);
    let stat = map([("Metric", metric), ("Period", Value::Integer(60)), ("Stat", alarm.statistic.as_str().into())]);
    let result = map([("Id", "e1".into()), ("Expression", expression.into()), ("ReturnData", Value::Flag(true))]);
    Value::List(vec![result, map([("Id", "m1".into()), ("MetricStat", stat), ("ReturnData", Value::Flag(false))])])
}

fn reason(alarm: &Alarm) -> String {
    let threshold = alarm.threshold;
    match alarm.state.as_str() {
        "ALARM" => format!("Threshold Crossed: 2 datapoints were greater than the threshold ({threshold})."),
        "OK" => format!("Threshold Crossed: 2 datapoints were not greater than the threshold ({threshold})."),
        _ => "Insufficient Data: 2 datapoints were unknown.".to_owned(),
    }
}
