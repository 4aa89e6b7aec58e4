//! The writes of `CloudWatch`: alarms, and rules that mute them.

use aws_sdk_cloudwatch::types::{Dimension, Metric, MetricDataQuery, MetricStat, MuteTargets, Rule, Schedule};

use super::fields::Fields;
use super::{Call, Sent};

/// Sends this operation; none if it is not one of these.
pub(super) async fn send(call: &mut Call<'_>, operation: &str, it: Fields<'_>) -> Option<Sent> {
    let client = &call.clients().cloudwatch;
    Some(match operation {
        "PutAlarmMuteRule" => {
            let request = || client.put_alarm_mute_rule().set_name(it.text("Name"));
            let request = || request().set_description(it.text("Description"));
            let request = || request().set_rule(it.structure("Rule", rule));
            let request = || request().set_mute_targets(it.structure("MuteTargets", targets));
            let request = || request().set_start_date(it.time("StartDate")).set_expire_date(it.time("ExpireDate"));
            call.write(|| request().send()).await
        }
        "DeleteAlarmMuteRule" => {
            let name = || it.text("AlarmMuteRuleName");
            call.write(|| client.delete_alarm_mute_rule().set_alarm_mute_rule_name(name()).send()).await
        }
        "PutMetricAlarm" => {
            let request = || client.put_metric_alarm().set_alarm_name(it.text("AlarmName"));
            let request = || request().set_alarm_description(it.text("AlarmDescription"));
            let request = || request().set_actions_enabled(it.flag("ActionsEnabled"));
            let request = || request().set_ok_actions(it.texts("OKActions"));
            let request = || request().set_alarm_actions(it.texts("AlarmActions"));
            let request = || request().set_insufficient_data_actions(it.texts("InsufficientDataActions"));
            let request = || request().set_metric_name(it.text("MetricName")).set_namespace(it.text("Namespace"));
            let request = || request().set_statistic(it.word("Statistic"));
            let request = || request().set_extended_statistic(it.text("ExtendedStatistic"));
            let request = || request().set_dimensions(it.list("Dimensions", dimension));
            let request = || request().set_period(it.number("Period"));
            let request = || request().set_evaluation_periods(it.number("EvaluationPeriods"));
            let request = || request().set_datapoints_to_alarm(it.number("DatapointsToAlarm"));
            let request = || request().set_threshold(it.double("Threshold"));
            let request = || request().set_comparison_operator(it.word("ComparisonOperator"));
            let request = || request().set_treat_missing_data(it.text("TreatMissingData"));
            let request = || request().set_metrics(it.list("Metrics", query));
            call.write(|| request().send()).await
        }
        "DeleteAlarms" => call.write(|| client.delete_alarms().set_alarm_names(it.texts("AlarmNames")).send()).await,
        _ => return None,
    })
}

fn rule(it: Fields<'_>) -> Rule {
    let schedule = |it: Fields<'_>| {
        let schedule = Schedule::builder().set_expression(it.text("Expression"));
        schedule.set_duration(it.text("Duration")).set_timezone(it.text("Timezone")).build()
    };
    Rule::builder().set_schedule(it.structure("Schedule", schedule)).build()
}

fn targets(it: Fields<'_>) -> MuteTargets {
    MuteTargets::builder().set_alarm_names(it.texts("AlarmNames")).build()
}

fn dimension(it: Fields<'_>) -> Dimension {
    Dimension::builder().set_name(it.text("Name")).set_value(it.text("Value")).build()
}

fn query(it: Fields<'_>) -> MetricDataQuery {
    let metric = |it: Fields<'_>| {
        let metric = Metric::builder().set_metric_name(it.text("MetricName")).set_namespace(it.text("Namespace"));
        metric.set_dimensions(it.list("Dimensions", dimension)).build()
    };
    let stat = |it: Fields<'_>| {
        let stat = MetricStat::builder().set_metric(it.structure("Metric", metric));
        stat.set_period(it.number("Period")).set_stat(it.text("Stat")).build()
    };
    let query = MetricDataQuery::builder().set_id(it.text("Id")).set_metric_stat(it.structure("MetricStat", stat));
    let query = query.set_expression(it.text("Expression")).set_label(it.text("Label"));
    query.set_return_data(it.flag("ReturnData")).build()
}
