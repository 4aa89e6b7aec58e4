//! Alarms of `CloudWatch`, and the rules that mute them.

use std::sync::Arc;

use aws_sdk_cloudwatch::operation::describe_alarms::builders::DescribeAlarmsFluentBuilder;
use aws_sdk_cloudwatch::operation::get_alarm_mute_rule::GetAlarmMuteRuleOutput;
use aws_sdk_cloudwatch::types::{self as wire, AlarmMuteRuleStatus, AlarmType, HistoryItemType, StateValue};

use super::call::Call;
use super::convert::{key, moment, plain, text, texts};
use crate::model::{
    Alarm, AlarmEvaluation, AlarmEvent, AlarmEventKind, AlarmExpression, AlarmMetric, AlarmState, Answer, Batch,
    Covers, Fault, FaultKind, Key, MuteRule, MuteStatus, ScopeId,
};

/// The most that a page holds (`DescribeAlarms`, `ListAlarmMuteRules`: `MaxRecords`).
const PAGE: i32 = 100;

/// Reads the alarms, those in this state or all: metric alarms, and composite ones, which AWS leaves out unless they are
/// requested.
pub(super) async fn alarms(call: &mut Call<'_>, state: Option<StateValue>) -> Result<(Vec<Alarm>, Covers), Arc<Fault>> {
    listed(call, |request| request.set_state_value(state.clone())).await
}

/// Reads the alarms of these names, at most [`PAGE`].
pub(super) async fn named(call: &mut Call<'_>, names: &[Arc<str>]) -> Result<(Vec<Alarm>, Covers), Arc<Fault>> {
    let names: Vec<_> = names.iter().map(ToString::to_string).collect();
    listed(call, |request| request.set_alarm_names(Some(names.clone()))).await
}

async fn listed(
    call: &mut Call<'_>,
    which: impl Fn(DescribeAlarmsFluentBuilder) -> DescribeAlarmsFluentBuilder,
) -> Result<(Vec<Alarm>, Covers), Arc<Fault>> {
    let (client, scope) = (&call.clients().cloudwatch, call.scope());
    let request = |token| {
        let request = client.describe_alarms().max_records(PAGE).set_next_token(token);
        let request = request.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm);
        which(request).send()
    };
    call.pages(request, |page| {
        let metric = page.metric_alarms().iter().filter_map(|it| metric_alarm(scope, it));
        let composite = page.composite_alarms().iter().filter_map(|it| composite_alarm(scope, it));
        (metric.chain(composite).collect(), page.next_token)
    })
    .await
}

/// The alarms in ALARM, for the inventory.
pub(super) async fn raised(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (alarms, covers) = alarms(call, Some(StateValue::Alarm)).await?;
    Ok(Batch { covers, answer: Answer::RaisedAlarms(alarms) })
}

/// All alarms, for the inventory.
pub(super) async fn all(call: &mut Call<'_>) -> Result<Batch, Arc<Fault>> {
    let (alarms, covers) = alarms(call, None).await?;
    Ok(Batch { covers, answer: Answer::Alarms(alarms) })
}

/// The newest events of an alarm, as many as a page holds.
pub(super) async fn history(call: &mut Call<'_>, alarm: &Key<Alarm>) -> Result<Batch, Arc<Fault>> {
    let client = &call.clients().cloudwatch;
    let name = alarm.id.splitn(7, ':').nth(6).unwrap_or(&alarm.id);
    let request = || {
        let request = client.describe_alarm_history().alarm_name(name).max_records(PAGE);
        request.alarm_types(AlarmType::MetricAlarm).alarm_types(AlarmType::CompositeAlarm).send()
    };
    let answer = call.send(request).await?;
    let event = |it: &wire::AlarmHistoryItem| AlarmEvent {
        at: moment(it.timestamp()),
        kind: AlarmEventKind::from_wire(it.history_item_type().map(HistoryItemType::as_str).unwrap_or_default()),
        summary: plain(it.history_summary()),
    };
    let events = answer.alarm_history_items().iter().map(event).collect();
    Ok(Batch { covers: Covers::All, answer: Answer::AlarmHistory(alarm.clone(), events) })
}

fn metric_alarm(scope: ScopeId, it: &wire::MetricAlarm) -> Option<Alarm> {
    let own = it.metric_name().map(|name| AlarmMetric {
        id: None,
        namespace: plain(it.namespace()),
        name: plain(Some(name)),
        dimensions: dimensions(it.dimensions()),
        statistic: plain(it.extended_statistic().or(it.statistic().map(wire::Statistic::as_str))),
        period: it.period().unwrap_or_default(),
        is_judged: true,
    });
    let queried = it.metrics().iter().filter_map(queried);
    let expression = |query: &wire::MetricDataQuery| {
        Some(AlarmExpression {
            id: plain(query.id()),
            text: text(query.expression())?,
            label: text(query.label()),
            is_judged: query.return_data() != Some(false),
        })
    };
    let evaluation = AlarmEvaluation {
        periods: it.evaluation_periods().unwrap_or(1),
        datapoints: it.datapoints_to_alarm(),
        threshold: it.threshold(),
        comparison: plain(it.comparison_operator().map(wire::ComparisonOperator::as_str)),
        missing: text(it.treat_missing_data()),
    };
    Some(Alarm {
        since: moment(it.state_transitioned_timestamp().or(it.state_updated_timestamp())),
        reason: text(it.state_reason()),
        description: text(it.alarm_description()),
        metrics: own.into_iter().chain(queried).collect(),
        expressions: it.metrics().iter().filter_map(expression).collect(),
        evaluation: Some(evaluation),
        actions_enabled: it.actions_enabled().unwrap_or(true),
        actions: actions(it.alarm_actions()),
        ok_actions: actions(it.ok_actions()),
        insufficient_actions: actions(it.insufficient_data_actions()),
        ..bare(scope, it.alarm_name(), it.alarm_arn(), it.state_value())?
    })
}

fn queried(query: &wire::MetricDataQuery) -> Option<AlarmMetric> {
    let stat = query.metric_stat()?;
    let metric = stat.metric()?;
    Some(AlarmMetric {
        id: text(query.id()),
        namespace: plain(metric.namespace()),
        name: plain(metric.metric_name()),
        dimensions: dimensions(metric.dimensions()),
        statistic: plain(stat.stat()),
        period: stat.period().unwrap_or_default(),
        is_judged: query.return_data() != Some(false),
    })
}

fn composite_alarm(scope: ScopeId, it: &wire::CompositeAlarm) -> Option<Alarm> {
    Some(Alarm {
        since: moment(it.state_transitioned_timestamp().or(it.state_updated_timestamp())),
        reason: text(it.state_reason()),
        description: text(it.alarm_description()),
        rule: text(it.alarm_rule()),
        actions_enabled: it.actions_enabled().unwrap_or(true),
        actions: actions(it.alarm_actions()),
        ok_actions: actions(it.ok_actions()),
        insufficient_actions: actions(it.insufficient_data_actions()),
        ..bare(scope, it.alarm_name(), it.alarm_arn(), it.state_value())?
    })
}

fn bare(scope: ScopeId, name: Option<&str>, arn: Option<&str>, state: Option<&StateValue>) -> Option<Alarm> {
    let state = AlarmState::from_wire(state.map(StateValue::as_str).unwrap_or_default());
    let name = text(name);
    if name.is_none() {
        tracing::warn!("skipped an alarm without its name");
    }
    Some(Alarm { key: key(scope, arn, "alarm")?, ..Alarm::new(scope, &name?, state) })
}

fn actions(given: &[String]) -> Vec<Arc<str>> {
    texts(given.iter().map(|action| Some(action.as_str())))
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
