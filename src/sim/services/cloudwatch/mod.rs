//! `CloudWatch` (2010-08-01): in CBOR to the Rust SDK, in JSON to botocore, as a query to older clients.

mod alarms;
mod metric_data;
mod mute_rules;

use super::{Rpc, RpcChange};
use crate::sim::wire::document::Value;
use crate::sim::wire::refusal::Refusal;

pub(super) const OPERATIONS: &[(&str, Rpc)] = &[
    ("DescribeAlarms", alarms::describe_alarms),
    ("GetAlarmMuteRule", mute_rules::get_alarm_mute_rule),
    ("GetMetricData", metric_data::get_metric_data),
    ("ListAlarmMuteRules", mute_rules::list_alarm_mute_rules),
];

pub(super) const CHANGES: &[(&str, RpcChange)] = &[
    ("DeleteAlarmMuteRule", mute_rules::delete_alarm_mute_rule),
    ("PutAlarmMuteRule", mute_rules::put_alarm_mute_rule),
];

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::parameter(message)
}

/// A whole number between limits.
fn whole(input: &Value, name: &str, least: usize, most: usize) -> Result<Option<usize>, Refusal> {
    let Some(number) = input.get(name).and_then(Value::number) else { return Ok(None) };
    if number >= least as f64 && number <= most as f64 {
        return Ok(Some(number as usize));
    }
    Err(invalid(format!("The value {number} for parameter {name} is not between {least} and {most}.")))
}

/// The entries of a list of texts.
fn texts<'a>(input: &'a Value, name: &str) -> Vec<&'a str> {
    input.get(name).map(Value::entries).unwrap_or_default().iter().filter_map(Value::text).collect()
}

fn text<'a>(input: &'a Value, name: &str) -> Option<&'a str> {
    input.get(name).and_then(Value::text)
}
