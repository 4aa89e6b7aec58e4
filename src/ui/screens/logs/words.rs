//! The messages about logs: when they were taken, which instances have not answered yet or at all, and what to do about it.

use std::sync::Arc;

use crate::app::screens::logs::{LogView, Sample};
use crate::app::{Action, SessionPhase, State};
use crate::config::{Chord, Role};
use crate::model::{Fault, FaultKind, LOGS_ONLY_READY, Moment, clean, span_words};
use crate::ui::panes::message::MessageLine;

fn key(state: &State, action: Action) -> String {
    state.setup.keymap.chords(action).first().map(Chord::to_string).unwrap_or_default()
}

/// How to get to the next instance.
pub fn next_key(state: &State) -> String {
    format!(" · {} next", key(state, Action::NextInstance))
}

/// When, and how long ago that is.
pub fn taken(state: &State, at: Option<Moment>) -> String {
    at.map_or_else(
        || "taken at an unknown time".to_owned(),
        |at| {
            let time = at.0.to_zoned(state.setup.time_zone.clone()).strftime("%H:%M:%S").to_string();
            format!("taken {time}, {} ago", since(state, at))
        },
    )
}

/// Returns how many have not answered yet, and since when they are awaited.
pub fn waiting(state: &State, sample: &Sample) -> String {
    let Some(at) = sample.under_way else { return String::new() };
    match sample.to_come() {
        Some(count) => format!("{count} to come, {}", since(state, at)),
        None => format!("waiting, {}", since(state, at)),
    }
}

/// Returns the messages below the text: a notice; instances whose log is older than requested, incomplete, or missing.
pub fn messages(state: &State, view: &LogView, sample: Option<&Sample>, has_text: bool) -> Vec<MessageLine> {
    let mut messages: Vec<MessageLine> =
        state.messages.notice.iter().map(|(notice, _)| (notice.clone(), Role::Accent)).collect();
    let Some(sample) = sample else { return messages };
    let shown = view.shown(sample);
    if let (Some(instance), true) = (shown, has_text) {
        messages.extend(of_text(state, sample, instance, &view.name));
    }
    let others: Vec<_> = sample.tails.silent.iter().filter(|it| Some(*it) != shown).collect();
    if !others.is_empty() {
        messages.push((format!("{} handed in no logs within a minute", names(&others)), Role::Warning));
    }
    for (instance, fault) in sample.tails.failed.iter().filter(|(it, _)| Some(*it) != shown) {
        messages
            .push((format!("the log of {} could not be fetched: {}", clean(instance), fault.sentence()), Role::Bad));
    }
    messages
}

/// Returns the messages about a log that is shown.
fn of_text(state: &State, sample: &Sample, instance: &Arc<str>, name: &str) -> Vec<MessageLine> {
    let mut messages = Vec::new();
    let is_old = !sample.answered.contains(instance);
    if let Some(fault) = sample.fault.as_ref().filter(|_| is_old) {
        messages.push((format!("{}; this is the text from before", refusal(fault, name)), Role::Bad));
        messages.push((advice(state, fault), Role::Text));
    } else if let Some(at) = sample.under_way.filter(|_| is_old) {
        let words = format!("requested again {} ago; this is the text from before", since(state, at));
        messages.push((words, Role::Moving));
    } else if is_old {
        let words = format!("{} handed in nothing new within a minute: this is older", clean(instance));
        messages.push((words, Role::Warning));
    }
    if sample.cut.contains(instance) {
        messages.push(("the log is large: only its newest part is kept".to_owned(), Role::Dim));
    }
    messages
}

/// Returns the lines that are shown in place of the text, if there is none.
pub fn instead(state: &State, view: &LogView, sample: Option<&Sample>) -> Vec<MessageLine> {
    let Some(sample) = sample else { return no_session(state, &view.name) };
    if let Some(fault) = &sample.fault {
        return vec![(refusal(fault, &view.name), Role::Bad), (advice(state, fault), Role::Text)];
    }
    let again = format!("{} asks again", key(state, Action::Refresh));
    let Some(instance) = view.shown(sample) else { return of_no_one(state, sample, &view.name, &again) };
    let id = clean(instance);
    if sample.tails.read.contains_key(instance) {
        return vec![(format!("{id} handed in an empty log"), Role::Dim)];
    }
    if let Some(fault) = sample.tails.failed.get(instance) {
        let words = format!("the log of {id} could not be fetched: {}", fault.sentence());
        return vec![(words, Role::Bad), (advice(state, fault), Role::Text)];
    }
    match sample.under_way {
        Some(at) => of_waiting(state, sample, &id, at),
        None => of_silence(state, sample, &id, &again),
    }
}

fn no_session(state: &State, name: &str) -> Vec<MessageLine> {
    match &state.session().phase {
        SessionPhase::Paused { fault, .. } => {
            vec![(fault.sentence(), Role::Bad), (fault.advice(), Role::Text)]
        }
        _ => vec![(
            format!("the logs of {} are asked for as soon as there is a session with AWS", clean(name)),
            Role::Dim,
        )],
    }
}

/// Returns the lines while no instance is known: while they are requested, and when none answered.
fn of_no_one(state: &State, sample: &Sample, name: &str, again: &str) -> Vec<MessageLine> {
    let name = clean(name);
    match (sample.under_way, &sample.tails.fault, &sample.wanted) {
        (Some(at), ..) => {
            let words = format!("the instances of {name} were asked for their logs {} ago", since(state, at));
            vec![(words, Role::Moving), (patience(), Role::Dim)]
        }
        (None, Some(fault), _) => vec![(fault.sentence(), Role::Bad), (advice(state, fault), Role::Text)],
        (None, None, Some(_)) => {
            vec![(format!("{name} has no instances, so there are no logs; {again}"), Role::Dim)]
        }
        (None, None, None) => {
            vec![(format!("no instance of {name} handed in logs within a minute; {again}"), Role::Warning)]
        }
    }
}

fn of_waiting(state: &State, sample: &Sample, id: &str, at: Moment) -> Vec<MessageLine> {
    let ready: Vec<_> = sample.tails.read.keys().collect();
    let others = sample.to_come().unwrap_or_default().saturating_sub(1);
    let asked = match others {
        0 => format!("{id} was asked for its logs {} ago", since(state, at)),
        _ => format!("{id} and {others} more were asked for their logs {} ago", since(state, at)),
    };
    let mut messages = vec![(asked, Role::Moving), (patience(), Role::Dim)];
    if !ready.is_empty() {
        let next = key(state, Action::NextInstance);
        let verb = if ready.len() == 1 { "has" } else { "have" };
        messages.push((format!("{} {verb} answered; {next} goes there", names(&ready)), Role::Text));
    }
    messages
}

fn patience() -> String {
    "Instances take some seconds to hand them in; after a minute they are no longer waited for.".to_owned()
}

fn of_silence(state: &State, sample: &Sample, id: &str, again: &str) -> Vec<MessageLine> {
    let silence = format!("{id} handed in no logs within a minute: it may hang, or be starting or ending; {again}");
    let mut messages = vec![(silence, Role::Warning)];
    if let Some(fault) = &sample.tails.fault {
        messages.push((fault.sentence(), Role::Bad));
        messages.push((advice(state, fault), Role::Text));
    }
    messages
}

/// Returns why logs could not be requested.
fn refusal(fault: &Fault, name: &str) -> String {
    if fault.is_not_ready() {
        return format!("the logs of {} cannot be had now", clean(name));
    }
    fault.sentence()
}

/// Returns what to do about it. Requests are not repeated automatically.
fn advice(state: &State, fault: &Fault) -> String {
    let again = key(state, Action::Refresh);
    match fault.kind {
        _ if fault.is_not_ready() => format!("{LOGS_ONLY_READY}, then {again} asks again"),
        FaultKind::Denied | FaultKind::Invalid => format!("{}; {again} asks again", fault.advice()),
        FaultKind::Expired => fault.advice(),
        FaultKind::Throttled => format!("the account's allowance is used up: wait a little, then {again} asks again"),
        FaultKind::Network => format!("check the network, a proxy, the region and --endpoint-url; {again} asks again"),
        FaultKind::NotFound | FaultKind::Other => format!("{again} asks again"),
    }
}

/// Returns the names of up to four instances, and the number of the others.
fn names(instances: &[&Arc<str>]) -> String {
    let named: Vec<_> = instances.iter().take(4).map(|it| clean(it)).collect();
    let more = instances.len().saturating_sub(named.len());
    let named = named.join(", ");
    if more == 0 { named } else { format!("{named} and {more} more") }
}

/// Returns the time since then, as text.
fn since(state: &State, at: Moment) -> String {
    span_words(state.now.since(at))
}
