//! `DescribeAlarms`: metric alarms of the scenario; there are no composite ones.

use super::{text, texts, whole};
use crate::sim::physics::View;
use crate::sim::region::Alarm;
use crate::sim::wire::cbor::{Value, map};
use crate::sim::wire::paging::{ForeignToken, Position};
use crate::sim::wire::refusal::Refusal;

pub(super) fn describe_alarms(view: View<'_>, input: &Value) -> Result<Value, Refusal> {
    let names = texts(input, "AlarmNames");
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
    map([
        ("AlarmName", alarm.name.as_str().into()),
        ("AlarmArn", alarm.arn.as_str().into()),
        ("AlarmConfigurationUpdatedTimestamp", since.clone()),
        ("ActionsEnabled", Value::Flag(true)),
        ("OKActions", Value::List(Vec::new())),
        ("AlarmActions", Value::List(Vec::new())),
        ("InsufficientDataActions", Value::List(Vec::new())),
        ("StateValue", alarm.state.as_str().into()),
        ("StateReason", reason(alarm).into()),
        ("StateUpdatedTimestamp", since.clone()),
        ("StateTransitionedTimestamp", since),
        ("MetricName", alarm.metric.as_str().into()),
        ("Namespace", alarm.namespace.as_str().into()),
        ("Statistic", alarm.statistic.as_str().into()),
        ("Dimensions", Value::List(dimensions.collect())),
        ("Period", Value::Integer(60)),
        ("EvaluationPeriods", Value::Integer(2)),
        ("Threshold", Value::Float(alarm.threshold)),
        ("ComparisonOperator", "GreaterThanThreshold".into()),
        ("TreatMissingData", "notBreaching".into()),
    ])
}

fn reason(alarm: &Alarm) -> String {
    let threshold = alarm.threshold;
    match alarm.state.as_str() {
        "ALARM" => format!("Threshold Crossed: 2 datapoints were greater than the threshold ({threshold})."),
        "OK" => format!("Threshold Crossed: 2 datapoints were not greater than the threshold ({threshold})."),
        _ => "Insufficient Data: 2 datapoints were unknown.".to_owned(),
    }
}
