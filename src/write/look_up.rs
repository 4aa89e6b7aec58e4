//! What became of a write whose answer was lost: told by how the environment stands, by its events, and by its instances.
//!
//! Beanstalk refuses a second update while one is under way, so an update that began right after ours was sent, and names
//! no other version, is ours.

use std::sync::Arc;
use std::time::Duration;

use crate::change::{Presence, Request, Standing, Write};
use crate::model::{EnvironmentEvent, EnvironmentStatus, Moment, UPDATE_STARTS};

/// How long after it was sent an update may begin and still be ours.
const SOON: Duration = Duration::from_secs(180);

/// By how much our clock may be ahead of AWS's.
const SLACK: Duration = Duration::from_secs(5);

/// What is to be seen of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trace {
    /// AWS took it; by this request, if an event names it.
    Taken(Option<Arc<str>>),
    /// Nothing is to be seen of it.
    Nothing,
    /// What is to be seen may be ours or not.
    Unclear,
}

/// When it was sent, and when it is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct When {
    pub sent: Moment,
    pub now: Moment,
}

impl When {
    /// In which time its events would be.
    pub(super) fn window(self) -> (Moment, Moment) {
        (self.sent.minus(SLACK), self.sent.plus(SOON))
    }

    /// Whether so much time has passed that how the environment stands now may have any cause.
    fn is_late(self) -> bool {
        self.now.since(self.sent) > SOON
    }
}

/// What is to be seen of a request; `events` are those of its window, if they could be read.
pub(super) fn trace(
    request: &Request,
    now: &Standing,
    events: Option<&[EnvironmentEvent]>,
    when: When,
    request_id: Option<&str>,
) -> Trace {
    let (from, until) = when.window();
    let in_window = |event: &&EnvironmentEvent| event.at >= from && event.at <= until;
    let seen: Vec<_> = events.unwrap_or_default().iter().filter(in_window).collect();
    let named = seen.iter().find(|event| request_id.is_some() && event.request_id.as_deref() == request_id);
    if let Some(event) = named {
        return Trace::Taken(event.request_id.clone());
    }
    match &request.write {
        Write::Deploy { version } => {
            let told = deploy_told(version, &seen);
            told.unwrap_or_else(|| match events {
                _ if !when.is_late() => deploy_shown(version, request.seen.version.as_deref(), now),
                Some(_) => Trace::Nothing,
                None => Trace::Unclear,
            })
        }
        Write::Abort => abort(now, &seen, when),
        Write::Restart => operation(is_restart, now, &seen, events.is_some(), when),
        Write::Scale { .. } => operation(is_start, now, &seen, events.is_some(), when),
        // No event tells who terminated an instance, nor when it was asked for.
        Write::Replace { .. } => Trace::Unclear,
    }
}

/// What is to be seen of an instance that was to be terminated.
pub(super) fn trace_instance(now: Presence, when: When) -> Trace {
    match now {
        Presence::Stays => Trace::Nothing,
        // Later it may have gone for any reason.
        Presence::Leaves | Presence::Gone if when.is_late() => Trace::Unclear,
        Presence::Leaves | Presence::Gone => Trace::Taken(None),
    }
}

/// What is to be seen of an operation that its first event names.
fn operation(
    is_first: fn(&EnvironmentEvent) -> bool,
    now: &Standing,
    seen: &[&EnvironmentEvent],
    has_events: bool,
    when: When,
) -> Trace {
    match seen.iter().find(|event| is_first(event)) {
        Some(event) => Trace::Taken(event.request_id.clone()),
        None if !when.is_late() && now.status != EnvironmentStatus::Ready => Trace::Taken(None),
        None if has_events => Trace::Nothing,
        None => Trace::Unclear,
    }
}

/// Whether an event tells that the application servers are being restarted.
fn is_restart(event: &EnvironmentEvent) -> bool {
    event.message.starts_with("restartAppServer is starting")
}

/// What the events tell of an update.
fn deploy_told(version: &str, events: &[&EnvironmentEvent]) -> Option<Trace> {
    let starts = || events.iter().filter(|event| is_start(event));
    let is_ours = |event: &&&EnvironmentEvent| event.version.as_deref().is_none_or(|named| named == version);
    match starts().find(is_ours) {
        Some(event) => Some(Trace::Taken(event.request_id.clone())),
        None => starts().next().map(|_| Trace::Nothing),
    }
}

/// Whether an event tells that an update begins.
pub(super) fn is_start(event: &EnvironmentEvent) -> bool {
    event.message.starts_with(UPDATE_STARTS)
}

/// What the environment itself shows of it, shortly after.
fn deploy_shown(version: &str, before: Option<&str>, now: &Standing) -> Trace {
    let is_moving = now.status != EnvironmentStatus::Ready;
    let has_arrived = now.version.as_deref() == Some(version) && before != Some(version);
    if is_moving || has_arrived { Trace::Taken(None) } else { Trace::Nothing }
}

fn abort(now: &Standing, events: &[&EnvironmentEvent], when: When) -> Trace {
    let told = events.iter().find(|event| is_abort(&event.message));
    if let Some(event) = told {
        return Trace::Taken(event.request_id.clone());
    }
    match now.status {
        _ if when.is_late() => Trace::Unclear,
        EnvironmentStatus::Aborting => Trace::Taken(None),
        _ if now.abortable => Trace::Nothing,
        _ => Trace::Unclear,
    }
}

/// Whether an event tells that an update is aborted because somebody asked for it. A command that failed on an instance,
/// and a deployment that failed, speak of aborting too. (The text of the event is not documented.)
fn is_abort(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let others = ["aborting the operation", "during an aborted deployment"];
    message.contains("abort") && !others.iter().any(|words| message.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::{Sizes, Subject};
    use crate::model::{Key, ScopeId, Severity};

    const SENT: Moment = Moment::EPOCH;

    fn soon() -> When {
        When { sent: SENT, now: SENT.plus(Duration::from_secs(10)) }
    }

    fn request(write: Write) -> Request {
        let status = if write == Write::Abort { EnvironmentStatus::Updating } else { EnvironmentStatus::Ready };
        let abortable = write == Write::Abort;
        Request {
            subject: Subject { key: Key::new(ScopeId(0), "e-1"), name: "web".into(), application: "shop".into() },
            write,
            seen: Standing { status, version: Some("v1".into()), abortable },
            undoes: None,
        }
    }

    fn event(after: u64, message: &str, version: Option<&str>) -> EnvironmentEvent {
        EnvironmentEvent {
            at: SENT.plus(Duration::from_secs(after)),
            severity: Severity::Info,
            environment: Some("web".into()),
            application: None,
            version: version.map(Into::into),
            message: message.into(),
            request_id: Some("r-9".into()),
        }
    }

    fn standing(status: EnvironmentStatus, version: &str, abortable: bool) -> Standing {
        Standing { status, version: Some(version.into()), abortable }
    }

    #[test]
    fn an_update_that_began_right_then_is_ours() {
        let request = request(Write::Deploy { version: "v2".into() });
        let ready = standing(EnvironmentStatus::Ready, "v1", false);
        let updating = standing(EnvironmentStatus::Updating, "v1", true);
        let start = |after, version| event(after, "Environment update is starting.", version);
        let seen = |now: &Standing, events: &[EnvironmentEvent]| trace(&request, now, Some(events), soon(), None);
        let ours = Trace::Taken(Some("r-9".into()));
        assert_eq!(seen(&updating, &[start(2, None)]), ours);
        assert_eq!(seen(&ready, &[start(2, Some("v2"))]), ours);
        assert_eq!(seen(&updating, &[start(2, Some("v3"))]), Trace::Nothing, "somebody else's");
        assert_eq!(seen(&ready, &[]), Trace::Nothing);
        assert_eq!(seen(&ready, &[start(1000, None)]), Trace::Nothing, "a later one");
        assert_eq!(seen(&updating, &[]), Trace::Taken(None), "events may come late, or be denied");
        assert_eq!(seen(&standing(EnvironmentStatus::Ready, "v2", false), &[]), Trace::Taken(None));
    }

    #[test]
    fn long_after_only_events_prove_anything() {
        let late = When { sent: SENT, now: SENT.plus(Duration::from_secs(7200)) };
        let request = request(Write::Deploy { version: "v2".into() });
        let updating = standing(EnvironmentStatus::Updating, "v2", true);
        assert_eq!(trace(&request, &updating, Some(&[]), late, None), Trace::Nothing);
        assert_eq!(trace(&request, &updating, None, late, None), Trace::Unclear);
        let start = event(2, "Environment update is starting.", None);
        assert_eq!(trace(&request, &updating, Some(&[start]), late, None), Trace::Taken(Some("r-9".into())));
        let abort = self::request(Write::Abort);
        assert_eq!(trace(&abort, &updating, Some(&[]), late, None), Trace::Unclear);
    }

    #[test]
    fn the_request_id_proves_it() {
        let request = request(Write::Deploy { version: "v2".into() });
        let ready = standing(EnvironmentStatus::Ready, "v1", false);
        let other = event(1, "Something about it.", None);
        assert_eq!(trace(&request, &ready, Some(&[other]), soon(), Some("r-9")), Trace::Taken(Some("r-9".into())));
    }

    #[test]
    fn an_abort_is_told_by_status_and_events_and_otherwise_not_claimed() {
        let request = request(Write::Abort);
        let seen = |now: &Standing, events: &[EnvironmentEvent]| trace(&request, now, Some(events), soon(), None);
        let updating = standing(EnvironmentStatus::Updating, "v1", true);
        let ready = standing(EnvironmentStatus::Ready, "v1", false);
        assert_eq!(seen(&standing(EnvironmentStatus::Aborting, "v1", false), &[]), Trace::Taken(None));
        assert_eq!(seen(&updating, &[]), Trace::Nothing);
        assert_eq!(
            seen(&ready, &[event(1, "abortEnvironmentUpdate is starting.", None)]),
            Trace::Taken(Some("r-9".into()))
        );
        let failed = "Unsuccessful command execution on instance id(s) 'i-1'. Aborting the operation.";
        assert_eq!(seen(&ready, &[event(1, failed, None)]), Trace::Unclear);
    }

    #[test]
    fn a_restart_and_a_change_of_sizes_are_told_by_their_first_event() {
        let ready = standing(EnvironmentStatus::Ready, "v1", false);
        let updating = standing(EnvironmentStatus::Updating, "v1", true);
        let sizes = |max| Sizes { min: 1, max };
        let scale = request(Write::Scale { from: sizes(4), to: sizes(6) });
        for (request, first, other) in [
            (&request(Write::Restart), "restartAppServer is starting.", "Environment update is starting."),
            (&scale, "Environment update is starting.", "restartAppServer is starting."),
        ] {
            let seen = |now: &Standing, events: &[EnvironmentEvent]| trace(request, now, Some(events), soon(), None);
            assert_eq!(seen(&ready, &[event(2, first, None)]), Trace::Taken(Some("r-9".into())));
            assert_eq!(seen(&ready, &[event(2, other, None)]), Trace::Nothing);
            assert_eq!(seen(&updating, &[]), Trace::Taken(None));
            assert_eq!(trace(request, &ready, None, soon(), None), Trace::Unclear);
        }
    }

    #[test]
    fn an_instance_that_went_right_then_was_taken() {
        let late = When { sent: SENT, now: SENT.plus(Duration::from_secs(7200)) };
        assert_eq!(trace_instance(Presence::Stays, soon()), Trace::Nothing);
        assert_eq!(trace_instance(Presence::Leaves, soon()), Trace::Taken(None));
        assert_eq!(trace_instance(Presence::Gone, soon()), Trace::Taken(None));
        assert_eq!(trace_instance(Presence::Gone, late), Trace::Unclear);
        assert_eq!(trace_instance(Presence::Stays, late), Trace::Nothing);
    }
}
