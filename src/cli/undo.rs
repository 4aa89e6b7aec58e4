//! `undo`: puts back what a change of settings replaced.

use std::process::ExitCode;

use super::alarms::NOTIFIES;
use super::arguments::ImpactArguments;
use super::desk::{Asking, Desk, at_any_desk};
use super::failure::{ExitStatus, Failure};
use super::settings::Settings;
use super::survey::{basis, failure, survey_to_change};
use super::write_arguments::WriteArguments;
use crate::change::{OperationKind, OptionEdits, PROPERTIES, Past, effects, undo};
use crate::model::{Environment, clean, counted};
use crate::write::{Entry, History};

/// Puts this change back, or the newest.
pub fn run(
    settings: &Settings,
    id: Option<&str>,
    impact: ImpactArguments,
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    at_any_desk(settings, arguments, async |desk: &Desk<'_>| {
        let history = history(id)?;
        let entry = meant(desk, &history, id)?;
        let environment = environment(desk, entry)?;
        match OperationKind::named(&entry.kind) {
            Some(OperationKind::Mute) => {
                let name = &entry.environment;
                let asking = Asking {
                    question: format!("unmute the alarms of {name} ({})", desk.whereabouts()),
                    notes: vec![NOTIFIES.to_owned()],
                    ..Asking::default()
                };
                let done = format!("{name}: its alarms are not muted any more");
                return take_back(desk, entry, (asking, done), arguments).await;
            }
            Some(OperationKind::CreateAlarms | OperationKind::DeleteAlarms) => {
                let (name, count) = (&entry.environment, counted(entry.changes.len(), "alarm"));
                let is_created = entry.kind == OperationKind::CreateAlarms.as_str();
                let (verb, done) = if is_created { ("delete", "deleted") } else { ("create", "created") };
                let question = format!("{verb} {count} of {name} ({})", desk.whereabouts());
                let asking = Asking { question, notes: Vec::new(), ..Asking::default() };
                return take_back(desk, entry, (asking, format!("{name}: {count} {done}")), arguments).await;
            }
            _ => {}
        }
        if let Some(edits) = entry.options() {
            return undo_options(desk, entry, edits, arguments).await;
        }
        let past = settings_of(desk, entry)?;
        let keys: Vec<_> = past.changes.iter().map(|change| change.key.as_str()).collect();
        let reading = survey_to_change(desk, &environment, &keys).await;
        let plan = undo(&basis(&reading, &environment), &past).map_err(|mistake| failure(&reading, &mistake))?;
        desk.change(&plan, &reading, (arguments, impact)).await
    })
}

/// Puts options back, unless a value was never kept.
async fn undo_options(
    desk: &Desk<'_>,
    entry: &Entry,
    edits: &OptionEdits,
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let name = &entry.environment;
    let Some(back) = edits.inverse() else {
        let what = format!("{} set environment properties, whose values are not kept: it is never undone", entry.id);
        let hint = format!("set the property again: beanpole set {name} {PROPERTIES}:NAME=");
        return Err(Failure::refused(clean(&what)).hint(clean(&hint)));
    };
    let notes = back.changes().into_iter().map(|change| {
        let value = |value: Option<String>| value.unwrap_or_else(|| "unset".to_owned());
        format!("{}: {} -> {}", change.key, value(change.before), value(change.after))
    });
    let count = counted(back.edits.len(), "option");
    let asking = Asking {
        question: format!("put back {count} of {name} ({})", desk.whereabouts()),
        notes: notes.chain(effects(&back, None)).collect(),
        ..Asking::default()
    };
    take_back(desk, entry, (asking, format!("{name}: Beanstalk puts {count} back")), arguments).await
}

/// Carries out the operation that takes back another one.
async fn take_back(
    desk: &Desk<'_>,
    entry: &Entry,
    (asking, done): (Asking, String),
    arguments: &WriteArguments,
) -> Result<ExitCode, Failure> {
    let id = &entry.id;
    if let Some(by) = &entry.undone_by {
        return Err(Failure::refused(clean(&format!("{id} was undone already, by {by}"))));
    }
    let operation = entry.operation(desk.session.scope).and_then(|operation| operation.back());
    let outcome = entry.outcome.as_deref().unwrap_or("not known");
    let operation = operation.ok_or_else(|| Failure::refused(clean(&format!("{id} changed nothing ({outcome})"))))?;
    desk.act(&operation, &asking, arguments, &[done]).await
}

/// What the log holds, with the change of this id however old it is.
pub fn history(id: Option<&str>) -> Result<History, Failure> {
    let log = Settings::audit_log()?;
    let failed = |error| Failure::system(format!("the log {} cannot be read", log.path().display()), error);
    let history = log.read().map_err(failed)?;
    match id.filter(|id| history.unread > 0 && !history.entries.iter().any(|entry| entry.id == **id)) {
        Some(id) => log.read_change(id).map_err(failed),
        None => Ok(history),
    }
}

/// The change of this id, if it was made where this command works.
pub fn named<'a>(desk: &Desk<'_>, history: &'a History, id: &str) -> Result<&'a Entry, Failure> {
    let caller = desk.caller();
    let (account, region) = (caller.account.as_deref(), desk.session.region.as_deref());
    let entry =
        history.entries.iter().find(|entry| entry.id == id).ok_or_else(|| {
            Failure::usage(format!("there is no change `{}` in the log", clean(id))).hint("beanpole log")
        })?;
    if !entry.is_of(account, region, desk.session.endpoint.as_deref()) {
        let place = entry.region.as_deref().unwrap_or("an unknown region");
        let account = entry.account.as_deref().unwrap_or("unknown");
        let what = format!("{} was made elsewhere: in {place}, account {account}", entry.id);
        return Err(Failure::refused(clean(&what)));
    }
    Ok(entry)
}

/// The change that is meant, if it can be undone here.
fn meant<'a>(desk: &Desk<'_>, history: &'a History, id: Option<&str>) -> Result<&'a Entry, Failure> {
    let caller = desk.caller();
    let (account, region) = (caller.account.as_deref(), desk.session.region.as_deref());
    let endpoint = desk.session.endpoint.as_deref();
    let entry = match id {
        None => newest(history, (account, region, endpoint)).ok_or_else(|| {
            Failure::refused(format!("there is no change to undo {}", desk.whereabouts())).hint("beanpole log")
        })?,
        Some(id) => named(desk, history, id)?,
    };
    if OperationKind::named(&entry.kind).is_some_and(OperationKind::asks) {
        let what = format!("{} set up HTTPS for {}, in several steps", entry.id, entry.environment);
        return Err(Failure::refused(clean(&what)).hint("the dashboard takes it back: u on the environment's screen"));
    }
    Ok(entry)
}

/// The change of settings that is put back, if it can be.
fn settings_of(desk: &Desk<'_>, entry: &Entry) -> Result<Past, Failure> {
    let Some(past) = entry.past(desk.session.scope) else {
        return Err(never_undone(entry));
    };
    if let Some(by) = &entry.undone_by {
        return Err(Failure::refused(clean(&format!("{} was undone already, by {by}", entry.id))));
    }
    if !entry.can_be_undone() {
        let outcome = entry.outcome.as_deref().unwrap_or_default();
        return Err(Failure::refused(clean(&format!("{} changed nothing ({outcome})", entry.id))));
    }
    Ok(past)
}

/// What is never undone, and what to do instead.
fn never_undone(entry: &Entry) -> Failure {
    let failure = Failure::refused(format!("a {} is never undone", clean(&entry.kind)));
    let operation = entry.operation(crate::model::ScopeId::default());
    match operation.iter().flat_map(|it| &it.steps).find_map(|step| step.work.others().first().cloned()) {
        Some(other) => {
            failure.hint(clean(&format!("a second one reverses it: beanpole swap {} {other}", entry.environment)))
        }
        None => failure,
    }
}

/// The newest change that can be undone, HTTPS included: an older one is not undone in its place.
fn newest<'a>(
    history: &'a History,
    place @ (account, region, endpoint): (Option<&str>, Option<&str>, Option<&str>),
) -> Option<&'a Entry> {
    let settings = history.newest_to_undo(account, region, endpoint, None);
    let https = history.newest_operation_to_undo(place, None);
    settings.into_iter().chain(https).max_by_key(|entry| entry.at)
}

/// The environment of a change in the log, if it is still there.
pub fn environment(desk: &Desk<'_>, entry: &Entry) -> Result<Environment, Failure> {
    let environments = desk.reading.environments();
    let found = environments.into_iter().find(|it| *it.key.id == *entry.environment_id).cloned();
    found.ok_or_else(|| {
        let what = format!("the environment {} ({}) is gone", entry.environment, entry.environment_id);
        Failure { status: ExitStatus::Conflict, ..Failure::usage(clean(&what)) }
    })
}
