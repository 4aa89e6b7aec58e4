//! `CloudWatch` (2010-08-01): in CBOR to the Rust SDK, in JSON to botocore, as a query to older clients.

mod alarms;
mod metric_data;
mod mute_rules;
mod parameters;
mod put_alarms;

use super::operation::{Rpc, RpcChange};

pub(super) const OPERATIONS: &[(&str, Rpc)] = &[
    ("DescribeAlarmHistory", alarms::describe_alarm_history),
    ("DescribeAlarms", alarms::describe_alarms),
    ("GetAlarmMuteRule", mute_rules::get_alarm_mute_rule),
    ("GetMetricData", metric_data::get_metric_data),
    ("ListAlarmMuteRules", mute_rules::list_alarm_mute_rules),
];

pub(super) const CHANGES: &[(&str, RpcChange)] = &[
    ("DeleteAlarmMuteRule", mute_rules::delete_alarm_mute_rule),
    ("DeleteAlarms", put_alarms::delete_alarms),
    ("PutAlarmMuteRule", mute_rules::put_alarm_mute_rule),
    ("PutCompositeAlarm", put_alarms::put_composite_alarm),
    ("PutMetricAlarm", put_alarms::put_metric_alarm),
    ("SetAlarmState", put_alarms::set_alarm_state),
];
