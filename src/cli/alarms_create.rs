//! `alarms --recommended` and `--translate`: creates the alarms that are missing, and the equivalents of those on a Classic
//! Load Balancer's metrics.

use std::process::ExitCode;
use std::sync::Arc;

use super::desk::{Asking, Desk};
use super::failure::Failure;
use super::output;
use super::write_arguments::WriteArguments;
use crate::change::{
    NewAlarm, Operation, Work, is_classic, is_named_after, missing_alarms, sibling_action, translated,
};
use crate::model::{Alarm, Environment, EnvironmentAlarms, clean, counted};

/// Creates the recommended alarms that are missing.
pub async fn recommended(
    desk: &Desk<'_>,
    environment: &Environment,
    found: &EnvironmentAlarms,
    action: Option<&str>,
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    if let Some(fault) = &found.unlinked {
        return Err(Failure::fault(fault));
    }
    let missing = missing_alarms(environment, found);
    let mut notes: Vec<_> = missing.iter().map(|it| format!("{}: {}", it.alarm.name, it.why)).collect();
    let action = action.map(Arc::from).or_else(|| sibling_action(&found.alarms));
    notes.push(match &action {
        Some(action) => format!("each notifies {action}"),
        None => {
            "they notify no one: no other alarm of the environment has an action, and --action names none".to_owned()
        }
    });
    let alarms = missing.into_iter().map(|it| NewAlarm { actions: action.iter().cloned().collect(), ..it.alarm });
    create(desk, environment, alarms.collect(), notes, "every recommended alarm is there", arguments).await
}

/// Creates the equivalents of alarms on a Classic Load Balancer's metrics.
pub async fn equivalents(
    desk: &Desk<'_>,
    environment: &Environment,
    found: &EnvironmentAlarms,
    action: Option<&str>,
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    if let Some(fault) = &found.unlinked {
        return Err(Failure::fault(fault));
    }
    let environments = desk.reading.environments();
    let others = || environments.iter().map(|it| &*it.name);
    let named = found.classic.iter().filter(|alarm| is_named_after(&alarm.name, &environment.name, others()));
    let named: Vec<&Alarm> = named.collect();
    let classic: Vec<&Alarm> =
        found.alarms.iter().filter(|alarm| is_classic(alarm)).chain(named.iter().copied()).collect();
    let (mut alarms, mut notes) = (Vec::new(), Vec::new());
    notes.extend(named.iter().map(|alarm| format!("{} is taken for an alarm of it by its name alone", alarm.name)));
    let sibling = action.map(Arc::from).or_else(|| sibling_action(&found.alarms));
    for alarm in classic {
        match translated(alarm, &found.subjects) {
            Ok(new) => alarms.extend(new.into_iter().map(|it| with_action(it, action, sibling.as_ref()))),
            Err(why) => notes.push(format!("{} has no equivalent: {why}", alarm.name)),
        }
    }
    let is_there = |new: &NewAlarm| found.alarms.iter().any(|live| new.is_same(live));
    alarms.retain(|new| !is_there(new));
    notes.extend(alarms.iter().filter(|it| it.actions.is_empty()).map(|it| format!("{} notifies no one", it.name)));
    notes.push(
        "the alarms that are translated stay: delete them yourself, once the Classic Load Balancer is gone".to_owned(),
    );
    create(
        desk,
        environment,
        alarms,
        notes,
        "no alarm looks at metrics of a Classic Load Balancer that has no equivalent yet",
        arguments,
    )
    .await
}

/// The action that was asked for, else its own, else that of its siblings.
fn with_action(alarm: NewAlarm, asked: Option<&str>, sibling: Option<&Arc<str>>) -> NewAlarm {
    let wanted = if asked.is_some() || alarm.actions.is_empty() { sibling } else { None };
    match wanted {
        Some(action) => NewAlarm { actions: vec![Arc::clone(action)], ..alarm },
        None => alarm,
    }
}

async fn create(
    desk: &Desk<'_>,
    environment: &Environment,
    alarms: Vec<NewAlarm>,
    notes: Vec<String>,
    nothing: &str,
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let name = &environment.name;
    if alarms.is_empty() {
        let reasons = notes.iter().filter(|note| note.contains("has no equivalent:"));
        reasons.for_each(|note| output::remark(&clean(note)));
        output::result(&format!("{}: {nothing}\n", clean(name)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let count = counted(alarms.len(), "alarm");
    let question = format!("create {count} for {name} ({})", desk.whereabouts());
    let operation = Operation::of(environment, Work::CreateAlarms { alarms });
    let lines = [format!("{name}: {count} created"), "to delete them again: beanpole undo".to_owned()];
    desk.act(&operation, &Asking { question, notes, ..Asking::default() }, arguments, &lines).await
}
