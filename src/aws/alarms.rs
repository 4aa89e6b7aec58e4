//! Alarms of `CloudWatch`, and the rules that mute them.

use std::sync::Arc;

use aws_sdk_cloudwatch::operation::get_alarm_mute_rule::GetAlarmMuteRuleOutput;
use aws_sdk_cloudwatch::types::{self as wire, AlarmMuteRuleStatus};

use super::call::Call;
use super::convert::{moment, plain, text, texts};
use crate::model::{Alarm, AlarmMetric, AlarmState, Covers, Fault, FaultKind, MuteRule, MuteStatus};

/// The most that a page holds (`DescribeAlarms`, `ListAlarmMuteRules`: `MaxRecords`).
const PAGE: i32 = 100;

/// Reads the metric alarms. Composite ones depend on other alarms; AWS leaves them out unless they are requested.
pub(super) async fn alarms(call: &mut Call<'_>) -> Result<(Vec<Alarm>, Covers), Arc<Fault>> {
    let client = &call.clients().cloudwatch;
    let request = |token| client.describe_alarms().max_records(PAGE).set_next_token(token).send();
    call.pages(request, |page| (page.metric_alarms().iter().filter_map(alarm).collect(), page.next_token)).await
}

fn alarm(it: &wire::MetricAlarm) -> Option<Alarm> {
    let (Some(name), Some(arn)) = (text(it.alarm_name()), text(it.alarm_arn())) else {
        tracing::warn!("skipped an alarm without its name or its ARN");
        return None;
    };
    let own = it.metric_name().map(|name| AlarmMetric {
        namespace: plain(it.namespace()),
        name: plain(Some(name)),
        dimensions: dimensions(it.dimensions()),
    });
    let queried = it.metrics().iter().filter_map(|query| query.metric_stat()?.metric()).map(|metric| AlarmMetric {
        namespace: plain(metric.namespace()),
        name: plain(metric.metric_name()),
        dimensions: dimensions(metric.dimensions()),
    });
    Some(Alarm {
        name,
        arn,
        state: AlarmState::from_wire(it.state_value().map(wire::StateValue::as_str).unwrap_or_default()),
        since: moment(it.state_transitioned_timestamp().or(it.state_updated_timestamp())),
        metrics: own.into_iter().chain(queried).collect(),
        actions_enabled: it.actions_enabled().unwrap_or(true),
        actions: texts(it.alarm_actions().iter().map(|action| Some(action.as_str()))),
    })
}

fn dimensions(given: &[wire::Dimension]) -> Vec<(Arc<str>, Arc<str>)> {
    given.iter().filter_map(|it| Some((text(it.name())?, text(it.value())?))).collect()
}

/// The names of the mute rules that mute, or will.
pub(super) async fn mute_rule_names(call: &mut Call<'_>) -> Result<(Vec<Arc<str>>, Covers), Arc<Fault>> {
    let client = &call.clients().cloudwatch;
    let request = |token| {
        let request = client.list_alarm_mute_rules().statuses(AlarmMuteRuleStatus::Active);
        request.statuses(AlarmMuteRuleStatus::Scheduled).max_records(PAGE).set_next_token(token).send()
    };
    let name = |it: &wire::AlarmMuteRuleSummary| named_by(it.alarm_mute_rule_arn()?);
    call.pages(request, |page| (page.alarm_mute_rule_summaries().iter().filter_map(name).collect(), page.next_token))
        .await
}

/// A summary has the ARN and not the name: `arn:aws:cloudwatch:eu-west-1:471108151234:alarm-mute-rule:NAME`, in some of
/// AWS's documents `alarm-mute:NAME`; the name is what follows.
fn named_by(arn: &str) -> Option<Arc<str>> {
    text(arn.splitn(7, ':').nth(6))
}

/// The mute rule of this name; `None` if there is none.
pub(super) async fn mute_rule(call: &mut Call<'_>, name: &str) -> Result<Option<MuteRule>, Arc<Fault>> {
    let client = &call.clients().cloudwatch;
    match call.send(|| client.get_alarm_mute_rule().alarm_mute_rule_name(name).send()).await {
        Ok(answer) => Ok(Some(rule(name, &answer))),
        Err(fault) if fault.kind == FaultKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn rule(name: &str, it: &GetAlarmMuteRuleOutput) -> MuteRule {
    let schedule = it.rule().and_then(|rule| rule.schedule());
    let alarms = it.mute_targets().map(|targets| texts(targets.alarm_names().iter().map(|name| Some(name.as_str()))));
    MuteRule {
        name: name.into(),
        alarms,
        expression: plain(schedule.and_then(|it| it.expression())),
        duration: plain(schedule.and_then(|it| it.duration())),
        time_zone: text(schedule.and_then(|it| it.timezone())),
        expires: moment(it.expire_date()),
        status: MuteStatus::from_wire(it.status().map(AlarmMuteRuleStatus::as_str).unwrap_or_default()),
    }
}
