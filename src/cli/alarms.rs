//! `alarms`: the CloudWatch alarms that look at an environment; mutes their actions for a time, or ends that.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Map, Value};

use super::alarms_arguments::AlarmsArguments;
use super::alarms_create;
use super::arguments::Format;
use super::desk::{Asking, Desk, at_desk};
use super::failure::Failure;
use super::output;
use super::problem::Problem;
use super::settings::Settings;
use super::table::{self, ColumnShape};
use super::write_arguments::WriteArguments;
use crate::app::Cut;
use crate::change::{
    MOST_MINUTES, MOST_MUTED, MUTE_RULE_PREFIX, Mute, Operation, RecommendedAlarm, Work, missing_alarms,
};
use crate::model::{Alarm, Environment, EnvironmentAlarms, Fault, Moment, clean, counted};
use crate::runtime::{read_alarms, terminal_width};

/// The effect of unmuting (API reference, `DeleteAlarmMuteRule`).
pub const NOTIFIES: &str = "an alarm that is in ALARM notifies at once";

/// An alarm.
#[derive(Serialize)]
struct AlarmItem {
    name: Arc<str>,
    arn: Arc<str>,
    state: String,
    since: Option<String>,
    namespace: Option<Arc<str>>,
    metric: Option<Arc<str>>,
    dimensions: Map<String, Value>,
    environment: Arc<str>,
    actions_enabled: bool,
    muted_until: Option<String>,
}

/// A recommended alarm that is missing.
#[derive(Serialize)]
struct MissingItem {
    name: Arc<str>,
    namespace: Option<Arc<str>>,
    metric: Option<Arc<str>>,
    dimensions: Map<String, Value>,
    /// When it would go to ALARM.
    condition: String,
    why: &'static str,
}

/// The answer.
#[derive(Serialize)]
struct AlarmsAnswer {
    items: Vec<AlarmItem>,
    /// The recommended alarms that are missing; `None`: not everything could be read.
    missing: Option<Vec<MissingItem>>,
    errors: Vec<Problem>,
}

/// Lists the alarms of an environment, mutes them or ends that.
pub fn run(settings: &Settings, arguments: &AlarmsArguments) -> Result<ExitCode, Failure> {
    let minutes = arguments.mute.map(minutes).transpose()?;
    let creates = arguments.recommended || arguments.translate;
    let is_listed = minutes.is_none() && !arguments.unmute && !creates;
    if arguments.action.is_some() && !creates {
        return Err(Failure::usage("--action goes with --recommended or --translate"));
    }
    // A list needs no confirmation.
    let write = WriteArguments { yes: arguments.write.yes || is_listed, ..arguments.write.clone() };
    at_desk(settings, &arguments.environment, &write, async |desk: &Desk<'_>, environment: &Environment| {
        let rule = format!("{MUTE_RULE_PREFIX}{}", environment.key.id);
        let found = Box::pin(read_alarms(&desk.session, environment, &rule, &Desk::now)).await;
        let found = found.map_err(|fault| Failure::fault(&fault))?;
        match minutes {
            Some(minutes) => mute(desk, environment, &found, (rule, minutes), &write).await,
            None if arguments.recommended => {
                let action = arguments.action.as_deref();
                alarms_create::recommended(desk, environment, &found, action, &write).await
            }
            None if arguments.translate => {
                let action = arguments.action.as_deref();
                alarms_create::equivalents(desk, environment, &found, action, &write).await
            }
            None if arguments.unmute => unmute(desk, environment, &found, rule, &write).await,
            None => list(settings, environment, &found),
        }
    })
}

/// AWS mutes for whole minutes.
fn minutes(span: Duration) -> Result<u32, Failure> {
    let minutes = span.as_secs().div_ceil(60);
    u32::try_from(minutes).ok().filter(|minutes| (1..=MOST_MINUTES).contains(minutes)).ok_or_else(|| {
        let most = counted(MOST_MINUTES as usize / (24 * 60), "day");
        Failure::usage(format!("alarms are muted for 1 minute to {most}"))
    })
}

async fn mute(
    desk: &Desk<'_>,
    environment: &Environment,
    found: &EnvironmentAlarms,
    (rule, minutes): (String, u32),
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let (name, alarms) = (&environment.name, found.mutable());
    if let Some(fault) = &found.unread {
        return Err(Failure::fault(fault));
    }
    if alarms.is_empty() {
        return Err(Failure::refused(clean(&format!("no alarm that could be muted looks at {name}"))));
    }
    if alarms.len() > MOST_MUTED {
        let what = format!("{} look at {name}: one rule mutes at most {MOST_MUTED}", counted(alarms.len(), "alarm"));
        return Err(Failure::refused(clean(&what)));
    }
    let description = format!("beanpole: alarms of {name}");
    let mute = Mute { rule: rule.into(), description: description.into(), alarms, from: Desk::now(), minutes };
    let until = mute.until();
    let what = format!("mute {} of {name} ({}) until {until}", counted(mute.alarms.len(), "alarm"), desk.whereabouts());
    let mut notes: Vec<_> = mute.alarms.iter().map(|alarm| format!("muted: {alarm}")).collect();
    let scaling = found.alarms.iter().filter(|alarm| alarm.scales());
    notes.extend(scaling.map(|alarm| format!("not muted, for it scales: {}", alarm.name)));
    let lines = [
        format!("{name}: {} muted until {until}; AWS ends it by itself", counted(mute.alarms.len(), "alarm")),
        format!("to end it before: beanpole alarms {name} --unmute"),
    ];
    let replaces = found.rule.as_ref().and_then(crate::model::MuteRule::until);
    let operation = Operation::of(environment, Work::Mute { mute, replaces });
    desk.act(&operation, &Asking { question: what, notes, ..Asking::default() }, arguments, &lines).await
}

async fn unmute(
    desk: &Desk<'_>,
    environment: &Environment,
    found: &EnvironmentAlarms,
    rule: String,
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let name = &environment.name;
    if let (None, Some(fault)) = (&found.rule, &found.unread) {
        return Err(Failure::fault(fault));
    }
    let Some(until) = found.rule.as_ref().and_then(crate::model::MuteRule::until) else {
        output::result(&format!("{}: beanpole mutes no alarm of it\n", clean(name)))?;
        return Ok(ExitCode::SUCCESS);
    };
    let what = format!("unmute the alarms of {name} ({}), which are muted until {until}", desk.whereabouts());
    let asking = Asking { question: what, notes: vec![NOTIFIES.to_owned()], ..Asking::default() };
    let operation = Operation::of(environment, Work::Unmute { rule: rule.into(), until });
    desk.act(&operation, &asking, arguments, &[format!("{name}: its alarms are not muted any more")]).await
}

fn list(settings: &Settings, environment: &Environment, found: &EnvironmentAlarms) -> Result<ExitCode, Failure> {
    let missing = found.unlinked.is_none().then(|| missing_alarms(environment, found));
    let items: Vec<_> = found.alarms.iter().map(|alarm| item(alarm, environment, found)).collect();
    let problem = |fault: &Arc<Fault>| Problem { source: fault.operation.to_owned(), error: Arc::clone(fault).into() };
    let errors: Vec<_> = found.unread.iter().map(problem).collect();
    match settings.format {
        Format::Table => {
            let zone = if settings.config.utc { TimeZone::UTC } else { TimeZone::system() };
            output::result(&lines(found, &zone))?;
            output::result(&missing_lines(missing.as_deref().unwrap_or_default(), &environment.name))?;
            super::problem::remarks(&errors).iter().for_each(|words| output::remark(words));
        }
        Format::Json => output::json(&AlarmsAnswer { items, missing: missing_items(missing), errors })?,
        Format::Jsonl => {
            items.iter().try_for_each(output::json_line)?;
            output::json_line(&AlarmsAnswer { items: Vec::new(), missing: missing_items(missing), errors })?;
        }
    }
    let status = found.unread.as_ref().filter(|_| settings.strict).map(|fault| Failure::fault(fault).status);
    Ok(status.map_or(ExitCode::SUCCESS, |status| ExitCode::from(status as u8)))
}

fn item(alarm: &Alarm, environment: &Environment, found: &EnvironmentAlarms) -> AlarmItem {
    let metric = alarm.metrics.first();
    let dimensions = metric.into_iter().flat_map(|it| &it.dimensions);
    AlarmItem {
        name: Arc::clone(&alarm.name),
        arn: Arc::clone(&alarm.key.id),
        state: alarm.state.as_str().to_owned(),
        since: alarm.since.as_ref().map(Moment::to_string),
        namespace: metric.map(|it| Arc::clone(&it.namespace)),
        metric: metric.map(|it| Arc::clone(&it.name)),
        dimensions: dimensions.map(|(name, value)| (name.to_string(), Value::from(&**value))).collect(),
        environment: Arc::clone(&environment.name),
        actions_enabled: alarm.actions_enabled,
        muted_until: found.muted_until(alarm).as_ref().map(Moment::to_string),
    }
}

fn missing_items(missing: Option<Vec<RecommendedAlarm>>) -> Option<Vec<MissingItem>> {
    let item = |it: RecommendedAlarm| {
        let metric = it.alarm.metrics.first();
        let dimensions = metric.into_iter().flat_map(|metric| &metric.dimensions);
        MissingItem {
            name: Arc::clone(&it.alarm.name),
            namespace: metric.map(|metric| Arc::clone(&metric.namespace)),
            metric: metric.map(|metric| Arc::clone(&metric.name)),
            dimensions: dimensions.map(|(name, value)| (name.to_string(), Value::from(&**value))).collect(),
            condition: it.alarm.summary(),
            why: it.why,
        }
    };
    Some(missing?.into_iter().map(item).collect())
}

/// What is missing, a line each, and the command that creates it.
fn missing_lines(missing: &[RecommendedAlarm], environment: &str) -> String {
    if missing.is_empty() {
        return String::new();
    }
    let mut text = format!(
        "\nrecommended and missing ({} --recommended creates them):\n",
        clean(&format!("beanpole alarms {environment}"))
    );
    for it in missing {
        let _ = writeln!(text, "  {}  {}", clean(&it.alarm.summary()), it.why);
    }
    text
}

fn lines(found: &EnvironmentAlarms, zone: &TimeZone) -> String {
    const SHAPES: [ColumnShape; 4] = [
        ColumnShape { cut: Cut::End, least: 12, ..ColumnShape::text("ALARM") },
        ColumnShape::text("STATE"),
        ColumnShape { cut: Cut::End, least: 8, ..ColumnShape::text("METRIC") },
        ColumnShape::text("ACTIONS"),
    ];
    let time = |at: Moment| at.0.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %:z").to_string();
    let row = |alarm: &Alarm| {
        let actions = match found.muted_until(alarm) {
            Some(until) => format!("muted until {}", time(until)),
            None if !alarm.actions_enabled => "switched off".to_owned(),
            None if alarm.scales() => "scale".to_owned(),
            None if alarm.actions.is_empty() => "none".to_owned(),
            None => "notify".to_owned(),
        };
        let metric = alarm.metrics.first().map(|it| clean(&it.name).into_owned()).unwrap_or_default();
        vec![clean(&alarm.name).into_owned(), alarm.state.as_str().to_owned(), metric, actions]
    };
    let rows: Vec<_> = found.alarms.iter().map(row).collect();
    if rows.is_empty() { "no alarm looks at it\n".to_owned() } else { table::lines(&SHAPES, &rows, terminal_width()) }
}
