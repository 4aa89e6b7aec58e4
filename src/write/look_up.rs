//! Looks for a write whose answer was lost: reads the environment again, several times, and lets [`judge`] say what
//! became of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use super::patience::Patience;
use super::perform::{Done, Writer, with};
use crate::aws::look;
use crate::change::{Finding, Lost, LostWrite, Outcome, Presence, Request, Sighting, Standing, Subject, Write, judge};
use crate::model::{EnvironmentStatus, Fault, Moment, Names};

/// How long after it was sent an instance that went may have been terminated by us.
const SOON: Duration = Duration::from_secs(180);

/// The pauses before the looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pauses {
    /// Before those that are always taken.
    sure: &'static [Duration],
    /// Before those that are taken while a version is deployed, and no instance yet says which.
    further: &'static [Duration],
}

/// How far ahead of what we take for AWS's time an event may be dated.
const AHEAD: Duration = Duration::from_secs(600);

const FURTHER: &[Duration] = &[
    Duration::from_secs(8),
    Duration::from_secs(10),
    Duration::from_secs(15),
    Duration::from_secs(20),
    Duration::from_secs(30),
];

/// After an answer that was lost just now.
pub(super) const LOOKS: Pauses = Pauses {
    sure: &[Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(4), Duration::from_secs(6)],
    further: FURTHER,
};

/// What was begun some time ago is looked for once, and again by the caller.
pub(super) const AT_ONCE: Pauses = Pauses { sure: &[Duration::ZERO], further: &[] };

/// What an earlier process began, and no one looks for again.
pub(super) const AT_START: Pauses = Pauses { sure: &[Duration::ZERO], further: FURTHER };

impl Pauses {
    /// Before the looks that are always taken.
    pub(super) fn sure(self) -> &'static [Duration] {
        self.sure
    }
}

/// What the looks came to.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What became of the write.
    pub finding: Finding,
    /// The environment, as it was seen last.
    pub standing: Option<Standing>,
    /// Whether the last look could read everything, so that another would show no more unless something changes.
    pub is_whole: bool,
}

impl Writer<'_> {
    /// Finds out what became of a write.
    pub(super) async fn find_out(&self, subject: &Subject, lost: &Lost, pauses: Pauses) -> Found {
        let mut looks = Vec::new();
        for pause in pauses.sure {
            self.look_after(*pause, subject, lost, &mut looks).await;
            if matches!(judge(lost, &looks), Finding::Taken(_)) {
                break;
            }
        }
        for pause in pauses.further {
            if judge(lost, &looks) != Finding::Unknown || !is_deploying(lost, &looks) {
                break;
            }
            self.look_after(*pause, subject, lost, &mut looks).await;
        }
        Found {
            finding: judge(lost, &looks),
            standing: looks.iter().rev().flatten().next().map(|sighting| sighting.standing.clone()),
            is_whole: looks.last().is_some_and(|look| look.as_ref().is_some_and(|it| is_whole(lost, it))),
        }
    }

    async fn look_after(&self, pause: Duration, subject: &Subject, lost: &Lost, looks: &mut Vec<Option<Sighting>>) {
        sleep(pause).await;
        looks.push(self.sight(subject, lost).await);
    }

    /// One look; none if the environment itself cannot be read.
    async fn sight(&self, subject: &Subject, lost: &Lost) -> Option<Sighting> {
        let key = &subject.key;
        let environment = look::environment(self.session, key, self.now).await.ok()??;
        let at = (self.now)();
        let events = look::events_between(self.session, key, (lost.since(), at.plus(AHEAD)), self.now).await.ok();
        let mut sighting =
            Sighting { at, standing: Standing::from(&environment), events, options: None, instances: None };
        if lost.write.needs_options() {
            let names =
                Names { application: Arc::clone(&environment.application), environment: Arc::clone(&environment.name) };
            sighting.options = look::option_sets(self.session, key, &names, self.now).await.ok();
        }
        if lost.write.needs_instances() && environment.status != EnvironmentStatus::Ready {
            sighting.instances = look::instances(self.session, key, self.now).await.ok();
        }
        Some(sighting)
    }

    /// A write whose answer was lost, as it is looked for.
    pub(super) fn lost(write: LostWrite, since: Moment, request_id: Option<&Arc<str>>) -> Lost {
        Lost { write, sent: since, request_id: request_id.cloned() }
    }

    /// Finds out what became of a request.
    pub(super) async fn look_up(&self, request: &Request, since: Moment, fault: Arc<Fault>, pauses: Pauses) -> Done {
        match LostWrite::of_request(request) {
            Some(write) => {
                let lost = Self::lost(write, since, fault.request_id.as_ref());
                ended(self.find_out(&request.subject, &lost, pauses).await, &fault)
            }
            None => self.look_for_instance(request, since, fault, pauses).await,
        }
    }

    /// No event says who terminated an instance, nor when that was asked for.
    async fn look_for_instance(&self, request: &Request, since: Moment, fault: Arc<Fault>, pauses: Pauses) -> Done {
        let mut last = None;
        for pause in pauses.sure {
            sleep(*pause).await;
            last = self.presence(request, since).await;
            if let Some((Finding::Taken(_), _)) = last {
                break;
            }
        }
        let (finding, standing) = last.map_or((Finding::Unknown, None), |(finding, it)| (finding, Some(it)));
        ended(Found { finding, standing, is_whole: false }, &fault)
    }

    async fn presence(&self, request: &Request, since: Moment) -> Option<(Finding, Standing)> {
        let Write::Replace { instance, .. } = &request.write else { return None };
        let environment = look::environment(self.session, &request.subject.key, self.now).await.ok()??;
        let instances = Box::pin(self.instances(&environment, &mut Patience::new())).await.ok()?;
        let is_late = (self.now)().since(since) > SOON;
        Some((of_instance(instances.presence(instance), is_late), Standing::from(&environment)))
    }
}

/// How a request ended, by what was found of it.
pub(super) fn ended(found: Found, fault: &Arc<Fault>) -> Done {
    let outcome = match &found.finding {
        Finding::Taken(_) => Outcome::Applied,
        Finding::NotTaken => Outcome::Failed(nothing_seen(fault)),
        Finding::Unknown => Outcome::Unknown(Arc::clone(fault)),
    };
    let request_ids = if let Finding::Taken(id) = found.finding { id.into_iter().collect() } else { Vec::new() };
    Done { request_ids, ..Done::of(outcome, found.standing) }
}

/// What became of an instance that was to be terminated; later it may have gone for any reason.
fn of_instance(now: Presence, is_late: bool) -> Finding {
    match now {
        Presence::Stays => Finding::NotTaken,
        Presence::Leaves | Presence::Gone if is_late => Finding::Unknown,
        Presence::Leaves | Presence::Gone => Finding::Taken(None),
    }
}

/// Whether an update is under way that may be the deploy which is looked for.
fn is_deploying(lost: &Lost, looks: &[Option<Sighting>]) -> bool {
    let newest = looks.last().and_then(Option::as_ref);
    lost.write.needs_instances() && newest.is_some_and(|it| it.standing.status == EnvironmentStatus::Updating)
}

fn is_whole(lost: &Lost, sighting: &Sighting) -> bool {
    sighting.events.is_some() && (sighting.options.is_some() || !lost.write.needs_options())
}

pub(super) fn nothing_seen(fault: &Fault) -> Arc<Fault> {
    with(fault, "looked for afterwards, nothing of it was to be seen")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_that_went_right_then_was_taken() {
        assert_eq!(of_instance(Presence::Stays, false), Finding::NotTaken);
        assert_eq!(of_instance(Presence::Leaves, false), Finding::Taken(None));
        assert_eq!(of_instance(Presence::Gone, false), Finding::Taken(None));
        assert_eq!(of_instance(Presence::Gone, true), Finding::Unknown);
        assert_eq!(of_instance(Presence::Stays, true), Finding::NotTaken);
    }
}
